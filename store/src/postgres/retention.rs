//! What stands beside the log for a time.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::Postgres;
use super::failure::Fault;
use crate::error::StoreError;
use crate::options::Micros;
use crate::retention::{Expired, Limits, Usage};

const STREAMS: &str = "SELECT aggregate_id FROM events WHERE aggregate_type = $2 AND sequence = 1 AND ledger = $1
    ORDER BY aggregate_id COLLATE \"C\"";
const USAGE: &str = "SELECT account, last_sign_in_at, warned_at FROM credentials WHERE ledger = $1";
const FIND_USAGE: &str =
    "SELECT account, last_sign_in_at, warned_at FROM credentials WHERE ledger = $1 AND account = $2";
// The letters of an erased person are gone, and nothing of his comes again.
const WARNED: &str = "INSERT INTO credentials (ledger, account, warned_at)
    SELECT ledger, account, $3 FROM mail_queue WHERE ledger = $1 AND id = $2
    ON CONFLICT (ledger, account) DO UPDATE SET warned_at = excluded.warned_at";
const DELETE_CHECKS: &str = "DELETE FROM identity_checks WHERE ledger = $1 AND at < $2";
const DELETE_FACTORS: &str = "DELETE FROM second_factors WHERE ledger = $1 AND confirmed_at IS NULL AND begun_at < $2";

macro_rules! expired {
    ($before:literal, $after:literal) => {
        [
            concat!($before, " FROM refusals WHERE ledger = $1 AND at < $2", $after),
            concat!($before, " FROM mail_queue WHERE ledger = $1 AND coalesce(ended_at, queued_at) < $2", $after),
            concat!($before, " FROM sessions WHERE ledger = $1 AND expires_at < $2", $after),
        ]
    };
}

const COUNT: [&str; 3] = expired!("SELECT count(*)", "");
const DELETE: [&str; 3] = expired!("WITH gone AS (DELETE", " RETURNING 1) SELECT count(*) FROM gone");

impl Postgres {
    pub(crate) async fn list_streams(&self, ledger: &str, aggregate_type: &str) -> Result<Vec<String>, StoreError> {
        self.list(|row| row.try_get(0), || sqlx::query(STREAMS).bind(ledger).bind(aggregate_type)).await
    }

    pub(crate) async fn list_usage(&self, ledger: &str) -> Result<Vec<Usage>, StoreError> {
        self.list(usage, || sqlx::query(USAGE).bind(ledger)).await
    }

    pub(crate) async fn find_usage(&self, ledger: &str, account: Uuid) -> Result<Option<Usage>, StoreError> {
        self.find(usage, || sqlx::query(FIND_USAGE).bind(ledger).bind(account)).await
    }

    pub(crate) async fn note_warned(&self, ledger: &str, letter: Uuid, at: Micros) -> Result<(), StoreError> {
        self.write(sqlx::query(WARNED).bind(ledger).bind(letter).bind(at)).await.map(|_| ())
    }

    pub(crate) async fn count_expired(&self, ledger: &str, limits: Limits) -> Result<Expired, StoreError> {
        self.each_expired(COUNT, ledger, limits).await
    }

    pub(crate) async fn delete_expired(&self, ledger: &str, limits: Limits) -> Result<Expired, StoreError> {
        self.write(sqlx::query(DELETE_CHECKS).bind(ledger).bind(limits.identity_checks)).await?;
        self.write(sqlx::query(DELETE_FACTORS).bind(ledger).bind(limits.second_factors)).await?;
        self.end_expired_emails(ledger, limits.pending_emails).await?;
        self.each_expired(DELETE, ledger, limits).await
    }

    async fn each_expired(&self, sql: [&str; 3], ledger: &str, limits: Limits) -> Result<Expired, StoreError> {
        let mut counts = [0; 3];
        for ((count, sql), limit) in counts.iter_mut().zip(sql).zip(limits.of_rows()) {
            let rows = self.write(sqlx::query(sql).bind(ledger).bind(limit)).await?;
            let found: Option<i64> =
                rows.first().map(|row| row.try_get(0)).transpose().map_err(|error| Fault::from(error).of_reading())?;
            *count = found.unwrap_or_default().cast_unsigned();
        }
        Ok(counts.into())
    }
}

fn usage(row: &PgRow) -> Result<Usage, sqlx::Error> {
    Ok(Usage { account: row.try_get(0)?, last_sign_in_at: row.try_get(1)?, warned_at: row.try_get(2)? })
}
