//! The PostgreSQL back end, for several nodes or many shops: the log and the shared tables in the default schema, the
//! keys of the vault in a schema of their own.
//!
//! What must stay true: positions come from the ledger's head row alone; a batch is one ledger's and one transaction's;
//! nothing is kept in a session, so that a pooler may stand between; an answer that was lost is looked up, not guessed.

use std::fmt;
use std::sync::Arc;

use sqlx::postgres::PgRow;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::error::{OpenError, StoreError};
use crate::options::Options;

mod access;
mod api_keys;
mod append;
mod articles;
mod batch;
mod beside;
mod erasures;
mod failure;
mod follow;
mod foreign;
mod import;
mod judge;
mod keys;
mod link;
mod log;
mod mail_queue;
mod migrate;
mod pending_emails;
mod queue;
mod reactors;
mod refusals;
mod retention;
mod shared;
mod shelf;
mod vault;

use failure::Fault;
use follow::Followers;
use keys::Keys;
use link::{Door, Links, Query};
use queue::Queue;
use shelf::Shelf;

/// Connections that append.
const WRITERS: usize = 4;
/// Connections for questions and small writes.
const READERS: usize = 6;

/// The PostgreSQL back end of a [`Store`](crate::Store).
pub struct Postgres {
    queue: Queue,
    links: Links,
    keys: Keys,
    followers: Arc<Followers>,
    shelf: Shelf,
    options: Options,
    _tasks: JoinSet<()>,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Where it is may hold a password.
        f.debug_struct("Postgres").finish_non_exhaustive()
    }
}

impl Postgres {
    pub(crate) async fn open(url: &str, options: Options) -> Result<Self, OpenError> {
        let door = Door::find(url).await?;
        let mut link = door.connect().await?;
        migrate::run(&mut link, (options.clock)(), options.foreign_writers).await?;
        drop(link);
        let links = Links::new(door.clone(), READERS);
        let keys = Keys::open(links.clone(), options.key_file.as_deref()).await?;
        let followers = Arc::new(Followers::new());
        followers.look(&links).await?;
        let tasks = followers.start(&door, &links, Arc::clone(&options.clock));
        let queue = Queue::new(Links::new(door, WRITERS), Arc::clone(&options.clock), Arc::clone(&followers));
        Ok(Self { queue, links, keys, followers, shelf: Shelf::new(), options, _tasks: tasks })
    }

    /// Whether this back end is the one that a URL names.
    pub(crate) fn is_named_by(url: &str) -> bool {
        url.starts_with("postgres://") || url.starts_with("postgresql://")
    }

    pub(crate) fn appended(&self) -> watch::Receiver<u64> {
        self.followers.subscribe()
    }

    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.links.read(|| sqlx::query("SELECT 1")).await.map(|_| ()).map_err(Fault::of_reading)
    }

    pub(crate) async fn close(&self) {
        self.queue.close().await;
    }

    /// The rows of a question, read one by one.
    async fn list<'q, T>(
        &self,
        read: impl Fn(&PgRow) -> Result<T, sqlx::Error>,
        query: impl Fn() -> Query<'q>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = self.links.read(query).await.map_err(Fault::of_reading)?;
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error| Fault::from(error).of_reading())
    }

    /// The only row of a question.
    async fn find<'q, T>(
        &self,
        read: impl Fn(&PgRow) -> Result<T, sqlx::Error>,
        query: impl Fn() -> Query<'q>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.list(read, query).await?.pop())
    }

    /// A small write of one statement.
    async fn write(&self, query: Query<'_>) -> Result<Vec<PgRow>, StoreError> {
        self.links.all(query).await.map_err(Fault::of_writing)
    }
}
