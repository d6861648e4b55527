//! Documents and histories as they were: by position, by time, for whoever may see them now.

use bordereau_tests::{CEMETERY_ROAD, Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

/// A document as the auditor saw it when the ledger stood at a position.
struct Seen {
    position: u64,
    document: Value,
}

async fn see(app: &TestApp, path: &str) -> Seen {
    let document = app.auditor().get(path).await.expect(200).body;
    Seen { position: app.head("DLIVRE").await, document }
}

/// What cannot be the same in hindsight: what may be done.
fn facts(document: &Value) -> Value {
    let mut facts = document.clone();
    if let Some(fields) = facts.as_object_mut() {
        fields.remove("next_actions");
        fields.remove("as_of");
    }
    facts
}

async fn compare(app: &TestApp, path: &str, seen: &[Seen]) {
    assert!(seen.len() > 2);
    for then in seen {
        let again = app.auditor().get(&format!("{path}?at={}", then.position)).await.expect(200);
        assert_eq!(facts(&again.body), facts(&then.document), "at {}", then.position);
        assert_eq!(again.number_at("/as_of/position"), then.position);
        assert_eq!(again.header("etag"), "");
        assert!(again.body.get("next_actions").is_none_or(|actions| *actions == json!([])));
        // The moment at which that position was recorded leads to the same.
        let moment = again.text_at("/as_of/at").replace('+', "%2B");
        let by_time = app.auditor().get(&format!("{path}?at={moment}")).await.expect(200);
        assert_eq!(by_time.body, again.body);
    }
}

#[tokio::test]
async fn a_basket_is_shown_as_it_was_after_each_step_with_the_prices_of_then() {
    let app = TestApp::demo().await;
    let (requester, approver) = (app.requester(), app.approver());
    let basket = requester.open_basket("Fonds jeunesse").await.expect(201).id_at("/id");
    let path = format!("/api/v1/baskets/{basket}");
    let mut seen = vec![see(&app, &path).await];
    requester.add_line(basket, CEMETERY_ROAD, 2).await.expect(201);
    seen.push(see(&app, &path).await);
    let dearer = json!({
        "ean": CEMETERY_ROAD, "title": "CEMETERY ROAD", "author": "ILES GREG", "publisher": "ACTES SUD",
        "price_incl_tax": "30.00", "vat_rate": "5.5", "kind": "book", "availability": "1", "language": "fr",
    });
    app.librisoft().put_lines("/api/v1/librisoft/articles", &[dearer]).await.expect(200);
    requester.reprice(basket).await.done();
    seen.push(see(&app, &path).await);
    requester.send(basket).await.done();
    seen.push(see(&app, &path).await);
    app.clock.advance(chrono::TimeDelta::minutes(5));
    approver.give_back(basket, "Trop cher.").await.done();
    seen.push(see(&app, &path).await);
    requester.rename(basket, "Fonds adulte").await.done();
    requester.send(basket).await.done();
    approver.validate(basket).await.done();
    seen.push(see(&app, &path).await);
    app.purchaser().place_order(basket, "MED-1").await.done();
    seen.push(see(&app, &path).await);
    let total = |seen: &Seen| seen.document["totals"]["total_incl_tax"].clone();
    assert_eq!((total(&seen[1]), total(&seen[2])), (json!("45.50"), json!("54.60")));
    compare(&app, &path, &seen).await;
}

#[tokio::test]
async fn a_quote_and_an_order_are_shown_as_they_were() {
    let app = TestApp::demo().await;
    let (purchaser, bookseller, librisoft) = (app.purchaser(), app.bookseller(), app.librisoft());
    let basket = purchaser.filled_basket().await;
    let quote = purchaser.request_quote(basket, "MED-2").await.done().id_at("/quote_id");
    let path = format!("/api/v1/quotes/{quote}");
    let mut seen = vec![see(&app, &path).await];
    librisoft.acknowledge_quote(quote, Some("D1")).await.done();
    seen.push(see(&app, &path).await);
    let day = (app.clock.now() + chrono::TimeDelta::days(9)).date_naive();
    let line = seen[0].document["lines"][0]["line_id"].clone();
    let price = json!({ "line_id": line, "unit_price_incl_tax": "20.00", "discount_rate": "5" });
    bookseller.quote_step(quote, "answer", &json!({ "lines": [price], "valid_until": day })).await.done();
    seen.push(see(&app, &path).await);
    let accept = json!({ "delivery_mode": "pickup", "payment_mode": "invoice" });
    let order = purchaser.quote_step(quote, "accept", &accept).await.done().id_at("/order_id");
    seen.push(see(&app, &path).await);
    assert_ne!(seen[1].document["totals"], seen[2].document["totals"]);
    compare(&app, &path, &seen).await;

    let path = format!("/api/v1/orders/{order}");
    let mut seen = vec![see(&app, &path).await];
    librisoft.acknowledge_order(order, "6767").await.done();
    seen.push(see(&app, &path).await);
    librisoft.report_line(order, purchaser.order_line_ids(order).await[0], "3", 0).await.done();
    seen.push(see(&app, &path).await);
    bookseller.order_step(order, "cancel", &json!({ "reason": "Épuisé." })).await.done();
    seen.push(see(&app, &path).await);
    compare(&app, &path, &seen).await;
}

#[tokio::test]
async fn before_it_was_there_is_404_above_the_head_and_malformed_are_422() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let before = app.head("DLIVRE").await;
    let basket = purchaser.filled_basket().await;
    let order = purchaser.place_order(basket, "MED-3").await.done().id_at("/order_id");
    let head = app.head("DLIVRE").await;
    for path in [
        format!("/api/v1/baskets/{basket}"),
        format!("/api/v1/orders/{order}"),
        format!("/api/v1/baskets/{basket}/history"),
        format!("/api/v1/orders/{order}/history"),
    ] {
        let at = async |moment: &str| purchaser.get(&format!("{path}?at={moment}")).await;
        at(&head.to_string()).await.expect(200);
        // Nothing was recorded since: tomorrow is as now.
        at("2099-01-01T00:00:00Z").await.expect(200);
        at(&before.to_string()).await.refused(404, "not-found");
        at("0").await.refused(404, "not-found");
        at("1999-12-31T23:59:59%2B01:00").await.refused(404, "not-found");
        at(&(head + 1).to_string()).await.refused(422, "position-above-head");
        for malformed in ["", "x", "-1", "1.5", "2026-13-01T00:00:00Z", "2026-01-01", "99999999999999999999"] {
            at(malformed).await.refused(422, "invalid-field");
        }
        purchaser.get(&format!("{path}?when=1")).await.refused(422, "invalid-field");
    }
    purchaser.get(&format!("/api/v1/orders/{}?at={head}", Uuid::from_u128(7))).await.refused(404, "not-found");
}

