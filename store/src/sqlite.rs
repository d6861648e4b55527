//! The SQLite back end: `bordereau.db` with the log and the shared tables, `keys.db` with the keys of the vault.
//!
//! What must stay true: one thread of this process writes `bordereau.db`, in group commits; readers use short
//! statements on read-only connections; `keys.db` never shares a transaction with the log, it is durable before it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use crate::error::{OpenError, StoreError};
use crate::options::Options;

mod access;
mod api_keys;
mod append;
mod articles;
mod backup;
mod connection;
#[cfg(all(feature = "answer-before-commit", debug_assertions))]
mod control;
mod erasures;
mod failure;
mod import;
mod keys;
mod log;
mod mail_queue;
mod migrate;
mod pending_emails;
mod queue;
mod reactors;
mod readers;
mod refusals;
mod retention;
mod shared;
mod vault;
mod writer;

use erasures::Lines;
use keys::Keys;
use queue::Queue;
use readers::Readers;

/// The SQLite back end of a [`Store`](crate::Store).
pub struct Sqlite {
    queue: Queue,
    readers: Readers,
    keys: Arc<Keys>,
    erasures: Lines,
    appended: watch::Sender<u64>,
    options: Options,
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("log", &self.readers.path()).finish_non_exhaustive()
    }
}

impl Sqlite {
    pub(crate) async fn open(url: &str, data: &Path, options: Options) -> Result<Self, OpenError> {
        let path = log_path(url, data)?;
        let data = data.to_owned();
        tokio::task::spawn_blocking(move || Self::open_blocking(path, &data, options))
            .await
            .map_err(|stopped| OpenError::Database(stopped.to_string()))?
    }

    fn open_blocking(path: PathBuf, data: &Path, options: Options) -> Result<Self, OpenError> {
        connection::assert_version()?;
        make_folder(data)?;
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        make_folder(folder)?;
        let now = (options.clock)();
        let mut writing = connection::open_private(&path)?;
        migrate::run(&mut writing, "log", migrate::LOG, now)?;
        let master = options.key_file.clone();
        let keys = Keys::open(&folder.join("keys.db"), master.as_deref(), &data.join("master.key"), now)?;
        let appended = watch::Sender::new(0);
        let queue = Queue::start(&path, writing, Arc::clone(&options.clock), appended.clone())
            .map_err(|source| OpenError::Io { path: path.display().to_string(), source })?;
        let readers = Readers::open(path)?;
        let erasures = Lines::new(data);
        Ok(Self { queue, readers, keys: Arc::new(keys), erasures, appended, options })
    }

    pub(crate) fn is_there(url: &str, data: &Path) -> Result<bool, OpenError> {
        Ok(log_path(url, data)?.exists())
    }

    pub(crate) fn appended(&self) -> watch::Receiver<u64> {
        self.appended.subscribe()
    }

    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.readers.query(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await
    }

    pub(crate) async fn close(&self) {
        self.queue.stop().await;
    }
}

/// The file of the log: `sqlite` and `sqlite://` mean the one in the data folder.
fn log_path(url: &str, data: &Path) -> Result<PathBuf, OpenError> {
    match url.strip_prefix("sqlite").map(|rest| rest.strip_prefix("://").unwrap_or(rest)) {
        Some("") => Ok(data.join("bordereau.db")),
        Some(path) if url.starts_with("sqlite://") => Ok(PathBuf::from(path)),
        Some(_) | None => Err(OpenError::Url(url.to_owned())),
    }
}

fn make_folder(path: &Path) -> Result<(), OpenError> {
    fs::create_dir_all(path).map_err(|source| OpenError::Io { path: path.display().to_string(), source })
}
