//! The leaf of an event: what a ledger's Merkle tree is built from. Its bytes are frozen.
//!
//! ```text
//! leaf   = SHA-256( 0x00 || "bordereau/event/1" || frame(ledger) || frame(position) || frame(event_id)
//!                   || frame(aggregate_type) || frame(aggregate_id) || frame(sequence) || frame(event_type)
//!                   || frame(event_version) || frame(recorded_at) || frame(payload) || frame(metadata) )
//! frame(x) = length of x in bytes as u32, big-endian || x
//! ```
//! Texts are their UTF-8 bytes as stored, integers their decimal digits, `event_id` its 16 bytes as stored. Nothing is
//! parsed or written anew. The leading zero is RFC 6962's prefix of leaves.

use sha2::{Digest, Sha256};

use crate::log::StoredEvent;

const TAG: &[u8] = b"bordereau/event/1";

/// The leaf hash of a stored event.
pub fn leaf(event: &StoredEvent) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0x00]);
    hash.update(TAG);
    frame(&mut hash, event.ledger.as_bytes());
    frame(&mut hash, event.position.to_string().as_bytes());
    frame(&mut hash, event.event_id.as_bytes());
    frame(&mut hash, event.aggregate_type.as_bytes());
    frame(&mut hash, event.aggregate_id.as_bytes());
    frame(&mut hash, event.sequence.to_string().as_bytes());
    frame(&mut hash, event.event_type.as_bytes());
    frame(&mut hash, event.event_version.as_bytes());
    frame(&mut hash, event.recorded_at.to_string().as_bytes());
    frame(&mut hash, event.payload.as_bytes());
    frame(&mut hash, event.metadata.as_bytes());
    hash.finalize().into()
}

fn frame(hash: &mut Sha256, bytes: &[u8]) {
    // SQLite refuses values of a gigabyte, so the saturated case cannot come from a stored event.
    hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    hash.update(bytes);
}
