//! Back-up of a running store and its restore. The log goes to FILE, the keys to FILE.keys, which must be kept for a
//! shorter time; the master key goes nowhere.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::params;

use super::connection::{open_reading, open_writing};
use super::{Sqlite, log_path, make_folder};
use crate::error::{OpenError, StoreError};
use crate::vault;

impl Sqlite {
    pub(crate) async fn back_up(&self, file: &Path) -> Result<(), StoreError> {
        let (log, keys, file) = (self.readers.path().to_owned(), Arc::clone(&self.keys), file.to_owned());
        let copying = tokio::task::spawn_blocking(move || {
            // The keys last: every key that the copied log speaks of was durable before it.
            copy_out(&log, &file)?;
            copy_out(keys.path(), &keys_of(&file))
        });
        copying.await.map_err(|stopped| StoreError::Unavailable(stopped.to_string()))?
    }

    pub(crate) async fn restore(url: &str, data: &Path, file: &Path) -> Result<(), OpenError> {
        let log = log_path(url, data)?;
        let file = file.to_owned();
        let copying = tokio::task::spawn_blocking(move || {
            let folder = log.parent().unwrap_or(Path::new("."));
            make_folder(folder)?;
            let keys = folder.join("keys.db");
            for present in [&log, &keys] {
                if present.exists() {
                    return Err(in_the_way(present));
                }
            }
            assert_sound(&file)?;
            assert_sound(&keys_of(&file))?;
            // The log last: while it is missing, nothing has been restored.
            copy_in(&keys_of(&file), &keys)?;
            copy_in(&file, &log)
        });
        copying.await.map_err(|stopped| OpenError::Database(stopped.to_string()))?
    }
}

/// Where the keys of a back-up are.
fn keys_of(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".keys");
    PathBuf::from(name)
}

/// Copies a database as it is at one moment, while others write to it. Never overwrites.
fn copy_out(from: &Path, to: &Path) -> Result<(), StoreError> {
    let failed = |error: io::Error| StoreError::Refused(format!("{}: {error}", to.display()));
    let file = vault::private_file(to).map_err(failed)?;
    let name = to.to_str().ok_or_else(|| StoreError::Refused(format!("{} is no UTF-8", to.display())))?;
    open_writing(from)?.execute("VACUUM INTO ?1", params![name])?;
    file.sync_all().map_err(failed)
}

/// Copies a file into place under another name first, so that half a copy is never taken for the whole.
fn copy_in(from: &Path, to: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::Io { path: to.display().to_string(), source };
    let draft = to.with_extension("restoring");
    fs::copy(from, &draft).map_err(failed)?;
    File::open(&draft).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(&draft, to).map_err(failed)
}

/// Reads the whole database once, so that a damaged back-up is not restored.
fn assert_sound(path: &Path) -> Result<(), OpenError> {
    let verdict: String = open_reading(path)?.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(OpenError::Database(format!("{}: {verdict}", path.display()))) }
}

fn in_the_way(path: &Path) -> OpenError {
    OpenError::Io { path: path.display().to_string(), source: io::ErrorKind::AlreadyExists.into() }
}
