//! What is tried many times at the same instant: limits hold as they do one after another, on one node and on two.

use axum::http::Method;
use bordereau_api::{Settings, demo, totp};
use bordereau_domain::Role;
use bordereau_tests::{Answer, Call, Client, TestApp};
use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

const EMAIL: &str = "utilisateur@demo.example";

/// Sends all at once, the first first: they wait for what they need in this order. Answers in the same order.
async fn at_once(calls: impl IntoIterator<Item = Call>) -> Vec<Answer> {
    join_all(calls.into_iter().map(Call::send_at_once)).await
}

/// Two nodes on one PostgreSQL.
async fn two_nodes() -> [TestApp; 2] {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    [one, two]
}

/// The same client on another node.
fn on(node: &TestApp, client: &Client) -> Client {
    Client::new(node.clone(), client.token().map(str::to_owned), client.shop())
}

/// Nineteen times what is wrong and then what is right, in turns on each node.
fn nineteen_wrong_and_one_right<'a>(
    nodes: &'a [TestApp],
    call: impl Fn(&TestApp, bool) -> Call + 'a,
) -> impl Iterator<Item = Call> + 'a {
    nodes.iter().cycle().take(20).enumerate().map(move |(index, node)| call(node, index == 19))
}

#[tokio::test(flavor = "multi_thread")] // attack 1
async fn of_twenty_passwords_tried_at_once_the_right_one_that_comes_last_opens_nothing() {
    // W06
    guess_passwords(&[TestApp::demo().await]).await;
    guess_passwords(&two_nodes().await).await;
}

