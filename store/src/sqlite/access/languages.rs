//! The language that an account's person last read in.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::error::StoreError;
use crate::sqlite::Sqlite;

const NOTE: &str = "UPDATE credentials SET language = ?3
    WHERE ledger = ?1 AND account = ?2 AND language IS NOT ?3";
const FIND: &str = "SELECT language FROM credentials WHERE ledger = ?1 AND account = ?2";

impl Sqlite {
    pub(crate) async fn note_language(&self, ledger: &str, account: Uuid, language: &str) -> Result<(), StoreError> {
        let (ledger, language) = (ledger.to_owned(), language.to_owned());
        self.queue
            .call(move |connection| {
                connection.prepare_cached(NOTE)?.execute(params![ledger, account.as_bytes(), language])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn find_language(&self, ledger: &str, account: Uuid) -> Result<Option<String>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(FIND)?;
                let found = statement.query_row(params![ledger, account.as_bytes()], |row| row.get(0)).optional()?;
                Ok(found.flatten())
            })
            .await
    }
}
