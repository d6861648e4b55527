//! What the management system has collected, and what it reports on lines.

use axum::extract::{Path, State};
use bordereau_commands::{OrderRequest, QuoteRequest, SentReport};
use bordereau_domain::{OrderId, QuoteId, Role, article::Availability, order::Report};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Answered, Command, Nothing},
    form,
    openapi::{Done, Refused},
    problem::Problem,
};

type Answer = Result<Answered, Problem>;

/// A quote's number in the management system, where it gives one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteNumber {
    /// The number there.
    pub librisoft_number: Option<String>,
}

/// An order's number in the management system.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderNumber {
    /// The number there, mandatory.
    pub librisoft_number: String,
}

/// Reports on lines of an order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinesBody {
    /// One per line at most.
    pub lines: Vec<LineBody>,
}

/// A report on one line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    /// The line.
    pub line_id: Uuid,
    /// Availability by the codes of the FEL, `"1"` to `"9"`.
    #[schema(value_type = String, pattern = "^[1-9]$")]
    pub availability: Availability,
    /// Copies in stock for this line.
    pub in_stock: u32,
    /// When the rest is expected.
    #[serde(default, deserialize_with = "crate::days::read_optional")]
    pub expected: Option<NaiveDate>,
}

/// A quote was collected.
#[utoipa::path(post, path = "/api/v1/librisoft/quotes/{id}/acknowledge", tag = "librisoft",
    params(("id", description = "The quote")), request_body = QuoteNumber, responses((status = 200, body = Done), Refused))]
pub async fn quote(State(app): State<App>, Path(id): Path<String>, command: Command<QuoteNumber>) -> Answer {
    command.caller.must_be(&[Role::Librisoft])?;
    let id: QuoteId = form::id(&id)?;
    let request = QuoteRequest::Acknowledge { librisoft_number: command.body.librisoft_number };
    app.execute(command.envelope, id, request).await
}

/// An order was collected, under this number.
#[utoipa::path(post, path = "/api/v1/librisoft/orders/{id}/acknowledge", tag = "librisoft",
    params(("id", description = "The order")), request_body = OrderNumber, responses((status = 200, body = Done), Refused))]
pub async fn order(State(app): State<App>, Path(id): Path<String>, command: Command<OrderNumber>) -> Answer {
    command.caller.must_be(&[Role::Librisoft])?;
    let id: OrderId = form::id(&id)?;
    let request = OrderRequest::Acknowledge { librisoft_number: command.body.librisoft_number };
    app.execute(command.envelope, id, request).await
}

/// An order's cancellation was collected.
#[utoipa::path(post, path = "/api/v1/librisoft/cancellations/{order_id}/acknowledge", tag = "librisoft",
    params(("order_id", description = "The order")), responses((status = 200, body = Done), Refused))]
pub async fn cancellation(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    command.caller.must_be(&[Role::Librisoft])?;
    let id: OrderId = form::id(&id)?;
    app.execute(command.envelope, id, OrderRequest::AcknowledgeCancellation).await
}

/// Reports which lines are in stock.
#[utoipa::path(post, path = "/api/v1/librisoft/orders/{id}/lines", tag = "librisoft",
    params(("id", description = "The order")), request_body = LinesBody, responses((status = 200, body = Done), Refused))]
pub async fn report_lines(State(app): State<App>, Path(id): Path<String>, command: Command<LinesBody>) -> Answer {
    command.caller.must_be(&[Role::Librisoft])?;
    let id: OrderId = form::id(&id)?;
    let sent = |line: &LineBody| SentReport {
        line_id: line.line_id.into(),
        report: Report { availability: line.availability, in_stock: line.in_stock, expected: line.expected },
    };
    let request = OrderRequest::ReportLines { lines: command.body.lines.iter().map(sent).collect() };
    app.execute(command.envelope, id, request).await
}
