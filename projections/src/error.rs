//! How the views refuse: to a reader, to a waiter, to the runner, at the start.

use std::path::PathBuf;

use bordereau_store::StoreError;
use rusqlite::ErrorCode;

/// Why a read was not served.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The view has stopped for this shop: what it would show is not the present.
    #[error("the view {view} has stopped at position {position}")]
    Stopped {
        /// Name of the view.
        view: &'static str,
        /// The event that it cannot apply.
        position: u64,
    },
    /// The view is being built for the first time; the same may be asked again soon.
    #[error("the view {view} is being built")]
    Building {
        /// Name of the view.
        view: &'static str,
    },
    /// The cursor was not made by this list.
    #[error("the cursor is malformed")]
    BadCursor,
    /// The view's file cannot be read.
    #[error("the view's file cannot be read")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored row cannot be read.
    #[error("a stored row cannot be read")]
    Row(#[from] serde_json::Error),
    /// The store could not be asked for the past.
    #[error("the store could not be asked")]
    Store(#[from] StoreError),
    /// The log holds what this program cannot read.
    #[error("the log cannot be read: {0}")]
    Log(String),
    /// The reading task was ended: the service is stopping.
    #[error("the read was cancelled")]
    Cancelled,
}

/// Why a position was not waited for to the end.
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// The position is above the ledger's head: nobody has written it.
    #[error("the position is above the head")]
    AboveHead,
    /// The view did not reach it in time.
    #[error("the view did not reach the position in time")]
    TimedOut,
    /// The view has stopped for this shop before it.
    #[error("the view has stopped for this shop")]
    Stopped,
    /// No view has this name.
    #[error("there is no view {0}")]
    UnknownView(String),
    /// The store could not be asked for the head.
    #[error("the store could not be asked")]
    Store(#[from] StoreError),
}

/// Why a view cannot apply an event.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The view's file refuses.
    #[error("the view's file refuses: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored state or row cannot be read or written.
    #[error("a stored row cannot be read or written: {0}")]
    Json(#[from] serde_json::Error),
    /// An aggregate's id is no UUID.
    #[error("the aggregate's id is no UUID: {0}")]
    BadId(#[from] uuid::Error),
    /// An event of the stream is missing before this one.
    #[error("sequence {found} came where {expected} was expected")]
    Gap {
        /// The sequence that should have come.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// The view panicked: a bug of ours.
    #[error("the view panicked: {0}")]
    Panicked(String),
}

impl ApplyError {
    /// Whether the same may succeed later without anything being repaired in the program or its data: a full disk.
    pub(crate) fn is_passing(&self) -> bool {
        let Self::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) = self else { return false };
        matches!(
            failure.code,
            ErrorCode::DiskFull
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory
        )
    }
}

/// Why the views could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder or a file in it cannot be used.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process keeps its views in this folder.
    #[error("another process keeps its views in {0}")]
    InUse(PathBuf),
    /// The opening task was ended: the service is stopping.
    #[error("the views were being opened when the service stopped")]
    Interrupted,
    /// A view's file cannot be made.
    #[error("the view {view} cannot be opened")]
    View {
        /// Name of the view.
        view: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}
