//! The erasure of a person: by himself, by the bookshop, after a crash, after a restore.

use std::{fs, path::Path, time::Duration};

use bordereau_api::{demo, reactors, totp};
use bordereau_commands::SubjectRequest;
use bordereau_domain::{AccountId, Role};
use bordereau_integrations::erasure::{Eraser, ErasureReason};
use bordereau_store::{MailState, Purpose};
use bordereau_tests::{Answer, Client, MEDIATHEQUE, TestApp, run};
use chrono::TimeDelta;
use serde_json::json;
use tempfile::TempDir;

use super::{REPLAY, bordereau};

async fn erase(by: &Client, account: AccountId) -> Answer {
    by.post(&format!("/api/v1/accounts/{account}/erase"), &json!({})).await
}

async fn erase_oneself(client: &Client, password: &str) -> Answer {
    client.call(axum::http::Method::DELETE, "/api/v1/me").json(&json!({ "current_password": password })).send().await
}

async fn sign_in(app: &TestApp, email: &str) -> Answer {
    app.anonymous().post("/api/v1/sessions", &json!({ "email": email, "password": demo::PASSWORD })).await
}

/// Whether keys of the person live.
async fn has_keys(app: &TestApp, account: AccountId) -> bool {
    let keys = app.app.store.list_subject_keys("DLIVRE", account.0).await.unwrap();
    keys.iter().any(|key| !key.destroyed)
}

#[tokio::test]
async fn a_person_is_erased_by_the_bookshop_and_nothing_of_him_is_left_but_his_id() {
    let app = TestApp::demo().await;
    leaves_nothing(&app).await;
}

#[tokio::test]
async fn on_postgresql_a_person_is_erased_in_the_same_way() {
    let app = TestApp::demo_on_postgres().await;
    leaves_nothing(&app).await;
}

async fn leaves_nothing(app: &TestApp) {
    let email = "zoe.marchand@demo.example";
    let zoe = app.engage(email, Role::Approver, &[MEDIATHEQUE]).await;
    let account = app.account_of(&zoe).await;
    let basket = zoe.filled_basket().await;
    zoe.delegate(account, app.account_of(&app.requester()).await, app.day(0), app.day(3)).await.expect(201);
    app.bookseller()
        .call(axum::http::Method::PUT, &format!("/api/v1/accounts/{account}/substitution"))
        .send()
        .await
        .done();
    let asked = json!({ "email": "zoe@ailleurs.example", "current_password": demo::PASSWORD });
    zoe.post("/api/v1/me/email", &asked).await.expect(202);
    let of_hers = app.app.store.list_mails("DLIVRE", MailState::Waiting, 100).await.unwrap();
    assert!(of_hers.iter().any(|queued| queued.mail.account == account.0));

    let shown = app.bookseller().get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert!(shown.at("/next_actions").as_array().unwrap().contains(&json!("erase")));
    erase(&app.bookseller(), account).await.expect(200);

    zoe.get("/api/v1/me").await.refused(401, "unauthenticated");
    sign_in(app, email).await.refused(401, "invalid-credentials");
    assert!(!has_keys(app, account).await);
    let waiting = app.app.store.list_mails("DLIVRE", MailState::Waiting, 100).await.unwrap();
    assert!(waiting.iter().all(|queued| queued.mail.account != account.0));
    assert_eq!(app.app.store.find_credential("DLIVRE", account.0).await.unwrap(), None);
    assert_eq!(app.app.store.find_pending_email("DLIVRE", account.0).await.unwrap(), None);
    let shown = app.bookseller().get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert_eq!((shown.at("/name"), shown.at("/email")), (&json!(null), &json!(null)));
    assert_eq!((shown.text_at("/status"), shown.at("/next_actions")), ("inactive".to_owned(), &json!([])));
    let delegations = app.bookseller().get(&format!("/api/v1/accounts/{account}/delegations")).await.expect(200);
    assert!(delegations.items().is_empty(), "{delegations}");

    // Again: 200 and no event. Whatever would open the account is refused.
    let head = app.head("DLIVRE").await;
    erase(&app.bookseller(), account).await.expect(200);
    assert_eq!(app.head("DLIVRE").await, head);
    let by_bookseller =
        async |action: &str, body| app.bookseller().post(&format!("/api/v1/accounts/{account}/{action}"), &body).await;
    by_bookseller("reactivate", json!({})).await.refused(409, "person-erased");
    let role = json!({ "role": "requester", "institution_ids": [app.institution(MEDIATHEQUE)] });
    by_bookseller("assign", role).await.refused(409, "person-erased");
    let named = json!({ "name": "Zoé" });
    app.bookseller().patch(&format!("/api/v1/accounts/{account}"), &named).await.refused(409, "person-erased");

    // Her draft goes on with a colleague, and her address is free.
    app.purchaser().take_over(basket).await.expect(200);
    let history = app.purchaser().history("baskets", basket).await.expect(200);
    assert_eq!(history.at("/items/0/actor"), &json!({ "id": account, "name": null }));
    app.engage(email, Role::Requester, &[MEDIATHEQUE]).await;
    let noted = app.app.store.list_erasures().await.unwrap();
    let [noted] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!((noted.subject, noted.reason.as_str()), (account.0, "requested"));
    assert_eq!(noted.purposes, [Purpose::Account, Purpose::Campaign]);
    assert!(!noted.key_ids.is_empty());
}

