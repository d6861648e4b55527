//! Feeding views: one reader for all that stand at about the same place, each item decoded once.

use std::{
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::Arc,
};

use bordereau_store::{Head, Store, StoreError};
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};
use uuid::Uuid;

use crate::{
    progress::{Halt, Published},
    view::{Item, Read},
    worker::{Batch, Message},
};

/// How many items are read at once.
const BATCH: usize = 1_000;
/// How many batches may wait at a view before it counts as slow.
pub(crate) const INBOX: usize = 16;
/// How many items apart views may be to be fed together at the start.
const FAR: u64 = 10_000;

/// A view as its feeder sees it.
#[derive(Debug)]
pub(crate) struct Seat<I> {
    /// How far it came.
    pub(crate) published: Arc<Published>,
    /// Where it is told what to do.
    pub(crate) inbox: mpsc::Sender<Message<I>>,
    /// Where a file that was rebuilt for it would be offered.
    pub(crate) offer: PathBuf,
}

/// How a feeder treats a view whose inbox is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// Waits for it: nobody else is waiting.
    Slowest,
    /// Goes on without it: it will read for itself.
    Fastest,
}

/// Views that are fed together.
#[derive(Debug)]
pub(crate) struct Feed<I> {
    store: Store,
    seats: Vec<Seat<I>>,
    /// Up to where items were handed out, by shop.
    handed: HashMap<String, u64>,
    /// Shops whose next item cannot be decoded.
    poisoned: HashSet<String>,
    /// Epochs that were seen, by shop.
    epochs: HashMap<String, Uuid>,
}

/// What a round of feeding led to.
pub(crate) enum Round<I> {
    /// All heads are reached; these views were too slow and go on by themselves.
    Level(Vec<Feed<I>>),
    /// A ledger has another history than the one that was fed: all views must be looked at anew.
    OtherHistory,
}

impl<I: Item> Feed<I> {
    /// Nobody.
    pub(crate) fn empty(store: &Store) -> Self {
        Self {
            store: store.clone(),
            seats: Vec::new(),
            handed: HashMap::new(),
            poisoned: HashSet::new(),
            epochs: HashMap::new(),
        }
    }

    /// These views, from the lowest of their checkpoints on.
    fn of(store: &Store, seats: Vec<Seat<I>>) -> Self {
        let mut feed = Self { seats, ..Self::empty(store) };
        let mut shops = HashSet::new();
        for seat in &feed.seats {
            seat.published.look(|progress| shops.extend(progress.reached.keys().cloned()));
        }
        for shop in shops {
            let lowest = feed.seats.iter().map(|seat| seat.published.look(|progress| progress.position(&shop))).min();
            feed.handed.insert(shop, lowest.unwrap_or(0));
        }
        feed
    }

    /// Gives up its views.
    pub(crate) fn into_seats(self) -> Vec<Seat<I>> {
        self.seats
    }

    /// Gives up the views for which a rebuilt file is offered, once they have taken it.
    pub(crate) async fn take_offered(&mut self) -> Vec<Seat<I>> {
        let (offered, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.seats).into_iter().partition(|seat| seat.offer.exists());
        self.seats = others;
        for seat in &offered {
            ask(seat, Message::Adopt).await;
        }
        offered
    }

    /// Takes in the views of another feed.
    pub(crate) fn merge(&mut self, other: Self) {
        if self.seats.is_empty() {
            *self = other;
            return;
        }
        for (shop, handed) in &mut self.handed {
            *handed = (*handed).min(other.handed.get(shop).copied().unwrap_or(0));
        }
        self.seats.extend(other.seats);
        self.poisoned.extend(other.poisoned);
    }

    /// Feeds until all heads are reached, waiting for the slowest view, then tells the views so.
    ///
    /// # Errors
    /// The feed itself, where the store or the history must be looked at again.
    pub(crate) async fn catch_up(mut self) -> Result<Self, Self> {
        match self.round_at(Pace::Slowest).await {
            Ok(Round::Level(_)) => {
                for seat in &self.seats {
                    // A view that has gone is noticed by whoever waits for it.
                    drop(seat.inbox.send(Message::Level).await);
                }
                Ok(self)
            }
            Ok(Round::OtherHistory) => Err(self),
            Err(error) => {
                tracing::warn!(%error, "the log cannot be read: trying again");
                Err(self)
            }
        }
    }

    /// Feeds until all heads are reached, without those that cannot follow.
    pub(crate) async fn round(&mut self) -> Result<Round<I>, StoreError> {
        if self.seats.is_empty() { Ok(Round::Level(Vec::new())) } else { self.round_at(Pace::Fastest).await }
    }

    async fn round_at(&mut self, pace: Pace) -> Result<Round<I>, StoreError> {
        let mut slow = Vec::new();
        loop {
            let heads = self.store.heads().await?;
            self.note(&heads);
            if self.is_other_history(&heads) {
                self.seats.extend(slow.into_iter().flat_map(Self::into_seats));
                return Ok(Round::OtherHistory);
            }
            let mut level = true;
            for head in &heads {
                level &= self.hand_out(head, pace, &mut slow).await?;
            }
            // What was appended since wakes the reader again.
            if level {
                return Ok(Round::Level(slow));
            }
        }
    }

