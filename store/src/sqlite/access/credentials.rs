//! Passwords, failed sign-ins, locks and reset links.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::sessions::{end_sessions, lives};
use crate::access::{
    Credential, LockPolicy, LockState, NewCredential, Proof, ResetLink, ResetUse, after_failure, failures_text,
};
use crate::error::StoreError;
use crate::options::Micros;
use crate::sqlite::{Sqlite, pending_emails};

const FIND: &str =
    "SELECT ledger, account, password_hash, failures, locked_until, reset_expires_at, reset_used_at, proven
    FROM credentials WHERE ledger = ?1 AND account = ?2";
const PROVEN: &str = "SELECT 1 FROM credentials WHERE ledger = ?1 AND account = ?2 AND password_hash = ?3";
const PUT: &str = "INSERT INTO credentials (ledger, account, password_hash, proven) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (ledger, account) DO UPDATE SET password_hash = excluded.password_hash,
        proven = credentials.proven OR excluded.proven, reset_hash = NULL, reset_expires_at = NULL, reset_used_at = NULL";
// Never a new row: each account has one from its opening, and whose person is erased gets none back.
const PUT_FAILURES: &str = "UPDATE credentials SET failures = ?3, locked_until = ?4
    WHERE ledger = ?1 AND account = ?2";
const CLEAR: &str = "UPDATE credentials SET failures = '[]', locked_until = NULL
    WHERE ledger = ?1 AND account = ?2 AND (failures <> '[]' OR locked_until IS NOT NULL)";
const CLEAR_UNLESS_LOCKED: &str = "UPDATE credentials SET failures = '[]', locked_until = NULL
    WHERE ledger = ?1 AND account = ?2 AND coalesce(locked_until, ?3) <= ?3";
const PUT_RESET: &str = "UPDATE credentials SET reset_hash = ?3, reset_expires_at = ?4, reset_used_at = NULL
    WHERE ledger = ?1 AND account = ?2";
const END_RESET: &str = "UPDATE credentials SET reset_hash = NULL, reset_expires_at = NULL, reset_used_at = NULL,
        proof_hash = NULL
    WHERE ledger = ?1 AND account = ?2";
const FIND_RESET: &str = "SELECT ledger, account, reset_expires_at, reset_used_at FROM credentials
    WHERE reset_hash = ?1";
const USE_RESET: &str = "UPDATE credentials SET password_hash = ?3, reset_used_at = ?2, proven = 1, proof_hash = NULL
    WHERE reset_hash = ?1 AND reset_used_at IS NULL AND reset_expires_at > ?2 RETURNING ledger, account";
const DROP_UNPROVEN: &str = "UPDATE credentials SET password_hash = NULL, proof_hash = NULL
    WHERE ledger = ?1 AND account = ?2 AND NOT proven AND password_hash IS NOT NULL";
const SET_PROOF: &str = "UPDATE credentials SET proof_hash = ?3 WHERE ledger = ?1 AND account = ?2 AND NOT proven";
const FIND_PROOF: &str = "SELECT ledger, account FROM credentials WHERE proof_hash = ?1 AND NOT proven";
const PROVE: &str = "UPDATE credentials SET proven = 1, proof_hash = NULL WHERE ledger = ?1 AND account = ?2";
const USE_PROOF: &str = "UPDATE credentials SET proven = 1, proof_hash = NULL WHERE proof_hash = ?1 AND NOT proven";

impl Sqlite {
    pub(crate) async fn set_proof_link(
        &self,
        ledger: &str,
        account: Uuid,
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let (ledger, token_hash) = (ledger.to_owned(), *token_hash);
        self.queue
            .call(move |connection| {
                let link = params![ledger, account.as_bytes(), token_hash];
                Ok(connection.prepare_cached(SET_PROOF)?.execute(link)? > 0)
            })
            .await
    }

