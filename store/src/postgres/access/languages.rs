//! The language that an account's person last read in.

use sqlx::Row;
use uuid::Uuid;

use crate::error::StoreError;
use crate::postgres::Postgres;

const NOTE: &str = "UPDATE credentials SET language = $3
    WHERE ledger = $1 AND account = $2 AND language IS DISTINCT FROM $3";
const FIND: &str = "SELECT language FROM credentials WHERE ledger = $1 AND account = $2";

impl Postgres {
    pub(crate) async fn note_language(&self, ledger: &str, account: Uuid, language: &str) -> Result<(), StoreError> {
        self.write(sqlx::query(NOTE).bind(ledger).bind(account).bind(language)).await.map(|_| ())
    }

    pub(crate) async fn find_language(&self, ledger: &str, account: Uuid) -> Result<Option<String>, StoreError> {
        let read = |row: &sqlx::postgres::PgRow| row.try_get::<Option<String>, _>(0);
        Ok(self.find(read, || sqlx::query(FIND).bind(ledger).bind(account)).await?.flatten())
    }
}
