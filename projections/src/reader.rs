//! Reading a view's file: a few read-only connections, off the async threads, one snapshot per read.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};
use tokio::sync::Semaphore;

use crate::{error::ReadError, progress::Published};

/// How many reads of one view run at once.
const CONNECTIONS: usize = 4;
/// Statements that a connection keeps prepared; more than a view has.
const PREPARED: usize = 64;

/// Reads one view's file. Clones share the connections.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    published: Arc<Published>,
    path: PathBuf,
    turns: Semaphore,
    idle: Mutex<Vec<(u64, Connection)>>,
}

impl Reader {
    /// Reads the view's file at `path`.
    pub(crate) fn new(published: Arc<Published>, path: PathBuf) -> Self {
        let (turns, idle) = (Semaphore::new(CONNECTIONS), Mutex::new(Vec::new()));
        Self { shared: Arc::new(Shared { published, path, turns, idle }) }
    }

    /// Runs a read on one snapshot of the file, unless the view is being built or has stopped for this shop.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        shop: &str,
        read: impl FnOnce(&Connection, &str) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let shared = Arc::clone(&self.shared);
        let view = shared.published.name;
        let generation = shared.published.look(|progress| {
            if !progress.readable {
                return Err(ReadError::Building { view });
            }
            match progress.halted.get(shop) {
                Some(halt) => Err(ReadError::Stopped { view, position: halt.position }),
                None => Ok(progress.generation),
            }
        })?;
        let shop = shop.to_owned();
        let _turn = self.shared.turns.acquire().await.map_err(|_| ReadError::Cancelled)?;
        tokio::task::spawn_blocking(move || {
            let connection = shared.take(generation)?;
            let answer = {
                let snapshot = connection.unchecked_transaction()?;
                read(&snapshot, &shop)
            };
            shared.give_back(generation, connection);
            answer
        })
        .await
        .map_err(|_| ReadError::Cancelled)?
    }
}

impl Shared {
    fn take(&self, generation: u64) -> rusqlite::Result<Connection> {
        {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.retain(|(of, _)| *of == generation);
            if let Some((_, connection)) = idle.pop() {
                return Ok(connection);
            }
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA temp_store = MEMORY;")?;
        Ok(connection)
    }

    fn give_back(&self, generation: u64, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((generation, connection));
    }
}
