//! Signing in: the same answer, after the same time, whether the address is unknown, the password wrong or the account
//! locked.

use axum::http::StatusCode;
use bordereau_commands::{EMAIL_CLAIM, fold_email};
use bordereau_domain::{
    AccountId, InstitutionId, Role, ShopCode,
    account::{Account, OpenedAccount},
};
use bordereau_store::{LockPolicy, NewSession};
use chrono::{DateTime, TimeDelta, Utc};

use super::tokens::{new_token, token_hash};
use crate::{app::App, problem::Problem};

/// A new session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The token, told once.
    pub token: String,
    /// The shop.
    pub shop: ShopCode,
    /// The account.
    pub account: AccountId,
    /// Its role.
    pub role: Role,
    /// Its institutions.
    pub institutions: Vec<InstitutionId>,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
}

const INVALID: Problem = Problem::new(StatusCode::UNAUTHORIZED, "invalid-credentials");

/// Opens a session. Without `shop` the password is tried in each shop that knows the address.
///
/// # Errors
/// 401 `invalid-credentials`; 403 `account-inactive` with the right password; 409 `choose-shop` when several fit.
pub async fn sign_in(app: &App, email: &str, password: &str, shop: Option<&ShopCode>) -> Result<SignedIn, Problem> {
    let candidates = find_candidates(app, &fold_email(email), shop).await?;
    if candidates.is_empty() {
        app.passwords.verify(password.to_owned(), None).await?;
        return Err(INVALID);
    }
    let mut fitting = Vec::new();
    for (shop, account) in candidates {
        if fits(app, &shop, account, password).await? {
            fitting.push((shop, account));
        }
    }
    match fitting.as_slice() {
        [] => Err(INVALID),
        [(shop, account)] => open_session(app, shop, *account).await,
        several => {
            let shops: Vec<_> = several.iter().map(|(shop, _)| shop.to_string()).collect();
            Err(Problem::new(StatusCode::CONFLICT, "choose-shop").member("shops", shops))
        }
    }
}

/// The accounts of an address, folded, in one shop or in all.
pub(super) async fn find_candidates(
    app: &App,
    email: &str,
    shop: Option<&ShopCode>,
) -> Result<Vec<(ShopCode, AccountId)>, Problem> {
    let found = match shop {
        Some(shop) => {
            let value = app.store.blind_index(shop.as_str(), EMAIL_CLAIM, email);
            let holder = app.store.find_claim(shop.as_str(), EMAIL_CLAIM, &value).await?;
            holder.map(|holder| (shop.to_string(), holder)).into_iter().collect()
        }
        None => app.store.find_claim_everywhere(EMAIL_CLAIM, email).await?,
    };
    found
        .into_iter()
        .map(|(shop, holder)| {
            let shop = shop.parse().map_err(|error| Problem::internal(&error))?;
            Ok((shop, holder.parse().map_err(|error| Problem::internal(&error))?))
        })
        .collect()
}

/// Whether the password fits an account that is not locked. A failure is counted, a success forgets them.
async fn fits(app: &App, shop: &ShopCode, account: AccountId, password: &str) -> Result<bool, Problem> {
    let now = app.clock.micros();
    let credential = app.store.find_credential(shop.as_str(), account.0).await?;
    let locked = credential.as_ref().and_then(|c| c.locked_until).is_some_and(|until| until > now);
    let failed_before = credential.as_ref().is_some_and(|c| !c.failures.is_empty());
    let hash = credential.and_then(|credential| credential.password_hash);
    let right = app.passwords.verify(password.to_owned(), hash).await?;
    if locked {
        return Ok(false);
    }
    if !right {
        app.store.record_sign_in_failure(shop.as_str(), account.0, now, LockPolicy::USUAL).await?;
    } else if failed_before {
        app.store.clear_failures(shop.as_str(), account.0).await?;
    }
    Ok(right)
}

/// Opens a session for an account whose owner has shown who he is.
///
/// # Errors
/// 403 `account-inactive`.
pub async fn open_session(app: &App, shop: &ShopCode, account: AccountId) -> Result<SignedIn, Problem> {
    let ask = |account: &Account| account.opened().cloned();
    let opened = app.commands.peek::<Account, _>(shop.as_str(), &account.to_string(), ask).await?.value;
    let Some(OpenedAccount { role, institutions, active, .. }) = opened else { return Err(INVALID) };
    if !active {
        return Err(Problem::new(StatusCode::FORBIDDEN, "account-inactive"));
    }
    let token = new_token().map_err(|error| Problem::internal(&error))?;
    let now = app.clock.now();
    let expires_at = now + TimeDelta::hours(i64::from(app.settings.session_hours));
    let session = NewSession {
        token_hash: token_hash(&token),
        ledger: shop.to_string(),
        account: account.0,
        role: role.to_string(),
        institutions: institutions.iter().map(|institution| institution.0).collect(),
        created_at: now.timestamp_micros(),
        expires_at: expires_at.timestamp_micros(),
    };
    app.store.create_session(session).await?;
    Ok(SignedIn { token, shop: shop.clone(), account, role, institutions, expires_at })
}
