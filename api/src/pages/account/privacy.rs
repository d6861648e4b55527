//! *Mes données*: what is known of me as a file, the end of my B2B account (B15), and the end of my account.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_domain::{
    Context, Decider,
    account::{Account, AccountCommand, AccountStatus},
};
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
    privacy::{delete_organisation, erase_oneself, export_oneself},
    problem::Problem,
};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/account/privacy", Who::PEOPLE, show)
        .get("/account/privacy/data", Who::PEOPLE, download)
        .post("/account/privacy/organisation", Who::PEOPLE, leave)
        .post("/account/privacy/erase", Who::PEOPLE, erase)
}

/// What shows that it is oneself, in one of the forms.
struct Proof {
    current: Field,
    code: Option<Field>,
}

impl Proof {
    fn new(frame: &Frame, within: &'static str, demanded: bool) -> Self {
        let code = || Field {
            autocomplete: "one-time-code",
            ..Field::text("code", frame.t("privacy-code")).hinting(frame.t("privacy-code-hint"))
        };
        let current = Field::password("current", frame.t("password-current"), "current-password");
        Self { current: current.within(within), code: demanded.then(|| code().within(within)) }
    }

    /// Whether he has tried: then the form stays open.
    fn is_begun(&self) -> bool {
        self.code.iter().chain([&self.current]).any(|field| field.error.is_some())
    }

    /// Puts a refusal beside the field that it is about; what is left to be told above.
    fn refuse(&mut self, frame: &Frame, problem: &Problem) -> Option<Told> {
        let usual = match problem.slug {
            "wrong-password" => Some("current"),
            "second-factor-required" | "second-factor-wrong" => Some("code"),
            _ => None,
        };
        let mut fields: Vec<_> = [&mut self.current].into_iter().chain(self.code.as_mut()).collect();
        refuse(frame, &mut fields, usual, problem)
    }
}

#[derive(Template)]
#[template(path = "account_privacy.html")]
struct PrivacyPage {
    frame: Frame,
    told: Option<Told>,
    /// Whether the reader is himself: in another's place there is nothing to do here.
    himself: bool,
    /// The end of his B2B account, where he has one.
    leaving: Option<Proof>,
    erasing: Proof,
}

impl PrivacyPage {
    async fn new(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        let frame = Frame::of(signed_in);
        let actor = &signed_in.caller.actor;
        let context = Context::new(actor.clone(), app.clock.now());
        let ask = |account: &Account| {
            let ends = account.may(&AccountCommand::DeleteOrganisation, &context).is_ok();
            let is_left = account.status() == Some(AccountStatus::Private) && account.about().is_empty();
            (account.demands_second_factor(), ends && !is_left)
        };
        let found = app.commands.peek::<Account, _>(signed_in.shop(), &actor.account.to_string(), ask).await?;
        let (demanded, ends) = found.value;
        Ok(Self {
            told: None,
            himself: actor.on_behalf_of.is_none(),
            leaving: ends.then(|| Proof::new(&frame, "leave", demanded)),
            erasing: Proof::new(&frame, "erase", demanded),
            frame,
        })
    }
}

async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let page = PrivacyPage::new(&app, &signed_in).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

async fn download(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    export_oneself(&app, &signed_in.caller, signed_in.reader.language).await
}

/// Proof of who asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofForm {
    current: String,
    code: Option<String>,
}

/// The end of a B2B account; its person stays signed in.
async fn leave(State(app): State<App>, signed_in: SignedIn, Form(sent): Form<ProofForm>) -> Result<Response, Problem> {
    let (caller, envelope) = (&signed_in.caller, signed_in.envelope(&app));
    match delete_organisation(&app, caller, envelope, &sent.current, sent.code.as_deref()).await {
        Ok(done) => Ok(SeeOther::to("/", signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::OrganisationDeleted)
            .into_response()),
        Err(problem) => {
            let mut page = PrivacyPage::new(&app, &signed_in).await?;
            let frame = page.frame.clone();
            let Some(proof) = page.leaving.as_mut() else { return Err(problem) };
            page.told = proof.refuse(&frame, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

/// The end of an account.
async fn erase(State(app): State<App>, signed_in: SignedIn, Form(sent): Form<ProofForm>) -> Result<Response, Problem> {
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
            page.told = page.erasing.refuse(&frame, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}
