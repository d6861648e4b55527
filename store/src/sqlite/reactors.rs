//! Leases, checkpoints and what was set aside.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Sqlite;
use crate::error::StoreError;
use crate::options::Micros;
use crate::reactors::{Lease, Parked};

const TAKE: &str = "INSERT INTO leases (ledger, name, holder, epoch, expires_at) VALUES (?1, ?2, ?3, 1, ?5)
    ON CONFLICT (ledger, name) DO UPDATE SET epoch = epoch + (holder <> excluded.holder), holder = excluded.holder,
        expires_at = excluded.expires_at
    WHERE holder = excluded.holder OR expires_at <= ?4
    RETURNING epoch";
const GIVE_BACK: &str =
    "UPDATE leases SET expires_at = 0 WHERE ledger = ?1 AND name = ?2 AND holder = ?3 AND epoch = ?4";
const HELD: &str = "SELECT 1 FROM leases
    WHERE ledger = ?1 AND name = ?2 AND holder = ?3 AND epoch = ?4 AND expires_at > ?5";
const CHECKPOINT: &str = "SELECT position FROM checkpoints WHERE ledger = ?1 AND name = ?2";
const MOVE: &str = "INSERT INTO checkpoints (ledger, name, position) VALUES (?1, ?2, ?3)
    ON CONFLICT (ledger, name) DO UPDATE SET position = excluded.position";
const PARK: &str = "INSERT INTO parked (ledger, name, aggregate_type, aggregate_id, position, reason, since)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (ledger, name, aggregate_type, aggregate_id)
    DO UPDATE SET position = excluded.position, reason = excluded.reason";
const UNPARK: &str = "DELETE FROM parked
    WHERE ledger = ?1 AND name = ?2 AND aggregate_type = ?3 AND aggregate_id = ?4";
const LIST: &str = "SELECT ledger, name, aggregate_type, aggregate_id, position, reason, since FROM parked
    WHERE ledger = ?1 ORDER BY position, name, aggregate_id";

impl Sqlite {
    pub(crate) async fn take_lease(&self, wanted: Lease, now: Micros) -> Result<Option<Lease>, StoreError> {
        self.queue
            .call(move |connection| {
                let asked = params![wanted.ledger, wanted.name, wanted.holder.as_bytes(), now, wanted.expires_at];
                let epoch: Option<i64> =
                    connection.prepare_cached(TAKE)?.query_row(asked, |row| row.get(0)).optional()?;
                Ok(epoch.map(|epoch| Lease { epoch: epoch.cast_unsigned(), ..wanted }))
            })
            .await
    }

    pub(crate) async fn give_back_lease(&self, lease: Lease) -> Result<(), StoreError> {
        self.queue
            .call(move |connection| {
                let Lease { ledger, name, holder, epoch, .. } = &lease;
                let given = params![ledger, name, holder.as_bytes(), epoch.cast_signed()];
                connection.prepare_cached(GIVE_BACK)?.execute(given)?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn find_checkpoint(&self, ledger: &str, name: &str) -> Result<u64, StoreError> {
        let (ledger, name) = (ledger.to_owned(), name.to_owned());
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(CHECKPOINT)?;
                let position: Option<i64> = statement.query_row([ledger, name], |row| row.get(0)).optional()?;
                Ok(position.unwrap_or_default().cast_unsigned())
            })
            .await
    }

    pub(crate) async fn move_checkpoint(&self, lease: Lease, position: u64, now: Micros) -> Result<bool, StoreError> {
        self.under(lease, now, move |connection, lease| {
            let moved = params![lease.ledger, lease.name, position.cast_signed()];
            connection.prepare_cached(MOVE)?.execute(moved).map(|_| ())
        })
        .await
    }

    pub(crate) async fn park(&self, lease: Lease, parked: Parked, now: Micros) -> Result<bool, StoreError> {
        self.under(lease, now, move |connection, lease| {
            let row = params![
                lease.ledger,
                lease.name,
                parked.aggregate_type,
                parked.aggregate_id,
                parked.position.cast_signed(),
                parked.reason,
                parked.since,
            ];
            connection.prepare_cached(PARK)?.execute(row).map(|_| ())
        })
        .await
    }

    pub(crate) async fn unpark(&self, lease: Lease, parked: Parked, now: Micros) -> Result<bool, StoreError> {
        self.under(lease, now, move |connection, lease| {
            let row = params![lease.ledger, lease.name, parked.aggregate_type, parked.aggregate_id];
            connection.prepare_cached(UNPARK)?.execute(row).map(|_| ())
        })
        .await
    }

    pub(crate) async fn list_parked(&self, ledger: &str) -> Result<Vec<Parked>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(LIST)?;
                let rows = statement.query_map([ledger], parked)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    /// Writes only while the lease is held; whether it was.
    async fn under<F>(&self, lease: Lease, now: Micros, work: F) -> Result<bool, StoreError>
    where
        F: FnOnce(&Connection, &Lease) -> rusqlite::Result<()> + Send + 'static,
    {
        self.queue
            .call(move |connection| {
                let Lease { ledger, name, holder, epoch, .. } = &lease;
                let asked = params![ledger, name, holder.as_bytes(), epoch.cast_signed(), now];
                let held = connection.prepare_cached(HELD)?.exists(asked)?;
                if held {
                    work(connection, &lease)?;
                }
                Ok(held)
            })
            .await
    }
}

fn parked(row: &Row<'_>) -> rusqlite::Result<Parked> {
    Ok(Parked {
        ledger: row.get(0)?,
        name: row.get(1)?,
        aggregate_type: row.get(2)?,
        aggregate_id: row.get(3)?,
        position: row.get::<_, i64>(4)?.cast_unsigned(),
        reason: row.get(5)?,
        since: row.get(6)?,
    })
}
