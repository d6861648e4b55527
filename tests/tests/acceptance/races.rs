//! Several clients on one basket: somebody wins, everybody is told, nothing is done twice.

use std::collections::BTreeSet;

use axum::http::Method;
use bordereau_domain::Role;
use bordereau_tests::{Answer, CEMETERY_ROAD, CLUB_GUIDE, MEDIATHEQUE, TestApp};
use futures::future::join_all;
use serde_json::json;

/// Sends all at once, each in a task of its own.
async fn at_once(calls: impl IntoIterator<Item = bordereau_tests::Call>) -> Vec<Answer> {
    let tasks: Vec<_> = calls.into_iter().map(|call| tokio::spawn(call.send())).collect();
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test]
async fn two_editors_of_an_unlocked_basket_are_merged_line_by_line_or_told() {
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    approver.unlock(basket).await.done();
    let lines = approver.line_ids(basket).await;
    // Without If-Match: both changes stand.
    approver.change_quantity(basket, lines[0], 5).await.done();
    purchaser.change_quantity(basket, lines[1], 7).await.done();
    purchaser.remove_line(basket, lines[2]).await.done();
    let seen = approver.basket(basket).await;
    let quantities: Vec<_> =
        seen.at("/lines").as_array().unwrap().iter().map(|line| line["quantity"].clone()).collect();
    assert_eq!(quantities, [5, 7]);
    // On the same line the last one stands, and both are in the history.
    approver.change_quantity(basket, lines[0], 8).await.done();
    purchaser.change_quantity(basket, lines[0], 9).await.done();
    let history = approver.history("baskets", basket).await;
    let steps = history.items();
    let last = &steps[steps.len() - 1]["changes"][0];
    assert_eq!((&last["before"], &last["after"]), (&json!(8), &json!(9)));
    // A line that the other has taken out is gone.
    approver.change_quantity(basket, lines[2], 2).await.refused(404, "unknown-line");
    // With If-Match: the second is told.
    let sequence = approver.basket(basket).await.etag();
    let add = format!("/api/v1/baskets/{basket}/lines");
    let line = json!({ "ean": CLUB_GUIDE, "quantity": 1 });
    approver.call(Method::POST, &add).json(&line).if_match(sequence).send().await.expect(201);
    let told = purchaser.call(Method::POST, &add).json(&line).if_match(sequence).send().await.refused(412, "stale");
    assert_eq!(told.etag(), sequence + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_32_clients_with_one_sequence_exactly_one_wins_in_each_of_32_rounds() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Course").await.expect(201).id_at("/id");
    let path = format!("/api/v1/baskets/{basket}/lines");
    let mut won = BTreeSet::new();
    for round in 0..32 {
        let sequence = round + 1;
        let call = |_| {
            let line = json!({ "ean": CEMETERY_ROAD, "quantity": 1 });
            requester.call(Method::POST, &path).json(&line).if_match(sequence)
        };
        let answers = at_once((0..32).map(call)).await;
        let (winners, losers): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(winners.len(), 1, "round {round}");
        assert_eq!(winners[0].etag(), sequence + 1);
        won.insert(winners[0].id_at("/line_id"));
        for loser in losers {
            assert_eq!(loser.refused(412, "stale").etag(), sequence + 1);
        }
    }
    let lines: BTreeSet<_> = requester.line_ids(basket).await.into_iter().collect();
    assert_eq!(lines, won);
    assert_eq!(requester.basket(basket).await.number_at("/sequence"), 33);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_approvers_who_validate_and_return_at_once_one_wins_and_the_other_is_told() {
    let app = TestApp::demo().await;
    let other = app.engage("seconde@demo.example", Role::Approver, &[MEDIATHEQUE]).await;
    for _ in 0..10 {
        let basket = app.requester().filled_basket().await;
        app.requester().send(basket).await.done();
        let before = app.head("DLIVRE").await;
        let validate = app.approver().call(Method::POST, &format!("/api/v1/baskets/{basket}/validate"));
        let second = other.call(Method::POST, &format!("/api/v1/baskets/{basket}/return"));
        let mut answers = at_once([validate, second]).await;
        answers.sort_by_key(|answer| answer.status);
        assert_eq!(answers[0].status, 200, "{}", answers[0]);
        assert_eq!(answers[1].status, 409, "{}", answers[1]);
        assert_eq!(app.head("DLIVRE").await, before + 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_key_sent_20_times_at_once_opens_one_basket_and_places_one_order() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let before = app.head("DLIVRE").await;
    let body = json!({ "institution_id": purchaser.own_institution(), "name": "Une seule fois" });
    let open = || purchaser.call(Method::POST, "/api/v1/baskets").key("open").json(&body);
    let answers = at_once((0..20).map(|_| open())).await;
    assert_same(&answers, 201);
    assert_eq!(app.head("DLIVRE").await, before + 1);
    let basket = answers[0].id_at("/id");
    purchaser.add_line(basket, CEMETERY_ROAD, 1).await.expect(201);
    let path = format!("/api/v1/baskets/{basket}/place-order");
    let body = json!({ "reference": "MED-1", "delivery_mode": "pickup", "payment_mode": "invoice" });
    let answers = at_once((0..20).map(|_| purchaser.call(Method::POST, &path).key("order").json(&body))).await;
    assert_same(&answers, 200);
    // The basket converted and the order placed: two events, once.
    assert_eq!(app.head("DLIVRE").await, before + 4);
    let found = purchaser.get(&format!("/api/v1/orders?number={}", answers[0].number_at("/number"))).await;
    assert_eq!(found.column("reference"), ["MED-1"]);
}

#[track_caller]
fn assert_same(answers: &[Answer], status: u16) {
    for answer in answers {
        assert_eq!(answer.status, status, "{answer}");
        assert_eq!(
            (&answer.text, answer.etag(), answer.position()),
            (&answers[0].text, answers[0].etag(), answers[0].position())
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_conversions_of_one_basket_make_one_document() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    for _ in 0..10 {
        let basket = purchaser.filled_basket().await;
        let before = app.head("DLIVRE").await;
        let body = json!({ "reference": "MED-1", "delivery_mode": "pickup", "payment_mode": "invoice" });
        let order = purchaser.call(Method::POST, &format!("/api/v1/baskets/{basket}/place-order")).json(&body);
        let quote = purchaser.call(Method::POST, &format!("/api/v1/baskets/{basket}/request-quote"));
        let answers = at_once([order, quote.json(&json!({ "reference": "MED-1" }))]).await;
        let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{answers:?}");
        assert_eq!(app.head("DLIVRE").await, before + 2);
    }
}
