//! The list of orders by tab (L29, L30).

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{
    Money, Role,
    order::{OrderStatus, Supply},
};
use bordereau_projections::{OrderCounts, OrderFilter, OrderRow, OrderTab};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    super::{
        documents::{Contact, Tab},
        field::{Field, Told, refuse},
        frame::Frame,
        order_terms::payment_mode,
        signed_in::SignedIn,
    },
    filter::{OrderQuery, fields},
};
use crate::{
    app::App,
    documents::references,
    names::{self, Clear},
    problem::Problem,
    quotes::scope,
};

/// Orders on a page.
const PAGE: usize = 50;

/// An order in the table (L30).
struct Row {
    id: Uuid,
    number: u64,
    librisoft_number: Option<String>,
    placed_at: DateTime<Utc>,
    institution: String,
    client: Contact,
    reference: String,
    total: Money,
    copies: u64,
    payment: String,
    class: &'static str,
    status: String,
    establishment: String,
}

#[derive(Template)]
#[template(path = "orders.html")]
struct OrdersPage {
    frame: Frame,
    title: String,
    tabs: Vec<Tab>,
    tab: &'static str,
    told: Option<Told>,
    filter: Vec<Field>,
    /// Whether something is filtered.
    filtered: bool,
    /// Whether the form stands open.
    open: bool,
    rows: Vec<Row>,
    empty: String,
    /// The next page.
    next: Option<String>,
}

/// The shape and colour of an order's state.
pub const fn class(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending | OrderStatus::Processing => "state waiting",
        OrderStatus::Available | OrderStatus::Shipped | OrderStatus::Closed => "state done",
        OrderStatus::Cancelled => "state ended",
    }
}

/// An order's state in words: of one in process, whether its articles are there (L31).
pub fn status(frame: &Frame, status: OrderStatus, supply: Supply) -> String {
    let open = matches!(status, OrderStatus::Pending | OrderStatus::Processing);
    match supply {
        Supply::AwaitingSupplier | Supply::InPreparation if open => frame.t(&format!("supply-{}", supply.as_str())),
        Supply::Unknown | Supply::AwaitingSupplier | Supply::InPreparation => {
            frame.t(&format!("order-status-{}", status.as_str()))
        }
    }
}

/// What the list is called by who reads it.
pub fn title(frame: &Frame, role: Role) -> String {
    frame.t(if role == Role::Purchaser { "orders-mine" } else { "orders-all" })
}

const fn count(counts: &OrderCounts, tab: OrderTab) -> u64 {
    match tab {
        OrderTab::Pending => counts.pending,
        OrderTab::Processing => counts.processing,
        OrderTab::Closed => counts.closed,
        OrderTab::Cancelled => counts.cancelled,
    }
}

fn row(frame: &Frame, row: &OrderRow, clear: &Clear) -> Row {
    Row {
        id: row.id.0,
        number: row.number,
        librisoft_number: row.librisoft_number.clone(),
        placed_at: row.placed_at,
        institution: row.institution.name.clone(),
        client: Contact::of(frame, &row.created_by, clear),
        reference: row.reference.clone(),
        total: row.total_incl_tax + row.shipping_incl_tax,
        copies: row.quantity,
        payment: payment_mode(frame, row.payment_mode),
        class: class(row.status),
        status: status(frame, row.status, row.supply),
        establishment: row.establishment.as_ref().map(|of| of.name.clone()).unwrap_or_default(),
    }
}

/// The list.
pub async fn index(
    State(app): State<App>,
    signed_in: SignedIn,
    query: Result<Query<OrderQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let wanted = if query.tab.is_empty() { OrderTab::Pending.as_str() } else { query.tab.as_str() };
    let tab = OrderTab::ALL.into_iter().find(|tab| tab.as_str() == wanted).ok_or_else(Problem::not_found)?;
    match query.read(&app, signed_in.shop(), tab).await {
        Ok(filter) => {
            let page = OrdersPage::read(&app, &signed_in, tab, &query, &filter).await?;
            Ok(page.frame.answer(StatusCode::OK, &page))
        }
        Err(problem) => {
            // Nothing is shown under a filter that cannot be read: the counts of the tabs still are.
            let nothing = OrderFilter { tab: Some(tab), number: Some(String::new()), ..OrderFilter::default() };
            let mut page = OrdersPage::read(&app, &signed_in, tab, &query, &nothing).await?;
            let frame = page.frame.clone();
            page.told = refuse(&frame, &mut page.filter.iter_mut().collect::<Vec<_>>(), None, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

impl OrdersPage {
    async fn read(
        app: &App,
        signed_in: &SignedIn,
        tab: OrderTab,
        query: &OrderQuery,
        filter: &OrderFilter,
    ) -> Result<Self, Problem> {
        let scope = scope(&signed_in.caller)?;
        signed_in.settle(app, "order_list").await?;
        let cursor = Some(query.cursor.as_str()).filter(|cursor| !cursor.is_empty());
        let orders = app.projections.order_list();
        let (page, counts) = orders.list(signed_in.shop(), &scope, filter, PAGE, cursor).await?;
        let sealed = page.items.iter().flat_map(|row| references(&row.created_by));
        let clear = names::open(app, signed_in.shop(), sealed).await?;
        let frame = Frame::of(signed_in);
        let tabs = OrderTab::ALL.map(|of| Tab {
            label: frame.t(&format!("orders-{}", of.as_str())),
            count: count(&counts, of),
            href: query.address(of, ""),
            here: of == tab,
        });
        let filtered = query.filters();
        Ok(Self {
            title: title(&frame, signed_in.caller.actor.role),
            tabs: tabs.into(),
            tab: tab.as_str(),
            told: None,
            filter: fields(app, signed_in, &frame, query).await?,
            filtered,
            open: filtered || query.looks(),
            rows: page.items.iter().map(|found| row(&frame, found, &clear)).collect(),
            empty: frame.t(if filtered { "orders-none-found" } else { "orders-empty" }),
            next: page.next.as_deref().map(|cursor| query.address(tab, cursor)),
            frame,
        })
    }
}
