//! The end of an account and of what is known of its person, by the bookshop for him.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};

use super::{
    super::{
        field::{Choice, Field},
        frame::Frame,
        notice::Notice,
        redirect::SeeOther,
        sent::Sent,
        signed_in::SignedIn,
    },
    detail::{AccountPage, Part},
};
use crate::{
    app::App,
    extract::Answered,
    form,
    privacy::{ReasonName, erase_other},
    problem::Problem,
};

/// Why: a word of the list, the usual one chosen.
pub fn reason_field(frame: &Frame) -> Field {
    let words = |reason: ReasonName| frame.t(&format!("account-erase-{}", reason.as_str()));
    let choices = ReasonName::ALL.map(|reason| Choice::new(reason.as_str(), words(reason)));
    let usual = ReasonName::default().as_str().to_owned();
    Field::select("reason", frame.t("account-erase-reason"), choices.into()).within("erase").choosing(&[usual])
}

/// Erases it and leads back to the list.
pub async fn erase(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    match try_erase(&app, &signed_in, &id, &sent).await {
        Ok(done) => Ok(SeeOther::to("/accounts", signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::PersonErased)
            .into_response()),
        Err(problem) => Ok(AccountPage::read(&app, &signed_in, &id).await?.refused(&problem, Part::Erase, &sent)),
    }
}

async fn try_erase(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&["reason"])?;
    let reason = ReasonName::ALL.into_iter().find(|reason| reason.as_str() == sent.text("reason"));
    let reason = reason.ok_or_else(|| Problem::invalid("not-chosen", "reason"))?;
    erase_other(app, &signed_in.caller, signed_in.envelope(app), form::id(id)?, reason).await
}
