//! Delegations and the power of substitution: who may act in whose place.

use axum::{
    Json,
    extract::{Path, State},
};
use bordereau_commands::{AccountRequest, PlaceRequest, new_id};
use bordereau_domain::{
    AccountId, Context, Decider, DelegationId, InstitutionId,
    account::{Account, Colleague},
};
use bordereau_projections::DelegationRow;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    auth,
    documents::references,
    extract::{Answered, Command, Nothing, Reading},
    form,
    names::{self, Clear, Person},
    openapi::{Done, Refused},
    problem::Problem,
};

type Answer = Result<Answered, Problem>;

/// The routes of delegations.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(delegate, index))
        .routes(routes!(revoke))
        .routes(routes!(grant_substitution, revoke_substitution))
}

async fn run<T>(app: &App, id: &str, command: Command<T>, request: PlaceRequest) -> Answer {
    command.caller.must_be_person()?;
    let id: AccountId = form::id(id)?;
    app.execute(command.envelope, id, AccountRequest::Place(request)).await
}

/// Who is to act, and when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateBody {
    /// An active colleague of a common institution.
    delegate_id: Uuid,
    /// The first day, today or later, in the shop's time zone.
    #[serde(deserialize_with = "crate::days::read")]
    first_day: NaiveDate,
    /// The last day, included: the 90th at the latest, counted with the first (`first_day` + 89).
    #[serde(deserialize_with = "crate::days::read")]
    last_day: NaiveDate,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delegated {
    /// The delegation.
    id: Uuid,
}

/// Lets a colleague act in one's place for some days.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/delegations", tag = "accounts",
    params(("id", description = "One's own account")), request_body = DelegateBody,
    responses((status = 201, body = Delegated), Refused))]
async fn delegate(State(app): State<App>, Path(id): Path<String>, command: Command<DelegateBody>) -> Answer {
    let DelegateBody { delegate_id, first_day, last_day } = command.body;
    let request = delegate_to(&app, command.caller.shop.as_str(), delegate_id.into(), first_day, last_day).await?;
    run(&app, &id, command, request).await
}

/// A new delegation as the command asks for it, with what is known of the delegate.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn delegate_to(
    app: &App,
    shop: &str,
    delegate_id: AccountId,
    first_day: NaiveDate,
    last_day: NaiveDate,
) -> Result<PlaceRequest, Problem> {
    let colleague = |account: &Account| {
        account.opened().map(|opened| Colleague { institutions: opened.institutions.clone(), active: opened.active })
    };
    let delegate = app.commands.peek::<Account, _>(shop, &delegate_id.to_string(), colleague).await?.value;
    let delegation_id = DelegationId(new_id());
    Ok(PlaceRequest::Delegate { delegation_id, delegate_id, delegate, first_day, last_day })
}

/// Takes a delegation back; whoever acts by it is out at his next request.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/delegations/{delegation_id}", tag = "accounts",
    params(("id", description = "The account that has given it"), ("delegation_id", description = "The delegation")),
    responses((status = 200, body = Done), Refused))]
async fn revoke(
    State(app): State<App>,
    Path((id, delegation_id)): Path<(String, String)>,
    command: Command<Nothing>,
) -> Answer {
    let delegation_id = form::id(&delegation_id)?;
    run(&app, &id, command, PlaceRequest::RevokeDelegation { delegation_id }).await
}

/// Lets an account act in the place of the other accounts of its institutions: *compte avec pouvoir de substitution*.
#[utoipa::path(put, path = "/api/v1/accounts/{id}/substitution", tag = "accounts",
    params(("id", description = "The account")), responses((status = 200, body = Done), Refused))]
async fn grant_substitution(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    run(&app, &id, command, PlaceRequest::GrantSubstitution).await
}

/// Withdraws that power; whoever acts by it is out at his next request.
#[utoipa::path(delete, path = "/api/v1/accounts/{id}/substitution", tag = "accounts",
    params(("id", description = "The account")), responses((status = 200, body = Done), Refused))]
async fn revoke_substitution(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    let account_id: AccountId = form::id(&id)?;
    run(&app, &id, command, PlaceRequest::RevokeSubstitution { account_id }).await
}

/// Delegations that an account has given.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delegations {
    /// The newest first; past ones too, those that were revoked not.
    items: Vec<Given>,
}

/// A delegation as its giver sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Given {
    /// The delegation.
    pub id: Uuid,
    /// Who may act.
    pub delegate: Person,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day, included.
    pub last_day: NaiveDate,
}

