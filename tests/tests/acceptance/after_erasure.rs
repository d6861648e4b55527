//! What was begun before an erasure and ends after it, what others have sealed about who is gone, and what keeps an
//! erasure from being complete: none of it leaves anything.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use axum::http::Method;
use bordereau_api::{demo, reactors};
use bordereau_commands::{SubjectRequest, new_id};
use bordereau_domain::{AccountId, Digest, Role};
use bordereau_integrations::erasure::Eraser;
use bordereau_store::{
    Append, Beside, MailState, NewCredential, NewMail, NewPendingEmail, NewSession, SealedField, Store,
};
use bordereau_tests::{Client, MEDIATHEQUE, TestApp};
use serde_json::json;

const EMAIL: &str = "zoe@demo.example";

/// Somebody of the Médiathèque.
async fn engage(app: &TestApp) -> (Client, AccountId) {
    let zoe = app.engage(EMAIL, Role::Requester, &[MEDIATHEQUE]).await;
    let account = app.account_of(&zoe).await;
    (zoe, account)
}

async fn complete(app: &TestApp, account: AccountId) {
    let eraser = Eraser::new(app.app.commands.clone());
    eraser.complete(&"DLIVRE".parse().unwrap(), account, app.clock.now()).await.unwrap();
}

async fn sealed_of(store: &Store, person: AccountId) -> Vec<SealedField> {
    let all = store.list_sealed("DLIVRE", &[], 1_000_000).await.unwrap();
    all.into_iter().filter(|field| field.subject == person.0).collect()
}

#[tokio::test]
async fn nobody_acts_in_the_place_of_somebody_who_is_erased_before_his_account_is_closed() {
    let app = TestApp::demo().await;
    stands_in_for_nobody(&app, &app).await;
}

#[tokio::test]
async fn on_postgresql_another_node_lets_nobody_act_in_the_place_of_somebody_who_is_erased() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    stands_in_for_nobody(&one, &two).await;
}

async fn stands_in_for_nobody(here: &TestApp, there: &TestApp) {
    let (zoe, account_id) = engage(here).await;
    let before = there.sign_in("libraire@demo.example").await.in_place_of(account_id).await;
    before.get("/api/v1/me").await.expect(200);
    // The event is durable, and there it stopped: the account is still open.
    here.act("DLIVRE", account_id, SubjectRequest::Erase { account_id }).await;
    for client in [&zoe, &before] {
        client.get("/api/v1/me").await.refused(401, "unauthenticated");
    }
    // Another node may find out only after it has let the session before go: each asks with one of its own.
    let asks = async || there.sign_in("libraire@demo.example").await.ask_for_place(account_id).await;
    asks().await.refused(403, "may-not-stand-in");
    complete(here, account_id).await;
    asks().await.refused(403, "may-not-stand-in");
}