    /// Shows the views where the heads are.
    fn note(&self, heads: &[Head]) {
        let heads: Arc<HashMap<String, u64>> =
            Arc::new(heads.iter().map(|head| (head.ledger.clone(), I::head(head))).collect());
        for seat in &self.seats {
            seat.published.note_heads(&heads);
        }
    }

    fn is_other_history(&mut self, heads: &[Head]) -> bool {
        let mut other = false;
        for head in heads {
            let known = self.epochs.insert(head.ledger.clone(), head.epoch);
            let handed = self.handed.get(&head.ledger).copied().unwrap_or(0);
            other |= known.is_some_and(|known| known != head.epoch) || handed > I::head(head);
        }
        other
    }

    /// Hands out the next items of one ledger; whether its head, or what cannot be decoded, is reached.
    async fn hand_out(&mut self, head: &Head, pace: Pace, slow: &mut Vec<Self>) -> Result<bool, StoreError> {
        let shop = &head.ledger;
        let handed = self.handed.get(shop).copied().unwrap_or(0);
        if handed >= I::head(head) || self.poisoned.contains(shop) {
            return Ok(true);
        }
        let Read { items, poison } = I::read(&self.store, shop, handed, BATCH).await?;
        let ledger: Arc<str> = Arc::from(shop.as_str());
        let last = items.last().map(Item::position);
        if !items.is_empty() {
            let batch = Batch { shop: Arc::clone(&ledger), epoch: head.epoch, items: Arc::from(items) };
            self.tell(pace, slow, || Message::Apply(batch.clone())).await;
            // After the telling: who was too slow begins where this batch begins.
            self.handed.insert(shop.clone(), last.unwrap_or(handed));
        }
        if let Some((position, reason)) = &poison {
            let halt = Halt { position: *position, reason: reason.clone() };
            self.tell(pace, slow, || Message::Halt { shop: Arc::clone(&ledger), halt: halt.clone() }).await;
            self.poisoned.insert(shop.clone());
        }
        Ok(poison.is_some() || last.is_none_or(|last| last >= I::head(head)))
    }

    async fn tell(&mut self, pace: Pace, slow: &mut Vec<Self>, message: impl Fn() -> Message<I>) {
        let mut following = Vec::with_capacity(self.seats.len());
        for seat in std::mem::take(&mut self.seats) {
            match pace {
                Pace::Slowest => {
                    if seat.inbox.send(message()).await.is_ok() {
                        following.push(seat);
                    }
                }
                Pace::Fastest => match seat.inbox.try_send(message()) {
                    Ok(()) => following.push(seat),
                    Err(TrySendError::Full(_)) => slow.push(self.split_off(seat)),
                    Err(TrySendError::Closed(_)) => {}
                },
            }
        }
        self.seats = following;
    }

    /// A feed for one view that cannot follow.
    fn split_off(&self, seat: Seat<I>) -> Self {
        Self {
            store: self.store.clone(),
            seats: vec![seat],
            handed: self.handed.clone(),
            poisoned: HashSet::new(),
            epochs: self.epochs.clone(),
        }
    }
}

/// Compares each view's checkpoints with the log, has those of another history built anew, and puts views that stand at
/// about the same place into one feed, which begins at the lowest of their checkpoints.
///
/// # Errors
/// The views back, where the store cannot be asked.
pub(crate) async fn seat<I: Item>(store: &Store, seats: Vec<Seat<I>>) -> Result<Vec<Feed<I>>, Vec<Seat<I>>> {
    match compare(store, &seats).await {
        Err(error) => {
            tracing::warn!(%error, "the log cannot be read: trying again");
            Err(seats)
        }
        Ok(heads) => {
            let behind = |seat: &Seat<I>| -> u64 {
                let to_come = |head: &Head, at: u64| I::head(head).saturating_sub(at);
                seat.published
                    .look(|progress| heads.iter().map(|head| to_come(head, progress.position(&head.ledger))).sum())
            };
            let (far, near): (Vec<_>, Vec<_>) = seats.into_iter().partition(|seat| behind(seat) > FAR);
            let together = [near, far].into_iter().filter(|seats| !seats.is_empty());
            Ok(together.map(|seats| Feed::of(store, seats)).collect())
        }
    }
}

async fn compare<I: Item>(store: &Store, seats: &[Seat<I>]) -> Result<Vec<Head>, StoreError> {
    for seat in seats {
        ask(seat, Message::Settle).await;
    }
    let heads = store.heads().await?;
    for seat in seats {
        if !is_of(store, &heads, seat).await? {
            ask(seat, Message::Rebuild).await;
        }
    }
    Ok(heads)
}

/// Waits until a view has done what it was told.
async fn ask<I>(seat: &Seat<I>, question: impl FnOnce(oneshot::Sender<()>) -> Message<I>) {
    let (done, answer) = oneshot::channel();
    if seat.inbox.send(question(done)).await.is_ok() {
        // A view that has gone answers nothing, and is fed nothing.
        drop(answer.await);
    }
}

/// Whether a view was made of this very log.
async fn is_of<I: Item>(store: &Store, heads: &[Head], seat: &Seat<I>) -> Result<bool, StoreError> {
    let checkpoints = seat.published.look(|progress| progress.reached.clone());
    for (shop, checkpoint) in checkpoints {
        let Some(head) = heads.iter().find(|head| head.ledger == shop) else { return Ok(false) };
        if I::mark_at(store, head, checkpoint.position).await? != Some(checkpoint.mark) {
            return Ok(false);
        }
    }
    Ok(true)
}
