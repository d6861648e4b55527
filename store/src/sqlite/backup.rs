//! Back-up of a running store and its restore. The log goes to FILE, the keys to FILE.keys, which must be kept for a
//! shorter time, and the digests of both to FILE.sha256; the master key goes nowhere.
//!
//! What must stay true: FILE has its name only once it is whole; nothing is ever overwritten; a restored log is in its
//! place only once everything it needs is, and its ledgers have epochs of their own.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::connection::{assert_version, open_reading, open_writing, truncate_wal};
use super::keys::Keys;
use super::log::{heads, renew};
use super::{Sqlite, log_path, make_folder, migrate};
use crate::error::{OpenError, StoreError};
use crate::log::Head;
use crate::options::{Micros, Options};
use crate::vault;

/// What a back-up is called until it is whole.
const PART: &str = ".part";
/// How much of a file is hashed at a time, in bytes.
const PIECE: usize = 1 << 20;

impl Sqlite {
    pub(crate) async fn back_up(&self, file: &Path) -> Result<Vec<Head>, StoreError> {
        let (log, keys, file) = (self.readers.path().to_owned(), Arc::clone(&self.keys), file.to_owned());
        let copying = tokio::task::spawn_blocking(move || {
            let names = [file.clone(), beside(&file, ".keys"), beside(&file, ".sha256")];
            if let Some(present) = names.iter().find(|name| name.exists()) {
                return Err(StoreError::Refused(format!("{} exists and is not overwritten", present.display())));
            }
            let drafts = names.each_ref().map(|name| beside(name, PART));
            let copied = copy_out(&log, keys.path(), &drafts, &names);
            if copied.is_err() {
                // What was begun is of no use to anybody.
                for draft in &drafts {
                    drop(fs::remove_file(draft));
                }
            }
            copied
        });
        copying.await.map_err(|stopped| StoreError::Unavailable(stopped.to_string()))?
    }

    /// How many bytes of a back-up under way have been written, of about how many.
    pub(crate) fn backed_up(&self, file: &Path) -> (u64, u64) {
        let size = |path: &Path| fs::metadata(path).map_or(0, |about| about.len());
        (size(&beside(file, PART)), size(self.readers.path()))
    }

    pub(crate) async fn restore(url: &str, data: &Path, file: &Path, options: Options) -> Result<(), OpenError> {
        let log = log_path(url, data)?;
        let (data, file) = (data.to_owned(), file.to_owned());
        let copying = tokio::task::spawn_blocking(move || {
            assert_version()?;
            make_folder(&data)?;
            let folder = log.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            make_folder(folder)?;
            let keys = folder.join("keys.db");
            assert_nothing_there(&log)?;
            assert_nothing_there(&keys)?;
            assert_as_written(&file)?;
            assert_sound(&file)?;
            assert_sound(&beside(&file, ".keys"))?;
            restore_keys(&file, &keys, &data, &options)?;
            // The log last: while it is missing, nothing has been restored.
            let restored = restore_log(&file, &log, (options.clock)());
            if restored.is_err() {
                remove_database(&keys);
            }
            restored
        });
        copying.await.map_err(|stopped| OpenError::Database(stopped.to_string()))?
    }
}

/// The name of a file that belongs to another one.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    PathBuf::from(name)
}

/// Copies both databases under other names and gives them theirs at the end; where the ledgers stand in the copy.
fn copy_out(log: &Path, keys: &Path, drafts: &[PathBuf; 3], names: &[PathBuf; 3]) -> Result<Vec<Head>, StoreError> {
    let refused = |error: io::Error| StoreError::Refused(format!("{}: {error}", names[0].display()));
    // The keys last: every key that the copied log speaks of was durable before it.
    vacuum_into(log, &drafts[0])?;
    vacuum_into(keys, &drafts[1])?;
    let copied = heads(&open_reading(&drafts[0])?)?;
    let mut sums = vault::private_file(&drafts[2]).map_err(refused)?;
    for (draft, name) in drafts.iter().zip(names).take(2) {
        let sum = hex::encode(sum(draft).map_err(refused)?);
        writeln!(sums, "{sum}  {}", name.file_name().unwrap_or_default().display()).map_err(refused)?;
    }
    sums.sync_all().map_err(refused)?;
    // The log's copy gets its name last: where it stands, the others do.
    for (draft, name) in drafts.iter().zip(names).rev() {
        fs::rename(draft, name).map_err(refused)?;
    }
    vault::sync_folder(&names[0]).map_err(refused)?;
    Ok(copied)
}

/// Copies a database as it is at one moment, while others write to it.
fn vacuum_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    let refused = |error: io::Error| StoreError::Refused(format!("{}: {error}", to.display()));
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(refused(error)),
        Ok(()) | Err(_) => {}
    }
    let file = vault::private_file(to).map_err(refused)?;
    let name = to.to_str().ok_or_else(|| StoreError::Refused(format!("{} is no UTF-8", to.display())))?;
    open_writing(from)?.execute("VACUUM INTO ?1", params![name])?;
    file.sync_all().map_err(refused)
}

