//! Erasures and what they leave, on every back end.

use uuid::Uuid;

use super::Store;
use crate::erasures::{Erasure, SubjectKey};
use crate::error::StoreError;
use crate::options::Micros;

impl Store {
    /// Writes an erasure into the ledger of erasures, which no back-up takes with it; whether it was not there before.
    /// Answers once it is durable.
    pub async fn note_erasure(&self, erasure: Erasure) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.note_erasure(erasure).await,
            Self::Postgres(store) => store.note_erasure(erasure).await,
        }
    }

    /// All erasures so far, the oldest first.
    pub async fn list_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_erasures().await,
            Self::Postgres(store) => store.list_erasures().await,
        }
    }

    /// Erasures of which something lives: a back-up has brought it back, or a crash came in between.
    pub async fn list_undone_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let mut undone = Vec::new();
        for erasure in self.list_erasures().await? {
            let keys = self.list_subject_keys(&erasure.ledger, erasure.subject).await?;
            let lives = keys.iter().any(|key| !key.destroyed && erasure.purposes.contains(&key.purpose));
            let opens =
                !erasure.digests.is_empty() && !self.open_sealed(&erasure.ledger, &erasure.digests).await?.is_empty();
            if lives || opens {
                undone.push(erasure);
            }
        }
        Ok(undone)
    }

    /// The keys that a subject has or had, those that are gone too; by purpose.
    pub async fn list_subject_keys(&self, ledger: &str, subject: Uuid) -> Result<Vec<SubjectKey>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_subject_keys(ledger, subject).await,
            Self::Postgres(store) => store.list_subject_keys(ledger, subject).await,
        }
    }

    /// Destroys sealed bytes one by one, for ever, whoever sealed them; their keys stay.
    pub async fn forget_sealed(&self, ledger: &str, digests: &[[u8; 32]]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.forget_sealed(ledger, digests).await,
            Self::Postgres(store) => store.forget_sealed(ledger, digests).await,
        }
    }

    /// Notes that a proof of identity failed.
    pub async fn note_identity_check(&self, ledger: &str, account: Uuid, at: Micros) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.note_identity_check(ledger, account, at).await,
            Self::Postgres(store) => store.note_identity_check(ledger, account, at).await,
        }
    }

    /// When proofs of identity of this account failed since `since`, the oldest first.
    pub async fn list_identity_checks(
        &self,
        ledger: &str,
        account: Uuid,
        since: Micros,
    ) -> Result<Vec<Micros>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_identity_checks(ledger, account, since).await,
            Self::Postgres(store) => store.list_identity_checks(ledger, account, since).await,
        }
    }
}
