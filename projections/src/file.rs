//! A view's file: how it is opened, built, put into its place, and how rows and checkpoint go in together.
//!
//! A new file is built beside its place, without waiting for the disk, then synced and renamed: what stands in the place
//! is whole. A file that somebody else has rebuilt comes in the same way ([`offered`]). A file in its place is written in WAL mode; a crash loses at most the last batches, which come again.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{
    error::StartError,
    progress::Checkpoint,
    sql::{Key, id, int, uint},
};
use rusqlite::{Connection, Transaction, config::DbConfig, params};

const CHECKPOINTS: &str = "CREATE TABLE checkpoints (
  shop TEXT PRIMARY KEY, position INTEGER NOT NULL, event_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;";
const LIST: &str = "SELECT shop, position, event_id FROM checkpoints";
const PUT: &str = "INSERT OR REPLACE INTO checkpoints (shop, position, event_id) VALUES (?1, ?2, ?3)";

/// Statements that a view keeps prepared; more than any has.
const PREPARED: usize = 64;

const LIVE: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 1000;
    PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;";
// Nobody reads a file that is built, and a crash throws it away: no WAL, no waiting.
const BUILDING: &str = "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;";

/// What a view's file is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// The view's name.
    pub(crate) name: &'static str,
    /// The view's version.
    pub(crate) version: u32,
    /// The view's tables.
    pub(crate) ddl: &'static [&'static str],
    /// Indexes that are made once the file is built.
    pub(crate) indexes: &'static str,
}

impl Shape {
    /// Where the file stands.
    pub(crate) fn path(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.v{}.db", self.name, self.version))
    }
}

/// A view's file, open for writing.
#[derive(Debug)]
pub(crate) struct ViewFile {
    shape: Shape,
    path: PathBuf,
    /// Absent only between closing a built file and opening it in its place.
    connection: Option<Connection>,
    building: bool,
}

impl ViewFile {
    /// Opens the file in its place, or begins a new one where there is none or it cannot be used.
    pub(crate) fn open(shape: Shape, folder: &Path) -> Result<Self, StartError> {
        let path = shape.path(folder);
        let failed = |source| StartError::View { view: shape.name, source };
        if path.exists() {
            match open_live(&path) {
                Ok(connection) => {
                    let file = Self { shape, path, connection: Some(connection), building: false };
                    remove_database(&file.building_path()).map_err(|error| failed(io_error(&error)))?;
                    return Ok(file);
                }
                Err(error) => {
                    tracing::warn!(view = shape.name, %error, "the view's file cannot be used: building anew");
                }
            }
        }
        let mut file = Self { shape, path, connection: None, building: true };
        file.begin().map_err(failed)?;
        Ok(file)
    }

    /// Whether the file is being built beside its place.
    pub(crate) const fn is_building(&self) -> bool {
        self.building
    }

    /// Throws everything away and begins a new file.
    pub(crate) fn begin(&mut self) -> rusqlite::Result<()> {
        self.connection = None;
        self.building = true;
        for stale in [self.path.clone(), self.building_path()] {
            remove_database(&stale).map_err(|error| io_error(&error))?;
        }
        // What SQLite puts beside it gets the same rights, and it keeps them in its place.
        private().create_new(true).open(self.building_path()).map_err(|error| io_error(&error))?;
        let connection = Connection::open(self.building_path())?;
        prepare(&connection, BUILDING)?;
        let tx = connection.unchecked_transaction()?;
        tx.execute_batch(CHECKPOINTS)?;
        for ddl in self.shape.ddl {
            tx.execute_batch(ddl)?;
        }
        tx.commit()?;
        self.connection = Some(connection);
        Ok(())
    }

    /// Puts a built file into its place, whole and durable.
    pub(crate) fn finish(&mut self) -> rusqlite::Result<()> {
        if !self.building {
            return Ok(());
        }
        if let Some(connection) = &mut self.connection {
            let tx = connection.transaction()?;
            tx.execute_batch(self.shape.indexes)?;
            tx.commit()?;
            connection.execute_batch("PRAGMA optimize;")?;
        }
        if let Some(connection) = self.connection.take() {
            connection.close().map_err(|(_, error)| error)?;
        }
        let built = self.building_path();
        let settle = || {
            // On a second try it may stand in its place already.
            if built.exists() {
                fs::File::open(&built)?.sync_all()?;
                fs::rename(&built, &self.path)?;
            }
            self.path.parent().map_or(Ok(()), sync_folder)
        };
        settle().map_err(|error| io_error(&error))?;
        self.connection = Some(open_live(&self.path)?);
        self.building = false;
        Ok(())
    }

