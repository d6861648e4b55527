//! What comes with every command, whatever it asks.

use bordereau_domain::{Actor, ShopCode};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A caller's key for sending a command again without doing it twice.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// The key, as sent.
    pub key: String,
    /// SHA-256 of method, path and body: the same key with another request is refused.
    pub request_hash: [u8; 32],
}

/// Who sends a command, from where, when, and under which conditions.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The shop, whose code names the ledger.
    pub shop: ShopCode,
    /// Who acts.
    pub actor: Actor,
    /// The command's clock.
    pub at: DateTime<Utc>,
    /// Through which door it came: `api`, `page`, `cli`, `demo`, `reactor`.
    pub channel: &'static str,
    /// Ties what one request caused together.
    pub correlation: Uuid,
    /// The event that caused the command, where one did.
    pub causation: Option<Uuid>,
    /// The sequence the caller has seen (`If-Match`).
    pub if_match: Option<u64>,
    /// The caller's key.
    pub key: Option<IdempotencyKey>,
}

impl Envelope {
    /// A command without conditions.
    pub fn new(shop: ShopCode, actor: Actor, at: DateTime<Utc>, channel: &'static str) -> Self {
        Self { shop, actor, at, channel, correlation: crate::ids::new_id(), causation: None, if_match: None, key: None }
    }
}
