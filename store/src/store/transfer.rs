//! Moving ledgers: what an export reads beside the events, and how they are brought in.

use tokio::sync::mpsc;

use super::Store;
use crate::error::StoreError;
use crate::import::ImportPart;
use crate::log::Head;
use crate::vault::SealedField;

impl Store {
    /// At most `limit` sealed fields of one ledger after a digest, by digest, as they are stored. An empty `after` asks
    /// for the first ones.
    pub async fn list_sealed(&self, ledger: &str, after: &[u8], limit: usize) -> Result<Vec<SealedField>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_sealed(ledger, after, limit).await,
            Self::Postgres(store) => store.list_sealed(ledger, after, limit).await,
        }
    }

    /// Brings in a ledger as it was elsewhere: positions, ids, times of recording, payloads and sealed data as they are,
    /// all of it or nothing. The ledger must not exist. Its epoch is a new one: from here on it is another history than
    /// the one it was copied from. Document numbers go on above those that were given.
    ///
    /// # Errors
    /// [`StoreError::Refused`], when the ledger exists or the parts do not make up what their end promises; they end
    /// with [`ImportPart::End`], else nothing is kept.
    pub async fn import_ledger(&self, ledger: &str, parts: mpsc::Receiver<ImportPart>) -> Result<Head, StoreError> {
        match self {
            Self::Sqlite(store) => store.import_ledger(ledger, parts).await?,
            Self::Postgres(store) => store.import_ledger(ledger, parts).await?,
        }
        self.head(ledger).await?.ok_or(StoreError::UnknownLedger)
    }
}
