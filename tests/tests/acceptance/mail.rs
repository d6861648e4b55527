//! Letters, against a real mail server: each person who has to know gets one, once, and nothing of it stays behind.

use std::time::Duration;

use bordereau_api::{Settings, demo, reactors};
use bordereau_commands::{AccountRequest, SealText, new_id};
use bordereau_domain::{AccountId, Role};
use bordereau_store::{Lease, MailState, QueuedMail};
use bordereau_tests::{Browser, MailServer, TakenLetter, TestApp};
use chrono::TimeDelta;
use serde_json::json;

pub(crate) fn settings(server: &MailServer) -> Settings {
    Settings {
        smtp_url: Some(server.url.clone()),
        smtp_authority: server.authority.clone(),
        mail_from: Some("La librairie <librairie@demo.example>".to_owned()),
        public_url: Some("https://commandes.example/".to_owned()),
        ..Settings::default()
    }
}

/// Starts what runs beside the requests; what the demonstration tells of is no news.
pub(crate) async fn start(app: &TestApp) -> reactors::Running {
    let (store, now) = (&app.app.store, app.clock.now().timestamp_micros());
    for head in store.heads().await.unwrap() {
        let (ledger, name) = (head.ledger, "mail".to_owned());
        let wanted = Lease { ledger, name, holder: new_id(), epoch: 0, expires_at: now + 1_000_000 };
        let lease = store.take_lease(wanted, now).await.unwrap().unwrap();
        assert!(store.move_checkpoint(&lease, head.position, now).await.unwrap());
        store.give_back_lease(lease).await.unwrap();
    }
    reactors::start(&app.app).unwrap()
}

/// Opens an account without a password: whoever it is gets a letter.
pub(crate) async fn invite(app: &TestApp, email: &str, name: &str) -> AccountId {
    let account_id = AccountId(new_id());
    let open = AccountRequest::Open {
        account_id,
        email: SealText::new(email).unwrap(),
        name: SealText::new(name).unwrap(),
        phone: None,
        role: Role::Bookseller,
        institutions: Vec::new(),
        establishment: None,
        password_hash: None,
    };
    app.act("DLIVRE", account_id, open).await;
    account_id
}

