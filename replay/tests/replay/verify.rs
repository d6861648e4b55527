//! What `verify` says of a sound log, and that it finds each kind of fault where it is.

use bordereau_store::{MerkleTree, StoredEvent, leaf};
use serde_json::Value;

use super::frame::{LEDGER, Place, beside};

/// A fault: what it is called, what plants it, the position that must be named, the kind of finding.
type Fault = (&'static str, String, u64, &'static str);

fn find<'a>(events: &'a [StoredEvent], event_type: &str) -> &'a StoredEvent {
    events.iter().find(|event| event.event_type == event_type).unwrap_or_else(|| panic!("no {event_type}"))
}

fn set(event: &StoredEvent, columns: &str) -> String {
    format!("UPDATE events SET {columns} WHERE ledger = '{LEDGER}' AND position = {}", event.position)
}

fn payload(json: &str) -> String {
    format!("payload = '{}'", json.replace('\'', "''"))
}

/// Two neighbours of different streams that were recorded one after the other.
fn neighbours(events: &[StoredEvent]) -> (u64, u64) {
    let apart = |pair: &&[StoredEvent]| {
        pair[0].recorded_at < pair[1].recorded_at
            && pair[0].aggregate_id != pair[1].aggregate_id
            && pair[0].position > 9
    };
    let pair = events.windows(2).find(apart).unwrap();
    (pair[0].position, pair[1].position)
}