    pub(crate) async fn find_proof_link(&self, token_hash: &[u8; 32]) -> Result<Option<(String, Uuid)>, StoreError> {
        let token_hash = *token_hash;
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(FIND_PROOF)?;
                let found = |row: &Row<'_>| Ok((row.get(0)?, Uuid::from_bytes(row.get(1)?)));
                Ok(statement.query_row([token_hash], found).optional()?)
            })
            .await
    }

    pub(crate) async fn use_proof_link(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        let token_hash = *token_hash;
        self.queue.call(move |connection| Ok(connection.prepare_cached(USE_PROOF)?.execute([token_hash])? > 0)).await
    }

    pub(crate) async fn prove_login(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                connection.prepare_cached(PROVE)?.execute(params![ledger, account.as_bytes()])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn find_credential(&self, ledger: &str, account: Uuid) -> Result<Option<Credential>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers.query(move |connection| find(connection, &ledger, account)).await
    }

    pub(crate) async fn record_sign_in_failure(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
        policy: LockPolicy,
    ) -> Result<LockState, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let before = find(connection, &ledger, account)?;
                let (failures, state) = after_failure(before, at, policy);
                let row = params![ledger, account.as_bytes(), failures_text(&failures), state.locked_until];
                connection.prepare_cached(PUT_FAILURES)?.execute(row)?;
                Ok(state)
            })
            .await
    }

    pub(crate) async fn clear_failures(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                connection.prepare_cached(CLEAR)?.execute(params![ledger, account.as_bytes()])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn clear_failures_unless_locked(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
    ) -> Result<bool, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let free = params![ledger, account.as_bytes(), at];
                Ok(connection.prepare_cached(CLEAR_UNLESS_LOCKED)?.execute(free)? > 0)
            })
            .await
    }

    pub(crate) async fn set_reset_link(
        &self,
        ledger: &str,
        account: Uuid,
        token_hash: &[u8; 32],
        expires_at: Micros,
    ) -> Result<(), StoreError> {
        let (ledger, token_hash) = (ledger.to_owned(), *token_hash);
        self.queue
            .call(move |connection| {
                let link = params![ledger, account.as_bytes(), token_hash, expires_at];
                connection.prepare_cached(PUT_RESET)?.execute(link)?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn find_reset_link(&self, token_hash: &[u8; 32]) -> Result<Option<ResetLink>, StoreError> {
        let token_hash = *token_hash;
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(FIND_RESET)?;
                Ok(statement.query_row([token_hash], reset_link).optional()?)
            })
            .await
    }

    pub(crate) async fn use_reset_link(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        password_hash: &str,
    ) -> Result<ResetUse, StoreError> {
        let (token_hash, password_hash) = (*token_hash, password_hash.to_owned());
        self.queue
            .call(move |connection| {
                let used: Option<(String, [u8; 16])> = connection
                    .prepare_cached(USE_RESET)?
                    .query_row(params![token_hash, now, password_hash], |row| Ok((row.get(0)?, row.get(1)?)))
                    .optional()?;
                let Some((ledger, account)) = used else { return Ok(ResetUse::UsedOrExpired) };
                let account = Uuid::from_bytes(account);
                end_sessions(connection, &ledger, account, None)?;
                pending_emails::end(connection, &ledger, account, None)?;
                Ok(ResetUse::Done { ledger, account })
            })
            .await
    }

    pub(crate) async fn set_password(
        &self,
        ledger: &str,
        account: Uuid,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        let credential = NewCredential { account, password_hash: Some(password_hash.to_owned()), proven: true };
        self.queue
            .call(move |connection| {
                put_credential(connection, &ledger, &credential)?;
                end_sessions(connection, &ledger, account, None)?;
                Ok(())
            })
            .await
    }
}

/// Sets the password of an account; its reset link dies, and the new login that waits: whoever asked for it knew the
/// password before.
pub(crate) fn put_credential(
    connection: &Connection,
    ledger: &str,
    credential: &NewCredential,
) -> rusqlite::Result<()> {
    let NewCredential { account, password_hash, proven } = credential;
    connection.prepare_cached(PUT)?.execute(params![ledger, account.as_bytes(), password_hash, proven])?;
    pending_emails::end(connection, ledger, *account, None)
}

/// Whether a proof counts still.
pub(crate) fn is_proven(connection: &Connection, ledger: &str, proof: &Proof) -> rusqlite::Result<bool> {
    let Proof { account, password_hash, session } = proof;
    let known = connection.prepare_cached(PROVEN)?.exists(params![ledger, account.as_bytes(), password_hash])?;
    Ok(known && lives(connection, ledger, *account, session)?)
}

/// Takes the password of an account that is not known to be its person's, with its sessions.
pub(crate) fn drop_unproven(connection: &Connection, ledger: &str, account: Uuid) -> rusqlite::Result<()> {
    if connection.prepare_cached(DROP_UNPROVEN)?.execute(params![ledger, account.as_bytes()])? > 0 {
        end_sessions(connection, ledger, account, None)?;
        // Whoever waits to make another address the login knew that password.
        pending_emails::end(connection, ledger, account, None)?;
    }
    Ok(())
}

/// Kills the links of an account that were sent to its login.
pub(crate) fn end_reset_link(connection: &Connection, ledger: &str, account: Uuid) -> rusqlite::Result<()> {
    connection.prepare_cached(END_RESET)?.execute(params![ledger, account.as_bytes()]).map(|_| ())
}

fn find(connection: &Connection, ledger: &str, account: Uuid) -> Result<Option<Credential>, StoreError> {
    let mut statement = connection.prepare_cached(FIND)?;
    let found = statement
        .query_row(params![ledger, account.as_bytes()], |row| Ok((credential(row)?, row.get::<_, String>(3)?)))
        .optional()?;
    let Some((credential, failures)) = found else { return Ok(None) };
    let failures = serde_json::from_str(&failures)
        .map_err(|error| StoreError::Refused(format!("failures of a credential: {error}")))?;
    Ok(Some(Credential { failures, ..credential }))
}

/// Everything but the failures, which are text still.
fn credential(row: &Row<'_>) -> rusqlite::Result<Credential> {
    let account = Uuid::from_bytes(row.get(1)?);
    let ledger = row.get(0)?;
    let used = row.get::<_, Option<Micros>>(6)?.is_some();
    let expires_at: Option<Micros> = row.get(5)?;
    Ok(Credential {
        account,
        password_hash: row.get(2)?,
        proven: row.get(7)?,
        failures: Vec::new(),
        locked_until: row.get(4)?,
        reset: expires_at.map(|expires_at| ResetLink { ledger, account, expires_at, used }),
    })
}

fn reset_link(row: &Row<'_>) -> rusqlite::Result<ResetLink> {
    Ok(ResetLink {
        ledger: row.get(0)?,
        account: Uuid::from_bytes(row.get(1)?),
        expires_at: row.get(2)?,
        used: row.get::<_, Option<Micros>>(3)?.is_some(),
    })
}
