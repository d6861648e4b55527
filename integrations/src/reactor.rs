//! The frame of every reactor: it follows the log of each shop from its own checkpoint, under a lease.
//!
//! An aggregate whose event cannot be dealt with is set aside at that event, whose later events wait behind it, and is
//! tried again every few minutes; all others go on. While the outside or the store cannot be reached nothing is set
//! aside: the reactor waits and tries again.

use std::{sync::Arc, time::Duration};

use bordereau_projections::Recorded;
use bordereau_store::{Clock, Store};
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

mod board;
mod follow;
mod lease;
mod timed;

pub use board::{Board, Standing};
use follow::Follower;

/// Why an event was not dealt with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// What is needed cannot be reached now; the reason holds no personal data.
    #[error("not now: {0}")]
    NotNow(String),
    /// This event can never be dealt with as things are; the reason holds no personal data.
    #[error("not at all: {0}")]
    Never(String),
}

/// Deals with events, one at a time, in the order of the log.
pub trait Reactor: Send + Sync + 'static {
    /// Names its lease and checkpoint in the store.
    const NAME: &'static str;

    /// Does what the event asks for. Comes again with the same event after a crash: whatever it does must be the same
    /// when done twice, by the event's id.
    fn react(&self, event: &Recorded) -> impl Future<Output = Result<(), Trouble>> + Send;
}

/// This process, as the leases know it.
#[derive(Clone)]
pub struct Node {
    /// Where the log, leases and checkpoints are.
    pub store: Store,
    /// The time of leases.
    pub clock: Clock,
    /// Made when the process starts.
    pub id: Uuid,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Node").field(&self.id).finish()
    }
}

/// The reactors of this process.
#[derive(Debug)]
pub struct Reactors {
    node: Node,
    board: Board,
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Reactors {
    /// None yet; how they stand is shown on `board`.
    pub fn new(node: Node, board: Board) -> Self {
        Self { node, board, tasks: JoinSet::new(), stop: watch::Sender::new(false) }
    }

    /// Starts one that follows the log.
    pub fn follow<R: Reactor>(&mut self, reactor: R) {
        self.board.enter(R::NAME);
        let follower = Follower::new(self.node.clone(), Arc::new(reactor), self.board.clone());
        self.tasks.spawn(follower.run(self.stop.subscribe()));
    }

    /// Starts one that looks at each shop every so often: `pass` gets the shop's code.
    pub fn every<F, W>(&mut self, name: &'static str, period: Duration, pass: F)
    where
        F: Fn(String) -> W + Send + Sync + 'static,
        W: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.board.enter(name);
        let task = timed::run(self.node.clone(), name, period, pass, self.board.clone(), self.stop.subscribe());
        self.tasks.spawn(task);
    }

    /// Lets each finish what it has in hand and give its leases back.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a reactor has ended badly");
            }
        }
    }
}
