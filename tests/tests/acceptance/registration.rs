//! Accounts that people ask for themselves.

use std::time::{Duration, Instant};

use bordereau_tests::{Answer, Client, MEDIATHEQUE, SCHOOL, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

const EMAIL: &str = "odile@demo.example";
const PASSWORD: &str = "cheval-pile-agrafe";

fn form(email: &str) -> Value {
    json!({
        "shop": "DLIVRE", "email": email, "name": "Odile Perrault", "phone": "03 83 00 00 00",
        "company": "Lycée Chopin", "vat_number": "FR12345678901", "department": "CDI", "password": PASSWORD,
    })
}

async fn ask(app: &TestApp, body: &Value) -> Answer {
    app.anonymous().post("/api/v1/registrations", body).await
}

async fn sign_in(app: &TestApp, email: &str) -> Client {
    let body = json!({ "email": email, "password": PASSWORD });
    let session = app.anonymous().post("/api/v1/sessions", &body).await.expect(201);
    Client::new(app.clone(), Some(session.text_at("/token")), "DLIVRE")
}

/// Somebody who has asked, signed in, with his account.
async fn newcomer(app: &TestApp) -> (Client, Uuid) {
    ask(app, &form("odile@demo.example")).await.expect(202);
    let client = sign_in(app, "odile@demo.example").await;
    let account = client.get("/api/v1/me").await.expect(200).id_at("/account");
    (client, account)
}

async fn step(by: &Client, account: Uuid, action: &str, body: &Value) -> Answer {
    by.post(&format!("/api/v1/accounts/{account}/{action}"), body).await
}

#[tokio::test]
async fn people_ask_for_accounts_only_where_the_bookshop_lets_them() {
    // B01
    let app = TestApp::demo().await;
    let bookseller = app.bookseller();
    let set = async |by: &Client, word: &str| by.patch("/api/v1/shop", &json!({ "registration": word })).await;
    assert_eq!(bookseller.get("/api/v1/shop").await.expect(200).text_at("/registration"), "open");
    for who in [app.requester(), app.approver(), app.purchaser(), app.auditor(), app.librisoft()] {
        set(&who, "closed").await.refused(403, "role-may-not");
    }
    set(&bookseller, "closed").await.expect(200);
    let head = app.head("DLIVRE").await;
    set(&bookseller, "closed").await.expect(200);
    ask(&app, &form("odile@demo.example")).await.refused(403, "registration-closed");
    assert_eq!(app.head("DLIVRE").await, head);
    let mut elsewhere = form("odile@demo.example");
    elsewhere["shop"] = "PARVIS".into();
    ask(&app, &elsewhere).await.refused(403, "registration-closed");
    elsewhere["shop"] = "NOWHERE".into();
    ask(&app, &elsewhere).await.refused(404, "not-found");
    set(&bookseller, "open").await.expect(200);
    ask(&app, &form("odile@demo.example")).await.expect(202);
    assert_eq!(app.purchaser().get("/api/v1/shop").await.expect(200).text_at("/registration"), "open");
}

#[tokio::test]
async fn an_address_that_is_known_is_answered_like_one_that_is_not() {
    // B07
    let app = TestApp::demo().await;
    let timed = async |email: &str| {
        let began = Instant::now();
        let answer = ask(&app, &form(email)).await.expect(202);
        (answer.text, began.elapsed())
    };
    let head = app.head("DLIVRE").await;
    let (known, unknown) = (timed("Libraire@demo.example").await, timed("odile@demo.example").await);
    assert_eq!(known.0, unknown.0);
    assert!(known.1.min(unknown.1) >= Duration::from_millis(400));
    assert_eq!(app.head("DLIVRE").await, head + 1);
    // His password is his own still.
    app.sign_in("libraire@demo.example").await;
    for field in ["email", "name", "company", "vat_number", "password"] {
        let mut body = form("x@demo.example");
        body.as_object_mut().unwrap().remove(field);
        ask(&app, &body).await.refused(422, "invalid-field");
    }
    for (field, value, slug) in [
        ("company", " ", "text-missing"),
        ("vat_number", "", "text-missing"),
        ("password", "court", "password-length"),
        ("password", "lycee-chopin-54", "password-too-common"),
        ("password", "azertyuiop", "password-too-common"),
        ("role", "bookseller", "invalid-field"),
    ] {
        let mut body = form("x@demo.example");
        body[field] = value.into();
        ask(&app, &body).await.refused(422, slug);
    }
}

#[tokio::test]
async fn whoever_waits_may_sign_in_and_do_nothing() {
    // B08; attack 32
    let app = TestApp::demo().await;
    let (client, account) = newcomer(&app).await;
    let me = client.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text_at("/status"), me.at("/institutions")), ("requested".to_owned(), &json!([])));
    let own = app.requester().own_institution();
    client.post("/api/v1/baskets", &json!({ "institution_id": own })).await.refused(422, "unknown-institution");
    assert!(client.tray("mine").await.expect(200).items().is_empty());
    assert!(client.get("/api/v1/institutions").await.expect(200).items().is_empty());
    for path in ["accounts", "quotes", "orders", "events", "buyers-groups", "institutions/lacking"] {
        client.get(&format!("/api/v1/{path}")).await.refused(403, "role-may-not");
    }
    for action in ["deactivate", "reactivate", "send-link", "unlock"] {
        step(&client, account, action, &json!({})).await.refused(403, "role-may-not");
    }
    let grant = json!({ "role": "purchaser", "institution_ids": [own] });
    step(&client, account, "approve", &grant).await.refused(403, "role-may-not");
    step(&client, account, "assign", &grant).await.refused(403, "role-may-not");
    let body = json!({ "email": "x@demo.example", "name": "x", "role": "requester", "institution_ids": [own] });
    client.post("/api/v1/accounts", &body).await.refused(403, "role-may-not");
    client.patch("/api/v1/me", &json!({ "name": "Odile P." })).await.expect(200);
}

