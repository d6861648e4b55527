//! What stands beside the log for a time.

use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

use super::{Sqlite, pending_emails};
use crate::error::StoreError;
use crate::options::Micros;
use crate::retention::{Expired, Limits, Usage};

const STREAMS: &str = "SELECT aggregate_id FROM events WHERE aggregate_type = ?2 AND sequence = 1 AND ledger = ?1
    ORDER BY aggregate_id";
const USAGE: &str = "SELECT account, last_sign_in_at, warned_at FROM credentials WHERE ledger = ?1";
const FIND_USAGE: &str =
    "SELECT account, last_sign_in_at, warned_at FROM credentials WHERE ledger = ?1 AND account = ?2";
// The letters of an erased person are gone, and nothing of his comes again.
const WARNED: &str = "INSERT INTO credentials (ledger, account, warned_at)
    SELECT ledger, account, ?3 FROM mail_queue WHERE ledger = ?1 AND id = ?2
    ON CONFLICT (ledger, account) DO UPDATE SET warned_at = excluded.warned_at";

macro_rules! expired {
    ($verb:literal) => {
        [
            concat!($verb, " FROM refusals WHERE ledger = ?1 AND at < ?2"),
            concat!($verb, " FROM mail_queue WHERE ledger = ?1 AND coalesce(ended_at, queued_at) < ?2"),
            concat!($verb, " FROM sessions WHERE ledger = ?1 AND expires_at < ?2"),
        ]
    };
}

const COUNT: [&str; 3] = expired!("SELECT count(*)");
const DELETE: [&str; 3] = expired!("DELETE");
const DELETE_CHECKS: &str = "DELETE FROM identity_checks WHERE ledger = ?1 AND at < ?2";
const DELETE_FACTORS: &str = "DELETE FROM second_factors WHERE ledger = ?1 AND confirmed_at IS NULL AND begun_at < ?2";

impl Sqlite {
    pub(crate) async fn list_streams(&self, ledger: &str, aggregate_type: &str) -> Result<Vec<String>, StoreError> {
        let (ledger, aggregate_type) = (ledger.to_owned(), aggregate_type.to_owned());
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(STREAMS)?;
                let rows = statement.query_map(params![ledger, aggregate_type], |row| row.get(0))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    pub(crate) async fn list_usage(&self, ledger: &str) -> Result<Vec<Usage>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(USAGE)?;
                let rows = statement.query_map([ledger], usage)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    pub(crate) async fn find_usage(&self, ledger: &str, account: Uuid) -> Result<Option<Usage>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(FIND_USAGE)?;
                Ok(statement.query_row(params![ledger, account.as_bytes()], usage).optional()?)
            })
            .await
    }

    pub(crate) async fn note_warned(&self, ledger: &str, letter: Uuid, at: Micros) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                connection.prepare_cached(WARNED)?.execute(params![ledger, letter.as_bytes(), at])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn count_expired(&self, ledger: &str, limits: Limits) -> Result<Expired, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut counts = [0; 3];
                for ((count, sql), limit) in counts.iter_mut().zip(COUNT).zip(limits.of_rows()) {
                    let found: i64 =
                        connection.prepare_cached(sql)?.query_row(params![ledger, limit], |row| row.get(0))?;
                    *count = found.cast_unsigned();
                }
                Ok(counts.into())
            })
            .await
    }

    pub(crate) async fn delete_expired(&self, ledger: &str, limits: Limits) -> Result<Expired, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let mut counts = [0; 3];
                for ((count, sql), limit) in counts.iter_mut().zip(DELETE).zip(limits.of_rows()) {
                    *count = connection.prepare_cached(sql)?.execute(params![ledger, limit])? as u64;
                }
                connection.prepare_cached(DELETE_CHECKS)?.execute(params![ledger, limits.identity_checks])?;
                connection.prepare_cached(DELETE_FACTORS)?.execute(params![ledger, limits.second_factors])?;
                pending_emails::end_expired(connection, &ledger, limits.pending_emails)?;
                Ok(counts.into())
            })
            .await
    }
}

fn usage(row: &Row<'_>) -> rusqlite::Result<Usage> {
    Ok(Usage { account: Uuid::from_bytes(row.get(0)?), last_sign_in_at: row.get(1)?, warned_at: row.get(2)? })
}
