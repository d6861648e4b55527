//! The writer thread: takes all that waits, commits it as one transaction, only then answers.
//!
//! What must stay true: nobody is told "done" before the commit has returned; after a commit that failed in doubt the
//! handle is thrown away and everyone in the batch is told that the outcome is unknown; a command's own error undoes
//! that command alone; the thread outlives every error, a full disk too. A caller who no longer waits is no error.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use super::append::{Heads, append, purge_outcomes};
use super::connection::{open_writing, truncate_wal};
use super::failure::{Halt, wrote_nothing};
use crate::error::{AppendError, StoreError};
use crate::log::{Append, Receipt};
use crate::options::{Clock, Micros};

/// A batch takes no further command once it has this many events.
const BATCH_EVENTS: usize = 1024;
/// The same in bytes of payload, metadata and sealed data.
const BATCH_BYTES: usize = 4 << 20;

/// What the writer is asked to do.
pub(super) enum Job {
    /// Append a command.
    Append { append: Append, reply: oneshot::Sender<Result<Receipt, AppendError>> },
    /// Do another small write.
    Task(Box<dyn Task>),
    /// Empty the WAL.
    TruncateWal(oneshot::Sender<Result<bool, StoreError>>),
    /// End after what is waiting.
    Stop(oneshot::Sender<()>),
}

/// A small write that keeps its own result until the fate of the batch is known.
pub(super) trait Task: Send {
    /// Does it, inside the batch; an error fails the whole batch.
    fn run(&mut self, connection: &Connection) -> rusqlite::Result<Step>;
    /// Tells the caller.
    fn answer(self: Box<Self>, fate: &Fate);
}

/// What becomes of one job's writes.
pub(super) enum Step {
    /// They are part of the batch.
    Keep { announces: bool },
    /// They are undone.
    Undo,
}

/// What became of a batch.
pub(super) enum Fate {
    /// Committed.
    Durable,
    /// Rolled back.
    Nothing(String),
    /// The commit failed in doubt.
    Unknown(String),
}

/// The state of the writer thread.
pub(super) struct Writer {
    path: PathBuf,
    connection: Option<Connection>,
    waiting: mpsc::Receiver<Job>,
    clock: Clock,
    appended: watch::Sender<u64>,
}

/// A job in the batch, with its result once it has run.
enum Entry {
    Append {
        append: Append,
        reply: oneshot::Sender<Result<Receipt, AppendError>>,
        result: Option<Result<Receipt, AppendError>>,
    },
    Task(Box<dyn Task>),
}

/// A job that is done between batches.
enum Between {
    TruncateWal(oneshot::Sender<Result<bool, StoreError>>),
    Stop(oneshot::Sender<()>),
}

#[derive(Default)]
struct Batch {
    entries: Vec<Entry>,
    events: usize,
    bytes: usize,
}

impl Batch {
    fn has_room(&self) -> bool {
        self.events < BATCH_EVENTS && self.bytes < BATCH_BYTES && self.entries.len() < BATCH_EVENTS
    }

    /// Takes a job in, or gives back what cannot be part of a batch.
    fn push(&mut self, job: Job) -> Option<Between> {
        match job {
            Job::Append { append, reply } => {
                let (events, bytes) = weight(&append);
                self.events += events;
                self.bytes += bytes;
                self.entries.push(Entry::Append { append, reply, result: None });
                None
            }
            Job::Task(task) => {
                self.entries.push(Entry::Task(task));
                None
            }
            Job::TruncateWal(reply) => Some(Between::TruncateWal(reply)),
            Job::Stop(reply) => Some(Between::Stop(reply)),
        }
    }
}

fn weight(append: &Append) -> (usize, usize) {
    append
        .streams
        .iter()
        .flat_map(|stream| &stream.events)
        .fold((0, 0), |(events, bytes), event| (events + 1, bytes + event.payload.len() + event.metadata.len()))
}

impl Writer {
    pub(super) fn new(
        path: PathBuf,
        connection: Connection,
        waiting: mpsc::Receiver<Job>,
        clock: Clock,
        appended: watch::Sender<u64>,
    ) -> Self {
        Self { path, connection: Some(connection), waiting, clock, appended }
    }

    /// Writes until told to stop, or until nobody can ask any more.
    pub(super) fn run(mut self) {
        let mut stops = Vec::new();
        while let Some(job) = self.waiting.blocking_recv() {
            let mut batch = Batch::default();
            let mut between = batch.push(job);
            while between.is_none() && batch.has_room() {
                match self.waiting.try_recv() {
                    Ok(job) => between = batch.push(job),
                    Err(_) => break,
                }
            }
            if !batch.entries.is_empty() {
                self.write(batch.entries);
                #[cfg(all(feature = "answer-before-commit", debug_assertions))]
                super::control::commit_at_last(self.connection.as_ref());
            }
            match between {
                Some(Between::TruncateWal(reply)) => {
                    reply.send(self.truncate_wal()).ok();
                }
                Some(Between::Stop(reply)) => {
                    self.waiting.close();
                    stops.push(reply);
                }
                None => {}
            }
        }
        drop(self.connection);
        for reply in stops {
            reply.send(()).ok();
        }
    }

