//! A view that was rebuilt equals one that followed the log act by act: every row of every table of every view, over
//! generated histories of two shops each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use bordereau_domain::{Decider, basket::Basket, catalogue, institution::Institution, order::Order, quote::Quote};
use bordereau_projections::Projections;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rusqlite::{Connection, Row, types::Value};

use super::{
    acts::{Pause, Play, Try, tries},
    world::World,
};

const HISTORIES: usize = 256;
/// Histories that share a store and its views.
const TOGETHER: usize = 16;
/// Commands of a history that have led to events, beside those that opened its shops.
const COMMANDS: usize = 50;
/// Tries of a history: more than enough for its commands.
const TRIES: usize = 1_600;

/// Tables and what stands in them, by file and table.
type Dump = BTreeMap<String, Vec<String>>;

/// Tables in which a file numbers rows in the order in which it has met them: they are compared without the numbers.
const NUMBERED: [(&str, &str); 2] = [
    ("shops", "SELECT shop FROM shops"),
    ("articles", "SELECT shop, ean, revision, withdrawn, title, author, publisher, body FROM articles"),
];
/// Indexes of words: which word stands where in which row.
const INDEXES: [(&str, &str); 2] = [
    ("words", "SELECT a.shop, a.ean, o.term, o.col, o.offset FROM occurrences o JOIN articles a ON a.row = o.doc"),
    (
        "quote_words",
        "SELECT w.shop, w.requested, o.term, o.col, o.offset FROM occurrences o JOIN quote_words w ON w.rowid = o.doc",
    ),
];
/// Not what an index of words keeps for itself.
const TABLES: &str = "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_schema t WHERE type = 'table'
    AND NOT EXISTS (SELECT 1 FROM sqlite_schema v WHERE v.sql LIKE 'CREATE VIRTUAL%' AND t.name LIKE v.name || '!_%' ESCAPE '!')
    AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";

fn columns(row: &Row<'_>) -> rusqlite::Result<String> {
    let columns = row.as_ref().column_count();
    let values = (0..columns).map(|column| row.get::<_, Value>(column).map(|value| format!("{value:?}")));
    Ok(values.collect::<rusqlite::Result<Vec<_>>>()?.join("|"))
}

fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("table");
    let mut rows: Vec<_> = statement.query_map([], columns).expect("rows").map(|row| row.expect("row")).collect();
    rows.sort_unstable();
    rows
}

/// All rows of all tables of a file; of an index of words, what it finds.
fn dump_file(path: &Path, tables: &mut Dump) {
    let connection = Connection::open(path).expect("file");
    let mut names = connection.prepare(TABLES).expect("schema");
    let names: Vec<(String, bool)> = names
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("tables")
        .map(|name| name.expect("name"))
        .collect();
    let special = |known: &[(&str, &'static str)], name: &str| {
        known.iter().find(|(table, _)| *table == name).map(|(_, sql)| (*sql).to_owned())
    };
    for (name, is_index) in names {
        let sql = if is_index {
            let index = format!("CREATE VIRTUAL TABLE temp.occurrences USING fts5vocab(main, {name}, instance)");
            connection.execute_batch(&index).expect("index");
            special(&INDEXES, &name).expect("an index that we know")
        } else {
            special(&NUMBERED, &name).unwrap_or_else(|| format!("SELECT * FROM {name}"))
        };
        let file = path.file_name().expect("name").to_string_lossy();
        tables.insert(format!("{file} {name}"), rows(&connection, &sql));
    }
}

fn dump(folder: &Path) -> Dump {
    let mut tables = Dump::new();
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "db") {
            dump_file(&path, &mut tables);
        }
    }
    tables
}

/// Names that tell of which history a row is.
fn shops(history: usize) -> [&'static str; 2] {
    ["A", "B"].map(|shop| &*format!("H{history:03}{shop}").leak())
}

/// Plays a history until it has all its commands; how many it has.
async fn play(world: &mut World, history: usize, tries: &[Try]) -> usize {
    let mut play = Play::open(world, shops(history)).await;
    let mut done = 0;
    for one in tries {
        done += usize::from(play.attempt(*one).await);
        if done == COMMANDS {
            break;
        }
        match one.pause {
            Pause::None => {}
            Pause::Write => play.write().await,
            Pause::CatchUp => play.catch_up().await,
        }
    }
    play.write().await;
    done
}

