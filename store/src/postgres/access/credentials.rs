//! Passwords, failed sign-ins, locks and reset links.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::sessions::{end_sessions, lives};
use crate::access::{
    Credential, LockPolicy, LockState, NewCredential, Proof, ResetLink, ResetUse, after_failure, failures_text,
};
use crate::error::StoreError;
use crate::options::Micros;
use crate::postgres::failure::Fault;
use crate::postgres::link::{Link, Turn};
use crate::postgres::{Postgres, pending_emails};

const FIND: &str =
    "SELECT ledger, account, password_hash, failures, locked_until, reset_expires_at, reset_used_at, proven
    FROM credentials WHERE ledger = $1 AND account = $2";
const FIND_LOCKED: &str =
    "SELECT ledger, account, password_hash, failures, locked_until, reset_expires_at, reset_used_at, proven
    FROM credentials WHERE ledger = $1 AND account = $2 FOR UPDATE";
const PROVEN: &str = "SELECT 1 FROM credentials WHERE ledger = $1 AND account = $2 AND password_hash = $3 FOR UPDATE";
const PUT: &str = "INSERT INTO credentials (ledger, account, password_hash, proven) VALUES ($1, $2, $3, $4)
    ON CONFLICT (ledger, account) DO UPDATE SET password_hash = excluded.password_hash,
        proven = credentials.proven OR excluded.proven, reset_hash = NULL, reset_expires_at = NULL, reset_used_at = NULL";
// Never a new row: each account has one from its opening, and whose person is erased gets none back.
const PUT_FAILURES: &str = "UPDATE credentials SET failures = $3, locked_until = $4
    WHERE ledger = $1 AND account = $2";
const CLEAR: &str = "UPDATE credentials SET failures = '[]', locked_until = NULL
    WHERE ledger = $1 AND account = $2 AND (failures <> '[]' OR locked_until IS NOT NULL)";
const CLEAR_UNLESS_LOCKED: &str = "UPDATE credentials SET failures = '[]', locked_until = NULL
    WHERE ledger = $1 AND account = $2 AND coalesce(locked_until, $3) <= $3 RETURNING ledger";
const PUT_RESET: &str = "UPDATE credentials SET reset_hash = $3, reset_expires_at = $4, reset_used_at = NULL
    WHERE ledger = $1 AND account = $2";
const END_RESET: &str = "UPDATE credentials SET reset_hash = NULL, reset_expires_at = NULL, reset_used_at = NULL,
        proof_hash = NULL
    WHERE ledger = $1 AND account = $2";
const FIND_RESET: &str = "SELECT ledger, account, reset_expires_at, reset_used_at FROM credentials
    WHERE reset_hash = $1";
const USE_RESET: &str =
    "UPDATE credentials SET password_hash = $3, reset_used_at = $2, proven = TRUE, proof_hash = NULL
    WHERE reset_hash = $1 AND reset_used_at IS NULL AND reset_expires_at > $2 RETURNING ledger, account";
const DROP_UNPROVEN: &str = "UPDATE credentials SET password_hash = NULL, proof_hash = NULL
    WHERE ledger = $1 AND account = $2 AND NOT proven AND password_hash IS NOT NULL RETURNING account";
const SET_PROOF: &str =
    "UPDATE credentials SET proof_hash = $3 WHERE ledger = $1 AND account = $2 AND NOT proven RETURNING account";
const FIND_PROOF: &str = "SELECT ledger, account FROM credentials WHERE proof_hash = $1 AND NOT proven";
const USE_PROOF: &str = "UPDATE credentials SET proven = TRUE, proof_hash = NULL
    WHERE proof_hash = $1 AND NOT proven RETURNING account";
const PROVE: &str = "UPDATE credentials SET proven = TRUE, proof_hash = NULL WHERE ledger = $1 AND account = $2";

impl Postgres {
    pub(crate) async fn set_proof_link(
        &self,
        ledger: &str,
        account: Uuid,
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let query = sqlx::query(SET_PROOF).bind(ledger).bind(account).bind(token_hash);
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn find_proof_link(&self, token_hash: &[u8; 32]) -> Result<Option<(String, Uuid)>, StoreError> {
        let found = |row: &PgRow| Ok((row.try_get(0)?, row.try_get(1)?));
        self.find(found, || sqlx::query(FIND_PROOF).bind(token_hash)).await
    }

    pub(crate) async fn use_proof_link(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(!self.write(sqlx::query(USE_PROOF).bind(token_hash)).await?.is_empty())
    }

    pub(crate) async fn prove_login(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        self.write(sqlx::query(PROVE).bind(ledger).bind(account)).await.map(|_| ())
    }

    pub(crate) async fn find_credential(&self, ledger: &str, account: Uuid) -> Result<Option<Credential>, StoreError> {
        self.find(credential, || sqlx::query(FIND).bind(ledger).bind(account)).await
    }

    pub(crate) async fn record_sign_in_failure(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
        policy: LockPolicy,
    ) -> Result<LockState, StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = record_failure(&mut turn, ledger, account, at, policy).await;
        turn.commit(done).await.map_err(Fault::of_writing)
    }

    pub(crate) async fn clear_failures(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        self.write(sqlx::query(CLEAR).bind(ledger).bind(account)).await.map(|_| ())
    }