#[tokio::test]
async fn the_reason_of_an_erasure_is_kept_whoever_completes_it() {
    let app = TestApp::demo().await;
    // What completes erasures after a crash runs beside the requests, and is often the faster one.
    let running = reactors::start(&app.app).unwrap();
    let mut gone = Vec::new();
    for number in 0..12 {
        let client = app.engage(&format!("zoe{number}@demo.example"), Role::Requester, &[MEDIATHEQUE]).await;
        let account = app.account_of(&client).await;
        let body = json!({ "reason": "unlawful" });
        app.bookseller().post(&format!("/api/v1/accounts/{account}/erase"), &body).await.expect(200);
        gone.push(account.0);
    }
    running.shutdown().await;
    let noted = app.app.store.list_erasures().await.unwrap();
    assert_eq!(noted.iter().map(|erasure| erasure.subject).collect::<Vec<_>>(), gone);
    let wrong: Vec<_> = noted.iter().filter(|erasure| erasure.reason != "unlawful").collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test]
async fn an_erasure_that_was_asked_for_and_did_not_happen_destroys_nothing_and_the_last_reason_stands() {
    reason_stands(TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_an_erasure_that_was_asked_for_and_did_not_happen_destroys_nothing() {
    reason_stands(TestApp::demo_on_postgres().await).await;
}

async fn reason_stands(app: TestApp) {
    let account = app.account_of(&app.requester()).await;
    let path = format!("/api/v1/accounts/{account}/erase");
    let stale = app.bookseller().call(axum::http::Method::POST, &path).json(&json!({ "reason": "unlawful" }));
    stale.if_match(99).send().await.refused(412, "stale");
    assert!(app.app.store.list_erasures().await.unwrap().is_empty());
    assert_eq!(Eraser::new(app.app.commands.clone()).reapply(app.clock.now()).await.unwrap(), 0);
    assert!(has_keys(&app, account).await);
    app.requester().get("/api/v1/me").await.expect(200);
    app.bookseller().post(&path, &json!({ "reason": "objection" })).await.expect(200);
    let noted = app.app.store.list_erasures().await.unwrap();
    assert_eq!(noted.iter().map(|erasure| erasure.reason.as_str()).collect::<Vec<_>>(), ["objection"]);
}

#[tokio::test]
async fn who_only_has_a_session_or_an_address_erases_nobody() {
    // attack 112
    let app = TestApp::demo().await;
    let requester = app.requester();
    let approver = app.account_of(&app.approver()).await;
    let head = app.head("DLIVRE").await;
    erase_oneself(&app.anonymous(), demo::PASSWORD).await.refused(401, "unauthenticated");
    requester.delete("/api/v1/me").await.refused(422, "invalid-field");
    for _ in 0..3 {
        erase_oneself(&requester, "wrong-password").await.refused(403, "wrong-password");
    }
    // From now on the right one does not help either; sign-ins go on.
    let refused = erase_oneself(&requester, demo::PASSWORD).await.refused(429, "too-many-requests");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 23 * 3_600);
    sign_in(&app, "utilisateur@demo.example").await.expect(201);
    app.clock.advance(TimeDelta::hours(25));
    let requester = app.sign_in("utilisateur@demo.example").await;
    assert_eq!(app.head("DLIVRE").await, head, "nothing has happened so far");
    erase_oneself(&requester, demo::PASSWORD).await.expect(200);
    requester.get("/api/v1/me").await.refused(401, "unauthenticated");
    sign_in(&app, "utilisateur@demo.example").await.refused(401, "invalid-credentials");
    // In another's place nobody erases him.
    let in_place = app.sign_in("libraire@demo.example").await.in_place_of(approver).await;
    erase_oneself(&in_place, demo::PASSWORD).await.refused(403, "in-anothers-place");
    erase(&in_place, approver).await.expect(403);
}

#[tokio::test]
async fn the_second_factor_is_asked_for_before_an_erasure() {
    // attack 112
    let app = TestApp::demo().await;
    let requester = app.requester();
    let body = json!({ "current_password": demo::PASSWORD });
    let secret = requester.post("/api/v1/me/second-factor", &body).await.expect(201).text_at("/secret");
    let code = |later: i64| totp::code_now(&secret, app.clock.now().timestamp() + later).unwrap();
    requester.post("/api/v1/me/second-factor/confirm", &json!({ "code": code(0) })).await.expect(200);
    erase_oneself(&requester, demo::PASSWORD).await.refused(403, "second-factor-required");
    let with = async |code: &str| {
        let body = json!({ "current_password": demo::PASSWORD, "code": code });
        requester.call(axum::http::Method::DELETE, "/api/v1/me").json(&body).send().await
    };
    with("000000").await.refused(403, "second-factor-wrong");
    app.clock.advance(TimeDelta::minutes(1));
    with(&code(0)).await.expect(200);
    let account = app.account_of(&app.approver()).await;
    assert!(has_keys(&app, account).await, "of others nothing is touched");
}

#[tokio::test]
async fn the_bookshop_never_loses_its_last_bookseller() {
    let app = TestApp::demo().await;
    let bookseller = app.bookseller();
    let own = app.account_of(&bookseller).await;
    erase(&bookseller, own).await.refused(403, "role-may-not");
    erase_oneself(&bookseller, demo::PASSWORD).await.refused(409, "last-bookseller");
    let second = app.engage("second@demo.example", Role::Bookseller, &[]).await;
    app.drain().await;
    erase(&second, own).await.refused(403, "role-may-not");
    erase_oneself(&bookseller, demo::PASSWORD).await.expect(200);
    app.drain().await;
    erase_oneself(&second, demo::PASSWORD).await.refused(409, "last-bookseller");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_that_a_crash_cut_off_is_completed() {
    let app = TestApp::demo().await;
    completes(&app).await;
    // A second start finds nothing to do.
    let head = app.head("DLIVRE").await;
    let app = app.restart().await;
    assert_eq!(app.head("DLIVRE").await, head);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_an_erasure_that_a_crash_cut_off_is_completed() {
    completes(&TestApp::demo_on_postgres().await).await;
}

async fn completes(app: &TestApp) {
    let account_id = app.account_of(&app.requester()).await;
    // Why is noted, the event is durable, and there it stopped.
    let (shop, eraser) = ("DLIVRE".parse().unwrap(), Eraser::new(app.app.commands.clone()));
    eraser.ask(&shop, account_id, ErasureReason::Objection, app.clock.now()).await.unwrap();
    app.act("DLIVRE", account_id, SubjectRequest::Erase { account_id }).await;
    assert!(has_keys(app, account_id).await);
    let running = reactors::start(&app.app).unwrap();
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..1_500 {
        looks.tick().await;
        let shown = app.bookseller().get(&format!("/api/v1/accounts/{account_id}")).await;
        if !has_keys(app, account_id).await && shown.status == 200 && shown.text_at("/status") == "inactive" {
            break;
        }
    }
    running.shutdown().await;
    assert!(!has_keys(app, account_id).await);
    let erasures = app.app.store.list_erasures().await.unwrap();
    let told: Vec<_> = erasures.iter().map(|erasure| (erasure.subject, erasure.reason.as_str())).collect();
    assert_eq!(told, [(account_id.0, "objection")]);
}

/// Whether some file in a folder holds these bytes.
fn holds(folder: &Path, wanted: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, wanted);
        }
        memchr::memmem::find(&fs::read(&path).unwrap(), wanted).is_some()
    })
}

