//! Refused commands.

use rusqlite::{Row, params};

use super::Sqlite;
use super::failure::limit;
use crate::error::StoreError;
use crate::refusals::{Refusal, RefusalKey, RefusalQuery};

// OR IGNORE: the first refusal of the second stays.
const INSERT: &str = "INSERT OR IGNORE INTO refusals
    (ledger, account, command, second, at, reason, aggregate, role, institution)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

macro_rules! refusals {
    ($of:literal, $beyond:literal, $order:literal) => {
        concat!(
            "SELECT ledger, account, command, at, reason, aggregate, role, institution FROM refusals WHERE ledger = ?1
             AND at >= ?2 AND at < ?3 AND (?4 IS NULL OR aggregate = ?4) AND (at, account, command) ",
            $beyond,
            " (?5, ?6, ?7) AND ",
            $of,
            " ORDER BY ",
            $order,
            " LIMIT ?9"
        )
    };
}

// Those of everybody are walked by time; those of one account are few, and sorted.
const ALL: &str = refusals!("?8 IS NULL", ">", "at, account, command");
const ALL_NEWEST: &str = refusals!("?8 IS NULL", "<", "at DESC, account DESC, command DESC");
const OF_ACCOUNT: &str = refusals!("account = ?8", ">", "at, account, command");
const OF_ACCOUNT_NEWEST: &str = refusals!("account = ?8", "<", "at DESC, account DESC, command DESC");

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

    pub(crate) async fn list_refusals(&self, ledger: &str, query: RefusalQuery) -> Result<Vec<Refusal>, StoreError> {
        let ledger = ledger.to_owned();
        let sql = match (query.account.is_some(), query.newest_first) {
            (false, false) => ALL,
            (false, true) => ALL_NEWEST,
            (true, false) => OF_ACCOUNT,
            (true, true) => OF_ACCOUNT_NEWEST,
        };
        self.readers
            .query(move |connection| {
                let RefusalKey { at, account, command } = query.start();
                let mut statement = connection.prepare_cached(sql)?;
                let rows = statement.query_map(
                    params![
                        ledger,
                        query.from,
                        query.to,
                        query.aggregate,
                        at,
                        account,
                        command,
                        query.account,
                        limit(query.limit)
                    ],
                    refusal,
                )?;
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