#[tokio::test] // attack 32
async fn a_stranger_who_asked_with_an_address_that_is_not_his_is_out_once_it_is_granted() {
    let app = TestApp::demo().await;
    let (stranger, account) = newcomer(&app).await;
    // He asks for another login, whose link comes to himself.
    let asked = json!({ "email": "stranger@elsewhere.example", "current_password": PASSWORD });
    stranger.post("/api/v1/me/email", &asked).await.expect(202);
    assert!(app.app.store.find_pending_email("DLIVRE", account).await.unwrap().is_some());
    let grant = json!({ "role": "purchaser", "institution_ids": [app.institution(SCHOOL)] });
    step(&app.bookseller(), account, "approve", &grant).await.expect(200);
    assert_eq!(app.app.store.find_pending_email("DLIVRE", account).await.unwrap(), None);
    stranger.get("/api/v1/me").await.refused(401, "unauthenticated");
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    app.anonymous().post("/api/v1/sessions", &body).await.refused(401, "invalid-credentials");
    // Whose the address is sets a password by the letter that comes to it.
    let link = bordereau_api::token_hash("a-letter");
    app.app.store.set_reset_link("DLIVRE", account, &link, i64::MAX).await.unwrap();
    let set = json!({ "token": "a-letter", "password": "quatre coquelicots" });
    app.anonymous().post("/api/v1/passwords", &set).await.expect(204);
    let body = json!({ "email": EMAIL, "password": "quatre coquelicots" });
    app.anonymous().post("/api/v1/sessions", &body).await.expect(201);
}

#[tokio::test] // attack 32, B17
async fn a_stranger_who_waits_under_an_address_is_out_once_its_person_is_added() {
    for on_postgres in [false, true] {
        let app = if on_postgres { TestApp::demo_on_postgres().await } else { TestApp::demo().await };
        let (stranger, account) = newcomer(&app).await;
        let asked = json!({ "email": "stranger@elsewhere.example", "current_password": PASSWORD });
        stranger.post("/api/v1/me/email", &asked).await.expect(202);
        let leave = json!({ "current_password": PASSWORD });
        let left = stranger.call(axum::http::Method::DELETE, "/api/v1/me/registration").json(&leave).send().await;
        left.expect(200);
        let path = format!("/api/v1/institutions/{}/accounts", app.institution(MEDIATHEQUE));
        app.purchaser().post(&path, &json!({ "email": EMAIL, "role": "approver" })).await.expect(200);
        assert_eq!(app.app.store.find_pending_email("DLIVRE", account).await.unwrap(), None);
        stranger.get("/api/v1/me").await.refused(401, "unauthenticated");
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        app.anonymous().post("/api/v1/sessions", &body).await.refused(401, "invalid-credentials");
    }
}

