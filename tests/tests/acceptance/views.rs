//! Views that cannot go on, and views of another history: what the service says, what goes on, how it is repaired. On
//! both stores.

use bordereau_api::serve::open_store;
use bordereau_commands::{EMAIL_CLAIM, new_id};
use bordereau_domain::{
    AccountId, Event, InstitutionId, Role,
    basket::{BasketEvent, Level},
};
use bordereau_store::{Append, NewEvent, StreamAppend};
use bordereau_tests::TestApp;
use serde_json::json;

/// What an operator does to the store by hand, with its own tools.
async fn by_hand(app: &TestApp, sql: &str) {
    let settings = &app.app.settings;
    if settings.store.starts_with("postgres") {
        let pool = sqlx::PgPool::connect(&settings.store).await.unwrap();
        let sql = format!("ALTER TABLE events DISABLE TRIGGER USER; {sql}; ALTER TABLE events ENABLE TRIGGER USER");
        sqlx::raw_sql(&sql).execute(&pool).await.unwrap();
        pool.close().await;
    } else {
        let database = rusqlite::Connection::open(settings.data.join("bordereau.db")).unwrap();
        let keepers = "DROP TRIGGER IF EXISTS events_unchanged; DROP TRIGGER IF EXISTS events_kept";
        database.execute_batch(&format!("BEGIN IMMEDIATE; {keepers}; {sql}; COMMIT")).unwrap();
    }
}

fn append(aggregate_id: &str, event_type: &str, payload: String) -> Append {
    let event = NewEvent {
        event_id: new_id(),
        event_type: event_type.to_owned(),
        event_version: "1".to_owned(),
        payload,
        metadata: json!({ "ledger": "DLIVRE", "role": Role::System.as_str() }).to_string(),
    };
    let stream = StreamAppend {
        aggregate_type: "Basket".to_owned(),
        aggregate_id: aggregate_id.to_owned(),
        expected: 0,
        events: vec![event],
    };
    Append { ledger: "DLIVRE".to_owned(), streams: vec![stream], ..Append::default() }
}

/// The demonstration's requester; asked of the store, since views may have stopped.
async fn requester(app: &TestApp) -> AccountId {
    let store = &app.app.store;
    let value = store.blind_index("DLIVRE", EMAIL_CLAIM, "utilisateur@demo.example");
    store.find_claim("DLIVRE", EMAIL_CLAIM, &value).await.unwrap().unwrap().parse().unwrap()
}

/// A draft of the demonstration's requester, written past the aggregates.
async fn draft(app: &TestApp, aggregate_id: &str, number: u64) -> Append {
    let opened = BasketEvent::Opened {
        number,
        institution_id: InstitutionId(app.institution("8010000696914")),
        owner: requester(app).await,
        level: Level::Requester,
        name: None,
    };
    append(aggregate_id, "BasketOpened", Event::Basket(opened).to_payload().unwrap())
}

async fn plant(app: &TestApp, append: Append) -> u64 {
    let position = app.app.store.append(append).await.unwrap().position;
    app.drain().await;
    position
}

/// The views that have stopped, all of them for DLIVRE alone and at this position.
async fn stopped_at(app: &TestApp, position: u64, reason: &str) -> Vec<String> {
    let ready = app.anonymous().get("/readyz").await.expect(200);
    let mut stopped = Vec::new();
    for (name, view) in ready.at("/views").as_object().unwrap() {
        if view["state"] == "live" {
            assert_eq!(view["stopped"], json!([]), "{name}");
            continue;
        }
        assert_eq!(view["state"], "stopped", "{name}");
        let [at] = view["stopped"].as_array().unwrap().as_slice() else { panic!("{view}") };
        assert_eq!((&at["shop"], &at["position"]), (&json!("DLIVRE"), &json!(position)), "{name}");
        assert!(at["reason"].as_str().unwrap().contains(reason), "{view}");
        assert!(view["behind"].as_u64().unwrap() > 0, "{view}");
        stopped.push(name.clone());
    }
    stopped
}

async fn assert_measured(app: &TestApp, view: &str, shop: &str, stopped: bool) {
    let figures = app.anonymous().get("/metrics").await.expect(200).text;
    let is_it = |line: &&str| {
        line.starts_with("bordereau_view_stopped{")
            && line.contains(&format!("view=\"{view}\""))
            && line.contains(&format!("shop=\"{shop}\""))
    };
    let value = figures.lines().find(is_it).map(|line| line.ends_with(" 1"));
    assert_eq!(value.unwrap_or(false), stopped, "{view} for {shop}");
}

