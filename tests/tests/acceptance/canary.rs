//! The canary: a unique text in every personal field of every event, driven through every flow. What is exported is all of
//! one person and nothing of another; what is erased is in no byte that is left.
//!
//! Which fields there are is asked of the schemas, which are made of the types: a new personal field that no flow here
//! fills fails the test.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Cursor, Read},
    path::Path,
    time::Duration,
};

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bordereau_api::{Settings, demo, reactors};
use bordereau_commands::{AccountRequest, SubjectRequest};
use bordereau_domain::{AccountId, schema};
use bordereau_store::{SealedField, Store};
use bordereau_tests::{Client, Cluster, Said, TestApp, rows_of_views, run};
use serde_json::{Value, json};
use uuid::Uuid;

use super::REPLAY;

mod birds;

use birds::{Birds, MARK};

/// Every personal field of every event: `OrderPlaced.lines[].line_reference`.
fn personal_fields() -> BTreeSet<String> {
    let schemas = schema::all("/$defs");
    let mut found = BTreeSet::new();
    for event in &schemas.events {
        let shape = event.payload.pointer(&format!("/properties/{}", event.event_type)).unwrap();
        walk(event.event_type, shape, &schemas, &mut found);
    }
    assert!(found.len() > 30, "{found:?}");
    found
}

fn walk(path: &str, shape: &Value, schemas: &schema::Schemas, found: &mut BTreeSet<String>) {
    if let Some(name) = shape["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        if name.starts_with("Personal") {
            found.insert(path.to_owned());
        } else {
            walk(path, &schemas.shared[name], schemas, found);
        }
    }
    for (name, shape) in shape["properties"].as_object().into_iter().flatten() {
        walk(&format!("{path}.{name}"), shape, schemas, found);
    }
    if shape["items"].is_object() {
        walk(&format!("{path}[]"), &shape["items"], schemas, found);
    }
    for choices in ["anyOf", "oneOf", "allOf"] {
        shape[choices].as_array().into_iter().flatten().for_each(|shape| walk(path, shape, schemas, found));
    }
}

