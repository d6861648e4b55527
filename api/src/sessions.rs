//! Sign-in, sign-out, who am I, and passwords by link.

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bordereau_domain::{
    Digest, ShopCode,
    account::{Account, AccountStatus},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    auth::{self, Attempt, SignedIn},
    delegations::{Received, received},
    extract::{Command, Nothing, Peer, Reading, read_body, session_of},
    names::{self, Person},
    openapi::Refused,
    problem::Problem,
    reading::{asked_language, remember_language},
};

mod own;
mod place;

pub use own::{OwnSession, end_own, end_own_others, list_own};

/// The routes of sessions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in, own::index, own::end_others))
        .routes(routes!(sign_out))
        .routes(routes!(me))
        .routes(routes!(set_password))
        .routes(routes!(own::end))
        .routes(routes!(place::act_for, place::return_to_oneself))
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
    /// The second factor's code, or a recovery code, where the account demands one.
    code: Option<String>,
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
    /// The account in whose place it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<Uuid>,
    /// The role in which it acts.
    role: String,
    /// The institutions it acts for.
    institutions: Vec<Uuid>,
    /// When it ends.
    expires_at: DateTime<Utc>,
}

impl From<SignedIn> for Session {
    fn from(signed: SignedIn) -> Self {
        Self {
            token: signed.token,
            shop: signed.shop.to_string(),
            account: signed.account.0,
            on_behalf_of: signed.on_behalf_of.map(|other| other.0),
            role: signed.role.to_string(),
            institutions: signed.institutions.iter().map(|institution| institution.0).collect(),
            expires_at: signed.expires_at,
        }
    }
}

/// Tells a new session, once.
fn told(signed: SignedIn) -> Response {
    (StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(Session::from(signed))).into_response()
}

/// Opens a session. The one whose token comes with the request ends. Letters to this account are written in the language
/// of `Accept-Language` from now on, where one is asked for.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", security(()), request_body = SignInBody,
    responses((status = 201, body = Session), Refused))]
async fn sign_in(State(app): State<App>, peer: Peer, request: Request) -> Result<Response, Problem> {
    let replaces = session_of(request.headers());
    let language = asked_language(request.headers());
    let body: SignInBody = read_body(request).await?;
    let (email, password) = (body.email.as_str(), body.password.as_str());
    let attempt = Attempt { email, password, shop: body.shop.as_ref(), code: body.code.as_deref(), replaces };
    let signed = auth::sign_in(&app, peer, &attempt).await?;
    if let Some(language) = language {
        remember_language(&app, &signed.shop, signed.account, language).await;
    }
    Ok(told(signed))
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
    /// In whose place it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<Person>,
    /// The role in which it acts.
    role: String,
    /// The institutions it acts for.
    institutions: Vec<Uuid>,
    /// The person's name; keys have none.
    name: Option<String>,
    /// The person's e-mail address; keys have none.
    email: Option<String>,
    /// The telephone number of the person.
    phone: Option<String>,
    /// `active`, or `requested` and `declined` for an account that is not granted; keys have none.
    status: Option<&'static str>,
    /// Whether the sign-ins of the account demand a second factor.
    second_factor: bool,
    /// Whether the account may act in the place of the other accounts of its institutions.
    substitution: bool,
    /// Who lets the account act in his place, now or later; absent while that view is stopped or behind.
    #[serde(skip_serializing_if = "Option::is_none")]
    delegations: Option<Vec<Received>>,
}

/// What an account says of itself.
#[derive(Clone, Copy, Default)]
struct About {
    name: Option<Digest>,
    phone: Option<Digest>,
    email: Option<Digest>,
    status: Option<AccountStatus>,
    second_factor: bool,
    substitutes: bool,
}

fn about(account: &Account) -> About {
    let (details, opened) = (account.details(), account.opened());
    About {
        name: details.map(|of| of.name.digest),
        phone: details.and_then(|of| of.phone).map(|phone| phone.digest),
        email: account.email().map(|email| email.digest),
        status: account.status(),
        second_factor: account.demands_second_factor(),
        substitutes: opened.is_some_and(|opened| opened.substitutes),
    }
}

/// Who the caller is.
#[utoipa::path(get, path = "/api/v1/me", tag = "sessions", responses((status = 200, body = Me), Refused))]
async fn me(State(app): State<App>, reading: Reading) -> Result<Json<Me>, Problem> {
    let (shop, actor) = (reading.shop(), &reading.caller.actor);
    let own = app.commands.peek::<Account, _>(shop, &actor.account.to_string(), about).await?.value;
    let other = match actor.on_behalf_of {
        Some(other) => {
            Some((other, app.commands.peek::<Account, _>(shop, &other.to_string(), about).await?.value.name))
        }
        None => None,
    };
    let named = other.and_then(|(_, name)| name);
    let clear = names::open(&app, shop, [own.name, own.phone, own.email, named].into_iter().flatten()).await?;
    let text = |digest: Option<Digest>| digest.and_then(|digest| clear.text(digest));
    Ok(Json(Me {
        shop: shop.to_owned(),
        account: actor.account.0,
        on_behalf_of: other.map(|(id, name)| Person { id: id.0, name: text(name) }),
        role: actor.role.to_string(),
        institutions: actor.institutions.iter().map(|institution| institution.0).collect(),
        status: own.status.map(AccountStatus::as_str),
        name: text(own.name),
        email: text(own.email),
        phone: text(own.phone),
        second_factor: own.second_factor,
        substitution: own.substitutes,
        delegations: find_received(&app, &reading).await?,
    }))
}

/// What the caller was given, as far as it can be read now: who he is does not depend on it.
async fn find_received(app: &App, reading: &Reading) -> Result<Option<Vec<Received>>, Problem> {
    match received(app, reading).await {
        Ok(found) => Ok(Some(found)),
        Err(problem) if matches!(problem.slug, "view-stopped" | "view-behind") => Ok(None),
        Err(problem) => Err(problem),
    }
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
    peer.check_links(&app)?;
    let body: PasswordBody = read_body(request).await?;
    auth::use_link(&app, &body.token, body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
