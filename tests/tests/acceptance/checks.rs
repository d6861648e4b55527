//! The order in which a request is checked: 401, form, 404, 403, 412, 409, value.

use axum::http::Method;
use bordereau_domain::Role;
use bordereau_tests::{CEMETERY_ROAD, SCHOOL, TestApp};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_missing_sign_in_goes_before_a_broken_body() {
    let app = TestApp::demo().await;
    let anonymous = app.anonymous();
    for (path, body) in [("/api/v1/baskets", "{"), ("/api/v1/baskets/x/validate", r#"{"x": 1, "x": 2}"#)] {
        let call = anonymous.call(Method::POST, path).content("application/json", body.to_owned());
        call.header("if-match", "nonsense").send().await.refused(401, "unauthenticated");
    }
    for token in ["", "x", "demo-librisof", "demo-librisoft "] {
        let call = anonymous.call(Method::GET, "/api/v1/me").header("authorization", &format!("Bearer {token}"));
        let status = call.send().await.status;
        assert_eq!(status, if token.ends_with(' ') { 200 } else { 401 }, "{token:?}");
    }
    let call = anonymous.call(Method::GET, "/api/v1/me").header("authorization", "Basic ZGVtby1saWJyaXNvZnQ=");
    call.send().await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn the_form_goes_before_404() {
    let app = TestApp::demo().await;
    let approver = app.approver();
    for id in ["x".to_owned(), Uuid::from_u128(1).to_string()] {
        let path = format!("/api/v1/baskets/{id}/lines");
        let send = |content_type: &'static str, body: String| {
            approver.call(Method::POST, &path).content(content_type, body).send()
        };
        send("application/json", "{".to_owned()).await.refused(400, "malformed-json");
        send("text/plain", "{}".to_owned()).await.refused(415, "not-json");
        send("application/json", "x".repeat(1024 * 1024 + 1)).await.refused(413, "body-too-large");
        send("application/json", json!({ "ean": CEMETERY_ROAD }).to_string()).await.refused(422, "invalid-field");
        let good = json!({ "ean": CEMETERY_ROAD, "quantity": 0 }).to_string();
        approver
            .call(Method::POST, &path)
            .content("application/json", good.clone())
            .header("if-match", "7")
            .send()
            .await
            .refused(400, "bad-header");
        // A quantity is judged last: the basket is not to be seen.
        send("application/json", good).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn what_may_not_be_seen_is_404_even_for_a_role_that_never_may() {
    // L11
    let app = TestApp::demo().await;
    let (requester, approver) = (app.requester(), app.approver());
    let foreign = approver.filled_basket().await;
    // A requester never validates; but of this basket he does not even know.
    requester.validate(foreign).await.refused(404, "not-found");
    app.by("utilisateur@parvis.example").validate(foreign).await.refused(404, "not-found");
    let own = requester.filled_basket().await;
    requester.validate(own).await.refused(403, "role-may-not");
    requester.unlock(own).await.refused(403, "role-may-not");
    requester.place_order(own, "MED-1").await.refused(403, "role-may-not");
    // Somebody else's draft: not sent yet, not to be seen by those above.
    approver.validate(own).await.refused(404, "not-found");
}

#[tokio::test]
async fn another_institution_of_the_same_bookshop_sees_nothing() {
    let app = TestApp::demo().await;
    let teacher = app.engage("prof@ecole.example", Role::Approver, &[SCHOOL]).await;
    let head = app.engage("direction@ecole.example", Role::Purchaser, &[SCHOOL]).await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    let line = requester.line_ids(basket).await[0];
    app.approver().validate(basket).await.done();
    for stranger in [&teacher, &head] {
        stranger.basket(basket).await.refused(404, "not-found");
        stranger.history("baskets", basket).await.refused(404, "not-found");
        for action in ["validate", "unlock", "return", "reprice", "take-over"] {
            stranger.step(basket, action).await.refused(404, "not-found");
        }
        stranger.change_quantity(basket, line, 2).await.refused(404, "not-found");
        stranger.place_order(basket, "X-1").await.refused(404, "not-found");
        stranger.rename(basket, "x").await.refused(404, "not-found");
        stranger.discard(basket).await.refused(404, "not-found");
        for tray in ["mine", "sent", "to_validate", "validated"] {
            assert!(stranger.tray(tray).await.expect(200).items().is_empty());
        }
    }
    let order = app.purchaser().place_order(basket, "MED-1").await.done().id_at("/order_id");
    head.order(order).await.refused(404, "not-found");
    head.history("orders", order).await.refused(404, "not-found");
    let orders = head.get("/api/v1/orders?number=1").await.expect(200);
    assert!(orders.items().is_empty() && orders.at("/counts/pending") == 0, "{orders}");
    app.by("libraire@parvis.example").order(order).await.refused(404, "not-found");
    app.key("parvis-librisoft").acknowledge_order(order, "1").await.refused(404, "not-found");
    app.by("libraire@parvis.example").order_step(order, "close", &json!({})).await.refused(404, "not-found");
}

#[tokio::test]
async fn then_403_before_412_before_409_before_the_value() {
    let app = TestApp::demo().await;
    let (requester, approver) = (app.requester(), app.approver());
    let basket = requester.filled_basket().await;
    let line = requester.line_ids(basket).await[0];
    let stale = |client: &bordereau_tests::Client, method: Method, path: String| client.call(method, &path).if_match(1);
    let validate = format!("/api/v1/baskets/{basket}/validate");
    stale(&requester, Method::POST, validate).send().await.refused(403, "role-may-not");
    requester.send(basket).await.done();
    let change = format!("/api/v1/baskets/{basket}/lines/{line}");
    let impossible = json!({ "quantity": 0 });
    let refused = stale(&approver, Method::PATCH, change.clone()).json(&impossible).send().await.refused(412, "stale");
    assert_eq!(refused.etag(), 5);
    approver.patch(&change, &impossible).await.refused(409, "basket-locked");
    let unknown = json!({ "ean": "9791099099990", "quantity": 1 });
    let add = format!("/api/v1/baskets/{basket}/lines");
    let locked = approver.post(&add, &unknown).await;
    assert!(matches!(locked.status, 409 | 422), "{locked}");
    approver.unlock(basket).await.done();
    approver.patch(&change, &impossible).await.refused(422, "quantity-out-of-range");
    let stale_conversion = app.purchaser().call(Method::POST, &format!("/api/v1/baskets/{basket}/request-quote"));
    stale_conversion.json(&json!({ "reference": " " })).send().await.refused(409, "wrong-stage");
}

#[tokio::test]
async fn a_position_above_the_head_is_422_on_every_read() {
    let app = TestApp::demo().await;
    let head = app.head("DLIVRE").await;
    let purchaser = app.purchaser();
    for path in ["baskets", "quotes", "orders", "articles", "institutions", "librisoft/pending", "events"] {
        let client = match path {
            "librisoft/pending" => app.librisoft(),
            "events" => app.key("demo-integrator"),
            _ => purchaser.clone(),
        };
        let path = format!("/api/v1/{path}");
        let ask = |position: String| client.call(Method::GET, &path).header("bordereau-position", &position).send();
        ask(head.to_string()).await.done();
        ask((head + 1).to_string()).await.refused(422, "position-above-head");
        for malformed in ["x", "-1", "1.5", ""] {
            ask(malformed.to_owned()).await.refused(400, "bad-header");
        }
    }
}

#[tokio::test]
async fn a_refused_command_is_kept_once_a_second_without_personal_data() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let known = app.refusals().await.len();
    for _ in 0..3 {
        requester.validate(basket).await.refused(403, "role-may-not");
    }
    assert_eq!(app.refusals().await.len(), known + 1);
    requester.rename(basket, " ").await.refused(422, "text-missing");
    assert_eq!(app.refusals().await.len(), known + 2);
    app.clock.advance(chrono::TimeDelta::seconds(1));
    requester.step_saying(basket, "validate", "Madame Dupont le demande").await.refused(403, "role-may-not");
    let refusals = app.refusals().await;
    assert_eq!(refusals.len(), known + 3);
    let last = refusals.last().unwrap();
    assert_eq!(last.account, app.account_of(&requester).await.to_string());
    assert_eq!((last.reason.as_str(), last.role.as_deref()), ("role-may-not", Some("requester")));
    assert!(last.aggregate.as_ref().is_some_and(|aggregate| aggregate.contains(&basket.to_string())), "{last:?}");
    assert!(last.command.contains("validate"), "{last:?}");
    assert!(!format!("{refusals:?}").contains("Dupont"));
    // What is only read, and what nobody is known for, is no command.
    requester.get("/api/v1/orders").await.refused(403, "role-may-not");
    app.anonymous().validate(basket).await.refused(401, "unauthenticated");
    assert_eq!(app.refusals().await.len(), known + 3);
}
