//! Sealing, opening, erasing.

use bordereau_store::{Append, AppendError, Beside, Purpose, SealedBytes, SealedField, Store, StoreError};

use super::bench::{Bench, LEDGER, OTHER, command, fresh_id, stream};

async fn keep(store: &Store, sealed: &[&SealedField]) {
    let beside = sealed.iter().map(|field| Beside::Sealed((*field).clone())).collect();
    store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
}

pub(crate) async fn what_is_sealed_can_be_opened_after_a_reopening(bench: Bench) {
    let store = bench.open().await;
    let subject = fresh_id();
    let seal = |field: &'static str, text: &'static str| store.seal(LEDGER, subject, Purpose::Account, field, text);
    let (name, same, empty) = (
        seal("name", "Amélie \u{1f4da}").await.unwrap(),
        seal("name", "Amélie \u{1f4da}").await.unwrap(),
        seal("comment", "").await.unwrap(),
    );
    assert_ne!(name.digest, same.digest, "two seals of one text must not be linkable");
    let key = |field: &SealedField| SealedBytes::parse(&field.bytes).unwrap().key_id;
    assert_eq!(key(&name), key(&empty));
    let other = store.seal(LEDGER, subject, Purpose::Accounting, "name", "x").await.unwrap();
    assert_ne!(key(&name), key(&other));
    assert!(store.open_sealed(LEDGER, &[name.digest]).await.unwrap().is_empty(), "nothing is in the vault yet");

    keep(&store, &[&name, &empty, &other]).await;
    let store = bench.reopen(store).await;
    let opened = store.open_sealed(LEDGER, &[name.digest, empty.digest, other.digest, [0; 32]]).await.unwrap();
    assert_eq!(opened.len(), 3);
    assert_eq!((opened[&name.digest].as_str(), opened[&empty.digest].as_str()), ("Amélie \u{1f4da}", ""));
    assert!(store.open_sealed(OTHER, &[name.digest]).await.unwrap().is_empty());
    let again = store.seal(LEDGER, subject, Purpose::Account, "name", "y").await.unwrap();
    assert_eq!(key(&again), key(&name));
}

pub(crate) async fn what_is_erased_is_absent_and_stays_so(bench: Bench) {
    let store = bench.open().await;
    let (subject, bystander) = (fresh_id(), fresh_id());
    let name = store.seal(LEDGER, subject, Purpose::Account, "name", "Amélie").await.unwrap();
    let late = store.seal(LEDGER, subject, Purpose::Account, "comment", "late").await.unwrap();
    let kept = store.seal(LEDGER, bystander, Purpose::Account, "name", "Bruno").await.unwrap();
    keep(&store, &[&name, &kept]).await;

    let key_id = SealedBytes::parse(&name.bytes).unwrap().key_id;
    assert_eq!(store.erase_subject(LEDGER, subject).await.unwrap(), [key_id]);
    assert_eq!(store.erase_subject(LEDGER, subject).await.unwrap(), [key_id]);
    // What was sealed before and is stored after the erasure is noise.
    keep(&store, &[&late]).await;
    let digests = [name.digest, late.digest, kept.digest];
    for store in [store.clone(), bench.reopen(store).await] {
        let opened = store.open_sealed(LEDGER, &digests).await.unwrap();
        assert_eq!(opened.into_iter().collect::<Vec<_>>(), [(kept.digest, "Bruno".to_owned())]);
    }
    let store = bench.open_bare().await;
    let error = store.seal(LEDGER, subject, Purpose::Account, "name", "back").await.unwrap_err();
    assert_eq!(error, StoreError::Erased(subject));
}

pub(crate) async fn one_purpose_is_erased_without_the_other(bench: Bench) {
    let store = bench.open().await;
    let subject = fresh_id();
    let account = store.seal(LEDGER, subject, Purpose::Account, "name", "Amélie").await.unwrap();
    let invoice = store.seal(LEDGER, subject, Purpose::Accounting, "name", "Amélie").await.unwrap();
    keep(&store, &[&account, &invoice]).await;
    let destroyed = store.erase_purposes(LEDGER, subject, &[Purpose::Account, Purpose::Campaign]).await.unwrap();
    assert_eq!(destroyed.len(), 1);
    let opened = store.open_sealed(LEDGER, &[account.digest, invoice.digest]).await.unwrap();
    assert_eq!(opened.keys().collect::<Vec<_>>(), [&invoice.digest]);
}

pub(crate) async fn a_moved_field_is_detected(bench: Bench) {
    let store = bench.open().await;
    let sealed = store.seal(LEDGER, fresh_id(), Purpose::Account, "name", "Amélie").await.unwrap();
    // The digest speaks of the bytes alone; where they stand is in the cipher's associated data.
    for moved in [
        SealedField { field: "comment".to_owned(), ..sealed.clone() },
        SealedField { subject: fresh_id(), ..sealed.clone() },
        SealedField { purpose: Purpose::Campaign, ..sealed.clone() },
    ] {
        let bench = bench.with_same_keys().await;
        let store = bench.open().await;
        keep(&store, &[&moved]).await;
        let error = store.open_sealed(LEDGER, &[sealed.digest]).await.unwrap_err();
        assert!(matches!(error, StoreError::Broken { digest, .. } if digest == sealed.digest), "{error:?}");
    }
    let bench = bench.with_same_keys().await;
    let store = bench.open().await;
    keep(&store, &[&sealed]).await;
    assert_eq!(store.open_sealed(LEDGER, &[sealed.digest]).await.unwrap().len(), 1);
}

pub(crate) async fn the_blind_index_is_stable_over_a_reopening(bench: Bench) {
    let store = bench.open().await;
    let index = store.blind_index(LEDGER, "email", "a@b.example");
    assert_ne!(index, store.blind_index(OTHER, "email", "a@b.example"));
    assert_ne!(index, store.blind_index(LEDGER, "phone", "a@b.example"));
    assert_ne!(index, store.blind_index(LEDGER, "email", "a@b.exampl"));
    assert_ne!(store.blind_index("AB", "C", ""), store.blind_index("A", "BC", ""));
    let store = bench.reopen(store).await;
    assert_eq!(store.blind_index(LEDGER, "email", "a@b.example"), index);
    let elsewhere = bench.elsewhere().await.open().await;
    assert_ne!(elsewhere.blind_index(LEDGER, "email", "a@b.example"), index);
}

pub(crate) async fn a_seal_of_another_ledger_is_refused(bench: Bench) {
    let store = bench.open().await;
    let foreign = store.seal(OTHER, fresh_id(), Purpose::Account, "name", "Amélie").await.unwrap();
    let mut forged = store.seal(LEDGER, fresh_id(), Purpose::Account, "name", "Amélie").await.unwrap();
    forged.digest[0] ^= 1;
    for sealed in [foreign, forged] {
        let command =
            Append { beside: vec![Beside::Sealed(sealed)], ..command(LEDGER, vec![stream("basket", "b1", 0, 1)]) };
        let error = store.append(command).await.unwrap_err();
        assert!(matches!(error, AppendError::Refused(_)), "{error:?}");
    }
    assert!(store.load(LEDGER, "basket", "b1", 0).await.unwrap().is_empty());
}
