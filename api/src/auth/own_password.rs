//! Setting a password: by a link, or by the one before it.

use axum::http::StatusCode;
use bordereau_store::{LockPolicy, ResetUse};

use super::{
    passwords::{MAX_CHARS, MIN_CHARS},
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
/// 422 `password-length`, 403 `wrong-password`.
pub async fn change_password(app: &App, caller: &Caller, current: &str, password: String) -> Result<(), Problem> {
    check_length(&password)?;
    let (shop, account) = (caller.shop.as_str(), caller.actor.account.0);
    let now = app.clock.micros();
    let credential = app.store.find_credential(shop, account).await?;
    let locked = credential.as_ref().and_then(|kept| kept.locked_until).is_some_and(|until| until > now);
    let kept = credential.and_then(|kept| kept.password_hash);
    let right = app.passwords.verify(current.to_owned(), kept).await?;
    if locked || !right {
        if !locked {
            app.store.record_sign_in_failure(shop, account, now, LockPolicy::USUAL).await?;
        }
        return Err(Problem::new(StatusCode::FORBIDDEN, "wrong-password").member("field", "current"));
    }
    let hash = app.passwords.hash(password).await?;
    app.store.set_password(shop, account, &hash).await?;
    Ok(())
}
