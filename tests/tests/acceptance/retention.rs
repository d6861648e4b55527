//! What has been kept its time is let go: accounts after a warning, requests, refusals, letters, accounting.

use bordereau_api::Settings;
use bordereau_commands::{AccountRequest, new_id};
use bordereau_domain::{AccountId, Role};
use bordereau_integrations::{
    mail::Sender,
    retention::{Report, Retention, Run},
};
use bordereau_store::{Append, Beside, MailAttempt, MailState, NewMail, Purpose, Store};
use bordereau_tests::{Client, MEDIATHEQUE, MailServer, TestApp};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::sync::watch;

const ZOE: &str = "zoe@demo.example";

fn run(app: &TestApp, dry: bool) -> Run {
    Run::new(app.app.commands.clone(), app.app.settings.retention, app.clock.now(), dry)
}

async fn take(app: &TestApp, dry: bool) -> Report {
    run(app, dry).take(&"DLIVRE".parse().unwrap()).await.unwrap()
}

fn with_mail(server: &MailServer) -> Settings {
    Settings {
        smtp_url: Some(server.url.clone()),
        mail_from: Some("librairie@demo.example".to_owned()),
        ..Settings::default()
    }
}

/// Hands over what is due, if there is a mail server; how many letters it took.
async fn post(app: &TestApp) -> usize {
    let (store, commands, clock) = (app.app.store.clone(), app.app.commands.clone(), app.clock.edge());
    let clock = std::sync::Arc::new(move || clock.micros());
    let sender = Sender::new(store, commands, clock, &app.app.settings.mail()).unwrap();
    let (_open, stop) = watch::channel(false);
    sender.pass(&stop).await.unwrap()
}

async fn engage(app: &TestApp) -> AccountId {
    let zoe = app.engage(ZOE, Role::Requester, &[MEDIATHEQUE]).await;
    app.account_of(&zoe).await
}

async fn is_erased(app: &TestApp, account: AccountId) -> bool {
    erased(&app.app.store).await.iter().any(|(gone, _)| *gone == account)
}

async fn wait(app: &TestApp, days: i64) -> Report {
    app.clock.advance(TimeDelta::days(days));
    take(app, false).await
}

async fn bookseller(app: &TestApp) -> Client {
    app.sign_in("libraire@demo.example").await
}

/// Erased persons, by the words of the ledger of erasures.
async fn erased(store: &Store) -> Vec<(AccountId, String)> {
    let erasures = store.list_erasures().await.unwrap().into_iter().filter(bordereau_store::Erasure::is_of_person);
    erasures.map(|erasure| (erasure.subject.into(), erasure.reason)).collect()
}

async fn warned(app: &TestApp, account: AccountId) -> usize {
    let mails = app.app.store.list_mails("DLIVRE", MailState::Waiting, 1_000).await.unwrap();
    mails.iter().filter(|queued| queued.mail.kind == "inactive-account" && queued.mail.account == account.0).count()
}

/// The counts of the runs that the log tells of.
async fn noted(app: &TestApp) -> Vec<Value> {
    let events = app.app.store.load("DLIVRE", "Shop", "DLIVRE", 0).await.unwrap();
    let runs = events.iter().filter(|event| event.event_type == "RetentionApplied");
    runs.map(|event| serde_json::from_str::<Value>(&event.payload).unwrap()["RetentionApplied"].clone()).collect()
}

#[tokio::test]
async fn an_account_that_nobody_uses_is_erased_after_a_warning() {
    let server = MailServer::start();
    falls_asleep(&TestApp::demo_with(with_mail(&server)).await).await;
}

#[tokio::test]
async fn on_postgresql_an_account_that_nobody_uses_is_erased_after_a_warning() {
    let server = MailServer::start();
    falls_asleep(&TestApp::demo_on_postgres_with(with_mail(&server)).await).await;
}

