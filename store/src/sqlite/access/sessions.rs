//! Sessions.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::access::{NewSession, Session, institutions_text};
use crate::error::StoreError;
use crate::options::Micros;
use crate::sqlite::Sqlite;

const INSERT: &str = "INSERT INTO sessions (ledger, token_hash, account, role, institutions, created_at, expires_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const FIND: &str = "SELECT ledger, account, role, institutions, created_at, expires_at FROM sessions
    WHERE token_hash = ?1 AND expires_at > ?2";
const END: &str = "DELETE FROM sessions WHERE token_hash = ?1";
const END_ALL: &str = "DELETE FROM sessions WHERE ledger = ?1 AND account = ?2 AND token_hash IS NOT ?3";
const UPDATE_ALL: &str = "UPDATE sessions SET role = ?3, institutions = ?4 WHERE ledger = ?1 AND account = ?2";
const PURGE: &str = "DELETE FROM sessions WHERE rowid IN
    (SELECT rowid FROM sessions WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 16)";

impl Sqlite {
    pub(crate) async fn create_session(&self, session: NewSession) -> Result<(), StoreError> {
        self.queue
            .call(move |connection| {
                connection.prepare_cached(INSERT)?.execute(params![
                    session.ledger,
                    session.token_hash,
                    session.account.as_bytes(),
                    session.role,
                    institutions_text(&session.institutions),
                    session.created_at,
                    session.expires_at,
                ])?;
                // Each sign-in takes a few dead sessions away, so that they do not pile up.
                connection.prepare_cached(PURGE)?.execute([session.created_at])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn find_session(&self, token_hash: &[u8; 32], now: Micros) -> Result<Option<Session>, StoreError> {
        let token_hash = *token_hash;
        self.readers.query(move |connection| find(connection, token_hash, now)).await
    }

    pub(crate) async fn end_session(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        let token_hash = *token_hash;
        self.queue.call(move |connection| Ok(connection.prepare_cached(END)?.execute([token_hash])? > 0)).await
    }
}

/// Ends an account's sessions, but for one.
pub(crate) fn end_sessions(
    connection: &Connection,
    ledger: &str,
    account: Uuid,
    except: Option<&[u8; 32]>,
) -> rusqlite::Result<()> {
    connection.prepare_cached(END_ALL)?.execute(params![ledger, account.as_bytes(), except]).map(|_| ())
}

/// Rewrites what an account's sessions may do.
pub(crate) fn update_sessions(
    connection: &Connection,
    ledger: &str,
    account: Uuid,
    role: &str,
    institutions: &[Uuid],
) -> rusqlite::Result<()> {
    let institutions = institutions_text(institutions);
    connection.prepare_cached(UPDATE_ALL)?.execute(params![ledger, account.as_bytes(), role, institutions]).map(|_| ())
}

fn find(connection: &Connection, token_hash: [u8; 32], now: Micros) -> Result<Option<Session>, StoreError> {
    let mut statement = connection.prepare_cached(FIND)?;
    let found = statement
        .query_row(params![token_hash, now], |row| {
            let session = Session {
                token_hash,
                ledger: row.get(0)?,
                account: Uuid::from_bytes(row.get(1)?),
                role: row.get(2)?,
                institutions: Vec::new(),
                created_at: row.get(4)?,
                expires_at: row.get(5)?,
            };
            Ok((session, row.get::<_, String>(3)?))
        })
        .optional()?;
    let Some((session, institutions)) = found else { return Ok(None) };
    let institutions = serde_json::from_str(&institutions)
        .map_err(|error| StoreError::Refused(format!("institutions of a session: {error}")))?;
    Ok(Some(Session { institutions, ..session }))
}
