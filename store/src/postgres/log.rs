//! Appending and reading the log.

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::Postgres;
use super::access::end_everybody;
use super::append::OUTCOMES_KEPT;
use super::failure::{Fault, integer, limit};
use super::judge::new_epoch;
use crate::error::{AppendError, StoreError};
use crate::log::{Append, Head, Outcome, Receipt, StoredEvent};
use crate::vault;

macro_rules! events_where {
    ($rest:literal) => {
        concat!(
            "SELECT ledger, position, event_id, aggregate_type, aggregate_id, sequence, event_type, event_version,
             recorded_at, payload::text, metadata::text FROM events WHERE ",
            $rest
        )
    };
}

const STREAM: &str =
    events_where!("aggregate_type = $2 AND aggregate_id = $3 AND sequence > $4 AND ledger = $1 ORDER BY sequence");
const LEDGER: &str = events_where!("ledger = $1 AND position > $2 ORDER BY position LIMIT $3");
const HEAD: &str = "SELECT ledger, position, recorded_at, epoch, article_revision FROM ledger_heads WHERE ledger = $1";
const HEADS: &str = "SELECT ledger, position, recorded_at, epoch, article_revision FROM ledger_heads ORDER BY ledger";
// In the order of the key, so that two of these at once do not lock crosswise.
const LOCK_HEADS: &str = "SELECT ledger FROM ledger_heads ORDER BY ledger FOR UPDATE";
const RENEW_EPOCH: &str = "UPDATE ledger_heads SET epoch = $2 WHERE ledger = $1";
const OUTCOME: &str = "SELECT request_hash, status, body, sequence, position FROM outcomes
    WHERE ledger = $1 AND account = $2 AND key = $3 AND recorded_at >= $4";

impl Postgres {
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
        self.list(event, || {
            sqlx::query(STREAM).bind(ledger).bind(aggregate_type).bind(aggregate_id).bind(integer(after))
        })
        .await
    }

    pub(crate) async fn read(&self, ledger: &str, after: u64, count: usize) -> Result<Vec<StoredEvent>, StoreError> {
        self.list(event, || sqlx::query(LEDGER).bind(ledger).bind(integer(after)).bind(limit(count))).await
    }

    pub(crate) async fn head(&self, ledger: &str) -> Result<Option<Head>, StoreError> {
        self.find(head, || sqlx::query(HEAD).bind(ledger)).await
    }

    pub(crate) async fn heads(&self) -> Result<Vec<Head>, StoreError> {
        self.list(head, || sqlx::query(HEADS)).await
    }

    pub(crate) async fn renew_epochs(&self) -> Result<Vec<Head>, StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = renew(&mut turn).await;
        turn.commit(done).await.map_err(Fault::of_writing)?;
        self.heads().await
    }

    pub(crate) async fn find_outcome(
        &self,
        ledger: &str,
        account: &str,
        key: &str,
    ) -> Result<Option<Outcome>, StoreError> {
        let oldest = (self.options.clock)() - OUTCOMES_KEPT;
        self.find(outcome, || sqlx::query(OUTCOME).bind(ledger).bind(account).bind(key).bind(oldest)).await
    }
}

async fn renew(turn: &mut super::link::Turn) -> Result<(), Fault> {
    let link = turn.link().await?;
    for row in link.rows(sqlx::query(LOCK_HEADS)).await? {
        link.execute(sqlx::query(RENEW_EPOCH).bind(row.try_get::<String, _>(0)?).bind(new_epoch())).await?;
    }
    end_everybody(link).await
}

fn event(row: &PgRow) -> Result<StoredEvent, sqlx::Error> {
    Ok(StoredEvent {
        ledger: row.try_get(0)?,
        position: row.try_get::<i64, _>(1)?.cast_unsigned(),
        event_id: row.try_get(2)?,
        aggregate_type: row.try_get(3)?,
        aggregate_id: row.try_get(4)?,
        sequence: row.try_get::<i64, _>(5)?.cast_unsigned(),
        event_type: row.try_get(6)?,
        event_version: row.try_get(7)?,
        recorded_at: row.try_get(8)?,
        payload: row.try_get(9)?,
        metadata: row.try_get(10)?,
    })
}

fn head(row: &PgRow) -> Result<Head, sqlx::Error> {
    Ok(Head {
        ledger: row.try_get(0)?,
        position: row.try_get::<i64, _>(1)?.cast_unsigned(),
        recorded_at: row.try_get(2)?,
        epoch: row.try_get(3)?,
        article_revision: row.try_get::<i64, _>(4)?.cast_unsigned(),
    })
}

fn outcome(row: &PgRow) -> Result<Outcome, sqlx::Error> {
    let status: i64 = row.try_get(1)?;
    Ok(Outcome {
        request_hash: row.try_get(0)?,
        status: u16::try_from(status).map_err(|error| sqlx::Error::Decode(error.into()))?,
        body: row.try_get(2)?,
        sequence: row.try_get::<i64, _>(3)?.cast_unsigned(),
        position: row.try_get::<i64, _>(4)?.cast_unsigned(),
    })
}