/// Visits each reference to sealed data: its field, its person, its digest.
fn references(path: &str, value: &Value, found: &mut Vec<(String, Uuid, [u8; 32])>) {
    match value {
        Value::Object(entries) => {
            if let (2, Some(subject), Some(digest)) =
                (entries.len(), value["subject"].as_str(), value["digest"].as_str())
            {
                let digest: bordereau_domain::Digest = digest.parse().unwrap();
                found.push((path.to_owned(), subject.parse().unwrap(), digest.0));
                return;
            }
            entries.iter().for_each(|(name, value)| references(&format!("{path}.{name}"), value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(&format!("{path}[]"), value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Every reference in the log.
async fn all_references(store: &Store) -> Vec<(String, Uuid, [u8; 32])> {
    let mut found = Vec::new();
    for event in store.read("DLIVRE", 0, usize::MAX >> 1).await.unwrap() {
        let payload: Value = serde_json::from_str(&event.payload).unwrap();
        references(&event.event_type, &payload[&event.event_type], &mut found);
    }
    found
}

/// What the bookshop wrote to a person: the digests.
async fn messages_to(store: &Store, person: AccountId) -> Vec<[u8; 32]> {
    let events = store.read("DLIVRE", 0, usize::MAX >> 1).await.unwrap().into_iter();
    let own = events.filter(|event| event.aggregate_id == person.to_string());
    let mut found = Vec::new();
    for event in own.filter(|event| event.event_type == "AccountMessageSent") {
        references("", &serde_json::from_str(&event.payload).unwrap(), &mut found);
    }
    found.into_iter().map(|(_, _, digest)| digest).collect()
}

/// Every file of a folder, with what is in it.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}

/// Whether some bytes hold a text, in whatever case.
fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(&bytes.to_ascii_lowercase(), &wanted.to_ascii_lowercase()).is_some()
}

/// Whether some bytes hold a sealed text, as it is or as an export of the ledger writes it.
fn holds_sealed(bytes: &[u8], field: &SealedField) -> bool {
    // Nonce and cipher text: the key's id before them stays as that of a destroyed key.
    let there = memchr::memmem::find(bytes, &field.bytes[49..]);
    there.or_else(|| memchr::memmem::find(bytes, BASE64.encode(&field.bytes).as_bytes())).is_some()
}

/// The sealed bytes of these persons that are in the vault.
async fn sealed_of(store: &Store, people: &[AccountId]) -> Vec<SealedField> {
    let all = store.list_sealed("DLIVRE", &[], 1_000_000).await.unwrap();
    all.into_iter().filter(|field| people.iter().any(|person| person.0 == field.subject)).collect()
}

/// The files of an export, by name.
fn unzip(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

async fn exported(client: &Client, path: &str) -> BTreeMap<String, String> {
    let answer = client.get(path).await.expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    unzip(&answer.bytes)
}

#[tokio::test]
async fn an_export_holds_every_personal_field_of_its_person_and_nothing_of_another() {
    // attack 111
    let app = TestApp::demo().await;
    let birds = Birds::hatch(&app).await;
    birds.sing(&app).await;
    let all = all_references(&app.app.store).await;
    let digests: Vec<_> = all.iter().map(|(_, _, digest)| *digest).collect();
    let clear = app.app.store.open_sealed("DLIVRE", &digests).await.unwrap();
    let clients = [&birds.requester, &birds.purchaser, &birds.bookseller, &birds.registrant];
    for (client, account) in clients.into_iter().zip(birds.accounts.clone()) {
        // The login of one of them has changed: the session holds.
        let files = exported(client, "/api/v1/me/export").await;
        assert_eq!(files.keys().collect::<Vec<_>>(), ["data.csv", "data.json", "index.html"]);
        let data: Value = serde_json::from_str(&files["data.json"]).unwrap();
        let texts: BTreeSet<&str> =
            data["fields"].as_array().unwrap().iter().filter_map(|f| f["text"].as_str()).collect();
        let to_him = messages_to(&app.app.store, account).await;
        assert_eq!(to_him.len(), usize::from(account == birds.accounts[3]), "one of them was written to");
        let (own, others): (Vec<_>, Vec<_>) =
            all.iter().partition(|(_, subject, digest)| *subject == account.0 || to_him.contains(digest));
        let own: BTreeSet<&str> = own.iter().map(|(_, _, digest)| clear[digest].as_str()).collect();
        assert_eq!(texts, own, "all of his, and nothing else");
        assert!(own.len() > 3);
        let of_others: Vec<_> =
            others.iter().map(|(_, _, digest)| &clear[digest]).filter(|text| text.contains(MARK)).collect();
        assert!(of_others.len() > 5);
        for text in of_others {
            let escaped = text.replace('"', "&#34;");
            let quoted = text.replace('"', "\"\"");
            for (name, file) in &files {
                assert!(
                    !file.contains(text.as_str()) && !file.contains(&escaped) && !file.contains(&quoted),
                    "{name}: {text}"
                );
            }
        }
        assert!(!data["acts"].as_array().unwrap().is_empty() && data["account"]["email"].is_string(), "{data:#}");
        // The page is escaped, in the reader's language; the table starts no formula.
        assert!(files["index.html"].contains("<html lang=\"en\">") && !files["index.html"].contains("é\"\\"));
        let by_bookseller = exported(&app.bookseller(), &format!("/api/v1/accounts/{account}/export")).await;
        let again: Value = serde_json::from_str(&by_bookseller["data.json"]).unwrap();
        let is_inner =
            |row: &&Value| row["object"].as_str().unwrap().starts_with("basket/") && row["field"] == "comment";
        let shown: Vec<_> = data["fields"].as_array().unwrap().iter().filter(|row| !is_inner(row)).collect();
        // Every basket of theirs has become a document.
        assert_eq!(again["fields"].as_array().unwrap().iter().collect::<Vec<_>>(), shown);
        assert_eq!((&data["whole"], &again["whole"]), (&json!(true), &json!(false)));
    }
    let purchaser: Value =
        serde_json::from_str(&exported(&birds.purchaser, "/api/v1/me/export").await["data.json"]).unwrap();
    assert_eq!(purchaser["recipients"][0]["recipient"], "Librisoft");
    assert_eq!(purchaser["documents"].as_array().unwrap().len(), 3, "{purchaser:#}");
}

#[tokio::test]
async fn what_was_erased_is_in_no_byte_that_is_left() {
    // attack 109
    let said = Said::listen();
    // Letters that were sent have left the house; the folder stands for it.
    let letters = tempfile::TempDir::new().unwrap();
    let app = TestApp::demo_with(posting_to(letters.path())).await;
    let folder = app.folder.clone().unwrap();
    let running = reactors::start(&app.app).unwrap();
    let (people, sealed) = live_and_die(&app, Some(letters.path())).await;
    everything_was_reacted_to(&app).await;
    running.shutdown().await;
    nobody_is_named(&app, &people).await;
    let mut found = Vec::new();
    files(folder.path(), &mut found);
    let log = said.text();
    assert!(log.contains("was exported for him"), "nothing was heard");
    found.push(("what was logged".to_owned(), log.into_bytes()));
    // A back-up that is made now holds none of it either.
    let copy = tempfile::TempDir::new().unwrap();
    app.app.store.back_up(&copy.path().join("copy")).await.unwrap();
    export_ledgers(folder.path(), &copy.path().join("ledgers.jsonl"));
    files(copy.path(), &mut found);
    for (name, bytes) in &found {
        assert!(!holds(bytes, MARK.as_bytes()), "{name} holds a canary");
        for field in &sealed {
            assert!(!holds_sealed(bytes, field), "{name} holds sealed bytes of {}", field.field);
        }
    }
    let verified = run(Path::new(REPLAY), &["--data", folder.path().to_str().unwrap(), "verify"], "");
    assert_eq!(verified.code, Some(0), "{verified:?}");
    app.app.projections.shutdown().await;
    let lived = rows_of_views(&app.app.store, &folder.path().join("views")).await;
    assert!(lived == rows_of_views(&app.app.store, &folder.path().join("rebuilt")).await, "rebuilt views differ");
}

#[tokio::test]
async fn on_postgresql_what_was_erased_is_in_no_row_that_is_left() {
    // attack 109
    let app = TestApp::demo_on_postgres().await;
    let (people, sealed) = live_and_die(&app, None).await;
    let url = app.app.settings.store.clone();
    let dump =
        tokio::task::spawn_blocking(move || Cluster::shared().tool("pg_dump", &["--dbname", &url])).await.unwrap();
    assert!(dump.contains("bordereau_keys") && !holds(dump.as_bytes(), MARK.as_bytes()));
    for field in &sealed {
        let hex: Vec<_> = field.bytes[49..].iter().map(|byte| format!("{byte:02x}")).collect();
        let hex = hex.concat();
        assert!(!dump.contains(&hex), "the dump holds sealed bytes of {}", field.field);
    }
    nobody_is_named(&app, &people).await;
}

/// Letters go into a folder.
fn posting_to(folder: &Path) -> Settings {
    Settings {
        smtp_url: Some(format!("folder:{}", folder.display())),
        public_url: Some("https://commandes.example".to_owned()),
        ..Settings::default()
    }
}

/// Waits until there is a letter.
async fn somebody_was_written_to(letters: &Path) {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..1_500 {
        looks.tick().await;
        if fs::read_dir(letters).is_ok_and(|mut files| files.next().is_some()) {
            return;
        }
    }
    panic!("nobody was written to while he lived");
}

/// Waits until those who follow the log have dealt with all of it.
async fn everything_was_reacted_to(app: &TestApp) {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..3_000 {
        looks.tick().await;
        let head = app.head("DLIVRE").await;
        let mut behind = false;
        for name in ["erasure", "mail"] {
            behind |= app.app.store.find_checkpoint("DLIVRE", name).await.unwrap() < head;
        }
        if !behind {
            return;
        }
    }
    panic!("a reactor is behind");
}

/// What the auditor takes along.
fn export_ledgers(data: &Path, file: &Path) {
    let told = run(Path::new(REPLAY), &["--data", data.to_str().unwrap(), "export", file.to_str().unwrap()], "");
    assert_eq!(told.code, Some(0), "{told:?}");
}

#[tokio::test]
async fn what_was_deleted_with_an_organisation_is_in_no_byte_that_is_left() {
    // attack 109, B15
    let app = TestApp::demo().await;
    let folder = app.folder.clone().unwrap();
    let birds = Birds::hatch(&app).await;
    birds.about_oneself(&app).await;
    let account = birds.accounts[3];
    let about = ["company", "vat_number", "chamber_number", "department", "message"];
    let (gone, stays): (Vec<_>, Vec<_>) = all_references(&app.app.store)
        .await
        .into_iter()
        .filter(|(_, subject, _)| *subject == account.0 || *subject == birds.accounts[2].0)
        .partition(|(field, _, _)| about.iter().any(|name| field.ends_with(name)));
    assert!(gone.len() >= 5 && stays.len() >= 3, "{gone:?} {stays:?}");
    let all = app.app.store.list_sealed("DLIVRE", &[], 1_000_000).await.unwrap();
    let sealed = |wanted: &[(String, Uuid, [u8; 32])]| -> Vec<SealedField> {
        all.iter().filter(|field| wanted.iter().any(|(_, _, digest)| *digest == field.digest)).cloned().collect()
    };
    let password = json!({ "current_password": demo::PASSWORD });
    birds.registrant.call(Method::DELETE, "/api/v1/me/registration").json(&password).send().await.expect(200);
    app.drain().await;
    let copy = tempfile::TempDir::new().unwrap();
    app.app.store.back_up(&copy.path().join("copy")).await.unwrap();
    export_ledgers(folder.path(), &copy.path().join("ledgers.jsonl"));
    let mut found = Vec::new();
    files(folder.path(), &mut found);
    files(copy.path(), &mut found);
    let is_there =
        |field: &SealedField| found.iter().find(|(_, bytes)| holds_sealed(bytes, field)).map(|(name, _)| name);
    for field in sealed(&gone) {
        assert_eq!(is_there(&field), None, "{}", field.field);
    }
    assert!(sealed(&stays).iter().all(|field| is_there(field).is_some()), "its person lives");
    let verified = run(Path::new(REPLAY), &["--data", folder.path().to_str().unwrap(), "verify"], "");
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

/// Everybody sings, and is erased while letters to them wait; who they were and what was sealed of them.
/// Where there is a folder of letters, one of them has been written to before.
async fn live_and_die(app: &TestApp, letters: Option<&Path>) -> (Vec<AccountId>, Vec<SealedField>) {
    let birds = Birds::hatch(app).await;
    birds.sing(app).await;
    let all = all_references(&app.app.store).await;
    let digests: Vec<_> = all.iter().map(|(_, _, digest)| *digest).collect();
    let clear = app.app.store.open_sealed("DLIVRE", &digests).await.unwrap();
    let filled: BTreeSet<_> =
        all.iter().filter(|(_, _, digest)| clear[digest].contains(MARK)).map(|(field, _, _)| field.clone()).collect();
    let missing: Vec<_> = personal_fields().difference(&filled).cloned().collect();
    assert!(missing.is_empty(), "no canary was in {missing:?}");
    let sealed = sealed_of(&app.app.store, &birds.accounts).await;
    assert!(sealed.len() > 30, "{}", sealed.len());
    let totals = totals(app).await;
    if let Some(letters) = letters {
        somebody_was_written_to(letters).await;
    }
    for account_id in &birds.accounts[..2] {
        app.bookseller().post(&format!("/api/v1/accounts/{account_id}/erase"), &json!({})).await.expect(200);
    }
    let password = json!({ "current_password": demo::PASSWORD });
    for client in [&birds.registrant, &birds.bookseller] {
        app.drain().await;
        client.call(Method::DELETE, "/api/v1/me").json(&password).send().await.expect(200);
    }
    // Somebody who still held a text when the keys went cannot keep it.
    let late = AccountRequest::Change(Box::new(bordereau_commands::SentChange {
        name: Some(bordereau_commands::SealText::new("canari-late").unwrap()),
        ..bordereau_commands::SentChange::default()
    }));
    let envelope = bordereau_commands::Envelope::new(
        "DLIVRE".parse().unwrap(),
        bordereau_domain::Actor::system(),
        app.clock.now(),
        "test",
    );
    let refused = app.app.commands.execute(envelope, birds.accounts[0].to_string(), late).await;
    assert!(matches!(refused, Err(bordereau_commands::Failed::Erased)), "{refused:?}");
    let account_id = birds.accounts[0];
    app.act("DLIVRE", account_id, SubjectRequest::Erase { account_id }).await;
    assert_eq!(self::totals(app).await, totals, "an erasure changes no amount");
    assert!(sealed_of(&app.app.store, &birds.accounts).await.is_empty());
    app.drain().await;
    (birds.accounts.clone(), sealed)
}

/// What the orders and quotes come to.
async fn totals(app: &TestApp) -> Vec<Value> {
    let mut found = Vec::new();
    for list in ["orders?tab=pending", "orders?tab=processing", "orders?tab=cancelled", "quotes?tab=current"] {
        let page = app.bookseller().get(&format!("/api/v1/{list}&limit=200")).await.expect(200);
        found.extend(page.items().iter().map(|item| json!([item["id"], item["totals"], item["total_incl_tax"]])));
    }
    assert!(found.len() > 6, "{found:?}");
    found
}

/// Every list, document and history answers, and names none of them; an export made now is empty of texts.
async fn nobody_is_named(app: &TestApp, people: &[AccountId]) {
    let mut shown = Vec::new();
    let auditor = app.auditor();
    for list in [
        "accounts",
        "quotes?tab=current",
        "quotes?tab=archived",
        "orders?tab=pending",
        "orders?tab=processing",
        "orders?tab=cancelled",
        "audit?order=newest",
        "events?after=0",
    ] {
        let sign = if list.contains('?') { '&' } else { '?' };
        shown.push(auditor.get(&format!("/api/v1/{list}{sign}limit=200")).await.expect(200).text);
    }
    for tray in ["to_validate", "validated", "sent"] {
        shown.push(app.purchaser().tray(tray).await.expect(200).text);
    }
    let mut seen = BTreeSet::new();
    for event in app.app.store.read("DLIVRE", 0, usize::MAX >> 1).await.unwrap() {
        let kind = event.aggregate_type.to_lowercase() + "s";
        if people.iter().any(|person| event.metadata.contains(&person.to_string()))
            && seen.insert(event.aggregate_id.clone())
        {
            let id: Uuid = event.aggregate_id.parse().unwrap_or_default();
            if matches!(kind.as_str(), "baskets" | "quotes" | "orders") {
                shown.push(auditor.history(&kind, id).await.expect(200).text);
                shown.push(auditor.get(&format!("/api/v1/{kind}/{id}")).await.expect(200).text);
            }
        }
    }
    assert!(seen.len() > 4);
    for text in &shown {
        assert!(!holds(text.as_bytes(), MARK.as_bytes()), "{text}");
    }
    for person in people {
        let files = exported(&app.bookseller(), &format!("/api/v1/accounts/{person}/export")).await;
        assert!(files.values().all(|file| !holds(file.as_bytes(), MARK.as_bytes())));
        let data: Value = serde_json::from_str(&files["data.json"]).unwrap();
        assert!(data["fields"].as_array().unwrap().iter().all(|field| field["text"].is_null()));
    }
}
