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

    /// Notes that an account's person was told that it will be erased.
    pub async fn note_warned(&self, ledger: &str, account: Uuid, at: Micros) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.note_warned(ledger, account, at).await,
            Self::Postgres(store) => store.note_warned(ledger, account, at).await,
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
