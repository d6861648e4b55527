//! Accounts of people who act for nobody: written down, completed, granted, refused, written to (B02, B06, B10-B12).

use axum::{
    extract::{Path, State},
    response::Response,
};
use bordereau_commands::{AccountRequest, Approval};
use bordereau_domain::{AccountId, personal::Message};

use super::{
    super::{clients::narrows, conditions::conditioned, notice::Notice, sent::Sent, signed_in::SignedIn},
    detail::{Part, done, narrowed},
    form::{INSTITUTIONS, chosen_role},
};
use crate::{accounts::organisation, app::App, extract::Answered, form, problem::Problem};

/// The fields of an organisation.
const ORGANISATION: [&str; 4] = ["company", "vat_number", "chamber_number", "department"];

/// Writes down what its organisation is; a refused or private one is requested again by it.
pub async fn describe(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let tried = try_describe(&app, &signed_in, &id, &sent).await;
    done(&app, &signed_in, &id, tried, Notice::AccountChanged, (Part::Organisation, &sent)).await
}

async fn try_describe(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&ORGANISATION)?;
    let account_id: AccountId = form::id(id)?;
    let [company, vat_number, chamber_number, department] = ORGANISATION.map(|field| sent.text(field));
    let organisation = organisation(company, vat_number, Some(chamber_number), Some(department))?;
    let request = AccountRequest::AskAgain(Box::new(organisation));
    app.execute(signed_in.envelope(app), account_id, request).await
}

/// Grants it.
pub async fn approve(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    if narrows(&sent, &[INSTITUTIONS]) {
        return narrowed(&app, &signed_in, &id, (Part::Approve, &sent)).await;
    }
    let tried = try_approve(&app, &signed_in, &id, &sent).await;
    done(&app, &signed_in, &id, tried, Notice::AccountApproved, (Part::Approve, &sent)).await
}

async fn try_approve(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&["role", INSTITUTIONS, "establishment_id", "message", "sequence"])?;
    let account_id: AccountId = form::id(id)?;
    let approval = Approval {
        account_id,
        role: chosen_role(sent)?.into(),
        institutions: sent.ids(INSTITUTIONS)?.into_iter().map(Into::into).collect(),
        establishment: sent.chosen("establishment_id")?,
        message: form::optional_text(Some(sent.text("message")), "message")?,
    };
    let seen = sent.chosen("sequence")?;
    let envelope = conditioned(signed_in.envelope(app), seen, None, &[]);
    app.execute(envelope, account_id, AccountRequest::Approve(Box::new(approval))).await
}

/// Refuses it.
pub async fn decline(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let tried = try_decline(&app, &signed_in, &id, &sent).await;
    done(&app, &signed_in, &id, tried, Notice::AccountDeclined, (Part::Decline, &sent)).await
}

async fn try_decline(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&["message"])?;
    let account_id: AccountId = form::id(id)?;
    let message = form::optional_text::<Message>(Some(sent.text("message")), "message")?;
    app.execute(signed_in.envelope(app), account_id, AccountRequest::Decline { message }).await
}

/// Writes to its person.
pub async fn message(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let tried = try_message(&app, &signed_in, &id, &sent).await;
    done(&app, &signed_in, &id, tried, Notice::MessageSent, (Part::Message, &sent)).await
}

async fn try_message(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&["text"])?;
    let account_id: AccountId = form::id(id)?;
    let message = form::text::<Message>(sent.text("text"), "text")?;
    app.execute(signed_in.envelope(app), account_id, AccountRequest::SendMessage { message }).await
}
