//! Bringing in a whole ledger, and reading the vault for an export.

use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::append::{INSERT, new_epoch};
use super::failure::{Halt, integer, limit};
use super::{Sqlite, vault};
use crate::error::StoreError;
use crate::import::{Arriving, ImportError, ImportPart};
use crate::log::StoredEvent;
use crate::vault::{Purpose, SealedField};

const EXISTS: &str = "SELECT 1 FROM ledger_heads WHERE ledger = ?1";
const HEAD: &str = "INSERT INTO ledger_heads (ledger, position, recorded_at, epoch) VALUES (?1, ?2, ?3, ?4)";
const NUMBERS: &str = "INSERT INTO counters (ledger, kind, next) VALUES (?1, ?2, ?3)
    ON CONFLICT (ledger, kind) DO UPDATE SET next = max(next, excluded.next)";
const SEALED: &str = "SELECT digest, subject, purpose, field, bytes FROM vault
    WHERE ledger = ?1 AND digest > ?2 ORDER BY digest LIMIT ?3";

type Halted = Halt<StoreError>;

impl Sqlite {
    pub(crate) async fn list_sealed(
        &self,
        ledger: &str,
        after: &[u8],
        count: usize,
    ) -> Result<Vec<SealedField>, StoreError> {
        let (ledger, after) = (ledger.to_owned(), after.to_vec());
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(SEALED)?;
                let rows = statement.query_map(params![ledger, after, limit(count)], |row| sealed(&ledger, row))?;
                rows.map(|row| row?).collect()
            })
            .await
    }

    pub(crate) async fn import_ledger(
        &self,
        ledger: &str,
        mut parts: mpsc::Receiver<ImportPart>,
    ) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.queue.call_and_announce(move |connection| import(connection, &ledger, &mut parts)).await?;
        // One transaction of a whole ledger leaves a WAL of its size, which would hinder every reader until it is emptied.
        match self.queue.truncate_wal().await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("a reader keeps the write-ahead log of the import until the next writes"),
            Err(error) => tracing::warn!(%error, "the write-ahead log of the import stays until the next writes"),
        }
        Ok(())
    }
}

/// The writer waits here for the parts: nothing else is written meanwhile, and all of it is one transaction.
fn import(connection: &Connection, ledger: &str, parts: &mut mpsc::Receiver<ImportPart>) -> Result<(), Halted> {
    let known: Option<i64> = connection.prepare_cached(EXISTS)?.query_row([ledger], |row| row.get(0)).optional()?;
    if known.is_some() {
        return Err(Halt::Own(StoreError::Refused(format!("the ledger {ledger} exists"))));
    }
    let mut arriving = Arriving::new(ledger);
    loop {
        match parts.blocking_recv().ok_or_else(|| refused(&ImportError::CutOff))? {
            ImportPart::Events(events) => {
                for event in &events {
                    arriving.admit(event).map_err(|error| refused(&error))?;
                    insert(connection, event)?;
                }
            }
            ImportPart::Sealed(fields) => {
                for field in &fields {
                    arriving.admit_sealed(field).map_err(|error| refused(&error))?;
                    vault::put(connection, ledger, field)?;
                }
            }
            ImportPart::End { root, numbers } => {
                arriving.end(root).map_err(|error| refused(&error))?;
                for (kind, last) in numbers {
                    connection.prepare_cached(NUMBERS)?.execute(params![ledger, kind, integer(last) + 1])?;
                }
                let head = params![ledger, integer(arriving.position()), arriving.recorded_at(), new_epoch()];
                connection.prepare_cached(HEAD)?.execute(head)?;
                return Ok(());
            }
        }
    }
}

fn refused(error: &ImportError) -> Halted {
    Halt::Own(StoreError::Refused(error.to_string()))
}

fn insert(connection: &Connection, event: &StoredEvent) -> rusqlite::Result<()> {
    connection.prepare_cached(INSERT)?.execute(params![
        event.ledger,
        integer(event.position),
        event.event_id.as_bytes(),
        event.aggregate_type,
        event.aggregate_id,
        integer(event.sequence),
        event.event_type,
        event.event_version,
        event.recorded_at,
        event.payload,
        event.metadata,
    ])?;
    Ok(())
}

fn sealed(ledger: &str, row: &Row<'_>) -> rusqlite::Result<Result<SealedField, StoreError>> {
    let digest: [u8; 32] = row.get(0)?;
    let purpose: String = row.get(2)?;
    let Some(purpose) = Purpose::parse(&purpose) else {
        return Ok(Err(StoreError::Broken { digest, reason: "it has no known purpose".to_owned() }));
    };
    let subject = Uuid::from_bytes(row.get(1)?);
    Ok(Ok(SealedField { ledger: ledger.to_owned(), digest, subject, purpose, field: row.get(3)?, bytes: row.get(4)? }))
}
