//! One's own password and login, and links that are mailed.

use std::time::{Duration, Instant};

use bordereau_api::token_hash;
use bordereau_store::{MailState, QueuedMail};
use bordereau_tests::{Answer, Client, TestApp, operations};
use chrono::TimeDelta;
use serde_json::json;

const NEW: &str = "cheval-pile-agrafe";

async fn sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous().post("/api/v1/sessions", &json!({ "email": email, "password": password })).await
}

async fn set(by: &Client, current: &str, new: &str) -> Answer {
    by.put("/api/v1/me/password", &json!({ "current": current, "new": new })).await
}

/// Mails of this kind that wait.
async fn mails(app: &TestApp, kind: &str) -> Vec<QueuedMail> {
    let waiting = app.app.store.list_mails("DLIVRE", MailState::Waiting, 100).await.unwrap();
    waiting.into_iter().filter(|queued| queued.mail.kind == kind).collect()
}

/// What whoever sends the mails of this kind does with their links; the token that the one that counts carries.
async fn deliver(app: &TestApp, kind: &str) -> String {
    let store = &app.app.store;
    let expires_at = (app.clock.now() + TimeDelta::minutes(30)).timestamp_micros();
    let mut counts = None;
    for queued in mails(app, kind).await {
        let (token, account) = (format!("token-of-{}", queued.mail.id), queued.mail.account);
        if kind == "confirm-address" {
            let args: serde_json::Value = serde_json::from_str(&queued.mail.args).unwrap();
            let digest: bordereau_domain::Digest = serde_json::from_value(args["digest"].clone()).unwrap();
            // Of several addresses the account waits for the last one only.
            let waits = store.set_email_link("DLIVRE", account, &digest.0, &token_hash(&token)).await.unwrap();
            counts = if waits { Some(token) } else { counts };
        } else {
            store.set_reset_link("DLIVRE", account, &token_hash(&token), expires_at).await.unwrap();
            counts = Some(token);
        }
    }
    counts.expect("a mail")
}

