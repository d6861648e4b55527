//! `keys.db`: the keys of subjects and the store's own secrets, wrapped by the master key.
//!
//! What must stay true: a key is durable before anything sealed with it can be appended; a destroyed key is never
//! replaced by a new one for the same subject and purpose; unwrapped keys live only in a bounded cache that wipes them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::connection::{open_private, truncate_wal};
use super::migrate;
use crate::erasures::SubjectKey;
use crate::error::{OpenError, StoreError};
use crate::options::Micros;
use crate::vault::{self, DataKey, Keyring, Purpose, Secret, UNDERIVED};

const SECRET: &str = "SELECT wrapped FROM secrets WHERE name = ?1";
// OR IGNORE: of two processes that start for the first time, one's secret stays.
const PUT_SECRET: &str = "INSERT OR IGNORE INTO secrets (name, wrapped) VALUES (?1, ?2)";
const BY_SUBJECT: &str = "SELECT key_id, wrapped FROM keys WHERE ledger = ?1 AND subject = ?2 AND purpose = ?3";
const BY_ID: &str = "SELECT subject, purpose, wrapped FROM keys WHERE ledger = ?1 AND key_id = ?2";
const PUT: &str = "INSERT INTO keys (ledger, subject, purpose, key_id, wrapped, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (ledger, subject, purpose) DO NOTHING";
const OF_SUBJECT: &str = "SELECT purpose, key_id, wrapped IS NULL FROM keys WHERE ledger = ?1 AND subject = ?2
    ORDER BY purpose";
const DESTROY: &str = "UPDATE keys SET wrapped = NULL, destroyed_at = ?4
    WHERE ledger = ?1 AND subject = ?2 AND purpose = ?3 AND wrapped IS NOT NULL";

/// The key store.
pub(super) struct Keys {
    path: PathBuf,
    connection: Mutex<Connection>,
    ring: Keyring,
}

