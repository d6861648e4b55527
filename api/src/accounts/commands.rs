//! Commands on accounts.

use axum::extract::{Path, State};
use bordereau_commands::{AccountRequest, EMAIL_CLAIM, Envelope, SentChange, fold_email, new_id};
use bordereau_domain::{
    AccountId, InstitutionId, Role,
    personal::{Email, PersonName},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{AssignBody, ChangeBody, JoinBody, OpenBody, RoleName, institutions};
use crate::{
    app::App,
    auth::{Avoided, check_new_password},
    extract::{Answered, Caller, Command, Nothing},
    form,
    institutions::check_visible,
    openapi::{Done, Refused},
    problem::Problem,
};

type Answer = Result<Answered, Problem>;

/// The account that was opened or found.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountMade {
    id: Uuid,
}

/// Those who may ever open accounts of others.
fn must_administer(caller: &Caller) -> Result<(), Problem> {
    caller.must_be(&[Role::Approver, Role::Purchaser, Role::Bookseller])
}

/// Opens an account: « Ajouter un compte collectivité ».
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = OpenBody,
    responses((status = 201, body = AccountMade), Refused))]
pub async fn open(State(app): State<App>, command: Command<OpenBody>) -> Answer {
    let account_id = AccountId(new_id());
    let request = opening(&app, &command.caller, account_id, &command.body).await?;
    app.execute(command.envelope, account_id, request).await
}

/// A new account as the command asks for it, its first password checked and hashed.
///
/// # Errors
/// 403 for whoever opens none, 422 about a text or the password.
pub async fn opening(
    app: &App,
    caller: &Caller,
    account_id: AccountId,
    body: &OpenBody,
) -> Result<AccountRequest, Problem> {
    must_administer(caller)?;
    let institutions = institutions(&body.institution_ids);
    Ok(AccountRequest::Open {
        account_id,
        email: form::text::<Email>(&body.email, "email")?,
        name: form::text::<PersonName>(&body.name, "name")?,
        phone: form::optional_text(body.phone.as_deref(), "phone")?,
        role: body.role.into(),
        password_hash: match &body.password {
            None => None,
            Some(password) => {
                let avoided = Avoided::person(&body.name, &body.email);
                let avoided = avoided.institutions(app, &caller.shop, &institutions).await?;
                check_new_password(password, &avoided)?;
                Some(app.passwords.hash(password.clone()).await?)
            }
        },
        institutions,
        establishment: body.establishment_id.map(Into::into),
    })
}

/// Gives an account another role or other institutions; its sessions follow.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/assign", tag = "accounts", params(("id", description = "The account")),
    request_body = AssignBody, responses((status = 200, body = Done), Refused))]
pub async fn assign(State(app): State<App>, Path(id): Path<String>, command: Command<AssignBody>) -> Answer {
    let request = AccountRequest::Assign {
        account_id: form::id(&id)?,
        role: command.body.role.into(),
        institutions: institutions(&command.body.institution_ids),
    };
    app.run(&id, command, request).await
}

/// Closes an account to its person: « Compte inactivé ». Its sessions end, its drafts stay.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/deactivate", tag = "accounts",
    params(("id", description = "The account")), responses((status = 200, body = Done), Refused))]
pub async fn deactivate(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    let request = AccountRequest::Deactivate { account_id: form::id(&id)? };
    app.run(&id, command, request).await
}

/// Opens an account to its person again.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/reactivate", tag = "accounts",
    params(("id", description = "The account")), responses((status = 200, body = Done), Refused))]
pub async fn reactivate(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, AccountRequest::Reactivate).await
}

/// Changes what is known of an account. Login, point of sale and buyers' group are the bookseller's to change.
#[utoipa::path(patch, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id", description = "The account")),
    request_body = ChangeBody, responses((status = 200, body = Done), Refused))]
pub async fn change(State(app): State<App>, Path(id): Path<String>, command: Command<ChangeBody>) -> Answer {
    let body = &command.body;
    let change = SentChange {
        name: body.name.as_deref().map(|name| form::text(name, "name")).transpose()?,
        phone: form::replaced_text(body.phone.as_ref(), "phone")?,
        email: body.email.as_deref().map(|email| form::text(email, "email")).transpose()?,
        establishment: body.establishment_id.map(|id| id.map(Into::into)),
        group: body.group_id.map(Into::into),
    };
    app.run(&id, command, AccountRequest::Change(Box::new(change))).await
}

/// The account of a shop that has an address.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn find_by_email(app: &App, shop: &str, email: &str) -> Result<Option<AccountId>, Problem> {
    let claim = app.store.blind_index(shop, EMAIL_CLAIM, &fold_email(email));
    let holder = app.store.find_claim(shop, EMAIL_CLAIM, &claim).await?;
    Ok(holder.and_then(|holder| holder.parse().ok()))
}

/// Lets somebody who has an account in the shop act for one institution more, by his address. To all but the bookseller
/// an address that nobody has and one of an account that they could not administer are the same.
#[utoipa::path(post, path = "/api/v1/institutions/{id}/accounts", tag = "accounts",
    params(("id", description = "The institution")), request_body = JoinBody,
    responses((status = 200, body = AccountMade), Refused))]
pub async fn join(State(app): State<App>, Path(id): Path<String>, command: Command<JoinBody>) -> Answer {
    command.caller.must_be_person()?;
    let institution: InstitutionId = form::id(&id)?;
    let JoinBody { email, role } = &command.body;
    join_by_email(&app, &command.caller, command.envelope, institution, email, *role).await
}

/// The same for a caller who has been found.
///
/// # Errors
/// 404 for an institution that is not his, 403 for whoever administers nobody, 422 `unknown-email`.
pub async fn join_by_email(
    app: &App,
    caller: &Caller,
    envelope: Envelope,
    institution: InstitutionId,
    email: &str,
    role: Option<RoleName>,
) -> Answer {
    check_visible(app, caller, institution).await?;
    must_administer(caller)?;
    caller.must_be_himself()?;
    let is_bookseller = caller.actor.role == Role::Bookseller;
    let nobody = || Problem::invalid("unknown-email", "email");
    let account_id = find_by_email(app, caller.shop.as_str(), email).await?.ok_or_else(nobody)?;
    let request = AccountRequest::Join { account_id, institution, role: role.map(Into::into) };
    let answer = app.execute(envelope, account_id, request).await;
    answer.map_err(|problem| if !is_bookseller && problem.status.is_client_error() { nobody() } else { problem })
}
