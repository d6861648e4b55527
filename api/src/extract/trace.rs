//! The outermost layer: gives each request a trace, tells refusals in the caller's language, and keeps them.

use std::{sync::Arc, sync::OnceLock, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use bordereau_store::Refusal;
use uuid::Uuid;

use super::caller::Caller;
use crate::{app::App, pages, problem::Problem, texts::Language};

/// What is known of a request while it is served.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Its id: `trace_id` of a refusal, `correlation` of the events.
    pub id: Uuid,
    /// Who sent it, once known.
    pub caller: Arc<OnceLock<Caller>>,
}

/// Header that carries the trace's id in every answer.
const TRACE_HEADER: &str = "bordereau-trace";

/// Runs around every route.
pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let trace = Trace { id: bordereau_commands::new_id(), caller: Arc::default() };
    request.extensions_mut().insert(trace.clone());
    let language = Language::of(request.headers());
    let reader = pages::wants_html(&app, &request);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = request.uri().path().to_owned();
    let began = Instant::now();
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>().or_else(|| bare_refusal(&response)) {
        keep_refusal(&app, &trace, &method, route.as_deref(), &path, &problem).await;
        let allow = response.headers_mut().remove(header::ALLOW);
        let trace_id = trace.id.to_string();
        response = match &reader {
            Some(reader) => pages::refused(reader, &problem, &trace_id),
            None => problem.render(language, &trace_id),
        };
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    } else if let Some(pages::Shown(problem)) = response.extensions_mut().remove::<pages::Shown>() {
        keep_refusal(&app, &trace, &method, route.as_deref(), &path, &problem).await;
    }
    if let Ok(id) = HeaderValue::try_from(trace.id.to_string()) {
        response.headers_mut().insert(TRACE_HEADER, id);
    }
    count(&method, route, response.status(), began);
    response
}

/// The refusals that the router makes by itself.
fn bare_refusal(response: &Response) -> Option<Problem> {
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => Some(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")),
        _ => None,
    }
}

/// Keeps a refused command for the audit trail, without personal data: who, what, why.
async fn keep_refusal(app: &App, trace: &Trace, method: &Method, route: Option<&str>, path: &str, problem: &Problem) {
    let (Some(caller), Some(route)) = (trace.caller.get(), route) else { return };
    if method.is_safe() || !problem.status.is_client_error() || problem.status == StatusCode::TOO_MANY_REQUESTS {
        return;
    }
    let refusal = Refusal {
        ledger: caller.shop.to_string(),
        account: caller.actor.account.to_string(),
        command: format!("{method} {route}"),
        reason: problem.slug.to_owned(),
        aggregate: aggregate_in(path),
        role: Some(caller.actor.role.to_string()),
        institution: None,
        at: app.clock.micros(),
    };
    if let Err(error) = app.store.record_refusal(refusal).await {
        tracing::warn!(%error, "a refusal was not kept");
    }
}

/// The aggregate that a path is about, for example `basket/ID`.
fn aggregate_in(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    let (of, id) = parts.iter().zip(parts.iter().skip(1)).find(|(_, id)| Uuid::parse_str(id).is_ok())?;
    let kind = match *of {
        // What the management system is told of cancelled orders.
        "cancellations" => "order",
        plural => plural.strip_suffix('s').unwrap_or(plural),
    };
    Some(format!("{kind}/{id}"))
}

fn count(method: &Method, route: Option<String>, status: StatusCode, began: Instant) {
    let labels = [
        ("method", method.to_string()),
        ("route", route.unwrap_or_else(|| "none".to_owned())),
        ("status", status.as_u16().to_string()),
    ];
    metrics::histogram!("bordereau_request_seconds", &labels).record(began.elapsed());
}