    fn truncate_wal(&mut self) -> Result<bool, StoreError> {
        Ok(truncate_wal(self.connection()?)?)
    }

    fn write(&mut self, mut entries: Vec<Entry>) {
        // A panic would be a bug of this crate; it must not silence the writer for ever.
        let fate = catch_unwind(AssertUnwindSafe(|| self.commit(&mut entries))).unwrap_or_else(|_| {
            self.connection = None;
            Fate::Unknown("the writer stumbled".to_owned())
        });
        match &fate {
            Fate::Durable => {}
            Fate::Nothing(reason) => tracing::error!(reason, "a batch was not written"),
            Fate::Unknown(reason) => tracing::error!(reason, "a commit failed in doubt; the database is reopened"),
        }
        for entry in entries {
            match entry {
                Entry::Append { reply, result, .. } => {
                    reply.send(fate.of(result)).ok();
                }
                Entry::Task(task) => task.answer(&fate),
            }
        }
    }

    /// The connection, opened anew if the last one was thrown away.
    fn connection(&mut self) -> rusqlite::Result<&Connection> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => open_writing(&self.path)?,
        };
        Ok(self.connection.insert(connection))
    }

    fn commit(&mut self, entries: &mut [Entry]) -> Fate {
        let now = (self.clock)();
        let connection = match self.connection() {
            Ok(connection) => connection,
            Err(error) => return Fate::Nothing(error.to_string()),
        };
        let announces = match write_all(connection, entries, now) {
            Ok(announces) => announces,
            Err(error) => {
                self.abandon(&error);
                return Fate::Nothing(error.to_string());
            }
        };
        match commit(connection) {
            Ok(()) => {
                if announces {
                    self.appended.send_modify(|count| *count += 1);
                }
                Fate::Durable
            }
            Err(error) => {
                self.abandon(&error);
                if wrote_nothing(&error) { Fate::Nothing(error.to_string()) } else { Fate::Unknown(error.to_string()) }
            }
        }
    }

    /// Rolls back; throws the handle away unless the error says that it is sound.
    fn abandon(&mut self, error: &rusqlite::Error) {
        let sound = wrote_nothing(error);
        self.connection = self.connection.take().filter(|connection| {
            let rolled_back = connection.is_autocommit() || run(connection, "ROLLBACK").is_ok();
            sound && rolled_back
        });
    }
}

impl Fate {
    /// The answer to a command that had this result inside the batch. A refusal found inside a batch that was not
    /// kept may rest on what was not kept, so it is not told.
    fn of(&self, result: Option<Result<Receipt, AppendError>>) -> Result<Receipt, AppendError> {
        match (self, result) {
            (Self::Durable, Some(result)) => result,
            (Self::Durable, None) => Err(AppendError::Unavailable("the command was not reached".to_owned())),
            (Self::Unknown(reason), Some(Ok(_))) => Err(AppendError::Unknown(reason.clone())),
            (Self::Unknown(reason) | Self::Nothing(reason), _) => Err(AppendError::Unavailable(reason.clone())),
        }
    }
}

/// Runs every job inside one transaction, up to the commit; whether followers are to be told.
fn write_all(connection: &Connection, entries: &mut [Entry], now: Micros) -> rusqlite::Result<bool> {
    run(connection, "BEGIN IMMEDIATE")?;
    let mut heads = Heads::default();
    let mut announced = false;
    for entry in entries {
        run(connection, "SAVEPOINT command")?;
        let step = match entry {
            Entry::Append { append: command, result, .. } => {
                let (step, outcome) = append_one(connection, &mut heads, command, now)?;
                *result = Some(outcome);
                step
            }
            Entry::Task(task) => task.run(connection)?,
        };
        match step {
            Step::Keep { announces } => announced |= announces,
            Step::Undo => run(connection, "ROLLBACK TO command")?,
        }
        run(connection, "RELEASE command")?;
    }
    heads.store(connection)?;
    purge_outcomes(connection, &heads, now)?;
    Ok(announced)
}

fn commit(connection: &Connection) -> rusqlite::Result<()> {
    #[cfg(all(feature = "answer-before-commit", debug_assertions))]
    if super::control::is_on() {
        return Ok(());
    }
    run(connection, "COMMIT")
}

fn append_one(
    connection: &Connection,
    heads: &mut Heads,
    command: &Append,
    now: Micros,
) -> rusqlite::Result<(Step, Result<Receipt, AppendError>)> {
    match append(connection, heads, command, now) {
        Ok(receipt) => Ok((Step::Keep { announces: receipt.first <= receipt.position }, Ok(receipt))),
        Err(Halt::Own(error)) => Ok((Step::Undo, Err(error))),
        Err(Halt::Batch(error)) => Err(error),
    }
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

#[cfg(test)]
mod tests;
