//! The lines of an exported file: JSON, one object a line with one key that says what the line is.
//!
//! Of each ledger a `header`, its `event`s by position, its `sealed` data by digest, and an `end`. The columns of an
//! event are those of the log; payload and metadata are strings that hold the stored text byte for byte, so that the leaf
//! of an event can be taken from its line alone. Docs: docs/replay.md.

use base64::{Engine, engine::general_purpose::STANDARD};
use bordereau_store::{Purpose, SealedField, StoredEvent};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The format's name.
pub(crate) const FORMAT: &str = "bordereau-ledger";
/// The format's version.
pub(crate) const VERSION: u32 = 1;

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Line {
    /// A ledger begins.
    Header(Header),
    /// An event.
    Event(EventLine),
    /// Sealed data that events name by digest.
    Sealed(SealedLine),
    /// The ledger ends.
    End(End),
}

/// What a ledger's lines hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) format: String,
    pub(crate) version: u32,
    pub(crate) ledger: String,
    /// Of the store that it was exported from.
    pub(crate) epoch: Uuid,
    /// Position of the last event.
    pub(crate) head: u64,
    /// How many events there are.
    pub(crate) count: u64,
    /// The RFC 6962 root over their leaves, in hexadecimal.
    pub(crate) root: String,
}

/// An event, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventLine {
    ledger: String,
    position: u64,
    event_id: Uuid,
    aggregate_type: String,
    aggregate_id: String,
    sequence: u64,
    event_type: String,
    event_version: String,
    /// In µs since the epoch.
    recorded_at: i64,
    payload: String,
    metadata: String,
}

/// Sealed data, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SealedLine {
    /// In hexadecimal.
    digest: String,
    subject: Uuid,
    purpose: String,
    field: String,
    /// In base64.
    bytes: String,
}

/// That was all of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct End {
    pub(crate) ledger: String,
    pub(crate) events: u64,
    pub(crate) sealed: u64,
}

impl From<StoredEvent> for EventLine {
    fn from(event: StoredEvent) -> Self {
        let StoredEvent {
            ledger,
            position,
            event_id,
            aggregate_type,
            aggregate_id,
            sequence,
            event_type,
            event_version,
            recorded_at,
            payload,
            metadata,
        } = event;
        Self {
            ledger,
            position,
            event_id,
            aggregate_type,
            aggregate_id,
            sequence,
            event_type,
            event_version,
            recorded_at,
            payload,
            metadata,
        }
    }
}

impl From<EventLine> for StoredEvent {
    fn from(line: EventLine) -> Self {
        let EventLine {
            ledger,
            position,
            event_id,
            aggregate_type,
            aggregate_id,
            sequence,
            event_type,
            event_version,
            recorded_at,
            payload,
            metadata,
        } = line;
        Self {
            ledger,
            position,
            event_id,
            aggregate_type,
            aggregate_id,
            sequence,
            event_type,
            event_version,
            recorded_at,
            payload,
            metadata,
        }
    }
}

impl From<SealedField> for SealedLine {
    fn from(sealed: SealedField) -> Self {
        Self {
            digest: hex::encode(sealed.digest),
            subject: sealed.subject,
            purpose: sealed.purpose.as_str().to_owned(),
            field: sealed.field,
            bytes: STANDARD.encode(sealed.bytes),
        }
    }
}

impl SealedLine {
    /// The sealed data of this line; `None` where a part of it is malformed.
    pub(crate) fn into_field(self, ledger: &str) -> Option<SealedField> {
        Some(SealedField {
            ledger: ledger.to_owned(),
            digest: digest(&self.digest)?,
            subject: self.subject,
            purpose: Purpose::parse(&self.purpose)?,
            field: self.field,
            bytes: STANDARD.decode(self.bytes).ok()?,
        })
    }
}

/// 32 bytes in hexadecimal.
pub(crate) fn digest(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}