#[tokio::test]
async fn what_was_begun_before_an_erasure_and_written_after_it_goes_with_the_rest() {
    goes_with_the_rest(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_what_was_begun_before_an_erasure_goes_with_the_rest() {
    goes_with_the_rest(&TestApp::demo_on_postgres().await).await;
}

fn session(account: AccountId, on_behalf_of: Option<AccountId>, mark: u8, now: i64) -> NewSession {
    NewSession {
        ledger: "DLIVRE".to_owned(),
        token_hash: [mark; 32],
        id: new_id(),
        account: account.0,
        on_behalf_of: on_behalf_of.map(|other| other.0),
        delegation: None,
        role: "requester".to_owned(),
        institutions: Vec::new(),
        created_at: now,
        last_seen_at: now,
        expires_at: now + 3_600_000_000,
    }
}

async fn goes_with_the_rest(app: &TestApp) {
    let (_, account_id) = engage(app).await;
    let (store, bookseller) = (&app.app.store, app.account_of(&app.bookseller()).await);
    app.act("DLIVRE", account_id, SubjectRequest::Erase { account_id }).await;
    // Slower than the event: a sign-in, a stand-in, a password, a claim, a new login, a letter.
    let now = app.clock.now().timestamp_micros();
    let account = account_id.0;
    let beside = vec![
        Beside::Credential(NewCredential { account, password_hash: Some("hash".to_owned()), proven: true }),
        Beside::Claim { kind: "email".to_owned(), value: [7; 32], holder: account_id.to_string() },
        Beside::PendingEmail(NewPendingEmail { account, digest: [8; 32], claim: [8; 32], expires_at: now + 1 }),
    ];
    store.append(Append { ledger: "DLIVRE".to_owned(), beside, ..Append::default() }).await.unwrap();
    let known = store.find_credential("DLIVRE", bookseller.0).await.unwrap().and_then(|known| known.password_hash);
    assert!(store.create_session(session(account_id, None, 1, now), "hash").await.unwrap());
    let in_place = session(bookseller, Some(account_id), 2, now);
    assert!(store.create_session(in_place, &known.expect("a password")).await.unwrap());
    let (ledger, kind, args) = ("DLIVRE".to_owned(), "account-declined".to_owned(), "{}".to_owned());
    store.queue_mail(NewMail { ledger, id: new_id(), kind, account, args, queued_at: now }).await.unwrap();

    complete(app, account_id).await;
    for mark in [1, 2] {
        assert_eq!(store.find_session(&[mark; 32], now, 0).await.unwrap(), None, "{mark}");
    }
    assert_eq!(store.find_credential("DLIVRE", account).await.unwrap(), None);
    assert_eq!(store.find_claim("DLIVRE", "email", &[7; 32]).await.unwrap(), None);
    assert_eq!(store.find_pending_email("DLIVRE", account).await.unwrap(), None);
    let waiting = store.list_mails("DLIVRE", MailState::Waiting, 1_000).await.unwrap();
    assert!(waiting.iter().all(|queued| queued.mail.account != account));
}

#[tokio::test]
async fn what_the_bookshop_wrote_to_somebody_goes_with_him_and_its_writer_stays() {
    takes_the_messages(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_what_the_bookshop_wrote_to_somebody_goes_with_him() {
    takes_the_messages(&TestApp::demo_on_postgres().await).await;
}

async fn takes_the_messages(app: &TestApp) {
    // attack 109
    let (_, account) = engage(app).await;
    let (store, bookseller) = (&app.app.store, app.account_of(&app.bookseller()).await);
    let before = sealed_of(store, bookseller).await.len();
    for text in ["Bonjour Zoé Marchand", "Rappel, Zoé Marchand"] {
        let path = format!("/api/v1/accounts/{account}/message");
        app.bookseller().post(&path, &json!({ "text": text })).await.expect(200);
    }
    let messages: Vec<_> =
        sealed_of(store, bookseller).await.into_iter().filter(|field| field.field == "message").collect();
    assert_eq!(sealed_of(store, bookseller).await.len(), before + 2);
    let digests: Vec<_> = messages.iter().map(|field| field.digest).collect();
    let opened = async || store.open_sealed("DLIVRE", &digests).await.unwrap();
    assert!(opened().await.values().filter(|text| text.contains("Zoé Marchand")).count() == 2);

    app.bookseller().post(&format!("/api/v1/accounts/{account}/erase"), &json!({})).await.expect(200);
    let shown = app.bookseller().get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert!(!shown.text.contains("Marchand"), "{shown}");
    assert!(opened().await.values().all(|text| !text.contains("Marchand")), "all of them, not only the last");
    assert_eq!(sealed_of(store, bookseller).await.len(), before, "what she wrote to others stays");
    // A back-up brings them back under a key that lives.
    let beside = messages.into_iter().map(Beside::Sealed).collect();
    store.append(Append { ledger: "DLIVRE".to_owned(), beside, ..Append::default() }).await.unwrap();
    let head = app.head("DLIVRE").await;
    assert_eq!(Eraser::new(app.app.commands.clone()).reapply(app.clock.now()).await.unwrap(), 1);
    assert!(opened().await.values().all(|text| !text.contains("Marchand")));
    assert_eq!(app.head("DLIVRE").await, head);
}

/// SHA-256 of a request as a client could make it, if he knew it: each part with its length before it.
fn plain_hash(parts: [&str; 3]) -> [u8; 32] {
    let framed = parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part.as_bytes()].concat());
    bordereau_api::token_hash(&String::from_utf8(framed.collect()).unwrap())
}

#[tokio::test]
async fn no_hash_that_can_be_guessed_is_kept_of_a_request_and_none_at_all_of_who_is_erased() {
    keeps_no_hash(&TestApp::demo().await).await;
}

#[tokio::test]
async fn on_postgresql_no_hash_that_can_be_guessed_is_kept_of_a_request() {
    keeps_no_hash(&TestApp::demo_on_postgres().await).await;
}

async fn keeps_no_hash(app: &TestApp) {
    let (zoe, account) = engage(app).await;
    let store = &app.app.store;
    let kept = async |key: &str| store.find_outcome("DLIVRE", &account.to_string(), key).await.unwrap();
    let named = json!({ "name": "Zoé" });
    for _ in 0..2 {
        let asked = zoe.call(Method::PATCH, "/api/v1/me").json(&named).key("first");
        asked.send().await.expect(200);
    }
    let hash = kept("first").await.unwrap().request_hash;
    let plain = plain_hash(["PATCH", "/api/v1/me", &named.to_string()]);
    assert_ne!(hash, plain);
    assert_eq!(hash, store.blind_index("DLIVRE", "request", &Digest(plain).to_string()), "it is what was asked");
    let other = zoe.call(Method::PATCH, "/api/v1/me").json(&json!({ "name": "Zoë" })).key("first");
    other.send().await.refused(422, "key-reused");
    let password = json!({ "current_password": demo::PASSWORD });
    zoe.call(Method::DELETE, "/api/v1/me").json(&password).key("last").send().await.expect(200);
    for key in ["first", "last"] {
        assert_eq!(kept(key).await, None, "{key}");
    }
}

/// Whether some file in a folder holds some bytes.
fn holds(folder: &Path, wanted: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, wanted);
        }
        // A file of the views may go between the two.
        fs::read(&path).is_ok_and(|bytes| memchr::memmem::find(&bytes, wanted).is_some())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_holds_up_neither_an_erasure_nor_anybody_else_and_its_end_empties_the_files() {
    // attack 109
    let app = TestApp::demo().await;
    let folder = app.folder.clone().unwrap();
    let (_, account) = engage(&app).await;
    let sealed = sealed_of(&app.app.store, account).await;
    assert!(!sealed.is_empty());
    // Nonce and cipher text: the key's id before them stays as that of a destroyed key.
    let is_there = || sealed.iter().any(|field| holds(folder.path(), &field.bytes[49..]));
    // A back-up under way, of log and keys.
    let readers = ["bordereau.db", "keys.db"].map(|name| {
        let reader = rusqlite::Connection::open(folder.path().join(name)).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema").unwrap();
        reader
    });
    let running = reactors::start(&app.app).unwrap();
    let begun = Instant::now();
    app.bookseller().post(&format!("/api/v1/accounts/{account}/erase"), &json!({})).await.expect(200);
    let shown = app.bookseller().get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert_eq!(shown.text_at("/status"), "inactive");
    app.requester().open_basket("Pendant la sauvegarde").await.expect(201);
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(is_there(), "the reader still sees what was there when it began");
    drop(readers);
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    for _ in 0..1_200 {
        looks.tick().await;
        if !is_there() {
            break;
        }
    }
    running.shutdown().await;
    assert!(!is_there());
    assert!(app.app.store.list_undone_erasures().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_erased_on_one_node_opens_on_no_other_though_it_holds_the_key_still() {
    let one = TestApp::demo_on_postgres().await;
    let two = one.another_node().await;
    let (_, account) = engage(&one).await;
    let sealed = sealed_of(&one.app.store, account).await;
    let digests: Vec<_> = sealed.iter().map(|field| field.digest).collect();
    assert_eq!(two.app.store.open_sealed("DLIVRE", &digests).await.unwrap().len(), digests.len());
    one.bookseller().post(&format!("/api/v1/accounts/{account}/erase"), &json!({})).await.expect(200);
    assert!(two.app.store.open_sealed("DLIVRE", &digests).await.unwrap().is_empty());
    let there = two.sign_in("libraire@demo.example").await;
    let shown = there.get(&format!("/api/v1/accounts/{account}")).await.expect(200);
    assert_eq!((shown.at("/name"), shown.at("/email")), (&json!(null), &json!(null)));
}
