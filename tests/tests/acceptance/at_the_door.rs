//! What changes while somebody comes in: a password, a second factor, a right. What he knew or was before opens nothing.

use axum::http::Method;
use bordereau_api::{Settings, demo, token_hash, totp};
use bordereau_commands::{AccountRequest, PlaceRequest};
use bordereau_domain::{AccountId, Actor, Role};
use bordereau_store::NewPendingEmail;
use bordereau_tests::{Answer, Client, MEDIATHEQUE, TestApp};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinHandle;

const WHO: &str = "utilisateur@demo.example";
const OTHER: &str = "cheval-pile-agrafe";
const THIEFS: &str = "agrafe-pile-cheval";

fn sign_in(app: &TestApp, email: &str, password: &str) -> JoinHandle<Answer> {
    let body = json!({ "email": email, "password": password });
    tokio::spawn(app.anonymous().call(Method::POST, "/api/v1/sessions").json(&body).send())
}

/// Lets something be asked whose password waits to be looked at, sets another one meanwhile, and gives the answer.
async fn overtaken(app: &TestApp, account: AccountId, ask: impl FnOnce() -> JoinHandle<Answer>) -> Answer {
    let hash = app.app.passwords.hash(OTHER.to_owned()).await.unwrap();
    let before: Vec<_> = (0..16)
        .map(|_| {
            let passwords = app.app.passwords.clone();
            tokio::spawn(async move { passwords.hash("waits before him".to_owned()).await.unwrap() })
        })
        .collect();
    let asked = ask();
    // By then it has read what it compares with.
    for _ in 0..5 {
        app.approver().get("/api/v1/me").await.expect(200);
    }
    assert!(!asked.is_finished(), "it waits behind the others");
    app.app.store.set_password("DLIVRE", account.0, &hash).await.unwrap();
    let answer = asked.await.unwrap();
    for hashed in before {
        hashed.await.unwrap();
    }
    answer
}

async fn sessions(app: &TestApp, account: AccountId) -> usize {
    let now = app.clock.now().timestamp_micros();
    app.app.store.list_sessions("DLIVRE", account.0, now, 0).await.unwrap().len()
}

#[tokio::test] // attack 9
async fn a_sign_in_that_a_new_password_overtakes_opens_nothing() {
    let app = TestApp::demo().await;
    let account = app.account_of(&app.requester()).await;
    let answer = overtaken(&app, account, || sign_in(&app, WHO, demo::PASSWORD)).await;
    answer.refused(401, "invalid-credentials");
    assert_eq!(sessions(&app, account).await, 0);
    sign_in(&app, WHO, OTHER).await.unwrap().expect(201);
}

#[tokio::test] // attack 9, attack 12
async fn a_password_that_was_changed_by_a_link_is_not_changed_back_by_whoever_knew_the_one_before() {
    let app = TestApp::demo().await;
    let (requester, account) = (app.requester(), app.account_of(&app.requester()).await);
    let body = json!({ "current": demo::PASSWORD, "new": THIEFS });
    let change = requester.call(Method::PUT, "/api/v1/me/password").json(&body);
    overtaken(&app, account, || tokio::spawn(change.send())).await.refused(403, "wrong-password");
    sign_in(&app, WHO, THIEFS).await.unwrap().refused(401, "invalid-credentials");
    sign_in(&app, WHO, OTHER).await.unwrap().expect(201);
}

#[tokio::test] // attack 14
async fn a_login_is_not_changed_by_a_password_that_is_another_by_then() {
    let app = TestApp::demo().await;
    let (requester, account) = (app.requester(), app.account_of(&app.requester()).await);
    let body = json!({ "email": "thief@demo.example", "current_password": demo::PASSWORD });
    let change = requester.call(Method::POST, "/api/v1/me/email").json(&body);
    overtaken(&app, account, || tokio::spawn(change.send())).await.refused(403, "wrong-password");
    assert!(app.app.store.list_mails_of("DLIVRE", "confirm-address").await.unwrap().is_empty());
}

