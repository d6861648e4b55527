//! Second factors and their recovery codes. The secret lies here sealed; its key is its person's.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::access::{SECRET_FIELD, SecondFactor, WAITS};
use crate::error::StoreError;
use crate::options::Micros;
use crate::sqlite::{Sqlite, vault};
use crate::vault::Purpose;

// A secret that is in use is not replaced.
const BEGIN: &str = "INSERT INTO second_factors (ledger, account, secret, begun_at) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (ledger, account) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at
    WHERE confirmed_at IS NULL";
const FIND: &str = "SELECT secret, confirmed_at FROM second_factors
    WHERE ledger = ?1 AND account = ?2 AND (confirmed_at IS NOT NULL OR begun_at > ?3)";
const USE_STEP: &str = "UPDATE second_factors SET last_step = ?3
    WHERE ledger = ?1 AND account = ?2 AND confirmed_at IS NOT NULL AND last_step < ?3";
const USE_CODE: &str = "DELETE FROM recovery_codes WHERE ledger = ?1 AND account = ?2 AND code_hash = ?3";
const CONFIRM: &str = "UPDATE second_factors SET secret = ?3, confirmed_at = ?4, last_step = ?5
    WHERE ledger = ?1 AND account = ?2";
const ADD_CODE: &str = "INSERT INTO recovery_codes (ledger, account, code_hash) VALUES (?1, ?2, ?3)";
const DROP_CODES: &str = "DELETE FROM recovery_codes WHERE ledger = ?1 AND account = ?2";
const DROP: &str = "DELETE FROM second_factors WHERE ledger = ?1 AND account = ?2";

impl Sqlite {
    pub(crate) async fn begin_second_factor(
        &self,
        ledger: &str,
        account: Uuid,
        secret: &str,
        now: Micros,
    ) -> Result<bool, StoreError> {
        let sealed = self.seal(ledger, account, Purpose::Account, SECRET_FIELD, secret).await?;
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let begun = params![ledger, account.as_bytes(), sealed.bytes, now];
                Ok(connection.prepare_cached(BEGIN)?.execute(begun)? > 0)
            })
            .await
    }

    pub(crate) async fn find_second_factor(
        &self,
        ledger: &str,
        account: Uuid,
        now: Micros,
    ) -> Result<Option<SecondFactor>, StoreError> {
        let (ledger, keys) = (ledger.to_owned(), Arc::clone(&self.keys));
        self.readers
            .query(move |connection| {
                let found: Option<(Vec<u8>, Option<Micros>)> = connection
                    .prepare_cached(FIND)?
                    .query_row(params![ledger, account.as_bytes(), now - WAITS], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?;
                let Some((sealed, confirmed_at)) = found else { return Ok(None) };
                let secret = vault::open_apart(&keys, &ledger, account, SECRET_FIELD, sealed.clone())?;
                Ok(secret.map(|secret| SecondFactor { secret, sealed, confirmed: confirmed_at.is_some() }))
            })
            .await
    }

    pub(crate) async fn use_second_factor_step(
        &self,
        ledger: &str,
        account: Uuid,
        step: i64,
    ) -> Result<bool, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let used = params![ledger, account.as_bytes(), step];
                Ok(connection.prepare_cached(USE_STEP)?.execute(used)? > 0)
            })
            .await
    }

    pub(crate) async fn use_recovery_code(
        &self,
        ledger: &str,
        account: Uuid,
        code_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let (ledger, code_hash) = (ledger.to_owned(), *code_hash);
        self.queue
            .call(move |connection| {
                let used = params![ledger, account.as_bytes(), code_hash];
                Ok(connection.prepare_cached(USE_CODE)?.execute(used)? > 0)
            })
            .await
    }
}

/// Puts a secret that was proven into use.
pub(crate) fn confirm_second_factor(
    connection: &Connection,
    ledger: &str,
    account: Uuid,
    (sealed, at, step): (&[u8], Micros, i64),
    recovery: &[[u8; 32]],
) -> rusqlite::Result<()> {
    let account = account.as_bytes();
    connection.prepare_cached(CONFIRM)?.execute(params![ledger, account, sealed, at, step])?;
    connection.prepare_cached(DROP_CODES)?.execute(params![ledger, account])?;
    for code in recovery {
        connection.prepare_cached(ADD_CODE)?.execute(params![ledger, account, code])?;
    }
    Ok(())
}

/// Forgets a second factor.
pub(crate) fn drop_second_factor(connection: &Connection, ledger: &str, account: Uuid) -> rusqlite::Result<()> {
    connection.prepare_cached(DROP_CODES)?.execute(params![ledger, account.as_bytes()])?;
    connection.prepare_cached(DROP)?.execute(params![ledger, account.as_bytes()]).map(|_| ())
}
