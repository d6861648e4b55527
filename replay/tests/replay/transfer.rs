//! A ledger that was exported and brought in elsewhere is the same ledger; a damaged file brings in nothing.

use std::{fs, path::Path};

use bordereau_api::{Settings, serve};
use bordereau_tests::{TestApp, TestClock};
use serde_json::{Value, json};

use super::frame::{LEDGER, Place, beside};

/// The roots of a store's ledgers.
fn roots(place: &Place) -> Vec<(String, String)> {
    let (code, report) = place.replay_json(&["verify"]);
    assert_eq!(code, Some(0), "{report:#}");
    let ledgers = report["ledgers"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    ledgers.map(|ledger| (text(&ledger["ledger"]), text(&ledger["root"]))).collect()
}

fn export(place: &Place) -> String {
    let file = place.data().join("export.jsonl");
    let (code, told) = place.replay_json(&["export", file.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{told}");
    file.to_str().unwrap().to_owned()
}

async fn goes_from_one_to_the_other(from: Place, to: Place) {
    let file = export(&from);
    let (code, told) = to.replay_json(&["import", &file]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(roots(&from), roots(&to));
    for ledger in [LEDGER, "PARVIS"] {
        assert_eq!(from.events(ledger).await, to.events(ledger).await);
    }
    let (there, here) = (from.open().await, to.open().await);
    for (before, after) in there.heads().await.unwrap().iter().zip(here.heads().await.unwrap()) {
        assert_eq!((before.position, before.recorded_at), (after.position, after.recorded_at));
        assert_ne!(before.epoch, after.epoch);
        let told = told["ledgers"].as_array().unwrap().iter().find(|told| told["ledger"] == after.ledger).unwrap();
        assert_eq!(told["epoch"], after.epoch.to_string());
    }
    assert_eq!(
        there.list_sealed(LEDGER, &[], 10_000).await.unwrap(),
        here.list_sealed(LEDGER, &[], 10_000).await.unwrap()
    );
    // The numbers of documents go on.
    let events = here.read(LEDGER, 0, 100_000).await.unwrap();
    let numbers = events
        .iter()
        .filter(|event| event.event_type == "OrderPlaced")
        .map(|event| serde_json::from_str::<Value>(&event.payload).unwrap()["OrderPlaced"]["number"].as_u64().unwrap());
    assert!(here.take_numbers(LEDGER, "order", 1).await.unwrap() > numbers.max().unwrap());
    here.close().await;
    there.close().await;
    // What holds a ledger is not written over.
    let again = to.replay(&["import", &file]);
    assert!(again.code == Some(2) && again.stderr.contains("empty"), "{again:?}");
    let again = from.replay(&["export", &file]);
    assert!(again.code == Some(2) && again.stderr.contains("exists"), "{again:?}");
}

#[tokio::test]
async fn a_ledger_goes_from_sqlite_to_postgres() {
    goes_from_one_to_the_other(Place::demo().await, Place::empty_database()).await;
}

#[tokio::test]
async fn a_ledger_goes_from_postgres_to_sqlite() {
    goes_from_one_to_the_other(Place::demo_on_postgres().await, Place::empty()).await;
}

/// A basket's name as the tool opens it.
fn name_of(place: &Place, basket: &str) -> Value {
    let (code, shown) = place.replay_json(&["show", "basket", basket, "--open"]);
    assert_eq!(code, Some(0), "{shown}");
    shown["state"]["Opened"]["name"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_serves_what_was_brought_in_and_only_the_keys_open_what_is_sealed() {
    let app = TestApp::demo().await;
    let basket = app.requester().filled_basket().await.to_string();
    let file = app.app.settings.data.join("export.jsonl");
    let (code, told) = beside(&app, &["export", file.to_str().unwrap()]).await;
    assert_eq!(code, Some(0), "{told}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (without, with) = (Place::empty(), Place::empty());
    app.app.store.close().await;
    for key in ["keys.db", "master.key"] {
        fs::copy(app.app.settings.data.join(key), with.data().join(key)).unwrap();
    }
    for place in [&without, &with] {
        let told = place.replay(&["import", file.to_str().unwrap()]);
        assert_eq!(told.code, Some(0), "{told:?}");
    }
    assert_eq!((name_of(&without, &basket), name_of(&with, &basket)), (json!("(erased)"), json!("Nouveautés")));

    let clock = TestClock::at(app.clock.now());
    let settings = Settings { data: with.data().to_owned(), ..Settings::default() };
    let served = TestApp::around(serve::build(settings, clock.edge()).await.unwrap(), clock, None);
    served.drain().await;
    assert!(served.app.projections.status().iter().all(|view| view.stopped.is_empty() && view.behind == 0));
    let (code, compared) = beside(&served, &["diff"]).await;
    assert_eq!(code, Some(0), "{compared:#}");
    let rows = |view: &str| {
        let views = compared["views"].as_array().unwrap().iter();
        views.filter(|known| known["view"] == view).map(|known| known["rows"].as_u64().unwrap()).sum::<u64>()
    };
    assert!(rows("basket_tray") > 10 && rows("order_list") > 10 && rows("audit_trail") > 100, "{compared:#}");
}

/// What is wrong with an exported file, and the line that must be named.
fn damages(lines: &[String]) -> Vec<(&'static str, Vec<String>, usize)> {
    let changed = |change: &dyn Fn(&mut Vec<String>)| {
        let mut changed = lines.to_vec();
        change(&mut changed);
        changed
    };
    let root = |lines: &mut Vec<String>| {
        let mut header: Value = serde_json::from_str(&lines[0]).unwrap();
        header["header"]["root"] = "00".repeat(32).into();
        lines[0] = header.to_string();
    };
    let end = lines.iter().position(|line| line.starts_with("{\"end\"")).unwrap();
    let sealed = lines.iter().position(|line| line.starts_with("{\"sealed\"")).unwrap();
    let last = lines.len();
    vec![
        ("cut off after a line", changed(&|lines| lines.truncate(20)), 21),
        ("cut off before the last end", changed(&|lines| lines.truncate(last - 1)), last),
        ("cut off in a line", changed(&|lines| lines[last - 1].truncate(12)), last),
        ("another root", changed(&root), end + 1),
        ("a line twice", changed(&|lines| lines.insert(7, lines[6].clone())), 8),
        ("a line less", changed(&|lines| drop(lines.remove(6))), 7),
        ("sealed data twice", changed(&|lines| lines.insert(sealed, lines[sealed].clone())), sealed + 2),
        ("a changed payload", changed(&|lines| lines[9] = lines[9].replacen("\\\":", "\\\": ", 1)), end + 1),
        ("no header", changed(&|lines| drop(lines.remove(0))), 1),
        ("nothing", vec![], 1),
        ("something else", vec!["{\"a\":1}".to_owned()], 1),
    ]
}

#[tokio::test]
async fn a_damaged_file_is_told_by_its_line_and_leaves_nothing() {
    let from = Place::demo().await;
    let file = export(&from);
    let lines: Vec<String> = fs::read_to_string(&file).unwrap().lines().map(str::to_owned).collect();
    for empty in [Place::empty(), Place::empty_database()] {
        let damaged = empty.data().join("damaged.jsonl");
        for (damage, lines, line) in damages(&lines) {
            fs::write(&damaged, lines.join("\n")).unwrap();
            let told = empty.replay(&["import", damaged.to_str().unwrap()]);
            assert_eq!(told.code, Some(1), "{damage}: {told:?}");
            assert!(told.stderr.contains(&format!("line {line}:")), "{damage}, line {line}: {}", told.stderr);
            let store = empty.open().await;
            assert!(store.heads().await.unwrap().is_empty(), "{damage}");
            assert!(store.read(LEDGER, 0, 1).await.unwrap().is_empty(), "{damage}");
            store.close().await;
        }
        assert_eq!(empty.replay(&["import", "no-such-file"]).code, Some(2));
        assert_eq!(empty.replay(&["import", &file]).code, Some(0));
    }
}

#[tokio::test]
async fn one_ledger_alone_can_be_taken_along() {
    let from = Place::demo().await;
    let file = from.data().join("parvis.jsonl");
    let told = from.replay(&["export", file.to_str().unwrap(), "--ledger", "PARVIS"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let to = Place::empty();
    assert_eq!(to.replay(&["import", file.to_str().unwrap()]).code, Some(0));
    assert_eq!(roots(&to), roots(&from).into_iter().filter(|(ledger, _)| ledger == "PARVIS").collect::<Vec<_>>());
    assert!(!Path::new(&format!("{}.partial", file.display())).exists());
}
