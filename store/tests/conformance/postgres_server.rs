//! What holds on a PostgreSQL server: rows that nobody may change, nodes that start together, connections that are cut
//! in the middle, a server that goes away.

use std::collections::HashSet;
use std::time::Duration;

use bordereau_store::{Append, AppendError, Beside, OpenError, Options, Purpose, SealedField, Store, StoreError};
use sqlx::PgConnection;
use tokio::time::timeout;
use uuid::Uuid;

use crate::conformance::bench::{Bench, DAY, LEDGER, add, all_ids, command, fresh_id, opening, outcome, stream};
use crate::conformance::cluster::Cluster;

/// Longer than anything here takes; a test that waits this long has failed.
const LONG: Duration = Duration::from_secs(20);

async fn number(connection: &mut PgConnection, sql: &str) -> i64 {
    sqlx::query_scalar(sql).fetch_optional(connection).await.unwrap().unwrap_or(0)
}

/// Asks until the answer is not zero.
async fn until(connection: &mut PgConnection, sql: &str) {
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let waiting = async {
        while number(connection, sql).await == 0 {
            ticks.tick().await;
        }
    };
    timeout(LONG, waiting).await.unwrap_or_else(|_| panic!("never: {sql}"));
}

/// Cuts the connections of this database that a condition names; how many there were.
fn cutting(condition: &str) -> String {
    format!(
        "SELECT count(*) FROM (SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}) AS cut WHERE done"
    )
}

const APPENDING: &str = "state = 'active' AND query LIKE '%INSERT INTO events%'";

fn one(aggregate_id: &str) -> Append {
    command(LEDGER, vec![stream("basket", aggregate_id, 0, 1)])
}

