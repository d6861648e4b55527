//! Setting a password: by a link, or by the one before it.

use axum::http::StatusCode;
use bordereau_commands::token_hash;
use bordereau_domain::ShopCode;
use bordereau_store::{Append, AppendError, Beside, NewCredential, ResetLink, ResetUse};

use super::{
    new_password::{Avoided, check_new_password},
    sign_in::{WRONG_PASSWORD, confirm_password},
};
use crate::{app::App, extract::Caller, problem::Problem};

const GONE: Problem = Problem::new(StatusCode::GONE, "link-gone");

/// A link that still sets a password. Looking does not use it up.
///
/// # Errors
/// 410 `link-gone`.
pub async fn check_link(app: &App, token: &str) -> Result<ResetLink, Problem> {
    let now = app.clock.micros();
    let found = app.store.find_reset_link(&token_hash(token)).await?;
    found.filter(|link| !link.used && link.expires_at > now).ok_or(GONE)
}

/// Sets a password by a single-use link; the account's sessions end.
///
/// # Errors
/// 422 `password-length` or `password-too-common`, 410 `link-gone`.
pub async fn use_link(app: &App, token: &str, password: String) -> Result<(), Problem> {
    check_new_password(&password, &Avoided::default())?;
    // Looked at first, so that a dead link costs no hashing.
    let link = check_link(app, token).await?;
    let shop: ShopCode = link.ledger.parse().map_err(|error| Problem::internal(&error))?;
    check_new_password(&password, &Avoided::account(app, &shop, link.account.into()).await?)?;
    let hash = app.passwords.hash(password).await?;
    match app.store.use_reset_link(&token_hash(token), app.clock.micros(), &hash).await? {
        ResetUse::Done { .. } => Ok(()),
        ResetUse::UsedOrExpired => Err(GONE),
    }
}

/// Changes the caller's own password; his other sessions end, as does a link that was sent. A wrong present password
/// counts as a failed sign-in.
///
/// # Errors
/// 403 `in-anothers-place` or `wrong-password`, 422 `password-length` or `password-too-common`.
pub async fn change_password(app: &App, caller: &Caller, current: &str, password: String) -> Result<(), Problem> {
    caller.must_be_himself()?;
    let account = caller.actor.account;
    let proof = confirm_password(app, caller, current).await?;
    check_new_password(&password, &Avoided::account(app, &caller.shop, account).await?)?;
    let password_hash = Some(app.passwords.hash(password).await?);
    let beside = vec![
        Beside::Proven(proof),
        Beside::Credential(NewCredential { account: account.0, password_hash, proven: false }),
        Beside::EndSessions { account: account.0, except: caller.session },
    ];
    let append = Append { ledger: caller.shop.to_string(), beside, ..Append::default() };
    match app.store.append(append).await {
        Ok(_) => Ok(()),
        // Another one was set while this one was looked at.
        Err(AppendError::Unproven) => Err(WRONG_PASSWORD),
        Err(error) => {
            tracing::warn!(%error, "a password was not set");
            Err(Problem::unavailable("store-unavailable"))
        }
    }
}
