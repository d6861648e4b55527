//! One queue per ledger and a few connections that write. A ledger with work has one task that drains it: it waits for
//! its turn, takes all that waits, commits it, answers. Ledgers take turns in the order of asking and never wait inside
//! one another's transactions.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::append::commit;
use super::batch::Answer;
use super::failure::Fault;
use super::follow::Followers;
use super::link::{Links, Turn};
use crate::error::AppendError;
use crate::log::{Append, Beside, Receipt};
use crate::options::Clock;

/// Commands that may wait, over all ledgers; beyond it callers wait to put theirs.
const WAITING: u32 = 4096;
/// How long a caller waits to put a command.
const PATIENCE: Duration = Duration::from_secs(2);
/// A batch takes no further command once it has this many events.
const BATCH_EVENTS: usize = 1024;
/// The same in bytes of payload, metadata and sealed data.
const BATCH_BYTES: usize = 4 << 20;

const CLOSED: &str = "the store is closed";
const FULL: &str = "too many commands are waiting";
const LOST: &str = "the writer stopped before it answered";

/// A command and the place where its answer goes.
struct Job {
    append: Append,
    reply: oneshot::Sender<Answer>,
    _room: OwnedSemaphorePermit,
}

/// The queues.
#[derive(Clone)]
pub(super) struct Queue {
    shared: Arc<Shared>,
}

struct Shared {
    links: Links,
    clock: Clock,
    followers: Arc<Followers>,
    room: Arc<Semaphore>,
    closed: AtomicBool,
    /// A ledger is here as long as a task drains it.
    lanes: Mutex<HashMap<String, VecDeque<Job>>>,
}

impl Queue {
    pub(super) fn new(links: Links, clock: Clock, followers: Arc<Followers>) -> Self {
        let room = Arc::new(Semaphore::new(WAITING as usize));
        let (closed, lanes) = (AtomicBool::new(false), Mutex::default());
        Self { shared: Arc::new(Shared { links, clock, followers, room, closed, lanes }) }
    }

    /// Has a command appended. It is written even if the caller goes away.
    pub(super) async fn append(&self, append: Append) -> Result<Receipt, AppendError> {
        let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&self.shared.room).acquire_owned());
        let room = match waiting.await {
            Ok(Ok(room)) => room,
            Ok(Err(_)) => return Err(AppendError::Unavailable(CLOSED.to_owned())),
            Err(_) => return Err(AppendError::Unavailable(FULL.to_owned())),
        };
        if self.shared.closed.load(Ordering::SeqCst) {
            return Err(AppendError::Unavailable(CLOSED.to_owned()));
        }
        let (reply, answer) = oneshot::channel();
        self.put(Job { append, reply, _room: room });
        answer.await.unwrap_or_else(|_| Err(AppendError::Unknown(LOST.to_owned())))
    }

    fn put(&self, job: Job) {
        let ledger = job.append.ledger.clone();
        let mut lanes = self.shared.lanes();
        if let Some(lane) = lanes.get_mut(&ledger) {
            lane.push_back(job);
        } else {
            lanes.insert(ledger.clone(), VecDeque::from([job]));
            let lane = Lane { shared: Arc::clone(&self.shared), ledger };
            tokio::spawn(lane.drain());
        }
    }

    /// Takes nothing more and returns when all that waited has been answered.
    pub(super) async fn close(&self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        // Every command holds its room until it is answered. The room itself is never closed, so this cannot fail.
        self.shared.room.acquire_many(WAITING).await.ok();
    }
}

impl Shared {
    fn lanes(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Job>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task that drains one ledger's queue.
struct Lane {
    shared: Arc<Shared>,
    ledger: String,
}

impl Lane {
    async fn drain(self) {
        while self.has_work() {
            let turn = self.shared.links.turn().await;
            let batch = self.take();
            self.write(turn, batch).await;
        }
    }

    /// Whether anything waits; if nothing does, the lane is closed and the next command opens a new one.
    fn has_work(&self) -> bool {
        let mut lanes = self.shared.lanes();
        let waits = lanes.get(&self.ledger).is_some_and(|lane| !lane.is_empty());
        if !waits {
            lanes.remove(&self.ledger);
        }
        waits
    }

    /// All that waits, as far as it fits. A command that opens the ledger is a batch of its own.
    fn take(&self) -> Vec<Job> {
        let (mut batch, mut events, mut bytes) = (Vec::new(), 0, 0);
        let mut lanes = self.shared.lanes();
        let Some(lane) = lanes.get_mut(&self.ledger) else { return batch };
        while events < BATCH_EVENTS && bytes < BATCH_BYTES && batch.len() < BATCH_EVENTS {
            let Some(job) = lane.pop_front() else { break };
            if job.append.opens_ledger && !batch.is_empty() {
                lane.push_front(job);
                break;
            }
            let weight = weight(&job.append);
            (events, bytes) = (events + weight.0, bytes + weight.1);
            let opens = job.append.opens_ledger;
            batch.push(job);
            if opens {
                break;
            }
        }
        batch
    }

    async fn write(&self, turn: Result<Turn, Fault>, batch: Vec<Job>) {
        let commands: Vec<_> = batch.iter().map(|job| &job.append).collect();
        let answers = match turn {
            Ok(mut turn) => {
                let answers = commit(&mut turn, &self.ledger, &commands, (self.shared.clock)()).await;
                turn.end(Ok(())).await.ok();
                answers
            }
            Err(fault) => commands.iter().map(|_| Err(fault.of_append())).collect(),
        };
        let written = answers.iter().flatten().filter(|receipt| receipt.first <= receipt.position);
        if let Some(position) = written.map(|receipt| receipt.position).max() {
            self.shared.followers.tell(&self.ledger, position, 0);
        }
        let failed = |answer: &&Answer| matches!(answer, Err(AppendError::Unavailable(_) | AppendError::Unknown(_)));
        if let Some(Err(error)) = answers.iter().find(failed) {
            tracing::error!(ledger = self.ledger, %error, "commands were not written, or nobody knows");
        }
        for (job, answer) in batch.into_iter().zip(answers) {
            // A caller who has gone away no longer wants the answer.
            job.reply.send(answer).ok();
        }
    }
}

impl Drop for Lane {
    /// After a panic, which would be a bug of this crate, what waits is told so and the ledger is not blocked for ever.
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.shared.lanes().remove(&self.ledger);
        }
    }
}

fn weight(append: &Append) -> (usize, usize) {
    let events = append.streams.iter().flat_map(|stream| &stream.events);
    let (events, bytes) =
        events.fold((0, 0), |(events, bytes), event| (events + 1, bytes + event.payload.len() + event.metadata.len()));
    let sealed = append.beside.iter().filter_map(|beside| match beside {
        Beside::Sealed(sealed) => Some(sealed.bytes.len()),
        Beside::Outcome(outcome) => Some(outcome.body.len()),
        Beside::Claim { .. }
        | Beside::Release { .. }
        | Beside::Credential(_)
        | Beside::DropUnproven { .. }
        | Beside::EndResetLink { .. }
        | Beside::EndMandates { .. }
        | Beside::ConfirmSecondFactor { .. }
        | Beside::DropSecondFactor { .. }
        | Beside::EndSessions { .. }
        | Beside::UpdateSessions { .. }
        | Beside::PendingEmail(_)
        | Beside::EndPendingEmail { .. }
        | Beside::Proven(_)
        | Beside::ForgetAccount { .. } => None,
    });
    (events, bytes + sealed.sum::<usize>())
}
