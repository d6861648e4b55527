//! Alive, ready, and the figures.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bordereau_integrations::Standing;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::{App, Phase};

/// The routes of health.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(alive)).routes(routes!(ready)).routes(routes!(figures))
}

/// 200 while the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, description = "Alive", body = String, content_type = "text/plain")))]
async fn alive() -> &'static str {
    "alive"
}

/// Where a view stands.
#[derive(Debug, Serialize, ToSchema)]
struct View {
    /// Version of its file.
    version: u32,
    /// `building`, `live` or `stopped`.
    state: &'static str,
    /// How many events it has still to apply.
    behind: u64,
    /// The shops it has stopped for.
    stopped: Vec<StoppedAt>,
}

/// An event that a view cannot apply.
#[derive(Debug, Serialize, ToSchema)]
struct StoppedAt {
    /// The shop's code.
    shop: String,
    /// The event's position.
    position: u64,
    /// Why.
    reason: String,
}

/// Where something stands that follows the log for the outside.
#[derive(Debug, Serialize, ToSchema)]
struct Follower {
    /// `running` or `waiting`.
    state: &'static str,
    /// What it waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_for: Option<String>,
    /// How many events of the shops that are this node's it has still to deal with.
    behind: u64,
    /// What it set aside.
    parked: Vec<ParkedAt>,
}

/// An aggregate that waits, because one of its events could not be dealt with.
#[derive(Debug, Serialize, ToSchema)]
struct ParkedAt {
    /// The shop's code.
    shop: String,
    /// For example `order/{id}`.
    aggregate: String,
    /// The event's position.
    position: u64,
    /// Why.
    reason: String,
}

/// Whether the service is ready.
#[derive(Debug, Serialize, ToSchema)]
struct Readiness {
    /// Whether it should be sent requests.
    ready: bool,
    /// `reachable` or `unreachable`.
    store: &'static str,
    /// The views, by name.
    views: BTreeMap<&'static str, View>,
    /// What follows the log for the outside, by name.
    reactors: BTreeMap<&'static str, Follower>,
}

/// Whether the service is ready: the store is reachable, every view has once caught up, and nobody told it to stop.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
async fn ready(State(app): State<App>) -> Response {
    let reachable = app.store.ping().await.is_ok();
    let serving = *app.phase.borrow() == Phase::Serving;
    let ready = reachable && serving && app.projections.ready();
    let views = app.projections.status().into_iter().map(view).collect();
    let reactors = app.reactors.standings().into_iter().map(|(name, standing)| (name, follower(standing))).collect();
    let store = if reachable { "reachable" } else { "unreachable" };
    let body = Readiness { ready, store, views, reactors };
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}

fn view(status: bordereau_projections::ViewStatus) -> (&'static str, View) {
    let stopped = status.stopped.into_iter();
    let stopped = stopped.map(|at| StoppedAt { shop: at.shop, position: at.position, reason: at.reason }).collect();
    (status.name, View { version: status.version, state: status.state.as_str(), behind: status.behind, stopped })
}

fn follower(standing: Standing) -> Follower {
    let parked = standing.parked.into_iter().map(|parked| ParkedAt {
        aggregate: format!("{}/{}", parked.aggregate_type.to_lowercase(), parked.aggregate_id),
        shop: parked.ledger,
        position: parked.position,
        reason: parked.reason,
    });
    let state = if standing.waiting_for.is_some() { "waiting" } else { "running" };
    Follower { state, waiting_for: standing.waiting_for, behind: standing.behind, parked: parked.collect() }
}

/// The figures, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "health", security(()),
    responses((status = 200, description = "Prometheus text", body = String, content_type = "text/plain")))]
async fn figures(State(app): State<App>) -> Response {
    let text = app.figures.as_ref().map(metrics_exporter_prometheus::PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
