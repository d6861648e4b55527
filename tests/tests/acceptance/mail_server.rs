//! Letters and a mail server that does not let the shop in, delays, or loses the answer.

use std::time::{Duration, Instant};

use bordereau_api::Settings;
use bordereau_integrations::mail::Sender;
use bordereau_store::MailState;
use bordereau_tests::{MailServer, TestApp};
use chrono::TimeDelta;
use serde_json::json;
use tokio::sync::watch;

use super::mail::{invite, mails, settings, settled, start, token, tried};

/// Hands over what is due under these settings; how many letters were taken.
async fn post(app: &TestApp, settings: &Settings) -> usize {
    let (store, commands, clock) = (app.app.store.clone(), app.app.commands.clone(), app.clock.edge());
    let clock = std::sync::Arc::new(move || clock.micros());
    let sender = Sender::new(store, commands, clock, &settings.mail()).unwrap();
    let (_open, stop) = watch::channel(false);
    sender.pass(&stop).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_wait_while_the_server_does_not_let_the_shop_in() {
    let server = MailServer::start_with_tls();
    let right = settings(&server);
    let wrong = Settings { smtp_url: Some(server.url.replace(":letters@", ":former@")), ..right.clone() };
    let app = TestApp::demo_with(wrong.clone()).await;
    let running = start(&app).await;
    let (lea, max) = (invite(&app, "lea@demo.example", "Léa").await, invite(&app, "max@demo.example", "Max").await);
    for account in [lea, max] {
        let waits = tried(&app, account).await;
        assert_eq!((waits.last_error.as_deref(), waits.attempts), (Some("the server does not let us in (535)"), 0));
    }
    let ready = app.anonymous().get("/readyz").await.expect(200);
    let server_of_mail = ready.at("/reactors/mail-server");
    let told =
        json!({ "state": "waiting", "waiting_for": "the server does not let us in (535)", "behind": 0, "parked": [] });
    assert_eq!(server_of_mail, &told);
    running.shutdown().await;
    // However long it takes, no letter is given up for it.
    for _ in 0..12 {
        app.clock.advance(TimeDelta::hours(12));
        assert_eq!(post(&app, &wrong).await, 0);
    }
    assert_eq!(mails(&app, MailState::Waiting).await.len(), 2);
    app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(post(&app, &right).await, 2);
    let mut recipients = [server.next().recipients, server.next().recipients].concat();
    recipients.sort();
    assert_eq!(recipients, ["lea@demo.example", "max@demo.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_is_refused_makes_letters_wait_and_a_recipient_that_is_refused_ends_his_alone() {
    let server = MailServer::start();
    let barred = Settings { mail_from: Some("barred@demo.example".to_owned()), ..settings(&server) };
    let app = TestApp::demo_with(barred).await;
    let running = start(&app).await;
    let refused = invite(&app, "refused@demo.example", "Refusée").await;
    let lea = invite(&app, "lea@demo.example", "Léa").await;
    for account in [refused, lea] {
        let waits = tried(&app, account).await;
        assert_eq!(waits.last_error.as_deref(), Some("the server does not let us in (553)"));
    }
    running.shutdown().await;
    app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(post(&app, &settings(&server)).await, 1);
    assert_eq!(server.next().recipients, ["lea@demo.example"]);
    let failed = settled(&app, refused, MailState::Failed, 1).await;
    assert_eq!(failed.last_error.as_deref(), Some("the server refused the letter (550)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_for_whom_the_server_has_no_time_holds_up_nobody_and_is_given_up_in_the_end() {
    let server = MailServer::start();
    let app = TestApp::demo_with(Settings { smtp_url: None, ..settings(&server) }).await;
    let running = start(&app).await;
    let mut accounts = Vec::new();
    for name in ["first", "busy", "between", "moved", "stranger", "full", "last"] {
        let account = invite(&app, &format!("{name}@demo.example"), name).await;
        settled(&app, account, MailState::Waiting, 0).await;
        accounts.push(account);
    }
    running.shutdown().await;
    assert_eq!(post(&app, &settings(&server)).await, 3);
    let mut taken: Vec<_> = (0..3).flat_map(|_| server.next().recipients).collect();
    taken.sort();
    assert_eq!(taken, ["between@demo.example", "first@demo.example", "last@demo.example"]);
    let culprits = [(1, 421), (3, 521), (4, 530), (5, 421)].map(|(nth, code): (usize, u16)| (accounts[nth], code));
    for (account, code) in culprits {
        let waits = settled(&app, account, MailState::Waiting, 1).await;
        let reason = format!("the server asked to come back ({code})");
        assert_eq!((waits.attempts, waits.last_error), (1, Some(reason)));
    }
    for _ in 0..8 {
        app.clock.advance(TimeDelta::hours(12));
        assert_eq!(post(&app, &settings(&server)).await, 0);
    }
    for (account, _) in culprits {
        assert_eq!(settled(&app, account, MailState::Failed, 9).await.attempts, 9);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_domain_in_another_script_is_named_so_that_every_server_understands_it() {
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    invite(&app, "idn@bücher.example", "Léa").await;
    let letter = server.next();
    assert_eq!(letter.recipients, ["idn@xn--bcher-kva.example"]);
    assert!(letter.header("To").unwrap().ends_with("<idn@xn--bcher-kva.example>"), "{:?}", letter.header("To"));
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_go_over_a_connection_that_is_encrypted_from_its_first_byte() {
    let server = MailServer::start_wrapped();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    invite(&app, "lea@demo.example", "Léa").await;
    assert!(server.next().tls);
    running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_delays_is_cut_and_holds_up_nobody_else() {
    let server = MailServer::start();
    let app = TestApp::demo_with(Settings { smtp_patience_seconds: 1, ..settings(&server) }).await;
    let running = start(&app).await;
    let slow = invite(&app, "slow@demo.example", "Lente").await;
    assert_eq!(server.waits(), "slow@demo.example");
    invite(&app, "lea@demo.example", "Léa").await;
    assert_eq!(server.next().recipients, ["lea@demo.example"]);
    let waits = settled(&app, slow, MailState::Waiting, 1).await;
    assert_eq!(waits.last_error.as_deref(), Some("the server took too long"));
    // Once it is quick the letter comes, once.
    app.clock.advance(TimeDelta::seconds(61));
    assert_eq!(server.next().recipients, ["slow@demo.example"]);
    settled(&app, slow, MailState::Sent, 2).await;
    running.shutdown().await;
    assert!(server.rest().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_no_mail_server() {
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    let slow = invite(&app, "slow@demo.example", "Lente").await;
    assert_eq!(server.waits(), "slow@demo.example");
    let began = Instant::now();
    running.shutdown().await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    // Whoever starts next has it at once, not when it would have been out of the hand of who stopped.
    let back = mails(&app, MailState::Waiting).await.into_iter().find(|mail| mail.mail.account == slow.0).unwrap();
    assert_eq!((back.attempts, back.last_error.as_deref()), (0, Some("the service was stopped")));
    assert_eq!(post(&app, &settings(&server)).await, 1);
    assert_eq!(server.next().recipients, ["slow@demo.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_comes_twice_brings_one_message_id_and_one_link() {
    // attack 6
    let server = MailServer::start();
    let app = TestApp::demo_with(settings(&server)).await;
    let running = start(&app).await;
    for first_counts in [true, false] {
        let email = format!("lost.{first_counts}@demo.example");
        let account = invite(&app, &email, "Perdue").await;
        let first = server.next();
        let waits = settled(&app, account, MailState::Waiting, 1).await;
        assert_eq!(waits.last_error.as_deref(), Some("the server broke off"));
        app.clock.advance(TimeDelta::seconds(61));
        let second = server.next();
        assert_eq!(first.header("Message-ID").unwrap(), second.header("Message-ID").unwrap());
        assert_eq!(token(&first, "password"), token(&second, "password"));
        let use_link = async |letter| {
            let set = json!({ "token": token(letter, "password"), "password": "quatre coquelicots" });
            app.anonymous().post("/api/v1/passwords", &set).await
        };
        let (one, other) = if first_counts { (&first, &second) } else { (&second, &first) };
        use_link(one).await.expect(204);
        use_link(other).await.refused(410, "link-gone");
    }
    running.shutdown().await;
    assert!(server.rest().is_empty());
}
