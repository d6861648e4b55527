//! Sessions.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::access::{NewSession, Session, institutions_text};
use crate::error::StoreError;
use crate::options::Micros;
use crate::sqlite::Sqlite;

const INSERT: &str =
    "INSERT INTO sessions (ledger, token_hash, id, account, on_behalf_of, delegation, role, institutions,
    created_at, last_seen_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const FIND: &str = "SELECT token_hash, ledger, id, account, on_behalf_of, delegation, role, institutions, created_at,
    last_seen_at, expires_at FROM sessions WHERE token_hash = ?1 AND expires_at > ?2 AND last_seen_at > ?3";
const LIST: &str = "SELECT token_hash, ledger, id, account, on_behalf_of, delegation, role, institutions, created_at,
    last_seen_at, expires_at FROM sessions
    WHERE ledger = ?1 AND account = ?2 AND expires_at > ?3 AND last_seen_at > ?4 ORDER BY created_at, id";
const TOUCH: &str = "UPDATE sessions SET last_seen_at = ?2 WHERE token_hash = ?1 AND last_seen_at <= ?3";
const END: &str = "DELETE FROM sessions WHERE token_hash = ?1";
const END_BY_ID: &str = "DELETE FROM sessions WHERE ledger = ?1 AND account = ?2 AND id = ?3";
const END_OTHERS: &str = "DELETE FROM sessions WHERE ledger = ?1 AND account = ?2 AND token_hash <> ?3";
const END_ALL: &str = "DELETE FROM sessions
    WHERE ledger = ?1 AND (account = ?2 OR on_behalf_of = ?2) AND token_hash IS NOT ?3";
const END_MANDATES: &str = "DELETE FROM sessions
    WHERE ledger = ?1 AND account = ?2 AND on_behalf_of IS NOT NULL AND delegation IS ?3";
const UPDATE_OWN: &str = "UPDATE sessions SET role = ?3, institutions = ?4
    WHERE ledger = ?1 AND account = ?2 AND on_behalf_of IS NULL";
const END_IN_PLACE: &str = "DELETE FROM sessions
    WHERE ledger = ?1 AND ((account = ?2 AND on_behalf_of IS NOT NULL) OR on_behalf_of = ?2)";
const NOTE_SIGN_IN: &str = "UPDATE credentials SET last_sign_in_at = ?3, warned_at = NULL
    WHERE ledger = ?1 AND account = ?2 AND password_hash = ?4";
const LIVES: &str = "SELECT 1 FROM sessions WHERE ledger = ?1 AND account = ?2 AND token_hash = ?3";
const PURGE: &str = "DELETE FROM sessions WHERE rowid IN
    (SELECT rowid FROM sessions WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 16)";

impl Sqlite {
    pub(crate) async fn create_session(&self, session: NewSession, password_hash: &str) -> Result<bool, StoreError> {
        let password_hash = password_hash.to_owned();
        self.queue
            .call(move |connection| {
                let seen = params![session.ledger, session.account.as_bytes(), session.created_at, password_hash];
                if connection.prepare_cached(NOTE_SIGN_IN)?.execute(seen)? == 0 {
                    return Ok(false);
                }
                insert(connection, &session)?;
                // Each sign-in takes a few dead sessions away, so that they do not pile up.
                connection.prepare_cached(PURGE)?.execute([session.created_at])?;
                Ok(true)
            })
            .await
    }

    pub(crate) async fn replace_session(&self, old: &[u8; 32], session: NewSession) -> Result<bool, StoreError> {
        let old = *old;
        self.queue
            .call(move |connection| {
                let alive = connection.prepare_cached(END)?.execute([old])? > 0;
                if alive {
                    insert(connection, &session)?;
                }
                Ok(alive)
            })
            .await
    }

