//! Who I am here: name, telephone number, login, password.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{AccountRequest, SentChange};
use bordereau_domain::{Digest, account::Account};
use bordereau_projections::{InstitutionRow, Scope};
use serde::Deserialize;
use uuid::Uuid;

use super::super::{
    cookies::Cookie,
    field::{Field, Form, Told, refuse},
    frame::Frame,
    institutions::state,
    notice::Notice,
    password::check_confirmation,
    redirect::SeeOther,
    signed_in::SignedIn,
};
use crate::{accounts, app::App, auth, extract::Answered, form, names, problem::Problem};

/// Most institutions that the page names: the rest stand in their list.
const MOST: usize = 20;

/// An institution for which he acts.
struct Client {
    id: Uuid,
    name: String,
    /// What hinders its baskets, where something does: shape and colour, and words.
    closed: Option<(&'static str, String)>,
    /// Whether two persons are demanded.
    two_persons: bool,
}

#[derive(Template)]
#[template(path = "account.html")]
struct ProfilePage {
    frame: Frame,
    email_now: Option<String>,
    institutions: Vec<Client>,
    /// How many more there are.
    more: u64,
    /// Whether he acts in his own name: only then these things are his to change.
    himself: bool,
    told: Option<Told>,
    name: Field,
    phone: Field,
    /// A new login that waits for its confirmation.
    pending: Option<String>,
    email: Field,
    current_password: Field,
    current: Field,
    password: Field,
    confirmation: Field,
}

impl ProfilePage {
    async fn read(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        let frame = Frame::of(signed_in);
        let scope = Scope::Institutions(signed_in.caller.actor.institutions.clone());
        let page = app.projections.institutions().list(signed_in.shop(), &scope, true, MOST, None).await?;
        let more = signed_in.caller.actor.institutions.len().saturating_sub(page.items.len()) as u64;
        let client = |row: InstitutionRow| Client {
            id: row.id.0,
            closed: (!row.known.standing().is_open()).then(|| state(&frame, &row.known)),
            two_persons: row.known.two_persons,
            name: row.known.profile.name,
        };
        let (phone, pending) = find_texts(app, signed_in).await?;
        let name = signed_in.name.clone().unwrap_or_default();
        let hint = frame.t("password-hint");
        Ok(Self {
            email_now: signed_in.email.clone(),
            institutions: page.items.into_iter().map(client).collect(),
            more,
            himself: signed_in.caller.actor.on_behalf_of.is_none(),
            told: None,
            name: Field { autocomplete: "name", ..Field::text("name", frame.t("account-name")).holding(name) },
            phone: Field { kind: "tel", autocomplete: "tel", ..Field::text("phone", frame.t("account-phone")) }
                .holding(phone.unwrap_or_default())
                .optional(),
            pending,
            email: Field { autocomplete: "email", ..Field::login("email", frame.t("account-new-email")) },
            current_password: Field::password("current_password", frame.t("password-current"), "current-password"),
            current: Field::password("current", frame.t("password-current"), "current-password"),
            password: Field::password("password", frame.t("password-new"), "new-password").hinting(hint),
            confirmation: Field::password("confirmation", frame.t("password-confirmation"), "new-password"),
            frame,
        })
    }

    fn refused(mut self, problem: &Problem) -> Response {
        let frame = self.frame.clone();
        let usual = (problem.slug == "wrong-password").then_some("current");
        let mut fields =
            [&mut self.name, &mut self.phone, &mut self.current, &mut self.password, &mut self.confirmation];
        self.told = refuse(&frame, &mut fields, usual, problem);
        frame.answer_refused(problem, &self)
    }
}

/// The telephone number, and the address that waits to be the login.
async fn find_texts(app: &App, signed_in: &SignedIn) -> Result<(Option<String>, Option<String>), Problem> {
    let (shop, account) = (signed_in.shop(), signed_in.caller.actor.account);
    let ask = |account: &Account| account.details().and_then(|details| details.phone).map(|phone| phone.digest);
    let phone = app.commands.peek::<Account, _>(shop, &account.to_string(), ask).await?.value;
    let pending = app.store.find_pending_email(shop, account.0).await?.map(|found| found.pending);
    let pending = pending.filter(|found| found.expires_at > app.clock.micros()).map(|found| Digest(found.digest));
    let clear = names::open(app, shop, phone.into_iter().chain(pending)).await?;
    Ok((phone.and_then(|digest| clear.text(digest)), pending.and_then(|digest| clear.text(digest))))
}

/// The page.
pub async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let page = ProfilePage::read(&app, &signed_in).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Name and telephone number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailsForm {
    name: String,
    #[serde(default)]
    phone: String,
}

/// Changes name and telephone number.
pub async fn change_details(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<DetailsForm>,
) -> Result<Response, Problem> {
    match try_details(&app, &signed_in, &sent).await {
        Ok(done) => Ok(SeeOther::to("/account", signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::DetailsChanged)
            .into_response()),
        Err(problem) => {
            let mut page = ProfilePage::read(&app, &signed_in).await?;
            (page.name.value, page.phone.value) = (sent.name, sent.phone);
            Ok(page.refused(&problem))
        }
    }
}

async fn try_details(app: &App, signed_in: &SignedIn, sent: &DetailsForm) -> Result<Answered, Problem> {
    signed_in.caller.must_be_himself()?;
    let change = SentChange {
        name: Some(form::text(&sent.name, "name")?),
        phone: Some(form::optional_text(Some(&sent.phone), "phone")?),
        ..SentChange::default()
    };
    let account = signed_in.caller.actor.account;
    app.execute(signed_in.envelope(app), account, AccountRequest::Change(Box::new(change))).await
}

/// Another login.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailForm {
    email: String,
    current_password: String,
}

/// Asks for another login: a link goes to the new address.
pub async fn change_email(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<EmailForm>,
) -> Result<Response, Problem> {
    match accounts::ask_for_login(&app, &signed_in.caller, &sent.email, &sent.current_password).await {
        Ok(()) => Ok(SeeOther::to("/account", signed_in.reader.transport).saying(Notice::LoginAsked).into_response()),
        Err(problem) => {
            let mut page = ProfilePage::read(&app, &signed_in).await?;
            let frame = page.frame.clone();
            page.email.value = sent.email;
            let usual = if problem.slug == "wrong-password" { "current_password" } else { "email" };
            page.told = refuse(&frame, &mut [&mut page.email, &mut page.current_password], Some(usual), &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

/// A new password, and the one before it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    current: String,
    password: String,
    confirmation: String,
}

/// Changes the password.
pub async fn change_password(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<PasswordForm>,
) -> Result<Response, Problem> {
    match try_password(&app, &signed_in, sent).await {
        Ok(token) => Ok(SeeOther::to("/account", signed_in.reader.transport)
            .keeping(Cookie::Session, &token)
            .saying(Notice::PasswordChanged)
            .into_response()),
        Err(problem) => Ok(ProfilePage::read(&app, &signed_in).await?.refused(&problem)),
    }
}

/// Changes it, and gives this browser a new session: all others have ended.
async fn try_password(app: &App, signed_in: &SignedIn, sent: PasswordForm) -> Result<String, Problem> {
    check_confirmation(&sent.password, &sent.confirmation)?;
    let caller = &signed_in.caller;
    auth::change_password(app, caller, &sent.current, sent.password).await?;
    Ok(auth::act_for_oneself(app, caller).await?.token)
}
