//! Setting a password: by a link, or by the one before it.

use axum::http::StatusCode;
use bordereau_store::ResetUse;

use super::{
    passwords::{MAX_CHARS, MIN_CHARS},
    sign_in::confirm_password,
    tokens::token_hash,
};
use crate::{app::App, extract::Caller, problem::Problem};

const GONE: Problem = Problem::new(StatusCode::GONE, "link-gone");

fn check_length(password: &str) -> Result<(), Problem> {
    if (MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
        return Ok(());
    }
    Err(Problem::invalid("password-length", "password").arg("min", MIN_CHARS).arg("max", MAX_CHARS))
}

/// Whether a link still sets a password. Looking does not use it up.
///
/// # Errors
/// 410 `link-gone`.
pub async fn check_link(app: &App, token: &str) -> Result<(), Problem> {
    let now = app.clock.micros();
    let found = app.store.find_reset_link(&token_hash(token)).await?;
    if found.is_some_and(|link| !link.used && link.expires_at > now) { Ok(()) } else { Err(GONE) }
}

/// Sets a password by a single-use link; the account's sessions end.
///
/// # Errors
/// 422 `password-length`, 410 `link-gone`.
pub async fn use_link(app: &App, token: &str, password: String) -> Result<(), Problem> {
    check_length(&password)?;
    // Looked at first, so that a dead link costs no hashing.
    check_link(app, token).await?;
    let hash = app.passwords.hash(password).await?;
    match app.store.use_reset_link(&token_hash(token), app.clock.micros(), &hash).await? {
        ResetUse::Done { .. } => Ok(()),
        ResetUse::UsedOrExpired => Err(GONE),
    }
}

/// Changes the caller's own password; all his sessions end, this one too. A wrong present password counts as a failed
/// sign-in.
///
/// # Errors
/// 403 `in-anothers-place`, 422 `password-length`, 403 `wrong-password`.
pub async fn change_password(app: &App, caller: &Caller, current: &str, password: String) -> Result<(), Problem> {
    caller.must_be_himself()?;
    check_length(&password)?;
    confirm_password(app, &caller.shop, caller.actor.account, current).await?;
    let hash = app.passwords.hash(password).await?;
    app.store.set_password(caller.shop.as_str(), caller.actor.account.0, &hash).await?;
    Ok(())
}
