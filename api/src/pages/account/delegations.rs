//! Who acts in my place, and in whose place I may act.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{AccountRequest, PlaceRequest};
use bordereau_domain::{AccountId, DelegationId, account::Account};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::super::{
    field::{Field, Form, Told, refuse},
    frame::Frame,
    notice::Notice,
    redirect::SeeOther,
    signed_in::SignedIn,
};
use crate::{
    accounts::find_by_email,
    app::App,
    days,
    delegations::{delegate_to, given, received},
    extract::Answered,
    problem::Problem,
};

/// A delegation in a table.
struct Row {
    id: DelegationId,
    /// The other one's account, to act in his place.
    account: Uuid,
    name: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    /// Whether it holds today.
    today: bool,
}

/// The page, also with what was refused on it.
#[derive(Template)]
#[template(path = "account_delegations.html")]
pub struct DelegationsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What is wrong and no single field's.
    pub told: Option<Told>,
    /// Whether he acts in his own name: only then he delegates.
    himself: bool,
    given: Vec<Row>,
    received: Vec<Row>,
    /// Whether he may act in the place of every colleague.
    substitutes: bool,
    /// In whose place, for him.
    pub other: Field,
    /// Whether people of institutions delegate here at all.
    delegates: bool,
    email: Field,
    first_day: Field,
    last_day: Field,
}

impl DelegationsPage {
    /// Reads it.
    ///
    /// # Errors
    /// 503 when the view is behind or stopped.
    pub async fn read(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        signed_in.settle(app, "delegations").await?;
        let frame = Frame::of(signed_in);
        let reading = signed_in.reading();
        let today = app.clock.now().with_timezone(&signed_in.zone).date_naive();
        let own = signed_in.caller.actor.account;
        let ask = |account: &Account| account.opened().map(|opened| (opened.role, opened.substitutes));
        let opened = app.commands.peek::<Account, _>(signed_in.shop(), &own.to_string(), ask).await?.value;
        let name = |name: Option<String>| name.unwrap_or_else(|| frame.t("erased"));
        let row = |id: Uuid, account: Uuid, named: Option<String>, first_day: NaiveDate, last_day: NaiveDate| Row {
            id: id.into(),
            account,
            name: name(named),
            first_day,
            last_day,
            today: first_day <= today && today <= last_day,
        };
        let mine = given(app, &reading, own).await?;
        let mine = mine.into_iter().filter(|of| of.last_day >= today);
        let theirs = received(app, &reading).await?;
        Ok(Self {
            told: None,
            himself: signed_in.caller.actor.on_behalf_of.is_none(),
            given: mine.map(|of| row(of.id, of.delegate.id, of.delegate.name, of.first_day, of.last_day)).collect(),
            received: theirs
                .into_iter()
                .map(|of| row(of.id, of.from.id, of.from.name, of.first_day, of.last_day))
                .collect(),
            substitutes: opened.is_some_and(|(_, substitutes)| substitutes),
            other: Field { autocomplete: "off", ..Field::login("other", frame.t("delegation-email")) },
            delegates: opened.is_some_and(|(role, _)| role.is_above_requester()),
            email: Field { autocomplete: "off", ..Field::login("email", frame.t("delegation-email")) }
                .hinting(frame.t("delegation-email-hint")),
            first_day: Field::day("first_day", frame.t("delegation-first-day")).holding(today.to_string()),
            last_day: Field::day("last_day", frame.t("delegation-last-day"))
                .hinting(frame.t("delegation-last-day-hint")),
            frame,
        })
    }
}

/// The page.
pub async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let page = DelegationsPage::read(&app, &signed_in).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// To whom, from when to when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveForm {
    email: String,
    first_day: String,
    last_day: String,
}

/// Lets a colleague act in one's place.
pub async fn give(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<GiveForm>,
) -> Result<Response, Problem> {
    match try_give(&app, &signed_in, &sent).await {
        Ok(done) => Ok(SeeOther::to("/account/delegations", signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::DelegationGiven)
            .into_response()),
        Err(problem) => {
            let mut page = DelegationsPage::read(&app, &signed_in).await?;
            let frame = page.frame.clone();
            page.email.value = sent.email;
            (page.first_day.value, page.last_day.value) = (sent.first_day, sent.last_day);
            let usual = (problem.slug == "unknown-delegate").then_some("delegate_id");
            let mut fields = [&mut page.email, &mut page.first_day, &mut page.last_day];
            // The command names the account; here it was found by its address.
            let problem_here = match usual {
                Some(_) => Problem::invalid("unknown-delegate", "email"),
                None => problem.clone(),
            };
            page.told = refuse(&frame, &mut fields, None, &problem_here);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_give(app: &App, signed_in: &SignedIn, sent: &GiveForm) -> Result<Answered, Problem> {
    let day = |text: &str, field| days::parse(text.trim()).ok_or_else(|| Problem::invalid("not-a-day", field));
    let (first_day, last_day) = (day(&sent.first_day, "first_day")?, day(&sent.last_day, "last_day")?);
    // An address that nobody has and one of somebody who is no colleague are told alike.
    let delegate = find_by_email(app, signed_in.shop(), &sent.email).await?;
    let delegate = delegate.ok_or_else(|| Problem::invalid("unknown-delegate", "email"))?;
    let request = delegate_to(app, signed_in.shop(), delegate, first_day, last_day).await?;
    let own = signed_in.caller.actor.account;
    app.execute(signed_in.envelope(app), own, AccountRequest::Place(request)).await
}

/// Which delegation.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeForm {
    id: Uuid,
}

/// Takes a delegation back.
pub async fn revoke(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(sent): Form<RevokeForm>,
) -> Result<SeeOther, Problem> {
    let request = AccountRequest::Place(PlaceRequest::RevokeDelegation { delegation_id: sent.id.into() });
    let own: AccountId = signed_in.caller.actor.account;
    let done = app.execute(signed_in.envelope(&app), own, request).await?;
    Ok(SeeOther::to("/account/delegations", signed_in.reader.transport)
        .written(signed_in.shop(), done.position)
        .saying(Notice::DelegationRevoked))
}
