//! Document numbers: unique in a shop, never reused; gaps are allowed. Taken from the store in small blocks, so that a
//! document does not wait for a transaction of its own; a restart leaves the rest of a block unused.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{Arc, PoisonError},
};

use bordereau_store::{Store, StoreError};
use tokio::sync::Mutex;

/// How many numbers are taken at once.
const BLOCK: u64 = 8;

/// What is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Numbered {
    /// Baskets.
    Basket,
    /// Quotes.
    Quote,
    /// Orders.
    Order,
}

impl Numbered {
    const fn counter(self) -> &'static str {
        match self {
            Self::Basket => "basket",
            Self::Quote => "quote",
            Self::Order => "order",
        }
    }
}

type Block = Arc<Mutex<Range<u64>>>;

/// Blocks of numbers in hand.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    blocks: std::sync::Mutex<HashMap<(String, Numbered), Block>>,
}

impl Numbers {
    /// The next number of this kind in this shop.
    pub(crate) async fn next(&self, store: &Store, shop: &str, kind: Numbered) -> Result<u64, StoreError> {
        let block = {
            let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(blocks.entry((shop.to_owned(), kind)).or_default())
        };
        let mut block = block.lock().await;
        if let Some(number) = block.next() {
            return Ok(number);
        }
        let first = store.take_numbers(shop, kind.counter(), BLOCK).await?;
        *block = first + 1..first + BLOCK;
        Ok(first)
    }
}
