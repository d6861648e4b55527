//! Commands on quotes.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
};
use bordereau_commands::{AcceptQuote, QuoteRequest, new_id};
use bordereau_domain::{
    LineId, Money, Rate,
    fixed_price::Cap,
    personal::Comment,
    quote::{AnsweredLine, Quote},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    baskets::{
        CommentBody, OrderMade,
        warnings::{DiscountCapJson, find_caps},
    },
    extract::{Answered, Command, Nothing},
    form,
    openapi::{Done, Refused},
    problem::Problem,
    terms::{DeliveryModeName, PaymentModeName, requested_terms},
    texts::Language,
};

type Answer = Result<Answered, Problem>;

/// The bookshop's prices.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// Those of the lines that change.
    lines: Vec<AnswerLine>,
    /// The last day on which they hold.
    #[serde(deserialize_with = "crate::days::read")]
    valid_until: NaiveDate,
}

/// The bookshop's price of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerLine {
    line_id: Uuid,
    /// Public price of one copy.
    #[schema(value_type = String)]
    unit_price_incl_tax: Money,
    /// Discount in percent.
    #[schema(value_type = String)]
    discount_rate: Rate,
}

/// How a quote is accepted; the reference is the quote's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptBody {
    /// How it is handed over.
    delivery_mode: DeliveryModeName,
    /// How it is paid.
    payment_mode: PaymentModeName,
    /// The institution's cost centre.
    cost_centre: Option<String>,
    /// One of the caller's institutions; the quote's by default.
    deliver_to: Option<Uuid>,
    /// One of its addresses; the first by default.
    delivery_address_id: Option<Uuid>,
    /// One of the caller's institutions; the quote's by default.
    bill_to: Option<Uuid>,
}

/// Answers a quote request.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/answer", tag = "quotes", params(("id", description = "The quote")),
    request_body = AnswerBody, responses((status = 200, body = AnswerTold), Refused))]
pub async fn answer(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    command: Command<AnswerBody>,
) -> Answer {
    let line = |line: &AnswerLine| AnsweredLine {
        line_id: line.line_id.into(),
        unit_price_incl_tax: line.unit_price_incl_tax,
        discount_rate: line.discount_rate,
    };
    let request = QuoteRequest::Answer {
        lines: command.body.lines.iter().map(line).collect(),
        valid_until: command.body.valid_until,
    };
    let shop = command.caller.shop.to_string();
    let answered = app.run(&id, command, request).await?;
    let told = told(&app, &shop, &id, Language::of(&headers)).await?;
    let body = serde_json::to_string(&told).map_err(|error| Problem::internal(&error))?;
    Ok(Answered { body, ..answered })
}

/// What there is to know of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerTold {
    /// Lines with more off than a law on the price of books allows.
    warnings: Vec<AboveCap>,
}

/// A line with more off than a law allows.
#[derive(Debug, Serialize, ToSchema)]
struct AboveCap {
    line_id: Uuid,
    cap: DiscountCapJson,
}

async fn told(app: &App, shop: &str, id: &str, language: Language) -> Result<AnswerTold, Problem> {
    let ask = |quote: &Quote| quote.opened().map(|quote| (quote.institution_id, quote.lines.clone()));
    let found = app.commands.peek::<Quote, _>(shop, id, ask).await?.value;
    let (institution, lines) = found.ok_or_else(Problem::not_found)?;
    let above = find_caps(app, shop, institution, &lines).await?.above;
    let warning =
        |(line_id, cap): &(LineId, Cap)| AboveCap { line_id: line_id.0, cap: DiscountCapJson::exceeded(cap, language) };
    Ok(AnswerTold { warnings: above.iter().map(warning).collect() })
}

/// Accepts a quote: it becomes an order at the quote's prices.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/accept", tag = "quotes", params(("id", description = "The quote")),
    request_body = AcceptBody, responses((status = 200, body = OrderMade), Refused))]
pub async fn accept(State(app): State<App>, Path(id): Path<String>, command: Command<AcceptBody>) -> Answer {
    let request = QuoteRequest::Accept(AcceptQuote {
        quote_id: form::id(&id)?,
        order_id: new_id().into(),
        terms: requested_terms!(&command.body),
    });
    app.run(&id, command, request).await
}

/// Refuses a quote.
#[utoipa::path(post, path = "/api/v1/quotes/{id}/refuse", tag = "quotes", params(("id", description = "The quote")),
    request_body = CommentBody, responses((status = 200, body = Done), Refused))]
pub async fn refuse(State(app): State<App>, Path(id): Path<String>, command: Command<CommentBody>) -> Answer {
    let comment = form::optional_text::<Comment>(command.body.comment.as_deref(), "comment")?;
    app.run(&id, command, QuoteRequest::Refuse { comment }).await
}

/// Puts a quote away: « Archiver ».
#[utoipa::path(post, path = "/api/v1/quotes/{id}/archive", tag = "quotes", params(("id", description = "The quote")),
    responses((status = 200, body = Done), Refused))]
pub async fn archive(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, QuoteRequest::Archive).await
}
