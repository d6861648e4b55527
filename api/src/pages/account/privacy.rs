//! *Mes données*: what is known of me as a file, and the end of my account.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_domain::account::Account;
use serde::Deserialize;

use crate::{
    app::App,
    pages::{
        cookies::Cookie,
        doors::{Pages, Who},
        field::{Field, Form, Told, refuse},
        frame::Frame,
        notice::Notice,
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    privacy::{erase_oneself, export_oneself},
    problem::Problem,
};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/account/privacy", Who::PEOPLE, show).get("/account/privacy/data", Who::PEOPLE, download).post(
        "/account/privacy/erase",
        Who::PEOPLE,
        erase,
    )
}

#[derive(Template)]
#[template(path = "account_privacy.html")]
struct PrivacyPage {
    frame: Frame,
    told: Option<Told>,
    /// Whether the reader is himself: in another's place there is nothing to do here.
    himself: bool,
    current: Field,
    code: Option<Field>,
}

impl PrivacyPage {
    async fn new(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        let frame = Frame::of(signed_in);
        let actor = &signed_in.caller.actor;
        let ask = |account: &Account| account.opened().is_some_and(|opened| opened.second_factor);
        let demanded = app.commands.peek::<Account, _>(signed_in.shop(), &actor.account.to_string(), ask).await?.value;
        let code = || Field {
            autocomplete: "one-time-code",
            ..Field::text("code", frame.t("privacy-code")).hinting(frame.t("privacy-code-hint"))
        };
        Ok(Self {
            told: None,
            himself: actor.on_behalf_of.is_none(),
            current: Field::password("current", frame.t("password-current"), "current-password"),
            code: demanded.then(code),
            frame,
        })
    }

    /// Whether he has tried: then the form stays open.
    fn is_begun(&self) -> bool {
        let wrong = self.code.iter().chain([&self.current]).any(|field| field.error.is_some());
        self.told.is_some() || wrong
    }
}

async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let page = PrivacyPage::new(&app, &signed_in).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

async fn download(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    export_oneself(&app, &signed_in.caller, signed_in.reader.language).await
}

/// The end of an account, and proof of who asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EraseForm {
    current: String,
    code: Option<String>,
}

async fn erase(State(app): State<App>, signed_in: SignedIn, Form(sent): Form<EraseForm>) -> Result<Response, Problem> {
    let envelope = signed_in.envelope(&app);
    match erase_oneself(&app, &signed_in.caller, envelope, &sent.current, sent.code.as_deref()).await {
        Ok(_) => Ok(SeeOther::to("/sign-in", signed_in.reader.transport)
            .forgetting(Cookie::Session)
            .forgetting(Cookie::Position)
            .saying(Notice::AccountErased)
            .into_response()),
        Err(problem) => {
            let mut page = PrivacyPage::new(&app, &signed_in).await?;
            let frame = page.frame.clone();
            let usual = match problem.slug {
                "wrong-password" => Some("current"),
                "second-factor-required" | "second-factor-wrong" => Some("code"),
                _ => None,
            };
            let mut fields: Vec<_> = [&mut page.current].into_iter().chain(page.code.as_mut()).collect();
            page.told = refuse(&frame, &mut fields, usual, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}
