//! Accounts that people ask for themselves (B07-B14) or the bookshop writes down (B02, B06), and its answers.

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
};
use bordereau_commands::{AccountRequest, Application, Approval, Envelope, Failed, Organisation, new_id, stable_id};
use bordereau_domain::{AccountId, Actor, Role, ShopCode, account::AccountError, personal::Message, shop::Shop};
use bordereau_integrations::mail::{MailArgs, MailKind};

use super::{
    bodies::{
        ApproveBody, DeclineBody, MessageBody, NewcomerBody, OrganisationBody, RegistrationBody, institutions,
        organisation,
    },
    commands::{AccountMade, find_by_email},
    links::check,
};
use crate::{
    app::App,
    auth::{Avoided, check_new_password, evenly, limit_letters},
    extract::{Answered, Command, Peer, read_body},
    form, letters,
    openapi::{Done, Refused},
    problem::Problem,
    reading::{asked_language, remember_language},
    texts::Language,
};

type Answer = Result<Answered, Problem>;

/// Asks for an account. The answer is the same, after the same time, whether the address is known already or not.
#[utoipa::path(post, path = "/api/v1/registrations", tag = "accounts", security(()), request_body = RegistrationBody,
    responses((status = 202, description = "The bookshop will answer by mail"), Refused))]
pub async fn request(State(app): State<App>, peer: Peer, request: Request) -> Result<StatusCode, Problem> {
    peer.check_links(&app)?;
    let language = asked_language(request.headers());
    let body: RegistrationBody = read_body(request).await?;
    register(&app, &body, language).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The same once the limits have been asked; the answer comes in the language of who asks.
///
/// # Errors
/// 403 `registration-closed`, 404 for no such shop, 422 about what was said.
pub async fn register(app: &App, body: &RegistrationBody, language: Option<Language>) -> Result<(), Problem> {
    let shop: ShopCode = body.shop.parse().map_err(|_| Problem::not_found())?;
    let ask = |shop: &Shop| shop.opened().map(|shop| (shop.registration_open, shop.name.clone()));
    let (open, name) =
        app.commands.peek::<Shop, _>(shop.as_str(), shop.as_str(), ask).await?.value.ok_or_else(Problem::not_found)?;
    if !open {
        return Err(Problem::new(StatusCode::FORBIDDEN, "registration-closed"));
    }
    let mut asked = read(body)?;
    limit_letters(app, &body.email)?;
    check_new_password(&body.password, &Avoided::person(&body.name, &body.email).also(&body.company).also(&name))?;
    evenly(async {
        asked.password_hash = Some(app.passwords.hash(body.password.clone()).await?);
        apply(app, shop, asked, language).await
    })
    .await
}

fn read(body: &RegistrationBody) -> Result<Application, Problem> {
    Ok(Application {
        account_id: AccountId(new_id()),
        email: form::text(&body.email, "email")?,
        name: form::text(&body.name, "name")?,
        phone: form::optional_text(body.phone.as_deref(), "phone")?,
        organisation: organisation(
            &body.company,
            &body.vat_number,
            body.chamber_number.as_deref(),
            body.department.as_deref(),
        )?,
        password_hash: None,
    })
}

/// *Nouveau client*: writes down somebody and his organisation. He is mailed a link to set a password, and acts for nobody
/// before the account is granted.
#[utoipa::path(post, path = "/api/v1/accounts/for-organisation", tag = "accounts", request_body = NewcomerBody,
    responses((status = 201, body = AccountMade), Refused))]
pub async fn write_down(State(app): State<App>, command: Command<NewcomerBody>) -> Answer {
    command.caller.must_be(&[Role::Bookseller])?;
    let newcomer = newcomer(&command.body)?;
    app.execute(command.envelope, newcomer.account_id, AccountRequest::Request(Box::new(newcomer))).await
}

/// Somebody whom the bookshop writes down, his texts checked.
///
/// # Errors
/// 422 about a text.
pub fn newcomer(body: &NewcomerBody) -> Result<Application, Problem> {
    let NewcomerBody { email, name, phone, company, vat_number, chamber_number, department } = body;
    Ok(Application {
        account_id: AccountId(new_id()),
        email: form::text(email, "email")?,
        name: form::text(name, "name")?,
        phone: form::optional_text(phone.as_deref(), "phone")?,
        organisation: organisation(company, vat_number, chamber_number.as_deref(), department.as_deref())?,
        password_hash: None,
    })
}

/// Writes down what somebody's organisation is whose account is not granted; a refused or private one is requested
/// again by it.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/organisation", tag = "accounts",
    params(("id", description = "The account")), request_body = OrganisationBody,
    responses((status = 200, body = Done), Refused))]
