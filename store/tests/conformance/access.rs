//! Credentials, locks, links, second factors and API keys.

use bordereau_store::{Beside, Limits, LockPolicy, NewApiKey, NewCredential, NewPendingEmail, ResetUse, Store};

use super::{
    bench::{Bench, LEDGER, OTHER, START, fresh_id},
    sessions::{MINUTE, alive, keep, session, write},
};

// W06, W07
pub(crate) async fn the_fourth_failure_locks_for_thirty_minutes(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    write(
        &store,
        vec![Beside::Credential(NewCredential { account, password_hash: Some("hash".to_owned()), proven: true })],
    )
    .await;
    let fail = |at| store.record_sign_in_failure(LEDGER, account, at, LockPolicy::USUAL);
    for index in 1..=3_u32 {
        let state = fail(START + i64::from(index)).await.unwrap();
        assert_eq!((state.failures, state.locked_until), (index, None));
    }
    let until = Some(START + MINUTE + 30 * MINUTE);
    assert_eq!(fail(START + MINUTE).await.unwrap().locked_until, until);
    // Further failures do not lengthen the lock: nobody is locked out for ever.
    assert_eq!(fail(START + 29 * MINUTE).await.unwrap().locked_until, until);
    let credential = store.find_credential(LEDGER, account).await.unwrap().unwrap();
    assert_eq!((credential.password_hash.as_deref(), credential.locked_until), (Some("hash"), until));
    let state = fail(START + 32 * MINUTE).await.unwrap();
    assert_eq!((state.failures, state.locked_until), (1, None));
    store.clear_failures(LEDGER, account).await.unwrap();
    assert!(store.find_credential(LEDGER, account).await.unwrap().unwrap().failures.is_empty());
    assert_eq!(store.find_credential(OTHER, account).await.unwrap(), None);
}

// W06
pub(crate) async fn the_fourth_failure_locks_up_to_ten_minutes_after_the_first(bench: Bench) {
    let store = bench.open().await;
    for (last, locks) in [(10 * MINUTE - 1_000_000, true), (10 * MINUTE + 1_000_000, false)] {
        let account = fresh_id();
        write(&store, vec![Beside::Credential(NewCredential { account, password_hash: None, proven: true })]).await;
        for (index, after) in [0, 3 * MINUTE, 6 * MINUTE, last].into_iter().enumerate() {
            let state = store.record_sign_in_failure(LEDGER, account, START + after, LockPolicy::USUAL).await.unwrap();
            assert_eq!(state.locked_until.is_some(), locks && index == 3, "{last}");
        }
    }
}

pub(crate) async fn failures_far_apart_do_not_lock(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    write(&store, vec![Beside::Credential(NewCredential { account, password_hash: None, proven: true })]).await;
    for index in 0..12 {
        let at = START + index * 4 * MINUTE;
        let state = store.record_sign_in_failure(LEDGER, account, at, LockPolicy::USUAL).await.unwrap();
        assert_eq!(state.locked_until, None);
    }
}

pub(crate) async fn who_has_come_through_forgets_failures_and_lifts_no_lock(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    assert!(!store.clear_failures_unless_locked(LEDGER, account, START).await.unwrap(), "nobody can sign in");
    write(
        &store,
        vec![Beside::Credential(NewCredential { account, password_hash: Some("hash".to_owned()), proven: true })],
    )
    .await;
    let fail = |at| store.record_sign_in_failure(LEDGER, account, at, LockPolicy::USUAL);
    for at in START..START + 3 {
        assert!(fail(at).await.unwrap().counted);
    }
    assert!(store.clear_failures_unless_locked(LEDGER, account, START + 3).await.unwrap());
    for at in START..START + 4 {
        assert!(fail(at).await.unwrap().counted);
    }
    let until = START + 3 + 30 * MINUTE;
    assert!(!fail(START + 5).await.unwrap().counted);
    assert!(!store.clear_failures_unless_locked(LEDGER, account, until - 1).await.unwrap());
    let credential = store.find_credential(LEDGER, account).await.unwrap().unwrap();
    assert_eq!(credential.locked_until, Some(until));
    assert!(store.clear_failures_unless_locked(LEDGER, account, until).await.unwrap());
}

