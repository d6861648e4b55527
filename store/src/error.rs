//! How the store refuses. Three answers must never be mixed up: refused (this command, now), unavailable (nothing was
//! written, the same may be asked again) and unknown (it may or may not have been written).

use uuid::Uuid;

/// Why a command was not appended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The stream is not at the expected sequence: somebody else was first.
    #[error("stream {aggregate_type}/{aggregate_id} has moved")]
    Conflict {
        /// Type of the aggregate that has moved.
        aggregate_type: String,
        /// Id of the aggregate that has moved.
        aggregate_id: String,
    },
    /// The idempotency key has an outcome already: `Store::find_outcome` has it.
    #[error("the idempotency key has been used")]
    KeyTaken,
    /// Another holder has the unique value.
    #[error("a value of kind {kind} is taken")]
    ClaimTaken {
        /// Kind of the value, e.g. `email`.
        kind: String,
        /// Who holds it.
        holder: String,
    },
    /// Whoever sent it has proven who he is by a password that is another now, or in a session that has ended.
    #[error("the proof counts no more")]
    Unproven,
    /// The ledger has never been opened.
    #[error("no such ledger")]
    UnknownLedger,
    /// The ledger was to be opened and exists.
    #[error("the ledger exists")]
    LedgerExists,
    /// The data of this command alone cannot be stored, whenever it is tried.
    #[error("the command cannot be stored: {0}")]
    Refused(String),
    /// Nothing was written; the same command may be sent again later.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// It cannot be told whether the command was written: read the log before deciding again.
    #[error("the outcome is unknown: {0}")]
    Unknown(String),
}

/// Why a question or a small write was not served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The ledger has never been opened.
    #[error("no such ledger")]
    UnknownLedger,
    /// The key of this subject and purpose has been destroyed: nothing is sealed for it any more.
    #[error("the keys of subject {0} are destroyed")]
    Erased(Uuid),
    /// Sealed bytes do not fit their digest, key or surroundings: changed outside the store.
    #[error("sealed data {} is broken: {reason}", hex::encode(.digest))]
    Broken {
        /// Digest under which the data was asked for.
        digest: [u8; 32],
        /// What does not fit; never the content.
        reason: String,
    },
    /// What was given or found cannot be kept or read.
    #[error("the data cannot be used: {0}")]
    Refused(String),
    /// Nothing was written; the same may be asked again later.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// It cannot be told whether it was written.
    #[error("the outcome is unknown: {0}")]
    Unknown(String),
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no back end, or cannot be read.
    #[error("no store is known by the URL {0:?}: use sqlite, sqlite://path or postgres://user:password@host/database")]
    Url(String),
    /// The linked SQLite may lose commits (WAL-reset bug of 3.7.0 to 3.51.2).
    #[error("SQLite {0} is too old: 3.51.3 or newer is needed")]
    SqliteTooOld(String),
    /// The files were written by a newer program.
    #[error("{database} is at schema {found}, newer than this program's {known}")]
    NewerSchema {
        /// Which database: `log` or `keys`.
        database: &'static str,
        /// Schema version found.
        found: u32,
        /// Newest schema version this program knows.
        known: u32,
    },
    /// A migration that has run is not the one this program holds.
    #[error("migration {version} of {database} is not the one that has been applied")]
    ChangedMigration {
        /// Which database: `log` or `keys`.
        database: &'static str,
        /// Number of the migration.
        version: u32,
    },
    /// The master key is missing, malformed or not the one that the key store was made with.
    #[error("master key: {0}")]
    Key(String),
    /// A back-up would be restored over something.
    #[error("{0} is in the way: a back-up is restored where no store is")]
    InTheWay(String),
    /// A back-up is not what was written.
    #[error("{path} is damaged: {reason}")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file or folder cannot be used.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error("database: {0}")]
    Database(String),
}
