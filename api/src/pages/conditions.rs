//! Under which conditions a form is carried out: on the sequence that its sender has seen, and once however often it
//! is sent.

use bordereau_commands::{Envelope, IdempotencyKey, new_id};
use sha2::{Digest, Sha256};

/// Longest key that is taken from a form, in characters.
const MAX_KEY_CHARS: usize = 64;

/// A key for a form that counts once: a second click, or a reload, is answered like the first.
pub fn new_key() -> String {
    new_id().simple().to_string()
}

/// The command of a form that says which sequence its sender has seen (else any will do) and a key (else it may count
/// twice). `parts` are what the form says besides: the same key with another form is refused.
pub fn conditioned(envelope: Envelope, seen: Option<u64>, key: Option<&str>, parts: &[&str]) -> Envelope {
    let good = |key: &&str| {
        !key.is_empty() && key.len() <= MAX_KEY_CHARS && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let key = key.filter(good).map(|key| {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        IdempotencyKey { key: format!("page/{key}"), request_hash: hash.finalize().into() }
    });
    Envelope { if_match: seen, key, ..envelope }
}
