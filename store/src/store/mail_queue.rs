//! Mails that wait, on every back end.

use uuid::Uuid;

use super::Store;
use crate::error::StoreError;
use crate::mail_queue::{MailAttempt, MailState, NewMail, QueuedMail};
use crate::options::Micros;

impl Store {
    /// Queues a mail; whether it is new. One that was queued under this id before stays as it is.
    pub async fn queue_mail(&self, mail: NewMail) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.queue_mail(mail).await,
            Self::Postgres(store) => store.queue_mail(mail).await,
        }
    }

    /// Takes at most `limit` mails that are due at `now`, the longest due first. They are in the caller's hand until
    /// `until`: nobody else gets them before, and whoever asks after that gets them again.
    pub async fn take_due_mails(
        &self,
        now: Micros,
        until: Micros,
        limit: usize,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        match self {
            Self::Sqlite(store) => store.take_due_mails(now, until, limit).await,
            Self::Postgres(store) => store.take_due_mails(now, until, limit).await,
        }
    }

    /// Notes what came of an attempt; one that has ended stays as it ended.
    pub async fn settle_mail(&self, ledger: &str, id: Uuid, attempt: MailAttempt) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.settle_mail(ledger, id, attempt).await,
            Self::Postgres(store) => store.settle_mail(ledger, id, attempt).await,
        }
    }

    /// The first `limit` mails of a ledger in this state, the oldest first.
    pub async fn list_mails(
        &self,
        ledger: &str,
        state: MailState,
        limit: usize,
    ) -> Result<Vec<QueuedMail>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_mails(ledger, state, limit).await,
            Self::Postgres(store) => store.list_mails(ledger, state, limit).await,
        }
    }

    /// The mails to one account, whatever became of them, the oldest first.
    pub async fn list_mails_to(&self, ledger: &str, account: Uuid) -> Result<Vec<QueuedMail>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_mails_to(ledger, account).await,
            Self::Postgres(store) => store.list_mails_to(ledger, account).await,
        }
    }

    /// The mails of one kind, whatever became of them, the oldest first.
    pub async fn list_mails_of(&self, ledger: &str, kind: &str) -> Result<Vec<QueuedMail>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_mails_of(ledger, kind).await,
            Self::Postgres(store) => store.list_mails_of(ledger, kind).await,
        }
    }

    /// How many mails of all ledgers are in this state.
    pub async fn count_mails(&self, state: MailState) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.count_mails(state).await,
            Self::Postgres(store) => store.count_mails(state).await,
        }
    }
}