pub async fn describe(State(app): State<App>, Path(id): Path<String>, command: Command<OrganisationBody>) -> Answer {
    check(&app, &command.caller, &id, |_, actor| bookshops(actor)).await?;
    let organisation = command.body.read()?;
    app.run(&id, command, AccountRequest::AskAgain(Box::new(organisation))).await
}

fn bookshops(actor: &Actor) -> Result<(), AccountError> {
    if actor.role == Role::Bookseller { Ok(()) } else { Err(AccountError::RoleMayNot) }
}

/// Writes the request down, unless somebody has the address: then nothing happens, and only he is told.
async fn apply(app: &App, shop: ShopCode, asked: Application, language: Option<Language>) -> Result<(), Problem> {
    if let Some(holder) = find_by_email(app, shop.as_str(), asked.email.clear()).await? {
        return tell_holder(app, shop.as_str(), holder).await;
    }
    let account_id = asked.account_id;
    let newcomer = Actor::new(account_id, Role::Requester, Vec::new());
    let envelope = Envelope::new(shop.clone(), newcomer, app.clock.now(), "api");
    let request = AccountRequest::Request(Box::new(asked));
    match app.commands.execute(envelope, account_id.to_string(), request).await {
        Ok(_) => {
            if let Some(language) = language {
                remember_language(app, &shop, account_id, language).await;
            }
            Ok(())
        }
        // Of two who ask at once with one address, the second is told no more than one who comes later.
        Err(Failed::ClaimTaken { .. }) => Ok(()),
        Err(failed) => Err(failed.into()),
    }
}

/// Tells whoever has an address that somebody has just given it for another account; once an hour.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn tell_holder(app: &App, shop: &str, holder: AccountId) -> Result<(), Problem> {
    let hour = app.clock.now().timestamp() / 3_600;
    let because = stable_id(&["login-given-again", &hour.to_string()]);
    letters::queue(app, shop, MailKind::LoginKnown, holder, because, &MailArgs::default()).await
}

/// Asks for a B2B account with the account that one has: to complete what was said, after a refusal, or after its B2B data was
/// deleted.
#[utoipa::path(post, path = "/api/v1/me/registration", tag = "accounts", request_body = OrganisationBody,
    responses((status = 200, body = Done), Refused))]
pub async fn ask_again(State(app): State<App>, command: Command<OrganisationBody>) -> Answer {
    let organisation = command.body.read()?;
    command.caller.must_be_person()?;
    let own = command.caller.actor.account;
    request_again(&app, command.envelope, own, organisation).await
}

/// The same for a caller who has been found.
///
/// # Errors
/// 403 `registration-closed`, 409 `wrong-status`.
pub async fn request_again(app: &App, envelope: Envelope, own: AccountId, organisation: Organisation) -> Answer {
    if !is_open(app, &envelope.shop).await? {
        return Err(Problem::new(StatusCode::FORBIDDEN, "registration-closed"));
    }
    app.execute(envelope, own, AccountRequest::AskAgain(Box::new(organisation))).await
}

/// Whether people ask for accounts themselves in this shop (B01).
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn is_open(app: &App, shop: &ShopCode) -> Result<bool, Problem> {
    let ask = |shop: &Shop| shop.opened().is_some_and(|shop| shop.registration_open);
    Ok(app.commands.peek::<Shop, _>(shop.as_str(), shop.as_str(), ask).await?.value)
}

/// Grants an account that was asked for; its person's sessions follow.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/approve", tag = "accounts", params(("id", description = "The account")),
    request_body = ApproveBody, responses((status = 200, body = Done), Refused))]
pub async fn approve(State(app): State<App>, Path(id): Path<String>, command: Command<ApproveBody>) -> Answer {
    let body = &command.body;
    let approval = Approval {
        account_id: form::id(&id)?,
        role: body.role.into(),
        institutions: institutions(&body.institution_ids),
        establishment: body.establishment_id.map(Into::into),
        message: form::optional_text(body.message.as_deref(), "message")?,
    };
    app.run(&id, command, AccountRequest::Approve(Box::new(approval))).await
}

/// Refuses an account that was asked for.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/decline", tag = "accounts", params(("id", description = "The account")),
    request_body = DeclineBody, responses((status = 200, body = Done), Refused))]
pub async fn decline(State(app): State<App>, Path(id): Path<String>, command: Command<DeclineBody>) -> Answer {
    let message = form::optional_text::<Message>(command.body.message.as_deref(), "message")?;
    app.run(&id, command, AccountRequest::Decline { message }).await
}

/// Writes to an account's person, for example to ask for what is missing.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/message", tag = "accounts", params(("id", description = "The account")),
    request_body = MessageBody, responses((status = 200, body = Done), Refused))]
pub async fn message(State(app): State<App>, Path(id): Path<String>, command: Command<MessageBody>) -> Answer {
    let message = form::text::<Message>(&command.body.text, "text")?;
    app.run(&id, command, AccountRequest::SendMessage { message }).await
}
