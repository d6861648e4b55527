//! Sealed data: put in beside the events, opened in one look-up, erased with its keys.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Sqlite;
use super::failure::Halt;
use super::keys::{FindError, Keys};
use crate::erasures::SubjectKey;
use crate::error::{AppendError, StoreError};
use crate::vault::{self, Purpose, SealedBytes, SealedField, Surroundings};

// The same digest is the same bytes: putting them in again is no error.
const INSERT: &str = "INSERT INTO vault (ledger, digest, subject, purpose, field, bytes)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (ledger, digest) DO NOTHING";
const FIND: &str = "SELECT subject, purpose, field, bytes FROM vault WHERE ledger = ?1 AND digest = ?2";
const FORGET: &str = "DELETE FROM vault WHERE ledger = ?1 AND digest = ?2";
const ERASE: &str = "DELETE FROM vault WHERE ledger = ?1 AND subject = ?2 AND purpose = ?3";

/// How often emptying the write-ahead logs is tried before whoever asks is told that a reader is in the way.
const TRIES: usize = 5;
/// The time between two tries.
const MOMENT: Duration = Duration::from_millis(10);

/// Puts sealed bytes into the vault.
pub(super) fn insert(connection: &Connection, ledger: &str, sealed: &SealedField) -> Result<(), Halt<AppendError>> {
    Ok(put(connection, ledger, sealed)?)
}

/// The same for whoever sorts the errors otherwise.
pub(super) fn put(connection: &Connection, ledger: &str, sealed: &SealedField) -> rusqlite::Result<()> {
    let SealedField { ledger: _, digest, subject, purpose, field, bytes } = sealed;
    connection.prepare_cached(INSERT)?.execute(params![
        ledger,
        digest,
        subject.as_bytes(),
        purpose.as_str(),
        field,
        bytes
    ])?;
    Ok(())
}

impl Sqlite {
    pub(crate) async fn seal(
        &self,
        ledger: &str,
        subject: Uuid,
        purpose: Purpose,
        field: &str,
        text: &str,
    ) -> Result<SealedField, StoreError> {
        let key = if let Some(key) = self.keys.cached(ledger, subject, purpose) {
            key
        } else {
            let (keys, shop, now) = (Arc::clone(&self.keys), ledger.to_owned(), (self.options.clock)());
            blocking(move || keys.find_or_make(&shop, subject, purpose, now)).await?
        };
        let bytes = vault::seal(&key, Surroundings { ledger, subject, purpose, field }, text)
            .ok_or_else(|| StoreError::Refused("the text is too long to be sealed".to_owned()))?;
        let digest = Sha256::digest(&bytes).into();
        Ok(SealedField { ledger: ledger.to_owned(), digest, subject, purpose, field: field.to_owned(), bytes })
    }

    pub(crate) async fn open_sealed(
        &self,
        ledger: &str,
        digests: &[[u8; 32]],
    ) -> Result<HashMap<[u8; 32], String>, StoreError> {
        let (keys, ledger, digests) = (Arc::clone(&self.keys), ledger.to_owned(), digests.to_vec());
        self.readers
            .query(move |connection| {
                let mut opened = HashMap::with_capacity(digests.len());
                for digest in digests {
                    if let Some(text) = open_one(connection, &keys, &ledger, digest)? {
                        opened.insert(digest, text);
                    }
                }
                Ok(opened)
            })
            .await
    }

    pub(crate) async fn erase_purposes(
        &self,
        ledger: &str,
        subject: Uuid,
        purposes: &[Purpose],
    ) -> Result<Vec<Uuid>, StoreError> {
        // Keys first: from then on the bytes are noise, whatever stops the rest.
        let (keys, shop, chosen) = (Arc::clone(&self.keys), ledger.to_owned(), purposes.to_vec());
        let now = (self.options.clock)();
        let destroyed = blocking(move || keys.destroy(&shop, subject, &chosen, now)).await?;
        let (ledger, purposes) = (ledger.to_owned(), purposes.to_vec());
        self.queue
            .call(move |connection| {
                for purpose in purposes {
                    let owner = params![ledger, subject.as_bytes(), purpose.as_str()];
                    connection.prepare_cached(ERASE)?.execute(owner)?;
                }
                Ok(())
            })
            .await?;
        self.empty_wals().await?;
        Ok(destroyed)
    }

