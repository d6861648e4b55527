//! Histories over HTTP: every step of a basket, a quote or an order, with who took it.

use axum::{
    Json,
    extract::{Path, State},
};

use bordereau_projections::{Change, ChangeValue, HistoryOf, HistoryRow};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    as_of::{AsOf, AtQuery},
    baskets,
    documents::references,
    extract::{Filters, Reading},
    names::{self, Clear, Person},
    openapi::Refused,
    orders,
    problem::Problem,
    quotes,
};

/// The routes of histories.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(basket_history)).routes(routes!(quote_history)).routes(routes!(order_history))
}

/// A history, oldest first.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryJson {
    items: Vec<StepJson>,
}

/// A step.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepJson {
    /// Place in the shop's ledger.
    position: u64,
    /// Place in the aggregate's stream.
    sequence: u64,
    /// The event's wire name.
    r#type: String,
    at: DateTime<Utc>,
    actor: Person,
    role: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    /// Line by line.
    changes: Vec<ChangeJson>,
}

/// What changed.
#[derive(Debug, Serialize, ToSchema)]
struct ChangeJson {
    /// The line; null for what is no line's.
    line_id: Option<Uuid>,
    ean: Option<String>,
    title: Option<String>,
    field: String,
    /// Null for what was not there.
    before: Value,
    /// Null for what is gone.
    after: Value,
}

/// Every step of a basket.
#[utoipa::path(get, path = "/api/v1/baskets/{id}/history", tag = "history", params(("id", description = "The basket"), AtQuery),
    responses((status = 200, body = HistoryJson), Refused))]
async fn basket_history(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    Filters(query): Filters<AtQuery>,
) -> Result<Json<HistoryJson>, Problem> {
    let as_of = query.find(&app, &reading, &["basket_detail", "audit_trail"]).await?;
    let (detail, _) = baskets::find_visible(&app, &reading, &id).await?;
    history(&app, &reading, HistoryOf::Basket, detail.id.0, as_of).await
}

/// Every step of a quote.
#[utoipa::path(get, path = "/api/v1/quotes/{id}/history", tag = "history", params(("id", description = "The quote"), AtQuery),
    responses((status = 200, body = HistoryJson), Refused))]
async fn quote_history(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    Filters(query): Filters<AtQuery>,
) -> Result<Json<HistoryJson>, Problem> {
    let as_of = query.find(&app, &reading, &["quote_list", "audit_trail"]).await?;
    let detail = quotes::find_visible(&app, &reading, &id).await?;
    history(&app, &reading, HistoryOf::Quote, detail.id.0, as_of).await
}

/// Every step of an order.
#[utoipa::path(get, path = "/api/v1/orders/{id}/history", tag = "history", params(("id", description = "The order"), AtQuery),
    responses((status = 200, body = HistoryJson), Refused))]
async fn order_history(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    Filters(query): Filters<AtQuery>,
) -> Result<Json<HistoryJson>, Problem> {
    let as_of = query.find(&app, &reading, &["order_list", "audit_trail"]).await?;
    let detail = orders::find_visible(&app, &reading, &id).await?;
    history(&app, &reading, HistoryOf::Order, detail.id.0, as_of).await
}

async fn history(
    app: &App,
    reading: &Reading,
    of: HistoryOf,
    id: Uuid,
    as_of: Option<AsOf>,
) -> Result<Json<HistoryJson>, Problem> {
    reading.settle(app, "audit_trail").await?;
    let rows = app.projections.history().list(reading.shop(), of, id, as_of.map(|as_of| as_of.position)).await?;
    if rows.is_empty() {
        return Err(Problem::not_found());
    }
    // The bookshop sees steps, roles and times; what an institution's people tell each other is theirs.
    let inner = reading.caller.reads_inner_comments(app).await?;
    let clear = names::open(app, reading.shop(), rows.iter().flat_map(sealed)).await?;
    Ok(Json(HistoryJson { items: rows.iter().map(|row| step(row, inner, &clear)).collect() }))
}

/// What a step needs opened.
pub fn sealed(row: &HistoryRow) -> Vec<bordereau_domain::Digest> {
    let values = row.changes.iter().flat_map(|change| [&change.before, &change.after]).flatten();
    let texts = values.filter_map(|value| match value {
        ChangeValue::Sealed(reference) => Some(reference.digest),
        ChangeValue::Person { name, .. } => name.map(|name| name.digest),
        ChangeValue::Number(_) | ChangeValue::Text(_) => None,
    });
    let people = references(&row.actor).chain(row.on_behalf_of.iter().flat_map(references));
    texts.chain(people).chain(row.comment.map(|comment| comment.digest)).collect()
}

/// A step in clear, with the comments among an institution's own people where `inner` says so.
pub fn step(row: &HistoryRow, inner: bool, clear: &Clear) -> StepJson {
    StepJson {
        position: row.position,
        sequence: row.sequence,
        r#type: row.event_type.clone(),
        at: row.at,
        actor: clear.person(&row.actor),
        role: row.role.to_string(),
        on_behalf_of: row.on_behalf_of.as_ref().map(|person| clear.person(person)),
        comment: clear.sealed(row.comment.filter(|_| inner || !row.inner)),
        changes: row.changes.iter().map(|change| changed(change, clear)).collect(),
    }
}

fn changed(change: &Change, clear: &Clear) -> ChangeJson {
    let value = |value: &Option<ChangeValue>| match value {
        None => Value::Null,
        Some(ChangeValue::Number(number)) => (*number).into(),
        Some(ChangeValue::Text(text)) => text.clone().into(),
        Some(ChangeValue::Sealed(reference)) => clear.sealed(Some(*reference)).into(),
        Some(ChangeValue::Person { name, .. }) => clear.sealed(*name).into(),
    };
    ChangeJson {
        line_id: change.line_id.map(|line| line.0),
        ean: change.ean.map(|ean| ean.to_string()),
        title: change.title.clone(),
        field: change.field.clone(),
        before: value(&change.before),
        after: value(&change.after),
    }
}
