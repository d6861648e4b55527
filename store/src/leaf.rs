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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn opened() -> StoredEvent {
        StoredEvent {
            ledger: "DLIVRE".to_owned(),
            position: 1,
            event_id: Uuid::from_bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
            aggregate_type: "shop".to_owned(),
            aggregate_id: "DLIVRE".to_owned(),
            sequence: 1,
            event_type: "ShopOpened".to_owned(),
            event_version: "1.0".to_owned(),
            recorded_at: 1_767_225_600_000_000,
            payload: r#"{"ShopOpened":{}}"#.to_owned(),
            metadata: "{}".to_owned(),
        }
    }

    /// The layout, written out a second time without the code above.
    fn by_hand(event: &StoredEvent) -> [u8; 32] {
        let integers = [event.position.to_string(), event.sequence.to_string(), event.recorded_at.to_string()];
        let fields: [&[u8]; 11] = [
            event.ledger.as_bytes(),
            integers[0].as_bytes(),
            event.event_id.as_bytes(),
            event.aggregate_type.as_bytes(),
            event.aggregate_id.as_bytes(),
            integers[1].as_bytes(),
            event.event_type.as_bytes(),
            event.event_version.as_bytes(),
            integers[2].as_bytes(),
            event.payload.as_bytes(),
            event.metadata.as_bytes(),
        ];
        let mut bytes = b"\0bordereau/event/1".to_vec();
        for field in fields {
            let length = field.len();
            for shift in [24, 16, 8, 0] {
                bytes.push(u8::try_from((length >> shift) & 0xff).unwrap());
            }
            bytes.extend(field);
        }
        Sha256::digest(bytes).into()
    }

    // The expected hashes were computed by another program in another language.
    #[test]
    fn the_leaf_of_a_known_event_is_known() {
        let expected = "11b30250f4ab6c102029acc691120fc5616cfb8387a5971777091833ec993426";
        assert_eq!(hex::encode(leaf(&opened())), expected);
        let odd = StoredEvent {
            ledger: "PARVIS".to_owned(),
            position: u64::MAX,
            event_id: Uuid::from_bytes([0xff; 16]),
            aggregate_type: "basket".to_owned(),
            aggregate_id: "é".to_owned(),
            sequence: 42,
            event_type: "BasketRenamed".to_owned(),
            event_version: "2.1".to_owned(),
            recorded_at: -1,
            payload: "{\"BasketRenamed\": {\"name\":\"œuvre \u{1f4da}\"}}".to_owned(),
            metadata: r#"{"actor":"a","at":"2026-01-01T00:00:00Z"}"#.to_owned(),
        };
        let expected = "f18e286ac17c7363967b851c016639dc7cfcc7a433530183ed41d2285c6a97f6";
        assert_eq!(hex::encode(leaf(&odd)), expected);
    }

    proptest! {
        #[test]
        fn the_leaf_frames_every_field(
            texts in prop::array::uniform7(".{0,40}"),
            position: u64, sequence: u64, recorded_at: i64, id: [u8; 16],
        ) {
            let [ledger, aggregate_type, aggregate_id, event_type, event_version, payload, metadata] = texts;
            let event = StoredEvent {
                ledger, position, event_id: Uuid::from_bytes(id), aggregate_type, aggregate_id, sequence, event_type,
                event_version, recorded_at, payload, metadata,
            };
            prop_assert_eq!(leaf(&event), by_hand(&event));
        }

        #[test]
        fn text_that_moves_to_the_next_field_changes_the_leaf(left in ".{1,20}", right in ".{0,20}") {
            let event = StoredEvent { aggregate_type: left.clone(), aggregate_id: right.clone(), ..opened() };
            let mut shorter = left;
            let moved = shorter.pop().unwrap();
            let shifted =
                StoredEvent { aggregate_type: shorter, aggregate_id: format!("{moved}{right}"), ..opened() };
            prop_assert_ne!(leaf(&event), leaf(&shifted));
        }
    }
}