#[tokio::test]
async fn a_history_is_cut_at_the_moment_that_is_asked_for() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let sent = requester.send(basket).await.done().position();
    app.approver().give_back(basket, "Non.").await.done();
    let path = format!("/api/v1/baskets/{basket}/history");
    let whole = requester.get(&path).await.expect(200);
    let then = requester.get(&format!("{path}?at={sent}")).await.expect(200);
    assert_eq!(then.items(), &whole.items()[..whole.items().len() - 1]);
    assert_eq!(then.items().last().unwrap()["type"], "BasketSentToApprover");
    assert_eq!(requester.get(&format!("{path}?at={}", sent + 1)).await.expect(200).items(), whole.items());
}

#[tokio::test]
async fn the_past_is_seen_by_whoever_may_see_the_document_now_and_inner_comments_stay_inner() {
    let app = TestApp::demo().await;
    let (requester, approver, bookseller) = (app.requester(), app.approver(), app.bookseller());
    let basket = requester.filled_basket().await;
    let drafted = app.head("DLIVRE").await;
    let path = |at: u64| format!("/api/v1/baskets/{basket}?at={at}");
    // A draft is nobody else's; once it was sent, what it was is seen with it.
    approver.get(&path(drafted)).await.refused(404, "not-found");
    requester.send(basket).await.done();
    assert_eq!(approver.get(&path(drafted)).await.expect(200).at("/stage"), "drafting");
    let returned = approver.give_back(basket, "Trop cher, voir avec la mairie.").await.done().position();
    bookseller.get(&path(returned)).await.refused(404, "not-found");
    requester.send(basket).await.done();
    approver.validate(basket).await.done();
    app.purchaser().place_order(basket, "MED-4").await.done();
    let comment = async |client: &Client| client.get(&path(returned)).await.expect(200).at("/returned/comment").clone();
    assert_eq!(comment(&requester).await, "Trop cher, voir avec la mairie.");
    assert_eq!(comment(&app.auditor()).await, "Trop cher, voir avec la mairie.");
    assert_eq!(comment(&bookseller).await, Value::Null);
    let history = bookseller.get(&format!("/api/v1/baskets/{basket}/history?at={returned}")).await.expect(200);
    assert!(!history.text.contains("mairie"));
    app.by("utilisateur@parvis.example").get(&path(1)).await.refused(404, "not-found");
    app.librisoft().get(&path(drafted)).await.refused(403, "role-may-not");
}

#[tokio::test]
async fn on_postgresql_the_past_is_the_same() {
    let app = TestApp::demo_on_postgres().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let path = format!("/api/v1/baskets/{basket}");
    let mut seen = vec![see(&app, &path).await];
    for name in ["un", "deux"] {
        requester.rename(basket, name).await.done();
        seen.push(see(&app, &path).await);
    }
    compare(&app, &path, &seen).await;
}
