//! Personal texts: sealed in the vault, and in clear nowhere on the disk.

use std::fs;

use bordereau_commands::{AccountRequest, BasketRequest, OpenBasket, OrderRequest, PlaceOrder};
use bordereau_domain::{Digest, Ean, Role};
use serde_json::Value;

use crate::bench::*;

/// One of each kind of personal text. Long enough to be found nowhere by chance.
const TEXTS: [&str; 9] = [
    "Cadeaux-de-Noel-de-Zoe-Quartz",
    "Rayon-jeunesse-de-Zoe-Quartz",
    "Un-mot-de-Zoe-Quartz-avec-envoi",
    "Un-mot-de-Zoe-Quartz-avec-commande",
    "Parce-que-Zoe-Quartz-est-partie",
    "Bonjour-Zoe-Quartz-vos-livres-sont-la",
    "zoe.quartz@ecole-privee.example",
    "Zoe-Quartz-la-requerante",
    "+33-6-98-76-54-32-10",
];

async fn a_life_full_of_texts(bench: &Bench) {
    let [name, reference, sending, ordering, reason, message, email, person, phone] = TEXTS;
    let account_id = account(Role::Auditor);
    let open = AccountRequest::Open {
        account_id,
        email: text(email),
        name: text(person),
        phone: Some(text(phone)),
        role: Role::Requester,
        institutions: vec![library()],
        establishment: None,
        password_hash: None,
    };
    bench.act(by(Role::Bookseller), account_id.to_string(), open).await.unwrap();
    let open =
        OpenBasket { basket_id: basket(1), institution_id: library(), name: Some(text(name)), quota_reached: false };
    bench.ask(Role::Requester, 1, BasketRequest::Open(open)).await.unwrap();
    let line_reference = Some(text(reference));
    let ean = Ean::parse(ROAD).unwrap();
    let add = BasketRequest::AddLine { line_id: line(1), ean, quantity: 1, line_reference };
    bench.ask(Role::Requester, 1, add).await.unwrap();
    let send = BasketRequest::SendToApprover { comment: Some(text(sending)) };
    bench.ask(Role::Requester, 1, send).await.unwrap();
    bench.ask(Role::Approver, 1, BasketRequest::Validate { comment: None }).await.unwrap();
    let BasketRequest::PlaceOrder(place) = placing(1) else { panic!("an order") };
    let place = PlaceOrder { comment: Some(text(ordering)), ..place };
    bench.ask(Role::Purchaser, 1, BasketRequest::PlaceOrder(place)).await.unwrap();
    let id = || order(1).to_string();
    let send = OrderRequest::SendMessage { text: text(message) };
    bench.act(by(Role::Bookseller), id(), send).await.unwrap();
    bench.act(by(Role::Bookseller), id(), OrderRequest::Cancel { reason: text(reason) }).await.unwrap();
}

/// The digests of all sealed texts below `value`.
fn digests(value: &Value, into: &mut Vec<[u8; 32]>) {
    match value {
        Value::Object(fields) => {
            if let Some(digest) = fields.get("digest").and_then(Value::as_str) {
                into.push(digest.parse::<Digest>().unwrap().0);
            }
            fields.values().for_each(|value| digests(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| digests(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn personal_texts_stand_in_the_vault_and_in_clear_nowhere() {
    let bench = Bench::new().await;
    a_life_full_of_texts(&bench).await;
    let log = bench.log().await;
    let mut sealed = Vec::new();
    for event in &log {
        for text in TEXTS {
            assert!(!event.payload.contains(text) && !event.metadata.contains(text), "{}", event.event_type);
        }
        digests(&serde_json::from_str(&event.payload).unwrap(), &mut sealed);
    }
    let opened = bench.commands.store().open_sealed("DLIVRE", &sealed).await.unwrap();
    for text in TEXTS {
        assert!(opened.values().any(|found| found == text), "{text} is in the vault");
    }
    let check_files = |when: &str| {
        for file in fs::read_dir(bench.folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            for text in TEXTS {
                let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
                assert!(!found, "{text} in {} {when}", path.display());
            }
        }
    };
    check_files("while open");
    bench.commands.store().close().await;
    check_files("when closed");
}

#[tokio::test]
async fn accounting_references_of_the_institution_stand_in_clear() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap();
    let log = bench.log().await;
    assert!(log.last().unwrap().payload.contains("BC-2026-17"));
}

#[tokio::test]
async fn an_erased_person_leaves_a_log_that_reads_as_before() {
    let bench = Bench::new().await;
    a_life_full_of_texts(&bench).await;
    let before = bench.log().await;
    let store = bench.commands.store();
    let keys = store.erase_subject("DLIVRE", account(Role::Requester).0).await.unwrap();
    assert!(!keys.is_empty());
    assert_eq!(bench.log().await, before);
    let mut sealed = Vec::new();
    for event in &before {
        digests(&serde_json::from_str(&event.payload).unwrap(), &mut sealed);
    }
    let opened = store.open_sealed("DLIVRE", &sealed).await.unwrap();
    assert!(!opened.values().any(|found| found == TEXTS[0] || found == TEXTS[2]));
    assert!(opened.values().any(|found| found == TEXTS[3]), "the purchaser's comment is another person's");
}
