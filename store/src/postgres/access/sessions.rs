//! Sessions.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::access::{NewSession, Session, institutions_text};
use crate::error::StoreError;
use crate::options::Micros;
use crate::postgres::Postgres;
use crate::postgres::failure::Fault;
use crate::postgres::link::Link;

// Each sign-in takes a few dead sessions away, so that they do not pile up.
const INSERT: &str = "WITH dead AS (DELETE FROM sessions WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM sessions WHERE expires_at <= $6 ORDER BY expires_at LIMIT 16 FOR UPDATE SKIP LOCKED)))
    INSERT INTO sessions (ledger, token_hash, account, role, institutions, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";
const FIND: &str = "SELECT token_hash, ledger, account, role, institutions, created_at, expires_at FROM sessions
    WHERE token_hash = $1 AND expires_at > $2";
const END: &str = "DELETE FROM sessions WHERE token_hash = $1 RETURNING ledger";
const END_ALL: &str = "DELETE FROM sessions WHERE ledger = $1 AND account = $2 AND token_hash IS DISTINCT FROM $3";
const UPDATE_ALL: &str = "UPDATE sessions SET role = $3, institutions = $4 WHERE ledger = $1 AND account = $2";

impl Postgres {
    pub(crate) async fn create_session(&self, session: NewSession) -> Result<(), StoreError> {
        let query = sqlx::query(INSERT)
            .bind(&session.ledger)
            .bind(session.token_hash)
            .bind(session.account)
            .bind(&session.role)
            .bind(institutions_text(&session.institutions))
            .bind(session.created_at)
            .bind(session.expires_at);
        self.write(query).await.map(|_| ())
    }

    pub(crate) async fn find_session(&self, token_hash: &[u8; 32], now: Micros) -> Result<Option<Session>, StoreError> {
        self.find(session, || sqlx::query(FIND).bind(token_hash).bind(now)).await
    }

    pub(crate) async fn end_session(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(!self.write(sqlx::query(END).bind(token_hash)).await?.is_empty())
    }
}

/// Ends an account's sessions, but for one.
pub(crate) async fn end_sessions(
    link: &mut Link,
    ledger: &str,
    account: Uuid,
    except: Option<&[u8; 32]>,
) -> Result<(), Fault> {
    link.execute(sqlx::query(END_ALL).bind(ledger).bind(account).bind(except)).await.map(|_| ())
}

/// Rewrites what an account's sessions may do.
pub(crate) async fn update_sessions(
    link: &mut Link,
    ledger: &str,
    account: Uuid,
    role: &str,
    institutions: &[Uuid],
) -> Result<(), Fault> {
    let query = sqlx::query(UPDATE_ALL).bind(ledger).bind(account).bind(role).bind(institutions_text(institutions));
    link.execute(query).await.map(|_| ())
}

fn session(row: &PgRow) -> Result<Session, sqlx::Error> {
    let institutions: String = row.try_get(4)?;
    Ok(Session {
        token_hash: row.try_get(0)?,
        ledger: row.try_get(1)?,
        account: row.try_get(2)?,
        role: row.try_get(3)?,
        institutions: serde_json::from_str(&institutions).map_err(|error| sqlx::Error::Decode(error.into()))?,
        created_at: row.try_get(5)?,
        expires_at: row.try_get(6)?,
    })
}
