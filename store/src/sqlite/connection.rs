//! How the database files are opened.

use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::error::OpenError;
use crate::vault;

/// 3.7.0 to 3.51.2 can lose commits when a WAL is reset while another process reads.
const OLDEST: i32 = 3_051_003;

/// How long another process may hold the write lock before a write gives up.
const BUSY: Duration = Duration::from_secs(5);

/// Statements that a connection keeps prepared; more than this crate has.
const PREPARED: usize = 128;

/// Refuses to run on an SQLite that may lose commits.
pub(super) fn assert_version() -> Result<(), OpenError> {
    if rusqlite::version_number() < OLDEST {
        return Err(OpenError::SqliteTooOld(rusqlite::version().to_owned()));
    }
    Ok(())
}

/// A connection that writes durably.
pub(super) fn open_writing(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    // secure_delete: what is erased from the vault must not stay in free pages. The WAL is kept short for the same
    // reason and so that a start after a crash is quick.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA wal_autocheckpoint = 2000;
         PRAGMA journal_size_limit = 33554432;
         PRAGMA cache_size = -8192;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(connection)
}

/// The same; where there is no file, one is made that only its owner may read: sealed data, keys and hashes of passwords
/// lie there. What SQLite puts beside it, it gives the same rights.
pub(super) fn open_private(path: &Path) -> Result<Connection, OpenError> {
    match vault::private_file(path) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => {
            Err(OpenError::Io { path: path.display().to_string(), source })
        }
        Ok(_) | Err(_) => Ok(open_writing(path)?),
    }
}

/// A connection that can only read.
pub(super) fn open_reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;")?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // Else the planner peeks at bound values, and every new value prepares a cached statement anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Copies the WAL into the database and empties it, so that no old page stays behind in it. `false`: a reader is in
/// the way and the next call will have to do it. It waits for nobody: a back-up reads for minutes, and whoever waits for
/// it here keeps everybody from writing.
pub(super) fn truncate_wal(connection: &Connection) -> rusqlite::Result<bool> {
    connection.busy_timeout(Duration::ZERO)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(BUSY)?;
    Ok(busy? == 0)
}
