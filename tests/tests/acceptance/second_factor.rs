//! The second factor: begun, proven, demanded, lost.

use bordereau_api::totp;
use bordereau_tests::{Client, TestApp};
use chrono::TimeDelta;
use serde_json::json;

const REQUESTER: &str = "utilisateur@demo.example";

fn password() -> serde_json::Value {
    json!({ "current_password": "bordereau-demo" })
}

fn code(app: &TestApp, secret: &str) -> String {
    totp::code_now(secret, app.clock.now().timestamp()).unwrap()
}

/// Somebody with a second factor: his client, the secret, the recovery codes.
async fn enabled(app: &TestApp, email: &str) -> (Client, String, Vec<String>) {
    let client = app.sign_in(email).await;
    let secret = client.post("/api/v1/me/second-factor", &password()).await.expect(201).text_at("/secret");
    let confirm = json!({ "code": code(app, &secret) });
    let confirmed = client.post("/api/v1/me/second-factor/confirm", &confirm).await.expect(200);
    let codes = serde_json::from_value(confirmed.at("/recovery_codes").clone()).unwrap();
    (client, secret, codes)
}

#[tokio::test]
async fn a_second_factor_is_in_use_once_a_first_code_has_proven_it() {
    let app = TestApp::demo().await;
    let (client, other) = (app.sign_in(REQUESTER).await, app.sign_in(REQUESTER).await);
    let confirm = async |code: &str| client.post("/api/v1/me/second-factor/confirm", &json!({ "code": code })).await;
    confirm("000000").await.refused(409, "second-factor-not-begun");
    let wrong = json!({ "current_password": "wrong-password" });
    client.post("/api/v1/me/second-factor", &wrong).await.refused(403, "wrong-password");
    let begun = client.post("/api/v1/me/second-factor", &password()).await.expect(201);
    let secret = begun.text_at("/secret");
    assert!(begun.text_at("/url").contains(&format!("utilisateur%40demo.example?secret={secret}&issuer=")));
    // Until then nothing is demanded.
    app.sign_in(REQUESTER).await;
    confirm("12345").await.refused(422, "second-factor-wrong");
    let codes = confirm(&code(&app, &secret)).await.expect(200);
    assert_eq!(codes.at("/recovery_codes").as_array().unwrap().len(), 10);
    assert_eq!(client.get("/api/v1/me").await.expect(200).at("/second_factor"), true);
    other.get("/api/v1/me").await.refused(401, "unauthenticated");
    confirm(&code(&app, &secret)).await.refused(409, "second-factor-enabled");
    client.post("/api/v1/me/second-factor", &password()).await.refused(409, "second-factor-enabled");
}

