//! Bringing in a whole ledger, and reading the vault for an export.

use sqlx::Row;
use sqlx::postgres::PgRow;
use tokio::sync::mpsc;

use super::Postgres;
use super::failure::{Fault, integer, limit};
use super::judge::{self, new_epoch};
use super::link::{Link, Turn};
use crate::error::StoreError;
use crate::import::{Arriving, ImportError, ImportPart};
use crate::log::StoredEvent;
use crate::vault::{Purpose, SealedField};

const EVENTS: &str =
    "INSERT INTO events (ledger, position, event_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, recorded_at, payload, metadata)
    SELECT $1, position, event_id, aggregate_type, aggregate_id, sequence, event_type, event_version, recorded_at,
        payload::json, metadata::json
      FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::bigint[],
        $10::text[], $11::text[]) AS e(position, event_id, aggregate_type, aggregate_id, sequence, event_type,
        event_version, recorded_at, payload, metadata)";
const VAULT: &str = "INSERT INTO vault (ledger, digest, subject, purpose, field, bytes)
    SELECT $1, digest, subject, purpose, field, bytes
      FROM unnest($2::bytea[], $3::uuid[], $4::text[], $5::text[], $6::bytea[])
        AS s(digest, subject, purpose, field, bytes)";
// The head is there from the beginning: its key keeps another import of the ledger away. Nobody sees it before the end.
const OPEN: &str = "INSERT INTO ledger_heads (ledger, position, recorded_at, epoch) VALUES ($1, 0, 0, $2)";
const CLOSE: &str = "UPDATE ledger_heads SET position = $2, recorded_at = $3 WHERE ledger = $1";
const NUMBERS: &str = "INSERT INTO counters (ledger, kind, next) VALUES ($1, $2, $3)
    ON CONFLICT (ledger, kind) DO UPDATE SET next = greatest(counters.next, excluded.next)";
const SEALED: &str = "SELECT digest, subject, purpose, field, bytes FROM vault
    WHERE ledger = $1 AND digest > $2 ORDER BY digest LIMIT $3";

impl Postgres {
    pub(crate) async fn list_sealed(
        &self,
        ledger: &str,
        after: &[u8],
        count: usize,
    ) -> Result<Vec<SealedField>, StoreError> {
        let read = |row: &PgRow| sealed(ledger, row);
        let rows = self.list(read, || sqlx::query(SEALED).bind(ledger).bind(after).bind(limit(count))).await?;
        rows.into_iter().collect()
    }

    pub(crate) async fn import_ledger(
        &self,
        ledger: &str,
        parts: mpsc::Receiver<ImportPart>,
    ) -> Result<(), StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = import(&mut turn, ledger, parts).await;
        let position = turn.commit(done).await.map_err(Fault::of_writing)?;
        self.followers.tell(ledger, position, 0);
        Ok(())
    }
}

async fn import(turn: &mut Turn, ledger: &str, mut parts: mpsc::Receiver<ImportPart>) -> Result<u64, Fault> {
    let link = turn.link().await?;
    if judge::lock_head(link, ledger).await?.is_some() {
        return Err(Fault::Data(format!("the ledger {ledger} exists")));
    }
    link.execute(sqlx::query(OPEN).bind(ledger).bind(new_epoch())).await?;
    let mut arriving = Arriving::new(ledger);
    loop {
        match parts.recv().await.ok_or_else(|| refused(&ImportError::CutOff))? {
            ImportPart::Events(events) => {
                for event in &events {
                    arriving.admit(event).map_err(|error| refused(&error))?;
                }
                insert(link, ledger, &events).await?;
            }
            ImportPart::Sealed(fields) => {
                for field in &fields {
                    arriving.admit_sealed(field).map_err(|error| refused(&error))?;
                }
                put(link, ledger, &fields).await?;
            }
            ImportPart::End { root, numbers } => {
                arriving.end(root).map_err(|error| refused(&error))?;
                for (kind, last) in numbers {
                    link.execute(sqlx::query(NUMBERS).bind(ledger).bind(kind).bind(integer(last) + 1)).await?;
                }
                let position = arriving.position();
                let head = sqlx::query(CLOSE).bind(ledger).bind(integer(position)).bind(arriving.recorded_at());
                link.execute(head).await?;
                return Ok(position);
            }
        }
    }
}

fn refused(error: &ImportError) -> Fault {
    Fault::Data(error.to_string())
}

/// A column of texts.
fn texts(events: &[StoredEvent], column: fn(&StoredEvent) -> &str) -> Vec<&str> {
    events.iter().map(column).collect()
}

async fn insert(link: &mut Link, ledger: &str, events: &[StoredEvent]) -> Result<(), Fault> {
    let query = sqlx::query(EVENTS)
        .bind(ledger)
        .bind(events.iter().map(|event| integer(event.position)).collect::<Vec<_>>())
        .bind(events.iter().map(|event| event.event_id).collect::<Vec<_>>())
        .bind(texts(events, |event| &event.aggregate_type))
        .bind(texts(events, |event| &event.aggregate_id))
        .bind(events.iter().map(|event| integer(event.sequence)).collect::<Vec<_>>())
        .bind(texts(events, |event| &event.event_type))
        .bind(texts(events, |event| &event.event_version))
        .bind(events.iter().map(|event| event.recorded_at).collect::<Vec<_>>())
        .bind(texts(events, |event| &event.payload))
        .bind(texts(events, |event| &event.metadata));
    link.execute(query).await.map(|_| ())
}

async fn put(link: &mut Link, ledger: &str, fields: &[SealedField]) -> Result<(), Fault> {
    let query = sqlx::query(VAULT)
        .bind(ledger)
        .bind(fields.iter().map(|field| field.digest.as_slice()).collect::<Vec<_>>())
        .bind(fields.iter().map(|field| field.subject).collect::<Vec<_>>())
        .bind(fields.iter().map(|field| field.purpose.as_str()).collect::<Vec<_>>())
        .bind(fields.iter().map(|field| field.field.as_str()).collect::<Vec<_>>())
        .bind(fields.iter().map(|field| field.bytes.as_slice()).collect::<Vec<_>>());
    link.execute(query).await.map(|_| ())
}

fn sealed(ledger: &str, row: &PgRow) -> Result<Result<SealedField, StoreError>, sqlx::Error> {
    let digest: [u8; 32] = row.try_get(0)?;
    let purpose: String = row.try_get(2)?;
    let Some(purpose) = Purpose::parse(&purpose) else {
        return Ok(Err(StoreError::Broken { digest, reason: "it has no known purpose".to_owned() }));
    };
    let (subject, field, bytes) = (row.try_get(1)?, row.try_get(3)?, row.try_get(4)?);
    Ok(Ok(SealedField { ledger: ledger.to_owned(), digest, subject, purpose, field, bytes }))
}
