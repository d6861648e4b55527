//! New logins that wait for their confirmation.

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::Postgres;
use super::failure::Fault;
use super::link::{Link, Turn};
use crate::error::StoreError;
use crate::options::Micros;
use crate::pending_emails::{NewPendingEmail, PendingEmail};

const PUT: &str = "INSERT INTO pending_emails (ledger, account, digest, claim, expires_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (ledger, account) DO UPDATE SET digest = excluded.digest, claim = excluded.claim, token_hash = NULL,
        expires_at = excluded.expires_at";
// Those who ask for one address go one after another; the row settles it between those of one account.
const ONE_BY_ONE: &str = "SELECT pg_advisory_xact_lock($1)";
const FIND_REPLACED: &str = "SELECT digest FROM pending_emails WHERE ledger = $1 AND account = $2 FOR UPDATE";
const FORGET_REPLACED: &str = "DELETE FROM vault WHERE ledger = $1 AND digest = $2";
const BEGIN: &str = "INSERT INTO pending_emails (ledger, account, digest, claim, expires_at) SELECT $1, $2, $3, $4, $5
    WHERE NOT EXISTS (SELECT 1 FROM pending_emails WHERE ledger = $1 AND claim = $4 AND expires_at > $6)
    ON CONFLICT (ledger, account) DO UPDATE SET digest = excluded.digest, claim = excluded.claim, token_hash = NULL,
        expires_at = excluded.expires_at WHERE pending_emails.expires_at <= $6 RETURNING account";
const END: &str = "DELETE FROM pending_emails WHERE ledger = $1 AND account = $2";
// No event names the text of a login that waits; once the row is gone nothing else would lead to it.
const FORGET_TEXT: &str = "DELETE FROM vault WHERE ledger = $1 AND digest IS DISTINCT FROM $3
    AND digest = (SELECT digest FROM pending_emails WHERE ledger = $1 AND account = $2)";
const END_EXPIRED: &str = "WITH gone AS (DELETE FROM pending_emails WHERE ledger = $1 AND expires_at < $2
        RETURNING digest)
    DELETE FROM vault USING gone WHERE vault.ledger = $1 AND vault.digest = gone.digest";
const FIND: &str = "SELECT ledger, account, digest, claim, expires_at FROM pending_emails
    WHERE ledger = $1 AND account = $2";
const BY_LINK: &str = "SELECT ledger, account, digest, claim, expires_at FROM pending_emails WHERE token_hash = $1";
const SET_LINK: &str = "UPDATE pending_emails SET token_hash = $4
    WHERE ledger = $1 AND account = $2 AND digest = $3 RETURNING account";

impl Postgres {
    pub(super) async fn end_expired_emails(&self, ledger: &str, before: Micros) -> Result<(), StoreError> {
        self.write(sqlx::query(END_EXPIRED).bind(ledger).bind(before)).await.map(|_| ())
    }

    pub(crate) async fn begin_pending_email(
        &self,
        ledger: &str,
        pending: NewPendingEmail,
        unless_after: Micros,
    ) -> Result<bool, StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = begin(&mut turn, ledger, &pending, unless_after).await;
        turn.commit(done).await.map_err(Fault::of_writing)
    }

    pub(crate) async fn find_pending_email(
        &self,
        ledger: &str,
        account: Uuid,
    ) -> Result<Option<PendingEmail>, StoreError> {
        self.find(pending, || sqlx::query(FIND).bind(ledger).bind(account)).await
    }

    pub(crate) async fn find_pending_email_by_link(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<PendingEmail>, StoreError> {
        self.find(pending, || sqlx::query(BY_LINK).bind(token_hash)).await
    }

    pub(crate) async fn set_email_link(
        &self,
        ledger: &str,
        account: Uuid,
        digest: &[u8; 32],
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        let query = sqlx::query(SET_LINK).bind(ledger).bind(account).bind(digest).bind(token_hash);
        Ok(!self.write(query).await?.is_empty())
    }
}

async fn begin(turn: &mut Turn, ledger: &str, pending: &NewPendingEmail, unless_after: Micros) -> Result<bool, Fault> {
    let NewPendingEmail { account, digest, claim, expires_at } = pending;
    let link = turn.link().await?;
    let lock = claim.iter().take(8).fold(0, |lock: i64, byte| lock << 8 | i64::from(*byte));
    link.rows(sqlx::query(ONE_BY_ONE).bind(lock)).await?;
    let before = link.rows(sqlx::query(FIND_REPLACED).bind(ledger).bind(account)).await?;
    let query = sqlx::query(BEGIN).bind(ledger).bind(account).bind(digest).bind(claim).bind(expires_at);
    let begun = !link.rows(query.bind(unless_after)).await?.is_empty();
    if let Some(row) = before.first().filter(|_| begun) {
        let replaced: Vec<u8> = row.try_get(0)?;
        link.execute(sqlx::query(FORGET_REPLACED).bind(ledger).bind(replaced)).await?;
    }
    Ok(begun)
}

/// Keeps a new login that is to be confirmed.
pub(super) async fn put(link: &mut Link, ledger: &str, pending: &NewPendingEmail) -> Result<(), Fault> {
    let NewPendingEmail { account, digest, claim, expires_at } = pending;
    forget_text(link, ledger, *account, Some(digest)).await?;
    let query = sqlx::query(PUT).bind(ledger).bind(account).bind(digest).bind(claim).bind(expires_at);
    link.execute(query).await.map(|_| ())
}

/// Forgets it with its text, unless that is `keeps`.
pub(super) async fn end(link: &mut Link, ledger: &str, account: Uuid, keeps: Option<&[u8; 32]>) -> Result<(), Fault> {
    forget_text(link, ledger, account, keeps).await?;
    link.execute(sqlx::query(END).bind(ledger).bind(account)).await.map(|_| ())
}

async fn forget_text(link: &mut Link, ledger: &str, account: Uuid, keeps: Option<&[u8; 32]>) -> Result<(), Fault> {
    let keeps = keeps.map(<[u8; 32]>::as_slice);
    link.execute(sqlx::query(FORGET_TEXT).bind(ledger).bind(account).bind(keeps)).await.map(|_| ())
}

fn pending(row: &PgRow) -> Result<PendingEmail, sqlx::Error> {
    Ok(PendingEmail {
        ledger: row.try_get(0)?,
        pending: NewPendingEmail {
            account: row.try_get(1)?,
            digest: row.try_get(2)?,
            claim: row.try_get(3)?,
            expires_at: row.try_get(4)?,
        },
    })
}