/// A delegation as the delegate sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {
    /// The delegation.
    pub id: Uuid,
    /// In whose place.
    pub from: Person,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day, included.
    pub last_day: NaiveDate,
}

/// Delegations that an account has given.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/delegations", tag = "accounts",
    params(("id", description = "The account")), responses((status = 200, body = Delegations), Refused))]
async fn index(State(app): State<App>, reading: Reading, Path(id): Path<String>) -> Result<Json<Delegations>, Problem> {
    reading.caller.must_be_person()?;
    let id: AccountId = form::id(&id)?;
    let context = Context::new(reading.caller.actor.clone(), app.clock.now());
    let ask = |account: &Account| account.may_see(&context);
    if !app.commands.peek::<Account, _>(reading.shop(), &id.to_string(), ask).await?.value {
        return Err(Problem::not_found());
    }
    Ok(Json(Delegations { items: given(&app, &reading, id).await? }))
}

/// What an account has given, as far as the caller knows the delegates. Whether he may see the account was asked before.
///
/// # Errors
/// 503 when the view is behind.
pub async fn given(app: &App, reading: &Reading, id: AccountId) -> Result<Vec<Given>, Problem> {
    reading.settle(app, "delegations").await?;
    let mut rows = app.projections.delegations().given(reading.shop(), id).await?;
    if reading.caller.actor.account != id {
        rows = with_known_delegates(app, reading, rows).await?;
    }
    let clear = open(app, reading, &rows).await?;
    let given = |row: &DelegationRow| Given {
        id: row.id.0,
        delegate: clear.person(&row.delegate),
        first_day: row.first_day,
        last_day: row.last_day,
    };
    Ok(rows.iter().map(given).collect())
}

/// The delegations that the caller was given and that are still to end, of people with whom he still acts for one
/// institution: whoever has left it learns nothing of its people any more.
///
/// # Errors
/// 503 when the view is behind.
pub async fn received(app: &App, reading: &Reading) -> Result<Vec<Received>, Problem> {
    let caller = &reading.caller;
    if caller.session.is_none() {
        return Ok(Vec::new());
    }
    reading.settle(app, "delegations").await?;
    let today = app.clock.now().with_timezone(&auth::zone(app, &caller.shop).await?).date_naive();
    let rows = app.projections.delegations().received(reading.shop(), caller.actor.account, today).await?;
    let rows = with_colleagues(app, reading, rows).await?;
    let clear = open(app, reading, &rows).await?;
    let received = |row: &DelegationRow| Received {
        id: row.id.0,
        from: clear.person(&row.owner),
        first_day: row.first_day,
        last_day: row.last_day,
    };
    Ok(rows.iter().map(received).collect())
}

/// Those whose delegate the caller may see: a person of two institutions is no window from one to the other.
async fn with_known_delegates(
    app: &App,
    reading: &Reading,
    rows: Vec<DelegationRow>,
) -> Result<Vec<DelegationRow>, Problem> {
    let context = Context::new(reading.caller.actor.clone(), app.clock.now());
    let mut kept = Vec::new();
    for row in rows {
        let ask = |account: &Account| account.may_see(&context);
        if app.commands.peek::<Account, _>(reading.shop(), &row.delegate.id.to_string(), ask).await?.value {
            kept.push(row);
        }
    }
    Ok(kept)
}

/// Those that somebody of the caller's own institutions has given.
async fn with_colleagues(
    app: &App,
    reading: &Reading,
    rows: Vec<DelegationRow>,
) -> Result<Vec<DelegationRow>, Problem> {
    let own = async |account: AccountId| -> Result<Vec<InstitutionId>, Problem> {
        let ask = |account: &Account| account.opened().map(|opened| opened.institutions.clone()).unwrap_or_default();
        Ok(app.commands.peek::<Account, _>(reading.shop(), &account.to_string(), ask).await?.value)
    };
    if rows.is_empty() {
        return Ok(rows);
    }
    let mine = own(reading.caller.actor.account).await?;
    let mut kept = Vec::new();
    for row in rows {
        if own(row.owner.id).await?.iter().any(|institution| mine.contains(institution)) {
            kept.push(row);
        }
    }
    Ok(kept)
}

async fn open(app: &App, reading: &Reading, rows: &[DelegationRow]) -> Result<Clear, Problem> {
    let people = rows.iter().flat_map(|row| references(&row.owner).chain(references(&row.delegate)));
    names::open(app, reading.shop(), people).await
}
