//! JSON Schemas of the events' payloads: where `dataschema` points. Open to everybody: they hold no data.

use std::sync::LazyLock;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use bordereau_domain::schema::{self, Schemas};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::cloud_event::schema_path;
use crate::{app::App, openapi::Refused, problem::Problem};

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| schema::all("/$defs"));

/// The route of the schemas.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(schema))
}

/// The JSON Schema (2020-12) of an event's payload, by wire name and version.
#[utoipa::path(get, path = "/api/v1/schemas/{name}/{version}", tag = "events", security(()),
    params(("name" = String, Path, description = "Wire name, for example `BasketLineAdded`"),
        ("version" = String, Path, description = "Version of the shape, for example `1`")),
    responses((status = 200, body = Object, content_type = "application/schema+json"), Refused))]
async fn schema(State(app): State<App>, Path((name, version)): Path<(String, String)>) -> Result<Response, Problem> {
    let mut document = SCHEMAS.document(&name, &version).ok_or_else(Problem::not_found)?;
    document["$id"] = format!("{}{}", app.settings.base_url(), schema_path(&name, &version)).into();
    Ok(([(header::CONTENT_TYPE, "application/schema+json")], document.to_string()).into_response())
}
