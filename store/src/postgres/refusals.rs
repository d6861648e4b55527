//! Refused commands.

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::Postgres;
use super::failure::limit;
use crate::error::StoreError;
use crate::options::Micros;
use crate::refusals::Refusal;

// DO NOTHING: the first refusal of the second stays. The commit does not wait for the disk: a crash may lose the last
// ones, and a flood of refusals costs the writers no fsync.
const INSERT: &str = "INSERT INTO refusals
    (ledger, account, command, second, at, reason, aggregate, role, institution)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM (SELECT set_config('synchronous_commit', 'off', true)) AS lazily
    ON CONFLICT (ledger, account, command, second) DO NOTHING";
const BETWEEN: &str = "SELECT ledger, account, command, at, reason, aggregate, role, institution FROM refusals
    WHERE ledger = $1 AND at >= $2 AND at < $3 ORDER BY at, account, command LIMIT $4";

impl Postgres {
    pub(crate) async fn record_refusal(&self, refusal: Refusal) -> Result<(), StoreError> {
        let query = sqlx::query(INSERT)
            .bind(&refusal.ledger)
            .bind(&refusal.account)
            .bind(&refusal.command)
            .bind(refusal.at.div_euclid(1_000_000))
            .bind(refusal.at)
            .bind(&refusal.reason)
            .bind(&refusal.aggregate)
            .bind(&refusal.role)
            .bind(&refusal.institution);
        self.write(query).await.map(|_| ())
    }

    pub(crate) async fn list_refusals(
        &self,
        ledger: &str,
        from: Micros,
        to: Micros,
        count: usize,
    ) -> Result<Vec<Refusal>, StoreError> {
        self.list(refusal, || sqlx::query(BETWEEN).bind(ledger).bind(from).bind(to).bind(limit(count))).await
    }
}

fn refusal(row: &PgRow) -> Result<Refusal, sqlx::Error> {
    Ok(Refusal {
        ledger: row.try_get(0)?,
        account: row.try_get(1)?,
        command: row.try_get(2)?,
        at: row.try_get(3)?,
        reason: row.try_get(4)?,
        aggregate: row.try_get(5)?,
        role: row.try_get(6)?,
        institution: row.try_get(7)?,
    })
}
