//! Streams that are born with a command on another: a basket converted and its order placed are one fact.

use bordereau_domain::{Context, Decider};
use bordereau_store::{NewEvent, StreamAppend};
use cqrs_es::DomainEvent;

use crate::ids::new_id;

/// A new aggregate's first events, to be stored in the same transaction.
#[derive(Debug)]
pub struct Follow {
    aggregate_type: &'static str,
    id: String,
    events: Vec<(String, String, String)>,
}

impl Follow {
    /// Decides `command` on an aggregate that does not exist yet.
    ///
    /// # Errors
    /// What the decider refuses, as text: the first aggregate has accepted already, so this is a defect.
    pub(crate) fn born<D: Decider>(id: String, command: &D::Command, context: &Context) -> Result<Self, String> {
        let decided = D::default().decide(command, context).map_err(|refused| refused.to_string())?;
        let events = decided.iter().map(encode).collect::<Result<_, _>>().map_err(|broken| broken.to_string())?;
        Ok(Self { aggregate_type: D::TYPE, id, events })
    }

    pub(crate) fn into_stream(self, metadata: &str) -> StreamAppend {
        StreamAppend {
            aggregate_type: self.aggregate_type.to_owned(),
            aggregate_id: self.id,
            expected: 0,
            events: self.events.into_iter().map(|encoded| new_event(encoded, metadata)).collect(),
        }
    }
}

/// Name, version and payload of an event.
pub(crate) fn encode<E: DomainEvent>(event: &E) -> Result<(String, String, String), serde_json::Error> {
    Ok((event.event_type(), event.event_version(), serde_json::to_string(event)?))
}

/// An event ready for the log.
pub(crate) fn new_event((event_type, event_version, payload): (String, String, String), metadata: &str) -> NewEvent {
    NewEvent { event_id: new_id(), event_type, event_version, payload, metadata: metadata.to_owned() }
}