#[tokio::test]
async fn a_sign_in_demands_a_code_and_each_code_is_good_once() {
    let app = TestApp::demo().await;
    let (_, secret, recovery) = enabled(&app, REQUESTER).await;
    let body = json!({ "email": REQUESTER, "password": "bordereau-demo" });
    app.anonymous().post("/api/v1/sessions", &body).await.refused(401, "second-factor-required");
    // The code that has proven the secret is used up.
    app.sign_in_with_code(REQUESTER, &code(&app, &secret)).await.refused(401, "second-factor-wrong");
    app.clock.advance(TimeDelta::seconds(30));
    let fresh = code(&app, &secret);
    app.sign_in_with_code(REQUESTER, &fresh).await.expect(201);
    app.sign_in_with_code(REQUESTER, &fresh).await.refused(401, "second-factor-wrong");
    app.clock.advance(TimeDelta::seconds(30));
    let spaced = code(&app, &secret);
    app.sign_in_with_code(REQUESTER, &format!("{} {}", &spaced[..3], &spaced[3..])).await.expect(201);
    // A recovery code opens once, as it is typed.
    app.sign_in_with_code(REQUESTER, &recovery[0].to_lowercase()).await.expect(201);
    app.sign_in_with_code(REQUESTER, &recovery[0]).await.refused(401, "second-factor-wrong");
    app.sign_in_with_code(REQUESTER, &recovery[1]).await.expect(201);
    // A wrong password is told as ever, whatever the code.
    let body = json!({ "email": REQUESTER, "password": "wrong-password", "code": recovery[2] });
    app.anonymous().post("/api/v1/sessions", &body).await.refused(401, "invalid-credentials");
    app.sign_in_with_code(REQUESTER, &recovery[2]).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_comes_in_with_one_code() {
    for app in [TestApp::demo().await, TestApp::demo_on_postgres().await] {
        let (_, secret, _) = enabled(&app, REQUESTER).await;
        app.clock.advance(TimeDelta::seconds(60));
        let fresh = code(&app, &secret);
        let tries = (0..3).map(|_| {
            let (app, fresh) = (app.clone(), fresh.clone());
            tokio::spawn(async move { app.sign_in_with_code(REQUESTER, &fresh).await.status })
        });
        let mut statuses = Vec::new();
        for tried in tries {
            statuses.push(tried.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 401, 401]);
    }
}

#[tokio::test] // attack 1
async fn wrong_codes_lock_like_wrong_passwords() {
    let app = TestApp::demo().await;
    let (_, secret, recovery) = enabled(&app, REQUESTER).await;
    app.clock.advance(TimeDelta::minutes(1));
    for _ in 0..4 {
        app.sign_in_with_code(REQUESTER, "abc").await.refused(401, "second-factor-wrong");
    }
    for code in [code(&app, &secret), recovery[0].clone()] {
        app.sign_in_with_code(REQUESTER, &code).await.refused(401, "invalid-credentials");
    }
    app.clock.advance(TimeDelta::minutes(31));
    app.sign_in_with_code(REQUESTER, &code(&app, &secret)).await.expect(201);
}

#[tokio::test] // attack 1
async fn wrong_first_codes_lock_like_wrong_passwords() {
    let app = TestApp::demo().await;
    let client = app.sign_in(REQUESTER).await;
    let begin = async || client.post("/api/v1/me/second-factor", &password()).await.expect(201).text_at("/secret");
    let confirm = async |code: &str| client.post("/api/v1/me/second-factor/confirm", &json!({ "code": code })).await;
    let secret = begin().await;
    for _ in 0..4 {
        confirm("000000").await.refused(422, "second-factor-wrong");
    }
    // Under the lock a right code and a wrong one are told the same.
    for code in [code(&app, &secret), "000000".to_owned()] {
        confirm(&code).await.refused(403, "wrong-password");
    }
    let body = json!({ "email": REQUESTER, "password": "bordereau-demo" });
    app.anonymous().post("/api/v1/sessions", &body).await.refused(401, "invalid-credentials");
    app.clock.advance(TimeDelta::minutes(31));
    let again = begin().await;
    confirm(&code(&app, &again)).await.expect(200);
}

#[tokio::test]
async fn a_secret_that_nobody_proves_dies_after_ten_minutes() {
    let app = TestApp::demo().await;
    let client = app.sign_in(REQUESTER).await;
    let begin = async || client.post("/api/v1/me/second-factor", &password()).await.expect(201).text_at("/secret");
    let confirm = async |code: &str| client.post("/api/v1/me/second-factor/confirm", &json!({ "code": code })).await;
    let secret = begin().await;
    app.clock.advance(TimeDelta::minutes(10));
    confirm(&code(&app, &secret)).await.refused(409, "second-factor-not-begun");
    let secret = begin().await;
    app.clock.advance(TimeDelta::seconds(599));
    confirm(&code(&app, &secret)).await.expect(200);
    // Once it is proven it stays.
    app.clock.advance(TimeDelta::minutes(11));
    app.sign_in_with_code(REQUESTER, &code(&app, &secret)).await.expect(201);
}

#[tokio::test]
async fn it_is_given_up_with_both_factors_or_lifted_by_the_bookseller() {
    let app = TestApp::demo().await;
    let (client, secret, recovery) = enabled(&app, REQUESTER).await;
    let give_up = async |password: &str, code: &str| {
        let body = json!({ "current_password": password, "code": code });
        client.call(axum::http::Method::DELETE, "/api/v1/me/second-factor").json(&body).send().await
    };
    give_up("wrong-password", &recovery[0]).await.refused(403, "wrong-password");
    give_up("bordereau-demo", "000").await.refused(403, "second-factor-wrong");
    give_up("bordereau-demo", &recovery[0]).await.expect(200);
    app.sign_in(REQUESTER).await;
    give_up("bordereau-demo", &recovery[1]).await.refused(409, "second-factor-missing");

    let (client, again, _) = enabled(&app, REQUESTER).await;
    assert_ne!(again, secret);
    let account = app.account_of(&client).await;
    let path = format!("/api/v1/accounts/{account}/second-factor");
    for who in [app.purchaser(), app.auditor(), client] {
        who.delete(&path).await.refused(403, "role-may-not");
    }
    app.bookseller().delete(&path).await.expect(200);
    app.sign_in(REQUESTER).await;
    app.bookseller().delete(&path).await.refused(409, "second-factor-missing");
    // His own a bookseller gives up like everybody.
    let (bookseller, ..) = enabled(&app, "libraire@demo.example").await;
    let own = app.account_of(&bookseller).await;
    bookseller.delete(&format!("/api/v1/accounts/{own}/second-factor")).await.refused(403, "role-may-not");
}

#[tokio::test]
async fn no_secret_and_no_recovery_code_lies_in_the_files_in_clear() {
    let app = TestApp::demo().await;
    let (_, secret, recovery) = enabled(&app, REQUESTER).await;
    let folder = app.folder.clone().unwrap();
    let mut looked_at = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap().flatten() {
        let Ok(bytes) = std::fs::read(entry.path()) else { continue };
        looked_at += 1;
        for text in recovery.iter().map(|code| code.replace('-', "")).chain(recovery.clone()).chain([secret.clone()]) {
            let found = bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
            assert!(!found, "{} holds it", entry.path().display());
        }
    }
    assert!(looked_at >= 3);
}