    pub(crate) async fn empty_wals(&self) -> Result<bool, StoreError> {
        // A reader of ours is done in a moment; others write meanwhile.
        let mut moments = tokio::time::interval(MOMENT);
        for _ in 0..TRIES {
            moments.tick().await;
            if self.try_to_empty_wals().await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn try_to_empty_wals(&self) -> Result<bool, StoreError> {
        let keys = Arc::clone(&self.keys);
        let keys = blocking(move || keys.truncate_wal()).await?;
        Ok(self.queue.truncate_wal().await? && keys)
    }

    pub(crate) async fn list_subject_keys(&self, ledger: &str, subject: Uuid) -> Result<Vec<SubjectKey>, StoreError> {
        let (keys, ledger) = (Arc::clone(&self.keys), ledger.to_owned());
        blocking(move || keys.of_subject(&ledger, subject)).await
    }

    pub(crate) async fn forget_sealed(&self, ledger: &str, digests: &[[u8; 32]]) -> Result<(), StoreError> {
        let (ledger, digests) = (ledger.to_owned(), digests.to_vec());
        self.queue
            .call(move |connection| {
                for digest in digests {
                    connection.prepare_cached(FORGET)?.execute(params![ledger, digest])?;
                }
                Ok(())
            })
            .await?;
        self.empty_wals().await?;
        Ok(())
    }

    pub(crate) fn blind_index(&self, ledger: &str, kind: &str, value: &str) -> [u8; 32] {
        self.keys.blind_index(ledger, kind, value)
    }
}

/// A row of the vault.
struct Row {
    subject: Uuid,
    purpose: String,
    field: String,
    bytes: Vec<u8>,
}

fn open_one(
    connection: &Connection,
    keys: &Keys,
    ledger: &str,
    digest: [u8; 32],
) -> Result<Option<String>, StoreError> {
    let found = connection
        .prepare_cached(FIND)?
        .query_row(params![ledger, digest], |row| {
            let subject = Uuid::from_bytes(row.get(0)?);
            Ok(Row { subject, purpose: row.get(1)?, field: row.get(2)?, bytes: row.get(3)? })
        })
        .optional()?;
    match found {
        Some(row) => row.open(keys, ledger, digest),
        None => Ok(None),
    }
}

/// Opens a text of purpose account that lies sealed outside of the vault; nothing once it was erased.
pub(super) fn open_apart(
    keys: &Keys,
    ledger: &str,
    subject: Uuid,
    field: &str,
    bytes: Vec<u8>,
) -> Result<Option<String>, StoreError> {
    let digest = Sha256::digest(&bytes).into();
    let row = Row { subject, purpose: Purpose::Account.as_str().to_owned(), field: field.to_owned(), bytes };
    row.open(keys, ledger, digest)
}

impl Row {
    fn open(self, keys: &Keys, ledger: &str, digest: [u8; 32]) -> Result<Option<String>, StoreError> {
        let Self { subject, purpose, field, bytes } = self;
        let broken = |reason: &str| StoreError::Broken { digest, reason: reason.to_owned() };
        if <[u8; 32]>::from(Sha256::digest(&bytes)) != digest {
            return Err(broken("it does not fit its digest"));
        }
        let sealed = SealedBytes::parse(&bytes).map_err(|malformed| broken(&malformed.to_string()))?;
        let purpose = Purpose::parse(&purpose).ok_or_else(|| broken("it has no known purpose"))?;
        let key = match keys.find(ledger, sealed.key_id) {
            Ok(Some(key)) => key,
            Ok(None) => return Ok(None),
            Err(FindError::Database(error)) => return Err(error.into()),
            Err(FindError::Tampered) => return Err(broken("its key does not fit the master key")),
        };
        let around = Surroundings { ledger, subject, purpose, field: &field };
        vault::open(&key, around, &sealed).map(Some).map_err(broken)
    }
}

/// Runs what waits for a disk away from the async threads.
async fn blocking<T, F>(work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StoreError> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(|stopped| StoreError::Unavailable(stopped.to_string()))?
}
