//! Links in letters: how long they live, and what they do not outlive. And whom a letter is not written to.

use std::sync::Arc;

use bordereau_api::{demo, reactors};
use bordereau_commands::new_id;
use bordereau_domain::{AccountId, Role};
use bordereau_integrations::mail::{MailArgs, MailKind, Sender, new_mail};
use bordereau_store::MailState;
use bordereau_tests::{Answer, Client, MEDIATHEQUE, MailServer, TakenLetter, TestApp};
use chrono::TimeDelta;
use serde_json::json;
use tokio::sync::watch;

use super::mail::{invite, settings, settled, start, token};

const PASSWORD: &str = "quatre coquelicots";

async fn set_password(app: &TestApp, letter: &TakenLetter) -> Answer {
    let set = json!({ "token": token(letter, "password"), "password": PASSWORD });
    app.anonymous().post("/api/v1/passwords", &set).await
}

async fn forget(app: &TestApp, email: &str) {
    app.anonymous().post("/api/v1/passwords/forgotten", &json!({ "email": email })).await.expect(202);
}

/// Hands over what is due; how many letters were taken.
async fn post(app: &TestApp) -> usize {
    let (store, commands, clock) = (app.app.store.clone(), app.app.commands.clone(), app.clock.edge());
    let clock = Arc::new(move || clock.micros());
    let sender = Sender::new(store, commands, clock, &app.app.settings.mail()).unwrap();
    let (_open, stop) = watch::channel(false);
    sender.pass(&stop).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_a_forgotten_password_lives_thirty_minutes() {
    // attack 6, L23
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let email = "utilisateur@demo.example";
    forget(&app, email).await;
    let letter = server.next();
    app.clock.advance(TimeDelta::seconds(30 * 60 - 1));
    set_password(&app, &letter).await.expect(204);
    app.clock.advance(TimeDelta::minutes(1));
    forget(&app, email).await;
    let letter = server.next();
    app.clock.advance(TimeDelta::minutes(30));
    set_password(&app, &letter).await.refused(410, "link-gone");
    // The same for whoever has never had a password: the long life is that of an invitation alone.
    invite(&app, "lea@demo.example", "Léa").await;
    let invitation = server.next();
    forget(&app, "lea@demo.example").await;
    let letter = server.next();
    assert!(letter.text().contains("nouveau mot de passe"), "{}", letter.text());
    set_password(&app, &invitation).await.refused(410, "link-gone");
    app.clock.advance(TimeDelta::minutes(30));
    set_password(&app, &letter).await.refused(410, "link-gone");
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_lives_seven_days() {
    // B05
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let week = TimeDelta::days(7);
    for (email, after, status) in
        [("lea@demo.example", week - TimeDelta::seconds(1), 204), ("max@demo.example", week, 410)]
    {
        invite(&app, email, "Quelqu'un").await;
        let letter = server.next();
        app.clock.advance(after);
        set_password(&app, &letter).await.expect(status);
    }
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_waits_is_not_sent_once_there_is_a_password() {
    // attack 6
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let account = invite(&app, "later@demo.example", "Plus tard").await;
    settled(&app, account, MailState::Waiting, 1).await;
    app.app.store.set_password("DLIVRE", account.0, "a hash").await.unwrap();
    app.clock.advance(TimeDelta::seconds(61));
    let failed = settled(&app, account, MailState::Failed, 2).await;
    assert_eq!(failed.last_error.as_deref(), Some("a password has been set since"));
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_address_gets_no_link_that_lives_from_a_node_that_has_not_heard_yet() {
    // attack 6
    let server = MailServer::start();
    let app = TestApp::demo_on_postgres_with(settings(&server)).await;
    let other = app.another_node().await;
    let account = app.account_of(&app.requester()).await;
    forget(&app, "utilisateur@demo.example").await;
    // The other node knows the account as it was a moment ago.
    let ask = |account: &bordereau_domain::account::Account| account.email().map(|email| email.digest);
    let known = other.app.commands.peek_now("DLIVRE", &account.to_string(), ask).await.unwrap().value;
    let changed = json!({ "email": "camille@ailleurs.example" });
    app.bookseller().patch(&format!("/api/v1/accounts/{account}"), &changed).await.expect(200);
    post(&other).await;
    // It may have heard by now.
    let (new, former): (Vec<_>, Vec<_>) =
        server.rest().into_iter().partition(|letter| letter.recipients == ["camille@ailleurs.example"]);
    for letter in &former {
        set_password(&app, letter).await.refused(410, "link-gone");
    }
    app.clock.advance(TimeDelta::seconds(61));
    post(&other).await;
    let now = other.app.commands.peek_now("DLIVRE", &account.to_string(), ask).await.unwrap().value;
    assert_ne!(known, now);
    let sent = settled(&app, account, MailState::Sent, 1).await;
    assert_eq!(sent.mail.kind, "reset-password");
    let letter = new.into_iter().next().unwrap_or_else(|| server.next());
    assert_eq!(letter.recipients, ["camille@ailleurs.example"]);
    set_password(&app, &letter).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_admitted_since_is_not_told_that_he_will_be_erased() {
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let zoe = app.engage("zoe@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let account = app.account_of(&zoe).await;
    let leave = json!({ "current_password": demo::PASSWORD });
    zoe.call(axum::http::Method::DELETE, "/api/v1/me/registration").json(&leave).send().await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    let (now, args) = (app.clock.now().timestamp_micros(), MailArgs { days: Some(30), ..MailArgs::default() });
    let mail = new_mail("DLIVRE", MailKind::InactiveAccount, account, new_id(), &args, now).unwrap();
    app.app.store.queue_mail(mail).await.unwrap();
    app.clock.advance(TimeDelta::seconds(1));
    let granted = json!({ "role": "requester", "institution_ids": [app.institution(MEDIATHEQUE)] });
    app.bookseller().post(&format!("/api/v1/accounts/{account}/approve"), &granted).await.expect(200);
    assert_eq!(post(&app).await, 0);
    settled(&app, account, MailState::Failed, 1).await;
    assert!(server.rest().is_empty());
}

async fn register(app: &TestApp) -> (Client, AccountId) {
    let request = json!({
        "shop": "DLIVRE", "email": "lise@mairie.example", "name": "Lise Roy", "company": "Mairie de Toul",
        "vat_number": "FR12345678901", "password": PASSWORD
    });
    app.anonymous().post("/api/v1/registrations", &request).await.expect(202);
    let body = json!({ "email": "lise@mairie.example", "password": PASSWORD });
    let session = app.anonymous().post("/api/v1/sessions", &body).await.expect(201);
    let client = Client::new(app.clone(), Some(session.text_at("/token")), "DLIVRE");
    let account = app.account_of(&client).await;
    (client, account)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bookshop_hears_of_a_request_once_an_hour_however_often_it_is_completed() {
    // B09, B11
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let (lise, _) = register(&app).await;
    let mut told = [server.next().recipients, server.next().recipients].concat();
    told.sort();
    assert_eq!(told, ["libraire@demo.example", "lise@mairie.example"]);
    let ask = async |company: &str| {
        let said = json!({ "company": company, "vat_number": "FR12345678901" });
        lise.post("/api/v1/me/registration", &said).await.expect(200);
    };
    let head = app.head("DLIVRE").await;
    for _ in 0..3 {
        ask("Mairie de Toul").await;
    }
    assert_eq!(app.head("DLIVRE").await, head, "nothing new was said");
    ask("Mairie de Toul, médiathèque").await;
    ask("Mairie de Toul, bibliothèque").await;
    assert_eq!(app.head("DLIVRE").await, head + 2);
    // The letter about somebody else comes after whatever would have come about them.
    invite(&app, "lea@demo.example", "Léa").await;
    assert_eq!(server.next().recipients, ["lea@demo.example"]);
    app.clock.advance(TimeDelta::hours(1));
    ask("Ville de Toul").await;
    // By then both are booksellers, and she has not shown yet that the address is hers.
    let mut told = [server.next().recipients, server.next().recipients, server.next().recipients].concat();
    told.sort();
    assert_eq!(told, ["lea@demo.example", "libraire@demo.example", "lise@mairie.example"]);
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_to_whoever_was_erased_while_he_waited() {
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let (_, account) = register(&app).await;
    app.bookseller().post(&format!("/api/v1/accounts/{account}/erase"), &json!({})).await.expect(200);
    // What is told of the past is no news: only what follows the demonstration, all of it at once.
    let running = reactors::start(&app.app).unwrap();
    invite(&app, "lea@demo.example", "Léa").await;
    while server.next().recipients != ["lea@demo.example"] {}
    running.shutdown().await;
    let kept = app.app.store.list_mails_to("DLIVRE", account.0).await.unwrap();
    assert!(kept.is_empty(), "{kept:?}");
}