fn sum(path: &Path) -> io::Result<[u8; 32]> {
    let (mut hash, mut file) = (Sha256::new(), BufReader::with_capacity(PIECE, File::open(path)?));
    loop {
        let piece = file.fill_buf()?;
        if piece.is_empty() {
            return Ok(hash.finalize().into());
        }
        hash.update(piece);
        let length = piece.len();
        file.consume(length);
    }
}

fn assert_nothing_there(database: &Path) -> Result<(), OpenError> {
    // A journal that was left behind would be taken for the restored database's own.
    let present = ["", "-wal", "-shm", "-journal"].map(|ending| beside(database, ending));
    match present.iter().find(|path| path.exists()) {
        Some(present) => Err(OpenError::InTheWay(present.display().to_string())),
        None => Ok(()),
    }
}

/// Compares a back-up with the digests that were taken when it was made.
fn assert_as_written(file: &Path) -> Result<(), OpenError> {
    let list = beside(file, ".sha256");
    let sums = File::open(&list).and_then(|sums| BufReader::new(sums).lines().collect::<io::Result<Vec<_>>>());
    let sums = sums.map_err(|source| io_error(&list, source))?;
    let parts = [file.to_owned(), beside(file, ".keys")];
    if sums.len() != parts.len() {
        return Err(OpenError::Damaged { path: list.display().to_string(), reason: "it is cut short".to_owned() });
    }
    for (part, line) in parts.iter().zip(sums) {
        let found = hex::encode(sum(part).map_err(|source| io_error(part, source))?);
        // The name in the list is for people and their tools: a back-up may be renamed.
        if line.split(' ').next() != Some(&found) {
            let reason = "it is not what was backed up: its SHA-256 differs".to_owned();
            return Err(OpenError::Damaged { path: part.display().to_string(), reason });
        }
    }
    Ok(())
}

/// Reads the whole database once, so that a damaged back-up is not restored.
fn assert_sound(path: &Path) -> Result<(), OpenError> {
    let damaged = |reason: String| OpenError::Damaged { path: path.display().to_string(), reason };
    let check = |connection: &Connection| connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0));
    let verdict: String =
        open_reading(path).and_then(|open| check(&open)).map_err(|error| damaged(error.to_string()))?;
    if verdict == "ok" { Ok(()) } else { Err(damaged(verdict)) }
}

/// Puts the keys into place, if the master key that is there opens them.
fn restore_keys(file: &Path, keys: &Path, data: &Path, options: &Options) -> Result<(), OpenError> {
    let draft = copy_in(&beside(file, ".keys"), keys)?;
    let master = data.join("master.key");
    let opened = Keys::open(&draft, options.key_file.as_deref(), &master, (options.clock)()).map(drop);
    put_in_place(opened, &draft, keys)
}

/// Puts the log into place, each ledger with a new epoch.
fn restore_log(file: &Path, log: &Path, now: Micros) -> Result<(), OpenError> {
    let draft = copy_in(file, log)?;
    put_in_place(make_another_history(&draft, now), &draft, log)
}

fn make_another_history(log: &Path, now: Micros) -> Result<(), OpenError> {
    let mut connection = open_writing(log)?;
    migrate::run(&mut connection, "log", migrate::LOG, now)?;
    renew(&connection).map_err(|error| OpenError::Database(error.to_string()))?;
    truncate_wal(&connection)?;
    Ok(())
}

/// Copies a file beside the place where it is to be, readable by its owner alone.
fn copy_in(from: &Path, to: &Path) -> Result<PathBuf, OpenError> {
    let draft = beside(to, ".restoring");
    remove_database(&draft);
    let mut file = vault::private_file(&draft).map_err(|source| io_error(&draft, source))?;
    let copied = File::open(from).and_then(|mut from| io::copy(&mut from, &mut file));
    copied.and_then(|_| file.sync_all()).map_err(|source| io_error(to, source))?;
    Ok(draft)
}

/// Gives a draft its name if all went well, and takes the draft away.
fn put_in_place(prepared: Result<(), OpenError>, draft: &Path, to: &Path) -> Result<(), OpenError> {
    let placed = prepared.and_then(|()| {
        let durable = File::open(draft).and_then(|file| file.sync_all());
        // A link, unlike another name, takes nobody's place.
        let named = durable.and_then(|()| fs::hard_link(draft, to)).and_then(|()| vault::sync_folder(to));
        named.map_err(|source| io_error(to, source))
    });
    remove_database(draft);
    placed
}

fn remove_database(path: &Path) {
    // What is not there need not be removed; what cannot be is told by the next step.
    for ending in ["", "-wal", "-shm"] {
        drop(fs::remove_file(beside(path, ending)));
    }
}

fn io_error(path: &Path, source: io::Error) -> OpenError {
    OpenError::Io { path: path.display().to_string(), source }
}
