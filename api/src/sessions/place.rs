//! Acting in another's place, and returning to one's own: each time a new token, and the old one is dead.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Session, told};
use crate::{
    app::App,
    auth,
    extract::{Command, Nothing},
    openapi::Refused,
    problem::Problem,
};

/// In whose place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActForBody {
    /// His account.
    account_id: Uuid,
}

/// Replaces the session by one in another's place: with a delegation of his, the power of substitution, or as the
/// bookseller.
#[utoipa::path(post, path = "/api/v1/sessions/current/act-for", tag = "sessions", request_body = ActForBody,
    responses((status = 201, body = Session), Refused))]
pub async fn act_for(State(app): State<App>, command: Command<ActForBody>) -> Result<Response, Problem> {
    command.caller.must_be_person()?;
    Ok(told(auth::act_for(&app, &command.caller, command.body.account_id.into()).await?))
}

/// Replaces the session by one in one's own name.
#[utoipa::path(delete, path = "/api/v1/sessions/current/act-for", tag = "sessions",
    responses((status = 201, body = Session), Refused))]
pub async fn return_to_oneself(State(app): State<App>, command: Command<Nothing>) -> Result<Response, Problem> {
    command.caller.must_be_person()?;
    Ok(told(auth::act_for_oneself(&app, &command.caller).await?))
}
