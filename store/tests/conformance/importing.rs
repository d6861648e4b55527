//! A ledger that is brought in from elsewhere is the one that it was there, or nothing of it stays.

use bordereau_store::{
    Append, Beside, ImportPart, MerkleTree, Purpose, SealedField, Store, StoreError, StoredEvent, leaf,
};
use tokio::sync::mpsc;

use super::bench::{Bench, LEDGER, OTHER, add, command, fresh_id, stream};

/// A store with a few streams and a sealed text in `LEDGER`; its events and the text.
async fn source(bench: &Bench) -> (Store, Vec<StoredEvent>, SealedField) {
    let store = bench.open().await;
    let sealed = store.seal(LEDGER, fresh_id(), Purpose::Account, "comment", "À relire").await.unwrap();
    let beside = vec![Beside::Sealed(sealed.clone())];
    let streams = vec![stream("basket", "b1", 0, 3), stream("order", "o1", 0, 2)];
    store.append(Append { beside, ..command(LEDGER, streams) }).await.unwrap();
    add(&store, "b1", 3).await;
    let events = store.read(LEDGER, 0, 100).await.unwrap();
    (store, events, sealed)
}

fn root(events: &[StoredEvent]) -> [u8; 32] {
    let mut tree = MerkleTree::default();
    for event in events {
        tree.push(leaf(event));
    }
    tree.root()
}

fn end(events: &[StoredEvent]) -> ImportPart {
    ImportPart::End { root: root(events), numbers: vec![("order".to_owned(), 41)] }
}

async fn import(store: &Store, ledger: &str, parts: Vec<ImportPart>) -> Result<bordereau_store::Head, StoreError> {
    let (sender, receiver) = mpsc::channel(1);
    let sending = async move {
        for part in parts {
            // Whoever refuses stops listening.
            if sender.send(part).await.is_err() {
                break;
            }
        }
    };
    let (answer, ()) = tokio::join!(store.import_ledger(ledger, receiver), sending);
    answer
}

pub(crate) async fn an_imported_ledger_is_the_one_that_it_was(bench: Bench) {
    let (there, events, sealed) = source(&bench).await;
    let elsewhere = bench.with_same_keys().await;
    let store = elsewhere.open_bare().await;
    let mut appended = store.appended();
    let (first, rest) = events.split_at(2);
    assert_eq!(there.list_sealed(LEDGER, &[], 10).await.unwrap(), std::slice::from_ref(&sealed));
    assert!(there.list_sealed(LEDGER, &sealed.digest, 10).await.unwrap().is_empty());
    let parts = vec![
        ImportPart::Events(first.to_vec()),
        ImportPart::Events(rest.to_vec()),
        ImportPart::Sealed(vec![sealed.clone()]),
        end(&events),
    ];
    let head = import(&store, LEDGER, parts).await.unwrap();
    let before = there.head(LEDGER).await.unwrap().unwrap();
    assert_eq!((head.position, head.recorded_at), (before.position, before.recorded_at));
    assert_ne!(head.epoch, before.epoch);
    assert!(appended.has_changed().unwrap());
    appended.mark_unchanged();

    let store = elsewhere.reopen(store).await;
    assert_eq!(store.read(LEDGER, 0, 100).await.unwrap(), events);
    assert_eq!(store.list_sealed(LEDGER, &[], 10).await.unwrap(), std::slice::from_ref(&sealed));
    assert_eq!(store.open_sealed(LEDGER, &[sealed.digest]).await.unwrap()[&sealed.digest], "À relire");
    assert_eq!(store.take_numbers(LEDGER, "order", 1).await.unwrap(), 42);
    let receipt = add(&store, "b1", 4).await;
    assert_eq!(receipt.position, before.position + 1);
    assert!(receipt.recorded_at > before.recorded_at);
}

pub(crate) async fn a_ledger_that_exists_is_not_imported(bench: Bench) {
    let (store, events, _) = source(&bench).await;
    let parts = vec![ImportPart::Events(events.clone()), end(&events)];
    let error = import(&store, LEDGER, parts).await.unwrap_err();
    assert!(matches!(&error, StoreError::Refused(reason) if reason.contains("exists")), "{error:?}");
    assert_eq!(store.read(LEDGER, 0, 100).await.unwrap(), events);
}

pub(crate) async fn a_ledger_that_is_not_whole_leaves_nothing(bench: Bench) {
    let (_, events, sealed) = source(&bench).await;
    let store = bench.elsewhere().await.open_bare().await;
    let changed = |change: &dyn Fn(&mut Vec<StoredEvent>)| {
        let mut changed = events.clone();
        change(&mut changed);
        changed
    };
    let spoiled = SealedField { bytes: vec![1], ..sealed };
    let cases: Vec<(&str, Vec<StoredEvent>, Option<SealedField>, bool)> = vec![
        ("position 4", changed(&|events| drop(events.remove(2))), None, true),
        ("position 3", changed(&|events| events.insert(3, events[2].clone())), None, true),
        ("position 2", changed(&|events| drop(events.remove(0))), None, true),
        ("recorded", changed(&|events| events[4].recorded_at -= 3_600_000_000), None, true),
        ("earlier event", changed(&|events| events[4].event_id = events[1].event_id), None, true),
        ("sequence", changed(&|events| events[4].sequence += 1), None, true),
        (OTHER, changed(&|events| events[1].ledger = OTHER.to_owned()), None, true),
        ("root", changed(&|events| events[2].payload.push(' ')), None, true),
        ("root", changed(&|events| drop(events.pop())), None, true),
        ("no event", vec![], None, true),
        ("digest", events.clone(), Some(spoiled), true),
        ("before its end", events.clone(), None, false),
    ];
    for (expected, brought, sealed, ends) in cases {
        let mut parts = vec![ImportPart::Events(brought)];
        parts.extend(sealed.map(|sealed| ImportPart::Sealed(vec![sealed])));
        parts.extend(ends.then(|| end(&events)));
        let error = import(&store, LEDGER, parts).await.unwrap_err();
        assert!(matches!(&error, StoreError::Refused(reason) if reason.contains(expected)), "{expected}: {error:?}");
        assert_eq!(store.head(LEDGER).await.unwrap(), None, "{expected}");
        assert!(store.read(LEDGER, 0, 100).await.unwrap().is_empty(), "{expected}");
        assert!(store.list_sealed(LEDGER, &[], 10).await.unwrap().is_empty(), "{expected}");
    }
    let parts = vec![ImportPart::Events(events.clone()), end(&events)];
    assert_eq!(import(&store, LEDGER, parts).await.unwrap().position, events.last().unwrap().position);
}
