//! Histories over HTTP: every step of a basket, a quote or an order, with who took it.

use axum::{
    Json,
    extract::{Path, State},
};
use bordereau_domain::{BasketId, Context, Decider, OrderId, QuoteId, order::Order, quote::Quote};
use bordereau_projections::{Change, ChangeValue, HistoryOf, HistoryRow};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    documents::references,
    extract::Reading,
    form,
    names::{self, Clear, Person},
    openapi::Refused,
    problem::Problem,
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
struct StepJson {
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
#[utoipa::path(get, path = "/api/v1/baskets/{id}/history", tag = "history", params(("id", description = "The basket")),
    responses((status = 200, body = HistoryJson), Refused))]
async fn basket_history(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
) -> Result<Json<HistoryJson>, Problem> {
    reading.caller.must_be_person()?;
    let id: BasketId = form::id(&id)?;
    reading.settle(&app, "basket_detail").await?;
    let detail = app.projections.basket_detail().find(reading.shop(), id).await?.ok_or_else(Problem::not_found)?;
    let mut context = Context::new(reading.caller.actor.clone(), app.clock.now());
    context.owner_inactive = !detail.owner.active;
    if !detail.basket.is_seen_by(&context) {
        return Err(Problem::not_found());
    }
    history(&app, &reading, HistoryOf::Basket, id.0).await
}

/// Every step of a quote.
#[utoipa::path(get, path = "/api/v1/quotes/{id}/history", tag = "history", params(("id", description = "The quote")),
    responses((status = 200, body = HistoryJson), Refused))]
async fn quote_history(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
) -> Result<Json<HistoryJson>, Problem> {
    reading.caller.must_be_person()?;
    let id: QuoteId = form::id(&id)?;
    reading.settle(&app, "quote_list").await?;
    let detail = app.projections.quote_list().find(reading.shop(), id).await?.ok_or_else(Problem::not_found)?;
    let context = Context::new(reading.caller.actor.clone(), app.clock.now());
    if !Quote::Requested(Box::new(detail.quote)).may_see(&context) {
        return Err(Problem::not_found());
    }
    history(&app, &reading, HistoryOf::Quote, id.0).await
}

/// Every step of an order.
#[utoipa::path(get, path = "/api/v1/orders/{id}/history", tag = "history", params(("id", description = "The order")),
    responses((status = 200, body = HistoryJson), Refused))]
async fn order_history(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
) -> Result<Json<HistoryJson>, Problem> {
    reading.caller.must_be_person()?;
    let id: OrderId = form::id(&id)?;
    reading.settle(&app, "order_list").await?;
    let detail = app.projections.order_list().find(reading.shop(), id).await?.ok_or_else(Problem::not_found)?;
    let context = Context::new(reading.caller.actor.clone(), app.clock.now());
    if !Order::Placed(Box::new(detail.order)).may_see(&context) {
        return Err(Problem::not_found());
    }
    history(&app, &reading, HistoryOf::Order, id.0).await
}

async fn history(app: &App, reading: &Reading, of: HistoryOf, id: Uuid) -> Result<Json<HistoryJson>, Problem> {
    reading.settle(app, "history").await?;
    let rows = app.projections.history().list(reading.shop(), of, id, None).await?;
    // The bookshop sees steps, roles and times; what an institution's people tell each other is theirs.
    let inner = reading.caller.reads_inner_comments(app).await?;
    let clear = names::open(app, reading.shop(), rows.iter().flat_map(sealed)).await?;
    Ok(Json(HistoryJson { items: rows.iter().map(|row| step(row, inner, &clear)).collect() }))
}

fn sealed(row: &HistoryRow) -> Vec<bordereau_domain::Digest> {
    let values = row.changes.iter().flat_map(|change| [&change.before, &change.after]).flatten();
    let texts = values.filter_map(|value| match value {
        ChangeValue::Sealed(reference) => Some(reference.digest),
        ChangeValue::Person { name, .. } => name.map(|name| name.digest),
        ChangeValue::Number(_) | ChangeValue::Text(_) => None,
    });
    let people = references(&row.actor).chain(row.on_behalf_of.iter().flat_map(references));
    texts.chain(people).chain(row.comment.map(|comment| comment.digest)).collect()
}

fn step(row: &HistoryRow, inner: bool, clear: &Clear) -> StepJson {
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