pub(crate) async fn a_password_that_is_set_ends_the_new_login_that_waits(bench: Bench) {
    let store = bench.open().await;
    let (account, other) = (fresh_id(), fresh_id());
    let waits = async |account| store.find_pending_email(LEDGER, account).await.unwrap().is_some();
    let wait = |account, mark| {
        let pending = NewPendingEmail { account, digest: [mark; 32], claim: [mark; 32], expires_at: START + MINUTE };
        write(&store, vec![Beside::PendingEmail(pending)])
    };
    let credential =
        |account| Beside::Credential(NewCredential { account, password_hash: Some("new".to_owned()), proven: true });
    wait(other, 1).await;
    wait(account, 2).await;
    write(&store, vec![credential(account)]).await;
    assert!(!waits(account).await);
    wait(account, 3).await;
    store.set_password(LEDGER, account, "newer").await.unwrap();
    assert!(!waits(account).await);
    wait(account, 4).await;
    store.set_reset_link(LEDGER, account, &[9; 32], START + MINUTE).await.unwrap();
    assert!(waits(account).await);
    store.use_reset_link(&[9; 32], START, "newest").await.unwrap();
    assert!(!waits(account).await && waits(other).await);
}

pub(crate) async fn a_new_login_is_begun_once_in_a_time_by_an_account_and_for_an_address(bench: Bench) {
    let (store, beside) = (bench.open().await, bench.open().await);
    let [one, two] = [fresh_id(), fresh_id()];
    let begin = |store: &Store, account, claim: u8, at| {
        let (store, begun) = (store.clone(), NewPendingEmail::begun(account, [claim; 32], at + 60 * MINUTE));
        async move { store.begin_pending_email(LEDGER, begun, at + 59 * MINUTE).await.unwrap() }
    };
    let stores = [&store, &beside];
    let calls: Vec<_> = (0..16)
        .map(|index| tokio::spawn(begin(stores[index % 2], if index % 4 < 2 { one } else { two }, 1, START)))
        .collect();
    let mut taken = 0;
    for call in calls {
        taken += u32::from(call.await.unwrap());
    }
    assert_eq!(taken, 1);
    let (first, second) =
        if store.find_pending_email(LEDGER, one).await.unwrap().is_some() { (one, two) } else { (two, one) };
    assert!(!begin(&store, first, 2, START + 1).await, "another address is asked for a minute later");
    assert!(begin(&store, second, 2, START + 1).await, "another account and another address");
    assert!(begin(&store, first, 1, START + MINUTE).await);
    assert_eq!(store.find_pending_email(OTHER, first).await.unwrap(), None);
}

pub(crate) async fn a_reset_link_is_used_once(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    write(
        &store,
        vec![Beside::Credential(NewCredential { account, password_hash: Some("old".to_owned()), proven: true })],
    )
    .await;
    keep(&store, session(1, account)).await;
    store.set_reset_link(LEDGER, account, &[9; 32], START + 30 * MINUTE).await.unwrap();
    let link = store.find_reset_link(&[9; 32]).await.unwrap().unwrap();
    assert_eq!((link.account, link.expires_at, link.used), (account, START + 30 * MINUTE, false));
    assert!(alive(&store, 1).await);

    let done = ResetUse::Done { ledger: LEDGER.to_owned(), account };
    assert_eq!(store.use_reset_link(&[9; 32], START + 1, "new").await.unwrap(), done);
    assert!(!alive(&store, 1).await);
    let store = bench.reopen(store).await;
    assert_eq!(store.use_reset_link(&[9; 32], START + 2, "third").await.unwrap(), ResetUse::UsedOrExpired);
    assert!(store.find_reset_link(&[9; 32]).await.unwrap().unwrap().used);
    let credential = store.find_credential(LEDGER, account).await.unwrap().unwrap();
    assert_eq!(credential.password_hash.as_deref(), Some("new"));
}

pub(crate) async fn a_reset_link_dies_with_time_or_a_newer_one(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    write(&store, vec![Beside::Credential(NewCredential { account, password_hash: None, proven: true })]).await;
    store.set_reset_link(LEDGER, account, &[1; 32], START + MINUTE).await.unwrap();
    assert_eq!(store.use_reset_link(&[1; 32], START + MINUTE, "late").await.unwrap(), ResetUse::UsedOrExpired);
    store.set_reset_link(LEDGER, account, &[2; 32], START + MINUTE).await.unwrap();
    assert_eq!(store.use_reset_link(&[1; 32], START, "old").await.unwrap(), ResetUse::UsedOrExpired);
    write(&store, vec![Beside::EndResetLink { account }]).await;
    assert_eq!(store.use_reset_link(&[2; 32], START, "ended").await.unwrap(), ResetUse::UsedOrExpired);
    assert_eq!(store.find_reset_link(&[2; 32]).await.unwrap(), None);
    assert_eq!(store.find_credential(LEDGER, account).await.unwrap().unwrap().password_hash, None);
}

