//! What is forgotten of an account whose person is erased; failed proofs of identity.

use sqlx::Row;
use uuid::Uuid;

use super::second_factors::drop_second_factor;
use super::sessions::end_sessions;
use crate::error::StoreError;
use crate::options::Micros;
use crate::postgres::failure::Fault;
use crate::postgres::link::Link;
use crate::postgres::{Postgres, pending_emails};

const DROP_CREDENTIAL: &str = "DELETE FROM credentials WHERE ledger = $1 AND account = $2";
const DROP_CHECKS: &str = "DELETE FROM identity_checks WHERE ledger = $1 AND account = $2";
const DROP_MAILS: &str = "DELETE FROM mail_queue WHERE ledger = $1 AND account = $2";
const RELEASE: &str = "DELETE FROM claims WHERE ledger = $1 AND holder = $2";
const END_EVERYBODY: &str = "DELETE FROM sessions";
const END_LINKS: &str = "UPDATE credentials SET reset_hash = NULL, reset_expires_at = NULL, reset_used_at = NULL
    WHERE reset_hash IS NOT NULL";
const END_CONFIRMATIONS: &str = "DELETE FROM pending_emails";
// Two of one moment are two.
const NOTE_CHECK: &str = "INSERT INTO identity_checks (ledger, account, at)
    SELECT $1, $2, greatest($3, coalesce(max(at) + 1, $3)) FROM identity_checks WHERE ledger = $1 AND account = $2";
const CHECKS: &str = "SELECT at FROM identity_checks WHERE ledger = $1 AND account = $2 AND at > $3 ORDER BY at";

impl Postgres {
    pub(crate) async fn note_identity_check(&self, ledger: &str, account: Uuid, at: Micros) -> Result<(), StoreError> {
        self.write(sqlx::query(NOTE_CHECK).bind(ledger).bind(account).bind(at)).await.map(|_| ())
    }

    pub(crate) async fn list_identity_checks(
        &self,
        ledger: &str,
        account: Uuid,
        since: Micros,
    ) -> Result<Vec<Micros>, StoreError> {
        self.list(|row| row.try_get(0), || sqlx::query(CHECKS).bind(ledger).bind(account).bind(since)).await
    }
}

/// Forgets all that stands beside the log of an account.
pub(crate) async fn forget_account(link: &mut Link, ledger: &str, account: Uuid) -> Result<(), Fault> {
    end_sessions(link, ledger, account, None).await?;
    drop_second_factor(link, ledger, account).await?;
    pending_emails::end(link, ledger, account).await?;
    for sql in [DROP_CREDENTIAL, DROP_CHECKS, DROP_MAILS] {
        link.execute(sqlx::query(sql).bind(ledger).bind(account)).await?;
    }
    link.execute(sqlx::query(RELEASE).bind(ledger).bind(account.to_string())).await.map(|_| ())
}

/// Ends every session and every link that was mailed: after a restore nobody knows which of them had ended.
pub(crate) async fn end_everybody(link: &mut Link) -> Result<(), Fault> {
    for sql in [END_EVERYBODY, END_LINKS, END_CONFIRMATIONS] {
        link.execute(sqlx::query(sql)).await?;
    }
    Ok(())
}
