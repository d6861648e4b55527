//! Refused commands.

use rusqlite::{Row, params};

use super::Sqlite;
use super::failure::limit;
use crate::error::StoreError;
use crate::options::Micros;
use crate::refusals::Refusal;

// OR IGNORE: the first refusal of the second stays.
const INSERT: &str = "INSERT OR IGNORE INTO refusals
    (ledger, account, command, second, at, reason, aggregate, role, institution)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const BETWEEN: &str = "SELECT ledger, account, command, at, reason, aggregate, role, institution FROM refusals
    WHERE ledger = ?1 AND at >= ?2 AND at < ?3 ORDER BY at, account, command LIMIT ?4";

impl Sqlite {
    pub(crate) async fn record_refusal(&self, refusal: Refusal) -> Result<(), StoreError> {
        self.queue
            .post(move |connection| {
                connection.prepare_cached(INSERT)?.execute(params![
                    refusal.ledger,
                    refusal.account,
                    refusal.command,
                    refusal.at.div_euclid(1_000_000),
                    refusal.at,
                    refusal.reason,
                    refusal.aggregate,
                    refusal.role,
                    refusal.institution,
                ])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn list_refusals(
        &self,
        ledger: &str,
        from: Micros,
        to: Micros,
        count: usize,
    ) -> Result<Vec<Refusal>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(BETWEEN)?;
                let rows = statement.query_map(params![ledger, from, to, limit(count)], refusal)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }
}

fn refusal(row: &Row<'_>) -> rusqlite::Result<Refusal> {
    Ok(Refusal {
        ledger: row.get(0)?,
        account: row.get(1)?,
        command: row.get(2)?,
        at: row.get(3)?,
        reason: row.get(4)?,
        aggregate: row.get(5)?,
        role: row.get(6)?,
        institution: row.get(7)?,
    })
}
