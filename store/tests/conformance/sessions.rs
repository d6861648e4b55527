//! Sessions, and what rests on them.

use bordereau_store::{Append, AppendError, Beside, NewCredential, NewSession, Proof, ResetUse, Session, Store};
use uuid::Uuid;

use super::bench::{Bench, LEDGER, OTHER, SECOND, START, command, fresh_id};

pub(crate) const MINUTE: i64 = 60 * SECOND;

pub(crate) fn session(token: u8, account: Uuid) -> NewSession {
    NewSession {
        token_hash: [token; 32],
        ledger: LEDGER.to_owned(),
        id: Uuid::from_bytes([token; 16]),
        account,
        on_behalf_of: None,
        delegation: None,
        role: "requester".to_owned(),
        institutions: vec![fresh_id(), fresh_id()],
        created_at: START,
        last_seen_at: START,
        expires_at: START + MINUTE,
    }
}

/// The same in the place of somebody else.
fn in_place(token: u8, account: Uuid, other: Uuid, delegation: Option<Uuid>) -> NewSession {
    NewSession { on_behalf_of: Some(other), delegation, ..session(token, account) }
}

pub(crate) async fn write(store: &Store, beside: Vec<Beside>) {
    store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
}

/// Keeps the session of somebody who knew the password, and gives him one where he has none.
pub(crate) async fn keep(store: &Store, session: NewSession) {
    let account = session.account;
    let known = store.find_credential(LEDGER, account).await.unwrap().and_then(|credential| credential.password_hash);
    if known.is_none() {
        write(
            store,
            vec![Beside::Credential(NewCredential { account, password_hash: Some("hash".to_owned()), proven: true })],
        )
        .await;
    }
    assert!(store.create_session(session, known.as_deref().unwrap_or("hash")).await.unwrap());
}

pub(crate) async fn alive(store: &Store, token: u8) -> bool {
    store.find_session(&[token; 32], START, START - 1).await.unwrap().is_some()
}

pub(crate) async fn a_session_lives_until_it_ends(bench: Bench) {
    let store = bench.open().await;
    let created = session(1, fresh_id());
    keep(&store, created.clone()).await;
    let store = bench.reopen(store).await;
    assert_eq!(store.find_session(&[1; 32], START + MINUTE - 1, START - 1).await.unwrap(), Some(created.clone()));
    assert_eq!(store.find_session(&[1; 32], START + MINUTE, START - 1).await.unwrap(), None);
    assert_eq!(store.find_session(&[2; 32], START, START - 1).await.unwrap(), None);
    store.create_session(created, "hash").await.unwrap_err();
    assert!(store.end_session(&[1; 32]).await.unwrap());
    assert!(!store.end_session(&[1; 32]).await.unwrap());
    assert!(!alive(&store, 1).await);
}

pub(crate) async fn sessions_follow_the_account_in_the_same_transaction(bench: Bench) {
    let store = bench.open().await;
    let (account, bystander) = (fresh_id(), fresh_id());
    for (token, owner) in [(1, account), (2, account), (3, bystander)] {
        keep(&store, session(token, owner)).await;
    }
    let institutions = vec![fresh_id()];
    let update = Beside::UpdateSessions { account, role: "approver".to_owned(), institutions: institutions.clone() };
    write(&store, vec![update]).await;
    let changed = store.find_session(&[2; 32], START, START - 1).await.unwrap().unwrap();
    assert_eq!((changed.role.as_str(), changed.institutions), ("approver", institutions));
    assert_eq!(store.find_session(&[3; 32], START, START - 1).await.unwrap().unwrap().role, "requester");

    write(&store, vec![Beside::EndSessions { account, except: Some([2; 32]) }]).await;
    assert_eq!([alive(&store, 1).await, alive(&store, 2).await, alive(&store, 3).await], [false, true, true]);
    write(&store, vec![Beside::EndSessions { account, except: None }]).await;
    assert_eq!([alive(&store, 2).await, alive(&store, 3).await], [false, true]);
}

pub(crate) async fn a_sign_in_that_a_new_password_overtakes_keeps_no_session(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    store.set_password(LEDGER, account, "old").await.unwrap();
    store.set_password(LEDGER, account, "new").await.unwrap();
    assert!(!store.create_session(session(1, account), "old").await.unwrap());
    assert!(!alive(&store, 1).await);
    assert!(store.create_session(session(2, account), "new").await.unwrap());
    assert!(!store.create_session(session(3, fresh_id()), "new").await.unwrap(), "nobody's password");
    assert_eq!([alive(&store, 2).await, alive(&store, 3).await], [true, false]);
}

pub(crate) async fn what_rests_on_a_proof_is_refused_once_it_counts_no_more(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    keep(&store, session(1, account)).await;
    let proof = |hash: &str| Proof { account, password_hash: hash.to_owned(), session: [1; 32] };
    let change = |before: &str, after: &str| {
        let credential = NewCredential { account, password_hash: Some(after.to_owned()), proven: true };
        let beside = vec![Beside::Proven(proof(before)), Beside::Credential(credential)];
        let (store, append) = (store.clone(), Append { beside, ..command(LEDGER, vec![]) });
        async move { store.append(append).await.map(|_| ()) }
    };
    let present = async || store.find_credential(LEDGER, account).await.unwrap().unwrap().password_hash.unwrap();
    change("hash", "mine").await.unwrap();
    assert_eq!(change("hash", "theirs").await, Err(AppendError::Unproven));
    assert_eq!(present().await, "mine");
    // Of many at once, in one batch or several, one is right.
    let changes: Vec<_> = (0..8).map(|index| tokio::spawn(change("mine", &index.to_string()))).collect();
    let mut done = 0;
    for change in changes {
        done += usize::from(change.await.unwrap().is_ok());
    }
    assert_eq!(done, 1);
    let last = present().await;
    assert!(store.end_session(&[1; 32]).await.unwrap());
    assert_eq!(change(&last, "theirs").await, Err(AppendError::Unproven));
    assert_eq!(present().await, last);
}

