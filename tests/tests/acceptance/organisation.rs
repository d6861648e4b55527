//! « Supprimer mon compte B2B »: the account stays, all B2B data goes; after a crash and after a restore too.

use std::{fs, time::Duration};

use axum::http::Method;
use bordereau_api::{demo, reactors, totp};
use bordereau_commands::AccountRequest;
use bordereau_domain::{AccountId, Digest, Role};
use bordereau_integrations::erasure::Eraser;
use bordereau_store::{Erasure, Options, Store};
use bordereau_tests::{Answer, Client, MEDIATHEQUE, SCHOOL, TestApp};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::bordereau;

const PASSWORD: &str = "cheval-pile-agrafe";
const EMAIL: &str = "odile@demo.example";

async fn sign_in(app: &TestApp) -> Client {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let session = app.anonymous().post("/api/v1/sessions", &body).await.expect(201);
    Client::new(app.clone(), Some(session.text_at("/token")), "DLIVRE")
}

/// Somebody who asked, was refused, asked again, and was granted an account of that role; the bookshop wrote twice.
async fn granted(app: &TestApp, role: &str) -> (Client, AccountId) {
    let form = json!({
        "shop": "DLIVRE", "email": EMAIL, "name": "Odile Perrault", "phone": "03 83 00 00 00",
        "company": "Lycée Chopin", "vat_number": "FR12345678901", "department": "CDI", "password": PASSWORD,
    });
    app.anonymous().post("/api/v1/registrations", &form).await.expect(202);
    let odile = sign_in(app).await;
    let account: AccountId = odile.get("/api/v1/me").await.expect(200).id_at("/account").into();
    app.app.store.prove_login("DLIVRE", account.0).await.unwrap();
    let step = async |action: &str, body: Value| {
        app.bookseller().post(&format!("/api/v1/accounts/{account}/{action}"), &body).await.expect(200)
    };
    step("decline", json!({ "message": "Numéro de TVA inconnu" })).await;
    let again = json!({ "company": "Lycée Frédéric Chopin", "vat_number": "FR99999999999", "chamber_number": "4711" });
    odile.post("/api/v1/me/registration", &again).await.expect(200);
    let institutions = [app.institution(MEDIATHEQUE)];
    step("approve", json!({ "role": role, "institution_ids": institutions, "message": "Bienvenue" })).await;
    app.drain().await;
    (odile, account)
}

async fn delete(client: &Client, password: &str) -> Answer {
    let body = json!({ "current_password": password });
    client.call(Method::DELETE, "/api/v1/me/registration").json(&body).send().await
}

/// What the log says was destroyed.
async fn digests(store: &Store, account: AccountId) -> Vec<[u8; 32]> {
    let events = store.load("DLIVRE", "Account", &account.to_string(), 0).await.unwrap();
    let deleted = events.iter().filter(|event| event.event_type == "AccountOrganisationDeleted");
    let payloads = deleted.map(|event| serde_json::from_str::<Value>(&event.payload).unwrap());
    let texts =
        payloads.flat_map(|payload| payload["AccountOrganisationDeleted"]["digests"].as_array().unwrap().clone());
    texts.map(|text| text.as_str().unwrap().parse::<Digest>().unwrap().0).collect()
}

