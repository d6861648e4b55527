//! The ledger of erasures, and what is forgotten with an account.

use bordereau_store::{
    Append, Beside, Erasure, IdentityTry, Limits, LockPolicy, NewCredential, NewMail, NewOutcome, NewPendingEmail,
    NewSession, Purpose, ResetUse,
};

use super::bench::{Bench, LEDGER, START, command, fresh_id};

fn erasure(subject: uuid::Uuid, purposes: &[Purpose]) -> Erasure {
    Erasure {
        ledger: LEDGER.to_owned(),
        subject,
        purposes: purposes.to_vec(),
        organisation: false,
        digests: Vec::new(),
        key_ids: vec![fresh_id()],
        reason: "requested".to_owned(),
        at: 1,
    }
}

pub(crate) async fn what_was_erased_is_listed_once_and_over_a_reopening(bench: Bench) {
    let store = bench.open().await;
    assert!(store.list_erasures().await.unwrap().is_empty());
    let first = erasure(fresh_id(), &[Purpose::Account, Purpose::Campaign]);
    let other = Erasure { at: 2, ..erasure(first.subject, &[Purpose::Accounting]) };
    assert!(store.note_erasure(first.clone()).await.unwrap());
    assert!(!store.note_erasure(Erasure { at: 9, ..first.clone() }).await.unwrap(), "it was noted before");
    assert!(store.note_erasure(other.clone()).await.unwrap());
    let store = bench.reopen(store).await;
    assert_eq!(store.list_erasures().await.unwrap(), [first, other]);
}

pub(crate) async fn an_erasure_that_is_only_asked_for_says_why_and_destroys_nothing(bench: Bench) {
    let store = bench.open().await;
    let (subject, other) = (fresh_id(), fresh_id());
    let name = store.seal(LEDGER, subject, Purpose::Account, "name", "Amélie").await.unwrap();
    store.append(Append { beside: vec![Beside::Sealed(name)], ..command(LEDGER, vec![]) }).await.unwrap();
    for (at, reason) in [(1, "unlawful"), (2, "objection"), (3, "objection"), (4, "unlawful"), (5, "requested")] {
        store.ask_for_erasure(LEDGER, subject, reason, at).await.unwrap();
        assert_eq!(store.find_asked_reason(LEDGER, subject).await.unwrap().as_deref(), Some(reason));
    }
    assert_eq!(store.find_asked_reason(LEDGER, other).await.unwrap(), None);
    let store = bench.reopen(store).await;
    assert!(store.list_erasures().await.unwrap().is_empty());
    assert!(store.list_undone_erasures().await.unwrap().is_empty());
    assert_eq!(store.find_asked_reason(LEDGER, subject).await.unwrap().as_deref(), Some("requested"));
    let done = erasure(subject, &[Purpose::Account, Purpose::Campaign]);
    assert!(store.note_erasure(done.clone()).await.unwrap());
    assert_eq!(store.list_erasures().await.unwrap(), [done]);
}

pub(crate) async fn a_warning_counts_from_when_its_letter_was_taken(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    let mail = NewMail {
        ledger: LEDGER.to_owned(),
        id: fresh_id(),
        kind: "inactive-account".to_owned(),
        account,
        args: "{}".to_owned(),
        queued_at: 1,
    };
    assert!(store.queue_mail(mail.clone()).await.unwrap());
    assert_eq!(store.find_usage(LEDGER, account).await.unwrap(), None);
    assert_eq!(store.list_mails_of(LEDGER, "inactive-account").await.unwrap()[0].mail, mail);
    assert!(store.list_mails_of(LEDGER, "reset-password").await.unwrap().is_empty());
    store.note_warned(LEDGER, fresh_id(), 7).await.unwrap();
    assert!(store.list_usage(LEDGER).await.unwrap().is_empty(), "no such letter");
    store.note_warned(LEDGER, mail.id, 7).await.unwrap();
    let usage = store.find_usage(LEDGER, account).await.unwrap().unwrap();
    assert_eq!((usage.account, usage.last_sign_in_at, usage.warned_at), (account, None, Some(7)));
    let credential = NewCredential { account, password_hash: Some("hash".to_owned()), proven: true };
    let beside = vec![Beside::Credential(credential)];
    store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
    assert!(store.create_session(session(account, None, 1), "hash").await.unwrap());
    let usage = store.find_usage(LEDGER, account).await.unwrap().unwrap();
    assert_eq!((usage.last_sign_in_at, usage.warned_at), (Some(1), None), "a sign-in forgets it");
}

