//! Keys of programs.

use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

use super::Sqlite;
use crate::access::{ApiKey, NewApiKey};
use crate::error::StoreError;
use crate::options::Micros;

const INSERT: &str = "INSERT INTO api_keys (ledger, id, key_hash, role, label, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const STANDS: &str = "SELECT EXISTS (SELECT 1 FROM api_keys
    WHERE ledger = ?1 AND id = ?2 AND key_hash = ?3 AND role = ?4 AND revoked_at IS NULL)";
const FIND: &str = "SELECT ledger, id, key_hash, role, label, created_at FROM api_keys
    WHERE key_hash = ?1 AND revoked_at IS NULL";
const LIST: &str = "SELECT ledger, id, key_hash, role, label, created_at FROM api_keys
    WHERE ledger = ?1 AND revoked_at IS NULL ORDER BY created_at, id";
const REVOKE: &str = "UPDATE api_keys SET revoked_at = ?3 WHERE ledger = ?1 AND id = ?2 AND revoked_at IS NULL";

impl Sqlite {
    pub(crate) async fn put_api_key(&self, key: NewApiKey) -> Result<(), StoreError> {
        self.queue
            .call(move |connection| {
                let same = params![key.ledger, key.id.as_bytes(), key.key_hash, key.role];
                if connection.prepare_cached(STANDS)?.query_row(same, |row| row.get(0))? {
                    return Ok(());
                }
                connection.prepare_cached(INSERT)?.execute(params![
                    key.ledger,
                    key.id.as_bytes(),
                    key.key_hash,
                    key.role,
                    key.label,
                    key.created_at,
                ])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn find_api_key(&self, key_hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        let key_hash = *key_hash;
        self.readers
            .query(move |connection| Ok(connection.prepare_cached(FIND)?.query_row([key_hash], api_key).optional()?))
            .await
    }

    pub(crate) async fn list_api_keys(&self, ledger: &str) -> Result<Vec<ApiKey>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(LIST)?;
                let rows = statement.query_map([ledger], api_key)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    pub(crate) async fn revoke_api_key(&self, ledger: &str, id: Uuid, at: Micros) -> Result<bool, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let changed = connection.prepare_cached(REVOKE)?.execute(params![ledger, id.as_bytes(), at])?;
                Ok(changed > 0)
            })
            .await
    }
}

fn api_key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        ledger: row.get(0)?,
        id: Uuid::from_bytes(row.get(1)?),
        key_hash: row.get(2)?,
        role: row.get(3)?,
        label: row.get(4)?,
        created_at: row.get(5)?,
    })
}
