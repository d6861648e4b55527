//! A few read-only connections. A reader takes one for a few short statements and keeps no snapshot between calls.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connection::open_reading;
use crate::error::StoreError;

/// Connections, and so readers at the same time.
const READERS: usize = 4;

/// How long a reader waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// The pool.
pub(super) struct Readers {
    path: PathBuf,
    turns: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    /// Opens the first connection, so that a database that cannot be read stops the start.
    pub(super) fn open(path: PathBuf) -> rusqlite::Result<Self> {
        let first = open_reading(&path)?;
        Ok(Self { path, turns: Arc::new(Semaphore::new(READERS)), idle: Arc::new(Mutex::new(vec![first])) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs short statements on a connection of its own.
    pub(super) async fn query<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| StoreError::Unavailable("every reader is busy".to_owned()))?
            .map_err(|closed| StoreError::Unavailable(closed.to_string()))?;
        let (path, idle) = (self.path.clone(), Arc::clone(&self.idle));
        let done = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match kept {
                Some(connection) => connection,
                None => open_reading(&path)?,
            };
            let result = work(&connection);
            // A connection that has seen the file fail is not used again.
            if !matches!(result, Err(StoreError::Unavailable(_))) {
                idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            }
            drop(turn);
            result
        });
        done.await.map_err(|stopped| StoreError::Unavailable(stopped.to_string()))?
    }
}
