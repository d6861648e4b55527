//! An event as the views see it: the log's columns decoded once, the metadata taken apart.

use std::borrow::Cow;

use bordereau_domain::{AccountId, DecodeError, Event, Role};
use bordereau_store::StoredEvent;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::{error::ApplyError, sql::from_micros};

/// A decoded event with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Code of the shop, which is its ledger.
    pub shop: String,
    /// Place in the shop's ledger: 1, 2, 3, ...
    pub position: u64,
    /// The event's own id.
    pub event_id: Uuid,
    /// Id of the aggregate, as text.
    pub aggregate_id: String,
    /// Place in the aggregate's stream: 1, 2, 3, ...
    pub sequence: u64,
    /// When the act took place.
    pub at: DateTime<Utc>,
    /// When it was recorded, in µs since the epoch; never falls as the position rises.
    pub recorded_at: i64,
    /// Who acted.
    pub actor: AccountId,
    /// In which role.
    pub role: Role,
    /// In whose place, for a delegate.
    pub on_behalf_of: Option<AccountId>,
    /// What happened.
    pub event: Event,
}

/// Why a stored event cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordedError {
    /// The event is none of ours, or damaged.
    #[error(transparent)]
    Event(#[from] DecodeError),
    /// The metadata is not a flat object of strings of the known shapes.
    #[error("the metadata cannot be read: {0}")]
    Metadata(#[from] serde_json::Error),
}

/// The metadata that views look at; every other key is the auditor's.
#[derive(Deserialize)]
struct Metadata<'a> {
    at: Option<DateTime<Utc>>,
    actor: Option<AccountId>,
    #[serde(borrow)]
    role: Option<Cow<'a, str>>,
    on_behalf_of: Option<AccountId>,
}

impl Recorded {
    /// Decodes an event of the log. An event of a foreign writer without `at`, `actor` or `role` took place when it was
    /// recorded and was the system's.
    ///
    /// # Errors
    /// [`RecordedError`], when the event or its metadata cannot be read.
    pub fn decode(stored: &StoredEvent) -> Result<Self, RecordedError> {
        let metadata: Metadata<'_> = serde_json::from_str(&stored.metadata)?;
        let role = match metadata.role {
            None => Role::System,
            Some(word) => word.parse().map_err(<serde_json::Error as serde::de::Error>::custom)?,
        };
        Ok(Self {
            shop: stored.ledger.clone(),
            position: stored.position,
            event_id: stored.event_id,
            aggregate_id: stored.aggregate_id.clone(),
            sequence: stored.sequence,
            at: metadata.at.unwrap_or_else(|| from_micros(stored.recorded_at)),
            recorded_at: stored.recorded_at,
            actor: metadata.actor.unwrap_or_default(),
            role,
            on_behalf_of: metadata.on_behalf_of,
            event: Event::decode(&stored.aggregate_type, &stored.event_type, &stored.event_version, &stored.payload)?,
        })
    }

    /// The aggregate's id. Those of shops are codes; every other aggregate has a UUID.
    pub(crate) fn id(&self) -> Result<Uuid, ApplyError> {
        Ok(Uuid::parse_str(&self.aggregate_id)?)
    }

    /// When the act took place, in µs since the epoch.
    pub(crate) fn at_micros(&self) -> i64 {
        self.at.timestamp_micros()
    }
}
