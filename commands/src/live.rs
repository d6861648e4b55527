//! Aggregates in memory: one entry per aggregate, which is a lock and (state, sequence).
//!
//! Commands on one aggregate queue at its lock, so conflicts come only from other nodes. An entry that was evicted
//! while in use is harmless: the store settles who was first.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bordereau_domain::{
    Decider, Event, account::Account, basket::Basket, institution::Institution, order::Order, quote::Quote, shop::Shop,
    subject::Subject,
};
use bordereau_store::{Store, StoredEvent};
use moka::sync::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::failed::Failed;

/// Most aggregates of one kind that are kept.
const CAPACITY: u64 = 20_000;
/// How long an unused one is kept.
const IDLE: Duration = Duration::from_mins(15);
/// For how long a fact of another aggregate is taken from memory without asking the log: other nodes may write too.
const FRESH: Duration = Duration::from_millis(200);

/// An aggregate in memory.
#[derive(Debug)]
pub(crate) struct Entry<D> {
    pub(crate) state: D,
    pub(crate) sequence: u64,
    confirmed: Option<Instant>,
}

impl<D: Default> Default for Entry<D> {
    fn default() -> Self {
        Self { state: D::default(), sequence: 0, confirmed: None }
    }
}

/// A fact of another aggregate: its state as of its sequence.
#[derive(Clone, Debug)]
pub struct Peeked<T> {
    /// What was asked for.
    pub value: T,
    /// The aggregate's sequence.
    pub sequence: u64,
}

/// The aggregates of one kind.
#[derive(Debug)]
pub struct Live<D: Decider> {
    entries: Cache<(String, String), Arc<Mutex<Entry<D>>>>,
}

impl<D: Housed> Default for Live<D> {
    fn default() -> Self {
        Self { entries: Cache::builder().max_capacity(CAPACITY).time_to_idle(IDLE).build() }
    }
}

/// A decider that has its place in memory, and its events in the catalogue.
pub trait Housed: Decider {
    /// Where aggregates of its kind are kept.
    fn live(kinds: &Kinds) -> &Live<Self>;

    /// The decider's own event, if it is one.
    fn own(event: Event) -> Option<Self::Event>;
}

macro_rules! kinds {
    ($($kind:ident: $aggregate:ident),+ $(,)?) => {
        /// The aggregates in memory, by kind.
        #[derive(Debug, Default)]
        pub struct Kinds { $(pub(crate) $kind: Live<$aggregate>),+ }

        $(impl Housed for $aggregate {
            fn live(kinds: &Kinds) -> &Live<Self> { &kinds.$kind }

            fn own(event: Event) -> Option<Self::Event> {
                if let Event::$aggregate(event) = event { Some(event) } else { None }
            }
        })+
    };
}
kinds! {
    shops: Shop,
    institutions: Institution,
    accounts: Account,
    subjects: Subject,
    baskets: Basket,
    quotes: Quote,
    orders: Order,
}

/// Reads a stored event as one of `D`'s.
fn decode<D: Housed>(stored: &StoredEvent) -> Result<D::Event, Failed<D::Error>> {
    let event = Event::decode(&stored.aggregate_type, &stored.event_type, &stored.event_version, &stored.payload)?;
    D::own(event).ok_or_else(|| Failed::Broken(format!("{} is no event of {}", stored.event_type, D::TYPE)))
}

impl<D: Housed> Live<D> {
    /// The aggregate's lock, taken.
    pub(crate) async fn lock(&self, shop: &str, id: &str) -> OwnedMutexGuard<Entry<D>> {
        let entry = self.entries.get_with((shop.to_owned(), id.to_owned()), Arc::default);
        entry.lock_owned().await
    }

    /// Asks about another aggregate. Never older than [`FRESH`] on another node, never stale on this one.
    pub(crate) async fn peek<T>(
        &self,
        store: &Store,
        shop: &str,
        id: &str,
        ask: impl FnOnce(&D) -> T + Send,
    ) -> Result<Peeked<T>, Failed<D::Error>> {
        self.peek_since(store, shop, id, FRESH, ask).await
    }

    /// The same, never older than `age` on another node.
    pub(crate) async fn peek_since<T>(
        &self,
        store: &Store,
        shop: &str,
        id: &str,
        age: Duration,
        ask: impl FnOnce(&D) -> T + Send,
    ) -> Result<Peeked<T>, Failed<D::Error>> {
        let mut entry = self.lock(shop, id).await;
        if entry.confirmed.is_none_or(|at| at.elapsed() >= age) {
            entry.catch_up(store, shop, id).await?;
        }
        Ok(Peeked { value: ask(&entry.state), sequence: entry.sequence })
    }
}

impl<D: Housed> Entry<D> {
    /// Reads what the log holds after the sequence in memory; true when something was new.
    pub(crate) async fn catch_up(&mut self, store: &Store, shop: &str, id: &str) -> Result<bool, Failed<D::Error>> {
        let tail = store.load(shop, D::TYPE, id, self.sequence).await?;
        for stored in &tail {
            self.state.evolve(&decode::<D>(stored)?);
            self.sequence = stored.sequence;
        }
        self.confirmed = Some(Instant::now());
        Ok(!tail.is_empty())
    }

    /// Takes over events that were just committed.
    pub(crate) fn advance(&mut self, events: &[D::Event], sequence: u64) {
        for event in events {
            self.state.evolve(event);
        }
        self.sequence = sequence;
    }

    /// Forgets everything: the log will be read anew.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
