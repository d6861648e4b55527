//! New logins that wait for their confirmation.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::Sqlite;
use crate::error::StoreError;
use crate::options::Micros;
use crate::pending_emails::{NewPendingEmail, PendingEmail};

const PUT: &str = "INSERT OR REPLACE INTO pending_emails (ledger, account, digest, claim, expires_at)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const END: &str = "DELETE FROM pending_emails WHERE ledger = ?1 AND account = ?2";
// No event names the text of a login that waits; once the row is gone nothing else would lead to it.
const FORGET_TEXT: &str = "DELETE FROM vault WHERE ledger = ?1 AND digest IS NOT ?3
    AND digest = (SELECT digest FROM pending_emails WHERE ledger = ?1 AND account = ?2)";
const FORGET_EXPIRED: &str = "DELETE FROM vault WHERE ledger = ?1
    AND digest IN (SELECT digest FROM pending_emails WHERE ledger = ?1 AND expires_at < ?2)";
const END_EXPIRED: &str = "DELETE FROM pending_emails WHERE ledger = ?1 AND expires_at < ?2";
const FIND: &str = "SELECT ledger, account, digest, claim, expires_at FROM pending_emails
    WHERE ledger = ?1 AND account = ?2";
const BY_LINK: &str = "SELECT ledger, account, digest, claim, expires_at FROM pending_emails WHERE token_hash = ?1";
const SET_LINK: &str = "UPDATE pending_emails SET token_hash = ?4 WHERE ledger = ?1 AND account = ?2 AND digest = ?3";

const ASKED: &str =
    "SELECT 1 FROM pending_emails WHERE ledger = ?1 AND (account = ?2 OR claim = ?3) AND expires_at > ?4";

impl Sqlite {
    pub(crate) async fn begin_pending_email(
        &self,
        ledger: &str,
        pending: NewPendingEmail,
        unless_after: Micros,
    ) -> Result<bool, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let asked = params![ledger, pending.account.as_bytes(), pending.claim, unless_after];
                let free = !connection.prepare_cached(ASKED)?.exists(asked)?;
                if free {
                    put(connection, &ledger, &pending)?;
                }
                Ok(free)
            })
            .await
    }

    pub(crate) async fn find_pending_email(
        &self,
        ledger: &str,
        account: Uuid,
    ) -> Result<Option<PendingEmail>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(FIND)?;
                Ok(statement.query_row(params![ledger, account.as_bytes()], pending).optional()?)
            })
            .await
    }

    pub(crate) async fn find_pending_email_by_link(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<PendingEmail>, StoreError> {
        let token_hash = *token_hash;
        self.readers
            .query(move |connection| {
                let mut statement = connection.prepare_cached(BY_LINK)?;
                Ok(statement.query_row([token_hash], pending).optional()?)
            })
            .await
    }

    pub(crate) async fn set_email_link(
        &self,
        ledger: &str,
        account: Uuid,
        digest: &[u8; 32],
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let (ledger, digest, token_hash) = (ledger.to_owned(), *digest, *token_hash);
        self.queue
            .call(move |connection| {
                let link = params![ledger, account.as_bytes(), digest, token_hash];
                Ok(connection.prepare_cached(SET_LINK)?.execute(link)? > 0)
            })
            .await
    }
}

/// Keeps a new login that is to be confirmed.
pub(super) fn put(connection: &Connection, ledger: &str, pending: &NewPendingEmail) -> rusqlite::Result<()> {
    let NewPendingEmail { account, digest, claim, expires_at } = pending;
    forget_text(connection, ledger, *account, Some(digest))?;
    let row = params![ledger, account.as_bytes(), digest, claim, expires_at];
    connection.prepare_cached(PUT)?.execute(row).map(|_| ())
}

/// Forgets it with its text, unless that is `keeps`.
pub(super) fn end(
    connection: &Connection,
    ledger: &str,
    account: Uuid,
    keeps: Option<&[u8; 32]>,
) -> rusqlite::Result<()> {
    forget_text(connection, ledger, account, keeps)?;
    connection.prepare_cached(END)?.execute(params![ledger, account.as_bytes()]).map(|_| ())
}

/// Forgets those that could not be confirmed any more before a time.
pub(super) fn end_expired(connection: &Connection, ledger: &str, before: Micros) -> rusqlite::Result<()> {
    for sql in [FORGET_EXPIRED, END_EXPIRED] {
        connection.prepare_cached(sql)?.execute(params![ledger, before])?;
    }
    Ok(())
}

fn forget_text(connection: &Connection, ledger: &str, account: Uuid, keeps: Option<&[u8; 32]>) -> rusqlite::Result<()> {
    connection.prepare_cached(FORGET_TEXT)?.execute(params![ledger, account.as_bytes(), keeps]).map(|_| ())
}

fn pending(row: &Row<'_>) -> rusqlite::Result<PendingEmail> {
    Ok(PendingEmail {
        ledger: row.get(0)?,
        pending: NewPendingEmail {
            account: Uuid::from_bytes(row.get(1)?),
            digest: row.get(2)?,
            claim: row.get(3)?,
            expires_at: row.get(4)?,
        },
    })
}
