//! What has been kept its time is let go: accounts after a warning, requests, refusals, letters, accounting.

use bordereau_api::Settings;
use bordereau_commands::new_id;
use bordereau_domain::{AccountId, Role};
use bordereau_integrations::retention::{Report, Retention, Run};
use bordereau_store::{Append, Beside, MailState, NewMail, Purpose, Store};
use bordereau_tests::{MEDIATHEQUE, TestApp};
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn take(app: &TestApp, dry: bool) -> Report {
    let run = Run::new(app.app.commands.clone(), app.app.settings.retention, app.clock.now(), dry);
    run.take(&"DLIVRE".parse().unwrap()).await.unwrap()
}

/// Erased persons, by the words of the ledger of erasures.
async fn erased(store: &Store) -> Vec<(AccountId, String)> {
    let erasures = store.list_erasures().await.unwrap();
    erasures.into_iter().map(|erasure| (erasure.subject.into(), erasure.reason)).collect()
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
    falls_asleep(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_an_account_that_nobody_uses_is_erased_after_a_warning() {
    falls_asleep(&TestApp::demo_on_postgres().await).await;
}

async fn falls_asleep(app: &TestApp) {
    let zoe = app.engage("zoe@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let zoe = app.account_of(&zoe).await;
    let approver = app.account_of(&app.approver()).await;
    app.clock.advance(TimeDelta::days(699));
    assert_eq!((take(app, true).await.warned, take(app, false).await.warned), (0, 0));
    app.clock.advance(TimeDelta::days(2));
    let would = take(app, true).await;
    assert!(would.warned >= 4 && warned(app, zoe).await == 0, "a dry run does nothing: {would:?}");
    assert_eq!(take(app, false).await.warned, would.warned);
    assert_eq!((take(app, false).await.warned, warned(app, zoe).await), (0, 1), "nobody is warned twice");
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
    assert_eq!((report.accounts, report.warned), (would.accounts, 0));
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
