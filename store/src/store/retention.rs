//! What stands beside the log for a time, on every back end.

use uuid::Uuid;

use super::Store;
use crate::error::StoreError;
use crate::options::Micros;
use crate::retention::{Expired, Limits, Usage};

impl Store {
    /// The ids of all aggregates of a type, by id.
    pub async fn list_streams(&self, ledger: &str, aggregate_type: &str) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_streams(ledger, aggregate_type).await,
            Self::Postgres(store) => store.list_streams(ledger, aggregate_type).await,
        }
    }

    /// When accounts were last used, of those that can sign in or were warned.
    pub async fn list_usage(&self, ledger: &str) -> Result<Vec<Usage>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_usage(ledger).await,
            Self::Postgres(store) => store.list_usage(ledger).await,
        }
    }

    /// The same of one account, as it is now.
    pub async fn find_usage(&self, ledger: &str, account: Uuid) -> Result<Option<Usage>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_usage(ledger, account).await,
            Self::Postgres(store) => store.find_usage(ledger, account).await,
        }
    }

    /// Notes when `letter`, a mail of the queue, was handed over, which tells an account's person that it will be erased.
    /// Nothing is noted once the letter is gone from the queue.
    pub async fn note_warned(&self, ledger: &str, letter: Uuid, at: Micros) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.note_warned(ledger, letter, at).await,
            Self::Postgres(store) => store.note_warned(ledger, letter, at).await,
        }
    }

    /// How many rows of a ledger are over.
    pub async fn count_expired(&self, ledger: &str, limits: Limits) -> Result<Expired, StoreError> {
        match self {
            Self::Sqlite(store) => store.count_expired(ledger, limits).await,
            Self::Postgres(store) => store.count_expired(ledger, limits).await,
        }
    }

    /// Deletes the rows of a ledger that are over; how many there were.
    pub async fn delete_expired(&self, ledger: &str, limits: Limits) -> Result<Expired, StoreError> {
        match self {
            Self::Sqlite(store) => store.delete_expired(ledger, limits).await,
            Self::Postgres(store) => store.delete_expired(ledger, limits).await,
        }
    }
}