impl Keys {
    /// Opens the key store. With `key_file` the master key must be there; without, it is `default_key_file`, made when
    /// the key store is new.
    pub(super) fn open(
        path: &Path,
        key_file: Option<&Path>,
        default_key_file: &Path,
        now: Micros,
    ) -> Result<Self, OpenError> {
        let mut connection = open_private(path)?;
        migrate::run(&mut connection, "keys", migrate::KEYS, now)?;
        let known = find_secret(&connection)?;
        let master = match (key_file, &known) {
            (Some(file), _) => vault::read(file)?,
            (None, Some(_)) => vault::read(default_key_file)?,
            (None, None) => vault::read_or_make(default_key_file)?,
        };
        let wrapping = master.wrapping().ok_or_else(|| OpenError::Key(UNDERIVED.to_owned()))?;
        let lookup = match known {
            Some(wrapped) => wrapped,
            None => make_secret(&connection, &wrapping)?,
        };
        let ring = Keyring::open(wrapping, &lookup, &path.display().to_string())?;
        Ok(Self { path: path.to_owned(), connection: Mutex::new(connection), ring })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn blind_index(&self, ledger: &str, kind: &str, value: &str) -> [u8; 32] {
        self.ring.blind_index(ledger, kind, value)
    }

    /// The key of a subject, if it is at hand. Touches no disk.
    pub(super) fn cached(&self, ledger: &str, subject: Uuid, purpose: Purpose) -> Option<Arc<DataKey>> {
        self.ring.cached(ledger, subject, purpose)
    }

    /// The key of a subject, made and durable if there was none. Blocks.
    pub(super) fn find_or_make(
        &self,
        ledger: &str,
        subject: Uuid,
        purpose: Purpose,
        now: Micros,
    ) -> Result<Arc<DataKey>, StoreError> {
        let connection = self.lock();
        let mut found = find_by_owner(&connection, ledger, subject, purpose)?;
        if found.is_none() {
            self.make(&connection, ledger, subject, purpose, now)?;
            // Another process may have been first: what is stored counts.
            found = find_by_owner(&connection, ledger, subject, purpose)?;
        }
        let (key_id, wrapped) = found.ok_or_else(|| StoreError::Unavailable("the key store lost a key".to_owned()))?;
        let wrapped = wrapped.ok_or(StoreError::Erased(subject))?;
        self.ring
            .ready((ledger.to_owned(), subject, purpose), key_id, &wrapped)
            .ok_or_else(|| StoreError::Refused(format!("the key of subject {subject} does not fit the master key")))
    }

    /// The key of that id; `None` if it is destroyed or unknown, an error text if it was tampered with. Blocks.
    pub(super) fn find(&self, ledger: &str, key_id: Uuid) -> Result<Option<Arc<DataKey>>, FindError> {
        if let Some(key) = self.ring.cached_by_id(ledger, key_id) {
            return Ok(Some(key));
        }
        let connection = self.lock();
        let found: Option<([u8; 16], String, Option<Vec<u8>>)> = connection
            .prepare_cached(BY_ID)?
            .query_row(params![ledger, key_id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((subject, purpose, Some(wrapped))) = found else { return Ok(None) };
        let purpose = Purpose::parse(&purpose).ok_or(FindError::Tampered)?;
        let owner = (ledger.to_owned(), Uuid::from_bytes(subject), purpose);
        self.ring.ready(owner, key_id, &wrapped).map(Some).ok_or(FindError::Tampered)
    }

    /// Destroys the keys of a subject for these purposes, in the cache and on the disk. Returns the ids of those that
    /// are destroyed, from now or before. Blocks.
    pub(super) fn destroy(
        &self,
        ledger: &str,
        subject: Uuid,
        purposes: &[Purpose],
        now: Micros,
    ) -> Result<Vec<Uuid>, StoreError> {
        // The lock is held over cache and disk, so that nobody caches a key that has just been read.
        let connection = self.lock();
        let mut destroyed = Vec::new();
        for purpose in purposes {
            let owner = params![ledger, subject.as_bytes(), purpose.as_str(), now];
            connection.prepare_cached(DESTROY)?.execute(owner)?;
            if let Some((key_id, _)) = find_by_owner(&connection, ledger, subject, *purpose)? {
                self.ring.forget(ledger, subject, *purpose, key_id);
                destroyed.push(key_id);
            }
        }
        Ok(destroyed)
    }

    /// Empties the WAL, so that destroyed keys are in no file; whether no reader was in the way. Blocks.
    pub(super) fn truncate_wal(&self) -> Result<bool, StoreError> {
        Ok(truncate_wal(&self.lock())?)
    }

    /// The keys that a subject has or had. Blocks.
    pub(super) fn of_subject(&self, ledger: &str, subject: Uuid) -> Result<Vec<SubjectKey>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(OF_SUBJECT)?;
        let rows = statement.query_map(params![ledger, subject.as_bytes()], |row| {
            Ok((row.get::<_, String>(0)?, Uuid::from_bytes(row.get(1)?), row.get(2)?))
        })?;
        let mut found = Vec::new();
        for row in rows {
            let (purpose, key_id, destroyed) = row?;
            found.extend(Purpose::parse(&purpose).map(|purpose| SubjectKey { purpose, key_id, destroyed }));
        }
        Ok(found)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere cannot leave the connection inside a transaction: every write here is one statement.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn make(
        &self,
        connection: &Connection,
        ledger: &str,
        subject: Uuid,
        purpose: Purpose,
        now: Micros,
    ) -> Result<(), StoreError> {
        let (key_id, wrapped) =
            self.ring.fresh(ledger, subject, purpose).ok_or_else(|| StoreError::Refused(UNDERIVED.to_owned()))?;
        let row = params![ledger, subject.as_bytes(), purpose.as_str(), key_id.as_bytes(), wrapped, now];
        connection.prepare_cached(PUT)?.execute(row)?;
        Ok(())
    }
}

/// Why a key could not be got ready.
pub(super) enum FindError {
    /// The key store cannot be read.
    Database(rusqlite::Error),
    /// It is not what was stored, or not under this master key.
    Tampered,
}

impl From<rusqlite::Error> for FindError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn find_secret(connection: &Connection) -> rusqlite::Result<Option<Vec<u8>>> {
    connection.query_row(SECRET, [Keyring::LOOKUP], |row| row.get(0)).optional()
}

fn make_secret(connection: &Connection, wrapping: &Secret) -> Result<Vec<u8>, OpenError> {
    let wrapped = Keyring::fresh_lookup(wrapping)?;
    connection.execute(PUT_SECRET, params![Keyring::LOOKUP, wrapped])?;
    find_secret(connection)?.ok_or_else(|| OpenError::Key("it could not be kept".to_owned()))
}

fn find_by_owner(
    connection: &Connection,
    ledger: &str,
    subject: Uuid,
    purpose: Purpose,
) -> rusqlite::Result<Option<(Uuid, Option<Vec<u8>>)>> {
    connection
        .prepare_cached(BY_SUBJECT)?
        .query_row(params![ledger, subject.as_bytes(), purpose.as_str()], |row| {
            Ok((Uuid::from_bytes(row.get(0)?), row.get(1)?))
        })
        .optional()
}