    /// Takes the file that is offered instead of its own, if there is one that can be used; whether it did.
    pub(crate) fn adopt(&mut self) -> rusqlite::Result<bool> {
        let offer = offered(&self.path);
        if !offer.exists() {
            return Ok(false);
        }
        let usable = open_live(&offer).and_then(|connection| connection.close().map_err(|(_, error)| error));
        if let Err(error) = usable {
            tracing::warn!(view = self.shape.name, %error, "the rebuilt file cannot be used: the view keeps its own");
            remove_database(&offer).map_err(|error| io_error(&error))?;
            return Ok(false);
        }
        self.connection = None;
        remove_database(&self.building_path()).map_err(|error| io_error(&error))?;
        put_offered(&self.path).map_err(|error| io_error(&error))?;
        self.connection = Some(open_live(&self.path)?);
        self.building = false;
        Ok(true)
    }

    /// Where the view stands in each ledger.
    pub(crate) fn checkpoints(&self) -> rusqlite::Result<Vec<(String, Checkpoint)>> {
        let Some(connection) = &self.connection else { return Ok(Vec::new()) };
        let mut statement = connection.prepare_cached(LIST)?;
        let rows = statement.query_map([], |row| {
            Ok((row.get("shop")?, Checkpoint { position: uint(row, "position")?, mark: id(row, "event_id")? }))
        })?;
        rows.collect()
    }

    /// A transaction for one batch.
    pub(crate) fn transaction(&mut self) -> rusqlite::Result<Transaction<'_>> {
        self.connection.as_mut().ok_or(rusqlite::Error::InvalidQuery)?.transaction()
    }

    fn building_path(&self) -> PathBuf {
        self.path.with_extension("db.building")
    }
}

/// Where a file that was rebuilt for this place is offered.
pub(crate) fn offered(path: &Path) -> PathBuf {
    path.with_extension("db.rebuilt")
}

/// Puts an offered file into its place, whole and durable. Whoever calls this owns the folder and has closed the file.
pub(crate) fn put_offered(path: &Path) -> io::Result<()> {
    // The old file goes first with its WAL: one that is left behind would be taken for the new file's.
    remove_database(path)?;
    fs::rename(offered(path), path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes renames in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Writes how far a batch has brought the view, in the batch's own transaction.
pub(crate) fn put_checkpoint(tx: &Transaction<'_>, shop: &str, at: Checkpoint) -> rusqlite::Result<()> {
    tx.prepare_cached(PUT)?.execute(params![shop, int(at.position), Key(at.mark)]).map(|_| ())
}

/// Removes the files of other versions of a view; all of them where there is no version any more.
pub(crate) fn remove_other_versions(folder: &Path, name: &str, version: Option<u32>) -> io::Result<()> {
    let (prefix, kept) = (format!("{name}.v"), version.map(|version| format!("{name}.v{version}.db")));
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name();
        let Some(file) = file.to_str() else { continue };
        if file.starts_with(&prefix) && !kept.as_ref().is_some_and(|kept| file.starts_with(kept)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn open_live(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    prepare(&connection, LIVE)?;
    // What has no checkpoints is none of ours, or was cut short.
    connection.query_row("SELECT count(*) FROM checkpoints", [], |_| Ok(()))?;
    Ok(connection)
}

fn prepare(connection: &Connection, pragmas: &str) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // Else the planner peeks at bound values, and every new value prepares a cached statement anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(pragmas)
}

/// How a file is made that its owner alone may read: views tell what institutions buy.
pub(crate) fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn remove_database(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm", "-journal"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// An error of the file system, where SQLite's are spoken of.
fn io_error(error: &io::Error) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR), Some(error.to_string()))
}
