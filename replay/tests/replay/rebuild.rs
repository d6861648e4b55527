//! Views rebuilt beside a running service, which takes them over and goes on; and without one.

use std::{collections::BTreeMap, os::unix::fs::MetadataExt, path::Path};

use bordereau_projections::VIEWS;
use bordereau_tests::{Cluster, TestApp};
use serde_json::json;

use super::frame::{Place, beside};

/// Which file stands where.
fn files(views: &Path) -> BTreeMap<&'static str, u64> {
    VIEWS.iter().map(|view| (view.view, std::fs::metadata(view.path(views)).unwrap().ino())).collect()
}

/// What stands in the folder beside the views in use.
fn left_over(views: &Path) -> Vec<String> {
    let names = std::fs::read_dir(views).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("rebui") || name.contains("building")).collect()
}

async fn is_taken_over(app: TestApp) {
    app.drain().await;
    let views = app.app.settings.data.join("views");
    let requester = app.requester();
    let (before, held) = (files(&views), requester.tray("mine").await);
    let (code, rebuilt) = beside(&app, &["rebuild"]).await;
    assert_eq!((code, &rebuilt["taken_over"]), (Some(0), &json!(true)), "{rebuilt}");
    let after = files(&views);
    assert!(before.iter().all(|(view, file)| after[view] != *file), "{before:?} {after:?}");
    assert_eq!(left_over(&views), Vec::<String>::new());

    app.drain().await;
    assert_eq!(requester.tray("mine").await.at("/items"), held.at("/items"));
    assert!(app.app.projections.ready() && app.app.projections.status().iter().all(|view| view.stopped.is_empty()));
    let basket = requester.filled_basket().await;
    assert_eq!(requester.basket(basket).await.expect(200).at("/lines").as_array().unwrap().len(), 3);
    let (code, compared) = beside(&app, &["diff"]).await;
    assert_eq!((code, &compared["equal"]), (Some(0), &json!(true)), "{compared:#}");

    // One alone: the others keep their files.
    let (code, _) = beside(&app, &["rebuild", "audit_trail"]).await;
    assert_eq!(code, Some(0));
    let changed: Vec<_> = files(&views).into_iter().filter(|(view, file)| after[view] != *file).collect();
    assert!(matches!(changed.as_slice(), [("audit_trail", _)]), "{changed:?}");
    let history = requester.history("baskets", basket).await.expect(200);
    assert_eq!(history.items().len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_service_takes_over_what_was_rebuilt_beside_it() {
    is_taken_over(TestApp::demo().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_service_on_postgres_takes_over_what_was_rebuilt_beside_it() {
    is_taken_over(TestApp::demo_on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_while_views_are_rebuilt_is_in_them() {
    let app = TestApp::demo().await;
    let writer = app.requester();
    let before = writer.tray("mine").await.number_at("/counts/mine");
    let rebuilding = beside(&app, &["rebuild"]);
    tokio::pin!(rebuilding);
    let mut written = 0;
    let (code, _) = loop {
        tokio::select! {
            ended = &mut rebuilding => break ended,
            opened = writer.open_basket("pendant ce temps") => {
                // While the service takes the files over, a view may not answer for a moment.
                if opened.status != 503 {
                    opened.expect(201);
                    written += 1;
                }
            }
        }
    };
    assert_eq!(code, Some(0));
    writer.open_basket("ensuite").await.expect(201);
    app.drain().await;
    let after = writer.tray("mine").await.number_at("/counts/mine");
    assert!(written > 0 && after > before + written, "{before} {written} {after}");
    let (code, compared) = beside(&app, &["diff"]).await;
    assert_eq!(code, Some(0), "{compared:#}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_offered_something_else_keeps_its_own() {
    let app = TestApp::demo().await;
    app.drain().await;
    let views = app.app.settings.data.join("views");
    let before = files(&views);
    let offer = VIEWS[0].path(&views).with_extension("db.rebuilt");
    std::fs::write(&offer, b"none of ours").unwrap();
    let mut polls = tokio::time::interval(std::time::Duration::from_millis(20));
    while offer.exists() {
        polls.tick().await;
    }
    app.drain().await;
    assert_eq!(files(&views), before);
    app.requester().tray("mine").await.expect(200);
}

#[tokio::test]
async fn without_a_service_views_are_put_into_their_places() {
    for place in [Place::demo().await, Place::demo_on_postgres().await] {
        let (code, rebuilt) = place.replay_json(&["rebuild"]);
        assert_eq!((code, &rebuilt["taken_over"]), (Some(0), &json!(false)), "{rebuilt}");
        assert_eq!(rebuilt["views"].as_array().unwrap().len(), VIEWS.len());
        let views = place.data().join("views");
        assert_eq!((files(&views).len(), left_over(&views)), (VIEWS.len(), vec![]));
        let (code, compared) = place.replay_json(&["diff"]);
        assert_eq!((code, &compared["equal"]), (Some(0), &json!(true)), "{compared:#}");
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_read_stops_a_rebuild_by_its_position() {
    let place = Place::demo_on_postgres().await;
    let change = "UPDATE events SET event_type = 'BasketTeleported' WHERE ledger = 'PARVIS' AND position = 30";
    Cluster::shared().sql(&place.url, &format!("ALTER TABLE events DISABLE TRIGGER ALL; {change}"));
    let told = place.replay(&["rebuild", "audit_trail"]);
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.stderr.contains("PARVIS") && told.stderr.contains("position 30"), "{}", told.stderr);
}
