//! Keys of programs.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::Postgres;
use crate::access::{ApiKey, NewApiKey};
use crate::error::StoreError;
use crate::options::Micros;

const INSERT: &str = "INSERT INTO api_keys (ledger, id, key_hash, role, label, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const STANDS: &str = "SELECT id FROM api_keys
    WHERE ledger = $1 AND id = $2 AND key_hash = $3 AND role = $4 AND revoked_at IS NULL";
const FIND: &str = "SELECT ledger, id, key_hash, role, label, created_at FROM api_keys
    WHERE key_hash = $1 AND revoked_at IS NULL";
const LIST: &str = "SELECT ledger, id, key_hash, role, label, created_at FROM api_keys
    WHERE ledger = $1 AND revoked_at IS NULL ORDER BY created_at, id";
const REVOKE: &str = "UPDATE api_keys SET revoked_at = $3 WHERE ledger = $1 AND id = $2 AND revoked_at IS NULL
    RETURNING id";

impl Postgres {
    pub(crate) async fn put_api_key(&self, key: NewApiKey) -> Result<(), StoreError> {
        let query = sqlx::query(INSERT)
            .bind(&key.ledger)
            .bind(key.id)
            .bind(key.key_hash)
            .bind(&key.role)
            .bind(&key.label)
            .bind(key.created_at);
        match self.write(query).await {
            // Taken, perhaps by the very same key: from another node at the same moment, too.
            Err(StoreError::Refused(reason)) => {
                let same = || sqlx::query(STANDS).bind(&key.ledger).bind(key.id).bind(key.key_hash).bind(&key.role);
                let stands = self.find(|row| row.try_get::<Uuid, _>(0), same).await?;
                if stands.is_some() { Ok(()) } else { Err(StoreError::Refused(reason)) }
            }
            written => written.map(|_| ()),
        }
    }

    pub(crate) async fn find_api_key(&self, key_hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        self.find(api_key, || sqlx::query(FIND).bind(key_hash)).await
    }

    pub(crate) async fn list_api_keys(&self, ledger: &str) -> Result<Vec<ApiKey>, StoreError> {
        self.list(api_key, || sqlx::query(LIST).bind(ledger)).await
    }

    pub(crate) async fn revoke_api_key(&self, ledger: &str, id: Uuid, at: Micros) -> Result<bool, StoreError> {
        Ok(!self.write(sqlx::query(REVOKE).bind(ledger).bind(id).bind(at)).await?.is_empty())
    }
}

fn api_key(row: &PgRow) -> Result<ApiKey, sqlx::Error> {
    Ok(ApiKey {
        ledger: row.try_get(0)?,
        id: row.try_get(1)?,
        key_hash: row.try_get(2)?,
        role: row.try_get(3)?,
        label: row.try_get(4)?,
        created_at: row.try_get(5)?,
    })
}
