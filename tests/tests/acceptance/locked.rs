//! Baskets that take no change any more, by whatever door it comes.

use axum::http::Method;
use bordereau_tests::{Answer, Browser, CEMETERY_ROAD, Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

/// Everything that changes lines.
async fn changes(who: &Client, basket: Uuid, line: Uuid) -> Vec<Answer> {
    let add = json!({ "ean": CEMETERY_ROAD, "quantity": 1 });
    let requests: [(Method, String, Value); 5] = [
        (Method::PATCH, format!("/lines/{line}"), json!({ "quantity": 9 })),
        (Method::DELETE, format!("/lines/{line}"), json!({})),
        (Method::POST, "/lines".to_owned(), add.clone()),
        (Method::POST, "/import".to_owned(), json!({ "lines": [add] })),
        (Method::POST, "/reprice".to_owned(), json!({})),
    ];
    let mut answers = Vec::new();
    for (method, path, body) in requests {
        answers.push(who.call(method, &format!("/api/v1/baskets/{basket}{path}")).json(&body).send().await);
    }
    answers
}

#[tokio::test] // attack 36
async fn a_line_is_not_changed_once_the_basket_is_sent_locked_or_converted() {
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let basket = requester.filled_basket().await;
    let line = requester.line_ids(basket).await[0];
    requester.send(basket).await.done();
    for answer in changes(&requester, basket, line).await {
        answer.refused(409, "wrong-stage");
    }
    for answer in changes(&approver, basket, line).await {
        answer.refused(409, "basket-locked");
    }
    approver.validate(basket).await.done();
    purchaser.place_order(basket, "BC-1").await.done();
    for who in [&requester, &approver, &purchaser] {
        for answer in changes(who, basket, line).await {
            answer.refused(409, "already-converted");
        }
    }
    let lines = purchaser.basket(basket).await.expect(200);
    assert_eq!(lines.at("/lines/0/quantity"), &json!(1));
}

#[tokio::test] // attack 36
async fn what_an_old_tab_sends_again_changes_nothing() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let (seen, line) = (requester.basket(basket).await.etag(), requester.line_ids(basket).await[0]);
    let path = format!("/api/v1/baskets/{basket}/lines/{line}");
    let change = |quantity: u32| {
        let call = requester.call(Method::PATCH, &path).json(&json!({ "quantity": quantity }));
        call.if_match(seen).key("old-tab")
    };
    change(2).send().await.done();
    requester.send(basket).await.done();
    let head = app.head("DLIVRE").await;
    // The same request is answered as it was, and is not done again; another one comes too late.
    change(2).send().await.done();
    let late = requester.call(Method::PATCH, &path).json(&json!({ "quantity": 5 })).if_match(seen);
    late.send().await.refused(412, "stale");
    let tab = Browser::of(&requester, "fr");
    let quantity = format!("q.{line}.2");
    tab.post(&format!("/baskets/{basket}/save"), &[(&quantity, "5")]).await.expect(409);
    assert_eq!(app.head("DLIVRE").await, head);
    assert_eq!(requester.basket(basket).await.at("/lines/0/quantity"), &json!(2));
}