pub(crate) async fn an_erasure_of_which_a_key_lives_is_undone(bench: Bench) {
    let store = bench.open().await;
    let subject = fresh_id();
    let name = store.seal(LEDGER, subject, Purpose::Account, "name", "Amélie").await.unwrap();
    let invoice = store.seal(LEDGER, subject, Purpose::Accounting, "name", "Amélie").await.unwrap();
    let beside = vec![Beside::Sealed(name.clone()), Beside::Sealed(invoice.clone())];
    store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
    let noted = erasure(subject, &[Purpose::Account, Purpose::Campaign]);
    store.note_erasure(noted.clone()).await.unwrap();
    assert_eq!(store.list_undone_erasures().await.unwrap(), std::slice::from_ref(&noted));
    store.erase_purposes(LEDGER, subject, &noted.purposes).await.unwrap();
    assert!(store.list_undone_erasures().await.unwrap().is_empty());
    let keys = store.list_subject_keys(LEDGER, subject).await.unwrap();
    let destroyed: Vec<_> = keys.iter().map(|key| (key.purpose, key.destroyed)).collect();
    assert_eq!(destroyed, [(Purpose::Account, true), (Purpose::Accounting, false)]);

    // A text that goes alone.
    let alone = Erasure { digests: vec![invoice.digest], ..erasure(subject, &[]) };
    store.note_erasure(alone.clone()).await.unwrap();
    assert_eq!(store.list_undone_erasures().await.unwrap(), std::slice::from_ref(&alone));
    store.forget_sealed(LEDGER, &[[0; 32]]).await.unwrap();
    assert_eq!(store.open_sealed(LEDGER, &[invoice.digest]).await.unwrap().len(), 1, "it is another text");
    store.forget_sealed(LEDGER, &alone.digests).await.unwrap();
    assert!(store.list_undone_erasures().await.unwrap().is_empty());
}

pub(crate) async fn an_organisation_that_was_given_up_twice_has_one_line_and_the_later_time(bench: Bench) {
    let store = bench.open().await;
    let subject = fresh_id();
    let line = |at| Erasure { organisation: true, key_ids: Vec::new(), at, ..erasure(subject, &[]) };
    for (at, is_new) in [(5, true), (5, false), (4, false), (9, true)] {
        assert_eq!(store.note_erasure(line(at)).await.unwrap(), is_new, "{at}");
    }
    store.ask_for_erasure(LEDGER, subject, "requested", 10).await.unwrap();
    let store = bench.reopen(store).await;
    assert_eq!(store.list_erasures().await.unwrap().iter().map(|line| line.at).max(), Some(9));
    assert!(store.list_erasures().await.unwrap().iter().all(|line| line.organisation && !line.is_of_person()));
    assert!(store.list_undone_erasures().await.unwrap().is_empty());
}

pub(crate) async fn the_text_of_a_login_that_waits_goes_with_it(bench: Bench) {
    let store = bench.open().await;
    let account = fresh_id();
    let wait = async |text: &str, expires_at| {
        let sealed = store.seal(LEDGER, account, Purpose::Account, "email", text).await.unwrap();
        let digest = sealed.digest;
        let pending = NewPendingEmail { account, digest, claim: [1; 32], expires_at };
        let beside = vec![Beside::Sealed(sealed), Beside::PendingEmail(pending)];
        store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
        digest
    };
    let is_there = async |digest| !store.open_sealed(LEDGER, &[digest]).await.unwrap().is_empty();
    let write = async |beside| store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
    // Replaced by one that is sealed, by one that is only begun, ended, expired; confirmed it stays.
    let (one, two) = (wait("un@demo.example", 100).await, wait("deux@demo.example", 100).await);
    assert_eq!((is_there(one).await, is_there(two).await), (false, true));
    assert!(!store.begin_pending_email(LEDGER, NewPendingEmail::begun(account, [2; 32], 200), 99).await.unwrap());
    assert!(is_there(two).await, "the new one was not begun");
    assert!(store.begin_pending_email(LEDGER, NewPendingEmail::begun(account, [2; 32], 200), 100).await.unwrap());
    assert!(!is_there(two).await);
    let three = wait("trois@demo.example", 100).await;
    write(vec![Beside::EndPendingEmail { account, keeps: None }]).await;
    assert!(!is_there(three).await);
    let four = wait("quatre@demo.example", 100).await;
    write(vec![Beside::EndPendingEmail { account, keeps: Some(four) }]).await;
    assert!(is_there(four).await);
    let five = wait("cinq@demo.example", 100).await;
    let limits = |pending_emails| Limits {
        refusals: 0,
        mails: 0,
        sessions: 0,
        identity_checks: 0,
        pending_emails,
        second_factors: 0,
    };
    store.delete_expired(LEDGER, limits(100)).await.unwrap();
    assert!(is_there(five).await);
    store.delete_expired(LEDGER, limits(101)).await.unwrap();
    assert_eq!((is_there(five).await, is_there(four).await), (false, true));
    assert_eq!(store.find_pending_email(LEDGER, account).await.unwrap(), None);
}