pub(crate) async fn a_password_set_ends_the_sessions(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    keep(&store, session(1, account)).await;
    store.set_reset_link(LEDGER, account, &[1; 32], START + MINUTE).await.unwrap();
    store.set_password(LEDGER, account, "new").await.unwrap();
    assert!(!alive(&store, 1).await);
    assert_eq!(store.use_reset_link(&[1; 32], START, "other").await.unwrap(), ResetUse::UsedOrExpired);
    let credential = store.find_credential(LEDGER, account).await.unwrap().unwrap();
    assert_eq!((credential.password_hash.as_deref(), credential.reset), (Some("new"), None));
}

// W09
pub(crate) async fn a_session_that_is_not_used_ends_and_using_it_is_noted(bench: Bench) {
    let store = bench.open().await;
    keep(&store, session(1, fresh_id())).await;
    let (now, idle) = (START + 30 * SECOND, 20 * SECOND);
    assert_eq!(store.find_session(&[1; 32], now, now - idle).await.unwrap(), None);
    // Noted at most once in the given time.
    store.touch_session(&[1; 32], now - 5 * SECOND, START - SECOND).await.unwrap();
    assert_eq!(store.find_session(&[1; 32], now, now - idle).await.unwrap(), None);
    store.touch_session(&[1; 32], now - 5 * SECOND, START).await.unwrap();
    let seen = store.find_session(&[1; 32], now, now - idle).await.unwrap().unwrap();
    assert_eq!((seen.last_seen_at, seen.expires_at), (now - 5 * SECOND, START + MINUTE));
    let end = START + MINUTE;
    assert_eq!(store.find_session(&[1; 32], end, START).await.unwrap(), None);
}

pub(crate) async fn sessions_are_listed_and_ended_by_their_account_alone(bench: Bench) {
    let store = bench.open().await;
    let (account, bystander) = (fresh_id(), fresh_id());
    for (token, owner) in [(1, account), (2, account), (3, account), (4, bystander)] {
        keep(&store, session(token, owner)).await;
    }
    let list = async || store.list_sessions(LEDGER, account, START, START - 1).await.unwrap();
    assert_eq!(list().await.iter().map(|one| one.token_hash[0]).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(store.list_sessions(OTHER, account, START, START - 1).await.unwrap().is_empty());
    assert!(store.list_sessions(LEDGER, account, START + MINUTE, START - 1).await.unwrap().is_empty());
    assert!(store.list_sessions(LEDGER, account, START, START).await.unwrap().is_empty());
    let id = Uuid::from_bytes([2; 16]);
    assert!(!store.end_session_by_id(LEDGER, bystander, id).await.unwrap());
    assert!(!store.end_session_by_id(OTHER, account, id).await.unwrap());
    assert!(store.end_session_by_id(LEDGER, account, id).await.unwrap());
    assert!(!store.end_session_by_id(LEDGER, account, id).await.unwrap());
    store.end_other_sessions(LEDGER, account, &[3; 32]).await.unwrap();
    assert_eq!(list().await, [session_with(3, &list().await)]);
    assert!(alive(&store, 4).await);
}

fn session_with(token: u8, among: &[Session]) -> Session {
    among.iter().find(|one| one.token_hash == [token; 32]).unwrap().clone()
}

pub(crate) async fn a_session_is_replaced_by_one_and_only_once(bench: Bench) {
    let store = bench.open().await;
    let (me, other) = (fresh_id(), fresh_id());
    keep(&store, session(1, me)).await;
    let acting = in_place(2, me, other, None);
    assert!(store.replace_session(&[1; 32], acting.clone()).await.unwrap());
    assert_eq!(store.find_session(&[2; 32], START, START - 1).await.unwrap(), Some(acting));
    assert!(!alive(&store, 1).await);
    assert!(!store.replace_session(&[1; 32], session(3, me)).await.unwrap());
    assert!(!alive(&store, 3).await);
}

pub(crate) async fn sessions_in_anothers_place_end_with_what_they_rest_on(bench: Bench) {
    let store = bench.open().await;
    let (me, other, delegation) = (fresh_id(), fresh_id(), fresh_id());
    let refill = async || {
        for token in 1..=4 {
            store.end_session(&[token; 32]).await.unwrap();
        }
        keep(&store, session(1, me)).await;
        keep(&store, in_place(2, me, other, Some(delegation))).await;
        keep(&store, in_place(3, me, other, None)).await;
        keep(&store, session(4, other)).await;
    };
    let left = async || {
        let mut left = Vec::new();
        for token in 1..=4 {
            if alive(&store, token).await {
                left.push(token);
            }
        }
        left
    };
    for (beside, expected) in [
        (Beside::EndMandates { account: me, delegation: Some(delegation) }, vec![1, 3, 4]),
        (Beside::EndMandates { account: me, delegation: Some(other) }, vec![1, 2, 3, 4]),
        (Beside::EndMandates { account: me, delegation: None }, vec![1, 2, 4]),
        (Beside::EndSessions { account: me, except: None }, vec![4]),
        (Beside::EndSessions { account: other, except: None }, vec![1]),
        (Beside::UpdateSessions { account: me, role: "approver".to_owned(), institutions: vec![] }, vec![1, 4]),
        (Beside::UpdateSessions { account: other, role: "approver".to_owned(), institutions: vec![] }, vec![1, 4]),
    ] {
        refill().await;
        write(&store, vec![beside.clone()]).await;
        assert_eq!(left().await, expected, "{beside:?}");
    }
}