#[tokio::test]
async fn the_bookseller_sees_who_waits_asks_what_is_missing_and_grants_it() {
    // B10, B11, B13
    let app = TestApp::demo().await;
    let (client, account) = newcomer(&app).await;
    app.app.store.prove_login("DLIVRE", account).await.unwrap();
    let bookseller = app.bookseller();
    let waiting = bookseller.get("/api/v1/accounts?status=requested").await.expect(200);
    assert_eq!(waiting.id_at("/items/0/id"), account, "the newest first");
    let said = waiting.at("/items/0/registration");
    assert_eq!((&said["company"], &said["vat_number"]), (&json!("Lycée Chopin"), &json!("FR12345678901")));
    let path = format!("/api/v1/accounts/{account}");
    let seen = bookseller.get(&path).await.expect(200);
    let offered = json!(["approve", "decline", "edit", "erase", "message", "organisation", "send-link"]);
    assert_eq!(seen.at("/next_actions"), &offered);
    app.purchaser().get(&path).await.refused(404, "not-found");
    step(&bookseller, account, "message", &json!({ "text": "Quel est votre numéro UAI ?" })).await.expect(200);
    assert_eq!(client.get(&path).await.expect(200).text_at("/message"), "Quel est votre numéro UAI ?");
    // He completes what he said, or the bookshop does it for him.
    let complete = json!({ "company": "Lycée Chopin", "vat_number": "FR12345678901", "department": "CDI (0541280E)" });
    client.post("/api/v1/me/registration", &complete).await.expect(200);
    let seen = bookseller.get(&path).await.expect(200);
    assert_eq!(
        (seen.text_at("/status"), seen.text_at("/registration/department")),
        ("requested".to_owned(), "CDI (0541280E)".to_owned())
    );
    let corrected = json!({ "company": "Lycée Chopin", "vat_number": "FR12345678901", "department": "CDI" });
    let organisation = format!("{path}/organisation");
    client.put(&organisation, &corrected).await.refused(403, "role-may-not");
    app.purchaser().put(&organisation, &corrected).await.refused(404, "not-found");
    app.auditor().put(&organisation, &corrected).await.refused(403, "role-may-not");
    bookseller.put(&organisation, &json!({ "company": "Lycée Chopin" })).await.refused(422, "invalid-field");
    bookseller.put(&organisation, &corrected).await.expect(200);
    for action in ["assign", "deactivate", "reactivate"] {
        let body = if action == "assign" { json!({ "role": "requester", "institution_ids": [] }) } else { json!({}) };
        step(&bookseller, account, action, &body).await.refused(409, "wrong-status");
    }
    let school = app.institution(SCHOOL);
    let grant = |role: &str| json!({ "role": role, "institution_ids": [school], "message": "Bienvenue" });
    step(&app.purchaser(), account, "approve", &grant("requester")).await.refused(404, "not-found");
    step(&app.auditor(), account, "approve", &grant("requester")).await.refused(403, "role-may-not");
    step(&bookseller, account, "approve", &grant("auditor")).await.refused(422, "unknown-role");
    step(&bookseller, account, "approve", &grant("purchaser")).await.expect(200);
    step(&bookseller, account, "approve", &grant("purchaser")).await.expect(200);
    step(&bookseller, account, "approve", &grant("approver")).await.refused(409, "wrong-status");
    bookseller.put(&organisation, &corrected).await.refused(409, "wrong-status");
    // In the session that he has, as he has shown that the address is his: his data, his colleagues, his orders.
    let me = client.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text_at("/role"), me.text_at("/status")), ("purchaser".to_owned(), "active".to_owned()));
    let own = client.get(&path).await.expect(200);
    assert_eq!(own.text_at("/registration/department"), "CDI");
    assert_eq!(own.text_at("/message"), "Bienvenue");
    client.get("/api/v1/accounts").await.expect(200);
    client.get("/api/v1/orders").await.expect(200);
    client.post("/api/v1/baskets", &json!({ "institution_id": school })).await.expect(201);
}

