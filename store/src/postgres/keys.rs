//! The schema `bordereau_keys`: the keys of subjects and the store's own secrets, wrapped by the master key.
//!
//! What must stay true: a key is durable before anything sealed with it can be appended; a destroyed key is never
//! replaced by a new one for the same subject and purpose; unwrapped keys live only in the keyring.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use sqlx::Row;
use sqlx::postgres::PgRow;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::failure::Fault;
use super::link::{Link, Links, Query};
use crate::erasures::SubjectKey;
use crate::error::{OpenError, StoreError};
use crate::options::Micros;
use crate::vault::{self, DataKey, Keyring, Purpose, Secret, UNDERIVED};

const SECRET: &str = "SELECT wrapped FROM bordereau_keys.secrets WHERE name = $1";
// DO NOTHING: of two nodes that start for the first time, one's secret stays.
const PUT_SECRET: &str = "INSERT INTO bordereau_keys.secrets (name, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const MASTER: &str = "SELECT secret FROM bordereau_keys.master";
const PUT_MASTER: &str = "INSERT INTO bordereau_keys.master (secret) VALUES ($1) ON CONFLICT DO NOTHING";
const BY_SUBJECT: &str = "SELECT key_id, wrapped FROM bordereau_keys.keys
    WHERE ledger = $1 AND subject = $2 AND purpose = $3";
const BY_ID: &str = "SELECT key_id, subject, purpose, wrapped FROM bordereau_keys.keys
    WHERE ledger = $1 AND key_id = ANY($2) AND wrapped IS NOT NULL";
const PUT: &str = "INSERT INTO bordereau_keys.keys (ledger, subject, purpose, key_id, wrapped, created_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (ledger, subject, purpose) DO NOTHING";
const OF_SUBJECT: &str = "SELECT purpose, key_id, wrapped IS NULL FROM bordereau_keys.keys
    WHERE ledger = $1 AND subject = $2 ORDER BY purpose";
const DESTROY: &str = "UPDATE bordereau_keys.keys SET wrapped = NULL, destroyed_at = $4
    WHERE ledger = $1 AND subject = $2 AND purpose = ANY($3) AND wrapped IS NOT NULL";
const DESTROYED: &str = "SELECT key_id, purpose FROM bordereau_keys.keys
    WHERE ledger = $1 AND subject = $2 AND purpose = ANY($3) AND wrapped IS NULL ORDER BY created_at, key_id";

/// The key store.
pub(super) struct Keys {
    links: Links,
    ring: Keyring,
    /// Held over a look into the database and the keyring, so that nobody keeps a key that is just being destroyed.
    gate: Mutex<()>,
}

impl Keys {
    /// Opens the key store. Without `key_file` the first node makes a master key and keeps it in the database.
    pub(super) async fn open(links: Links, key_file: Option<&Path>) -> Result<Self, OpenError> {
        let mut turn = links.turn_soon().await?;
        let opened = open_ring(turn.link().await?, key_file).await;
        turn.end(Ok(())).await?;
        Ok(Self { ring: opened?, links, gate: Mutex::new(()) })
    }

    pub(super) fn blind_index(&self, ledger: &str, kind: &str, value: &str) -> [u8; 32] {
        self.ring.blind_index(ledger, kind, value)
    }

    /// The key of a subject, made and durable if there was none.
    pub(super) async fn find_or_make(
        &self,
        ledger: &str,
        subject: Uuid,
        purpose: Purpose,
        now: Micros,
    ) -> Result<Arc<DataKey>, StoreError> {
        if let Some(key) = self.ring.cached(ledger, subject, purpose) {
            return Ok(key);
        }
        let _gate = self.gate.lock().await;
        let mut found = self.find_by_owner(ledger, subject, purpose).await?;
        if found.is_none() {
            let (key_id, wrapped) =
                self.ring.fresh(ledger, subject, purpose).ok_or_else(|| StoreError::Refused(UNDERIVED.to_owned()))?;
            let put = sqlx::query(PUT).bind(ledger).bind(subject).bind(purpose.as_str()).bind(key_id);
            self.links.all(put.bind(wrapped).bind(now)).await.map_err(Fault::of_writing)?;
            // Another node may have been first: what is stored counts.
            found = self.find_by_owner(ledger, subject, purpose).await?;
        }
        let (key_id, wrapped) = found.ok_or_else(|| StoreError::Unavailable("the key store lost a key".to_owned()))?;
        let wrapped = wrapped.ok_or(StoreError::Erased(subject))?;
        self.ring
            .ready((ledger.to_owned(), subject, purpose), key_id, &wrapped)
            .ok_or_else(|| StoreError::Refused(format!("the key of subject {subject} does not fit the master key")))
    }

    /// The keys of these ids, in one look-up; destroyed and unknown ones are absent, `None` was tampered with.
    pub(super) async fn find(
        &self,
        ledger: &str,
        key_ids: &[Uuid],
    ) -> Result<HashMap<Uuid, Option<Arc<DataKey>>>, StoreError> {
        let mut found = HashMap::with_capacity(key_ids.len());
        let mut missing = Vec::new();
        for key_id in key_ids {
            match self.ring.cached_by_id(ledger, *key_id) {
                Some(key) => {
                    found.insert(*key_id, Some(key));
                }
                None => missing.push(*key_id),
            }
        }
        if !missing.is_empty() {
            let _gate = self.gate.lock().await;
            let rows = self.links.read(|| sqlx::query(BY_ID).bind(ledger).bind(&missing)).await;
            for row in rows.map_err(Fault::of_reading)? {
                let (key_id, key) = self.ready(ledger, &row).map_err(|error| Fault::from(error).of_reading())?;
                found.insert(key_id, key);
            }
        }
        Ok(found)
    }

