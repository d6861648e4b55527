//! The envelope: an event of the log as CloudEvents 1.0, the payload passed on byte for byte.

use bordereau_domain::catalogue::kebab;
use bordereau_store::StoredEvent;
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

/// An event as CloudEvents 1.0 (structured JSON).
#[derive(Debug, Serialize, ToSchema)]
pub struct CloudEvent {
    /// Always `1.0`.
    specversion: &'static str,
    /// The event's own id.
    id: Uuid,
    /// `/shops/{shop}`.
    source: String,
    /// For example `bordereau.basket.sent-to-approver.v1`.
    pub(super) r#type: String,
    /// For example `basket/{id}`.
    pub(super) subject: String,
    /// Time of the act.
    time: String,
    /// Always `application/json`.
    datacontenttype: &'static str,
    /// Where the payload's schema is: an absolute address, as CloudEvents demands.
    dataschema: String,
    /// Place in the shop's ledger.
    pub(super) position: u64,
    /// Place in the aggregate's stream.
    aggregatesequence: u64,
    /// Who acted; a foreign program may not have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) actor: Option<String>,
    /// In which role; a foreign program may not have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// In whose place the actor acted; nothing when in his own name.
    #[serde(rename = "onbehalfof", skip_serializing_if = "Option::is_none")]
    pub(super) on_behalf_of: Option<String>,
    /// The payload as stored.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
}

#[derive(Deserialize)]
struct Metadata {
    at: Option<String>,
    actor: Option<String>,
    role: Option<String>,
    on_behalf_of: Option<String>,
}

/// The CloudEvents type of an event.
pub fn cloud_type(aggregate_type: &str, event_type: &str, version: &str) -> String {
    let rest = event_type.strip_prefix(aggregate_type).filter(|rest| !rest.is_empty()).unwrap_or(event_type);
    format!("bordereau.{}.{}.v{version}", kebab(aggregate_type), kebab(rest))
}

/// The path of a payload's schema.
pub(super) fn schema_path(event_type: &str, version: &str) -> String {
    format!("/api/v1/schemas/{event_type}/{version}")
}

fn recorded(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl CloudEvent {
    /// The envelope around a stored event. `base` is the address of this service, without a slash at its end.
    ///
    /// # Errors
    /// When payload or metadata is not JSON of the known shape.
    pub(super) fn of(event: StoredEvent, base: &str) -> Result<Self, serde_json::Error> {
        let metadata: Metadata = serde_json::from_str(&event.metadata)?;
        Ok(Self {
            specversion: "1.0",
            id: event.event_id,
            source: format!("/shops/{}", event.ledger),
            r#type: cloud_type(&event.aggregate_type, &event.event_type, &event.event_version),
            subject: format!("{}/{}", kebab(&event.aggregate_type), event.aggregate_id),
            // What says no time of the act is as old as its record.
            time: metadata.at.unwrap_or_else(|| recorded(event.recorded_at)),
            datacontenttype: "application/json",
            dataschema: format!("{base}{}", schema_path(&event.event_type, &event.event_version)),
            position: event.position,
            aggregatesequence: event.sequence,
            actor: metadata.actor,
            role: metadata.role,
            on_behalf_of: metadata.on_behalf_of,
            data: RawValue::from_string(event.payload)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_the_aggregate_and_the_rest_in_kebab_case() {
        assert_eq!(cloud_type("Basket", "BasketSentToApprover", "1"), "bordereau.basket.sent-to-approver.v1");
        assert_eq!(cloud_type("Shop", "EstablishmentOpened", "1"), "bordereau.shop.establishment-opened.v1");
        assert_eq!(cloud_type("Subject", "SubjectErased", "2"), "bordereau.subject.erased.v2");
    }
}
