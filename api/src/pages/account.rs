//! *Mon compte client*: who I am here, and my password.

mod privacy;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_projections::Scope;
use serde::Deserialize;

use super::{
    cookies::Cookie,
    doors::{Pages, Who},
    field::{Field, Form, Told, refuse},
    frame::Frame,
    notice::Notice,
    password::check_confirmation,
    redirect::SeeOther,
    signed_in::SignedIn,
};
use crate::{app::App, auth, problem::Problem};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/account", Who::PEOPLE, show)
        .post("/account/password", Who::PEOPLE, change_password)
        .with(privacy::pages)
}

/// Most institutions that the page names.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    email: Option<String>,
    institutions: Vec<String>,
    told: Option<Told>,
    current: Field,
    password: Field,
    confirmation: Field,
}

impl AccountPage {
    async fn new(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        let frame = Frame::of(signed_in);
        let scope = Scope::Institutions(signed_in.caller.actor.institutions.clone());
        let page = app.projections.institutions().list(signed_in.shop(), &scope, true, MOST, None).await?;
        Ok(Self {
            email: signed_in.email.clone(),
            institutions: page.items.into_iter().map(|row| row.known.profile.name).collect(),
            told: None,
            current: Field::password("current", frame.t("password-current"), "current-password"),
            password: Field::password("password", frame.t("password-new"), "new-password")
                .hinting(frame.t("password-hint")),
            confirmation: Field::password("confirmation", frame.t("password-confirmation"), "new-password"),
            frame,
        })
    }
}

async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let page = AccountPage::new(&app, &signed_in).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// A new password, and the one before it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeForm {
    current: String,
    password: String,
    confirmation: String,
}

async fn change_password(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<ChangeForm>,
) -> Result<Response, Problem> {
    match change(&app, &signed_in, sent).await {
        Ok(token) => Ok(SeeOther::to("/account", signed_in.reader.transport)
            .keeping(Cookie::Session, &token)
            .saying(Notice::PasswordChanged)
            .into_response()),
        Err(problem) => {
            let mut page = AccountPage::new(&app, &signed_in).await?;
            let frame = page.frame.clone();
            let mut fields = [&mut page.current, &mut page.password, &mut page.confirmation];
            let usual = (problem.slug == "wrong-password").then_some("current");
            page.told = refuse(&frame, &mut fields, usual, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

/// Changes it, and gives this browser a new session: all others have ended.
async fn change(app: &App, signed_in: &SignedIn, sent: ChangeForm) -> Result<String, Problem> {
    check_confirmation(&sent.password, &sent.confirmation)?;
    let caller = &signed_in.caller;
    auth::change_password(app, caller, &sent.current, sent.password).await?;
    Ok(auth::open_session(app, &caller.shop, caller.actor.account, caller.session).await?.token)
}