/// A basket's event whose aggregate has no UUID, as a program beside us may write it: who reads baskets cannot go on.
async fn a_view_stops_for_one_shop(app: TestApp) {
    let known = app.requester().filled_basket().await;
    let position = plant(&app, draft(&app, "no-uuid", 9_001).await).await;
    let stopped = stopped_at(&app, position, "UUID").await;
    assert!(["basket_detail", "basket_tray", "title_use"].iter().all(|view| stopped.iter().any(|s| s == view)));
    let others = ["institutions", "librisoft_queue", "order_list", "quote_list"];
    assert!(!others.iter().any(|view| stopped.iter().any(|s| s == view)));
    assert_measured(&app, "basket_tray", "DLIVRE", true).await;
    assert_measured(&app, "basket_tray", "PARVIS", false).await;

    let refused = app.requester().tray("mine").await.refused(503, "view-stopped");
    assert_eq!(refused.header("retry-after"), "30");
    app.by("libraire@parvis.example").get("/api/v1/orders").await.expect(200);
    app.by("utilisateur@parvis.example").tray("mine").await.expect(200);
    app.bookseller().get("/api/v1/quotes").await.expect(200);
    // What people write goes on, and is there once the view is.
    app.requester().send(known).await.done();
    app.requester().basket(known).await.refused(503, "view-stopped");

    let id = new_id();
    by_hand(&app, &format!("UPDATE events SET aggregate_id = '{id}' WHERE aggregate_id = 'no-uuid'")).await;
    let app = app.restart().await;
    app.drain().await;
    assert!(stopped_at(&app, position, "").await.is_empty());
    assert!(app.requester().tray("mine").await.expect(200).column("id").contains(&id.to_string()));
    assert_eq!(app.requester().basket(known).await.expect(200).at("/stage"), "awaiting_approver");
}

/// An event that nobody can decode: no view goes on with the log of that shop.
async fn every_view_stops_for_one_shop(app: TestApp) {
    let payload = json!({ "BasketTeleported": {} }).to_string();
    let position = plant(&app, append(&new_id().to_string(), "BasketTeleported", payload)).await;
    let stopped = stopped_at(&app, position, "BasketTeleported").await;
    let ready = app.anonymous().get("/readyz").await.expect(200);
    let fed_by_the_log = ready.at("/views").as_object().unwrap().keys().filter(|name| *name != "article_search");
    assert!(fed_by_the_log.eq(&stopped), "{stopped:?}");
    app.bookseller().get("/api/v1/orders").await.refused(503, "view-stopped");
    app.by("libraire@parvis.example").get("/api/v1/orders").await.expect(200);

    let repaired = draft(&app, "", 9_002).await.streams.remove(0).events.remove(0).payload;
    let repair = format!(
        "UPDATE events SET event_type = 'BasketOpened', payload = '{repaired}' WHERE event_type = 'BasketTeleported'"
    );
    by_hand(&app, &repair).await;
    let app = app.restart().await;
    app.drain().await;
    assert!(stopped_at(&app, position, "").await.is_empty());
    let mine = app.requester().tray("mine").await.expect(200);
    assert!(mine.items().iter().any(|basket| basket["number"] == 9_002), "{mine}");
}

async fn forget_after(app: &TestApp, position: u64) {
    by_hand(
        app,
        &format!(
            "DELETE FROM events WHERE ledger = 'DLIVRE' AND position > {position};
             UPDATE ledger_heads SET position = {position} WHERE ledger = 'DLIVRE'"
        ),
    )
    .await;
}

/// The store was restored to an earlier point while the views were kept; then another history was written to where
/// they stand.
async fn views_of_another_history_are_built_anew(app: TestApp) {
    let before = app.head("DLIVRE").await;
    let lost = app.requester().open_basket("Perdu").await.expect(201).id_at("/id").to_string();
    app.drain().await;
    let head = app.head("DLIVRE").await;
    assert!(app.requester().tray("mine").await.expect(200).column("id").contains(&lost));

    forget_after(&app, before).await;
    let app = app.restart().await;
    app.drain().await;
    let mine = app.requester().tray("mine").await.expect(200).column("id");
    assert!(!mine.contains(&lost), "what the log does not have is not shown");

    let first = app.requester().open_basket("Premier").await.expect(201).id_at("/id").to_string();
    app.drain().await;
    assert_eq!(app.head("DLIVRE").await, head, "it stands where the lost one stood");
    let id = new_id().to_string();
    let another = draft(&app, &id, 9_003).await;
    let (settings, clock) = (app.app.settings.clone(), app.clock.edge());
    app.app.projections.shutdown().await;
    forget_after(&app, before).await;
    let store = open_store(&settings, &clock).await.unwrap();
    assert_eq!(store.append(another).await.unwrap().position, head);
    store.close().await;
    let app = app.restart().await;
    app.drain().await;
    let mine = app.requester().tray("mine").await.expect(200).column("id");
    assert!(mine.contains(&id) && !mine.contains(&first), "the same position, another event");
}

// R11
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_that_cannot_apply_an_event_stops_for_that_shop_alone() {
    a_view_stops_for_one_shop(TestApp::demo().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_that_cannot_apply_an_event_stops_for_that_shop_alone_on_postgres() {
    a_view_stops_for_one_shop(TestApp::demo_on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_nobody_can_decode_stops_every_view_of_its_shop() {
    every_view_stops_for_one_shop(TestApp::demo().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_nobody_can_decode_stops_every_view_of_its_shop_on_postgres() {
    every_view_stops_for_one_shop(TestApp::demo_on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_ahead_of_the_log_or_of_another_history_are_built_anew() {
    views_of_another_history_are_built_anew(TestApp::demo().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_ahead_of_the_log_or_of_another_history_are_built_anew_on_postgres() {
    views_of_another_history_are_built_anew(TestApp::demo_on_postgres().await).await;
}
