//! What a store is opened with, beside its URL and data folder.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// A time: microseconds since 1970-01-01T00:00:00Z.
pub type Micros = i64;

/// Tells the time of the machine. It may jump back: `recorded_at` does not follow it down.
pub type Clock = Arc<dyn Fn() -> Micros + Send + Sync>;

/// Settings of a store.
#[derive(Clone)]
pub struct Options {
    /// File with the 32-byte master key in hexadecimal. `None`: on SQLite `master.key` in the data folder, made on the
    /// first start; on PostgreSQL a key that the first node makes and keeps in the database, with a warning.
    pub key_file: Option<PathBuf>,
    /// PostgreSQL only: programs on plain `postgres-es` may append beside us.
    pub foreign_writers: bool,
    /// Where the ages of outcomes come from, and on SQLite `recorded_at`; on PostgreSQL that is the server's time.
    pub clock: Clock,
}

impl Options {
    /// The defaults, with this clock.
    pub fn new(clock: impl Fn() -> Micros + Send + Sync + 'static) -> Self {
        Self { key_file: None, foreign_writers: false, clock: Arc::new(clock) }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("key_file", &self.key_file).finish_non_exhaustive()
    }
}
