//! `If-Match` and `Idempotency-Key`: what was seen, and what was sent before.

use axum::http::Method;
use bordereau_tests::{CEMETERY_ROAD, TestApp};
use serde_json::json;

#[tokio::test]
async fn a_stale_if_match_is_412_with_the_present_sequence() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let path = format!("/api/v1/baskets/{basket}/rename");
    let seen = requester.basket(basket).await.etag();
    let rename = |name: &str| requester.call(Method::POST, &path).json(&json!({ "name": name }));
    let done = rename("un").if_match(seen).send().await.done();
    assert_eq!(done.etag(), seen + 1);
    for stale in [seen, seen + 2, 0, u64::MAX] {
        let refused = rename("deux").if_match(stale).send().await.refused(412, "stale");
        assert_eq!((refused.etag(), refused.number_at("/sequence")), (seen + 1, seen + 1));
    }
    rename("trois").header("if-match", "*").send().await.done();
}

#[tokio::test]
async fn a_malformed_if_match_or_key_is_400() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let path = format!("/api/v1/baskets/{basket}/send-to-approver");
    for value in ["5", "\"5", "W/\"5\"", "\"x\"", "\"-1\"", "\"5\", \"6\"", "", "\"18446744073709551616\""] {
        let refused = requester.call(Method::POST, &path).header("if-match", value).send().await;
        refused.refused(400, "bad-header");
    }
    for key in ["", "a b", "é", &"k".repeat(256)] {
        requester.call(Method::POST, &path).key(key).send().await.refused(400, "bad-header");
    }
    requester.call(Method::POST, &path).key(&"k".repeat(255)).send().await.done();
}

#[tokio::test]
async fn a_key_sent_again_gets_the_same_answer_also_after_a_restart() {
    let app = TestApp::demo().await;
    let body = json!({ "institution_id": app.requester().own_institution(), "name": "Une fois" });
    let open = |app: &TestApp| app.requester().call(Method::POST, "/api/v1/baskets").key("once").json(&body).send();
    let first = open(&app).await.expect(201);
    let head = app.head("DLIVRE").await;
    let again = open(&app).await.expect(201);
    assert_eq!((&again.text, again.etag(), again.position()), (&first.text, first.etag(), first.position()));
    assert_eq!(app.head("DLIVRE").await, head);
    let basket = first.id_at("/id");
    app.requester().rename(basket, "Autrement").await.done();
    let app = app.restart().await;
    let after = open(&app).await.expect(201);
    assert_eq!((&after.text, after.etag(), after.position()), (&first.text, first.etag(), first.position()));
    assert_eq!(app.head("DLIVRE").await, head + 1);
}

#[tokio::test]
async fn a_key_with_another_body_path_or_method_is_422_and_another_accounts_key_is_another() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let path = format!("/api/v1/baskets/{basket}/lines");
    let line = |quantity: u32| json!({ "ean": CEMETERY_ROAD, "quantity": quantity });
    requester.call(Method::POST, &path).key("k").json(&line(1)).send().await.expect(201);
    requester.call(Method::POST, &path).key("k").json(&line(2)).send().await.refused(422, "key-reused");
    let other = format!("/api/v1/baskets/{basket}/send-to-approver");
    requester.call(Method::POST, &other).key("k").send().await.refused(422, "key-reused");
    let open = json!({ "institution_id": requester.own_institution() });
    let theirs = app.approver().call(Method::POST, "/api/v1/baskets").key("k").json(&open).send().await;
    theirs.expect(201);
    // A refusal is decided anew: it does not use the key up.
    let early = format!("/api/v1/baskets/{basket}/unlock");
    let unlock = || app.purchaser().call(Method::POST, &early).key("later").send();
    unlock().await.refused(404, "not-found");
    requester.send(basket).await.done();
    unlock().await.done();
}

#[tokio::test]
async fn the_same_step_sent_twice_is_200_and_writes_nothing() {
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let basket = requester.filled_basket().await;
    let steps = [
        (&requester, "send-to-approver"),
        (&approver, "unlock"),
        (&approver, "return"),
        (&requester, "send-to-approver"),
        (&approver, "validate"),
        (&purchaser, "unlock"),
    ];
    for (who, step) in steps {
        let first = who.step(basket, step).await.done();
        let again = who.step(basket, step).await.done();
        assert_eq!((again.status, again.etag(), again.position()), (200, first.etag(), first.position()), "{step}");
    }
    // Somebody else's repetition is not harmless: he has not seen that it was done.
    approver.send(basket).await.refused(403, "not-the-owner");
    purchaser.validate(basket).await.refused(409, "wrong-stage");
    let order = purchaser.place_order(basket, "MED-1").await.done().text_at("/order_id");
    let refused = purchaser.place_order(basket, "MED-1").await.refused(409, "already-converted");
    assert_eq!(refused.text_at("/order_id"), order);
    let refused = purchaser.request_quote(basket, "MED-1").await.refused(409, "already-converted");
    assert_eq!(refused.text_at("/order_id"), order);
}
