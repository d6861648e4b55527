//! The AsyncAPI 3.0 document of the event stream: one message an event, each with its schema, in one file.

use axum::{Json, extract::State};
use bordereau_domain::schema::{self, EventSchema};
use serde_json::{Map, Value, json};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::cloud_event::cloud_type;
use crate::app::App;

/// The route of the document.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(document))
}

/// The event stream as an AsyncAPI 3.0 document.
#[utoipa::path(get, path = "/api/asyncapi.json", tag = "docs", security(()), responses((status = 200, body = Object)))]
async fn document(State(app): State<App>) -> Json<Value> {
    Json(write(&app.settings.base_url()))
}

/// The document of the service at `base`.
fn write(base: &str) -> Value {
    let (protocol, host) = base.split_once("://").unwrap_or(("http", base));
    let schemas = schema::all("/components/schemas");
    let (mut refs, mut messages, mut components) = (Map::new(), Map::new(), schemas.shared);
    for event in &schemas.events {
        let kind = cloud_type_of(event);
        let name = format!("{}.v{}", event.event_type, event.version);
        refs.insert(name.clone(), json!({ "$ref": format!("#/components/messages/{name}") }));
        messages.insert(name.clone(), message(event, &kind, &name));
        components.insert(name, event.payload.clone());
    }
    components.insert("CloudEvent".to_owned(), envelope());
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Bordereau",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The events of a bookshop's ledger, in the order in which they happened. The stream is \
                `text/event-stream`: `id` is the position, `data` one CloudEvent. It catches up from `after` or \
                `Last-Event-ID`, then stays live.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            "service": {
                "host": host,
                "protocol": protocol,
                "security": [{ "$ref": "#/components/securitySchemes/bearer" }],
            },
        },
        "channels": { "events": channel(&refs) },
        "operations": { "follow": operation() },
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "A session's token or an API key" },
            },
            "messages": messages,
            "schemas": components,
        },
    })
}

fn cloud_type_of(event: &EventSchema) -> String {
    cloud_type(event.aggregate_type, event.event_type, event.version)
}

fn channel(messages: &Map<String, Value>) -> Value {
    json!({
        "address": "/api/v1/events",
        "title": "The events of a ledger",
        "servers": [{ "$ref": "#/servers/service" }],
        "messages": messages,
    })
}

fn operation() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "action": "send",
        "channel": { "$ref": "#/channels/events" },
        "title": "Follow the events",
        "description": "Ask with `Accept: text/event-stream`, and with `Last-Event-ID` when you come back.",
        "bindings": {
            "http": {
                "method": "GET",
                "query": {
                    "type": "object",
                    "properties": {
                        "after": { "type": "integer", "minimum": 0, "description": "The last position already seen" },
                        "epoch": text("The history that is known; another one is refused with 409"),
                        "types": text("CloudEvents types, with commas"),
                        "aggregate": text("A CloudEvents subject"),
                    },
                    "additionalProperties": false,
                },
                "bindingVersion": "0.3.0",
            },
        },
    })
}

/// A message: the envelope with the type and the payload of this event.
fn message(event: &EventSchema, kind: &str, name: &str) -> Value {
    json!({
        "name": kind,
        "title": event.event_type,
        "summary": event.payload["description"],
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                { "$ref": "#/components/schemas/CloudEvent" },
                {
                    "type": "object",
                    "properties": {
                        "type": { "const": kind },
                        "data": { "$ref": format!("#/components/schemas/{name}") },
                    },
                },
            ],
        },
    })
}

/// What every event has around its payload.
fn envelope() -> Value {
    let text = |description: &str| json!({ "type": "string", "minLength": 1, "description": description });
    let number = |description: &str| json!({ "type": "integer", "minimum": 1, "description": description });
    let formed =
        |format: &str, description: &str| json!({ "type": "string", "format": format, "description": description });
    json!({
        "type": "object",
        "description": "CloudEvents 1.0, structured JSON",
        "required": ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema",
            "position", "aggregatesequence", "data"],
        "properties": {
            "specversion": { "const": "1.0" },
            "id": formed("uuid", "The event's own id"),
            "source": text("`/shops/{shop}`"),
            "type": text("For example `bordereau.basket.sent-to-approver.v1`"),
            "subject": text("For example `basket/{id}`"),
            "time": formed("date-time", "Time of the act"),
            "datacontenttype": { "const": "application/json" },
            "dataschema": formed("uri", "Where the payload's schema is"),
            "position": number("Place in the shop's ledger"),
            "aggregatesequence": number("Place in the aggregate's stream"),
            "actor": text("Who acted"),
            "role": text("In which role"),
            "onbehalfof": text("In whose place the actor acted"),
            "data": { "type": "object", "description": "The payload as stored" },
        },
        "additionalProperties": false,
    })
}
