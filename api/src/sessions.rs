//! Sign-in, sign-out, who am I, and passwords by link.

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bordereau_domain::{
    ShopCode,
    account::{Account, AccountStatus},
};
use bordereau_store::ResetUse;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{self, Avoided, check_new_password},
    extract::{Caller, Command, Nothing, Peer, read_body},
    names,
    openapi::Refused,
    problem::Problem,
};

/// The routes of sessions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(sign_out))
        .routes(routes!(me))
        .routes(routes!(set_password))
}

/// Who wants to come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    /// The login.
    email: String,
    /// The password, compared exactly.
    password: String,
    /// The shop's code, where the address is known in several.
    #[schema(value_type = Option<String>)]
    shop: Option<ShopCode>,
}

/// A new session.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Send it as `Authorization: Bearer`; it is told once.
    token: String,
    /// The shop's code.
    shop: String,
    /// The account.
    account: Uuid,
    /// Its role.
    role: String,
    /// The institutions it acts for.
    institutions: Vec<Uuid>,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

/// Opens a session.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", security(()), request_body = SignInBody,
    responses((status = 201, body = Session), Refused))]
async fn sign_in(State(app): State<App>, peer: Peer, request: Request) -> Result<Response, Problem> {
    peer.check(&app)?;
    let body: SignInBody = read_body(request).await?;
    let signed = auth::sign_in(&app, &body.email, &body.password, body.shop.as_ref()).await?;
    let session = Session {
        token: signed.token,
        shop: signed.shop.to_string(),
        account: signed.account.0,
        role: signed.role.to_string(),
        institutions: signed.institutions.iter().map(|institution| institution.0).collect(),
        expires_at: signed.expires_at,
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(session)).into_response())
}

/// Ends the session that asks.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "sessions",
    responses((status = 204, description = "Ended"), Refused))]
async fn sign_out(State(app): State<App>, command: Command<Nothing>) -> Result<StatusCode, Problem> {
    let session = command.caller.session.ok_or_else(Problem::role_may_not)?;
    app.store.end_session(&session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// The shop's code.
    shop: String,
    /// The account or key.
    account: Uuid,
    /// Its role.
    role: String,
    /// The institutions it acts for.
    institutions: Vec<Uuid>,
    /// The person's name; keys have none.
    name: Option<String>,
    /// The person's e-mail address; keys have none.
    email: Option<String>,
    /// The person's telephone number.
    phone: Option<String>,
    /// `active`, or `requested` and `declined` for an account that is not granted; keys have none.
    status: Option<&'static str>,
}

/// Who the caller is.
#[utoipa::path(get, path = "/api/v1/me", tag = "sessions", responses((status = 200, body = Me), Refused))]
async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Problem> {
    let (shop, account) = (caller.shop.as_str(), caller.actor.account);
    let ask = |account: &Account| (account.details(), account.email(), account.status());
    let (details, email, status) = app.commands.peek::<Account, _>(shop, &account.to_string(), ask).await?.value;
    let (name, phone) = (details.map(|of| of.name.digest), details.and_then(|of| of.phone).map(|phone| phone.digest));
    let email = email.map(|email| email.digest);
    let clear = names::open(&app, shop, [name, phone, email].into_iter().flatten()).await?;
    Ok(Json(Me {
        shop: shop.to_owned(),
        account: account.0,
        role: caller.actor.role.to_string(),
        institutions: caller.actor.institutions.iter().map(|institution| institution.0).collect(),
        status: status.map(AccountStatus::as_str),
        name: name.and_then(|name| clear.text(name)),
        email: email.and_then(|email| clear.text(email)),
        phone: phone.and_then(|phone| clear.text(phone)),
    }))
}

/// A password set by a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    /// The link's token.
    token: String,
    /// The new password, 10 to 200 characters.
    password: String,
}

/// Sets a password by a single-use link; the account's sessions end.
#[utoipa::path(post, path = "/api/v1/passwords", tag = "sessions", security(()), request_body = PasswordBody,
    responses((status = 204, description = "Set"), Refused))]
async fn set_password(State(app): State<App>, peer: Peer, request: Request<Body>) -> Result<StatusCode, Problem> {
    peer.check(&app)?;
    let body: PasswordBody = read_body(request).await?;
    check_new_password(&body.password, &Avoided::default())?;
    let gone = Problem::new(StatusCode::GONE, "link-gone");
    let token = auth::token_hash(&body.token);
    let now = app.clock.micros();
    // Looked at first, so that a dead link costs no hashing.
    let found = app.store.find_reset_link(&token).await?.filter(|link| !link.used && link.expires_at > now);
    let Some(link) = found else { return Err(gone) };
    let shop: ShopCode = link.ledger.parse().map_err(|error| Problem::internal(&error))?;
    check_new_password(&body.password, &Avoided::account(&app, &shop, link.account.into()).await?)?;
    let hash = app.passwords.hash(body.password).await?;
    match app.store.use_reset_link(&token, now, &hash).await? {
        ResetUse::Done { .. } => Ok(StatusCode::NO_CONTENT),
        ResetUse::UsedOrExpired => Err(gone),
    }
}
