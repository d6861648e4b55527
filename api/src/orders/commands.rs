//! Commands on orders: the bookshop's.

use axum::extract::{Path, State};
use bordereau_commands::OrderRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    extract::{Answered, Command, Nothing},
    form,
    openapi::{Done, Refused},
    problem::Problem,
};

type Answer = Result<Answered, Problem>;

/// How an order is sent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipBody {
    /// The carrier's number.
    tracking: Option<String>,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonBody {
    /// At most 2000 characters.
    reason: String,
}

/// A message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageBody {
    /// At most 4000 characters.
    text: String,
}

/// Makes an order available, pick-up only: « Mettre à disposition ».
#[utoipa::path(post, path = "/api/v1/orders/{id}/make-available", tag = "orders",
    params(("id", description = "The order")), responses((status = 200, body = Done), Refused))]
pub async fn make_available(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, OrderRequest::MakeAvailable).await
}

/// Ships an order, delivery only: « Expédier ».
#[utoipa::path(post, path = "/api/v1/orders/{id}/ship", tag = "orders", params(("id", description = "The order")),
    request_body = ShipBody, responses((status = 200, body = Done), Refused))]
pub async fn ship(State(app): State<App>, Path(id): Path<String>, command: Command<ShipBody>) -> Answer {
    let tracking = command.body.tracking.clone();
    app.run(&id, command, OrderRequest::Ship { tracking }).await
}

/// Closes an order: « Clôturer ».
#[utoipa::path(post, path = "/api/v1/orders/{id}/close", tag = "orders", params(("id", description = "The order")),
    responses((status = 200, body = Done), Refused))]
pub async fn close(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, OrderRequest::Close).await
}

/// Cancels an order: « Annuler ».
#[utoipa::path(post, path = "/api/v1/orders/{id}/cancel", tag = "orders", params(("id", description = "The order")),
    request_body = ReasonBody, responses((status = 200, body = Done), Refused))]
pub async fn cancel(State(app): State<App>, Path(id): Path<String>, command: Command<ReasonBody>) -> Answer {
    let reason = form::text(&command.body.reason, "reason")?;
    app.run(&id, command, OrderRequest::Cancel { reason }).await
}

/// Resets an order's status: « Réinitialiser le statut ».
#[utoipa::path(post, path = "/api/v1/orders/{id}/reset-status", tag = "orders",
    params(("id", description = "The order")), request_body = ReasonBody,
    responses((status = 200, body = Done), Refused))]
pub async fn reset_status(State(app): State<App>, Path(id): Path<String>, command: Command<ReasonBody>) -> Answer {
    let reason = form::text(&command.body.reason, "reason")?;
    app.run(&id, command, OrderRequest::ResetStatus { reason }).await
}

/// Sends a message to the client about the order.
#[utoipa::path(post, path = "/api/v1/orders/{id}/message", tag = "orders", params(("id", description = "The order")),
    request_body = MessageBody, responses((status = 200, body = Done), Refused))]
pub async fn message(State(app): State<App>, Path(id): Path<String>, command: Command<MessageBody>) -> Answer {
    let text = form::text(&command.body.text, "text")?;
    app.run(&id, command, OrderRequest::SendMessage { text }).await
}
