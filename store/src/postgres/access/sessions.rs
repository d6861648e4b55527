//! Sessions.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::access::{NewSession, Session, institutions_text};
use crate::error::StoreError;
use crate::options::Micros;
use crate::postgres::Postgres;
use crate::postgres::failure::Fault;
use crate::postgres::link::{Link, Query};

// Each sign-in takes a few dead sessions away, so that they do not pile up.
// The credential is written to, so that whoever changes the password waits, or is waited for and then seen.
const INSERT: &str = "WITH dead AS (DELETE FROM sessions WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM sessions WHERE expires_at <= $9 ORDER BY expires_at LIMIT 16 FOR UPDATE SKIP LOCKED))),
    seen AS (UPDATE credentials SET last_sign_in_at = $9, warned_at = NULL
        WHERE ledger = $1 AND account = $4 AND password_hash = $12 RETURNING 1)
    INSERT INTO sessions (ledger, token_hash, id, account, on_behalf_of, delegation, role, institutions, created_at,
        last_seen_at, expires_at)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM seen RETURNING ledger";
const REPLACE: &str = "WITH old AS (DELETE FROM sessions WHERE token_hash = $12 RETURNING 1)
    INSERT INTO sessions (ledger, token_hash, id, account, on_behalf_of, delegation, role, institutions, created_at,
        last_seen_at, expires_at)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM old RETURNING ledger";
const FIND: &str = "SELECT token_hash, ledger, id, account, on_behalf_of, delegation, role, institutions, created_at,
    last_seen_at, expires_at FROM sessions WHERE token_hash = $1 AND expires_at > $2 AND last_seen_at > $3";
const LIST: &str = "SELECT token_hash, ledger, id, account, on_behalf_of, delegation, role, institutions, created_at,
    last_seen_at, expires_at FROM sessions
    WHERE ledger = $1 AND account = $2 AND expires_at > $3 AND last_seen_at > $4 ORDER BY created_at, id";
const TOUCH: &str = "UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at <= $3";
const END: &str = "DELETE FROM sessions WHERE token_hash = $1 RETURNING ledger";
const END_BY_ID: &str = "DELETE FROM sessions WHERE ledger = $1 AND account = $2 AND id = $3 RETURNING ledger";
const END_OTHERS: &str = "DELETE FROM sessions WHERE ledger = $1 AND account = $2 AND token_hash <> $3";
const END_ALL: &str = "DELETE FROM sessions
    WHERE ledger = $1 AND (account = $2 OR on_behalf_of = $2) AND token_hash IS DISTINCT FROM $3";
const END_MANDATES: &str = "DELETE FROM sessions
    WHERE ledger = $1 AND account = $2 AND on_behalf_of IS NOT NULL AND delegation IS NOT DISTINCT FROM $3";
const UPDATE_OWN: &str = "UPDATE sessions SET role = $3, institutions = $4
    WHERE ledger = $1 AND account = $2 AND on_behalf_of IS NULL";
// Whoever appends holds the head until his commit.
const SETTLE: &str = "SELECT 1 FROM ledger_heads WHERE ledger = $1 FOR SHARE";
const LIVES: &str = "SELECT 1 FROM sessions WHERE ledger = $1 AND account = $2 AND token_hash = $3 FOR UPDATE";
const END_IN_PLACE: &str = "DELETE FROM sessions
    WHERE ledger = $1 AND ((account = $2 AND on_behalf_of IS NOT NULL) OR on_behalf_of = $2)";

impl Postgres {
    pub(crate) async fn create_session(&self, session: NewSession, password_hash: &str) -> Result<bool, StoreError> {
        Ok(!self.write(bound(INSERT, &session).bind(password_hash)).await?.is_empty())
    }

    pub(crate) async fn settle(&self, ledger: &str) -> Result<(), StoreError> {
        self.write(sqlx::query(SETTLE).bind(ledger)).await.map(|_| ())
    }

    pub(crate) async fn replace_session(&self, old: &[u8; 32], session: NewSession) -> Result<bool, StoreError> {
        Ok(!self.write(bound(REPLACE, &session).bind(old)).await?.is_empty())
    }

    pub(crate) async fn find_session(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        seen_after: Micros,
    ) -> Result<Option<Session>, StoreError> {
        self.find(session, || sqlx::query(FIND).bind(token_hash).bind(now).bind(seen_after)).await
    }