async fn falls_asleep(app: &TestApp) {
    let zoe = engage(app).await;
    let approver = app.account_of(&app.approver()).await;
    app.clock.advance(TimeDelta::days(699));
    assert_eq!((take(app, true).await.warned, take(app, false).await.warned), (0, 0));
    app.clock.advance(TimeDelta::days(2));
    let would = take(app, true).await;
    assert!(would.warned >= 4 && warned(app, zoe).await == 0, "a dry run does nothing: {would:?}");
    assert_eq!(take(app, false).await.warned, would.warned);
    assert_eq!((take(app, false).await.warned, warned(app, zoe).await), (0, 1), "nobody is warned twice");
    assert_eq!(
        (take(app, false).await.unwarned, post(app).await),
        (would.warned, usize::try_from(would.warned).unwrap())
    );
    // Whoever signs in stays.
    app.sign_in("approbateur@demo.example").await;
    app.clock.advance(TimeDelta::days(29));
    take(app, false).await;
    app.clock.advance(TimeDelta::hours(23));
    take(app, false).await;
    let early = erased(&app.app.store).await;
    assert!(early.iter().all(|(gone, _)| *gone != zoe), "two years are over, the thirty days of the warning are not");
    app.clock.advance(TimeDelta::hours(2));
    let would = take(app, true).await;
    assert_eq!(erased(&app.app.store).await, early);
    let report = take(app, false).await;
    assert_eq!((report.accounts, report.warned, report.unwarned), (would.accounts, 0, 0));
    let gone = erased(&app.app.store).await;
    assert!(gone.contains(&(zoe, "retention".to_owned())), "{gone:?}");
    assert!(gone.iter().all(|(gone, _)| *gone != approver), "he has signed in");
    let events = app.app.store.load("DLIVRE", "Subject", &zoe.to_string(), 0).await.unwrap();
    assert!(events[0].metadata.contains("\"role\":\"system\""), "{}", events[0].metadata);
    // The bookshop's own people stay, and the log says how many went.
    app.sign_in("libraire@demo.example").await;
    app.sign_in("auditeur@demo.example").await;
    let last = noted(app).await.pop().unwrap();
    assert_eq!(last["accounts"], report.accounts);
    let runs = noted(app).await.len();
    assert_eq!(
        (take(app, false).await.accounts, noted(app).await.len()),
        (0, runs),
        "no event for what did not happen"
    );
}

#[tokio::test]
async fn nobody_is_erased_whose_letter_no_mail_server_has_taken() {
    let app = TestApp::demo().await;
    let zoe = engage(&app).await;
    let asleep = wait(&app, 701).await.warned;
    assert!(asleep > 0);
    assert_eq!((post(&app).await, warned(&app, zoe).await), (0, 1));
    for days in [31, 31, 60] {
        let report = wait(&app, days).await;
        assert_eq!((report.warned, report.unwarned), (0, asleep), "{report:?}");
        assert!(!is_erased(&app, zoe).await, "others were closed long ago; she could still come");
    }
    // Its row has gone with the others of its age: another one is queued, and waits.
    let report = wait(&app, 1).await;
    assert_eq!((report.warned, warned(&app, zoe).await), (asleep, 1));
    assert!(!is_erased(&app, zoe).await);
}

#[tokio::test]
async fn a_letter_that_was_given_up_erases_nobody_and_another_address_gets_another() {
    let server = MailServer::start();
    let app = TestApp::demo_with(with_mail(&server)).await;
    let zoe = engage(&app).await;
    wait(&app, 701).await;
    for letter in app.app.store.list_mails_of("DLIVRE", "inactive-account").await.unwrap() {
        let given_up = MailAttempt::GivenUp(app.clock.now().timestamp_micros(), "550".to_owned());
        app.app.store.settle_mail("DLIVRE", letter.mail.id, given_up).await.unwrap();
    }
    let report = wait(&app, 31).await;
    assert_eq!((report.warned, report.unwarned), (0, 0), "{report:?}");
    assert!(report.unreachable >= 4 && !is_erased(&app, zoe).await, "{report:?}");
    let other = json!({ "email": "zoe@ailleurs.example" });
    bookseller(&app).await.patch(&format!("/api/v1/accounts/{zoe}"), &other).await.done();
    assert_eq!(take(&app, false).await.warned, 1);
    assert_eq!(post(&app).await, 1);
    wait(&app, 29).await;
    assert!(!is_erased(&app, zoe).await);
    wait(&app, 2).await;
    assert!(is_erased(&app, zoe).await);
}