pub(crate) async fn two_at_once_use_a_reset_link_once(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    write(&store, vec![Beside::Credential(NewCredential { account, password_hash: None, proven: true })]).await;
    store.set_reset_link(LEDGER, account, &[1; 32], START + MINUTE).await.unwrap();
    let users: Vec<_> = (0..8)
        .map(|index| {
            let store = store.clone();
            tokio::spawn(async move { store.use_reset_link(&[1; 32], START, &index.to_string()).await.unwrap() })
        })
        .collect();
    let mut done = 0;
    for user in users {
        done += usize::from(user.await.unwrap() != ResetUse::UsedOrExpired);
    }
    assert_eq!(done, 1);
}

pub(crate) async fn a_revoked_key_opens_nothing(bench: Bench) {
    let store = bench.open().await;
    let key = NewApiKey {
        ledger: LEDGER.to_owned(),
        id: fresh_id(),
        key_hash: [5; 32],
        role: "librisoft".to_owned(),
        label: "demo-librisoft".to_owned(),
        created_at: START,
    };
    store.put_api_key(key.clone()).await.unwrap();
    assert_eq!(store.find_api_key(&[5; 32]).await.unwrap(), Some(key.clone()));
    assert_eq!(store.list_api_keys(LEDGER).await.unwrap(), std::slice::from_ref(&key));
    let twin = NewApiKey { id: fresh_id(), ledger: OTHER.to_owned(), ..key.clone() };
    store.put_api_key(twin).await.unwrap_err();
    assert!(store.revoke_api_key(LEDGER, key.id, START).await.unwrap());
    assert!(!store.revoke_api_key(LEDGER, key.id, START).await.unwrap());
    assert_eq!(store.find_api_key(&[5; 32]).await.unwrap(), None);
    assert!(store.list_api_keys(LEDGER).await.unwrap().is_empty());
}

pub(crate) async fn a_new_login_waits_for_its_link_and_a_later_one_takes_its_place(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    let pending = |seed: u8| NewPendingEmail { account, digest: [seed; 32], claim: [seed + 1; 32], expires_at: 7 };
    write(&store, vec![Beside::PendingEmail(pending(1))]).await;
    assert_eq!(store.find_pending_email(LEDGER, account).await.unwrap().unwrap().pending, pending(1));
    assert!(store.set_email_link(LEDGER, account, &[1; 32], &[8; 32]).await.unwrap());
    let store = bench.reopen(store).await;
    let found = store.find_pending_email_by_link(&[8; 32]).await.unwrap().unwrap();
    assert_eq!((found.ledger.as_str(), found.pending), (LEDGER, pending(1)));
    write(&store, vec![Beside::PendingEmail(pending(3))]).await;
    assert_eq!(store.find_pending_email_by_link(&[8; 32]).await.unwrap(), None);
    assert!(!store.set_email_link(LEDGER, account, &[1; 32], &[8; 32]).await.unwrap());
    assert!(!store.set_email_link(LEDGER, fresh_id(), &[3; 32], &[8; 32]).await.unwrap());
    assert!(store.set_email_link(LEDGER, account, &[3; 32], &[9; 32]).await.unwrap());
    write(&store, vec![Beside::EndPendingEmail { account, keeps: None }]).await;
    assert_eq!(store.find_pending_email_by_link(&[9; 32]).await.unwrap(), None);
}

pub(crate) async fn the_very_same_key_is_put_twice_and_no_other_in_its_place(bench: Bench) {
    let store = bench.open().await;
    let key = NewApiKey {
        ledger: LEDGER.to_owned(),
        id: fresh_id(),
        key_hash: [6; 32],
        role: "integrator".to_owned(),
        label: "demo-integrator".to_owned(),
        created_at: START,
    };
    store.put_api_key(key.clone()).await.unwrap();
    // Whoever fills twice does so a moment later.
    store.put_api_key(NewApiKey { created_at: START + MINUTE, ..key.clone() }).await.unwrap();
    assert_eq!(store.list_api_keys(LEDGER).await.unwrap(), std::slice::from_ref(&key));
    for other in [
        NewApiKey { role: "librisoft".to_owned(), ..key.clone() },
        NewApiKey { key_hash: [7; 32], ..key.clone() },
        NewApiKey { id: fresh_id(), ..key.clone() },
    ] {
        store.put_api_key(other).await.unwrap_err();
    }
    store.revoke_api_key(LEDGER, key.id, START).await.unwrap();
    store.put_api_key(key).await.unwrap_err();
    assert_eq!(store.find_api_key(&[6; 32]).await.unwrap(), None);
}

