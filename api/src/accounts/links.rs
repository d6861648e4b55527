//! Links that are mailed, and locks that are lifted. A link's token is made by whoever sends the mail: what is kept here
//! is that one is due.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
};
use bordereau_domain::{
    AccountId, Actor, Context, Decider, ShopCode,
    account::{Account, AccountError},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::{ask_for_link, queue_link},
    extract::{Caller, Command, Nothing, Peer, read_body},
    form,
    openapi::Refused,
    problem::Problem,
};

/// Asks the account, in the order of every command: may it be seen, may this be done.
///
/// # Errors
/// 403 or 404.
pub async fn check(
    app: &App,
    caller: &Caller,
    id: &str,
    may: impl Fn(&Account, &Actor) -> Result<(), AccountError> + Send + Sync,
) -> Result<AccountId, Problem> {
    caller.must_be_person()?;
    let account: AccountId = form::id(id)?;
    let context = Context::new(caller.actor.clone(), app.clock.now());
    let ask = |account: &Account| account.may_see(&context).then(|| may(account, &context.actor));
    let answer = app.commands.peek::<Account, _>(caller.shop.as_str(), &account.to_string(), ask).await?;
    answer.value.ok_or_else(Problem::not_found)??;
    Ok(account)
}

/// Lifts the lock of an account after wrong passwords.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/unlock", tag = "accounts", params(("id", description = "The account")),
    responses((status = 204, description = "Not locked"), Refused))]
pub async fn unlock(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    unlock_of(&app, &command.caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same for a caller who has been found.
///
/// # Errors
/// 403 or 404 for whoever may not.
pub async fn unlock_of(app: &App, caller: &Caller, id: &str) -> Result<(), Problem> {
    let account = check(app, caller, id, Account::may_unlock).await?;
    app.store.clear_failures(caller.shop.as_str(), account.0).await?;
    tracing::info!(%account, by = %caller.actor.account, "the account's lock was lifted");
    Ok(())
}

/// Has a link mailed to an account's person, by which he sets a password.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/send-link", tag = "accounts",
    params(("id", description = "The account")), responses((status = 202, description = "It will be mailed"), Refused))]
pub async fn send_link(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    send_link_to(&app, &command.caller, &id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The same for a caller who has been found.
///
/// # Errors
/// 403 or 404 for whoever may not.
pub async fn send_link_to(app: &App, caller: &Caller, id: &str) -> Result<(), Problem> {
    let account = check(app, caller, id, Account::may_send_link).await?;
    queue_link(app, &caller.shop, account).await
}

/// Somebody who has forgotten his password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgottenBody {
    /// The login.
    email: String,
    /// The shop's code; without it every shop that knows the address.
    #[schema(value_type = Option<String>)]
    shop: Option<ShopCode>,
}

/// *Mot de passe oublié*: a link is mailed to each active account with this address. The answer is the same, after the
/// same time, whether there is one or not.
#[utoipa::path(post, path = "/api/v1/passwords/forgotten", tag = "sessions", security(()), request_body = ForgottenBody,
    responses((status = 202, description = "If there is such an account, a link goes to it"), Refused))]
pub async fn forgotten(State(app): State<App>, peer: Peer, request: Request) -> Result<StatusCode, Problem> {
    peer.check_links(&app)?;
    let body: ForgottenBody = read_body(request).await?;
    ask_for_link(&app, &body.email, body.shop.as_ref()).await?;
    Ok(StatusCode::ACCEPTED)
}