    pub(crate) async fn list_sessions(
        &self,
        ledger: &str,
        account: Uuid,
        now: Micros,
        seen_after: Micros,
    ) -> Result<Vec<Session>, StoreError> {
        self.list(session, || sqlx::query(LIST).bind(ledger).bind(account).bind(now).bind(seen_after)).await
    }

    pub(crate) async fn touch_session(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        unless_after: Micros,
    ) -> Result<(), StoreError> {
        self.write(sqlx::query(TOUCH).bind(token_hash).bind(now).bind(unless_after)).await.map(|_| ())
    }

    pub(crate) async fn end_session(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        Ok(!self.write(sqlx::query(END).bind(token_hash)).await?.is_empty())
    }

    pub(crate) async fn end_session_by_id(&self, ledger: &str, account: Uuid, id: Uuid) -> Result<bool, StoreError> {
        Ok(!self.write(sqlx::query(END_BY_ID).bind(ledger).bind(account).bind(id)).await?.is_empty())
    }

    pub(crate) async fn end_other_sessions(
        &self,
        ledger: &str,
        account: Uuid,
        except: &[u8; 32],
    ) -> Result<(), StoreError> {
        self.write(sqlx::query(END_OTHERS).bind(ledger).bind(account).bind(except)).await.map(|_| ())
    }
}

/// A statement that writes a session as its first eleven parameters.
fn bound<'q>(sql: &'q str, session: &'q NewSession) -> Query<'q> {
    sqlx::query(sql)
        .bind(&session.ledger)
        .bind(session.token_hash)
        .bind(session.id)
        .bind(session.account)
        .bind(session.on_behalf_of)
        .bind(session.delegation)
        .bind(&session.role)
        .bind(institutions_text(&session.institutions))
        .bind(session.created_at)
        .bind(session.last_seen_at)
        .bind(session.expires_at)
}

/// Whether an account has this session still; it has it until the end of the transaction then.
pub(crate) async fn lives(link: &mut Link, ledger: &str, account: Uuid, token: &[u8; 32]) -> Result<bool, Fault> {
    Ok(!link.rows(sqlx::query(LIVES).bind(ledger).bind(account).bind(token)).await?.is_empty())
}

/// Ends an account's sessions and those in its place, but for one.
pub(crate) async fn end_sessions(
    link: &mut Link,
    ledger: &str,
    account: Uuid,
    except: Option<&[u8; 32]>,
) -> Result<(), Fault> {
    link.execute(sqlx::query(END_ALL).bind(ledger).bind(account).bind(except)).await.map(|_| ())
}

/// Ends the sessions that an account holds in another's place on one ground.
pub(crate) async fn end_mandates(
    link: &mut Link,
    ledger: &str,
    account: Uuid,
    delegation: Option<Uuid>,
) -> Result<(), Fault> {
    link.execute(sqlx::query(END_MANDATES).bind(ledger).bind(account).bind(delegation)).await.map(|_| ())
}

/// Rewrites what an account's sessions may do; those in another's place and in its place end.
pub(crate) async fn update_sessions(
    link: &mut Link,
    ledger: &str,
    account: Uuid,
    role: &str,
    institutions: &[Uuid],
) -> Result<(), Fault> {
    let query = sqlx::query(UPDATE_OWN).bind(ledger).bind(account).bind(role).bind(institutions_text(institutions));
    link.execute(query).await?;
    link.execute(sqlx::query(END_IN_PLACE).bind(ledger).bind(account)).await.map(|_| ())
}

fn session(row: &PgRow) -> Result<Session, sqlx::Error> {
    let institutions: String = row.try_get(7)?;
    Ok(Session {
        token_hash: row.try_get(0)?,
        ledger: row.try_get(1)?,
        id: row.try_get(2)?,
        account: row.try_get(3)?,
        on_behalf_of: row.try_get(4)?,
        delegation: row.try_get(5)?,
        role: row.try_get(6)?,
        institutions: serde_json::from_str(&institutions).map_err(|error| sqlx::Error::Decode(error.into()))?,
        created_at: row.try_get(8)?,
        last_seen_at: row.try_get(9)?,
        expires_at: row.try_get(10)?,
    })
}