#[tokio::test]
async fn events_are_neither_changed_nor_deleted() {
    let bench = Bench::postgres().await;
    let store = bench.open().await;
    add(&store, "b1", 0).await;
    let before = store.read(LEDGER, 0, 10).await.unwrap();
    for sql in [
        "UPDATE events SET payload = '{}' WHERE position = 1",
        "UPDATE events SET position = position + 10",
        "DELETE FROM events WHERE position = 2",
        "TRUNCATE events",
        "DELETE FROM ledger_heads",
        "TRUNCATE ledger_heads",
        "UPDATE article_prices SET at = 0",
        "DELETE FROM article_prices",
    ] {
        let error = bench.run(sql).await.unwrap_err();
        assert!(error.to_string().contains("are never"), "{sql}: {error}");
    }
    assert_eq!(store.read(LEDGER, 0, 10).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_migrate_once() {
    let bench = Bench::postgres().await;
    let nodes: Vec<_> = (0..8)
        .map(|_| {
            let (url, options) = (bench.url().to_owned(), bench.options());
            tokio::spawn(async move { Store::open(&url, "unused".as_ref(), options).await.unwrap() })
        })
        .collect();
    let mut indexes = HashSet::new();
    for node in nodes {
        indexes.insert(node.await.unwrap().blind_index(LEDGER, "email", "a@b.example"));
    }
    assert_eq!(indexes.len(), 1, "the nodes must share one look-up key");
    let mut raw = bench.raw().await;
    assert_eq!(number(&mut raw, "SELECT count(*) FROM schema_migrations").await, 22);
    assert_eq!(number(&mut raw, "SELECT count(*) FROM bordereau_keys.schema_migrations").await, 3);
}

#[test]
fn both_back_ends_have_the_same_migrations() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let names = |folder: &str| {
        let files = std::fs::read_dir(root.join(folder)).unwrap().map(|file| file.unwrap().path());
        let mut names: Vec<_> = files.filter(|path| path.extension().is_some_and(|ending| ending == "sql")).collect();
        names.sort();
        names.into_iter().map(|path| path.file_name().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert_eq!(names("sqlite/keys"), names("postgres/keys"));
    assert_eq!(names("sqlite").len(), 22);
}

#[tokio::test]
async fn a_newer_or_changed_schema_stops_the_start() {
    for (schema, database) in [("public", "log"), ("bordereau_keys", "keys")] {
        let bench = Bench::postgres().await;
        bench.open().await.close().await;
        let changed = format!("UPDATE {schema}.schema_migrations SET checksum = '\\x00' WHERE version = 2");
        bench.run(&changed).await.unwrap();
        let error = Store::open(bench.url(), bench.data(), bench.options()).await.unwrap_err();
        assert!(matches!(error, OpenError::ChangedMigration { database: name, version: 2 } if name == database));
        let newer = format!("INSERT INTO {schema}.schema_migrations VALUES (999, '0999_future', '\\x00', 0)");
        bench.run(&newer).await.unwrap();
        let error = Store::open(bench.url(), bench.data(), bench.options()).await.unwrap_err();
        assert!(matches!(error, OpenError::NewerSchema { database: name, found: 999, .. } if name == database));
    }
}

#[tokio::test]
async fn a_wrong_or_missing_master_key_stops_the_start() {
    let bench = Bench::postgres().await;
    let key = bench.data().join("platform.key");
    std::fs::write(&key, "07".repeat(32)).unwrap();
    let with_key = || Options { key_file: Some(key.clone()), ..bench.options() };
    Store::open(bench.url(), bench.data(), with_key()).await.unwrap();
    assert_eq!(number(&mut bench.raw().await, "SELECT count(*) FROM bordereau_keys.master").await, 0);
    let error = Store::open(bench.url(), bench.data(), bench.options()).await.unwrap_err();
    assert!(matches!(error, OpenError::Key(_)), "{error:?}");
    std::fs::write(&key, "08".repeat(32)).unwrap();
    let error = Store::open(bench.url(), bench.data(), with_key()).await.unwrap_err();
    assert!(matches!(error, OpenError::Key(_)), "{error:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_stops_the_start_without_telling_the_password() {
    let bench = Bench::sqlite();
    for url in ["postgres://a:hush@127.0.0.1:1/x", "postgres://a:hush@127.0.0.1:notaport/x"] {
        let error = Store::open(url, bench.data(), bench.options()).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    }
}

#[tokio::test]
async fn a_connection_cut_inside_an_append_is_resolved_and_nothing_is_doubled() {
    let bench = Bench::postgres().await;
    let store = bench.open().await;
    bench
        .run(
            "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END $$;
             CREATE TRIGGER hold AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION hold()",
        )
        .await
        .unwrap();
    let mut raw = bench.raw().await;
    sqlx::query("SELECT pg_advisory_lock(7)").execute(&mut raw).await.unwrap();
    let append = Append { beside: vec![outcome("key-1")], ..one("b1") };
    let appending = tokio::spawn({
        let store = store.clone();
        async move { store.append(append).await }
    });
    // Caught in the middle of its statement, after the insert.
    until(&mut raw, &cutting("wait_event = 'advisory'")).await;
    sqlx::query("SELECT pg_advisory_unlock(7)").execute(&mut raw).await.unwrap();
    let receipt = timeout(LONG, appending).await.unwrap().unwrap().unwrap();
    assert_eq!((receipt.first, receipt.position), (2, 2));
    assert_eq!(all_ids(&store, LEDGER).await.len(), 2);
    let kept = store.find_outcome(LEDGER, "account-1", "key-1").await.unwrap().unwrap();
    assert_eq!(kept.position, 2);
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_found_again() {
    let cluster = tokio::task::spawn_blocking(Cluster::start).await.unwrap();
    let bench = Bench::at(&cluster.make_database().await);
    let store = bench.open().await;
    // Commits wait for a standby that never comes: the transaction is over, the answer is not sent.
    let wait_for = |name: &str| format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'");
    let mut raw = bench.raw().await;
    let reload = "SELECT pg_reload_conf()::int::bigint";
    sqlx::query(&wait_for("nobody")).execute(&mut raw).await.unwrap();
    number(&mut raw, reload).await;
    until(&mut raw, "SELECT count(*) FROM pg_settings WHERE name = 'synchronous_standby_names' AND setting <> ''")
        .await;
    let appending = tokio::spawn({
        let store = store.clone();
        async move { store.append(one("b1")).await }
    });
    until(&mut raw, &cutting("wait_event = 'SyncRep'")).await;
    // The look for it commits too: nothing is said to be done before the standby has it.
    until(&mut raw, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'").await;
    assert!(!appending.is_finished());
    sqlx::query(&wait_for("")).execute(&mut raw).await.unwrap();
    number(&mut raw, reload).await;
    let receipt = timeout(LONG, appending).await.unwrap().unwrap().unwrap();
    assert_eq!((receipt.first, receipt.position), (2, 2));
    assert_eq!(all_ids(&store, LEDGER).await.len(), 2);
    let head = store.head(LEDGER).await.unwrap().unwrap();
    assert_eq!((head.position, head.recorded_at), (2, receipt.recorded_at));
}

/// Appends one event after another to a stream of its own and tells what became of each.
async fn write(store: Store, id: String, rounds: u64) -> (HashSet<Uuid>, HashSet<Uuid>) {
    let (mut done, mut doubtful) = (HashSet::new(), HashSet::new());
    for _ in 0..rounds {
        // What is unknown is read from the log, as the contract of the store asks for.
        let expected = loop {
            match store.load(LEDGER, "basket", &id, 0).await {
                Ok(events) => break events.len() as u64,
                Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
            }
            tokio::task::yield_now().await;
        };
        let attempt = stream("basket", &id, expected, 1);
        let event_id = attempt.events[0].event_id;
        match store.append(command(LEDGER, vec![attempt])).await {
            Ok(_) => assert!(done.insert(event_id)),
            Err(AppendError::Unknown(_)) => assert!(doubtful.insert(event_id)),
            // A late commit of what was unknown before.
            Err(AppendError::Conflict { .. } | AppendError::Unavailable(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    (done, doubtful)
}

async fn assert_exactly(store: &Store, done: &HashSet<Uuid>, doubtful: &HashSet<Uuid>) {
    let ids = all_ids(store, LEDGER).await;
    let present: HashSet<_> = ids.iter().copied().collect();
    assert_eq!(present.len(), ids.len(), "an event was doubled");
    assert!(done.is_subset(&present), "an event that was acknowledged is lost");
    let unexplained = present.difference(done).filter(|id| !doubtful.contains(id)).count();
    assert_eq!(unexplained, 1, "only the opening of the ledger may stand there beside what was sent");
    assert_eq!(store.head(LEDGER).await.unwrap().unwrap().position, ids.len() as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_cut_at_random_lose_and_double_nothing() {
    let bench = Bench::postgres().await;
    let store = bench.open_bare().await;
    store.append(opening(LEDGER)).await.unwrap();
    bench.slow_appends().await;
    let writers: Vec<_> = (0..16).map(|index| tokio::spawn(write(store.clone(), format!("b{index}"), 40))).collect();
    let mut raw = bench.raw().await;
    let mut ticks = tokio::time::interval(Duration::from_millis(15));
    let mut cuts = 0;
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        ticks.tick().await;
        cuts += number(&mut raw, &cutting(APPENDING)).await;
    }
    assert!(cuts > 5, "only {cuts} connections were cut");
    let (mut done, mut doubtful) = (HashSet::new(), HashSet::new());
    for writer in writers {
        let (some, others) = writer.await.unwrap();
        done.extend(some);
        doubtful.extend(others);
    }
    assert_exactly(&store, &done, &doubtful).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_crashes_under_load_comes_back_without_a_reopening() {
    let cluster = tokio::task::spawn_blocking(Cluster::start).await.unwrap();
    let bench = Bench::at(&cluster.make_database().await);
    let store = bench.open_bare().await;
    store.append(opening(LEDGER)).await.unwrap();
    let writers: Vec<_> = (0..8).map(|index| tokio::spawn(write(store.clone(), format!("b{index}"), 60))).collect();
    let mut raw = bench.raw().await;
    until(&mut raw, "SELECT count(*) FROM events HAVING count(*) > 40").await;
    let cluster = tokio::task::spawn_blocking(move || {
        cluster.crash();
        cluster
    })
    .await
    .unwrap();
    let (asked, appended) =
        timeout(Duration::from_secs(6), async { (store.ping().await, store.append(one("down")).await) }).await.unwrap();
    assert!(matches!(asked, Err(StoreError::Unavailable(_))), "{asked:?}");
    assert!(matches!(appended, Err(AppendError::Unavailable(_))), "{appended:?}");
    let _cluster = tokio::task::spawn_blocking(move || {
        cluster.come_back();
        cluster
    })
    .await
    .unwrap();
    let (mut done, mut doubtful) = (HashSet::new(), HashSet::new());
    for writer in writers {
        let (some, others) = timeout(LONG * 3, writer).await.unwrap().unwrap();
        done.extend(some);
        doubtful.extend(others);
    }
    assert_exactly(&store, &done, &doubtful).await;
    add(&store, "after", 0).await;
    store.ping().await.unwrap();
}

#[tokio::test]
async fn another_nodes_events_are_heard_also_when_notifications_are_lost() {
    let bench = Bench::postgres().await;
    let (writer, follower) = (bench.open().await, bench.open_bare().await);
    let mut appended = follower.appended();
    let mut raw = bench.raw().await;
    until(&mut raw, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' HAVING count(*) > 1").await;
    for round in 0..5 {
        appended.mark_unchanged();
        add(&writer, "b1", round).await;
        timeout(LONG, appended.changed()).await.unwrap().unwrap();
        // From the first round on both nodes have to do without some of their connections.
        number(&mut raw, &cutting("query LIKE 'LISTEN%'")).await;
    }
    // No news, no signal.
    appended.mark_unchanged();
    assert!(timeout(Duration::from_millis(500), appended.changed()).await.is_err());
}

#[tokio::test]
async fn recorded_times_rise_when_the_servers_clock_is_behind() {
    let bench = Bench::postgres().await;
    let store = bench.open().await;
    bench.run(&format!("UPDATE ledger_heads SET recorded_at = recorded_at + {DAY}")).await.unwrap();
    let before = store.head(LEDGER).await.unwrap().unwrap().recorded_at;
    assert_eq!(add(&store, "b1", 0).await.recorded_at, before + 1);
    assert_eq!(add(&store, "b1", 1).await.recorded_at, before + 2);
}

#[tokio::test]
async fn a_lock_that_is_not_given_back_makes_the_store_unavailable_and_no_longer() {
    let bench = Bench::postgres().await;
    let store = bench.open().await;
    let mut raw = bench.raw().await;
    let lock = "BEGIN; SELECT 1 FROM ledger_heads WHERE ledger = 'DLIVRE' FOR UPDATE";
    sqlx::raw_sql(lock).execute(&mut raw).await.unwrap();
    let error = timeout(LONG, store.append(one("b1"))).await.unwrap().unwrap_err();
    assert!(matches!(error, AppendError::Unavailable(_)), "{error:?}");
    store.append(Append { ledger: "PARVIS".to_owned(), ..one("b2") }).await.unwrap();
    sqlx::raw_sql("ROLLBACK").execute(&mut raw).await.unwrap();
    store.append(one("b1")).await.unwrap();
}

async fn one_sealed(store: &Store, subject: Uuid) -> SealedField {
    let sealed = store.seal(LEDGER, subject, Purpose::Account, "name", "Amélie").await.unwrap();
    let beside = vec![Beside::Sealed(sealed.clone())];
    store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
    sealed
}

#[tokio::test]
async fn changed_sealed_bytes_and_swapped_keys_are_detected() {
    for tampering in [
        "UPDATE vault SET bytes = set_byte(bytes, 80, get_byte(bytes, 80) # 1)",
        "UPDATE bordereau_keys.keys k SET wrapped = (SELECT wrapped FROM bordereau_keys.keys o WHERE o.key_id <> k.key_id)",
    ] {
        let bench = Bench::postgres().await;
        let store = bench.open().await;
        let sealed = one_sealed(&store, fresh_id()).await;
        one_sealed(&store, fresh_id()).await;
        bench.run(tampering).await.unwrap();
        let error = bench.reopen(store).await.open_sealed(LEDGER, &[sealed.digest]).await.unwrap_err();
        assert!(matches!(&error, StoreError::Broken { digest, .. } if *digest == sealed.digest), "{error:?}");
    }
}

#[tokio::test]
async fn an_erased_subject_leaves_neither_key_nor_bytes() {
    let bench = Bench::postgres().await;
    let store = bench.open().await;
    let subject = fresh_id();
    one_sealed(&store, subject).await;
    store.erase_subject(LEDGER, subject).await.unwrap();
    let mut raw = bench.raw().await;
    assert_eq!(number(&mut raw, "SELECT count(*) FROM vault").await, 0);
    assert_eq!(number(&mut raw, "SELECT count(*) FROM bordereau_keys.keys WHERE wrapped IS NOT NULL").await, 0);
    assert_eq!(number(&mut raw, "SELECT count(*) FROM bordereau_keys.keys WHERE destroyed_at > 0").await, 1);
}

#[tokio::test]
async fn back_up_and_restore_are_left_to_the_servers_tools() {
    let bench = Bench::postgres().await;
    let store = bench.open().await;
    let file = bench.data().join("copy");
    assert!(matches!(store.back_up(&file).await, Err(StoreError::Refused(_))));
    Store::restore(bench.url(), bench.data(), &file, bench.options()).await.unwrap_err();
}
