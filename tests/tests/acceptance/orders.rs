//! Orders: collected, reported, handed over, closed, cancelled, reset; and the list with its filters.

use bordereau_tests::{CEMETERY_ROAD, CLUB_GUIDE, Client, READING_ALOUD, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

/// An order of the purchaser's own.
async fn placed(app: &TestApp, delivery_mode: &str) -> Uuid {
    let basket = app.purchaser().filled_basket().await;
    app.purchaser().place_order_by(basket, "MED-77", delivery_mode).await.done().id_at("/order_id")
}

async fn status(client: &Client, order: Uuid) -> (String, String) {
    let seen = client.order(order).await.expect(200);
    (seen.text_at("/status"), seen.text_at("/supply"))
}

fn pair(status: &str, supply: &str) -> (String, String) {
    (status.to_owned(), supply.to_owned())
}

#[tokio::test]
async fn an_order_is_collected_reported_handed_over_and_closed() {
    // L02, L29, L31, L34
    let app = TestApp::demo().await;
    let (librisoft, bookseller, purchaser) = (app.librisoft(), app.bookseller(), app.purchaser());
    let order = placed(&app, "pickup").await;
    let due = librisoft.find_pending("order", order).await.expect("it is due");
    assert_eq!(due["document"]["reference"], "MED-77");
    assert!(due["revision"].as_u64().is_some_and(|revision| revision > 0));
    let lines = purchaser.order_line_ids(order).await;
    librisoft.report_line(order, lines[0], "1", 1).await.refused(409, "not-collected");
    librisoft.acknowledge_order(order, " ").await.refused(422, "bad-text");
    librisoft.acknowledge_order(order, "6767").await.done();
    let again = librisoft.acknowledge_order(order, "6767").await.done();
    assert_eq!(again.etag(), 2);
    librisoft.acknowledge_order(order, "6768").await.refused(409, "number-differs");
    assert_eq!(librisoft.find_pending("order", order).await, None);
    assert_eq!(status(&purchaser, order).await, pair("processing", "unknown"));
    librisoft.report_line(order, lines[0], "3", 0).await.done();
    assert_eq!(status(&purchaser, order).await, pair("processing", "awaiting_supplier"));
    for line in &lines {
        librisoft.report_line(order, *line, "1", 1).await.done();
    }
    assert_eq!(status(&purchaser, order).await, pair("processing", "in_preparation"));
    librisoft.report_line(order, Uuid::from_u128(1), "1", 1).await.refused(422, "unknown-line");
    librisoft.report_line(order, lines[0], "0", 1).await.refused(422, "invalid-field");
    bookseller.order_step(order, "ship", &json!({})).await.refused(409, "wrong-delivery-mode");
    bookseller.order_step(order, "make-available", &json!({})).await.done();
    assert_eq!(status(&bookseller, order).await.0, "available");
    bookseller.order_step(order, "close", &json!({})).await.done();
    bookseller.order_step(order, "close", &json!({})).await.done();
    assert_eq!(status(&bookseller, order).await.0, "closed");
    bookseller.order_step(order, "make-available", &json!({})).await.refused(409, "wrong-status");
    purchaser.order_step(order, "close", &json!({})).await.refused(403, "role-may-not");
    app.auditor().order_step(order, "close", &json!({})).await.refused(403, "role-may-not");
}

#[tokio::test]
async fn a_delivery_is_shipped_with_its_tracking_number_to_an_address_of_the_institution() {
    // L32, L33
    let app = TestApp::demo().await;
    let (purchaser, bookseller) = (app.purchaser(), app.bookseller());
    let institutions = purchaser.get("/api/v1/institutions").await.expect(200);
    let annex = institutions.at("/items/0/addresses/1").clone();
    let basket = purchaser.filled_basket().await;
    let body = json!({ "reference": "MED-78", "comment": "Merci de livrer le matin.", "delivery_mode": "delivery",
        "payment_mode": "chorus", "cost_centre": "CC-12", "delivery_address_id": annex["id"] });
    let placed = purchaser.post(&format!("/api/v1/baskets/{basket}/place-order"), &body).await.done();
    let order = placed.id_at("/order_id");
    let seen = bookseller.order(order).await.expect(200);
    assert_eq!(seen.at("/address"), &annex);
    assert_eq!((seen.at("/cost_centre"), seen.at("/payment_mode")), (&json!("CC-12"), &json!("chorus")));
    assert_eq!(seen.at("/comment"), "Merci de livrer le matin.");
    bookseller.order_step(order, "make-available", &json!({})).await.refused(409, "wrong-delivery-mode");
    // T4: allowed while it waits, too.
    bookseller.order_step(order, "ship", &json!({ "tracking": "6A12345678901" })).await.done();
    assert_eq!(purchaser.order(order).await.text_at("/tracking"), "6A12345678901");
    assert_eq!(status(&purchaser, order).await.0, "shipped");
}

#[tokio::test]
async fn an_order_cancelled_after_its_collection_is_offered_as_a_cancellation() {
    let app = TestApp::demo().await;
    let (librisoft, bookseller) = (app.librisoft(), app.bookseller());
    let reason = json!({ "reason": "Commande passée deux fois." });
    let never_collected = placed(&app, "pickup").await;
    bookseller.order_step(never_collected, "cancel", &json!({})).await.refused(422, "invalid-field");
    bookseller.order_step(never_collected, "cancel", &json!({ "reason": " " })).await.refused(422, "text-missing");
    bookseller.order_step(never_collected, "cancel", &reason).await.done();
    assert_eq!(librisoft.find_pending("order", never_collected).await, None);
    assert_eq!(librisoft.find_pending("cancellation", never_collected).await, None);
    let collected = placed(&app, "pickup").await;
    librisoft.acknowledge_order(collected, "8001").await.done();
    librisoft.acknowledge_cancellation(collected).await.refused(409, "wrong-status");
    bookseller.order_step(collected, "cancel", &reason).await.done();
    assert!(librisoft.find_pending("cancellation", collected).await.is_some());
    librisoft.acknowledge_cancellation(collected).await.done();
    librisoft.acknowledge_cancellation(collected).await.done();
    assert_eq!(librisoft.find_pending("cancellation", collected).await, None);
    let history = app.purchaser().history("orders", collected).await.expect(200);
    assert_eq!(history.column("type").last().map(String::as_str), Some("OrderCancellationPushedToLibrisoft"));
}

#[tokio::test]
async fn an_order_cancelled_between_offer_and_acknowledgement_stays_cancelled_and_its_cancellation_is_offered() {
    let app = TestApp::demo().await;
    let (librisoft, bookseller) = (app.librisoft(), app.bookseller());
    let order = placed(&app, "pickup").await;
    assert!(librisoft.find_pending("order", order).await.is_some());
    bookseller.order_step(order, "cancel", &json!({ "reason": "Trop tard" })).await.done();
    librisoft.acknowledge_order(order, "8002").await.done();
    let seen = bookseller.order(order).await;
    assert_eq!((seen.at("/status"), seen.at("/librisoft_number")), (&json!("cancelled"), &json!("8002")));
    let offered = librisoft.find_pending("cancellation", order).await.expect("the cancellation is offered");
    assert_eq!(offered["document"]["librisoft_number"], "8002");
}

#[tokio::test]
async fn a_status_is_reset_with_a_reason_and_the_order_is_not_offered_again_by_itself() {
    // L34, T7
    let app = TestApp::demo().await;
    let (librisoft, bookseller) = (app.librisoft(), app.bookseller());
    let order = placed(&app, "pickup").await;
    librisoft.acknowledge_order(order, "8003").await.done();
    bookseller.order_step(order, "close", &json!({})).await.done();
    bookseller.order_step(order, "reset-status", &json!({ "reason": "Fermée par erreur" })).await.done();
    assert_eq!(status(&bookseller, order).await.0, "processing");
    assert_eq!(librisoft.find_pending("order", order).await, None);
    let history = bookseller.history("orders", order).await.expect(200);
    let last = history.items().last().unwrap().clone();
    assert_eq!((&last["type"], &last["comment"]), (&json!("OrderStatusReset"), &json!("Fermée par erreur")));
    let before_collection = placed(&app, "pickup").await;
    bookseller.order_step(before_collection, "make-available", &json!({})).await.done();
    bookseller.order_step(before_collection, "reset-status", &json!({ "reason": "x" })).await.done();
    assert_eq!(status(&bookseller, before_collection).await.0, "pending");
}

#[tokio::test]
async fn a_message_about_an_order_stands_in_its_history() {
    // L33
    let app = TestApp::demo().await;
    let order = placed(&app, "pickup").await;
    app.bookseller().order_step(order, "message", &json!({ "text": "Prête jeudi." })).await.done();
    let history = app.purchaser().history("orders", order).await.expect(200);
    let last = history.items().last().unwrap().clone();
    assert_eq!((&last["type"], &last["comment"]), (&json!("OrderMessageSent"), &json!("Prête jeudi.")));
}

#[tokio::test]
async fn each_filter_of_the_list_finds_its_orders_and_a_number_finds_either_number() {
    // L28, L29
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    app.clock.advance(chrono::TimeDelta::days(3));
    let app_day = app.clock.now().format("%Y-%m-%d").to_string();
    let purchaser_again = app.sign_in("collectivite@demo.example").await;
    let basket = purchaser_again.open_basket("x").await.expect(201).id_at("/id");
    for ean in [CEMETERY_ROAD, CLUB_GUIDE] {
        purchaser_again.add_line(basket, ean, 2).await.expect(201);
    }
    let placed = purchaser_again.place_order_by(basket, "FILTRE", "delivery").await.done();
    let (order, number) = (placed.text_at("/order_id"), placed.number_at("/number"));
    app.librisoft().acknowledge_order(order.parse().unwrap(), "L-4242").await.done();
    let list = async |query: &str| {
        let page = purchaser_again.get(&format!("/api/v1/orders?limit=200&{query}")).await.expect(200);
        (page.items().len(), page.items().iter().any(|item: &Value| item["id"] == order.as_str()))
    };
    let all = list("").await.0;
    assert_eq!(list(&format!("number={number}")).await, (1, true));
    assert_eq!(list("number=L-4242").await, (1, true));
    assert_eq!(list("number=424").await.0, 0);
    assert_eq!(list(&format!("from={app_day}")).await, (1, true));
    assert_eq!(list(&format!("from={app_day}&to={app_day}")).await, (1, true));
    assert_eq!(list("to=2026-09-03").await, (all - 1, false));
    assert!(list(&format!("ean={CLUB_GUIDE}")).await.1);
    assert!(list(&format!("ean={READING_ALOUD},{CLUB_GUIDE}")).await.1);
    assert_eq!(list("ean=978-2-330-15013-6&tab=processing&delivery_mode=delivery").await, (1, true));
    assert!(!list("delivery_mode=pickup").await.1 && !list("tab=pending").await.1 && list("tab=processing").await.1);
    let (own, school) = (purchaser.own_institution(), app.institution(bordereau_tests::SCHOOL));
    for filter in ["delivered_to", "billed_to"] {
        assert_eq!(list(&format!("{filter}={own}")).await, (all, true));
        assert_eq!(list(&format!("{filter}={school}")).await.0, 0);
    }
    for bad in ["ean=123", "from=yesterday", "delivery_mode=drone", "delivered_to=x", "number=1&x=1"] {
        assert_eq!(purchaser_again.get(&format!("/api/v1/orders?{bad}")).await.status, 422, "{bad}");
    }
}

#[tokio::test]
async fn pages_of_orders_hold_each_order_once_newest_first() {
    let app = TestApp::demo().await;
    let (mut numbers, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.bookseller().get(&format!("/api/v1/orders?limit=4{cursor}")).await.expect(200);
        numbers.extend(page.items().iter().map(|item| item["number"].as_u64().unwrap()));
        let Some(next) = page.at("/next").as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let expected: Vec<_> = (1..=numbers.len() as u64).rev().collect();
    assert_eq!(numbers, expected);
}
