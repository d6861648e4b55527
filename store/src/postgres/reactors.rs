//! Leases, checkpoints and what was set aside.

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::Postgres;
use super::failure::Fault;
use crate::error::StoreError;
use crate::options::Micros;
use crate::reactors::{Lease, Parked};

const TAKE: &str = "INSERT INTO leases (ledger, name, holder, epoch, expires_at) VALUES ($1, $2, $3, 1, $5)
    ON CONFLICT (ledger, name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
        epoch = leases.epoch + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END
    WHERE leases.holder = excluded.holder OR leases.expires_at <= $4
    RETURNING epoch";
const GIVE_BACK: &str =
    "UPDATE leases SET expires_at = 0 WHERE ledger = $1 AND name = $2 AND holder = $3 AND epoch = $4";
const CHECKPOINT: &str = "SELECT position FROM checkpoints WHERE ledger = $1 AND name = $2";
// Each write locks the lease's row first: a take-over waits for it or goes before it.
const MOVE: &str = "WITH held AS (SELECT ledger, name FROM leases
        WHERE ledger = $1 AND name = $2 AND holder = $3 AND epoch = $4 AND expires_at > $5 FOR SHARE)
    INSERT INTO checkpoints (ledger, name, position) SELECT ledger, name, $6 FROM held
    ON CONFLICT (ledger, name) DO UPDATE SET position = excluded.position RETURNING name";
const PARK: &str = "WITH held AS (SELECT ledger, name FROM leases
        WHERE ledger = $1 AND name = $2 AND holder = $3 AND epoch = $4 AND expires_at > $5 FOR SHARE)
    INSERT INTO parked (ledger, name, aggregate_type, aggregate_id, position, reason, since)
    SELECT ledger, name, $6, $7, $8, $9, $10 FROM held
    ON CONFLICT (ledger, name, aggregate_type, aggregate_id)
    DO UPDATE SET position = excluded.position, reason = excluded.reason RETURNING name";
const UNPARK: &str = "WITH held AS (SELECT ledger, name FROM leases
        WHERE ledger = $1 AND name = $2 AND holder = $3 AND epoch = $4 AND expires_at > $5 FOR SHARE),
    gone AS (DELETE FROM parked p USING held WHERE p.ledger = held.ledger AND p.name = held.name
        AND p.aggregate_type = $6 AND p.aggregate_id = $7)
    SELECT name FROM held";
const LIST: &str = "SELECT ledger, name, aggregate_type, aggregate_id, position, reason, since FROM parked
    WHERE ledger = $1 ORDER BY position, name, aggregate_id";

type Query<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

/// A statement that writes only while the lease is held: its first five parameters.
fn under<'q>(sql: &'q str, lease: &'q Lease, now: Micros) -> Query<'q> {
    let query = sqlx::query(sql).bind(&lease.ledger).bind(&lease.name).bind(lease.holder);
    query.bind(lease.epoch.cast_signed()).bind(now)
}

impl Postgres {
    pub(crate) async fn take_lease(&self, wanted: Lease, now: Micros) -> Result<Option<Lease>, StoreError> {
        let query = sqlx::query(TAKE).bind(&wanted.ledger).bind(&wanted.name).bind(wanted.holder);
        let rows = self.write(query.bind(now).bind(wanted.expires_at)).await?;
        let epoch: Option<i64> =
            rows.first().map(|row| row.try_get(0)).transpose().map_err(|error| Fault::from(error).of_writing())?;
        Ok(epoch.map(|epoch| Lease { epoch: epoch.cast_unsigned(), ..wanted }))
    }

    pub(crate) async fn give_back_lease(&self, lease: Lease) -> Result<(), StoreError> {
        let query = sqlx::query(GIVE_BACK).bind(&lease.ledger).bind(&lease.name).bind(lease.holder);
        self.write(query.bind(lease.epoch.cast_signed())).await.map(|_| ())
    }

    pub(crate) async fn find_checkpoint(&self, ledger: &str, name: &str) -> Result<u64, StoreError> {
        let read = |row: &PgRow| row.try_get::<i64, _>(0);
        let position = self.find(read, || sqlx::query(CHECKPOINT).bind(ledger).bind(name)).await?;
        Ok(position.unwrap_or_default().cast_unsigned())
    }

    pub(crate) async fn move_checkpoint(&self, lease: Lease, position: u64, now: Micros) -> Result<bool, StoreError> {
        let query = under(MOVE, &lease, now).bind(position.cast_signed());
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn park(&self, lease: Lease, parked: Parked, now: Micros) -> Result<bool, StoreError> {
        let query = under(PARK, &lease, now)
            .bind(&parked.aggregate_type)
            .bind(&parked.aggregate_id)
            .bind(parked.position.cast_signed())
            .bind(&parked.reason)
            .bind(parked.since);
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn unpark(&self, lease: Lease, parked: Parked, now: Micros) -> Result<bool, StoreError> {
        let query = under(UNPARK, &lease, now).bind(&parked.aggregate_type).bind(&parked.aggregate_id);
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn list_parked(&self, ledger: &str) -> Result<Vec<Parked>, StoreError> {
        self.list(parked, || sqlx::query(LIST).bind(ledger)).await
    }
}

fn parked(row: &PgRow) -> Result<Parked, sqlx::Error> {
    Ok(Parked {
        ledger: row.try_get(0)?,
        name: row.try_get(1)?,
        aggregate_type: row.try_get(2)?,
        aggregate_id: row.try_get(3)?,
        position: row.try_get::<i64, _>(4)?.cast_unsigned(),
        reason: row.try_get(5)?,
        since: row.try_get(6)?,
    })
}
