//! What is forgotten of an account whose person is erased; proofs of identity that failed or are on their way.

use sqlx::Row;
use uuid::Uuid;

use super::second_factors::drop_second_factor;
use super::sessions::end_sessions;
use crate::access::{IdentityTry, identity_try};
use crate::error::StoreError;
use crate::options::Micros;
use crate::postgres::failure::Fault;
use crate::postgres::link::{Link, Turn};
use crate::postgres::{Postgres, pending_emails};

const DROP_CREDENTIAL: &str = "DELETE FROM credentials WHERE ledger = $1 AND account = $2";
const DROP_CHECKS: &str = "DELETE FROM identity_checks WHERE ledger = $1 AND account = $2";
const DROP_MAILS: &str = "DELETE FROM mail_queue WHERE ledger = $1 AND account = $2";
// Its own, and what it asked in another's place: `account`, `account other`.
const DROP_OUTCOMES: &str = "DELETE FROM outcomes
    WHERE ledger = $1 AND (account = $2 OR (account > $2 || ' ' AND account < $2 || '!'))";
const RELEASE: &str = "DELETE FROM claims WHERE ledger = $1 AND holder = $2";
const END_EVERYBODY: &str = "DELETE FROM sessions";
const END_LINKS: &str = "UPDATE credentials SET reset_hash = NULL, reset_expires_at = NULL, reset_used_at = NULL,
        proof_hash = NULL
    WHERE reset_hash IS NOT NULL OR proof_hash IS NOT NULL";
const END_CONFIRMATIONS: &str = "DELETE FROM pending_emails";
const NOTE_CHECK: &str = "INSERT INTO identity_checks (ledger, account, at) VALUES ($1, $2, $3)";
const DROP_CHECK: &str = "DELETE FROM identity_checks WHERE ledger = $1 AND account = $2 AND at = $3";
// Tries of one account go one after another. Who has no credential proves nothing anyway.
const ONE_BY_ONE: &str = "SELECT 1 FROM credentials WHERE ledger = $1 AND account = $2 FOR UPDATE";
const CHECKS: &str = "SELECT at FROM identity_checks WHERE ledger = $1 AND account = $2 AND at > $3 ORDER BY at";

impl Postgres {
    pub(crate) async fn forget_account(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = match turn.link().await {
            Ok(link) => forget_account(link, ledger, account).await,
            Err(fault) => Err(fault),
        };
        turn.commit(done).await.map_err(Fault::of_writing)
    }

    pub(crate) async fn take_identity_try(
        &self,
        ledger: &str,
        account: Uuid,
        times: (Micros, Micros),
        most: usize,
    ) -> Result<IdentityTry, StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = take_try(&mut turn, ledger, account, times, most).await;
        turn.commit(done).await.map_err(Fault::of_writing)
    }

    pub(crate) async fn give_back_identity_try(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
    ) -> Result<(), StoreError> {
        self.write(sqlx::query(DROP_CHECK).bind(ledger).bind(account).bind(at)).await.map(|_| ())
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

async fn take_try(
    turn: &mut Turn,
    ledger: &str,
    account: Uuid,
    (since, at): (Micros, Micros),
    most: usize,
) -> Result<IdentityTry, Fault> {
    let link = turn.link().await?;
    link.rows(sqlx::query(ONE_BY_ONE).bind(ledger).bind(account)).await?;
    let rows = link.rows(sqlx::query(CHECKS).bind(ledger).bind(account).bind(since)).await?;
    let before: Vec<Micros> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let taken = identity_try(&before, at, most);
    if let IdentityTry::Taken(at) = taken {
        link.execute(sqlx::query(NOTE_CHECK).bind(ledger).bind(account).bind(at)).await?;
    }
    Ok(taken)
}

/// Forgets all that stands beside the log of an account.
pub(crate) async fn forget_account(link: &mut Link, ledger: &str, account: Uuid) -> Result<(), Fault> {
    end_sessions(link, ledger, account, None).await?;
    drop_second_factor(link, ledger, account).await?;
    pending_emails::end(link, ledger, account, None).await?;
    for sql in [DROP_CREDENTIAL, DROP_CHECKS, DROP_MAILS] {
        link.execute(sqlx::query(sql).bind(ledger).bind(account)).await?;
    }
    for sql in [DROP_OUTCOMES, RELEASE] {
        link.execute(sqlx::query(sql).bind(ledger).bind(account.to_string())).await?;
    }
    Ok(())
}

/// Ends every session and every link that was mailed: after a restore nobody knows which of them had ended.
pub(crate) async fn end_everybody(link: &mut Link) -> Result<(), Fault> {
    for sql in [END_EVERYBODY, END_LINKS, END_CONFIRMATIONS] {
        link.execute(sqlx::query(sql)).await?;
    }
    Ok(())
}
