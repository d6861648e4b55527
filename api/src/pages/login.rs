//! Another login, by the link that was sent to the new address.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    doors::{Pages, Who},
    frame::Frame,
    link::behind,
    notice::Notice,
    reader::Reader,
    redirect::SeeOther,
};
use crate::{app::App, auth, extract::Peer, problem::Problem};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/email/{token}", Who::Everybody, show).post("/email/{token}", Who::Everybody, confirm)
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
}

async fn show(
    State(app): State<App>,
    reader: Reader,
    peer: Peer,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let page = || {
        let page = LoginPage { frame: Frame::open(&reader) };
        page.frame.answer(StatusCode::OK, &page)
    };
    behind(&app, peer, auth::check_login_link(&app, &token), page).await
}

async fn confirm(
    State(app): State<App>,
    reader: Reader,
    peer: Peer,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    peer.check_links(&app)?;
    auth::confirm_login(&app, &token, "page").await?;
    Ok(SeeOther::to("/sign-in", reader.transport).saying(Notice::LoginConfirmed).into_response())
}
