//! Keys at hand: what opens wrapped keys, the key of the blind indexes, and a bounded cache of unwrapped keys that wipes
//! them. Where the wrapped ones are kept is the back ends' affair.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use uuid::Uuid;

use super::{DataKey, Purpose, Secret, blind_index, unwrap, wrap};
use crate::error::OpenError;

/// Unwrapped keys kept at hand.
const CACHED: u64 = 20_000;

/// How long another process may still use a key after this one destroyed it.
const CACHED_FOR: Duration = Duration::from_mins(5);

const LOOKUP: &str = "lookup";

/// Why a key is not made: it would mean a broken library.
pub(crate) const UNDERIVED: &str = "a key could not be derived";

/// Whose key it is, and for what: ledger, subject, purpose.
pub(crate) type Owner = (String, Uuid, Purpose);

/// A key that has just been made: its id and its wrapped bytes.
pub(crate) type FreshKey = (Uuid, Vec<u8>);

/// The keys at hand.
pub(crate) struct Keyring {
    wrapping: Secret,
    lookup: Secret,
    by_owner: Cache<Owner, Arc<DataKey>>,
    by_id: Cache<(String, Uuid), Arc<DataKey>>,
}

impl Keyring {
    /// Name under which the wrapped look-up key is kept.
    pub(crate) const LOOKUP: &str = LOOKUP;

    /// From the key that wraps all others and the wrapped look-up key; `store` names the key store in an error.
    pub(crate) fn open(wrapping: Secret, wrapped_lookup: &[u8], store: &str) -> Result<Self, OpenError> {
        let lookup = unwrap(&wrapping, &secret_owner(), wrapped_lookup)
            .ok_or_else(|| OpenError::Key(format!("it is not the one that {store} was made with")))?;
        Ok(Self { wrapping, lookup, by_owner: cache(), by_id: cache() })
    }

    /// A fresh look-up key, wrapped.
    pub(crate) fn fresh_lookup(wrapping: &Secret) -> Result<Vec<u8>, OpenError> {
        wrap(wrapping, &secret_owner(), &Secret::random()).ok_or_else(|| OpenError::Key(UNDERIVED.to_owned()))
    }

    pub(crate) fn blind_index(&self, ledger: &str, kind: &str, value: &str) -> [u8; 32] {
        blind_index(&self.lookup, ledger, kind, value)
    }

    /// The key of a subject, if it is at hand.
    pub(crate) fn cached(&self, ledger: &str, subject: Uuid, purpose: Purpose) -> Option<Arc<DataKey>> {
        self.by_owner.get(&(ledger.to_owned(), subject, purpose))
    }

    /// The key of that id, if it is at hand.
    pub(crate) fn cached_by_id(&self, ledger: &str, key_id: Uuid) -> Option<Arc<DataKey>> {
        self.by_id.get(&(ledger.to_owned(), key_id))
    }

    /// A fresh key for a subject; nothing is kept.
    pub(crate) fn fresh(&self, ledger: &str, subject: Uuid, purpose: Purpose) -> Option<FreshKey> {
        let key_id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
        let wrapped = wrap(&self.wrapping, &key_owner(ledger, &subject, purpose, &key_id), &Secret::random())?;
        Some((key_id, wrapped))
    }

    /// Unwraps a key and keeps it at hand; `None` if it is not what was stored, or not under this master key.
    pub(crate) fn ready(&self, owner: Owner, key_id: Uuid, wrapped: &[u8]) -> Option<Arc<DataKey>> {
        let (ledger, subject, purpose) = &owner;
        let data_key = unwrap(&self.wrapping, &key_owner(ledger, subject, *purpose, &key_id), wrapped)?;
        let key = Arc::new(DataKey::derive(key_id, &data_key)?);
        self.by_id.insert((ledger.clone(), key.key_id()), Arc::clone(&key));
        self.by_owner.insert(owner, Arc::clone(&key));
        Some(key)
    }

    /// Wipes a key that has been destroyed.
    pub(crate) fn forget(&self, ledger: &str, subject: Uuid, purpose: Purpose, key_id: Uuid) {
        self.by_owner.invalidate(&(ledger.to_owned(), subject, purpose));
        self.by_id.invalidate(&(ledger.to_owned(), key_id));
        self.by_owner.run_pending_tasks();
        self.by_id.run_pending_tasks();
    }
}

fn cache<K: std::hash::Hash + Eq + Send + Sync + 'static>() -> Cache<K, Arc<DataKey>> {
    Cache::builder().max_capacity(CACHED).time_to_live(CACHED_FOR).build()
}

fn key_owner<'a>(ledger: &'a str, subject: &'a Uuid, purpose: Purpose, key_id: &'a Uuid) -> [&'a [u8]; 4] {
    [ledger.as_bytes(), subject.as_bytes(), purpose.as_str().as_bytes(), key_id.as_bytes()]
}

fn secret_owner() -> [&'static [u8]; 2] {
    [b"secret", LOOKUP.as_bytes()]
}