pub(crate) async fn a_forgotten_account_leaves_nothing_beside_the_log(bench: Bench) {
    let store = bench.open().await;
    let (gone, stays) = (fresh_id(), fresh_id());
    for (account, mark) in [(gone, 1), (stays, 2)] {
        let credential = NewCredential { account, password_hash: Some("hash".to_owned()), proven: true };
        let claim = Beside::Claim { kind: "email".to_owned(), value: [mark; 32], holder: account.to_string() };
        let beside = vec![Beside::Credential(credential), claim];
        store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
        let mail = NewMail {
            ledger: LEDGER.to_owned(),
            id: fresh_id(),
            kind: "reset-password".to_owned(),
            account,
            args: "{}".to_owned(),
            queued_at: 1,
        };
        store.queue_mail(mail).await.unwrap();
        assert!(store.create_session(session(account, None, mark), "hash").await.unwrap());
        store.note_language(LEDGER, account, "nl").await.unwrap();
        store.take_identity_try(LEDGER, account, (0, 5), 3).await.unwrap();
        assert!(store.begin_second_factor(LEDGER, account, "SECRET", START).await.unwrap());
    }
    assert!(store.create_session(session(stays, Some(gone), 3), "hash").await.unwrap());
    let keepers = [gone.to_string(), format!("{gone} {stays}"), stays.to_string(), format!("{stays} {gone}")];
    let outcome = |account: &String| {
        let (account, key, body) = (account.clone(), "key".to_owned(), "{}".to_owned());
        Beside::Outcome(NewOutcome { account, key, request_hash: [7; 32], status: 200, body, sequence: 1 })
    };
    store.append(Append { beside: keepers.iter().map(outcome).collect(), ..command(LEDGER, vec![]) }).await.unwrap();
    let beside = vec![Beside::ForgetAccount { account: gone }];
    store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
    for (keeper, left) in keepers.iter().zip([false, false, true, true]) {
        assert_eq!(store.find_outcome(LEDGER, keeper, "key").await.unwrap().is_some(), left, "{keeper}");
    }
    // Neither a letter that is being written nor a wrong password brings a row back.
    store.set_reset_link(LEDGER, gone, &[9; 32], 1_000).await.unwrap();
    store.record_sign_in_failure(LEDGER, gone, 10, LockPolicy::USUAL).await.unwrap();
    assert_eq!(store.use_reset_link(&[9; 32], 10, "hash").await.unwrap(), ResetUse::UsedOrExpired);
    for (account, mark, left) in [(gone, 1, false), (stays, 2, true)] {
        assert_eq!(store.find_credential(LEDGER, account).await.unwrap().is_some(), left);
        assert_eq!(store.find_claim(LEDGER, "email", &[mark; 32]).await.unwrap().is_some(), left);
        assert_eq!(store.find_session(&[mark; 32], 10, 0).await.unwrap().is_some(), left);
        assert_eq!(store.find_language(LEDGER, account).await.unwrap().is_some(), left);
        assert_eq!(store.find_second_factor(LEDGER, account, START).await.unwrap().is_some(), left);
        assert_eq!(store.list_identity_checks(LEDGER, account, 0).await.unwrap().len(), usize::from(left));
    }
    assert!(store.find_session(&[3; 32], 10, 0).await.unwrap().is_none(), "nobody acts in the place of who is gone");
    let waiting = store.list_mails(LEDGER, bordereau_store::MailState::Waiting, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|queued| queued.mail.account).collect::<Vec<_>>(), [stays]);
}

fn session(account: uuid::Uuid, on_behalf_of: Option<uuid::Uuid>, mark: u8) -> NewSession {
    NewSession {
        ledger: LEDGER.to_owned(),
        token_hash: [mark; 32],
        id: fresh_id(),
        account,
        on_behalf_of,
        delegation: None,
        role: "requester".to_owned(),
        institutions: Vec::new(),
        created_at: 1,
        last_seen_at: 1,
        expires_at: 100,
    }
}

pub(crate) async fn of_many_proofs_of_identity_at_once_only_so_many_are_looked_at(bench: Bench) {
    let (store, beside) = (bench.open().await, bench.open().await);
    let (account, other) = (fresh_id(), fresh_id());
    let credential =
        Beside::Credential(NewCredential { account, password_hash: Some("hash".to_owned()), proven: true });
    store.append(Append { beside: vec![credential], ..command(LEDGER, vec![]) }).await.unwrap();
    let tries: Vec<_> = (0..40)
        .map(|index| {
            let store = if index % 2 == 0 { store.clone() } else { beside.clone() };
            tokio::spawn(async move { store.take_identity_try(LEDGER, account, (0, 10), 3).await.unwrap() })
        })
        .collect();
    let mut taken = Vec::new();
    for one in tries {
        if let IdentityTry::Taken(at) = one.await.unwrap() {
            taken.push(at);
        }
    }
    taken.sort_unstable();
    assert_eq!(taken, [10, 11, 12]);
    assert_eq!(store.list_identity_checks(LEDGER, account, 0).await.unwrap(), [10, 11, 12]);
    assert!(store.list_identity_checks(LEDGER, other, 0).await.unwrap().is_empty());
    // The first of those that count frees a place when its time is over; one that is given back frees it at once.
    let try_at = async |since, at| store.take_identity_try(LEDGER, account, (since, at), 3).await.unwrap();
    assert_eq!(try_at(9, 30).await, IdentityTry::Spent(10));
    assert_eq!(try_at(10, 30).await, IdentityTry::Taken(30));
    assert_eq!(try_at(10, 31).await, IdentityTry::Spent(11));
    store.give_back_identity_try(LEDGER, account, 30).await.unwrap();
    assert_eq!(try_at(10, 31).await, IdentityTry::Taken(31));
}
