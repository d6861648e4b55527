//! Closing an account to its person and opening it again; links to a password; locks.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bordereau_commands::AccountRequest;
use bordereau_domain::AccountId;

use super::{
    super::{notice::Notice, redirect::SeeOther, sent::Sent, signed_in::SignedIn},
    detail::{AccountPage, Part, done},
};
use crate::{
    accounts::{send_link_to, unlock_of},
    app::App,
    extract::Answered,
    form,
    problem::Problem,
};

async fn execute(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    request: impl FnOnce(AccountId) -> AccountRequest,
) -> Result<Answered, Problem> {
    let account_id: AccountId = form::id(id)?;
    app.execute(signed_in.envelope(app), account_id, request(account_id)).await
}

/// Closes it to its person.
pub async fn deactivate(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let tried = execute(&app, &signed_in, &id, |account_id| AccountRequest::Deactivate { account_id }).await;
    done(&app, &signed_in, &id, tried, Notice::AccountClosed, (Part::None, &Sent::default())).await
}

/// Opens it to its person again.
pub async fn reactivate(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let tried = execute(&app, &signed_in, &id, |_| AccountRequest::Reactivate).await;
    done(&app, &signed_in, &id, tried, Notice::AccountReopened, (Part::None, &Sent::default())).await
}

/// Leads back after what is no event, or shows the refusal.
async fn without_event(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    tried: Result<(), Problem>,
    notice: Notice,
) -> Result<Response, Problem> {
    match tried {
        Ok(()) => {
            let lead = SeeOther::to(&format!("/accounts/{id}"), signed_in.reader.transport);
            Ok(lead.saying(notice).into_response())
        }
        Err(problem) => {
            let page = AccountPage::read(app, signed_in, id).await?;
            Ok(page.refused(&problem, Part::None, &Sent::default()))
        }
    }
}

/// Has a link mailed by which its person sets a password.
pub async fn send_link(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let tried = send_link_to(&app, &signed_in.caller, &id).await;
    without_event(&app, &signed_in, &id, tried, Notice::LinkSent).await
}

/// Lifts its lock.
pub async fn unlock(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let tried = unlock_of(&app, &signed_in.caller, &id).await;
    without_event(&app, &signed_in, &id, tried, Notice::AccountUnlocked).await
}
