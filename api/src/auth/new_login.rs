//! An address is shown to be one's own by a link: another login, which it is only then, or the one with which an account was
//! asked for.

use axum::http::StatusCode;
use bordereau_commands::{AccountRequest, Envelope, token_hash};
use bordereau_domain::{AccountId, Actor, Digest, Role, account::Account};
use bordereau_store::{NewPendingEmail, PendingEmail};

use uuid::Uuid;

use crate::{app::App, problem::Problem};

const GONE: Problem = Problem::new(StatusCode::GONE, "link-gone");

/// What a link shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginLink {
    /// A new address is its person's.
    New(PendingEmail),
    /// The address with which an account was asked for is: ledger and account.
    Asked(String, Uuid),
}

/// What waits for just this link. Looking does not use the link up.
///
/// # Errors
/// 410 `link-gone`.
pub async fn check_login_link(app: &App, token: &str) -> Result<LoginLink, Problem> {
    let hash = token_hash(token);
    let found = app.store.find_pending_email_by_link(&hash).await?;
    if let Some(found) = found.filter(|found| found.pending.expires_at > app.clock.micros()) {
        return Ok(LoginLink::New(found));
    }
    let asked = app.store.find_proof_link(&hash).await?;
    asked.map(|(ledger, account)| LoginLink::Asked(ledger, account)).ok_or(GONE)
}

/// Makes the address the login, by a single-use link, or notes that the one there is belongs to its person; links that were
/// sent to a former one are dead.
///
/// # Errors
/// 410 `link-gone`; 409 when the address has been taken meanwhile.
pub async fn confirm_login(app: &App, token: &str, channel: &'static str) -> Result<(), Problem> {
    let PendingEmail { ledger, pending } = match check_login_link(app, token).await? {
        LoginLink::New(pending) => pending,
        LoginLink::Asked(..) => {
            let used = app.store.use_proof_link(&token_hash(token)).await?;
            return used.then_some(()).ok_or(GONE);
        }
    };
    let NewPendingEmail { account, digest, claim, .. } = pending;
    let actor = actor_of(app, &ledger, account.into()).await?.ok_or(GONE)?;
    let shop = ledger.parse().map_err(|error| Problem::internal(&error))?;
    let envelope = Envelope::new(shop, actor, app.clock.now(), channel);
    app.execute(envelope, account, AccountRequest::ConfirmEmail { digest: Digest(digest), claim }).await?;
    Ok(app.store.prove_login(&ledger, account).await?)
}

/// An account's person, unless the account is closed.
async fn actor_of(app: &App, shop: &str, account: AccountId) -> Result<Option<Actor>, Problem> {
    let ask = |state: &Account| match (state.opened(), state.ungranted()) {
        (Some(opened), _) if opened.active => Some((opened.role, opened.institutions.clone())),
        (None, Some(_)) => Some((Role::Requester, Vec::new())),
        (Some(_) | None, _) => None,
    };
    let found = app.commands.peek::<Account, _>(shop, &account.to_string(), ask).await?.value;
    Ok(found.map(|(role, institutions)| Actor::new(account, role, institutions)))
}
