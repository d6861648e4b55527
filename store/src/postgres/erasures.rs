//! The ledger of erasures, in the schema of the keys.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::Postgres;
use crate::erasures::Erasure;
use crate::error::StoreError;

const NOTE: &str = "INSERT INTO bordereau_keys.erasures (ledger, subject, purposes, digests, key_ids, reason, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (ledger, subject, purposes, digests) DO NOTHING RETURNING ledger";
// Of those that were only asked for, the last one says why.
const ASK: &str = "INSERT INTO bordereau_keys.erasures (ledger, subject, purposes, digests, key_ids, reason, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (ledger, subject, purposes, digests) DO UPDATE SET reason = excluded.reason, at = excluded.at
    RETURNING ledger";
// Said once more of the same person, the later time counts.
const LATER: &str =
    "INSERT INTO bordereau_keys.erasures AS known (ledger, subject, purposes, digests, key_ids, reason, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (ledger, subject, purposes, digests) DO UPDATE SET at = excluded.at WHERE known.at < excluded.at
    RETURNING ledger";
const LIST: &str = "SELECT ledger, subject, purposes, digests, key_ids, reason, at FROM bordereau_keys.erasures
    ORDER BY at, ledger, subject";

impl Postgres {
    pub(crate) async fn note_erasure(&self, erasure: Erasure) -> Result<bool, StoreError> {
        let sql = match (erasure.is_asked(), erasure.organisation) {
            (true, _) => ASK,
            (false, true) => LATER,
            (false, false) => NOTE,
        };
        let query = sqlx::query(sql)
            .bind(&erasure.ledger)
            .bind(erasure.subject)
            .bind(erasure.purposes_text())
            .bind(erasure.digests_text())
            .bind(erasure.key_ids_text())
            .bind(&erasure.reason)
            .bind(erasure.at);
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn list_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let found: Vec<Option<Erasure>> = self.list(erasure, || sqlx::query(LIST)).await?;
        Ok(found.into_iter().flatten().collect())
    }
}

fn erasure(row: &PgRow) -> Result<Option<Erasure>, sqlx::Error> {
    let (ledger, subject): (String, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    let (purposes, digests, key_ids): (String, String, String) = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
    let (reason, at): (String, i64) = (row.try_get(5)?, row.try_get(6)?);
    Ok(Erasure::parse(&ledger, subject, [&purposes, &digests, &key_ids], &reason, at))
}
