//! Refused commands.

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::Postgres;
use super::failure::limit;
use crate::error::StoreError;
use crate::refusals::{Refusal, RefusalKey, RefusalQuery};

// DO NOTHING: the first refusal of the second stays. The commit does not wait for the disk: a crash may lose the last
// ones, and a flood of refusals costs the writers no fsync.
const INSERT: &str = "INSERT INTO refusals
    (ledger, account, command, second, at, reason, aggregate, role, institution)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 FROM (SELECT set_config('synchronous_commit', 'off', true)) AS lazily
    ON CONFLICT (ledger, account, command, second) DO NOTHING";

macro_rules! refusals {
    ($of:literal, $beyond:literal, $order:literal) => {
        concat!(
            "SELECT ledger, account, command, at, reason, aggregate, role, institution FROM refusals WHERE ledger = $1
             AND at >= $2 AND at < $3 AND ($4::text IS NULL OR aggregate = $4) AND (at, account, command) ",
            $beyond,
            " ($5, $6, $7) AND ",
            $of,
            " ORDER BY ",
            $order,
            " LIMIT $9"
        )
    };
}

// Those of everybody are walked by time; those of one account are few, and sorted.
const ALL: &str = refusals!("$8::text IS NULL", ">", "at, account, command");
const ALL_NEWEST: &str = refusals!("$8::text IS NULL", "<", "at DESC, account DESC, command DESC");
const OF_ACCOUNT: &str = refusals!("account = $8", ">", "at, account, command");
const OF_ACCOUNT_NEWEST: &str = refusals!("account = $8", "<", "at DESC, account DESC, command DESC");

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

    pub(crate) async fn list_refusals(&self, ledger: &str, query: RefusalQuery) -> Result<Vec<Refusal>, StoreError> {
        let sql = match (query.account.is_some(), query.newest_first) {
            (false, false) => ALL,
            (false, true) => ALL_NEWEST,
            (true, false) => OF_ACCOUNT,
            (true, true) => OF_ACCOUNT_NEWEST,
        };
        let RefusalKey { at, account, command } = query.start();
        let bound = || {
            sqlx::query(sql)
                .bind(ledger)
                .bind(query.from)
                .bind(query.to)
                .bind(&query.aggregate)
                .bind(at)
                .bind(&account)
                .bind(&command)
                .bind(&query.account)
                .bind(limit(query.limit))
        };
        self.list(refusal, bound).await
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