fn faults(events: &[StoredEvent], others: &[StoredEvent]) -> Vec<Fault> {
    let at = |position: u64| format!("WHERE ledger = '{LEDGER}' AND position = {position}");
    let line = find(events, "BasketLineAdded");
    let (one, next) = neighbours(events);
    let validated = find(events, "BasketValidated");
    let sent = find(events, "BasketSentToApprover");
    let by = serde_json::from_str::<Value>(&sent.payload).unwrap()["BasketSentToApprover"]["by"].clone();
    let last = events.iter().rev().find(|event| event.sequence > 2).unwrap();
    let placed = find(events, "OrderPlaced");
    let mut order: Value = serde_json::from_str(&placed.payload).unwrap();
    order["OrderPlaced"]["totals"]["total_incl_tax"] = "0.01".into();
    let foreign = find(others, "BasketOpened").position;
    vec![
        ("a gap", format!("DELETE FROM events {}", at(line.position)), line.position, "position"),
        (
            "two rows swapped",
            format!(
                "UPDATE events SET position = 9000000 {}; UPDATE events SET position = {one} {};
                 UPDATE events SET position = {next} {}",
                at(one),
                at(next),
                at(9_000_000)
            ),
            next,
            "time",
        ),
        ("another event type", set(validated, "event_type = 'BasketSentToApprover'"), validated.position, "event"),
        (
            "another quantity",
            set(line, &payload(&line.payload.replacen("\"quantity\":", "\"quantity\":1", 1))),
            line.position,
            "money",
        ),
        (
            "an illegal step",
            set(
                sent,
                &format!(
                    "event_type = 'BasketUnlocked', {}",
                    payload(&format!("{{\"BasketUnlocked\":{{\"by\":{by}}}}}"))
                ),
            ),
            sent.position,
            "step",
        ),
        ("a hole in a stream", set(last, "sequence = sequence + 1"), last.position, "sequence"),
        (
            "an event id twice",
            set(last, &format!("event_id = (SELECT event_id FROM events {})", at(line.position))),
            last.position,
            "event_id",
        ),
        (
            "a row of another ledger",
            format!(
                "DELETE FROM events {}; UPDATE events SET ledger = '{LEDGER}', position = {}
                 WHERE ledger = 'PARVIS' AND position = {foreign}",
                at(line.position),
                line.position
            ),
            line.position,
            "metadata",
        ),
        ("no payload", set(line, &payload(r#"{"BasketLineAdded":{}}"#)), line.position, "event"),
        ("a wrong total", set(placed, &payload(&order.to_string())), placed.position, "money"),
    ]
}

/// Whether a finding of this kind stands at this position of the ledger.
fn names(report: &Value, position: u64, kind: &str) -> bool {
    let ledgers = report["ledgers"].as_array().unwrap();
    let ours = ledgers.iter().find(|ledger| ledger["ledger"] == LEDGER).unwrap();
    let findings = ours["findings"].as_array().unwrap();
    findings.iter().any(|finding| finding["position"] == position && finding["kind"] == kind)
}

async fn every_planted_fault_is_found(place: Place) {
    let (events, others) = (place.events(LEDGER).await, place.events("PARVIS").await);
    let (code, sound) = place.replay_json(&["verify"]);
    assert_eq!((code, &sound["sound"]), (Some(0), &true.into()), "{sound:#}");
    let faults = faults(&events, &others);
    assert_eq!(faults.len(), 10);
    for (fault, sql, position, kind) in faults {
        let spoiled = place.copy();
        spoiled.tamper(&sql);
        let (code, report) = spoiled.replay_json(&["verify"]);
        assert_eq!((code, &report["sound"]), (Some(1), &false.into()), "{fault}");
        assert!(names(&report, position, kind), "{fault} at {position}: {report:#}");
        assert_ne!(report["ledgers"][0]["root"], sound["ledgers"][0]["root"], "{fault}");
        let told = spoiled.replay(&["verify", "--ledger", LEDGER]);
        assert_eq!(told.code, Some(1), "{fault}");
        assert!(told.stdout.contains(&format!("position {position}:")), "{fault}: {}", told.stdout);
    }
}

#[tokio::test]
async fn every_planted_fault_is_found_where_it_is_on_sqlite() {
    every_planted_fault_is_found(Place::demo().await).await;
}

#[tokio::test]
async fn every_planted_fault_is_found_where_it_is_on_postgres() {
    every_planted_fault_is_found(Place::demo_on_postgres().await).await;
}

#[tokio::test]
async fn the_end_of_a_log_that_is_gone_and_one_above_the_head_are_found() {
    let place = Place::demo().await;
    let head = place.events(LEDGER).await.len();
    let last = format!("WHERE ledger = '{LEDGER}' AND position = {head}");
    let cut = place.copy();
    cut.tamper(&format!("DELETE FROM events {last}"));
    let (code, report) = cut.replay_json(&["verify"]);
    assert_eq!((code, names(&report, head as u64, "position")), (Some(1), true), "{report:#}");
    let beyond = place.copy();
    beyond.tamper(&format!("UPDATE ledger_heads SET position = position - 1 WHERE ledger = '{LEDGER}'"));
    let (code, report) = beyond.replay_json(&["verify"]);
    assert_eq!((code, names(&report, head as u64, "position")), (Some(1), true), "{report:#}");
}

#[tokio::test]
async fn a_row_that_cannot_even_be_read_is_named_and_the_rest_is_read() {
    let place = Place::demo().await;
    let events = place.events(LEDGER).await;
    place.tamper(&format!(
        "PRAGMA ignore_check_constraints = ON;
         UPDATE events SET payload = CAST(x'7b22ff227d' AS TEXT) WHERE ledger = '{LEDGER}' AND position IN (12, 30)"
    ));
    let (code, report) = place.replay_json(&["verify"]);
    assert_eq!(code, Some(1));
    assert!(names(&report, 12, "event") && names(&report, 30, "event"), "{report:#}");
    assert_eq!(report["ledgers"][0]["events"], events.len() - 2);
}

#[tokio::test]
async fn a_document_whose_lines_are_not_those_of_its_basket_is_found() {
    let place = Place::demo().await;
    let events = place.events(LEDGER).await;
    let requested = find(&events, "QuoteRequested");
    // Another line, priced and summed as it should be: only the basket knows better.
    let mut quote: Value = serde_json::from_str(&requested.payload).unwrap();
    quote["QuoteRequested"]["lines"][0]["title"] = "Un autre titre".into();
    place.tamper(&set(requested, &payload(&quote.to_string())));
    let (code, report) = place.replay_json(&["verify"]);
    assert_eq!((code, names(&report, requested.position, "money")), (Some(1), true), "{report:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sound_log_has_the_root_of_its_leaves_also_beside_a_running_service() {
    let app = bordereau_tests::TestApp::demo().await;
    let (code, report) = beside(&app, &["verify"]).await;
    assert_eq!((code, &report["sound"]), (Some(0), &true.into()), "{report:#}");
    for verified in report["ledgers"].as_array().unwrap() {
        let ledger = verified["ledger"].as_str().unwrap();
        let events = app.app.store.read(ledger, 0, 100_000).await.unwrap();
        let mut tree = MerkleTree::default();
        for event in &events {
            tree.push(leaf(event));
        }
        assert_eq!(verified["root"], hex::encode(tree.root()));
        assert_eq!(verified["events"], app.head(ledger).await);
        let streams: std::collections::BTreeSet<_> =
            events.iter().map(|event| (&event.aggregate_type, &event.aggregate_id)).collect();
        assert_eq!(verified["aggregates"], streams.len());
    }
    assert_eq!(report["ledgers"].as_array().unwrap().len(), 2);
    assert!(report["ledgers"][0]["root_base64"].as_str().unwrap().ends_with('='));
}

#[tokio::test]
async fn what_is_not_there_is_refused_and_nothing_is_made() {
    let place = Place::empty();
    let told = place.replay(&["verify"]);
    assert_eq!(told.code, Some(2), "{told:?}");
    assert!(told.stderr.contains("no store") && std::fs::read_dir(place.data()).unwrap().next().is_none());
    let demo = Place::demo().await;
    for arguments in [
        &["verify", "--ledger", "NOWHERE"][..],
        &["nonsense"],
        &["rebuild", "no_view"],
        &["diff", "no_view"],
        &["show", "x", "y"],
    ] {
        let told = demo.replay(arguments);
        assert_eq!(told.code, Some(2), "{arguments:?}: {told:?}");
    }
}