#[tokio::test]
async fn who_is_let_in_again_has_the_whole_term_before_him() {
    let server = MailServer::start();
    let app = TestApp::demo_with(with_mail(&server)).await;
    let zoe = engage(&app).await;
    wait(&app, 701).await;
    post(&app).await;
    app.act("DLIVRE", zoe, AccountRequest::Deactivate { account_id: zoe }).await;
    app.clock.advance(TimeDelta::days(99));
    app.act("DLIVRE", zoe, AccountRequest::Reactivate).await;
    take(&app, false).await;
    wait(&app, 699).await;
    assert!(!is_erased(&app, zoe).await && warned(&app, zoe).await == 0);
    wait(&app, 2).await;
    assert_eq!(warned(&app, zoe).await, 1, "he is warned of this sleep, too");
    post(&app).await;
    wait(&app, 29).await;
    assert!(!is_erased(&app, zoe).await);
    wait(&app, 2).await;
    assert!(is_erased(&app, zoe).await);
}

#[tokio::test]
async fn who_signs_in_while_a_run_goes_on_stays() {
    let server = MailServer::start();
    let app = TestApp::demo_with(with_mail(&server)).await;
    let zoe = engage(&app).await;
    let colleague = app.engage("noe@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let colleague = app.account_of(&colleague).await;
    wait(&app, 701).await;
    post(&app).await;
    app.clock.advance(TimeDelta::days(31));
    let (run, shop) = (run(&app, false), "DLIVRE".parse().unwrap());
    let plan = run.plan(&shop).await.unwrap();
    app.sign_in(ZOE).await;
    run.carry_out(&shop, plan).await.unwrap();
    assert_eq!((is_erased(&app, zoe).await, is_erased(&app, colleague).await), (false, true));
    app.sign_in(ZOE).await;
}

#[tokio::test]
async fn a_letter_that_has_waited_does_not_go_to_who_has_come_back() {
    let server = MailServer::start();
    let app = TestApp::demo_with(with_mail(&server)).await;
    let zoe = engage(&app).await;
    let warned = wait(&app, 701).await.warned;
    app.clock.advance(TimeDelta::days(1));
    app.sign_in(ZOE).await;
    assert_eq!(u64::try_from(post(&app).await).unwrap(), warned - 1);
    let usage = app.app.store.find_usage("DLIVRE", zoe.0).await.unwrap().unwrap();
    assert_eq!(usage.warned_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_acts_for_nobody_falls_asleep_like_everybody_and_not_before() {
    // B15
    let server = MailServer::start();
    let app = TestApp::demo_with(with_mail(&server)).await;
    let zoe = app.engage(ZOE, Role::Requester, &[MEDIATHEQUE]).await;
    let account = app.account_of(&zoe).await;
    let message = json!({ "text": "Quel est votre numéro de TVA ?" });
    app.bookseller().post(&format!("/api/v1/accounts/{account}/message"), &message).await.expect(200);
    let proof = json!({ "current_password": bordereau_api::demo::PASSWORD });
    zoe.call(axum::http::Method::DELETE, "/api/v1/me/registration").json(&proof).send().await.expect(200);
    // The line in the ledger of erasures is about a text, not about her.
    assert_eq!(app.app.store.list_erasures().await.unwrap()[0].subject, account.0);
    assert_eq!(wait(&app, 400).await.accounts, 0);
    assert!(wait(&app, 301).await.warned >= 1 && !is_erased(&app, account).await);
    assert!(post(&app).await >= 1);
    wait(&app, 31).await;
    assert!(is_erased(&app, account).await);
}

#[tokio::test]
async fn who_waits_for_an_account_and_signs_in_stays_and_who_had_one_is_warned_first() {
    let server = MailServer::start();
    let app = TestApp::demo_with(with_mail(&server)).await;
    // One who never got an account, and one who had it, gave it up and asks again.
    let password = "cheval-pile-agrafe";
    let form = json!({ "shop": "DLIVRE", "email": "odile@demo.example", "name": "Odile Perrault", "company": "Lycée",
        "vat_number": "FR1", "password": password });
    app.anonymous().post("/api/v1/registrations", &form).await.expect(202);
    let zoe = app.engage(ZOE, Role::Requester, &[MEDIATHEQUE]).await;
    let account = app.account_of(&zoe).await;
    let proof = json!({ "current_password": bordereau_api::demo::PASSWORD });
    zoe.call(axum::http::Method::DELETE, "/api/v1/me/registration").json(&proof).send().await.expect(200);
    zoe.post("/api/v1/me/registration", &json!({ "company": "Dépôt", "vat_number": "FR1" })).await.expect(200);
    app.clock.advance(TimeDelta::days(300));
    let body = json!({ "email": "odile@demo.example", "password": password });
    let odile = app.anonymous().post("/api/v1/sessions", &body).await.expect(201).id_at("/account").into();
    wait(&app, 100).await;
    assert!(!is_erased(&app, odile).await, "she has signed in a hundred days ago");
    assert!(!is_erased(&app, account).await, "she has had an account");
    wait(&app, 266).await;
    assert!(is_erased(&app, odile).await && !is_erased(&app, account).await);
    wait(&app, 35).await;
    assert_eq!(warned(&app, account).await, 1);
    post(&app).await;
    wait(&app, 31).await;
    assert!(is_erased(&app, account).await);
}

#[tokio::test]
async fn requests_refusals_letters_and_sessions_go_when_their_time_is_over() {
    rows_go(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_requests_refusals_letters_and_sessions_go_when_their_time_is_over() {
    rows_go(&TestApp::demo_on_postgres().await).await;
}

async fn rows_go(app: &TestApp) {
    let form = json!({ "shop": "DLIVRE", "email": "odile@demo.example", "name": "Odile Perrault", "company": "Lycée",
        "vat_number": "FR1", "password": "cheval-pile-agrafe" });
    app.anonymous().post("/api/v1/registrations", &form).await.expect(202);
    app.requester().post("/api/v1/accounts", &json!({})).await.expect(422);
    let mail = NewMail {
        ledger: "DLIVRE".to_owned(),
        id: new_id(),
        kind: "reset-password".to_owned(),
        account: new_id(),
        args: "{}".to_owned(),
        queued_at: app.clock.now().timestamp_micros(),
    };
    app.app.store.queue_mail(mail).await.unwrap();
    let refusals = app.refusals().await.len() as u64;
    assert!(refusals > 0);
    app.clock.advance(TimeDelta::days(91));
    let first = take(app, false).await;
    assert!(first.mails >= 1 && first.sessions >= 5, "{first:?}");
    assert_eq!((first.refusals, first.registrations), (0, 0), "{first:?}");
    app.clock.advance(TimeDelta::days(275));
    let would = take(app, true).await;
    let second = take(app, false).await;
    assert_eq!(second, would);
    assert_eq!(second.refusals, refusals);
    assert!(second.registrations >= 1 && app.refusals().await.is_empty());
    let counts = json!({ "accounts": 0, "registrations": second.registrations, "accounting": 0, "refusals": refusals });
    assert_eq!(noted(app).await, [counts]);
    app.sign_in("auditeur@demo.example").await;
}

#[tokio::test]
async fn what_is_kept_for_accounting_outlives_an_erasure_by_its_term() {
    let settings =
        Settings { retention: Retention { accounting_days: 10, ..Retention::default() }, ..Settings::default() };
    let app = TestApp::demo_with(settings).await;
    let store = &app.app.store;
    let purchaser = app.purchaser();
    let account = app.account_of(&purchaser).await;
    let invoice = store.seal("DLIVRE", account.0, Purpose::Accounting, "invoice_name", "Christine").await.unwrap();
    let beside = vec![Beside::Sealed(invoice.clone())];
    store.append(Append { ledger: "DLIVRE".to_owned(), beside, ..Append::default() }).await.unwrap();
    let basket = purchaser.filled_basket().await;
    purchaser.place_order(basket, "BC-1").await.done();
    app.bookseller().post(&format!("/api/v1/accounts/{account}/erase"), &json!({})).await.expect(200);
    let kept = async || store.open_sealed("DLIVRE", &[invoice.digest]).await.unwrap().len();
    assert_eq!(kept().await, 1, "an erasure leaves what invoices must show");
    app.clock.advance(TimeDelta::days(9));
    assert_eq!((take(&app, false).await.accounting, kept().await), (0, 1));
    app.clock.advance(TimeDelta::days(2));
    assert_eq!((take(&app, true).await.accounting, kept().await), (1, 1));
    assert_eq!((take(&app, false).await.accounting, kept().await), (1, 0));
    let purposes: Vec<_> = store.list_erasures().await.unwrap().into_iter().map(|erasure| erasure.purposes).collect();
    assert_eq!(purposes, [vec![Purpose::Account, Purpose::Campaign], vec![Purpose::Accounting]]);
    assert_eq!(take(&app, false).await.accounting, 0);
}