async fn guess_passwords(nodes: &[TestApp]) {
    let calls = nineteen_wrong_and_one_right(nodes, |node, right| {
        let password = if right { demo::PASSWORD } else { "wrong-password" };
        let body = json!({ "email": EMAIL, "password": password });
        node.anonymous().call(Method::POST, "/api/v1/sessions").json(&body)
    });
    for answer in at_once(calls).await {
        answer.refused(401, "invalid-credentials");
    }
    let app = &nodes[0];
    app.clock.advance(TimeDelta::minutes(31));
    app.sign_in(EMAIL).await;
    // Right ones at once lock nobody out.
    let calls = (0..8).map(|_| {
        let body = json!({ "email": EMAIL, "password": demo::PASSWORD });
        app.anonymous().call(Method::POST, "/api/v1/sessions").json(&body)
    });
    for answer in at_once(calls).await {
        answer.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")] // attack 1
async fn of_twenty_codes_tried_at_once_the_right_one_that_comes_last_opens_nothing() {
    // W06
    guess_codes(&[TestApp::demo().await]).await;
    guess_codes(&two_nodes().await).await;
}

async fn guess_codes(nodes: &[TestApp]) {
    let app = &nodes[0];
    let requester = app.requester();
    let body = json!({ "current_password": demo::PASSWORD });
    let secret = requester.post("/api/v1/me/second-factor", &body).await.expect(201).text_at("/secret");
    let code = || totp::code_now(&secret, app.clock.now().timestamp()).unwrap();
    requester.post("/api/v1/me/second-factor/confirm", &json!({ "code": code() })).await.expect(200);
    app.clock.advance(TimeDelta::minutes(1));
    let calls = nineteen_wrong_and_one_right(nodes, |node, right| {
        let code = if right { code() } else { "000000".to_owned() };
        let body = json!({ "email": EMAIL, "password": demo::PASSWORD, "code": code });
        node.anonymous().call(Method::POST, "/api/v1/sessions").json(&body)
    });
    let answers = at_once(calls).await;
    assert!(answers.iter().all(|answer| answer.status == 401), "{}", answers[19]);
    let told = answers.iter().filter(|answer| answer.body["type"] == "second-factor-wrong").count();
    assert!(told <= 4, "{told} codes were answered");
    app.clock.advance(TimeDelta::minutes(31));
    app.sign_in_with_code(EMAIL, &code()).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")] // attack 1
async fn of_twenty_first_codes_tried_at_once_the_right_one_that_comes_last_proves_nothing() {
    guess_first_codes(&[TestApp::demo().await]).await;
    guess_first_codes(&two_nodes().await).await;
}

async fn guess_first_codes(nodes: &[TestApp]) {
    let app = &nodes[0];
    let requester = app.requester();
    let body = json!({ "current_password": demo::PASSWORD });
    let secret = requester.post("/api/v1/me/second-factor", &body).await.expect(201).text_at("/secret");
    let right_code = totp::code_now(&secret, app.clock.now().timestamp()).unwrap();
    let calls = nineteen_wrong_and_one_right(nodes, |node, right| {
        let code = if right { &right_code } else { "000000" };
        on(node, &requester).call(Method::POST, "/api/v1/me/second-factor/confirm").json(&json!({ "code": code }))
    });
    let answers = at_once(calls).await;
    let told = answers.iter().filter(|answer| answer.status == 422).count();
    let locked = answers.iter().filter(|answer| answer.status == 403).count();
    assert_eq!((told, locked), (4, 16), "{}", answers[19]);
}

#[tokio::test(flavor = "multi_thread")] // attack 112
async fn of_twenty_proofs_at_once_three_are_looked_at_and_nobody_is_erased() {
    prove_at_once(&[TestApp::demo().await]).await;
    prove_at_once(&two_nodes().await).await;
}

async fn prove_at_once(nodes: &[TestApp]) {
    let requester = nodes[0].requester();
    let calls = nineteen_wrong_and_one_right(nodes, |node, right| {
        let password = if right { demo::PASSWORD } else { "wrong-password" };
        on(node, &requester).call(Method::DELETE, "/api/v1/me").json(&json!({ "current_password": password }))
    });
    let answers = at_once(calls).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 403).count();
    let waits = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((looked_at, waits), (3, 17), "{}", answers[19]);
    requester.get("/api/v1/me").await.expect(200);
    // A day later one may try again, and a right one takes no place.
    nodes[0].clock.advance(TimeDelta::hours(25));
    let requester = nodes[0].sign_in(EMAIL).await;
    requester
        .call(Method::DELETE, "/api/v1/me")
        .json(&json!({ "current_password": demo::PASSWORD }))
        .send()
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_booksellers_who_erase_themselves_at_once_one_stays() {
    erase_both(&[TestApp::demo().await]).await;
    erase_both(&two_nodes().await).await;
}

async fn erase_both(nodes: &[TestApp]) {
    let (one, other) = (&nodes[0], &nodes[nodes.len() - 1]);
    let first = one.bookseller();
    let second = on(other, &one.engage("second@demo.example", Role::Bookseller, &[]).await);
    one.drain().await;
    other.drain().await;
    let body = json!({ "current_password": demo::PASSWORD });
    let calls = [&first, &second].map(|client| client.call(Method::DELETE, "/api/v1/me").json(&body));
    let answers = at_once(calls).await;
    let (gone, stays) = if answers[0].status == 200 { (&first, &second) } else { (&second, &first) };
    let mut told: Vec<_> = answers.into_iter().map(|answer| (answer.status, answer.body["type"].clone())).collect();
    told.sort_by_key(|(status, _)| *status);
    assert_eq!(told, [(200, json!(null)), (409, json!("last-bookseller"))]);
    gone.get("/api/v1/me").await.refused(401, "unauthenticated");
    stays.get("/api/v1/me").await.expect(200);
    stays.call(Method::DELETE, "/api/v1/me").json(&body).send().await.refused(409, "last-bookseller");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_login_that_is_asked_for_many_times_at_once_is_one_letter() {
    flood(&[TestApp::demo().await]).await;
    flood(&two_nodes().await).await;
}

async fn flood(nodes: &[TestApp]) {
    let who: Vec<_> = ["utilisateur", "approbateur"].iter().map(|who| nodes[0].by(who)).collect();
    let calls = nodes.iter().cycle().zip(who.iter().cycle()).take(8).map(|(node, who)| {
        let body = json!({ "email": "victim@elsewhere.example", "current_password": demo::PASSWORD });
        on(node, who).call(Method::POST, "/api/v1/me/email").json(&body)
    });
    let answers = at_once(calls).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 429, 429, 429, 429, 429, 429, 429]);
    let store = &nodes[0].app.store;
    let waiting = store.list_mails("DLIVRE", bordereau_store::MailState::Waiting, 100).await.unwrap();
    let letters = waiting.iter().filter(|queued| queued.mail.kind == "confirm-address").count();
    assert_eq!(letters, 1, "{waiting:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_asks_for_many_exports_at_once_gets_a_few_and_keeps_nobody_waiting() {
    let settings = Settings { requests_per_second: 100_000, request_burst: 100_000, ..Settings::default() };
    let app = TestApp::demo_with(settings).await;
    let export = |client: &Client| client.call(Method::GET, "/api/v1/me/export");
    let many = (0..50).map(|_| export(&app.requester()));
    let answers = at_once(many.chain([export(&app.approver())])).await;
    let (mine, other) = answers.split_at(50);
    other[0].clone().expect(200);
    let made = mine.iter().filter(|answer| answer.status == 200).count();
    let refused = mine.iter().filter(|answer| answer.status == 429 && !answer.header("retry-after").is_empty()).count();
    assert!((1..=10).contains(&made) && made + refused == 50, "{made} made, {refused} refused");
    export(&app.requester()).send().await.expect(200);
}
