//! Unique values and document numbers.

use sqlx::Row;

use super::Postgres;
use super::failure::Fault;
use super::link::Link;
use crate::error::StoreError;

const HOLDER: &str = "SELECT holder FROM claims WHERE ledger = $1 AND kind = $2 AND value = $3";
const HOLDERS: &str = "SELECT v.ledger, c.holder FROM unnest($2::text[], $3::bytea[]) AS v(ledger, value)
    JOIN claims c ON c.ledger = v.ledger AND c.kind = $1 AND c.value = v.value ORDER BY v.ledger COLLATE \"C\"";
// The present holder may claim again.
const CLAIM: &str = "INSERT INTO claims (ledger, kind, value, holder) SELECT $1, $2, $3, $4
    WHERE NOT EXISTS (SELECT 1 FROM claims WHERE ledger = $1 AND kind = $2 AND value = $3 AND holder = $4)";
const RELEASE: &str = "DELETE FROM claims WHERE ledger = $1 AND kind = $2 AND value = $3";
const TAKE: &str = "INSERT INTO counters (ledger, kind, next) VALUES ($1, $2, 1 + $3)
    ON CONFLICT (ledger, kind) DO UPDATE SET next = counters.next + $3 RETURNING next - $3";

/// Takes a value for a holder, who may have it already.
pub(super) async fn claim(
    link: &mut Link,
    ledger: &str,
    kind: &str,
    value: &[u8; 32],
    holder: &str,
) -> Result<(), Fault> {
    link.execute(sqlx::query(CLAIM).bind(ledger).bind(kind).bind(value).bind(holder)).await.map(|_| ())
}

/// Gives a value back.
pub(super) async fn release(link: &mut Link, ledger: &str, kind: &str, value: &[u8; 32]) -> Result<(), Fault> {
    link.execute(sqlx::query(RELEASE).bind(ledger).bind(kind).bind(value)).await.map(|_| ())
}

impl Postgres {
    pub(crate) async fn take_numbers(&self, ledger: &str, kind: &str, count: u64) -> Result<u64, StoreError> {
        let count = i64::try_from(count)
            .ok()
            .filter(|count| *count > 0)
            .ok_or_else(|| StoreError::Refused(format!("{count} numbers cannot be taken")))?;
        let rows = self.write(sqlx::query(TAKE).bind(ledger).bind(kind).bind(count)).await?;
        let first: Option<i64> =
            rows.first().map(|row| row.try_get(0)).transpose().map_err(|error| Fault::from(error).of_writing())?;
        let first = first.ok_or_else(|| StoreError::Unavailable("no number was given".to_owned()))?;
        Ok(first.cast_unsigned())
    }

    pub(crate) async fn find_claim(
        &self,
        ledger: &str,
        kind: &str,
        value: &[u8; 32],
    ) -> Result<Option<String>, StoreError> {
        self.find(|row| row.try_get(0), || sqlx::query(HOLDER).bind(ledger).bind(kind).bind(value)).await
    }

    pub(crate) async fn find_claim_everywhere(
        &self,
        kind: &str,
        text: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let ledgers: Vec<_> = self.heads().await?.into_iter().map(|head| head.ledger).collect();
        let values: Vec<_> = ledgers.iter().map(|ledger| self.keys.blind_index(ledger, kind, text).to_vec()).collect();
        self.list(
            |row| Ok((row.try_get(0)?, row.try_get(1)?)),
            || sqlx::query(HOLDERS).bind(kind).bind(&ledgers).bind(&values),
        )
        .await
    }
}