pub(crate) async fn a_second_factor_waits_until_it_is_confirmed_and_is_not_replaced_then(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    assert_eq!(store.find_second_factor(LEDGER, account, START).await.unwrap(), None);
    assert!(store.begin_second_factor(LEDGER, account, "FIRST", START).await.unwrap());
    assert!(store.begin_second_factor(LEDGER, account, "SECOND", START).await.unwrap());
    assert!(!store.use_second_factor_step(LEDGER, account, 7).await.unwrap());
    let store = bench.reopen(store).await;
    let waiting = store.find_second_factor(LEDGER, account, START).await.unwrap().unwrap();
    assert_eq!((waiting.secret.as_str(), waiting.confirmed), ("SECOND", false));
    let (sealed, recovery) = (waiting.sealed, vec![[1; 32], [2; 32]]);
    let confirm = Beside::ConfirmSecondFactor { account, sealed, at: START, step: 7, recovery };
    write(&store, vec![confirm]).await;
    assert!(store.find_second_factor(LEDGER, account, START).await.unwrap().unwrap().confirmed);
    assert!(!store.begin_second_factor(LEDGER, account, "THIRD", START).await.unwrap());
    assert_eq!(store.find_second_factor(LEDGER, account, START).await.unwrap().unwrap().secret, "SECOND");
    write(&store, vec![Beside::DropSecondFactor { account }]).await;
    assert_eq!(store.find_second_factor(LEDGER, account, START).await.unwrap(), None);
    assert!(!store.use_recovery_code(LEDGER, account, &[1; 32]).await.unwrap());
}

pub(crate) async fn a_secret_waits_ten_minutes_and_the_one_that_was_proven_is_the_one_in_use(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    let end = START + 10 * MINUTE;
    assert!(store.begin_second_factor(LEDGER, account, "FIRST", START).await.unwrap());
    assert!(store.find_second_factor(LEDGER, account, end - 1).await.unwrap().is_some());
    assert_eq!(store.find_second_factor(LEDGER, account, end).await.unwrap(), None);
    // Begun anew it lives as long again.
    assert!(store.begin_second_factor(LEDGER, account, "SECOND", end).await.unwrap());
    let proven = store.find_second_factor(LEDGER, account, end + 10 * MINUTE - 1).await.unwrap().unwrap();
    assert!(store.begin_second_factor(LEDGER, account, "THIRD", end).await.unwrap());
    let recovery = vec![[1; 32]];
    write(&store, vec![Beside::ConfirmSecondFactor { account, sealed: proven.sealed, at: end, step: 7, recovery }])
        .await;
    let in_use = store.find_second_factor(LEDGER, account, end + 1_000 * MINUTE).await.unwrap().unwrap();
    assert_eq!((in_use.secret.as_str(), in_use.confirmed), ("SECOND", true));
    // What nobody has proven leaves the store in time; what is in use stays.
    let other = fresh_id();
    assert!(store.begin_second_factor(LEDGER, other, "FOURTH", START).await.unwrap());
    for (second_factors, is_left) in [(START, true), (START + 1, false)] {
        let limits =
            Limits { refusals: 0, mails: 0, sessions: 0, identity_checks: 0, pending_emails: 0, second_factors };
        store.delete_expired(LEDGER, limits).await.unwrap();
        assert_eq!(store.find_second_factor(LEDGER, other, START).await.unwrap().is_some(), is_left);
    }
    assert!(store.find_second_factor(LEDGER, account, START).await.unwrap().is_some());
}

pub(crate) async fn a_code_is_used_once_by_whoever_comes_first(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    store.begin_second_factor(LEDGER, account, "SECRET", START).await.unwrap();
    let sealed = store.find_second_factor(LEDGER, account, START).await.unwrap().unwrap().sealed;
    let confirm = Beside::ConfirmSecondFactor { account, sealed, at: START, step: 7, recovery: vec![[1; 32]] };
    write(&store, vec![confirm]).await;
    for (step, fresh) in [(7, false), (6, false), (8, true), (8, false), (10, true), (9, false)] {
        assert_eq!(store.use_second_factor_step(LEDGER, account, step).await.unwrap(), fresh, "{step}");
    }
    let users: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let code = store.use_recovery_code(LEDGER, account, &[1; 32]).await.unwrap();
                (code, store.use_second_factor_step(LEDGER, account, 11).await.unwrap())
            })
        })
        .collect();
    let mut used = (0, 0);
    for user in users {
        let (code, step) = user.await.unwrap();
        used = (used.0 + usize::from(code), used.1 + usize::from(step));
    }
    assert_eq!(used, (1, 1));
}

pub(crate) async fn an_erased_persons_second_factor_opens_nothing(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    store.begin_second_factor(LEDGER, account, "SECRET", START).await.unwrap();
    store.erase_subject(LEDGER, account).await.unwrap();
    assert_eq!(store.find_second_factor(LEDGER, account, START).await.unwrap(), None);
}
