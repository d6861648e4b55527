//! One order (L33): its numbers, modes and address, its lines with what is known of them, what the bookshop has written.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{
    Money, OrderId, Role,
    order::{OrderLine, OrderStatus},
    pricing::Totals,
};
use bordereau_projections::{HistoryOf, OrderDetail};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    super::{
        documents::{Contact, Origin, Standing, Step, Story},
        format,
        frame::Frame,
        order_terms::{delivery_mode, on_one_line, payment_mode},
        signed_in::SignedIn,
    },
    list,
};
use crate::{
    app::App,
    documents::LineJson,
    names::{self, Clear},
    orders::{find_visible, sealed},
    problem::Problem,
};

/// A line, and what the management system says of it.
struct LineView {
    line: LineJson,
    /// In words, once reported.
    availability: Option<String>,
    /// Copies in stock, once reported.
    in_stock: Option<u64>,
    /// Whether that is less than what was ordered.
    short: bool,
    /// When the rest is expected.
    expected: Option<NaiveDate>,
    /// *À reporter*.
    deferred: bool,
}

#[derive(Template)]
#[template(path = "order.html")]
struct OrderPage {
    frame: Frame,
    id: OrderId,
    back: String,
    number: u64,
    librisoft_number: Option<String>,
    standing: Standing,
    /// Why it was cancelled.
    reason: Option<String>,
    /// *Attente fournisseur(s)* or *Préparation de commande*, while it is open.
    status: String,
    institution: String,
    client: Contact,
    delivered_to: String,
    billed_to: String,
    delivery_mode: String,
    payment_mode: String,
    address: Option<String>,
    establishment: Option<String>,
    origin: Origin,
    quote_id: Option<Uuid>,
    placed_at: DateTime<Utc>,
    reference: String,
    comment: Option<String>,
    cost_centre: Option<String>,
    tracking: Option<String>,
    /// Why a line has more off than the law allows most clients; not told to the client.
    justification: Option<String>,
    lines: Vec<LineView>,
    totals: Totals,
    shipping: Money,
    total: Money,
    copies: u64,
    messages: Vec<Step>,
    steps: Vec<Step>,
}

fn view(frame: &Frame, line: &OrderLine, clear: &Clear) -> LineView {
    let report = line.report;
    LineView {
        line: LineJson::of(&line.line, clear),
        availability: report.map(|report| frame.t(&format!("line-availability-{}", report.availability.code()))),
        in_stock: report.map(|report| u64::from(report.in_stock)),
        short: report.is_some_and(|report| report.in_stock < line.line.quantity),
        expected: report.and_then(|report| report.expected),
        deferred: line.deferred,
    }
}

/// Where it is, who must act, since when.
fn standing(app: &App, signed_in: &SignedIn, frame: &Frame, detail: &OrderDetail, story: &Story) -> Standing {
    let status = detail.order.status;
    let (key, events): (&str, &[&str]) = match status {
        OrderStatus::Pending => ("order-place-pending", &["OrderPlaced", "OrderStatusReset"]),
        OrderStatus::Processing => ("order-place-processing", &["OrderPushedToLibrisoft", "OrderStatusReset"]),
        OrderStatus::Available => ("order-place-available", &["OrderMadeAvailable"]),
        OrderStatus::Shipped => ("order-place-shipped", &["OrderShipped"]),
        OrderStatus::Closed => ("order-place-closed", &["OrderClosed"]),
        OrderStatus::Cancelled => ("order-place-cancelled", &["OrderCancelled"]),
    };
    let since = story.since(events).unwrap_or(detail.placed_at);
    Standing {
        class: list::class(status),
        text: frame.t(key),
        since,
        days: format::days_between(since, app.clock.now(), signed_in.zone),
    }
}

impl OrderPage {
    async fn read(app: &App, signed_in: &SignedIn, id: &str) -> Result<Self, Problem> {
        signed_in.settle(app, "order_list").await?;
        let detail = find_visible(app, &signed_in.reading(), id).await?;
        let story = Story::read(app, signed_in, HistoryOf::Order, detail.id.0).await?;
        let clear = names::open(app, signed_in.shop(), sealed(&detail)).await?;
        let frame = Frame::of(signed_in);
        let standing = standing(app, signed_in, &frame, &detail, &story);
        Ok(Self::new(frame, signed_in.caller.actor.role, detail, standing, &story, &clear))
    }

    fn new(frame: Frame, role: Role, detail: OrderDetail, standing: Standing, story: &Story, clear: &Clear) -> Self {
        let order = detail.order;
        let name = clear.field(order.basket.name);
        Self {
            id: detail.id,
            back: list::title(&frame, role),
            number: order.number,
            standing,
            status: list::status(&frame, order.status, order.supply()),
            institution: detail.institution.name,
            client: Contact::of(&frame, &detail.created_by, clear),
            delivered_to: detail.delivered_to.name,
            billed_to: detail.billed_to.name,
            delivery_mode: delivery_mode(&frame, order.terms.delivery_mode),
            payment_mode: payment_mode(&frame, order.terms.payment_mode),
            address: order.terms.address.as_ref().map(on_one_line),
            establishment: detail.establishment.map(|of| of.name),
            origin: Origin::new(&frame, order.basket.basket_id.0, order.basket.number, name.as_deref()),
            quote_id: order.quote_id.map(|quote| quote.0),
            placed_at: detail.placed_at,
            comment: clear.field(order.comment),
            justification: clear.field(order.discount_justification).filter(|_| role != Role::Purchaser),
            lines: order.lines.iter().map(|line| view(&frame, line, clear)).collect(),
            copies: order.quantity(),
            total: order.totals.total_incl_tax + order.shipping_incl_tax,
            shipping: order.shipping_incl_tax,
            reason: story.said("OrderCancelled").filter(|_| order.status == OrderStatus::Cancelled),
            messages: story.steps_of(&frame, "OrderMessageSent"),
            steps: story.steps(&frame),
            librisoft_number: order.librisoft_number,
            reference: order.reference,
            cost_centre: order.terms.cost_centre,
            tracking: order.tracking,
            totals: order.totals,
            frame,
        }
    }
}

/// The page.
pub async fn show(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = OrderPage::read(&app, &signed_in, &id).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}
