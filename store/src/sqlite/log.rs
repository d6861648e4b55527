//! Appending and reading the log.

use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use uuid::Uuid;

use super::Sqlite;
use super::access;
use super::append::{OUTCOMES_KEPT, new_epoch};
use super::failure::{integer, limit};
use crate::error::{AppendError, StoreError};
use crate::log::{Append, Head, Outcome, Receipt, StoredEvent};
use crate::vault;

macro_rules! events_where {
    ($rest:literal) => {
        concat!(
            "SELECT ledger, position, event_id, aggregate_type, aggregate_id, sequence, event_type, event_version,
             recorded_at, payload, metadata FROM events WHERE ",
            $rest
        )
    };
}

const STREAM: &str =
    events_where!("aggregate_type = ?2 AND aggregate_id = ?3 AND sequence > ?4 AND ledger = ?1 ORDER BY sequence");
const LEDGER: &str = events_where!("ledger = ?1 AND position > ?2 ORDER BY position LIMIT ?3");
const HEAD: &str = "SELECT ledger, position, recorded_at, epoch, article_revision FROM ledger_heads WHERE ledger = ?1";
const HEADS: &str = "SELECT ledger, position, recorded_at, epoch, article_revision FROM ledger_heads ORDER BY ledger";
const RENEW_EPOCH: &str = "UPDATE ledger_heads SET epoch = ?2 WHERE ledger = ?1";
const OUTCOME: &str = "SELECT request_hash, status, body, sequence, position FROM outcomes
    WHERE ledger = ?1 AND account = ?2 AND key = ?3 AND recorded_at >= ?4";

impl Sqlite {
    pub(crate) async fn append(&self, append: Append) -> Result<Receipt, AppendError> {
        vault::check_sealed(&append)?;
        self.queue.append(append).await
    }

    pub(crate) async fn load(
        &self,
        ledger: &str,
        aggregate_type: &str,
        aggregate_id: &str,
        after: u64,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let (ledger, aggregate_type, aggregate_id) =
            (ledger.to_owned(), aggregate_type.to_owned(), aggregate_id.to_owned());
        self.readers
            .query(move |connection| {
                events(connection, STREAM, params![ledger, aggregate_type, aggregate_id, integer(after)])
            })
            .await
    }

    pub(crate) async fn read(&self, ledger: &str, after: u64, count: usize) -> Result<Vec<StoredEvent>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| events(connection, LEDGER, params![ledger, integer(after), limit(count)]))
            .await
    }

    pub(crate) async fn head(&self, ledger: &str) -> Result<Option<Head>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| Ok(connection.prepare_cached(HEAD)?.query_row([ledger], head).optional()?))
            .await
    }

    pub(crate) async fn heads(&self) -> Result<Vec<Head>, StoreError> {
        self.readers.query(heads).await
    }

    pub(crate) async fn renew_epochs(&self) -> Result<Vec<Head>, StoreError> {
        self.queue.call(|connection| Ok(renew(connection)?)).await?;
        self.heads().await
    }

    pub(crate) async fn find_outcome(
        &self,
        ledger: &str,
        account: &str,
        key: &str,
    ) -> Result<Option<Outcome>, StoreError> {
        let (ledger, account, key) = (ledger.to_owned(), account.to_owned(), key.to_owned());
        let oldest = (self.options.clock)() - OUTCOMES_KEPT;
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(OUTCOME)?;
                Ok(statement.query_row(params![ledger, account, key, oldest], outcome).optional()?)
            })
            .await
    }
}

fn events(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<StoredEvent>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, event)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn event(row: &Row<'_>) -> rusqlite::Result<StoredEvent> {
    Ok(StoredEvent {
        ledger: row.get(0)?,
        position: row.get::<_, i64>(1)?.cast_unsigned(),
        event_id: Uuid::from_bytes(row.get(2)?),
        aggregate_type: row.get(3)?,
        aggregate_id: row.get(4)?,
        sequence: row.get::<_, i64>(5)?.cast_unsigned(),
        event_type: row.get(6)?,
        event_version: row.get(7)?,
        recorded_at: row.get(8)?,
        payload: row.get(9)?,
        metadata: row.get(10)?,
    })
}

/// Gives every ledger a new epoch.
pub(super) fn renew(connection: &Connection) -> Result<(), StoreError> {
    for head in heads(connection)? {
        connection.prepare_cached(RENEW_EPOCH)?.execute(params![head.ledger, new_epoch()])?;
    }
    access::end_everybody(connection)?;
    Ok(())
}

pub(super) fn heads(connection: &Connection) -> Result<Vec<Head>, StoreError> {
    let mut statement = connection.prepare_cached(HEADS)?;
    let rows = statement.query_map([], head)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok(Head {
        ledger: row.get(0)?,
        position: row.get::<_, i64>(1)?.cast_unsigned(),
        recorded_at: row.get(2)?,
        epoch: Uuid::from_bytes(row.get(3)?),
        article_revision: row.get::<_, i64>(4)?.cast_unsigned(),
    })
}

fn outcome(row: &Row<'_>) -> rusqlite::Result<Outcome> {
    Ok(Outcome {
        request_hash: row.get(0)?,
        status: row.get(1)?,
        body: row.get(2)?,
        sequence: row.get::<_, i64>(3)?.cast_unsigned(),
        position: row.get::<_, i64>(4)?.cast_unsigned(),
    })
}
