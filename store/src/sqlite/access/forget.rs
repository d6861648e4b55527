//! What is forgotten of an account whose person is erased; proofs of identity that failed or are on their way.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::second_factors::drop_second_factor;
use super::sessions::end_sessions;
use crate::access::{IdentityTry, identity_try};
use crate::error::StoreError;
use crate::options::Micros;
use crate::sqlite::{Sqlite, pending_emails};

const DROP_CREDENTIAL: &str = "DELETE FROM credentials WHERE ledger = ?1 AND account = ?2";
const DROP_CHECKS: &str = "DELETE FROM identity_checks WHERE ledger = ?1 AND account = ?2";
const DROP_MAILS: &str = "DELETE FROM mail_queue WHERE ledger = ?1 AND account = ?2";
// Its own, and what it asked in another's place: `account`, `account other`.
const DROP_OUTCOMES: &str = "DELETE FROM outcomes
    WHERE ledger = ?1 AND (account = ?2 OR (account > ?2 || ' ' AND account < ?2 || '!'))";
const RELEASE: &str = "DELETE FROM claims WHERE ledger = ?1 AND holder = ?2";
const END_EVERYBODY: &str = "DELETE FROM sessions";
const END_LINKS: &str = "UPDATE credentials SET reset_hash = NULL, reset_expires_at = NULL, reset_used_at = NULL,
        proof_hash = NULL
    WHERE reset_hash IS NOT NULL OR proof_hash IS NOT NULL";
const END_CONFIRMATIONS: &str = "DELETE FROM pending_emails";
const NOTE_CHECK: &str = "INSERT INTO identity_checks (ledger, account, at) VALUES (?1, ?2, ?3)";
const DROP_CHECK: &str = "DELETE FROM identity_checks WHERE ledger = ?1 AND account = ?2 AND at = ?3";
const CHECKS: &str = "SELECT at FROM identity_checks WHERE ledger = ?1 AND account = ?2 AND at > ?3 ORDER BY at";

impl Sqlite {
    pub(crate) async fn forget_account(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.queue.call(move |connection| Ok(forget_account(connection, &ledger, account)?)).await
    }

    pub(crate) async fn take_identity_try(
        &self,
        ledger: &str,
        account: Uuid,
        (since, at): (Micros, Micros),
        most: usize,
    ) -> Result<IdentityTry, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                let taken = identity_try(&checks(connection, &ledger, account, since)?, at, most);
                if let IdentityTry::Taken(at) = taken {
                    connection.prepare_cached(NOTE_CHECK)?.execute(params![ledger, account.as_bytes(), at])?;
                }
                Ok(taken)
            })
            .await
    }

    pub(crate) async fn give_back_identity_try(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
    ) -> Result<(), StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call(move |connection| {
                connection.prepare_cached(DROP_CHECK)?.execute(params![ledger, account.as_bytes(), at])?;
                Ok(())
            })
            .await
    }

    pub(crate) async fn list_identity_checks(
        &self,
        ledger: &str,
        account: Uuid,
        since: Micros,
    ) -> Result<Vec<Micros>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers.query(move |connection| Ok(checks(connection, &ledger, account, since)?)).await
    }
}

fn checks(connection: &Connection, ledger: &str, account: Uuid, since: Micros) -> rusqlite::Result<Vec<Micros>> {
    let mut statement = connection.prepare_cached(CHECKS)?;
    let rows = statement.query_map(params![ledger, account.as_bytes(), since], |row| row.get(0))?;
    rows.collect()
}

/// Forgets all that stands beside the log of an account.
pub(crate) fn forget_account(connection: &Connection, ledger: &str, account: Uuid) -> rusqlite::Result<()> {
    end_sessions(connection, ledger, account, None)?;
    drop_second_factor(connection, ledger, account)?;
    pending_emails::end(connection, ledger, account, None)?;
    for sql in [DROP_CREDENTIAL, DROP_CHECKS, DROP_MAILS] {
        connection.prepare_cached(sql)?.execute(params![ledger, account.as_bytes()])?;
    }
    for sql in [DROP_OUTCOMES, RELEASE] {
        connection.prepare_cached(sql)?.execute(params![ledger, account.to_string()])?;
    }
    Ok(())
}

/// Ends every session and every link that was mailed: after a restore nobody knows which of them had ended.
pub(crate) fn end_everybody(connection: &Connection) -> rusqlite::Result<()> {
    for sql in [END_EVERYBODY, END_LINKS, END_CONFIRMATIONS] {
        connection.prepare_cached(sql)?.execute([])?;
    }
    Ok(())
}