    pub(crate) async fn find_session(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        seen_after: Micros,
    ) -> Result<Option<Session>, StoreError> {
        let token_hash = *token_hash;
        let found: Option<Raw> = self
            .readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(FIND)?;
                Ok(statement.query_row(params![token_hash, now, seen_after], raw).optional()?)
            })
            .await?;
        found.map(Raw::read).transpose()
    }

    pub(crate) async fn list_sessions(
        &self,
        ledger: &str,
        account: Uuid,
        now: Micros,
        seen_after: Micros,
    ) -> Result<Vec<Session>, StoreError> {
        let ledger = ledger.to_owned();
        let found: Vec<Raw> = self
            .readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(LIST)?;
                let rows = statement.query_map(params![ledger, account.as_bytes(), now, seen_after], raw)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await?;
        found.into_iter().map(Raw::read).collect()
    }

    pub(crate) async fn touch_session(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        unless_after: Micros,
    ) -> Result<(), StoreError> {
        let token_hash = *token_hash;
        self.queue
            .call(move |connection| {
                connection.prepare_cached(TOUCH)?.execute(params![token_hash, now, unless_after])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn end_session(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        let token_hash = *token_hash;
        self.queue.call(move |connection| Ok(connection.prepare_cached(END)?.execute([token_hash])? > 0)).await
    }

    pub(crate) async fn end_session_by_id(&self, ledger: &str, account: Uuid, id: Uuid) -> Result<bool, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let which = params![ledger, account.as_bytes(), id.as_bytes()];
                Ok(connection.prepare_cached(END_BY_ID)?.execute(which)? > 0)
            })
            .await
    }

    pub(crate) async fn end_other_sessions(
        &self,
        ledger: &str,
        account: Uuid,
        except: &[u8; 32],
    ) -> Result<(), StoreError> {
        let (ledger, except) = (ledger.to_owned(), *except);
        self.queue
            .call(move |connection| {
                connection.prepare_cached(END_OTHERS)?.execute(params![ledger, account.as_bytes(), except])?;
                Ok(())
            })
            .await
    }
}

fn insert(connection: &Connection, session: &NewSession) -> rusqlite::Result<()> {
    connection.prepare_cached(INSERT)?.execute(params![
        session.ledger,
        session.token_hash,
        session.id.as_bytes(),
        session.account.as_bytes(),
        session.on_behalf_of.as_ref().map(Uuid::as_bytes),
        session.delegation.as_ref().map(Uuid::as_bytes),
        session.role,
        institutions_text(&session.institutions),
        session.created_at,
        session.last_seen_at,
        session.expires_at,
    ])?;
    Ok(())
}

/// Whether an account has this session still.
pub(crate) fn lives(connection: &Connection, ledger: &str, account: Uuid, token: &[u8; 32]) -> rusqlite::Result<bool> {
    connection.prepare_cached(LIVES)?.exists(params![ledger, account.as_bytes(), token])
}

/// Ends an account's sessions and those in its place, but for one.
pub(crate) fn end_sessions(
    connection: &Connection,
    ledger: &str,
    account: Uuid,
    except: Option<&[u8; 32]>,
) -> rusqlite::Result<()> {
    connection.prepare_cached(END_ALL)?.execute(params![ledger, account.as_bytes(), except]).map(|_| ())
}

/// Ends the sessions that an account holds in another's place on one ground.
pub(crate) fn end_mandates(
    connection: &Connection,
    ledger: &str,
    account: Uuid,
    delegation: Option<Uuid>,
) -> rusqlite::Result<()> {
    let delegation = delegation.as_ref().map(Uuid::as_bytes);
    connection.prepare_cached(END_MANDATES)?.execute(params![ledger, account.as_bytes(), delegation]).map(|_| ())
}

/// Rewrites what an account's sessions may do; those in another's place and in its place end.
pub(crate) fn update_sessions(
    connection: &Connection,
    ledger: &str,
    account: Uuid,
    role: &str,
    institutions: &[Uuid],
) -> rusqlite::Result<()> {
    let institutions = institutions_text(institutions);
    connection.prepare_cached(UPDATE_OWN)?.execute(params![ledger, account.as_bytes(), role, institutions])?;
    connection.prepare_cached(END_IN_PLACE)?.execute(params![ledger, account.as_bytes()]).map(|_| ())
}

/// A row, its institutions still text.
struct Raw {
    session: Session,
    institutions: String,
}

impl Raw {
    fn read(self) -> Result<Session, StoreError> {
        let institutions = serde_json::from_str(&self.institutions)
            .map_err(|error| StoreError::Refused(format!("institutions of a session: {error}")))?;
        Ok(Session { institutions, ..self.session })
    }
}

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let optional = |index| Ok::<_, rusqlite::Error>(row.get::<_, Option<[u8; 16]>>(index)?.map(Uuid::from_bytes));
    let session = Session {
        token_hash: row.get(0)?,
        ledger: row.get(1)?,
        id: Uuid::from_bytes(row.get(2)?),
        account: Uuid::from_bytes(row.get(3)?),
        on_behalf_of: optional(4)?,
        delegation: optional(5)?,
        role: row.get(6)?,
        institutions: Vec::new(),
        created_at: row.get(8)?,
        last_seen_at: row.get(9)?,
        expires_at: row.get(10)?,
    };
    Ok(Raw { session, institutions: row.get(7)? })
}
