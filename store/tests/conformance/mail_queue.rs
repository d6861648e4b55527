//! Mails that wait: queued once, in one hand at a time, settled once.

use bordereau_store::{MailAttempt, MailState, NewMail, QueuedMail, Store};
use uuid::Uuid;

use super::bench::{Bench, LEDGER, OTHER, SECOND, START};

fn mail(number: u128) -> NewMail {
    NewMail {
        ledger: LEDGER.to_owned(),
        id: Uuid::from_u128(number),
        kind: "reset-link".to_owned(),
        account: Uuid::from_u128(7),
        args: r#"{"order":12}"#.to_owned(),
        queued_at: START + i64::try_from(number).unwrap(),
    }
}

async fn take(store: &Store, now: i64) -> Vec<QueuedMail> {
    store.take_due_mails(now, now + 60 * SECOND, 10).await.unwrap()
}

pub(crate) async fn a_mail_is_queued_once_and_sent_once(bench: Bench) {
    let store = bench.open().await;
    assert!(store.queue_mail(mail(1)).await.unwrap());
    let changed = NewMail { kind: "other".to_owned(), ..mail(1) };
    assert!(!store.queue_mail(changed).await.unwrap());
    assert!(take(&store, START).await.is_empty(), "it is not due before it was asked for");

    let taken = take(&store, START + SECOND).await;
    assert_eq!(taken.len(), 1);
    assert_eq!((&taken[0].mail, taken[0].attempts, taken[0].state), (&mail(1), 1, MailState::Waiting));
    store.settle_mail(LEDGER, mail(1).id, MailAttempt::Sent(START + SECOND)).await.unwrap();
    let late = MailAttempt::GivenUp(START + 2 * SECOND, "too late".to_owned());
    store.settle_mail(LEDGER, mail(1).id, late).await.unwrap();

    let store = bench.reopen(store).await;
    assert!(take(&store, START + 3600 * SECOND).await.is_empty());
    let sent = store.list_mails(LEDGER, MailState::Sent, 10).await.unwrap();
    assert_eq!((sent.len(), &sent[0].mail, &sent[0].last_error), (1, &mail(1), &None));
    assert!(store.list_mails(OTHER, MailState::Sent, 10).await.unwrap().is_empty());
    assert!(!store.queue_mail(mail(1)).await.unwrap(), "what was sent is not queued again");
}

pub(crate) async fn a_mail_in_hand_is_nobody_elses_until_its_time(bench: Bench) {
    let store = bench.open().await;
    store.queue_mail(mail(1)).await.unwrap();
    let now = START + SECOND;
    assert_eq!(take(&store, now).await.len(), 1);
    assert!(take(&store, now + 59 * SECOND).await.is_empty());
    // Whoever had it in hand has died.
    let again = take(&store, now + 60 * SECOND).await;
    assert_eq!((again.len(), again[0].attempts), (1, 2));
}

pub(crate) async fn two_nodes_share_the_due_mails(bench: Bench) {
    let (here, there) = (bench.open().await, bench.open().await);
    for number in 1..=40 {
        here.queue_mail(mail(number)).await.unwrap();
    }
    let (now, until) = (START + SECOND, START + 3600 * SECOND);
    let some = |store: Store| async move {
        let mut ids = Vec::new();
        loop {
            let taken = store.take_due_mails(now, until, 3).await.unwrap();
            if taken.is_empty() {
                return ids;
            }
            ids.extend(taken.iter().map(|queued| queued.mail.id.as_u128()));
        }
    };
    let (mut ids, others) = tokio::join!(some(here.clone()), some(there));
    ids.extend(others);
    ids.sort_unstable();
    assert_eq!(ids, (1..=40).collect::<Vec<_>>());
    assert_eq!(here.count_mails(MailState::Waiting).await.unwrap(), 40);
}

pub(crate) async fn an_attempt_that_was_none_does_not_count(bench: Bench) {
    let store = bench.open().await;
    store.queue_mail(mail(1)).await.unwrap();
    let now = START + SECOND;
    for round in 0..3 {
        let taken = take(&store, now + round * 60 * SECOND).await;
        assert_eq!((taken.len(), taken[0].attempts), (1, 1));
        let untried = MailAttempt::Untried(now + (round + 1) * 60 * SECOND, "535".to_owned());
        store.settle_mail(LEDGER, mail(1).id, untried).await.unwrap();
        let waiting = store.list_mails(LEDGER, MailState::Waiting, 10).await.unwrap();
        assert_eq!((waiting[0].attempts, waiting[0].last_error.as_deref()), (0, Some("535")));
        assert!(take(&store, now + (round + 1) * 60 * SECOND - 1).await.is_empty());
    }
}

pub(crate) async fn a_mail_that_failed_is_tried_again_or_given_up(bench: Bench) {
    let store = bench.open().await;
    store.queue_mail(mail(1)).await.unwrap();
    let now = START + SECOND;
    take(&store, now).await;
    let later = MailAttempt::Later(now + 300 * SECOND, "451".to_owned());
    store.settle_mail(LEDGER, mail(1).id, later).await.unwrap();
    assert!(take(&store, now + 299 * SECOND).await.is_empty());
    let again = take(&store, now + 300 * SECOND).await;
    assert_eq!((again[0].attempts, again[0].last_error.as_deref()), (2, Some("451")));
    let given_up = MailAttempt::GivenUp(now + 301 * SECOND, "550".to_owned());
    store.settle_mail(LEDGER, mail(1).id, given_up).await.unwrap();
    assert!(take(&store, now + 9999 * SECOND).await.is_empty());
    let failed = store.list_mails(LEDGER, MailState::Failed, 10).await.unwrap();
    assert_eq!(failed[0].last_error.as_deref(), Some("550"));
    assert_eq!(store.count_mails(MailState::Waiting).await.unwrap(), 0);
}