    fn ready(&self, ledger: &str, row: &PgRow) -> Result<(Uuid, Option<Arc<DataKey>>), sqlx::Error> {
        let (key_id, subject): (Uuid, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (purpose, wrapped): (String, Vec<u8>) = (row.try_get(2)?, row.try_get(3)?);
        let key = Purpose::parse(&purpose)
            .and_then(|purpose| self.ring.ready((ledger.to_owned(), subject, purpose), key_id, &wrapped));
        Ok((key_id, key))
    }

    /// Destroys the keys of a subject for these purposes. Returns the ids of those that are destroyed, from now or
    /// before.
    pub(super) async fn destroy(
        &self,
        ledger: &str,
        subject: Uuid,
        purposes: &[Purpose],
        now: Micros,
    ) -> Result<Vec<Uuid>, StoreError> {
        let names: Vec<_> = purposes.iter().map(|purpose| purpose.as_str()).collect();
        let _gate = self.gate.lock().await;
        let destroy = sqlx::query(DESTROY).bind(ledger).bind(subject).bind(&names).bind(now);
        self.links.all(destroy).await.map_err(Fault::of_writing)?;
        let rows = self.links.read(|| sqlx::query(DESTROYED).bind(ledger).bind(subject).bind(&names)).await;
        let mut destroyed = Vec::new();
        for row in rows.map_err(Fault::of_reading)? {
            let (key_id, purpose) = gone(&row).map_err(|error| Fault::from(error).of_reading())?;
            if let Some(purpose) = Purpose::parse(&purpose) {
                self.ring.forget(ledger, subject, purpose, key_id);
            }
            destroyed.push(key_id);
        }
        Ok(destroyed)
    }

    /// The keys that a subject has or had.
    pub(super) async fn of_subject(&self, ledger: &str, subject: Uuid) -> Result<Vec<SubjectKey>, StoreError> {
        let rows = self.links.read(|| sqlx::query(OF_SUBJECT).bind(ledger).bind(subject)).await;
        let mut found = Vec::new();
        for row in rows.map_err(Fault::of_reading)? {
            found.extend(subject_key(&row).map_err(|error| Fault::from(error).of_reading())?);
        }
        Ok(found)
    }

    async fn find_by_owner(
        &self,
        ledger: &str,
        subject: Uuid,
        purpose: Purpose,
    ) -> Result<Option<(Uuid, Option<Vec<u8>>)>, StoreError> {
        let query = || sqlx::query(BY_SUBJECT).bind(ledger).bind(subject).bind(purpose.as_str());
        let rows = self.links.read(query).await.map_err(Fault::of_reading)?;
        rows.first()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .transpose()
            .map_err(|error: sqlx::Error| Fault::from(error).of_reading())
    }
}

fn subject_key(row: &PgRow) -> Result<Option<SubjectKey>, sqlx::Error> {
    let (purpose, key_id, destroyed): (String, Uuid, bool) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    Ok(Purpose::parse(&purpose).map(|purpose| SubjectKey { purpose, key_id, destroyed }))
}

fn gone(row: &PgRow) -> Result<(Uuid, String), sqlx::Error> {
    Ok((row.try_get(0)?, row.try_get(1)?))
}

async fn open_ring(link: &mut Link, key_file: Option<&Path>) -> Result<Keyring, OpenError> {
    let known = find_secret(link, sqlx::query(SECRET).bind(Keyring::LOOKUP)).await?;
    let master = match key_file {
        Some(file) => vault::read(file)?,
        None => master_in_the_database(link, known.is_none()).await?,
    };
    let wrapping = master.wrapping().ok_or_else(|| OpenError::Key(UNDERIVED.to_owned()))?;
    let lookup = match known {
        Some(wrapped) => wrapped,
        None => make_lookup(link, &wrapping).await?,
    };
    Keyring::open(wrapping, &lookup, "the schema bordereau_keys")
}

async fn make_lookup(link: &mut Link, wrapping: &Secret) -> Result<Vec<u8>, OpenError> {
    let wrapped = Keyring::fresh_lookup(wrapping)?;
    link.all(sqlx::query(PUT_SECRET).bind(Keyring::LOOKUP).bind(wrapped)).await?;
    let kept = find_secret(link, sqlx::query(SECRET).bind(Keyring::LOOKUP)).await?;
    kept.ok_or_else(|| OpenError::Key("the look-up key could not be kept".to_owned()))
}

/// The master key of a platform that has set none. `may_make`: nothing has been wrapped yet.
async fn master_in_the_database(link: &mut Link, may_make: bool) -> Result<Secret, OpenError> {
    let mut found = find_secret(link, sqlx::query(MASTER)).await?;
    if found.is_none() && may_make {
        link.all(sqlx::query(PUT_MASTER).bind(Secret::random().as_bytes())).await?;
        found = find_secret(link, sqlx::query(MASTER)).await?;
    }
    let bytes = found
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .ok_or_else(|| OpenError::Key("the store was made with a key file, and none is set".to_owned()))?;
    tracing::warn!(
        "the master key lies in the database beside what it protects: set a key file (BORDEREAU_KEY_FILE) on every node"
    );
    Ok(Secret::from_bytes(bytes))
}

async fn find_secret(link: &mut Link, query: Query<'_>) -> Result<Option<Vec<u8>>, OpenError> {
    let rows = link.all(query).await?;
    let found = rows.first().map(|row| row.try_get(0)).transpose();
    found.map_err(|error| OpenError::Database(error.to_string()))
}
