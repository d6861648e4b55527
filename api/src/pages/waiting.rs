//! What somebody sees who signs in and acts for nobody: he waits (B08), was refused, or has no B2B account and may ask for
//! one (B14).

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use bordereau_domain::{
    Role,
    account::{Account, Standing, UngrantedAccount},
    personal::Message,
};
use serde::Deserialize;

use super::{
    doors::{Pages, Who},
    field::{Field, Form, Told, refuse},
    frame::Frame,
    notice::Notice,
    redirect::SeeOther,
    registration::organisation_fields_holding,
    signed_in::SignedIn,
};
use crate::{
    accounts::{is_open, organisation, request_again},
    app::App,
    extract::Answered,
    names,
    problem::Problem,
};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.post("/registration/again", Who::PEOPLE, ask_again)
}

/// What somebody sees who acts for nobody.
#[derive(Template)]
#[template(path = "waiting.html")]
pub struct WaitingPage {
    /// What surrounds it.
    pub frame: Frame,
    told: Option<Told>,
    standing: Standing,
    company: Option<String>,
    /// The bookshop's last word.
    message: Option<String>,
    /// Whether people ask for accounts themselves in this shop.
    open: bool,
    fields: [Field; 4],
}

impl WaitingPage {
    /// The page of somebody who acts for nobody; nothing for whoever has his account.
    ///
    /// # Errors
    /// 503 when the store is not to be reached.
    pub async fn find(app: &App, signed_in: &SignedIn) -> Result<Option<Self>, Problem> {
        let actor = &signed_in.caller.actor;
        // Whoever acts for an institution has his account: nothing to look up.
        if actor.role != Role::Requester || !actor.institutions.is_empty() {
            return Ok(None);
        }
        let (shop, own) = (signed_in.shop(), actor.account.to_string());
        let ask = |account: &Account| account.ungranted().cloned();
        let Some(account) = app.commands.peek::<Account, _>(shop, &own, ask).await?.value else { return Ok(None) };
        let UngrantedAccount { standing, message, registration, .. } = &account;
        let said = registration.as_ref().map(|said| said.digests().collect::<Vec<_>>()).unwrap_or_default();
        let clear = names::open(app, shop, said.into_iter().chain(message.map(|of| of.digest))).await?;
        let frame = Frame::of(signed_in);
        Ok(Some(Self {
            told: None,
            standing: *standing,
            fields: organisation_fields_holding(&frame, account.registration, &clear),
            company: registration.and_then(|said| clear.text(said.company.digest)),
            message: clear.field::<Message>(*message),
            open: is_open(app, &signed_in.caller.shop).await?,
            frame,
        }))
    }

    fn title(&self) -> String {
        self.frame.t(match self.standing {
            Standing::Requested => "waiting-title",
            Standing::Declined => "waiting-declined-title",
            Standing::Private => "waiting-private-title",
        })
    }

    fn lead(&self) -> String {
        self.frame.t(match self.standing {
            Standing::Requested => "waiting-lead",
            Standing::Declined | Standing::Private if !self.open => "registration-closed",
            Standing::Declined => "waiting-declined-lead",
            Standing::Private => "waiting-private-lead",
        })
    }

    const fn class(&self) -> &'static str {
        match self.standing {
            Standing::Requested => "state waiting",
            Standing::Declined | Standing::Private => "state ended",
        }
    }

    /// Whether something of the form was refused.
    fn refused(&self) -> bool {
        self.fields.iter().any(|field| field.error.is_some())
    }

    /// Whether the form stands open: whoever waits completes what he said only if something is missing.
    const fn must_ask(&self) -> bool {
        match self.standing {
            Standing::Requested => false,
            Standing::Declined | Standing::Private => true,
        }
    }

    /// What the form's button says; there is none where the bookshop opens accounts itself.
    fn asks(&self) -> Option<String> {
        let key = match self.standing {
            Standing::Requested => "waiting-complete",
            Standing::Declined => "waiting-again",
            Standing::Private => "registration-title",
        };
        self.open.then(|| self.frame.t(key))
    }
}

/// An organisation, told by somebody who has an account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgainForm {
    company: String,
    vat_number: String,
    #[serde(default)]
    chamber_number: String,
    #[serde(default)]
    department: String,
}

/// Asks with the account that one has.
async fn ask_again(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<AgainForm>,
) -> Result<Response, Problem> {
    match try_again(&app, &signed_in, &sent).await {
        Ok(done) => Ok(SeeOther::to("/", signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::RegistrationSent)
            .into_response()),
        Err(problem) => {
            let Some(mut page) = WaitingPage::find(&app, &signed_in).await? else { return Err(problem) };
            let frame = page.frame.clone();
            let typed = [sent.company, sent.vat_number, sent.chamber_number, sent.department];
            for (field, value) in page.fields.iter_mut().zip(typed) {
                field.value = value;
            }
            page.told = refuse(&frame, &mut page.fields.iter_mut().collect::<Vec<_>>(), None, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_again(app: &App, signed_in: &SignedIn, sent: &AgainForm) -> Result<Answered, Problem> {
    let organisation =
        organisation(&sent.company, &sent.vat_number, Some(&sent.chamber_number), Some(&sent.department))?;
    request_again(app, signed_in.envelope(app), signed_in.caller.actor.account, organisation).await
}