pub(crate) fn token(letter: &TakenLetter, page: &str) -> String {
    let text = letter.text();
    let (_, rest) = text.split_once(&format!("https://commandes.example/{page}/")).expect("a link");
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

pub(crate) async fn mails(app: &TestApp, state: MailState) -> Vec<QueuedMail> {
    app.app.store.list_mails("DLIVRE", state, 1_000).await.unwrap()
}

/// Waits until the letter to an account is in this state.
pub(crate) async fn settled(app: &TestApp, account: AccountId, state: MailState, attempts: u64) -> QueuedMail {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..1_500 {
        looks.tick().await;
        let found = mails(app, state).await;
        if let Some(mail) = found.into_iter().find(|m| m.mail.account == account.0 && m.attempts >= attempts) {
            let in_hand = mail.next_attempt_at > (app.clock.now() + TimeDelta::minutes(14)).timestamp_micros();
            if state != MailState::Waiting || !in_hand {
                return mail;
            }
        }
    }
    panic!("{:?}", mails(app, MailState::Waiting).await);
}

/// Waits until the letter to an account waits for a reason.
pub(crate) async fn tried(app: &TestApp, account: AccountId) -> QueuedMail {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..1_500 {
        looks.tick().await;
        let found = mails(app, MailState::Waiting).await;
        if let Some(mail) = found.into_iter().find(|m| m.mail.account == account.0 && m.last_error.is_some()) {
            return mail;
        }
    }
    panic!("{:?}", mails(app, MailState::Waiting).await);
}

/// Somebody who has signed in at the public address.
async fn signed_in(app: &TestApp, language: &str, email: &str) -> Browser {
    let browser = Browser::new(app, language).at("commandes.example").behind_a_proxy("https");
    browser.sign_in(email, demo::PASSWORD).await.leads_to("/");
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_account_gets_a_link_for_its_first_password() {
    // B05, L23
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let account = invite(&app, "lea.petit@demo.example", "Léa Petit").await;
    let letter = server.next();
    assert_eq!(letter.recipients, ["lea.petit@demo.example"]);
    assert_eq!(letter.sender, "librairie@demo.example");
    assert!(letter.text().contains("Choisissez votre mot de passe"), "{}", letter.text());
    assert!(letter.header("Message-ID").unwrap().ends_with("@demo.example>"));

    let set = json!({ "token": token(&letter, "password"), "password": "quatre coquelicots" });
    app.anonymous().post("/api/v1/passwords", &set).await.expect(204);
    app.anonymous().post("/api/v1/passwords", &set).await.refused(410, "link-gone");
    let sign_in = json!({ "email": "lea.petit@demo.example", "password": "quatre coquelicots" });
    app.anonymous().post("/api/v1/sessions", &sign_in).await.expect(201);

    let ready = app.anonymous().get("/readyz").await.expect(200);
    assert_eq!((ready.at("/reactors/mail/state"), ready.at("/reactors/mail/parked")), (&json!("running"), &json!([])));
    assert_eq!(ready.at("/reactors/deadlines/state"), "running");

    let kept = format!("{:?}", settled(&app, account, MailState::Sent, 1).await);
    assert!(!kept.contains('@') && !kept.contains("Petit") && !kept.contains(&token(&letter, "password")), "{kept}");
    running.shutdown().await;
    assert!(server.rest().is_empty(), "one letter for one account");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_bookshop_writes_down_gets_a_link_and_the_bookshop_no_letter_about_himself() {
    // B02, B05
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let client = json!({ "email": "odile@demo.example", "name": "Odile Perrault", "company": "Lycée Chopin",
        "vat_number": "FR12345678901" });
    let bookseller = app.bookseller();
    let account = bookseller.post("/api/v1/accounts/for-organisation", &client).await.expect(201).id_at("/id");
    let letter = server.next();
    assert_eq!(letter.recipients, ["odile@demo.example"]);
    let set = json!({ "token": token(&letter, "password"), "password": "quatre coquelicots" });
    app.anonymous().post("/api/v1/passwords", &set).await.expect(204);
    let sign_in = json!({ "email": "odile@demo.example", "password": "quatre coquelicots" });
    let session = app.anonymous().post("/api/v1/sessions", &sign_in).await.expect(201);
    assert_eq!(session.at("/institutions"), &json!([]));
    // Corrected by the bookshop: he has his password, and nobody is told anything.
    let organisation = json!({ "company": "Lycée Chopin", "vat_number": "FR99" });
    bookseller.put(&format!("/api/v1/accounts/{account}/organisation"), &organisation).await.expect(200);
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_password_yet_gets_its_link_at_the_corrected_address() {
    // B05, W27
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let body = json!({ "email": "lea.petti@demo.example", "name": "Léa Petit", "role": "requester",
        "institution_ids": [app.requester().own_institution()] });
    let account = app.bookseller().post("/api/v1/accounts", &body).await.expect(201).id_at("/id");
    let first = server.next();
    assert_eq!(first.recipients, ["lea.petti@demo.example"]);
    let corrected = json!({ "email": "lea.petit@demo.example" });
    app.bookseller().patch(&format!("/api/v1/accounts/{account}"), &corrected).await.expect(200);
    let letters = [server.next(), server.next()];
    let again = letters.iter().find(|letter| letter.recipients == ["lea.petit@demo.example"]).expect("a letter");
    assert!(letters.iter().any(|letter| letter.recipients == ["lea.petti@demo.example"]));
    let use_link = async |letter: &TakenLetter| {
        let set = json!({ "token": token(letter, "password"), "password": "quatre coquelicots" });
        app.anonymous().post("/api/v1/passwords", &set).await
    };
    use_link(&first).await.refused(410, "link-gone");
    use_link(again).await.expect(204);
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_login_is_confirmed_by_its_link_and_told_to_the_former_address() {
    // attack 14
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let asked = json!({ "email": "camille@ailleurs.example", "current_password": demo::PASSWORD });
    app.requester().post("/api/v1/me/email", &asked).await.expect(202);
    // The present address hears that somebody asks, the new one gets the link.
    let letters = [server.next(), server.next()];
    assert!(letters.iter().any(|letter| letter.recipients == ["utilisateur@demo.example"]));
    let letter = letters.iter().find(|letter| letter.recipients == ["camille@ailleurs.example"]).expect("a link");
    let (path, browser) = (format!("/email/{}", token(letter, "email")), Browser::new(&app, "fr"));
    let sign_in = |email: &str| json!({ "email": email, "password": demo::PASSWORD });
    app.anonymous().post("/api/v1/sessions", &sign_in("camille@ailleurs.example")).await.expect(401);
    assert!(browser.get(&path).await.expect(200).text.contains("Confirmer cette adresse"));
    browser.post(&path, &[]).await.leads_to("/sign-in");
    browser.get(&path).await.expect(410);
    let told = server.next();
    assert_eq!(told.recipients, ["utilisateur@demo.example"]);
    app.anonymous().post("/api/v1/sessions", &sign_in("camille@ailleurs.example")).await.expect(201);
    app.anonymous().post("/api/v1/sessions", &sign_in("utilisateur@demo.example")).await.expect(401);
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bookshop_hears_of_a_request_and_its_person_of_the_answer() {
    // B09, B11, B12
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let request = json!({
        "shop": "DLIVRE", "email": "lise@mairie.example", "name": "Lise Roy", "company": "Mairie de Toul",
        "vat_number": "FR12345678901", "password": "quatre coquelicots"
    });
    let asked = app.anonymous().call(axum::http::Method::POST, "/api/v1/registrations").header("accept-language", "fr");
    asked.json(&request).send().await.expect(202);
    let mut letters = [server.next(), server.next()];
    letters.sort_by(|one, other| one.recipients.cmp(&other.recipients));
    assert_eq!(letters[0].recipients, ["libraire@demo.example"]);
    assert_eq!(letters[1].recipients, ["lise@mairie.example"]);
    // Its person shows that the address is hers: once, and her password stays.
    let proof = token(&letters[1], "email");
    let page =
        Browser::new(&app, "fr").at("commandes.example").behind_a_proxy("https").get(&format!("/email/{proof}")).await;
    assert!(page.expect(200).text.contains("Confirmer votre adresse"));
    app.anonymous().post("/api/v1/emails", &json!({ "token": proof })).await.expect(204);
    app.anonymous().post("/api/v1/emails", &json!({ "token": proof })).await.refused(410, "link-gone");
    app.drain().await;
    let waiting = app.bookseller().get("/api/v1/accounts?status=requested").await.expect(200);
    let id = waiting.id_at("/items/0/id");
    let institution = app.institution(bordereau_tests::MEDIATHEQUE);
    let approval = json!({ "role": "purchaser", "institution_ids": [institution], "message": "Bienvenue !" });
    app.bookseller().post(&format!("/api/v1/accounts/{id}/approve"), &approval).await.done();
    let letters = [server.next(), server.next()];
    assert!(letters.iter().all(|letter| letter.recipients == ["lise@mairie.example"]));
    assert!(letters.iter().any(|letter| letter.text().contains("Bienvenue")));
    // Whoever is added by a colleague has asked for nothing, and reads the same.
    let opened = letters.iter().find(|letter| letter.text().contains("est ouvert")).expect("a letter");
    assert!(!opened.text().contains("demande"), "{}", opened.text());
    let sign_in = json!({ "email": "lise@mairie.example", "password": "quatre coquelicots" });
    app.anonymous().post("/api/v1/sessions", &sign_in).await.expect(201);
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")] // attack 32
async fn whoever_has_an_address_hears_of_what_is_done_with_it_and_the_stranger_who_did_it_nothing() {
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let request = |email: &str| {
        json!({ "shop": "DLIVRE", "email": email, "name": "Lise Roy", "company": "Mairie de Toul",
            "vat_number": "FR12345678901", "password": "quatre coquelicots" })
    };
    // One that is known: only its person is told, and but once an hour.
    for _ in 0..2 {
        app.anonymous().post("/api/v1/registrations", &request("utilisateur@demo.example")).await.expect(202);
    }
    let known = server.next();
    assert_eq!(known.recipients, ["utilisateur@demo.example"]);
    assert!(known.text().contains("déjà") && known.text().contains("/password/forgotten"), "{}", known.text());
    let taken = json!({ "email": "libraire@demo.example", "current_password": "bordereau-demo" });
    app.requester().post("/api/v1/me/email", &taken).await.expect(202);
    // Whoever asks is told what he is told about one that is free.
    let mut told = [server.next(), server.next()];
    told.sort_by(|one, other| one.recipients.cmp(&other.recipients));
    assert_eq!(
        (&told[0].recipients[0], &told[1].recipients[0]),
        (&"libraire@demo.example".to_owned(), &"utilisateur@demo.example".to_owned())
    );
    assert!(!told[0].text().contains("/email/"), "{}", told[0].text());
    // One that is free: granted before its person has shown that it is his, it opens by a link alone.
    app.anonymous().post("/api/v1/registrations", &request("lise@mairie.example")).await.expect(202);
    let (_, prove) = (server.next(), server.next());
    app.drain().await;
    let id = app.bookseller().get("/api/v1/accounts?status=requested").await.expect(200).id_at("/items/0/id");
    let grant = json!({ "role": "purchaser", "institution_ids": [app.institution(bordereau_tests::MEDIATHEQUE)] });
    app.bookseller().post(&format!("/api/v1/accounts/{id}/approve"), &grant).await.done();
    let letters = [server.next(), server.next()];
    assert!(letters.iter().all(|letter| letter.recipients == ["lise@mairie.example"]));
    let link = letters.iter().find(|letter| letter.text().contains("/password/")).expect("a link");
    let set = json!({ "token": token(link, "password"), "password": "cinq coquelicots" });
    app.anonymous().post("/api/v1/passwords", &set).await.expect(204);
    drop(prove);
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_placed_an_order_hears_when_it_is_ready_sent_or_spoken_of() {
    // L32, L33
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let basket = app.purchaser().filled_basket().await;
    let placed = app.purchaser().place_order(basket, "BC-77").await.done();
    let (order, number) = (placed.id_at("/order_id"), placed.at("/number").to_string());
    let said = json!({ "text": "Le tome 2 arrive jeudi.\r\n.\r\nMAIL FROM:<x@evil.example>" });
    app.bookseller().post(&format!("/api/v1/orders/{order}/message"), &said).await.done();
    let message = server.next();
    assert_eq!(message.recipients, ["collectivite@demo.example"]);
    assert!(message.text().contains("Le tome 2 arrive jeudi."));
    app.bookseller().post(&format!("/api/v1/orders/{order}/make-available"), &json!({})).await.done();
    let ready = server.next();
    assert!(ready.text().contains(&number) && ready.text().contains("elle vous attend"), "{}", ready.text());
    assert!(ready.text().contains(&format!("https://commandes.example/orders/{order}")));
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_was_not_taken_is_sent_again_or_given_up() {
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let later = invite(&app, "later@demo.example", "Plus tard").await;
    let waiting = settled(&app, later, MailState::Waiting, 1).await;
    assert_eq!(waiting.last_error.as_deref(), Some("the server asked to come back (451)"));
    assert!(server.rest().is_empty());
    app.clock.advance(TimeDelta::seconds(61));
    let letter = server.next();
    assert_eq!(letter.recipients, ["later@demo.example"]);
    assert!(letter.header("Message-ID").unwrap().contains(&waiting.mail.id.to_string()));

    let dropped = invite(&app, "dropped@demo.example", "Coupée").await;
    let waiting = settled(&app, dropped, MailState::Waiting, 1).await;
    assert!(!waiting.last_error.as_deref().unwrap().contains('@'), "{waiting:?}");
    app.clock.advance(TimeDelta::seconds(61));
    assert_eq!(server.next().recipients, ["dropped@demo.example"]);

    let refused = invite(&app, "refused@demo.example", "Refusée").await;
    let failed = settled(&app, refused, MailState::Failed, 1).await;
    assert_eq!(failed.last_error.as_deref(), Some("the server refused the letter (550)"));
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_go_over_an_encrypted_connection_where_it_is_demanded() {
    let server = MailServer::start_with_tls();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    invite(&app, "lea@demo.example", "Léa").await;
    let letter = server.next();
    assert!(letter.tls);
    running.shutdown().await;

    // A certificate that nobody vouches for is not trusted.
    let unknown = Settings { smtp_authority: None, ..settings(&server) };
    let app = TestApp::demo_with(unknown).await;
    let running = start(&app).await;
    let account = invite(&app, "max@demo.example", "Max").await;
    let waits = tried(&app, account).await;
    assert_eq!(waits.last_error.as_deref(), Some("no safe connection to the server"));
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_adds_a_header_or_a_recipient() {
    // attack 64
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    // What would end the letter and begin another one, if it stood there as it is.
    invite(&app, "eve@demo.example", "Ève\r\n.\r\nMAIL FROM:<x@evil.example>\r\nRCPT TO:<spy@evil.example>").await;
    let letter = server.next();
    assert_eq!(letter.recipients, ["eve@demo.example"]);
    assert!(!letter.text().lines().any(|line| line == "." || line.starts_with("RCPT TO")), "{}", letter.text());
    invite(&app, "lea@demo.example", "Léa\r\nBcc: spy@evil.example\n\n<b>x</b>").await;
    let letter = server.next();
    assert_eq!(letter.recipients, ["lea@demo.example"]);
    assert_eq!(letter.header("Bcc"), None);
    let text = letter.text();
    let (_, html) = text.split_once("<!doctype html>").expect("an HTML part");
    assert!(!html.contains("<b>x</b>") && html.contains("x&#60;/b&#62;"), "{html}");
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_send_each_letter_once() {
    let server = MailServer::start();
    let app = TestApp::demo_on_postgres_with(settings(&server)).await;
    let other = app.another_node().await;
    let running = [start(&app).await, reactors::start(&other.app).unwrap()];
    for number in 0..20 {
        invite(&app, &format!("personne{number}@demo.example"), "Quelqu'un").await;
    }
    let mut recipients = Vec::new();
    for _ in 0..20 {
        recipients.extend(server.next().recipients);
    }
    recipients.sort();
    let mut expected: Vec<_> = (0..20).map(|number| format!("personne{number}@demo.example")).collect();
    expected.sort();
    assert_eq!(recipients, expected);
    for part in running {
        part.shutdown().await;
    }
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_written_in_the_language_that_their_reader_last_read_in() {
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let basket = app.purchaser().filled_basket().await;
    let order = app.purchaser().place_order(basket, "BC-77").await.done().id_at("/order_id");
    let write = async || {
        app.bookseller().post(&format!("/api/v1/orders/{order}/message"), &json!({ "text": "Jeudi." })).await.done();
        server.next().text()
    };
    let told = write().await;
    assert!(told.contains("<html lang=\"fr\">"), "the shop is in France, and he has shown nothing else: {told}");
    let browser = signed_in(&app, "nl", "collectivite@demo.example").await;
    let told = write().await;
    assert!(told.contains("schrijft u over uw bestelling") && told.contains("<html lang=\"nl\">"), "{told}");
    browser.post("/language", &[("language", "en"), ("next", "/")]).await.leads_to("/");
    let told = write().await;
    assert!(told.contains("writes to you about your order"), "{told}");
    // A program says nothing, or what it asks for.
    app.sign_in("collectivite@demo.example").await;
    assert!(write().await.contains("<html lang=\"en\">"));
    let body = json!({ "email": "collectivite@demo.example", "password": demo::PASSWORD });
    let asked = app.anonymous().call(axum::http::Method::POST, "/api/v1/sessions").header("accept-language", "nl-BE");
    asked.json(&body).send().await.expect(201);
    assert!(write().await.contains("<html lang=\"nl\">"));
    // Whoever chooses a language without being signed in chooses for nobody.
    Browser::new(&app, "fr").post("/language", &[("language", "fr"), ("next", "/")]).await.leads_to("/");
    assert!(write().await.contains("<html lang=\"nl\">"));
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_letter_is_in_the_language_of_who_opens_the_account_and_of_who_asks_for_one() {
    // B05, B09
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    signed_in(&app, "nl", "libraire@demo.example").await;
    let body = json!({ "email": "lea@demo.example", "name": "Léa", "role": "requester",
        "institution_ids": [app.institution(bordereau_tests::MEDIATHEQUE)] });
    app.bookseller().post("/api/v1/accounts", &body).await.expect(201);
    assert!(server.next().text().contains("Kies een wachtwoord"));
    let request = json!({
        "shop": "DLIVRE", "email": "lise@mairie.example", "name": "Lise Roy", "company": "Mairie de Toul",
        "vat_number": "FR12345678901", "password": "quatre coquelicots"
    });
    let asked = app.anonymous().call(axum::http::Method::POST, "/api/v1/registrations");
    asked.header("accept-language", "en").json(&request).send().await.expect(202);
    let mut told = [server.next().recipients, server.next().recipients].concat();
    told.sort();
    assert_eq!(told, ["libraire@demo.example", "lise@mairie.example"]);
    app.drain().await;
    let id = app.bookseller().get("/api/v1/accounts?status=requested").await.expect(200).id_at("/items/0/id");
    app.bookseller().post(&format!("/api/v1/accounts/{id}/decline"), &json!({})).await.done();
    assert!(server.next().text().contains("<html lang=\"en\">"));
    // The language goes with the person.
    let account = AccountId(id);
    assert_eq!(app.app.store.find_language("DLIVRE", id).await.unwrap().as_deref(), Some("en"));
    app.bookseller().post(&format!("/api/v1/accounts/{account}/erase"), &json!({})).await.expect(200);
    assert_eq!(app.app.store.find_language("DLIVRE", id).await.unwrap(), None);
    running.shutdown().await;
}
