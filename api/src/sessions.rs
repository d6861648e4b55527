//! Sign-in, sign-out, who am I, and passwords by link.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    Json,
    body::Body,
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use bordereau_domain::{ShopCode, account::Account};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    auth,
    extract::{Caller, Command, Nothing, read_body},
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

/// The address a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(IpAddr);

impl FromRequestParts<App> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(info.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())))
    }
}

impl Peer {
    /// Bounds what one address may try.
    ///
    /// # Errors
    /// 429.
    pub fn check(&self, app: &App) -> Result<(), Problem> {
        let busy = || Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").arg("seconds", 1);
        app.sign_in_limits.check_key(&self.0).map_err(|_| Problem { retry_after: Some(1), ..busy() })
    }
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
}

/// Who the caller is.
#[utoipa::path(get, path = "/api/v1/me", tag = "sessions", responses((status = 200, body = Me), Refused))]
async fn me(State(app): State<App>, caller: Caller) -> Result<Json<Me>, Problem> {
    let (shop, account) = (caller.shop.as_str(), caller.actor.account);
    let ask = |account: &Account| account.opened().map(|opened| (opened.name.digest, opened.email.digest));
    let digests = app.commands.peek::<Account, _>(shop, &account.to_string(), ask).await?.value;
    let clear = names::open(&app, shop, digests.iter().flat_map(|(name, email)| [*name, *email])).await?;
    Ok(Json(Me {
        shop: shop.to_owned(),
        account: account.0,
        role: caller.actor.role.to_string(),
        institutions: caller.actor.institutions.iter().map(|institution| institution.0).collect(),
        name: digests.and_then(|(name, _)| clear.text(name)),
        email: digests.and_then(|(_, email)| clear.text(email)),
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
    auth::use_link(&app, &body.token, body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