/// The first row that differs between what followed and what was rebuilt.
async fn difference(world: World) -> Option<String> {
    world.catch_up().await;
    assert!(world.views.status().iter().all(|status| status.stopped.is_empty()), "{:?}", world.views.status());
    world.views.shutdown().await;
    let folder = world.dir.path().join("rebuilt");
    let rebuilt = Projections::start(world.store.clone(), &folder).await.expect("views");
    rebuilt.catch_up().await.expect("caught up");
    rebuilt.shutdown().await;
    let (live, anew) = (dump(&world.view_folder()), dump(&folder));
    assert_eq!(live.keys().collect::<Vec<_>>(), anew.keys().collect::<Vec<_>>());
    live.iter().find_map(|(table, rows)| {
        let others = &anew[table];
        let lost = rows.iter().find(|row| others.binary_search(row).is_err());
        let found = others.iter().find(|row| rows.binary_search(row).is_err());
        let told = |row: Option<&String>| row.map_or("nothing", |row| row.as_str()).to_owned();
        (rows != others).then(|| format!("{table}\n   live: {}\nrebuilt: {}", told(lost), told(found)))
    })
}

/// The tries of a history: the same ones each time.
fn generate(history: usize) -> Vec<Try> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&u64::try_from(history).expect("few").to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    tries(TRIES).new_tree(&mut runner).expect("tries").current()
}

/// Plays histories in one store; the first difference and the events that there were.
async fn play_together(histories: std::ops::Range<usize>) -> (Option<String>, BTreeSet<&'static str>) {
    let mut world = World::new().await;
    for history in histories {
        let tries = generate(history);
        let done = play(&mut world, history, &tries).await;
        assert!(done == COMMANDS, "history {history}: only {done} commands of {} tries led to events", tries.len());
    }
    let names = world.event_names();
    (difference(world).await, names)
}

/// Plays a history alone, leaving out ever smaller parts of it while that still shows a difference, and tells what is
/// left.
async fn shrink(history: usize) -> String {
    let alone = async |tries: &[Try]| {
        let mut world = World::new().await;
        play(&mut world, history, tries).await;
        difference(world).await
    };
    let mut tries = generate(history);
    let Some(mut found) = alone(&tries).await else { return "alone, the history shows none".to_owned() };
    let mut part = tries.len() / 2;
    while part > 0 {
        let mut from = 0;
        while from + part <= tries.len() {
            let fewer = [&tries[..from], &tries[from + part..]].concat();
            match alone(&fewer).await {
                Some(still) => (tries, found) = (fewer, still),
                None => from += part,
            }
        }
        part /= 2;
    }
    let tries: Vec<_> = tries.iter().map(|one| format!("{one:?}")).collect();
    format!("history {history}, after\n{}\n{found}", tries.join("\n"))
}

/// Which history a row is of.
fn history_in(text: &str) -> Option<usize> {
    let at = text.find("Text(\"H").map(|at| at + 7)?;
    text.get(at..at + 3)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuilt_view_equals_a_live_one() {
    let firsts = (0..HISTORIES).step_by(TOGETHER);
    let groups = firsts.map(|first| tokio::spawn(play_together(first..first + TOGETHER)));
    let groups = futures::future::try_join_all(groups).await.expect("played");
    if let Some(found) = groups.iter().find_map(|(found, _)| found.as_ref()) {
        let smallest = match history_in(found) {
            Some(history) => shrink(history).await,
            None => String::new(),
        };
        panic!("{found}\n{smallest}");
    }
    // Else the histories would show nothing about what is missing.
    let kinds = [Basket::TYPE, Quote::TYPE, Order::TYPE, Institution::TYPE];
    let events = catalogue::all().filter(|(aggregate, _, _)| kinds.contains(aggregate)).map(|(_, name, _)| name);
    let missing: Vec<_> = events.filter(|name| !groups.iter().any(|(_, names)| names.contains(name))).collect();
    assert!(missing.is_empty(), "no history has {missing:?}");
}
