//! `erasures.jsonl` in the data folder: a line for each erasure, durable before the next step, never rewritten. It is no
//! part of a back-up.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::Sqlite;
use crate::erasures::Erasure;
use crate::error::StoreError;
use crate::vault::{private_file, sync_folder};

const FILE: &str = "erasures.jsonl";

/// The file of lines.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    path: PathBuf,
}

impl Lines {
    pub(super) fn new(data: &Path) -> Self {
        Self { path: data.join(FILE) }
    }

    fn read(&self) -> io::Result<String> {
        match std::fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            read => read,
        }
    }

    fn list(&self) -> io::Result<Vec<Erasure>> {
        let text = self.read()?;
        let mut erasures = Vec::new();
        for (line, text) in (1_u64..).zip(text.lines()).filter(|(_, text)| !text.is_empty()) {
            if let Some(erasure) = Erasure::parse_line(text) {
                erasures.push(erasure);
            } else {
                // A crash may cut the last line short; the erasure is then written once more.
                tracing::error!(line, file = FILE, "a line cannot be read");
            }
        }
        Ok(erasures)
    }

    /// Adds a line, unless it is there. Blocks.
    fn note(&self, erasure: &Erasure) -> io::Result<bool> {
        let fresh = match private_file(&self.path) {
            Ok(_) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(error) => return Err(error),
        };
        let mut file = OpenOptions::new().append(true).read(true).open(&self.path)?;
        // Another process may erase too: commands run beside the service.
        file.lock()?;
        if fresh {
            sync_folder(&self.path)?;
        }
        let before = self.list()?.into_iter().rfind(|known| known.is_same(erasure));
        if before.is_some_and(|known| erasure.is_told_by(&known)) {
            return Ok(false);
        }
        let cut = ends_in_the_middle(&mut file)?;
        let line = format!("{}{}\n", if cut { "\n" } else { "" }, erasure.to_line());
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        Ok(true)
    }
}

/// Whether a crash has cut the last line short.
fn ends_in_the_middle(file: &mut File) -> io::Result<bool> {
    let mut text = Vec::new();
    file.read_to_end(&mut text)?;
    Ok(text.last().is_some_and(|last| *last != b'\n'))
}

impl Sqlite {
    pub(crate) async fn note_erasure(&self, erasure: Erasure) -> Result<bool, StoreError> {
        let lines = self.erasures.clone();
        blocking(move || lines.note(&erasure)).await
    }

    pub(crate) async fn list_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let lines = self.erasures.clone();
        blocking(move || lines.list()).await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, StoreError> {
    let done =
        tokio::task::spawn_blocking(work).await.map_err(|stopped| StoreError::Unavailable(stopped.to_string()))?;
    done.map_err(|error| StoreError::Unavailable(format!("{FILE}: {error}")))
}
