//! « Supprimer mon compte B2B » (B15): the account stays, what it was for an organisation is deleted.

use axum::extract::State;
use bordereau_commands::{AccountRequest, Envelope};
use bordereau_integrations::erasure::Eraser;

use super::{erasure::EraseOwnBody, identity::prove};
use crate::{
    app::App,
    extract::{Answered, Caller, Command},
    openapi::{Done, Refused},
    problem::Problem,
};

/// Deletes one's B2B account: what was said of the organisation, role, institutions, delegations. Login, name and second
/// factor stay, and one may ask again. Password and second factor are asked for; three wrong ones a day, then 429.
#[utoipa::path(delete, path = "/api/v1/me/registration", tag = "privacy", request_body = EraseOwnBody,
    responses((status = 200, body = Done), Refused))]
pub async fn delete(State(app): State<App>, command: Command<EraseOwnBody>) -> Result<Answered, Problem> {
    let Command { caller, envelope, body } = command;
    delete_organisation(&app, &caller, envelope, &body.current_password, body.code.as_deref()).await
}

/// Deletes what the caller is for an organisation, once he has shown who he is.
///
/// # Errors
/// 403, 429 as of the proof; 403 `role-may-not` for the bookshop's people; 409 `wrong-status`.
pub async fn delete_organisation(
    app: &App,
    caller: &Caller,
    envelope: Envelope,
    password: &str,
    code: Option<&str>,
) -> Result<Answered, Problem> {
    prove(app, caller, password, code).await?;
    let (shop, account_id) = (envelope.shop.clone(), caller.actor.account);
    let answered = app.execute(envelope, account_id, AccountRequest::DeleteOrganisation { account_id }).await?;
    let eraser = Eraser::new(app.commands.clone());
    if let Err(error) = eraser.complete_organisation(&shop, account_id, app.clock.now()).await {
        // The promise is in the log: the reactor comes by until it is kept.
        tracing::warn!(%account_id, "the deletion of an organisation is not complete yet: {error:#}");
    }
    Ok(answered)
}
