//! Lists of orders, and one order.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bordereau_domain::{
    Context, Money, OrderId, Role,
    article::Availability,
    order::{OrderAction, OrderLine},
    terms::Address,
};
use bordereau_projections::{OrderDetail, OrderFilter, OrderRow, OrderTab};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::App,
    as_of::{AsOf, AtQuery},
    auth::hidden_evenly,
    days::begin,
    documents::{Contact, LineJson, OriginJson, TotalsJson, references},
    extract::{Filters, Reading, page_size},
    form,
    institutions::AddressJson,
    list,
    names::{self, Clear},
    openapi::Refused,
    problem::Problem,
    quotes::scope,
    terms::DeliveryModeName,
};

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OrderQuery {
    /// The tab; all by default. `processing` holds processing, available and shipped.
    tab: Option<TabName>,
    /// One or several article numbers, with commas: orders that have one of them.
    ean: Option<String>,
    /// *Client livré*.
    delivered_to: Option<Uuid>,
    /// *Client facturé*.
    billed_to: Option<Uuid>,
    /// Placed on this day or later.
    #[serde(default, deserialize_with = "crate::days::read_optional")]
    from: Option<NaiveDate>,
    /// Placed on this day or earlier.
    #[serde(default, deserialize_with = "crate::days::read_optional")]
    to: Option<NaiveDate>,
    /// How it is handed over.
    delivery_mode: Option<DeliveryModeName>,
    /// Our number or the management system's.
    number: Option<String>,
    /// Items on a page, 1 to 200; 50 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A tab of the orders.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TabName {
    /// *En attente de traitement*.
    Pending,
    /// *En cours de traitement*.
    Processing,
    /// *Clôturée*.
    Closed,
    /// *Annulée*.
    Cancelled,
}

/// A page of orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderPage {
    /// The newest first.
    items: Vec<OrderItem>,
    /// The next page's cursor.
    next: Option<String>,
    /// How many each tab holds.
    counts: OrderCounts,
}

/// How many orders each tab holds.
#[derive(Debug, Serialize, ToSchema)]
struct OrderCounts {
    pending: u64,
    processing: u64,
    closed: u64,
    cancelled: u64,
}

/// An order in a list.
#[derive(Debug, Serialize, ToSchema)]
struct OrderItem {
    id: Uuid,
    number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    librisoft_number: Option<String>,
    institution_id: Uuid,
    institution_name: String,
    delivered_to: Uuid,
    billed_to: Uuid,
    /// *Librairie en charge de la commande*.
    establishment: Option<EstablishmentJson>,
    created_by: Contact,
    placed_at: DateTime<Utc>,
    status: &'static str,
    supply: &'static str,
    delivery_mode: &'static str,
    payment_mode: &'static str,
    reference: String,
    /// Copies on all its lines.
    quantity: u64,
    total_excl_tax: String,
    total_incl_tax: String,
}

/// A point of sale.
#[derive(Debug, Serialize, ToSchema)]
struct EstablishmentJson {
    id: Uuid,
    number: u32,
    name: String,
}

impl From<&bordereau_domain::shop::Establishment> for EstablishmentJson {
    fn from(row: &bordereau_domain::shop::Establishment) -> Self {
        Self { id: row.establishment_id.0, number: row.number, name: row.name.clone() }
    }
}

/// Orders: the bookshop's and the auditor's all, the purchaser's those of his institutions.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(OrderQuery),
    responses((status = 200, content((OrderPage = "application/json"), (String = "text/csv"))), Refused))]
pub async fn index(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(query): Filters<OrderQuery>,
) -> Result<Response, Problem> {
    let scope = scope(&reading.caller)?;
    let limit = page_size(query.limit)?;
    let filter = filter(&app, reading.shop(), &query).await?;
    reading.settle(&app, "order_list").await?;
    let orders = app.projections.order_list();
    let (page, counts) = orders.list(reading.shop(), &scope, &filter, limit, query.cursor.as_deref()).await?;
    let clear =
        names::open(&app, reading.shop(), page.items.iter().flat_map(|row| references(&row.created_by))).await?;
    list::answer(
        &headers,
        &OrderPage {
            items: page.items.iter().map(|row| item(row, &clear)).collect(),
            next: page.next,
            counts: OrderCounts {
                pending: counts.pending,
                processing: counts.processing,
                closed: counts.closed,
                cancelled: counts.cancelled,
            },
        },
    )
}

