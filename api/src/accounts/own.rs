//! One's own account: name and telephone number, password, login.

use axum::{
    extract::{Request, State},
    http::StatusCode,
};
use bordereau_commands::{AccountRequest, EMAIL_CLAIM, SentChange, fold_email, hold_email, stable_id};
use bordereau_domain::{AccountId, personal::Email};
use bordereau_integrations::mail::{MailArgs, MailKind};
use bordereau_store::{NewPendingEmail, Proof};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{bodies::OwnBody, commands::find_by_email, registration::tell_holder};
use crate::{
    app::App,
    auth::{self, confirm_password},
    extract::{Answered, Caller, Command, Peer, read_body},
    form, letters,
    openapi::{Done, Refused},
    problem::Problem,
};

/// How long a new login waits for its confirmation.
const CONFIRMATION_LIFE: TimeDelta = TimeDelta::hours(24);
/// Within this time an account asks for one new login, and an address is written to once, whoever asks.
const PAUSE_SECONDS: u32 = 60;

/// Changes one's name or telephone number.
#[utoipa::path(patch, path = "/api/v1/me", tag = "accounts", request_body = OwnBody,
    responses((status = 200, body = Done), Refused))]
pub async fn change(State(app): State<App>, command: Command<OwnBody>) -> Result<Answered, Problem> {
    let change = SentChange {
        name: command.body.name.as_deref().map(|name| form::text(name, "name")).transpose()?,
        phone: form::replaced_text(command.body.phone.as_ref(), "phone")?,
        ..SentChange::default()
    };
    let own = command.caller.actor.account.to_string();
    app.run(&own, command, AccountRequest::Change(Box::new(change))).await
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPasswordBody {
    /// The present password.
    current: String,
    /// The new one, 10 to 200 characters, compared exactly.
    new: String,
}

/// Sets one's password; one's other sessions end, as does a link that was sent.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "accounts", request_body = OwnPasswordBody,
    responses((status = 204, description = "Set"), Refused))]
pub async fn set_password(State(app): State<App>, command: Command<OwnPasswordBody>) -> Result<StatusCode, Problem> {
    let Command { caller, body, .. } = command;
    caller.must_be_person()?;
    auth::change_password(&app, &caller, &body.current, body.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The present password must be right; a wrong one counts like a failed sign-in.
async fn check_password(app: &App, caller: &Caller, password: &str) -> Result<Proof, Problem> {
    caller.must_be_person()?;
    caller.must_be_himself()?;
    confirm_password(app, caller, password).await
}

/// Another login.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnEmailBody {
    /// The new address.
    email: String,
    /// The present password.
    current_password: String,
}

/// Asks for another login: a link goes to the new address, and the present one holds until it was used.
#[utoipa::path(post, path = "/api/v1/me/email", tag = "accounts", request_body = OwnEmailBody,
    responses((status = 202, description = "A link goes to the new address"), Refused))]
pub async fn change_email(State(app): State<App>, command: Command<OwnEmailBody>) -> Result<StatusCode, Problem> {
    let Command { caller, body, .. } = command;
    ask_for_login(&app, &caller, &body.email, &body.current_password).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The same for a caller who has been found.
///
/// # Errors
/// 403 `wrong-password` or `in-anothers-place`, 422 about the address, 429 within a minute of the last time, by this account
/// or for this address. An address that is another's is answered like a free one, and its holder is told.
pub async fn ask_for_login(app: &App, caller: &Caller, email: &str, current_password: &str) -> Result<(), Problem> {
    let email = form::text::<Email>(email, "email")?;
    let proof = check_password(app, caller, current_password).await?;
    let (shop, account, now) = (caller.shop.as_str(), caller.actor.account, app.clock.now());
    take_turn(app, shop, account, email.clear(), now).await?;
    let expires_at = (now + CONFIRMATION_LIFE).timestamp_micros();
    // Kept alike whether it is free or another's: nothing that the asker can look at tells him.
    let digest = hold_email(&app.store, &caller.shop, account, &email, expires_at, proof).await?;
    let because = stable_id(&["login-asked-for", &digest.to_string()]);
    // The present address is told too: whoever asks may be somebody else.
    letters::queue(app, shop, MailKind::AddressChangeAsked, account, because, &MailArgs::default()).await?;
    let holder = find_by_email(app, shop, email.clear()).await?;
    if let Some(holder) = holder.filter(|holder| *holder != account) {
        // Without a letter there is no link that makes it the login.
        return tell_holder(app, shop, holder).await;
    }
    let args = MailArgs { digest: Some(digest), ..MailArgs::default() };
    letters::queue(app, shop, MailKind::ConfirmAddress, account, because, &args).await
}

/// Takes the turn to have a letter sent to an address, be it free or not.
async fn take_turn(app: &App, shop: &str, account: AccountId, email: &str, now: DateTime<Utc>) -> Result<(), Problem> {
    let claim = app.store.blind_index(shop, EMAIL_CLAIM, &fold_email(email));
    let expires = |asked: DateTime<Utc>| (asked + CONFIRMATION_LIFE).timestamp_micros();
    let begun = NewPendingEmail::begun(account.0, claim, expires(now));
    let pause = TimeDelta::seconds(PAUSE_SECONDS.into());
    if app.store.begin_pending_email(shop, begun, expires(now - pause)).await? {
        return Ok(());
    }
    Err(Problem::too_many_requests(PAUSE_SECONDS))
}

/// A link that was mailed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// The link's token.
    token: String,
}

/// Shows by a single-use link that a new address is one's own: it is the login from now on, and links that were sent to
/// the former one are dead.
#[utoipa::path(post, path = "/api/v1/emails", tag = "accounts", security(()), request_body = TokenBody,
    responses((status = 204, description = "It is the login from now on"), Refused))]
pub async fn confirm_email(State(app): State<App>, peer: Peer, request: Request) -> Result<StatusCode, Problem> {
    peer.check_links(&app)?;
    let body: TokenBody = read_body(request).await?;
    auth::confirm_login(&app, &body.token, "api").await?;
    Ok(StatusCode::NO_CONTENT)
}
