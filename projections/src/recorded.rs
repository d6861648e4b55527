//! An event as the views see it: the log's columns decoded once, the metadata taken apart.

use std::{borrow::Cow, str::FromStr};

use bordereau_domain::{AccountId, DecodeError, Event, InstitutionId, Role};
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
    /// The same as a UUID, which it is of everything but a shop.
    uuid: Option<Uuid>,
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
    /// The metadata as stored: [`Recorded::provenance`] reads the rest of it.
    pub metadata: String,
    /// What happened.
    pub event: Event,
}

/// Where an event comes from: what of the metadata only the auditor asks for. What cannot be read is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance<'a> {
    /// The institution that the aggregate belongs to.
    pub institution: Option<InstitutionId>,
    /// Name of the command, for example `ValidateBasket`.
    pub command: Option<Cow<'a, str>>,
    /// The door it came through: `api`, `page`, `cli`, `demo`, `reactor`, `foreign`.
    pub channel: Option<Cow<'a, str>>,
    /// Ties together what one request caused.
    pub correlation: Option<Uuid>,
    /// The event that caused the command.
    pub causation: Option<Uuid>,
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

/// The metadata that every view looks at. Words, not yet what they mean: a foreign writer may have put anything there.
#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    actor: Option<Cow<'a, str>>,
    #[serde(borrow)]
    role: Option<Cow<'a, str>>,
    #[serde(borrow)]
    on_behalf_of: Option<Cow<'a, str>>,
}

/// The metadata that only the auditor looks at.
#[derive(Deserialize)]
struct Origin<'a> {
    #[serde(borrow)]
    institution: Option<Cow<'a, str>>,
    #[serde(borrow)]
    command: Option<Cow<'a, str>>,
    #[serde(borrow)]
    channel: Option<Cow<'a, str>>,
    #[serde(borrow)]
    correlation: Option<Cow<'a, str>>,
    #[serde(borrow)]
    causation: Option<Cow<'a, str>>,
}

/// What a word means; nothing for one that means nothing to us.
fn read<T: FromStr>(word: Option<&Cow<'_, str>>) -> Option<T> {
    word.and_then(|word| word.parse().ok())
}

impl Recorded {
    /// Decodes an event of the log. Where a foreign writer has left out `at`, `actor` or `role`, or has put there what is
    /// no time, no id and no role of ours, the event took place when it was recorded and was the system's.
    ///
    /// # Errors
    /// [`RecordedError`], when the event or its metadata cannot be read.
    pub fn decode(stored: StoredEvent) -> Result<Self, RecordedError> {
        let metadata: Metadata<'_> = serde_json::from_str(&stored.metadata)?;
        let at = read(metadata.at.as_ref()).unwrap_or_else(|| from_micros(stored.recorded_at));
        let actor = read(metadata.actor.as_ref()).unwrap_or_default();
        let role = read(metadata.role.as_ref()).unwrap_or(Role::System);
        let on_behalf_of = read(metadata.on_behalf_of.as_ref());
        Ok(Self {
            event: Event::decode(&stored.aggregate_type, &stored.event_type, &stored.event_version, &stored.payload)?,
            shop: stored.ledger,
            position: stored.position,
            event_id: stored.event_id,
            uuid: Uuid::try_parse(&stored.aggregate_id).ok(),
            aggregate_id: stored.aggregate_id,
            sequence: stored.sequence,
            at,
            recorded_at: stored.recorded_at,
            actor,
            role,
            on_behalf_of,
            metadata: stored.metadata,
        })
    }

    /// Where the event comes from. Read on demand, since one view in ten asks.
    pub fn provenance(&self) -> Provenance<'_> {
        // Whatever was decoded before is a flat object of strings.
        let Ok(origin) = serde_json::from_str::<Origin<'_>>(&self.metadata) else { return Provenance::default() };
        Provenance {
            institution: read(origin.institution.as_ref()),
            correlation: read(origin.correlation.as_ref()),
            causation: read(origin.causation.as_ref()),
            command: origin.command,
            channel: origin.channel,
        }
    }

    /// The aggregate's id. Those of shops are codes; every other aggregate has a UUID.
    pub(crate) fn id(&self) -> Result<Uuid, ApplyError> {
        // Parsed once for all views; again only for the words of what is wrong with it.
        self.uuid.map_or_else(|| Ok(Uuid::parse_str(&self.aggregate_id)?), Ok)
    }

    /// When the act took place, in µs since the epoch.
    pub(crate) fn at_micros(&self) -> i64 {
        self.at.timestamp_micros()
    }
}
