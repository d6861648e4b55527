//! What a read model is, and what it is fed with.

use std::sync::Arc;

use bordereau_store::{Head, Store, StoreError};
use rusqlite::Transaction;
use uuid::Uuid;

use crate::{error::ApplyError, recorded::Recorded};

/// A read model: tables in a file of its own, made of nothing but what it is fed with.
///
/// Applying the same items in the same order gives the same rows, however they are cut into batches. A view may keep
/// what it folds in memory until `flush`, which comes before every commit.
pub(crate) trait View: Send + 'static {
    /// What it is fed with.
    type Item: Item;
    /// Its name, for example `basket_tray`: of its file, of its metrics, in `/readyz`.
    const NAME: &'static str;
    /// Raised with every change of its tables or of what it writes into them: a new version builds a new file.
    const VERSION: u32;
    /// Its tables.
    const DDL: &'static [&'static str];
    /// Its indexes that nothing asks before the file is read: made once it is built, each `IF NOT EXISTS`.
    const INDEXES: &'static str = "";

    /// Takes in one item.
    ///
    /// # Errors
    /// [`ApplyError`]: the view stops for this shop here, unless the failure is a passing one.
    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, item: &Self::Item) -> Result<(), ApplyError>;

    /// Writes what was kept in memory. A batch is of one shop.
    ///
    /// # Errors
    /// As `apply`.
    fn flush(&mut self, tx: &Transaction<'_>, shop: &Arc<str>) -> Result<(), ApplyError>;

    /// Forgets what it keeps in memory: the batch was rolled back.
    fn forget(&mut self);
}

/// What views are fed with: events of the log, or revisions of articles.
pub(crate) trait Item: Send + Sync + Sized + 'static {
    /// Its place in its shop's ledger.
    fn position(&self) -> u64;
    /// What a checkpoint after it remembers, to recognise another history.
    fn mark(&self, epoch: Uuid) -> Uuid;
    /// How far a ledger goes.
    fn head(head: &Head) -> u64;
    /// The next items of a ledger.
    fn read(
        store: &Store,
        shop: &str,
        after: u64,
        limit: usize,
    ) -> impl Future<Output = Result<Read<Self>, StoreError>> + Send;
    /// What a checkpoint at this position should remember; nothing if there is no such place.
    fn mark_at(
        store: &Store,
        head: &Head,
        position: u64,
    ) -> impl Future<Output = Result<Option<Uuid>, StoreError>> + Send;
}

/// Items that were read, and what came after them if it cannot be read.
pub(crate) struct Read<I> {
    /// The items, by position.
    pub(crate) items: Vec<I>,
    /// The position after them that cannot be decoded, and why.
    pub(crate) poison: Option<(u64, String)>,
}

impl Item for Recorded {
    fn position(&self) -> u64 {
        self.position
    }

    fn mark(&self, _: Uuid) -> Uuid {
        self.event_id
    }

    fn head(head: &Head) -> u64 {
        head.position
    }

    async fn read(store: &Store, shop: &str, after: u64, limit: usize) -> Result<Read<Self>, StoreError> {
        let stored = store.read(shop, after, limit).await?;
        let many = stored.len() > INLINE;
        let decode = move || {
            let mut items = Vec::with_capacity(stored.len());
            for event in stored {
                let position = event.position;
                match Self::decode(event) {
                    Ok(recorded) => items.push(recorded),
                    Err(error) => return Read { items, poison: Some((position, error.to_string())) },
                }
            }
            Read { items, poison: None }
        };
        // A few events are decoded sooner than a thread takes over.
        if many {
            tokio::task::spawn_blocking(decode).await.map_err(|e| StoreError::Unavailable(e.to_string()))
        } else {
            Ok(decode())
        }
    }

    async fn mark_at(store: &Store, head: &Head, position: u64) -> Result<Option<Uuid>, StoreError> {
        if position == 0 || position > head.position {
            return Ok(None);
        }
        Ok(store.read(&head.ledger, position - 1, 1).await?.first().map(|event| event.event_id))
    }
}

/// How many events are decoded on the reading task itself.
const INLINE: usize = 64;