async fn filter(app: &App, shop: &str, query: &OrderQuery) -> Result<OrderFilter, Problem> {
    let eans = query.ean.iter().flat_map(|list| list.split(',')).filter(|ean| !ean.trim().is_empty());
    Ok(OrderFilter {
        tab: query.tab.map(|tab| match tab {
            TabName::Pending => OrderTab::Pending,
            TabName::Processing => OrderTab::Processing,
            TabName::Closed => OrderTab::Closed,
            TabName::Cancelled => OrderTab::Cancelled,
        }),
        eans: eans.map(form::ean).collect::<Result<_, _>>()?,
        delivered_to: query.delivered_to.map(Into::into),
        billed_to: query.billed_to.map(Into::into),
        from: begin(app, shop, query.from).await?,
        to: begin(app, shop, query.to.and_then(|day| day.succ_opt())).await?,
        delivery_mode: query.delivery_mode.map(Into::into),
        number: query.number.clone().filter(|number| !number.trim().is_empty()),
    })
}

fn item(row: &OrderRow, clear: &Clear) -> OrderItem {
    OrderItem {
        id: row.id.0,
        number: row.number,
        librisoft_number: row.librisoft_number.clone(),
        institution_id: row.institution.id.0,
        institution_name: row.institution.name.clone(),
        delivered_to: row.delivered_to.id.0,
        billed_to: row.billed_to.id.0,
        establishment: row.establishment.as_ref().map(Into::into),
        created_by: Contact::of(&row.created_by, clear),
        placed_at: row.placed_at,
        status: row.status.as_str(),
        supply: row.supply.as_str(),
        delivery_mode: row.delivery_mode.as_str(),
        payment_mode: row.payment_mode.as_str(),
        reference: row.reference.clone(),
        quantity: row.quantity,
        total_excl_tax: row.total_excl_tax.to_string(),
        total_incl_tax: row.total_incl_tax.to_string(),
    }
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
struct OrderLineJson {
    #[serde(flatten)]
    line: LineJson,
    /// Availability by the codes of the FEL, once reported.
    #[schema(value_type = Option<String>)]
    availability: Option<Availability>,
    /// Copies in stock for this line, once reported.
    in_stock: Option<u32>,
    /// When the rest is expected.
    expected: Option<NaiveDate>,
    /// *À reporter*: it could not be ordered on the day.
    deferred: bool,
}

impl OrderLineJson {
    fn of(line: &OrderLine, clear: &Clear) -> Self {
        Self {
            line: LineJson::of(&line.line, clear),
            availability: line.report.map(|report| report.availability),
            in_stock: line.report.map(|report| report.in_stock),
            expected: line.report.and_then(|report| report.expected),
            deferred: line.deferred,
        }
    }
}

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderJson {
    id: Uuid,
    number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    librisoft_number: Option<String>,
    basket: OriginJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_id: Option<Uuid>,
    institution_id: Uuid,
    delivered_to: Uuid,
    billed_to: Uuid,
    /// Where a delivery goes; null for a pick-up.
    address: Option<AddressJson>,
    establishment: Option<EstablishmentJson>,
    created_by: Contact,
    placed_at: DateTime<Utc>,
    /// `pending`, `processing`, `available`, `shipped`, `closed` or `cancelled`.
    status: &'static str,
    /// `unknown`, `awaiting_supplier` or `in_preparation`.
    supply: &'static str,
    delivery_mode: &'static str,
    payment_mode: &'static str,
    reference: String,
    comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_centre: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking: Option<String>,
    lines: Vec<OrderLineJson>,
    /// Why a line has more off than the law allows most clients; not told to the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    discount_justification: Option<String>,
    /// *Frais de port*.
    #[schema(value_type = String)]
    shipping_incl_tax: Money,
    totals: TotalsJson,
    /// Last path segments that the caller may use now.
    next_actions: Vec<&'static str>,
    /// As of when it is shown, if not as of now.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<AsOf>,
}

/// One order, as it is, or as it was (`?at=`): then it has no `ETag`, and nothing can be done with it.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders",
    params(("id", description = "The order"), AtQuery), responses((status = 200, body = OrderJson), Refused))]
