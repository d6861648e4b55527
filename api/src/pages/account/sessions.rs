//! Where I am signed in, and how to end it.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use uuid::Uuid;

use super::super::{field::Form, frame::Frame, notice::Notice, redirect::SeeOther, signed_in::SignedIn};
use crate::{
    app::App,
    problem::Problem,
    sessions::{OwnSession, end_own, end_own_others, list_own},
};

#[derive(Template)]
#[template(path = "account_sessions.html")]
struct SessionsPage {
    frame: Frame,
    sessions: Vec<OwnSession>,
}

/// The list.
pub async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let mut sessions = list_own(&app, &signed_in.caller).await?;
    sessions.sort_by_key(|session| (!session.current, std::cmp::Reverse(session.last_seen_at)));
    let page = SessionsPage { frame: Frame::of(&signed_in), sessions };
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Which session.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    id: Uuid,
}

/// Ends one; one that has ended meanwhile is no mistake of anybody's.
pub async fn end(State(app): State<App>, signed_in: SignedIn, Form(sent): Form<EndForm>) -> Result<SeeOther, Problem> {
    end_own(&app, &signed_in.caller, sent.id).await?;
    Ok(SeeOther::to("/account/sessions", signed_in.reader.transport).saying(Notice::SessionEnded))
}

/// Ends all but this one.
pub async fn end_others(State(app): State<App>, signed_in: SignedIn) -> Result<SeeOther, Problem> {
    end_own_others(&app, &signed_in.caller).await?;
    Ok(SeeOther::to("/account/sessions", signed_in.reader.transport).saying(Notice::SessionsEnded))
}
