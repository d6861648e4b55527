//! Leases, checkpoints and what reactors set aside, on every back end.

use super::Store;
use crate::error::StoreError;
use crate::options::Micros;
use crate::reactors::{Lease, Parked};

impl Store {
    /// Takes a lease, or makes one's own longer: free, expired at `now`, or held by the same node. `wanted.epoch` is not
    /// looked at; the answer's is the lease's. `None`: another node holds it.
    pub async fn take_lease(&self, wanted: Lease, now: Micros) -> Result<Option<Lease>, StoreError> {
        match self {
            Self::Sqlite(store) => store.take_lease(wanted, now).await,
            Self::Postgres(store) => store.take_lease(wanted, now).await,
        }
    }

    /// Gives a lease back, so that another node need not wait for its end. One that was lost is left alone.
    pub async fn give_back_lease(&self, lease: Lease) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.give_back_lease(lease).await,
            Self::Postgres(store) => store.give_back_lease(lease).await,
        }
    }

    /// The last position that a reactor has dealt with; 0 at first.
    pub async fn find_checkpoint(&self, ledger: &str, name: &str) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_checkpoint(ledger, name).await,
            Self::Postgres(store) => store.find_checkpoint(ledger, name).await,
        }
    }

    /// Notes how far a reactor came; `false`, and nothing written, when the lease is no longer held.
    pub async fn move_checkpoint(&self, lease: &Lease, position: u64, now: Micros) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.move_checkpoint(lease.clone(), position, now).await,
            Self::Postgres(store) => store.move_checkpoint(lease.clone(), position, now).await,
        }
    }

    /// Sets an aggregate aside, or says anew why it is; `false`, and nothing written, when the lease is no longer held.
    pub async fn park(&self, lease: &Lease, parked: Parked, now: Micros) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.park(lease.clone(), parked, now).await,
            Self::Postgres(store) => store.park(lease.clone(), parked, now).await,
        }
    }

    /// Takes an aggregate back; `false`, and nothing written, when the lease is no longer held.
    pub async fn unpark(&self, lease: &Lease, parked: Parked, now: Micros) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.unpark(lease.clone(), parked, now).await,
            Self::Postgres(store) => store.unpark(lease.clone(), parked, now).await,
        }
    }

    /// What the reactors of a ledger have set aside, by position.
    pub async fn list_parked(&self, ledger: &str) -> Result<Vec<Parked>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_parked(ledger).await,
            Self::Postgres(store) => store.list_parked(ledger).await,
        }
    }
}