#[tokio::test]
async fn an_accounts_name_is_its_own_and_no_name_of_a_person() {
    names_are_unique(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_an_accounts_name_is_its_own_too() {
    names_are_unique(&TestApp::demo_on_postgres().await).await;
}

/// The account's name is the e-mail address with which its person signs in.
async fn names_are_unique(app: &TestApp) {
    // W04
    let bookseller = app.bookseller();
    let own = app.requester().own_institution();
    let open = async |email: &str, name: &str| {
        let body =
            json!({ "email": email, "name": name, "role": "requester", "institution_ids": [own], "password": NEW });
        bookseller.post("/api/v1/accounts", &body).await
    };
    // Two accounts of persons of one name; in whatever way it is written, one name is one account's.
    open("sacha@demo.example", "Sacha Martin").await.expect(201);
    open("sacha.martin@demo.example", "Sacha Martin").await.expect(201);
    open("SACHA@Demo.Example", "Sacha Petit").await.refused(409, "email-taken");
    open(" sacha@demo.example ", "Sacha Petit").await.refused(409, "email-taken");
    let at_once = tokio::join!(open("lou@demo.example", "Lou A."), open("Lou@demo.example", "Lou B."));
    let mut statuses = [at_once.0.status, at_once.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "of two at once one has it");
    // It, not the person's name, opens a session; another shop may have it too.
    sign_in(app, "Sacha@demo.example", NEW).await.expect(201);
    sign_in(app, "Sacha Martin", NEW).await.expect(401);
    let elsewhere = app.by("libraire@parvis.example");
    let parvis = app.by("utilisateur@parvis.example").own_institution();
    let body =
        json!({ "email": "sacha@demo.example", "name": "Sacha", "role": "requester", "institution_ids": [parvis] });
    elsewhere.post("/api/v1/accounts", &body).await.expect(201);
    // Names and passwords that may not be.
    for email in ["sacha", "sacha@demo", "\"sacha\"@demo.example", "sàcha@demo.example"] {
        open(email, "Sacha Martin").await.refused(422, "malformed-email");
    }
    let body = |password: &str| {
        json!({ "email": "noa@demo.example", "name": "Noa Blanc", "role": "requester", "institution_ids": [own],
            "password": password })
    };
    for (password, slug) in [("neuf-char", "password-length"), ("noa-blanc-54", "password-too-common")] {
        bookseller.post("/api/v1/accounts", &body(password)).await.refused(422, slug);
    }
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it_and_the_other_sessions_end() {
    // L23; attack 9, attack 10
    let app = TestApp::demo().await;
    let (here, there) = (app.sign_in("utilisateur@demo.example").await, app.requester());
    set(&here, "wrong-password", NEW).await.refused(403, "wrong-password");
    for (new, slug) in [
        ("neuf-char", "password-length"),
        ("1234567890", "password-too-common"),
        ("motdepasse2026", "password-too-common"),
        ("orangerie-en-fleur", "password-too-common"),
        ("camille-en-vacances", "password-too-common"),
    ] {
        set(&here, "bordereau-demo", new).await.refused(422, slug);
    }
    let mut current = "bordereau-demo".to_owned();
    for new in ["x".repeat(65), "🦊🐢🦉🐝🌲🌊🔥🌙⭐🍄".to_owned(), "with a space at its end ".to_owned()]
    {
        set(&here, &current, &new).await.expect(204);
        sign_in(&app, "utilisateur@demo.example", new.trim_end()).await;
        current = new;
    }
    there.get("/api/v1/me").await.refused(401, "unauthenticated");
    here.get("/api/v1/me").await.expect(200);
    app.clock.advance(TimeDelta::minutes(11));
    sign_in(&app, "utilisateur@demo.example", current.trim_end()).await.refused(401, "invalid-credentials");
    sign_in(&app, "utilisateur@demo.example", &current).await.expect(201);
}

#[tokio::test]
async fn wrong_present_passwords_lock_like_failed_sign_ins() {
    // W06
    let app = TestApp::demo().await;
    let requester = app.requester();
    for _ in 0..4 {
        set(&requester, "wrong-password", NEW).await.refused(403, "wrong-password");
    }
    set(&requester, "bordereau-demo", NEW).await.refused(403, "wrong-password");
    sign_in(&app, "utilisateur@demo.example", "bordereau-demo").await.refused(401, "invalid-credentials");
    requester.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn nobody_sets_the_password_of_another() {
    // attack 12
    let with_password: Vec<_> = operations()
        .into_iter()
        .filter(|route| route.path.contains("password"))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(
        with_password,
        ["POST /api/v1/passwords", "POST /api/v1/passwords/forgotten", "PUT /api/v1/me/password"]
    );
    let app = TestApp::demo().await;
    let account = app.account_of(&app.requester()).await;
    let body = json!({ "password": NEW });
    for who in [app.bookseller(), app.purchaser(), app.requester()] {
        who.patch(&format!("/api/v1/accounts/{account}"), &body).await.refused(422, "invalid-field");
        for action in ["password", "set-password", "reset-password"] {
            let path = format!("/api/v1/accounts/{account}/{action}");
            let request = axum::http::Request::post(&path)
                .header("authorization", format!("Bearer {}", who.token().unwrap()))
                .body(axum::body::Body::empty())
                .unwrap();
            let answer = tower::ServiceExt::oneshot(bordereau_api::router::router(app.app.clone()), request).await;
            assert_eq!(answer.unwrap().status().as_u16(), 404, "{path}");
        }
    }
    sign_in(&app, "utilisateur@demo.example", "bordereau-demo").await.expect(201);
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_a_mailed_link_and_nobody_learns_who_has_an_account() {
    // L23
    let app = TestApp::demo().await;
    let ask = async |email: &str| {
        let began = Instant::now();
        let answer = app.anonymous().post("/api/v1/passwords/forgotten", &json!({ "email": email })).await.expect(202);
        (answer.text, began.elapsed())
    };
    let (known, unknown) = (ask("Utilisateur@demo.example").await, ask("nobody@demo.example").await);
    assert_eq!(known.0, unknown.0);
    for (_, time) in [&known, &unknown] {
        assert!(*time >= Duration::from_millis(400), "{time:?}");
    }
    ask("ancien.1@demo.example").await;
    ask("utilisateur@demo.example").await;
    let queued = mails(&app, "reset-password").await;
    assert_eq!(queued.len(), 1, "one a minute, and none to who has left: {queued:?}");
    assert_eq!(queued[0].mail.account, app.account_of(&app.requester()).await.0);
    let token = deliver(&app, "reset-password").await;
    let body = json!({ "token": token, "password": "camille-en-vacances" });
    app.anonymous().post("/api/v1/passwords", &body).await.refused(422, "password-too-common");
    let body = json!({ "token": token, "password": NEW });
    app.anonymous().post("/api/v1/passwords", &body).await.expect(204);
    app.anonymous().post("/api/v1/passwords", &body).await.refused(410, "link-gone");
    app.requester().get("/api/v1/me").await.refused(401, "unauthenticated");
    sign_in(&app, "utilisateur@demo.example", NEW).await.expect(201);
}

#[tokio::test]
async fn an_account_without_a_password_is_entered_by_the_link_of_its_first_mail() {
    // B05, L22
    let app = TestApp::demo().await;
    let own = app.requester().own_institution();
    let body = json!({ "email": "odile@demo.example", "name": "Odile Perrault", "role": "requester", "institution_ids": [own] });
    let account = app.purchaser().post("/api/v1/accounts", &body).await.expect(201).id_at("/id");
    sign_in(&app, "odile@demo.example", "").await.refused(401, "invalid-credentials");
    let path = format!("/api/v1/accounts/{account}/send-link");
    app.approver().post(&path, &json!({})).await.expect(202);
    app.by("libraire@parvis.example").post(&path, &json!({})).await.refused(404, "not-found");
    app.auditor().post(&path, &json!({})).await.refused(403, "role-may-not");
    let token = deliver(&app, "first-password").await;
    let body = json!({ "token": token, "password": NEW });
    app.anonymous().post("/api/v1/passwords", &body).await.expect(204);
    sign_in(&app, "odile@demo.example", NEW).await.expect(201);
}

#[tokio::test]
async fn another_login_needs_the_password_and_the_new_address_and_kills_links_to_the_former() {
    // attack 6, attack 14
    let app = TestApp::demo().await;
    let requester = app.requester();
    let ask = async |email: &str, password: &str| {
        requester.post("/api/v1/me/email", &json!({ "email": email, "current_password": password })).await
    };
    requester.post("/api/v1/me/email", &json!({ "email": "neu@demo.example" })).await.refused(422, "invalid-field");
    ask("neu@demo.example", "wrong-password").await.refused(403, "wrong-password");
    // What is another's is answered like what is free, and only its holder hears of it.
    ask("libraire@demo.example", "bordereau-demo").await.expect(202);
    assert!(mails(&app, "confirm-address").await.is_empty());
    assert_eq!(mails(&app, "login-known").await.len(), 1);
    app.clock.advance(TimeDelta::minutes(1));
    let head = app.head("DLIVRE").await;
    ask("Neu@demo.example", "bordereau-demo").await.expect(202);
    assert_eq!(app.head("DLIVRE").await, head, "nothing has changed yet");
    sign_in(&app, "neu@demo.example", "bordereau-demo").await.refused(401, "invalid-credentials");
    let account = app.account_of(&requester).await;
    app.app.store.set_reset_link("DLIVRE", account.0, &token_hash("old"), i64::MAX).await.unwrap();
    let token = deliver(&app, "confirm-address").await;
    let confirm = async |token: &str| app.anonymous().post("/api/v1/emails", &json!({ "token": token })).await;
    confirm("another-token").await.refused(410, "link-gone");
    confirm(&token).await.expect(204);
    confirm(&token).await.refused(410, "link-gone");
    assert_eq!(app.head("DLIVRE").await, head + 1);
    sign_in(&app, "utilisateur@demo.example", "bordereau-demo").await.refused(401, "invalid-credentials");
    sign_in(&app, "neu@demo.example", "bordereau-demo").await.expect(201);
    let reset = json!({ "token": "old", "password": NEW });
    app.anonymous().post("/api/v1/passwords", &reset).await.refused(410, "link-gone");
    assert_eq!(requester.get("/api/v1/me").await.expect(200).text_at("/email"), "Neu@demo.example");
    // Whoever asks twice confirms the second; a link dies after a day.
    ask("trois@demo.example", "bordereau-demo").await.expect(202);
    app.clock.advance(TimeDelta::minutes(1));
    ask("quatre@demo.example", "bordereau-demo").await.expect(202);
    let token = deliver(&app, "confirm-address").await;
    app.clock.advance(TimeDelta::hours(24));
    confirm(&token).await.refused(410, "link-gone");
}

#[tokio::test]
async fn a_password_that_is_set_ends_the_new_login_that_waits_and_the_present_address_is_told_of_it() {
    // attack 6, attack 14
    ends_what_waits(&TestApp::demo().await).await;
    ends_what_waits(&TestApp::demo_on_postgres().await).await;
}

async fn ends_what_waits(app: &TestApp) {
    let requester = app.sign_in("utilisateur@demo.example").await;
    let account = app.account_of(&requester).await;
    let ask = async |by: &Client, password: &str| {
        app.clock.advance(TimeDelta::minutes(1));
        let body = json!({ "email": "thief@elsewhere.example", "current_password": password });
        by.post("/api/v1/me/email", &body).await.expect(202);
        deliver(app, "confirm-address").await
    };
    let confirm = async |token: &str| app.anonymous().post("/api/v1/emails", &json!({ "token": token })).await;

    let token = ask(&requester, "bordereau-demo").await;
    let told = mails(app, "address-change-asked").await;
    let [told] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((told.mail.account, told.mail.args.as_str()), (account.0, "{}"), "it goes to the present address");
    set(&requester, "bordereau-demo", NEW).await.expect(204);
    confirm(&token).await.refused(410, "link-gone");

    let token = ask(&requester, NEW).await;
    app.app.store.set_reset_link("DLIVRE", account.0, &token_hash("reset"), i64::MAX).await.unwrap();
    let reset = json!({ "token": "reset", "password": "agrafe-cheval-pile" });
    app.anonymous().post("/api/v1/passwords", &reset).await.expect(204);
    confirm(&token).await.refused(410, "link-gone");
    assert_eq!(app.app.store.find_pending_email("DLIVRE", account.0).await.unwrap(), None);
    sign_in(app, "utilisateur@demo.example", "agrafe-cheval-pile").await.expect(201);
}

#[tokio::test]
async fn a_new_login_is_asked_for_once_a_minute_by_an_account_and_for_an_address() {
    let app = TestApp::demo().await;
    let ask = async |who: &str, email: &str| {
        let body = json!({ "email": email, "current_password": "bordereau-demo" });
        app.by(who).post("/api/v1/me/email", &body).await
    };
    ask("utilisateur", "victim@elsewhere.example").await.expect(202);
    for email in ["victim@elsewhere.example", "another@elsewhere.example"] {
        let told = ask("utilisateur", email).await.refused(429, "too-many-requests");
        assert_eq!(told.header("retry-after"), "60");
    }
    ask("approbateur", "Victim@elsewhere.example").await.refused(429, "too-many-requests");
    // One that is another's takes the turn like a free one: nobody finds out which are known.
    ask("approbateur", "libraire@demo.example").await.expect(202);
    ask("approbateur", "free@elsewhere.example").await.refused(429, "too-many-requests");
    app.clock.advance(TimeDelta::minutes(1));
    ask("approbateur", "free@elsewhere.example").await.expect(202);
    app.clock.advance(TimeDelta::minutes(1));
    ask("utilisateur", "victim@elsewhere.example").await.expect(202);
    assert_eq!(mails(&app, "confirm-address").await.len(), 3);
}

#[tokio::test]
async fn name_and_telephone_are_ones_own_to_change() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    requester
        .patch("/api/v1/me", &json!({ "name": "Camille Aubert-Roy", "phone": "03 83 00 00 00" }))
        .await
        .expect(200);
    let me = requester.get("/api/v1/me").await.expect(200);
    assert_eq!(
        (me.text_at("/name"), me.text_at("/phone")),
        ("Camille Aubert-Roy".to_owned(), "03 83 00 00 00".to_owned())
    );
    let account = app.account_of(&requester).await;
    let seen = requester.get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert_eq!((seen.text_at("/name"), seen.at("/next_actions")), ("Camille Aubert-Roy".to_owned(), &json!(["edit"])));
    requester.patch("/api/v1/me", &json!({ "name": " " })).await.refused(422, "text-missing");
    let head = app.head("DLIVRE").await;
    requester.patch("/api/v1/me", &json!({})).await.expect(200);
    assert_eq!(app.head("DLIVRE").await, head);
    app.auditor().patch("/api/v1/me", &json!({ "phone": "1" })).await.expect(200);
}
