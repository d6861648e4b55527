//! The second factor of one's own account: begun, confirmed, given up; and lifted by the bookseller for somebody who has
//! lost it.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use bordereau_commands::{AccountRequest, Envelope, PlaceRequest};
use bordereau_domain::{
    Actor, Role,
    account::{Account, AccountError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts,
    app::App,
    auth::{self, token_hash, totp},
    extract::{Answered, Caller, Command, Nothing},
    names,
    openapi::{Done, Refused},
    problem::Problem,
};

/// The routes of the second factor.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(begin, give_up)).routes(routes!(confirm)).routes(routes!(lift))
}

/// Proof of who asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginBody {
    /// The present password.
    current_password: String,
}

/// A secret that waits to be confirmed.
#[derive(Serialize, ToSchema)]
pub struct Begun {
    /// The secret in Base32, told once.
    pub secret: String,
    /// The same as an `otpauth:` URL, for an authenticator's picture.
    pub url: String,
}

/// Makes a secret for an authenticator; sign-ins demand a code once [`confirm`] was called.
#[utoipa::path(post, path = "/api/v1/me/second-factor", tag = "sessions", request_body = BeginBody,
    responses((status = 201, body = Begun), Refused))]
async fn begin(State(app): State<App>, command: Command<BeginBody>) -> Result<(StatusCode, Json<Begun>), Problem> {
    let begun = begin_for(&app, &command.caller, &command.body.current_password).await?;
    Ok((StatusCode::CREATED, Json(begun)))
}

/// The same for a caller who has been found.
///
/// # Errors
/// 403 `wrong-password`, 409 `second-factor-enabled`.
pub async fn begin_for(app: &App, caller: &Caller, current_password: &str) -> Result<Begun, Problem> {
    caller.must_be_person()?;
    caller.must_be_himself()?;
    let (shop, account) = (caller.shop.as_str(), caller.actor.account);
    auth::confirm_password(app, caller, current_password).await?;
    let secret = totp::new_secret().map_err(|error| Problem::internal(&error))?;
    if !app.store.begin_second_factor(shop, account.0, &secret, app.clock.micros()).await? {
        return Err(Problem::new(StatusCode::CONFLICT, "second-factor-enabled"));
    }
    let ask = |account: &Account| account.email().map(|email| email.digest);
    let email = app.commands.peek::<Account, _>(shop, &account.to_string(), ask).await?.value;
    let clear = names::open(app, shop, email).await?;
    let email = email.and_then(|digest| clear.text(digest)).unwrap_or_default();
    Ok(Begun { url: totp::url(shop, &email, &secret), secret })
}

/// A code of the moment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmBody {
    /// What the authenticator shows.
    code: String,
}

/// The second factor is in use.
#[derive(Serialize, ToSchema)]
pub struct Confirmed {
    /// Each opens one sign-in in place of a code; told once.
    recovery_codes: Vec<String>,
}

/// Proves the secret by a first code: from now on sign-ins demand one. The other sessions end.
#[utoipa::path(post, path = "/api/v1/me/second-factor/confirm", tag = "sessions", request_body = ConfirmBody,
    responses((status = 200, body = Confirmed), Refused))]
async fn confirm(State(app): State<App>, command: Command<ConfirmBody>) -> Result<Json<Confirmed>, Problem> {
    let recovery_codes = confirm_for(&app, &command.caller, command.envelope, &command.body.code).await?;
    Ok(Json(Confirmed { recovery_codes }))
}

/// The same for a caller who has been found; the recovery codes.
///
/// # Errors
/// 409 `second-factor-not-begun`, also ten minutes after it was, or `second-factor-enabled`; 422 `second-factor-wrong`,
/// which counts as a failure; 403 `wrong-password` while the account is locked.
pub async fn confirm_for(
    app: &App,
    caller: &Caller,
    mut envelope: Envelope,
    code: &str,
) -> Result<Vec<String>, Problem> {
    caller.must_be_person()?;
    caller.must_be_himself()?;
    let (shop, account_id) = (caller.shop.as_str(), caller.actor.account);
    let waiting = app.store.find_second_factor(shop, account_id.0, app.clock.micros()).await?;
    let waiting = waiting.ok_or_else(|| Problem::new(StatusCode::CONFLICT, "second-factor-not-begun"))?;
    let step = auth::prove_first_code(app, caller, &waiting.secret, code).await?;
    let recovery_codes = totp::new_recovery_codes().map_err(|error| Problem::internal(&error))?;
    let recovery = recovery_codes.iter().map(|code| token_hash(&totp::plain(code))).collect();
    let (sealed, session) = (waiting.sealed, caller.session);
    let request = PlaceRequest::EnableSecondFactor { account_id, sealed, step, recovery, session };
    // Nothing to answer again: the codes are kept nowhere.
    envelope.key = None;
    app.execute(envelope, account_id, AccountRequest::Place(request)).await?;
    Ok(recovery_codes)
}

/// Proof of who asks, with both factors.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveUpBody {
    /// The present password.
    current_password: String,
    /// What the authenticator shows, or a recovery code.
    code: String,
}

/// Gives the second factor up.
#[utoipa::path(delete, path = "/api/v1/me/second-factor", tag = "sessions", request_body = GiveUpBody,
    responses((status = 200, body = Done), Refused))]
async fn give_up(State(app): State<App>, command: Command<GiveUpBody>) -> Result<Answered, Problem> {
    let Command { caller, envelope, body } = &command;
    give_up_for(&app, caller, envelope.clone(), &body.current_password, &body.code).await
}

/// The same for a caller who has been found.
///
/// # Errors
/// 403 `wrong-password` or `second-factor-wrong`, 409 `second-factor-missing`.
pub async fn give_up_for(
    app: &App,
    caller: &Caller,
    envelope: Envelope,
    current_password: &str,
    code: &str,
) -> Result<Answered, Problem> {
    caller.must_be_person()?;
    caller.must_be_himself()?;
    let account_id = caller.actor.account;
    let (shop, own, ask) = (caller.shop.as_str(), account_id.to_string(), Account::demands_second_factor);
    if !app.commands.peek_now::<Account, _>(shop, &own, ask).await?.value {
        return Err(Problem::new(StatusCode::CONFLICT, "second-factor-missing"));
    }
    let proof = Some(auth::confirm_with_code(app, caller, current_password, code).await?);
    let request = PlaceRequest::DisableSecondFactor { account_id, proof };
    app.execute(envelope, account_id, AccountRequest::Place(request)).await
}

/// Lifts the second factor of somebody who has lost it.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/second-factor", tag = "accounts",
    params(("id", description = "The account")), responses((status = 200, body = Done), Refused))]
async fn lift(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Result<Answered, Problem> {
    lift_of(&app, &command.caller, command.envelope, &id).await
}

/// The same for a caller who has been found.
///
/// # Errors
/// 404, or 403 for whoever is no bookseller, and for one about himself; 409 `second-factor-missing`.
pub async fn lift_of(app: &App, caller: &Caller, envelope: Envelope, id: &str) -> Result<Answered, Problem> {
    // One's own is given up with password and code.
    let others = |account: &Account, actor: &Actor| {
        let may = actor.role == Role::Bookseller && !account.is_of(actor.account);
        may.then_some(()).ok_or(AccountError::RoleMayNot)
    };
    let account_id = accounts::check(app, caller, id, others).await?;
    let request = PlaceRequest::DisableSecondFactor { account_id, proof: None };
    app.execute(envelope, account_id, AccountRequest::Place(request)).await
}