    pub(crate) async fn clear_failures_unless_locked(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
    ) -> Result<bool, StoreError> {
        let query = sqlx::query(CLEAR_UNLESS_LOCKED).bind(ledger).bind(account).bind(at);
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn set_reset_link(
        &self,
        ledger: &str,
        account: Uuid,
        token_hash: &[u8; 32],
        expires_at: Micros,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(PUT_RESET).bind(ledger).bind(account).bind(token_hash).bind(expires_at);
        self.write(query).await.map(|_| ())
    }

    pub(crate) async fn find_reset_link(&self, token_hash: &[u8; 32]) -> Result<Option<ResetLink>, StoreError> {
        self.find(reset_link, || sqlx::query(FIND_RESET).bind(token_hash)).await
    }

    pub(crate) async fn use_reset_link(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        password_hash: &str,
    ) -> Result<ResetUse, StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = use_link(&mut turn, token_hash, now, password_hash).await;
        turn.commit(done).await.map_err(Fault::of_writing)
    }

    pub(crate) async fn set_password(
        &self,
        ledger: &str,
        account: Uuid,
        password_hash: &str,
    ) -> Result<(), StoreError> {
        let credential = NewCredential { account, password_hash: Some(password_hash.to_owned()), proven: true };
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = put_password(&mut turn, ledger, &credential).await;
        turn.commit(done).await.map_err(Fault::of_writing)
    }
}

async fn record_failure(
    turn: &mut Turn,
    ledger: &str,
    account: Uuid,
    at: Micros,
    policy: LockPolicy,
) -> Result<LockState, Fault> {
    let link = turn.link().await?;
    let rows = link.rows(sqlx::query(FIND_LOCKED).bind(ledger).bind(account)).await?;
    let before = rows.first().map(credential).transpose()?;
    let (failures, state) = after_failure(before, at, policy);
    let put = sqlx::query(PUT_FAILURES).bind(ledger).bind(account).bind(failures_text(&failures));
    link.execute(put.bind(state.locked_until)).await?;
    Ok(state)
}

async fn use_link(turn: &mut Turn, token_hash: &[u8; 32], now: Micros, password_hash: &str) -> Result<ResetUse, Fault> {
    let link = turn.link().await?;
    let rows = link.rows(sqlx::query(USE_RESET).bind(token_hash).bind(now).bind(password_hash)).await?;
    let Some(row) = rows.first() else { return Ok(ResetUse::UsedOrExpired) };
    let (ledger, account): (String, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    end_sessions(link, &ledger, account, None).await?;
    pending_emails::end(link, &ledger, account, None).await?;
    Ok(ResetUse::Done { ledger, account })
}

async fn put_password(turn: &mut Turn, ledger: &str, credential: &NewCredential) -> Result<(), Fault> {
    let link = turn.link().await?;
    put_credential(link, ledger, credential).await?;
    end_sessions(link, ledger, credential.account, None).await
}

/// Sets the password of an account; its reset link dies, and the new login that waits: whoever asked for it knew the
/// password before.
pub(crate) async fn put_credential(link: &mut Link, ledger: &str, credential: &NewCredential) -> Result<(), Fault> {
    let NewCredential { account, password_hash, proven } = credential;
    link.execute(sqlx::query(PUT).bind(ledger).bind(account).bind(password_hash).bind(proven)).await?;
    pending_emails::end(link, ledger, *account, None).await
}

/// Whether a proof counts still; it does until the end of the transaction then.
pub(crate) async fn is_proven(link: &mut Link, ledger: &str, proof: &Proof) -> Result<bool, Fault> {
    let Proof { account, password_hash, session } = proof;
    let known = link.rows(sqlx::query(PROVEN).bind(ledger).bind(account).bind(password_hash)).await?;
    Ok(!known.is_empty() && lives(link, ledger, *account, session).await?)
}

/// Takes the password of an account that is not known to be its person's, with its sessions.
pub(crate) async fn drop_unproven(link: &mut Link, ledger: &str, account: Uuid) -> Result<(), Fault> {
    if link.rows(sqlx::query(DROP_UNPROVEN).bind(ledger).bind(account)).await?.is_empty() {
        return Ok(());
    }
    end_sessions(link, ledger, account, None).await?;
    // Whoever waits to make another address the login knew that password.
    pending_emails::end(link, ledger, account, None).await
}

/// Kills the links of an account that were sent to its login.
pub(crate) async fn end_reset_link(link: &mut Link, ledger: &str, account: Uuid) -> Result<(), Fault> {
    link.execute(sqlx::query(END_RESET).bind(ledger).bind(account)).await.map(|_| ())
}

fn credential(row: &PgRow) -> Result<Credential, sqlx::Error> {
    let failures: String = row.try_get(3)?;
    let expires_at: Option<Micros> = row.try_get(5)?;
    let (ledger, account): (String, Uuid) = (row.try_get(0)?, row.try_get(1)?);
    let used = row.try_get::<Option<Micros>, _>(6)?.is_some();
    Ok(Credential {
        account,
        password_hash: row.try_get(2)?,
        proven: row.try_get(7)?,
        failures: serde_json::from_str(&failures).map_err(|error| sqlx::Error::Decode(error.into()))?,
        locked_until: row.try_get(4)?,
        reset: expires_at.map(|expires_at| ResetLink { ledger, account, expires_at, used }),
    })
}

fn reset_link(row: &PgRow) -> Result<ResetLink, sqlx::Error> {
    Ok(ResetLink {
        ledger: row.try_get(0)?,
        account: row.try_get(1)?,
        expires_at: row.try_get(2)?,
        used: row.try_get::<Option<Micros>, _>(3)?.is_some(),
    })
}
