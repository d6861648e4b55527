//! The way to the writer thread: a bounded queue of jobs, each with the place where its answer goes.

use std::io;
use std::path::Path;
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use super::failure::Halt;
use super::writer::{Fate, Job, Step, Task, Writer};
use crate::error::{AppendError, StoreError};
use crate::log::{Append, Receipt};
use crate::options::Clock;

/// Jobs that may wait; beyond it callers wait to put theirs.
const WAITING: usize = 2048;

/// The queue of one writer thread. When it is dropped the writer ends after what is waiting.
pub(super) struct Queue {
    jobs: mpsc::Sender<Job>,
}

impl Queue {
    /// Starts the writer thread on a migrated database.
    pub(super) fn start(
        path: &Path,
        connection: Connection,
        clock: Clock,
        appended: watch::Sender<u64>,
    ) -> io::Result<Self> {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let writer = Writer::new(path.to_owned(), connection, waiting, clock, appended);
        thread::Builder::new().name("store-writer".to_owned()).spawn(move || writer.run())?;
        Ok(Self { jobs })
    }

    /// Has a command appended.
    pub(super) async fn append(&self, append: Append) -> Result<Receipt, AppendError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Append { append, reply };
        self.jobs.send(job).await.map_err(|_| AppendError::Unavailable(CLOSED.to_owned()))?;
        answer.await.unwrap_or_else(|_| Err(AppendError::Unknown(LOST.to_owned())))
    }

    /// Has a small write done in the writer's next transaction and waits until it is durable.
    pub(super) async fn call<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Halt<StoreError>> + Send + 'static,
    {
        self.send(work, false).await
    }

    /// The same for a write that followers want to hear of.
    pub(super) async fn call_and_announce<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Halt<StoreError>> + Send + 'static,
    {
        self.send(work, true).await
    }

    /// The same without waiting for the answer.
    pub(super) async fn post<F>(&self, work: F) -> Result<(), StoreError>
    where
        F: FnOnce(&Connection) -> Result<(), Halt<StoreError>> + Send + 'static,
    {
        let call = Call { work: Some(work), result: None, reply: None, announces: false };
        self.jobs.send(Job::Task(Box::new(call))).await.map_err(|_| StoreError::Unavailable(CLOSED.to_owned()))
    }

    /// Empties the WAL, so that erased bytes are in no file; whether no reader was in the way.
    pub(super) async fn truncate_wal(&self) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job::TruncateWal(reply)).await.map_err(|_| StoreError::Unavailable(CLOSED.to_owned()))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Unknown(LOST.to_owned())))
    }

    /// Lets the writer finish what is waiting, then ends it.
    pub(super) async fn stop(&self) {
        let (reply, answer) = oneshot::channel();
        if self.jobs.send(Job::Stop(reply)).await.is_ok() {
            // An error means that the writer has ended already, which is what was asked for.
            answer.await.ok();
        }
    }

    async fn send<T, F>(&self, work: F, announces: bool) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, Halt<StoreError>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let call = Call { work: Some(work), result: None, reply: Some(reply), announces };
        self.jobs.send(Job::Task(Box::new(call))).await.map_err(|_| StoreError::Unavailable(CLOSED.to_owned()))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Unknown(LOST.to_owned())))
    }
}

const CLOSED: &str = "the writer has stopped";
const LOST: &str = "the writer stopped before it answered";

/// A closure on its way to the writer.
struct Call<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: Option<oneshot::Sender<Result<T, StoreError>>>,
    announces: bool,
}

impl<T, F> Task for Call<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, Halt<StoreError>> + Send,
{
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<Step> {
        let Some(work) = self.work.take() else { return Ok(Step::Undo) };
        match work(connection) {
            Ok(value) => {
                self.result = Some(Ok(value));
                Ok(Step::Keep { announces: self.announces })
            }
            Err(Halt::Own(error)) => {
                self.result = Some(Err(error));
                Ok(Step::Undo)
            }
            Err(Halt::Batch(error)) => Err(error),
        }
    }

    fn answer(self: Box<Self>, fate: &Fate) {
        let answer = match (fate, self.result) {
            (Fate::Durable, Some(result)) => result,
            (Fate::Unknown(reason), Some(Ok(_))) => Err(StoreError::Unknown(reason.clone())),
            (Fate::Unknown(reason) | Fate::Nothing(reason), _) => Err(StoreError::Unavailable(reason.clone())),
            (Fate::Durable, None) => Err(StoreError::Unavailable(LOST.to_owned())),
        };
        match self.reply {
            // A caller who has gone away no longer wants the answer.
            Some(reply) => {
                reply.send(answer).ok();
            }
            None => {
                if let Err(error) = answer {
                    tracing::warn!(%error, "a write that nobody waits for was lost");
                }
            }
        }
    }
}