#[tokio::test]
async fn the_bookshop_writes_down_a_new_client_and_grants_the_account_once_it_is_synchronised() {
    // B02, B06, L16
    let app = TestApp::demo().await;
    let bookseller = app.bookseller();
    // Also where nobody asks for himself (B01).
    bookseller.patch("/api/v1/shop", &json!({ "registration": "closed" })).await.expect(200);
    let path = "/api/v1/accounts/for-organisation";
    let client = |email: &str| json!({ "email": email, "name": "Odile Perrault", "company": "Lycée Chopin", "vat_number": "FR12345678901" });
    for who in [app.requester(), app.approver(), app.purchaser(), app.auditor(), app.librisoft()] {
        who.post(path, &client("odile@demo.example")).await.refused(403, "role-may-not");
    }
    // Company and VAT number alone are demanded of the organisation.
    for field in ["email", "name", "company", "vat_number"] {
        let mut body = client("odile@demo.example");
        body.as_object_mut().unwrap().remove(field);
        bookseller.post(path, &body).await.refused(422, "invalid-field");
    }
    let mut more = client("odile@demo.example");
    more["password"] = PASSWORD.into();
    bookseller.post(path, &more).await.refused(422, "invalid-field");
    let account = bookseller.post(path, &client("odile@demo.example")).await.expect(201).id_at("/id");
    bookseller.post(path, &client("Odile@demo.example")).await.refused(409, "email-taken");
    let at = format!("/api/v1/accounts/{account}");
    let seen = bookseller.get(&at).await.expect(200);
    assert_eq!(
        (seen.text_at("/status"), seen.text_at("/registration/company")),
        ("requested".to_owned(), "Lycée Chopin".to_owned())
    );
    // In the trail it was the bookseller who did it.
    let trail = app.auditor().get(&format!("/api/v1/audit?aggregate=account/{account}")).await.expect(200);
    assert_eq!(
        (trail.text_at("/items/0/type"), trail.text_at("/items/0/role")),
        ("AccountRequested".to_owned(), "bookseller".to_owned())
    );
    step(&bookseller, account, "decline", &json!({ "message": "Pas encore client" })).await.expect(200);
    // What he was refused for is mended by the bookshop: he waits again, and is granted.
    bookseller
        .put(&format!("{at}/organisation"), &json!({ "company": "Lycée F. Chopin", "vat_number": "FR1" }))
        .await
        .expect(200);
    assert_eq!(bookseller.get(&at).await.expect(200).text_at("/status"), "requested");
    let grant = json!({ "role": "purchaser", "institution_ids": [app.institution(SCHOOL)] });
    step(&bookseller, account, "approve", &grant).await.expect(200);
    assert_eq!(bookseller.get(&at).await.expect(200).text_at("/registration/company"), "Lycée F. Chopin");
}

#[tokio::test]
async fn whoever_was_refused_learns_why_and_asks_again() {
    // B03, B11, B14
    let app = TestApp::demo().await;
    let (_, account) = newcomer(&app).await;
    let bookseller = app.bookseller();
    let again = json!({ "company": "Lycée Chopin", "vat_number": "FR99999999999", "chamber_number": "4711" });
    step(&bookseller, account, "decline", &json!({ "message": "Numéro de TVA inconnu" })).await.expect(200);
    step(&bookseller, account, "decline", &json!({})).await.expect(200);
    let client = { sign_in(&app, "odile@demo.example").await };
    let path = format!("/api/v1/accounts/{account}");
    let seen = client.get(&path).await.expect(200);
    assert_eq!(
        (seen.text_at("/status"), seen.text_at("/message")),
        ("declined".to_owned(), "Numéro de TVA inconnu".to_owned())
    );
    let grant = json!({ "role": "requester", "institution_ids": [app.institution(SCHOOL)] });
    step(&bookseller, account, "approve", &grant).await.refused(409, "wrong-status");
    client.post("/api/v1/me/registration", &again).await.expect(200);
    let seen = bookseller.get(&path).await.expect(200);
    assert_eq!(seen.text_at("/status"), "requested");
    assert_eq!(seen.text_at("/registration/vat_number"), "FR99999999999");
    assert_eq!(
        (seen.text_at("/name"), seen.text_at("/phone")),
        ("Odile Perrault".to_owned(), "03 83 00 00 00".to_owned())
    );
    step(&bookseller, account, "approve", &grant).await.expect(200);
    app.requester().post("/api/v1/me/registration", &again).await.refused(409, "wrong-status");
}
