//! Second factors on every back end.

use uuid::Uuid;

use super::Store;
use crate::access::SecondFactor;
use crate::error::StoreError;
use crate::options::Micros;

impl Store {
    /// Keeps a secret, sealed, that waits for ten minutes to be proven; an older one that waits is replaced. False when one
    /// is in use.
    pub async fn begin_second_factor(
        &self,
        ledger: &str,
        account: Uuid,
        secret: &str,
        now: Micros,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.begin_second_factor(ledger, account, secret, now).await,
            Self::Postgres(store) => store.begin_second_factor(ledger, account, secret, now).await,
        }
    }

    /// The second factor of an account, waiting still or in use.
    pub async fn find_second_factor(
        &self,
        ledger: &str,
        account: Uuid,
        now: Micros,
    ) -> Result<Option<SecondFactor>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_second_factor(ledger, account, now).await,
            Self::Postgres(store) => store.find_second_factor(ledger, account, now).await,
        }
    }

    /// Uses the code of a time step; false when that step or a later one was used, on any node.
    pub async fn use_second_factor_step(&self, ledger: &str, account: Uuid, step: i64) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.use_second_factor_step(ledger, account, step).await,
            Self::Postgres(store) => store.use_second_factor_step(ledger, account, step).await,
        }
    }

    /// Uses a recovery code; false when there is none of that hash any more.
    pub async fn use_recovery_code(
        &self,
        ledger: &str,
        account: Uuid,
        code_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.use_recovery_code(ledger, account, code_hash).await,
            Self::Postgres(store) => store.use_recovery_code(ledger, account, code_hash).await,
        }
    }
}