#[tokio::test]
async fn who_was_erased_stays_erased_when_an_older_back_up_is_restored() {
    // R18
    let app = TestApp::demo().await;
    let data = app.folder.clone().unwrap();
    let copy = TempDir::new().unwrap();
    let file = copy.path().join("copy");
    let file = file.to_str().unwrap();
    assert_eq!(bordereau(data.path(), &["backup", file]).code, Some(0));
    let requester = app.requester();
    let account = app.account_of(&requester).await;
    let email = requester.get("/api/v1/me").await.expect(200).text_at("/email");
    let sealed = app.app.store.list_sealed("DLIVRE", &[], 1_000_000).await.unwrap();
    let sealed: Vec<_> = sealed.into_iter().filter(|field| field.subject == account.0).collect();
    // Nonce and cipher text: the key's id before them stays as that of a destroyed key.
    let all_in = |folder: &Path| sealed.iter().all(|field| holds(folder, &field.bytes[49..]));
    let any_in = |folder: &Path| sealed.iter().any(|field| holds(folder, &field.bytes[49..]));
    assert!(sealed.len() > 2 && all_in(copy.path()), "the back-up has what will be erased");
    erase_oneself(&requester, demo::PASSWORD).await.expect(200);
    let erasures = fs::read_to_string(data.path().join("erasures.jsonl")).unwrap();
    // Why it was asked for, then what is gone.
    assert!(erasures.lines().count() == 2 && erasures.contains(&account.to_string()) && !erasures.contains(&email));

    let restored = TempDir::new().unwrap();
    for kept in ["master.key", "erasures.jsonl"] {
        fs::copy(data.path().join(kept), restored.path().join(kept)).unwrap();
    }
    let told = bordereau(restored.path(), &["restore", file]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.stderr.contains("erased again"), "{told:?}");
    assert!(!any_in(restored.path()));
    let verified = run(Path::new(REPLAY), &["--data", restored.path().to_str().unwrap(), "verify"], "");
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let options = bordereau_store::Options::new(|| 1_800_000_000_000_000);
    let store = bordereau_store::Store::open("sqlite", restored.path(), options).await.unwrap();
    let events = store.load("DLIVRE", "Subject", &account.to_string(), 0).await.unwrap();
    assert_eq!(events.iter().map(|event| event.event_type.as_str()).collect::<Vec<_>>(), ["SubjectErased"]);
    assert!(store.list_undone_erasures().await.unwrap().is_empty());
    let keys = store.list_subject_keys("DLIVRE", account.0).await.unwrap();
    assert!(!keys.is_empty() && keys.iter().all(|key| key.destroyed));
    // Nor does a session live again that ended after the back-up was made.
    let token = bordereau_api::token_hash(app.approver().token().unwrap());
    assert_eq!(store.find_session(&token, 0, 0).await.unwrap(), None);
    // Without the lines the same back-up brings everybody back: they are what makes the difference.
    let forgetful = TempDir::new().unwrap();
    fs::copy(data.path().join("master.key"), forgetful.path().join("master.key")).unwrap();
    assert_eq!(bordereau(forgetful.path(), &["restore", file]).code, Some(0));
    assert!(all_in(forgetful.path()));
    let options = bordereau_store::Options::new(|| 1_800_000_000_000_000);
    let store = bordereau_store::Store::open("sqlite", forgetful.path(), options).await.unwrap();
    assert!(store.list_subject_keys("DLIVRE", account.0).await.unwrap().iter().any(|key| !key.destroyed));
}
