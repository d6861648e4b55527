//! A password by a link: the first one, or a forgotten one.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;

use super::{
    doors::{Pages, Who},
    field::{Field, Form, Told, refuse},
    frame::Frame,
    link::{behind, secret},
    notice::Notice,
    reader::Reader,
    redirect::SeeOther,
    transport::Transport,
};
use crate::{app::App, auth, extract::Peer, problem::Problem};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/password/forgotten", Who::Everybody, show_forgotten)
        .post("/password/forgotten", Who::Everybody, forgotten)
        .get("/password/{token}", Who::Everybody, show)
        .post("/password/{token}", Who::Everybody, set)
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordPage {
    frame: Frame,
    told: Option<Told>,
    password: Field,
    confirmation: Field,
    /// Whether a password may be sent at all.
    open: bool,
}

impl PasswordPage {
    fn new(reader: &Reader) -> Self {
        let frame = Frame::open(reader);
        Self {
            told: None,
            password: Field::password("password", frame.t("password-new"), "new-password")
                .hinting(frame.t("password-hint"))
                .focused(),
            confirmation: Field::password("confirmation", frame.t("password-confirmation"), "new-password"),
            open: reader.transport != Transport::Clear,
            frame,
        }
    }
}

async fn show(
    State(app): State<App>,
    reader: Reader,
    peer: Peer,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let page = || {
        let page = PasswordPage::new(&reader);
        page.frame.answer(StatusCode::OK, &page)
    };
    behind(&app, peer, auth::check_link(&app, &token), page).await
}

/// A new password, typed twice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordForm {
    password: String,
    confirmation: String,
}

async fn set(
    State(app): State<App>,
    reader: Reader,
    peer: Peer,
    Path(token): Path<String>,
    Form(sent): Form<PasswordForm>,
) -> Response {
    match try_set(&app, &reader, peer, &token, sent).await {
        Ok(()) => SeeOther::to("/sign-in", reader.transport).saying(Notice::PasswordSet).into_response(),
        Err(problem) if problem.status == StatusCode::GONE => problem.into_response(),
        Err(problem) => {
            let mut page = PasswordPage::new(&reader);
            let frame = page.frame.clone();
            page.told = refuse(&frame, &mut [&mut page.password, &mut page.confirmation], None, &problem);
            secret(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_set(app: &App, reader: &Reader, peer: Peer, token: &str, sent: PasswordForm) -> Result<(), Problem> {
    if reader.transport == Transport::Clear {
        return Err(Problem::new(StatusCode::FORBIDDEN, "clear-connection"));
    }
    peer.check_links(app)?;
    check_confirmation(&sent.password, &sent.confirmation)?;
    auth::use_link(app, token, sent.password).await
}

#[derive(Template)]
#[template(path = "forgotten.html")]
struct ForgottenPage {
    frame: Frame,
    email: Field,
}

async fn show_forgotten(reader: Reader) -> Response {
    let frame = Frame::open(&reader);
    let page = ForgottenPage { email: Field::login("email", frame.t("sign-in-email")).focused(), frame };
    page.frame.answer(StatusCode::OK, &page)
}

/// Whose password was forgotten.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ForgottenForm {
    email: String,
}

/// The same answer whether the address is known or not.
async fn forgotten(
    State(app): State<App>,
    reader: Reader,
    peer: Peer,
    Form(sent): Form<ForgottenForm>,
) -> Result<SeeOther, Problem> {
    peer.check_links(&app)?;
    auth::ask_for_link(&app, &sent.email, None).await?;
    Ok(SeeOther::to("/sign-in", reader.transport).saying(Notice::LinkAsked))
}

/// Typed twice alike.
///
/// # Errors
/// 422 about the confirmation.
pub fn check_confirmation(password: &str, confirmation: &str) -> Result<(), Problem> {
    if password == confirmation { Ok(()) } else { Err(Problem::invalid("confirmation-differs", "confirmation")) }
}
