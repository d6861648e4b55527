//! Unique values and document numbers.

use rusqlite::{Connection, OptionalExtension, params};

use super::Sqlite;
use super::failure::Halt;
use crate::error::{AppendError, StoreError};

const HOLDER: &str = "SELECT holder FROM claims WHERE ledger = ?1 AND kind = ?2 AND value = ?3";
const CLAIM: &str = "INSERT INTO claims (ledger, kind, value, holder) VALUES (?1, ?2, ?3, ?4)";
const RELEASE: &str = "DELETE FROM claims WHERE ledger = ?1 AND kind = ?2 AND value = ?3";
const TAKE: &str = "INSERT INTO counters (ledger, kind, next) VALUES (?1, ?2, 1 + ?3)
    ON CONFLICT (ledger, kind) DO UPDATE SET next = next + ?3 RETURNING next - ?3";

/// Takes a value for a holder, who may have it already.
pub(super) fn claim(
    connection: &Connection,
    ledger: &str,
    kind: &str,
    value: &[u8; 32],
    holder: &str,
) -> Result<(), Halt<AppendError>> {
    match find_holder(connection, ledger, kind, value)? {
        Some(present) if present == holder => Ok(()),
        Some(present) => Err(Halt::Own(AppendError::ClaimTaken { kind: kind.to_owned(), holder: present })),
        None => {
            connection.prepare_cached(CLAIM)?.execute(params![ledger, kind, value, holder])?;
            Ok(())
        }
    }
}

/// Gives a value back.
pub(super) fn release(connection: &Connection, ledger: &str, kind: &str, value: &[u8; 32]) -> rusqlite::Result<()> {
    connection.prepare_cached(RELEASE)?.execute(params![ledger, kind, value]).map(|_| ())
}

fn find_holder(
    connection: &Connection,
    ledger: &str,
    kind: &str,
    value: &[u8; 32],
) -> rusqlite::Result<Option<String>> {
    connection.prepare_cached(HOLDER)?.query_row(params![ledger, kind, value], |row| row.get(0)).optional()
}

impl Sqlite {
    pub(crate) async fn take_numbers(&self, ledger: &str, kind: &str, count: u64) -> Result<u64, StoreError> {
        let count = i64::try_from(count)
            .ok()
            .filter(|count| *count > 0)
            .ok_or_else(|| StoreError::Refused(format!("{count} numbers cannot be taken")))?;
        let (ledger, kind) = (ledger.to_owned(), kind.to_owned());
        let first: i64 = self
            .queue
            .call(move |connection| {
                let mut statement = connection.prepare_cached(TAKE)?;
                Ok(statement.query_row(params![ledger, kind, count], |row| row.get(0))?)
            })
            .await?;
        Ok(first.cast_unsigned())
    }

    pub(crate) async fn find_claim(
        &self,
        ledger: &str,
        kind: &str,
        value: &[u8; 32],
    ) -> Result<Option<String>, StoreError> {
        let (ledger, kind, value) = (ledger.to_owned(), kind.to_owned(), *value);
        self.readers.query(move |connection| Ok(find_holder(connection, &ledger, &kind, &value)?)).await
    }

    pub(crate) async fn find_claim_everywhere(
        &self,
        kind: &str,
        text: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let ledgers = self.heads().await?.into_iter().map(|head| head.ledger);
        let wanted: Vec<_> = ledgers.map(|ledger| (self.keys.blind_index(&ledger, kind, text), ledger)).collect();
        let kind = kind.to_owned();
        self.readers
            .query(move |connection| {
                let mut found = Vec::new();
                for (value, ledger) in wanted {
                    if let Some(holder) = find_holder(connection, &ledger, &kind, &value)? {
                        found.push((ledger, holder));
                    }
                }
                Ok(found)
            })
            .await
    }
}