#[tokio::test]
async fn a_b2b_account_is_deleted_and_its_person_stays() {
    leaves_the_person(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_a_b2b_account_is_deleted_in_the_same_way() {
    leaves_the_person(&TestApp::demo_on_postgres().await).await;
}

async fn leaves_the_person(app: &TestApp) {
    // B15
    let (odile, account) = granted(app, "approver").await;
    let (requester, colleague) = (app.requester(), app.account_of(&app.requester()).await);
    let basket = odile.filled_basket().await;
    odile.delegate(account, colleague, app.day(0), app.day(3)).await.expect(201);
    let in_her_place = app.sign_in("utilisateur@demo.example").await.in_place_of(account).await;
    let by_the_bookshop = app.sign_in("libraire@demo.example").await.in_place_of(account).await;
    let elsewhere = sign_in(app).await;
    let orders = app.purchaser().get("/api/v1/orders").await.expect(200).text;

    delete(&odile, PASSWORD).await.expect(200);
    // She is signed in, in both places, and acts for nobody; nobody acts for her.
    for client in [&odile, &elsewhere] {
        let me = client.get("/api/v1/me").await.expect(200);
        assert_eq!((me.text_at("/status"), me.text_at("/role")), ("private".to_owned(), "requester".to_owned()));
        assert_eq!((me.at("/institutions"), me.text_at("/name")), (&json!([]), "Odile Perrault".to_owned()));
        client.get("/api/v1/accounts").await.refused(403, "role-may-not");
        client.get(&format!("/api/v1/baskets/{basket}")).await.refused(404, "not-found");
        client.send(basket).await.refused(404, "not-found");
        assert!(client.tray("mine").await.expect(200).items().is_empty());
    }
    in_her_place.get("/api/v1/me").await.refused(401, "unauthenticated");
    by_the_bookshop.get("/api/v1/me").await.refused(401, "unauthenticated");
    requester.get("/api/v1/me").await.expect(200);
    let own = app.institution(MEDIATHEQUE);
    odile.post("/api/v1/baskets", &json!({ "institution_id": own })).await.refused(422, "unknown-institution");
    // Her draft stands like that of somebody who has gone; what is the institution's stays there.
    app.drain().await;
    app.purchaser().take_over(basket).await.expect(200);
    assert_eq!(app.purchaser().get("/api/v1/orders").await.expect(200).text, orders);

    // Company, numbers, department, messages: eight texts, and none of them opens any more. Her name does.
    let store = &app.app.store;
    let gone = digests(store, account).await;
    assert_eq!(gone.len(), 8);
    assert!(store.open_sealed("DLIVRE", &gone).await.unwrap().is_empty());
    let seen = app.bookseller().get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert_eq!((seen.text_at("/status"), seen.text_at("/email")), ("private".to_owned(), EMAIL.to_owned()));
    for field in ["registration", "message", "role", "group_id"] {
        assert_eq!(seen.at("").get(field), None, "{seen}");
    }
    assert_eq!(seen.at("/next_actions"), &json!(["approve", "edit", "erase", "message", "organisation", "send-link"]));
    let listed = app.bookseller().get("/api/v1/accounts?status=private").await.expect(200);
    assert_eq!((listed.id_at("/items/0/id"), listed.at("/counts/private")), (account.0, &json!(1)));
    let mut noted = store.list_erasures().await.unwrap();
    noted.sort_by_key(|line| line.organisation);
    let [texts, organisation] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!((texts.subject, &texts.digests, texts.purposes.as_slice()), (account.0, &gone, [].as_slice()));
    assert_eq!((organisation.subject, organisation.digests.len()), (account.0, 0));

    // Again: no event. And once more from the beginning (B14).
    let head = app.head("DLIVRE").await;
    delete(&odile, PASSWORD).await.expect(200);
    assert_eq!(app.head("DLIVRE").await, head);
    odile.post("/api/v1/me/registration", &json!({ "company": "Dépôt", "vat_number": "FR1" })).await.expect(200);
    assert_eq!(odile.get("/api/v1/me").await.expect(200).text_at("/status"), "requested");
    let grant = json!({ "role": "requester", "institution_ids": [app.institution(SCHOOL)] });
    app.bookseller().post(&format!("/api/v1/accounts/{account}/approve"), &grant).await.expect(200);
    odile.post("/api/v1/baskets", &json!({ "institution_id": app.institution(SCHOOL) })).await.expect(201);
}

#[tokio::test]
async fn nobody_deletes_a_b2b_account_by_a_session_alone_nor_one_that_is_no_institutions() {
    // B15, attack 112
    let app = TestApp::demo().await;
    let (odile, account) = granted(&app, "requester").await;
    let head = app.head("DLIVRE").await;
    delete(&app.anonymous(), PASSWORD).await.refused(401, "unauthenticated");
    odile.delete("/api/v1/me/registration").await.refused(422, "invalid-field");
    let in_place = app.sign_in("libraire@demo.example").await.in_place_of(account).await;
    delete(&in_place, demo::PASSWORD).await.refused(403, "in-anothers-place");
    for who in [app.bookseller(), app.auditor()] {
        delete(&who, demo::PASSWORD).await.refused(403, "role-may-not");
    }
    for _ in 0..3 {
        delete(&odile, "wrong-password").await.refused(403, "wrong-password");
    }
    delete(&odile, PASSWORD).await.refused(429, "too-many-requests");
    assert_eq!(app.head("DLIVRE").await, head, "nothing has happened so far");
    app.clock.advance(TimeDelta::hours(25));
    let odile = sign_in(&app).await;
    let begun = odile.post("/api/v1/me/second-factor", &json!({ "current_password": PASSWORD })).await.expect(201);
    let code = || totp::code_now(&begun.text_at("/secret"), app.clock.now().timestamp()).unwrap();
    odile.post("/api/v1/me/second-factor/confirm", &json!({ "code": code() })).await.expect(200);
    delete(&odile, PASSWORD).await.refused(403, "second-factor-required");
    app.clock.advance(TimeDelta::minutes(1));
    let body = json!({ "current_password": PASSWORD, "code": code() });
    odile.call(Method::DELETE, "/api/v1/me/registration").json(&body).send().await.expect(200);
    // Her sign-ins demand the code still, and she gives it up as before.
    let sign_in = json!({ "email": EMAIL, "password": PASSWORD });
    app.anonymous().post("/api/v1/sessions", &sign_in).await.refused(401, "second-factor-required");
    assert_eq!(odile.get("/api/v1/me").await.expect(200).at("/second_factor"), &json!(true));
    app.clock.advance(TimeDelta::minutes(1));
    let body = json!({ "current_password": PASSWORD, "code": code() });
    odile.call(Method::DELETE, "/api/v1/me/second-factor").json(&body).send().await.expect(200);
}

#[tokio::test]
async fn whoever_acts_for_nobody_is_added_by_his_address_and_asks_only_where_people_may() {
    // B01 B15 B17
    let app = TestApp::demo().await;
    let (odile, account) = granted(&app, "requester").await;
    delete(&odile, PASSWORD).await.expect(200);
    app.bookseller().patch("/api/v1/shop", &json!({ "registration": "closed" })).await.expect(200);
    let again = json!({ "company": "Dépôt", "vat_number": "FR1" });
    odile.post("/api/v1/me/registration", &again).await.refused(403, "registration-closed");
    let institution = app.institution(MEDIATHEQUE);
    let add = async |by: &Client, role: &str| {
        let body = json!({ "email": EMAIL, "role": role });
        by.post(&format!("/api/v1/institutions/{institution}/accounts"), &body).await
    };
    add(&app.approver(), "approver").await.refused(422, "unknown-email");
    let added = add(&app.purchaser(), "approver").await.expect(200);
    assert_eq!(added.id_at("/id"), account.0);
    let me = odile.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text_at("/role"), me.text_at("/status")), ("approver".to_owned(), "active".to_owned()));
    odile.filled_basket().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_a_crash_cut_off_is_completed() {
    let app = TestApp::demo().await;
    let (_, account_id) = granted(&app, "requester").await;
    // The event is durable, and there it stopped.
    app.act("DLIVRE", account_id, AccountRequest::DeleteOrganisation { account_id }).await;
    let store = app.app.store.clone();
    let gone = digests(&store, account_id).await;
    let open = async || store.open_sealed("DLIVRE", &gone).await.unwrap().len();
    assert_eq!(open().await, 8);
    let running = reactors::start(&app.app).unwrap();
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..1_500 {
        looks.tick().await;
        if open().await == 0 {
            break;
        }
    }
    running.shutdown().await;
    assert_eq!(open().await, 0);
    assert_eq!(store.list_erasures().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_deleted_stays_deleted_when_an_older_back_up_is_restored() {
    // R18
    let app = TestApp::demo().await;
    let (odile, account) = granted(&app, "requester").await;
    let data = app.folder.clone().unwrap();
    let copy = TempDir::new().unwrap();
    let file = copy.path().join("copy");
    let file = file.to_str().unwrap();
    assert_eq!(bordereau(data.path(), &["backup", file]).code, Some(0));
    delete(&odile, PASSWORD).await.expect(200);
    let gone = digests(&app.app.store, account).await;

    let restored = TempDir::new().unwrap();
    for kept in ["master.key", "erasures.jsonl"] {
        fs::copy(data.path().join(kept), restored.path().join(kept)).unwrap();
    }
    let told = bordereau(restored.path(), &["restore", file]);
    assert_eq!(told.code, Some(0), "{told:?}");
    let store = Store::open("sqlite", restored.path(), Options::new(|| 1_800_000_000_000_000)).await.unwrap();
    assert!(store.open_sealed("DLIVRE", &gone).await.unwrap().is_empty());
    assert_eq!(digests(&store, account).await, gone, "the event that the back-up had not is written again");
    assert!(store.list_undone_erasures().await.unwrap().is_empty());
    let keys = store.list_subject_keys("DLIVRE", account.0).await.unwrap();
    assert!(keys.iter().all(|key| !key.destroyed), "its person lives");
}

#[tokio::test]
async fn who_gave_up_an_account_of_which_nobody_had_written_anything_does_not_get_it_back_by_a_restore() {
    // B15, R18
    let app = TestApp::demo().await;
    let muette = app.engage("muette@demo.example", Role::Purchaser, &[MEDIATHEQUE]).await;
    let account = app.account_of(&muette).await;
    let data = app.folder.clone().unwrap();
    let copy = TempDir::new().unwrap();
    let file = copy.path().join("copy");
    let file = file.to_str().unwrap();
    assert_eq!(bordereau(data.path(), &["backup", file]).code, Some(0));
    delete(&muette, demo::PASSWORD).await.expect(200);
    assert!(digests(&app.app.store, account).await.is_empty());

    let restored = TempDir::new().unwrap();
    for kept in ["master.key", "erasures.jsonl"] {
        fs::copy(data.path().join(kept), restored.path().join(kept)).unwrap();
    }
    let told = bordereau(restored.path(), &["restore", file]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.stderr.contains("deleted again"), "{told:?}");
    let deletions = async || {
        let store = Store::open("sqlite", restored.path(), Options::new(|| 1_800_000_000_000_000)).await.unwrap();
        let events = store.load("DLIVRE", "Account", &account.to_string(), 0).await.unwrap();
        store.close().await;
        events.iter().filter(|event| event.event_type == "AccountOrganisationDeleted").count()
    };
    assert_eq!(deletions().await, 1);
    // What is done is done: the next start finds nothing.
    assert_eq!(bordereau(restored.path(), &["restored"]).code, Some(0));
    assert_eq!(deletions().await, 1);
}

#[tokio::test]
async fn what_somebody_has_asked_for_anew_is_not_deleted_with_what_he_gave_up() {
    asks_anew(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_what_somebody_has_asked_for_anew_is_not_deleted_with_what_he_gave_up() {
    asks_anew(&TestApp::demo_on_postgres().await).await;
}

async fn asks_anew(app: &TestApp) {
    // B14 B15
    let (odile, account_id) = granted(app, "requester").await;
    // The event and its line are durable; there one node stopped, with the texts still there.
    app.act("DLIVRE", account_id, AccountRequest::DeleteOrganisation { account_id }).await;
    let store = &app.app.store;
    let gone = digests(store, account_id).await;
    let line = Erasure {
        ledger: "DLIVRE".to_owned(),
        subject: account_id.0,
        purposes: Vec::new(),
        organisation: false,
        digests: gone.clone(),
        key_ids: Vec::new(),
        reason: "requested".to_owned(),
        at: app.clock.now().timestamp_micros(),
    };
    store.note_erasure(line.clone()).await.unwrap();
    store.note_erasure(Erasure { organisation: true, digests: Vec::new(), ..line }).await.unwrap();
    app.clock.advance(TimeDelta::minutes(1));
    odile.post("/api/v1/me/registration", &json!({ "company": "Dépôt", "vat_number": "FR1" })).await.expect(200);
    let eraser = Eraser::new(app.app.commands.clone());
    assert_eq!(eraser.reapply(app.clock.now()).await.unwrap(), 1);
    assert!(store.open_sealed("DLIVRE", &gone).await.unwrap().is_empty());
    let me = odile.get("/api/v1/me").await.expect(200);
    assert_eq!(me.text_at("/status"), "requested");
    let seen = app.bookseller().get(&format!("/api/v1/accounts/{account_id}")).await.expect(200);
    assert_eq!(seen.text_at("/registration/company"), "Dépôt");
    assert_eq!(eraser.reapply(app.clock.now()).await.unwrap(), 0);
}

#[tokio::test]
async fn what_the_bookshop_writes_afterwards_can_be_deleted_too() {
    // B15
    let app = TestApp::demo().await;
    let (odile, account) = granted(&app, "requester").await;
    delete(&odile, PASSWORD).await.expect(200);
    let message = json!({ "text": "Bonjour Odile Perrault" });
    app.bookseller().post(&format!("/api/v1/accounts/{account}/message"), &message).await.expect(200);
    let shown = async || app.bookseller().get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert_eq!(shown().await.text_at("/message"), "Bonjour Odile Perrault");
    delete(&odile, PASSWORD).await.expect(200);
    assert_eq!(shown().await.at("").get("message"), None);
    assert!(app.app.store.open_sealed("DLIVRE", &digests(&app.app.store, account).await).await.unwrap().is_empty());
    let head = app.head("DLIVRE").await;
    delete(&odile, PASSWORD).await.expect(200);
    assert_eq!(app.head("DLIVRE").await, head);
}

#[tokio::test]
async fn who_left_an_institution_reads_the_names_of_its_people_no_more() {
    // B15
    let app = TestApp::demo().await;
    let muette = app.engage("muette@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let (account, approver) = (app.account_of(&muette).await, app.account_of(&app.approver()).await);
    app.approver().delegate(approver, account, app.day(0), app.day(3)).await.expect(201);
    app.drain().await;
    let given = async || muette.get("/api/v1/me").await.expect(200).at("/delegations").as_array().unwrap().len();
    assert_eq!(given().await, 1);
    delete(&muette, demo::PASSWORD).await.expect(200);
    assert_eq!(given().await, 0);
}
