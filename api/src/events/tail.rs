//! The live ends of the ledgers that are followed: what is new is read and written once, for all who follow.
//!
//! One task reads for all ledgers, by position, while anybody follows. Followers look at how far it has come and take
//! the recent past from memory; whoever wants what is older reads the log by himself. A tail belongs to one history: with
//! another epoch it is over, and so is every stream at it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bordereau_store::{Head, StoreError};
use tokio::{sync::watch, time::MissedTickBehavior};
use uuid::Uuid;

use super::batch::{Batch, Recent};
use crate::app::{App, Phase};

/// How often the heads are looked at although nobody woke the reader: other processes write too.
const POLL: Duration = Duration::from_millis(200);
/// Events that are read at once.
const CHUNK: usize = 500;
/// What it costs to hand something to one follower: more often than all can be served nobody is told.
const REST_PER_FOLLOWER: Duration = Duration::from_micros(20);
/// The longest rest, so that nobody waits for the many.
const LONGEST_REST: Duration = Duration::from_millis(20);

/// The tails of all ledgers that are followed.
#[derive(Debug, Default)]
pub struct Tails(Mutex<Followed>);

#[derive(Debug, Default)]
struct Followed {
    tails: HashMap<String, Arc<Tail>>,
    /// Whether the reader's task runs.
    running: bool,
}

/// The live end of one ledger's one history.
#[derive(Debug)]
pub(super) struct Tail {
    ledger: String,
    epoch: Uuid,
    recent: Mutex<Recent>,
    reached: watch::Sender<Reached>,
}

/// How far a tail has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The last position read.
    pub position: u64,
    /// Nothing will come any more: the history is another one.
    pub over: bool,
}

/// Somebody's hold on a tail.
#[derive(Debug)]
pub struct Following {
    /// How far it has come.
    pub reached: watch::Receiver<Reached>,
    tail: Arc<Tail>,
}

/// Why a tail cannot go on for now.
#[derive(Debug, thiserror::Error)]
enum TailError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("an event cannot be shown")]
    Shape(#[from] serde_json::Error),
}

impl Following {
    /// The batch that holds the event right after a position, if that was not too long ago.
    pub fn after(&self, position: u64) -> Option<Arc<Batch>> {
        lock(&self.tail.recent).after(position)
    }
}

impl Tails {
    /// Follows a ledger from its head on.
    pub fn follow(app: &App, head: &Head) -> Following {
        let mut followed = lock(&app.tails.0);
        let known = followed.tails.get(&head.ledger).filter(|tail| tail.epoch == head.epoch && !tail.now().over);
        let tail = known.map_or_else(|| Arc::new(Tail::at(head)), Arc::clone);
        followed.tails.insert(head.ledger.clone(), Arc::clone(&tail));
        let following = Following { reached: tail.reached.subscribe(), tail };
        if !followed.running {
            followed.running = true;
            tokio::spawn(run(app.clone()));
        }
        following
    }

    /// The tails that somebody follows, and how many follow; the task ends when there are none.
    fn followed(&self) -> (Vec<Arc<Tail>>, usize) {
        let mut followed = lock(&self.0);
        followed.tails.retain(|_, tail| tail.reached.receiver_count() > 0);
        followed.running = !followed.tails.is_empty();
        let followers = followed.tails.values().map(|tail| tail.reached.receiver_count()).sum();
        (followed.tails.values().map(Arc::clone).collect(), followers)
    }
}

impl Tail {
    fn at(head: &Head) -> Self {
        Self {
            ledger: head.ledger.clone(),
            epoch: head.epoch,
            recent: Mutex::default(),
            reached: watch::Sender::new(Reached { position: head.position, over: false }),
        }
    }

    fn now(&self) -> Reached {
        *self.reached.borrow()
    }

    fn end(&self) {
        self.reached.send_modify(|reached| reached.over = true);
    }

    /// Whether a head is of this tail's history.
    fn is_of(&self, head: Option<&Head>) -> bool {
        head.is_some_and(|head| head.epoch == self.epoch && head.position >= self.now().position)
    }

    /// Reads up to the head; whether anything was new.
    async fn read_on(&self, app: &App, base: &str) -> Result<bool, TailError> {
        let mut told = false;
        loop {
            let rows = app.store.read(&self.ledger, self.now().position, CHUNK).await?;
            let complete = rows.len() < CHUNK;
            let Some(batch) = Batch::write(rows, base)? else { return Ok(told) };
            // Asked after the reading: what was read is of the history that it is told as.
            if !self.is_of(app.store.head(&self.ledger).await?.as_ref()) {
                self.end();
                return Ok(told);
            }
            let position = batch.last();
            lock(&self.recent).push(batch);
            self.reached.send_modify(|reached| reached.position = position);
            told = true;
            if complete {
                return Ok(told);
            }
        }
    }
}

/// Reads for all who follow, until nobody does or the service stops.
async fn run(app: App) {
    let _guard = Guard(app.clone());
    let (mut appended, mut phase) = (app.store.appended(), app.phase.subscribe());
    let mut poll = tokio::time::interval(POLL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            Ok(()) = appended.changed() => {}
            _ = poll.tick() => {}
        }
        let (tails, followers) = app.tails.followed();
        if tails.is_empty() {
            return;
        }
        match round(&app, &tails).await {
            Ok(true) => {
                let rest = REST_PER_FOLLOWER.saturating_mul(u32::try_from(followers).unwrap_or(u32::MAX));
                let stopping = phase.wait_for(|phase| *phase == Phase::Stopping);
                // Over when the time is, or when there is no reason to rest any more.
                let _ = tokio::time::timeout(rest.min(LONGEST_REST), stopping).await;
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the log cannot be read: trying again"),
        }
    }
}

/// Looks at every followed ledger once; whether anything was new.
async fn round(app: &App, tails: &[Arc<Tail>]) -> Result<bool, StoreError> {
    let base = app.settings.base_url();
    let heads = app.store.heads().await?;
    let mut told = false;
    for tail in tails {
        let head = heads.iter().find(|head| head.ledger == tail.ledger);
        if !tail.is_of(head) {
            tail.end();
        } else if head.is_some_and(|head| head.position > tail.now().position) {
            match tail.read_on(app, &base).await {
                Ok(new) => told |= new,
                Err(TailError::Store(error)) => return Err(error),
                Err(TailError::Shape(error)) => {
                    tracing::error!(%error, shop = tail.ledger, after = tail.now().position, "an event cannot be shown");
                    tail.end();
                }
            }
        }
    }
    Ok(told)
}

/// Lets nobody wait for a reader that has died.
struct Guard(App);

impl Drop for Guard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut followed = lock(&self.0.tails.0);
            followed.running = false;
            followed.tails.drain().for_each(|(_, tail)| tail.end());
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