pub async fn show(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    Filters(query): Filters<AtQuery>,
) -> Result<Response, Problem> {
    let as_of = query.find(&app, &reading, &["order_list"]).await?;
    let detail = find_visible(&app, &reading, &id).await?;
    let Some(as_of) = as_of else {
        let clear = names::open(&app, reading.shop(), sealed(&detail)).await?;
        let etag = format!("\"{}\"", detail.sequence);
        return Ok(
            ([(header::ETAG, etag)], Json(order_json(&detail, reading.caller.actor.role, &clear))).into_response()
        );
    };
    let past = app.projections.order_list().find_at(&app.store, reading.shop(), detail.id, as_of.position);
    let detail = past.await?.ok_or_else(Problem::not_found)?;
    let clear = names::open(&app, reading.shop(), sealed(&detail)).await?;
    let then = order_json(&detail, reading.caller.actor.role, &clear);
    Ok(Json(OrderJson { next_actions: Vec::new(), as_of: Some(as_of), ..then }).into_response())
}

/// The order that a path names, if the caller may see it.
///
/// # Errors
/// 403 for machines, 404 when there is none or he may not know of it, 503 when the view is behind.
pub async fn find_visible(app: &App, reading: &Reading, id: &str) -> Result<OrderDetail, Problem> {
    hidden_evenly(async {
        reading.caller.must_be_person()?;
        let id: OrderId = form::id(id)?;
        reading.settle(app, "order_list").await?;
        let detail = app.projections.order_list().find(reading.shop(), id).await?.ok_or_else(Problem::not_found)?;
        let context = Context::new(reading.caller.actor.clone(), app.clock.now());
        if detail.order.is_seen_by(&context) { Ok(detail) } else { Err(Problem::not_found()) }
    })
    .await
}

/// What an order's page needs opened.
pub fn sealed(detail: &OrderDetail) -> impl Iterator<Item = bordereau_domain::Digest> {
    let order = &detail.order;
    references(&detail.created_by)
        .chain(order.basket.name.map(|name| name.digest))
        .chain(order.comment.map(|comment| comment.digest))
        .chain(order.discount_justification.map(|justification| justification.digest))
        .chain(order.lines.iter().filter_map(|line| line.line.line_reference.map(|reference| reference.digest)))
}

/// An order in clear, with what `role` may do.
pub fn order_json(detail: &OrderDetail, role: Role, clear: &Clear) -> OrderJson {
    let order = &detail.order;
    OrderJson {
        id: detail.id.0,
        number: order.number,
        librisoft_number: order.librisoft_number.clone(),
        basket: OriginJson {
            id: order.basket.basket_id.0,
            number: order.basket.number,
            name: clear.field(order.basket.name),
        },
        quote_id: order.quote_id.map(|quote| quote.0),
        institution_id: order.institution_id.0,
        delivered_to: order.terms.delivered_to.0,
        billed_to: order.terms.billed_to.0,
        address: order.terms.address.as_ref().map(|address: &Address| address.into()),
        establishment: detail.establishment.as_ref().map(Into::into),
        created_by: Contact::of(&detail.created_by, clear),
        placed_at: detail.placed_at,
        status: order.status.as_str(),
        supply: order.supply().as_str(),
        delivery_mode: order.terms.delivery_mode.as_str(),
        payment_mode: order.terms.payment_mode.as_str(),
        reference: order.reference.clone(),
        comment: clear.field(order.comment),
        cost_centre: order.terms.cost_centre.clone(),
        tracking: order.tracking.clone(),
        lines: order.lines.iter().map(|line| OrderLineJson::of(line, clear)).collect(),
        discount_justification: clear.field(order.discount_justification).filter(|_| role != Role::Purchaser),
        shipping_incl_tax: order.shipping_incl_tax,
        totals: (&order.totals).into(),
        next_actions: order.next_actions(role).into_iter().map(OrderAction::as_str).collect(),
        as_of: None,
    }
}
