//! What the management system should collect.

use axum::{Json, extract::State};
use bordereau_projections::QueueDocument;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Filters, Reading, page_size},
    names,
    openapi::Refused,
    orders::{self, OrderJson},
    problem::Problem,
    quotes::{self, QuoteJson},
};

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Items on a page, 1 to 200; 50 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// What is due.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pending {
    /// In the order in which it became due.
    items: Vec<Due>,
    /// The next page's cursor.
    next: Option<String>,
}

/// A document that is due.
#[derive(Debug, Serialize, ToSchema)]
struct Due {
    /// `quote`, `order` or `cancellation`.
    kind: &'static str,
    /// The quote or order.
    id: Uuid,
    /// Position of the event that made it due.
    revision: u64,
    /// The whole of it.
    document: Document,
}

/// A quote or an order.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Document {
    /// A quote request.
    Quote(Box<QuoteJson>),
    /// An order, or a cancelled one.
    Order(Box<OrderJson>),
}

/// Quotes, orders and cancellations to collect.
#[utoipa::path(get, path = "/api/v1/librisoft/pending", tag = "librisoft", params(Query),
    responses((status = 200, body = Pending), Refused))]
pub async fn pending(
    State(app): State<App>,
    reading: Reading,
    Filters(query): Filters<Query>,
) -> Result<Json<Pending>, Problem> {
    let role = bordereau_domain::Role::Librisoft;
    reading.caller.must_be(&[role])?;
    let limit = page_size(query.limit)?;
    let after = match query.cursor.as_deref() {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| Problem::invalid("bad-cursor", "cursor"))?,
    };
    reading.settle(&app, "librisoft_queue").await?;
    let page = app.projections.librisoft_queue().list(reading.shop(), after, limit).await?;
    let mut sealed = Vec::new();
    for item in &page.items {
        match &item.document {
            QueueDocument::Quote(quote) => sealed.extend(quotes::sealed(quote)),
            QueueDocument::Order(order) | QueueDocument::Cancellation(order) => sealed.extend(orders::sealed(order)),
        }
    }
    let clear = names::open(&app, reading.shop(), sealed).await?;
    let due = |item: &bordereau_projections::QueueItem| {
        let (id, document) = match &item.document {
            QueueDocument::Quote(quote) => (quote.id.0, Document::Quote(Box::new(quotes::quote_json(quote, &clear)))),
            QueueDocument::Order(order) | QueueDocument::Cancellation(order) => {
                (order.id.0, Document::Order(Box::new(orders::order_json(order, role, &clear))))
            }
        };
        Due { kind: item.document.kind(), id, revision: item.revision, document }
    };
    Ok(Json(Pending { items: page.items.iter().map(due).collect(), next: page.next }))
}
