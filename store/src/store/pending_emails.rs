//! New logins that wait, on every back end. They are put and ended by [`Beside`](crate::Beside).

use uuid::Uuid;

use super::Store;
use crate::error::StoreError;
use crate::options::Micros;
use crate::pending_emails::{NewPendingEmail, PendingEmail};

impl Store {
    /// Takes the turn to ask for a new login: `false`, and nothing written, when one that expires after `unless_after` was
    /// asked for by this account, or for this address by anybody, on whichever node. What waited before ends.
    pub async fn begin_pending_email(
        &self,
        ledger: &str,
        pending: NewPendingEmail,
        unless_after: Micros,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.begin_pending_email(ledger, pending, unless_after).await,
            Self::Postgres(store) => store.begin_pending_email(ledger, pending, unless_after).await,
        }
    }

    /// The new login that an account waits for, dead or alive.
    pub async fn find_pending_email(&self, ledger: &str, account: Uuid) -> Result<Option<PendingEmail>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_pending_email(ledger, account).await,
            Self::Postgres(store) => store.find_pending_email(ledger, account).await,
        }
    }

    /// The new login behind a link's token, dead or alive.
    pub async fn find_pending_email_by_link(&self, token_hash: &[u8; 32]) -> Result<Option<PendingEmail>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_pending_email_by_link(token_hash).await,
            Self::Postgres(store) => store.find_pending_email_by_link(token_hash).await,
        }
    }

    /// Says which link confirms a new login; whether the account still waits for just this one. A link that was set
    /// before is dead.
    pub async fn set_email_link(
        &self,
        ledger: &str,
        account: Uuid,
        digest: &[u8; 32],
        token_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.set_email_link(ledger, account, digest, token_hash).await,
            Self::Postgres(store) => store.set_email_link(ledger, account, digest, token_hash).await,
        }
    }
}
