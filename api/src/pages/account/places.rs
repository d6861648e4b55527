//! Acting in another's place (W13), and returning to one's own: each time a new cookie, and the old session is dead.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        cookies::Cookie,
        field::{Form, blank, refuse},
        notice::Notice,
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    delegations::DelegationsPage,
};
use crate::{accounts::find_by_email, app::App, auth, problem::Problem};

/// In whose place: an account, or an address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActForForm {
    #[serde(default, deserialize_with = "blank")]
    account_id: Option<Uuid>,
    #[serde(default)]
    other: String,
}

/// Replaces the session by one in another's place.
pub async fn act_for(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<ActForForm>,
) -> Result<Response, Problem> {
    match try_act_for(&app, &signed_in, &sent).await {
        Ok(token) => Ok(SeeOther::to("/", signed_in.reader.transport)
            .keeping(Cookie::Session, &token)
            .saying(Notice::ActingForAnother)
            .into_response()),
        Err(problem) => {
            let mut page = DelegationsPage::read(&app, &signed_in).await?;
            let frame = page.frame.clone();
            let usual = (problem.slug == "may-not-stand-in" && !sent.other.is_empty()).then_some("other");
            page.other.value = sent.other;
            page.told = refuse(&frame, &mut [&mut page.other], usual, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_act_for(app: &App, signed_in: &SignedIn, sent: &ActForForm) -> Result<String, Problem> {
    let other = match sent.account_id {
        Some(id) => Some(id.into()),
        None if sent.other.trim().is_empty() => {
            return Err(Problem::invalid("text-missing", "other").arg("field", "other"));
        }
        None => find_by_email(app, signed_in.shop(), &sent.other).await?,
    };
    // An address that nobody has is told like one of somebody in whose place he may not act.
    let other = other.unwrap_or_else(|| Uuid::nil().into());
    Ok(auth::act_for(app, &signed_in.caller, other).await?.token)
}

/// Replaces the session by one in one's own name.
pub async fn return_to_oneself(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let lead = SeeOther::to("/", signed_in.reader.transport);
    if signed_in.caller.actor.on_behalf_of.is_none() {
        return Ok(lead.into_response());
    }
    let token = auth::act_for_oneself(&app, &signed_in.caller).await?.token;
    Ok(lead.keeping(Cookie::Session, &token).saying(Notice::ActingForOneself).into_response())
}
