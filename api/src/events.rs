//! The event feed: the log itself, as CloudEvents 1.0, from any position on.

use axum::{Json, extract::State, http::StatusCode};
use bordereau_domain::Role;
use bordereau_store::StoredEvent;
use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Filters, Reading},
    openapi::Refused,
    problem::Problem,
};

/// Most events of one answer.
const MAX_LIMIT: usize = 1_000;
/// Events of one answer when nothing is said.
const USUAL_LIMIT: usize = 100;
/// Most rows of the log that one request looks at when it filters.
const MAX_SCAN: usize = 20_000;

/// The routes of the feed.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// What to follow.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Follow {
    /// The last position already seen; 0 from the beginning.
    #[serde(default)]
    after: u64,
    /// The epoch the follower knows; another history is refused with 409.
    epoch: Option<Uuid>,
    /// At most so many events, 1 to 1000; 100 by default.
    limit: Option<usize>,
    /// CloudEvents types, with commas; all when empty.
    #[serde(default)]
    types: String,
    /// A CloudEvents subject, for example `basket/ID`; all when empty.
    #[serde(default)]
    aggregate: String,
}

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
    r#type: String,
    /// For example `basket/{id}`.
    subject: String,
    /// Time of the act.
    time: String,
    /// Always `application/json`.
    datacontenttype: &'static str,
    /// Where the payload's schema is.
    dataschema: String,
    /// Place in the shop's ledger.
    position: u64,
    /// Place in the aggregate's stream.
    aggregatesequence: u64,
    /// Who acted; a foreign program may not have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<String>,
    /// In which role; a foreign program may not have said.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// The payload as stored.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
}

/// A part of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feed {
    /// In order of position.
    events: Vec<CloudEvent>,
    /// Continue after this position: with a filter it may be beyond the last event shown.
    next: u64,
    /// The last position there is.
    head: u64,
    /// Names this history; after a restore it is another.
    epoch: Uuid,
}

#[derive(Deserialize)]
struct Metadata {
    at: Option<String>,
    actor: Option<String>,
    role: Option<String>,
}

/// `BasketSentToApprover` of a `Basket` is `sent-to-approver`.
fn kebab(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The CloudEvents type of an event.
pub fn cloud_type(aggregate_type: &str, event_type: &str, version: &str) -> String {
    let rest = event_type.strip_prefix(aggregate_type).filter(|rest| !rest.is_empty()).unwrap_or(event_type);
    format!("bordereau.{}.{}.v{version}", kebab(aggregate_type), kebab(rest))
}

fn subject(event: &StoredEvent) -> String {
    format!("{}/{}", kebab(&event.aggregate_type), event.aggregate_id)
}

fn recorded(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Micros, true)
}

impl CloudEvent {
    /// The envelope around a stored event; the payload is passed on byte for byte.
    ///
    /// # Errors
    /// When payload or metadata is not JSON of the known shape.
    pub fn of(event: StoredEvent) -> Result<Self, serde_json::Error> {
        let metadata: Metadata = serde_json::from_str(&event.metadata)?;
        Ok(Self {
            specversion: "1.0",
            id: event.event_id,
            source: format!("/shops/{}", event.ledger),
            r#type: cloud_type(&event.aggregate_type, &event.event_type, &event.event_version),
            subject: subject(&event),
            // What says no time of the act is as old as its record.
            time: metadata.at.unwrap_or_else(|| recorded(event.recorded_at)),
            datacontenttype: "application/json",
            dataschema: format!("/api/v1/schemas/{}/{}", event.event_type, event.event_version),
            position: event.position,
            aggregatesequence: event.sequence,
            actor: metadata.actor,
            role: metadata.role,
            data: RawValue::from_string(event.payload)?,
        })
    }
}

/// What of the log a follower wants.
struct Wanted<'a> {
    types: Vec<&'a str>,
    subject: &'a str,
}

impl<'a> Wanted<'a> {
    fn new(follow: &'a Follow) -> Self {
        let types = follow.types.split(',').map(str::trim).filter(|kind| !kind.is_empty()).collect();
        Self { types, subject: follow.aggregate.trim() }
    }

    fn everything(&self) -> bool {
        self.types.is_empty() && self.subject.is_empty()
    }

    fn has(&self, event: &StoredEvent) -> bool {
        let kind = || cloud_type(&event.aggregate_type, &event.event_type, &event.event_version);
        (self.subject.is_empty() || subject(event) == self.subject)
            && (self.types.is_empty() || self.types.contains(&kind().as_str()))
    }
}

/// Events after a position, read from the log itself.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(Follow),
    responses((status = 200, body = Feed), Refused))]
async fn list(
    State(app): State<App>,
    reading: Reading,
    Filters(follow): Filters<Follow>,
) -> Result<Json<Feed>, Problem> {
    reading.caller.must_be(&[Role::Integrator, Role::Auditor])?;
    reading.check_head(&app).await?;
    let limit = follow.limit.unwrap_or(USUAL_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::invalid("limit-out-of-range", "limit").arg("max", MAX_LIMIT));
    }
    let head = app.store.head(reading.shop()).await?.ok_or_else(Problem::not_found)?;
    if follow.epoch.is_some_and(|epoch| epoch != head.epoch) || follow.after > head.position {
        return Err(Problem::new(StatusCode::CONFLICT, "other-history").member("epoch", head.epoch.to_string()));
    }
    let (found, next) = scan(&app, reading.shop(), &follow, limit).await?;
    let events = found.into_iter().map(CloudEvent::of).collect::<Result<_, _>>();
    let events = events.map_err(|error| Problem::internal(&error))?;
    Ok(Json(Feed { events, next, head: head.position.max(next), epoch: head.epoch }))
}

/// Reads on until enough is found, the log ends, or as much was looked at as one request may.
async fn scan(app: &App, shop: &str, follow: &Follow, limit: usize) -> Result<(Vec<StoredEvent>, u64), Problem> {
    let wanted = Wanted::new(follow);
    let chunk = if wanted.everything() { limit } else { MAX_LIMIT };
    let (mut found, mut next, mut looked) = (Vec::new(), follow.after, 0);
    loop {
        let rows = app.store.read(shop, next, chunk).await?;
        let complete = rows.len() < chunk;
        looked += rows.len();
        for event in rows {
            next = event.position;
            if wanted.has(&event) {
                found.push(event);
            }
            if found.len() == limit {
                return Ok((found, next));
            }
        }
        if complete || looked >= MAX_SCAN {
            return Ok((found, next));
        }
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