/// How many transactions wait for another one, once there are so many or a task is done.
async fn wait_for(raw: &mut PgConnection, most: i64, task: &JoinHandle<impl Send>) -> i64 {
    const WAITING: &str =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    loop {
        let waiting: i64 = sqlx::query_scalar(WAITING).fetch_one(&mut *raw).await.unwrap();
        if waiting >= most || task.is_finished() {
            return waiting;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")] // attack 9
async fn a_session_is_not_kept_when_a_second_factor_is_demanded_before_it_is_there() {
    let app = TestApp::demo_on_postgres().await;
    let account = app.account_of(&app.requester()).await;
    let secret = totp::new_secret().unwrap();
    let (store, now) = (&app.app.store, app.clock.now().timestamp_micros());
    assert!(store.begin_second_factor("DLIVRE", account.0, &secret, now).await.unwrap());
    let waiting = store.find_second_factor("DLIVRE", account.0, now).await.unwrap().unwrap();
    let mut raw = PgConnection::connect(&app.app.settings.store).await.unwrap();
    let mut watch = PgConnection::connect(&app.app.settings.store).await.unwrap();
    let mut held = raw.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM credentials WHERE account = $1 FOR UPDATE")
        .bind(account.0)
        .fetch_one(&mut *held)
        .await
        .unwrap();
    // He has shown what was demanded, and waits for the credential.
    let signing_in = sign_in(&app, WHO, demo::PASSWORD);
    assert_eq!(wait_for(&mut watch, 1, &signing_in).await, 1);
    let enable = PlaceRequest::EnableSecondFactor {
        account_id: account,
        sealed: waiting.sealed,
        step: 1,
        recovery: vec![token_hash("code")],
        session: None,
    };
    let own = Actor::new(account, Role::Requester, vec![app.institution(MEDIATHEQUE).into()]);
    app.act_as(own, "DLIVRE", account, AccountRequest::Place(enable)).await;
    held.commit().await.unwrap();
    signing_in.await.unwrap().refused(409, "contended");
    assert_eq!(sessions(&app, account).await, 0);
    sign_in(&app, WHO, demo::PASSWORD).await.unwrap().refused(401, "second-factor-required");
}

#[tokio::test(flavor = "multi_thread")] // attack 9
async fn a_session_that_is_opened_on_one_node_while_another_closes_the_account_is_dead() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let account_id = one.account_of(&one.requester()).await;
    let waits = NewPendingEmail::begun(account_id.0, [7; 32], i64::MAX);
    assert!(one.app.store.begin_pending_email("DLIVRE", waits, 0).await.unwrap());
    let mut raw = PgConnection::connect(&one.app.settings.store).await.unwrap();
    let mut watch = PgConnection::connect(&one.app.settings.store).await.unwrap();
    let mut held = raw.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM pending_emails WHERE account = $1 FOR UPDATE")
        .bind(account_id.0)
        .fetch_one(&mut *held)
        .await
        .unwrap();
    // One node has ended the sessions, and its event is not yet to be read.
    let node = one.clone();
    let closing =
        tokio::spawn(async move { node.act("DLIVRE", account_id, AccountRequest::Deactivate { account_id }).await });
    assert_eq!(wait_for(&mut watch, 1, &closing).await, 1);
    let signing_in = sign_in(&two, WHO, demo::PASSWORD);
    wait_for(&mut watch, 2, &signing_in).await;
    held.commit().await.unwrap();
    closing.await.unwrap();
    let answer = signing_in.await.unwrap();
    if answer.status == 201 {
        let there = Client::new(two, Some(answer.text_at("/token")), "DLIVRE");
        there.get("/api/v1/me").await.refused(401, "unauthenticated");
    } else {
        answer.refused(403, "account-inactive");
    }
    assert_eq!(sessions(&one, account_id).await, 0);
}

#[tokio::test] // attack 3
async fn tries_of_one_login_take_nothing_from_the_others_behind_the_same_address() {
    let app =
        TestApp::demo_with(Settings { sign_ins_per_account: 3, sign_ins_per_minute: 8, ..Settings::default() }).await;
    for tried in 0..9 {
        let answer = sign_in(&app, "nobody@demo.example", "wrong-password").await.unwrap();
        assert_eq!(answer.status, if tried < 3 { 401 } else { 429 }, "{answer}");
    }
    for email in [WHO, "approbateur@demo.example", "collectivite@demo.example"] {
        sign_in(&app, email, demo::PASSWORD).await.unwrap().expect(201);
    }
}
