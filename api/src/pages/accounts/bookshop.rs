//! What the bookshop alone sets on an account: its login, point of sale and buyers' group (W27, W28), the power to act for
//! its colleagues (W13), and a second factor whose device is lost.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bordereau_commands::{AccountRequest, PlaceRequest, SentChange, first_buyers_group};
use bordereau_domain::{
    AccountId, BuyersGroupId, EstablishmentId, Role,
    account::{Account, OpenedAccount},
    shop::Shop,
};
use serde::Deserialize;

use super::{
    super::{
        field::{Choice, Field, Form},
        frame::Frame,
        notice::Notice,
        sent::Sent,
        signed_in::SignedIn,
    },
    detail::{Part, done},
    form::establishment_field,
};
use crate::{app::App, extract::Answered, form, names::Clear, problem::Problem, second_factor::lift_of};

/// The fields that the form sends.
const FIELDS: [&str; 3] = ["email", "establishment_id", "group_id"];

/// The fields of a buyer's account, with what is the case; none for other readers, nor for the bookshop's own people and the
/// auditor, whose login is not its to change.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn fields(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    account: &Account,
    clear: &Clear,
) -> Result<Vec<Field>, Problem> {
    let is_bookseller = signed_in.caller.actor.role == Role::Bookseller;
    let Some(opened) = account.opened().filter(|opened| is_bookseller && opened.role.is_institutional()) else {
        return Ok(Vec::new());
    };
    let email = Field { kind: "email", ..Field::text("email", frame.t("account-form-email")) };
    let mut fields = vec![email.holding(clear.text(opened.email.digest).unwrap_or_default())];
    if let Some(field) = establishment_field(app, signed_in, frame).await? {
        let now: Vec<_> = opened.establishment.iter().map(ToString::to_string).collect();
        fields.push(field.choosing(&now));
    }
    fields.push(group_field(app, signed_in, frame, opened).await?);
    Ok(fields.into_iter().map(|field| field.within("bookshop")).collect())
}

async fn group_field(app: &App, signed_in: &SignedIn, frame: &Frame, opened: &OpenedAccount) -> Result<Field, Problem> {
    let (shop, first) = (signed_in.shop(), first_buyers_group(&signed_in.caller.shop));
    let ask = |shop: &Shop| shop.opened().map(|opened| opened.groups.all(first)).unwrap_or_default();
    let groups = app.commands.peek::<Shop, _>(shop, shop, ask).await?.value;
    let choices = groups.into_iter().map(|group| Choice::new(group.id, group.name)).collect();
    let now = opened.group.unwrap_or(first).to_string();
    Ok(Field::select("group_id", frame.t("account-group"), choices).choosing(&[now]))
}

/// Sets login, point of sale and buyers' group.
pub async fn set(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let tried = try_set(&app, &signed_in, &id, &sent).await;
    done(&app, &signed_in, &id, tried, Notice::AccountChanged, (Part::Bookshop, &sent)).await
}

async fn try_set(app: &App, signed_in: &SignedIn, id: &str, sent: &Sent) -> Result<Answered, Problem> {
    sent.only(&FIELDS)?;
    let account_id: AccountId = form::id(id)?;
    let change = SentChange {
        email: Some(form::text(sent.text("email"), "email")?),
        establishment: sent.chosen::<EstablishmentId>("establishment_id")?.map(Some),
        group: sent.chosen::<BuyersGroupId>("group_id")?,
        ..SentChange::default()
    };
    app.execute(signed_in.envelope(app), account_id, AccountRequest::Change(Box::new(change))).await
}

/// Whether an account may act for its colleagues from now on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubstitutionForm {
    granted: bool,
}

/// Gives it the power to act for the others of its institutions, or takes it back.
pub async fn substitution(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(SubstitutionForm { granted }): Form<SubstitutionForm>,
) -> Result<Response, Problem> {
    let tried = try_substitution(&app, &signed_in, &id, granted).await;
    let notice = if granted { Notice::SubstitutionGranted } else { Notice::SubstitutionRevoked };
    done(&app, &signed_in, &id, tried, notice, (Part::None, &Sent::default())).await
}

async fn try_substitution(app: &App, signed_in: &SignedIn, id: &str, granted: bool) -> Result<Answered, Problem> {
    let account_id: AccountId = form::id(id)?;
    let request =
        if granted { PlaceRequest::GrantSubstitution } else { PlaceRequest::RevokeSubstitution { account_id } };
    app.execute(signed_in.envelope(app), account_id, AccountRequest::Place(request)).await
}

/// Lifts the second factor of somebody who has lost it.
pub async fn lift_second_factor(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let tried = lift_of(&app, &signed_in.caller, signed_in.envelope(&app), &id).await;
    done(&app, &signed_in, &id, tried, Notice::SecondFactorLifted, (Part::None, &Sent::default())).await
}
