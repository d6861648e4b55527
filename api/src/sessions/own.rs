//! One's own sessions: what is open where, and ending it. In another's place they are one's own all the same.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::App,
    auth,
    extract::{Caller, Command, Nothing},
    form,
    openapi::Refused,
    problem::Problem,
};

/// The caller's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// The oldest first.
    items: Vec<OwnSession>,
}

/// One of the caller's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSession {
    /// Names it, to end it.
    pub id: Uuid,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
    /// The account in whose place it acts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
}

/// The caller's sessions.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "sessions",
    responses((status = 200, body = Sessions), Refused))]
pub async fn index(State(app): State<App>, caller: Caller) -> Result<Json<Sessions>, Problem> {
    Ok(Json(Sessions { items: list_own(&app, &caller).await? }))
}

/// A caller's sessions, the oldest first.
///
/// # Errors
/// 403 for keys; 503.
pub async fn list_own(app: &App, caller: &Caller) -> Result<Vec<OwnSession>, Problem> {
    let current = caller.session.ok_or_else(Problem::role_may_not)?;
    let (shop, account) = (caller.shop.as_str(), caller.actor.account.0);
    let now = app.clock.micros();
    let open = app.store.list_sessions(shop, account, now, auth::seen_after(app)).await?;
    let time = |micros| DateTime::from_timestamp_micros(micros).unwrap_or_default();
    let items = open.into_iter().map(|session| OwnSession {
        id: session.id,
        created_at: time(session.created_at),
        last_seen_at: time(session.last_seen_at),
        expires_at: time(session.expires_at),
        current: session.token_hash == current,
        on_behalf_of: session.on_behalf_of,
    });
    Ok(items.collect())
}

/// Ends every session of the caller's but the one that asks.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "sessions",
    responses((status = 204, description = "Ended"), Refused))]
pub async fn end_others(State(app): State<App>, command: Command<Nothing>) -> Result<StatusCode, Problem> {
    end_own_others(&app, &command.caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session of a caller's but the one that asks.
///
/// # Errors
/// 403 for keys; 503.
pub async fn end_own_others(app: &App, caller: &Caller) -> Result<(), Problem> {
    let current = caller.session.ok_or_else(Problem::role_may_not)?;
    app.store.end_other_sessions(caller.shop.as_str(), caller.actor.account.0, &current).await?;
    Ok(())
}

/// Ends one of the caller's sessions.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "sessions", params(("id", description = "The session")),
    responses((status = 204, description = "Ended"), Refused))]
pub async fn end(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<Nothing>,
) -> Result<StatusCode, Problem> {
    // A key has no sessions, whatever it names.
    if command.caller.session.is_none() {
        return Err(Problem::role_may_not());
    }
    let ended = end_own(&app, &command.caller, form::id(&id)?).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// Ends one of a caller's sessions; whether it was there.
///
/// # Errors
/// 503.
pub async fn end_own(app: &App, caller: &Caller, id: Uuid) -> Result<bool, Problem> {
    Ok(app.store.end_session_by_id(caller.shop.as_str(), caller.actor.account.0, id).await?)
}
