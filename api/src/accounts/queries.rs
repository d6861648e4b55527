//! Lists of accounts, and one account.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bordereau_commands::first_buyers_group;
use bordereau_domain::{
    AccountId, Actor, BuyersGroupId, Context, Decider, Role,
    account::{Account, AccountStatus},
    subject::Subject,
};
use bordereau_projections::{AccountCounts, AccountFilter, AccountRow, Scope};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    actions::next_actions,
    bodies::RoleName,
    search::{plain, sealed, search},
};
use crate::{
    app::App,
    auth::hidden_evenly,
    extract::{Caller, Filters, Reading, page_size},
    form, list,
    names::{self, Clear},
    openapi::Refused,
    problem::Problem,
};

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountQuery {
    /// Of this institution.
    institution_id: Option<Uuid>,
    /// Of this role.
    role: Option<RoleName>,
    /// In this status.
    status: Option<StatusName>,
    /// An e-mail address, or a part of a name or an address. One request looks through 2,000 accounts; `next` goes on,
    /// also after a page with nothing on it.
    q: Option<String>,
    /// Items on a page, 1 to 200; 50 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A status of an account.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StatusName {
    /// Asked for.
    Requested,
    /// Active.
    Active,
    /// *Compte inactivé*.
    Inactive,
    /// Refused.
    Declined,
    /// Of somebody who acts for nobody any more.
    Private,
}

impl From<StatusName> for AccountStatus {
    fn from(name: StatusName) -> Self {
        match name {
            StatusName::Requested => Self::Requested,
            StatusName::Active => Self::Active,
            StatusName::Inactive => Self::Inactive,
            StatusName::Declined => Self::Declined,
            StatusName::Private => Self::Private,
        }
    }
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountPage {
    /// The newest first.
    items: Vec<AccountJson>,
    /// The next page's cursor.
    next: Option<String>,
    /// How many are in each status, of those institutions.
    counts: StatusCounts,
}

/// How many accounts are in each status.
#[derive(Debug, Serialize, ToSchema)]
struct StatusCounts {
    requested: u64,
    active: u64,
    inactive: u64,
    declined: u64,
    private: u64,
}

impl From<AccountCounts> for StatusCounts {
    fn from(counts: AccountCounts) -> Self {
        let AccountCounts { requested, active, inactive, declined, private } = counts;
        Self { requested, active, inactive, declined, private }
    }
}

/// An account. What was erased is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountJson {
    id: Uuid,
    /// `requested`, `active`, `inactive`, `declined` or `private`.
    status: &'static str,
    /// *Droits*; none while it is not granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// *Client(s) affecté(s)*.
    institutions: Vec<InstitutionName>,
    /// *Librairie affectée*.
    #[serde(skip_serializing_if = "Option::is_none")]
    establishment_id: Option<Uuid>,
    /// The buyers' group; the bookshop's people have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<Uuid>,
    name: Option<String>,
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// What its person said when he asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<RegistrationJson>,
    /// The bookshop's last word to its person.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// When it was opened or asked for.
    opened_at: DateTime<Utc>,
}

/// An institution in an account.
#[derive(Debug, Serialize, ToSchema)]
struct InstitutionName {
    id: Uuid,
    librisoft_number: String,
    name: String,
}

/// What an organisation says of itself.
#[derive(Debug, Serialize, ToSchema)]
struct RegistrationJson {
    company: Option<String>,
    vat_number: Option<String>,
    chamber_number: Option<String>,
    department: Option<String>,
}

/// An account, and what the caller may do with it now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountDetail {
    #[serde(flatten)]
    account: AccountJson,
    /// Until when wrong passwords have locked it; the bookseller's to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    locked_until: Option<DateTime<Utc>>,
    /// Last path segments; `edit` stands for changing name and telephone number.
    next_actions: Vec<&'static str>,
}

/// Accounts: the bookshop's and the auditor's all, those of their institutions for approvers and purchasers.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "accounts", params(AccountQuery),
    responses((status = 200, content((AccountPage = "application/json"), (String = "text/csv"))), Refused))]
pub async fn index(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(query): Filters<AccountQuery>,
) -> Result<Response, Problem> {
    let filter = filter(&reading.caller, &query)?;
    let limit = page_size(query.limit)?;
    reading.settle(&app, "account_list").await?;
    let cursor = query.cursor.as_deref();
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let found = match q {
        None => plain(&app, reading.shop(), &filter, limit, cursor).await?,
        Some(q) => search(&app, reading.shop(), &filter, q, limit, cursor).await?,
    };
    let first = first_buyers_group(&reading.caller.shop);
    let items =
        found.page.items.iter().map(|row| account_json(row, first, &found.clear, &reading.caller.actor)).collect();
    list::answer(&headers, &AccountPage { items, next: found.page.next, counts: found.counts.into() })
}

fn filter(caller: &Caller, query: &AccountQuery) -> Result<AccountFilter, Problem> {
    caller.must_be(&[Role::Approver, Role::Purchaser, Role::Bookseller, Role::Auditor])?;
    let all = matches!(caller.actor.role, Role::Bookseller | Role::Auditor);
    Ok(AccountFilter {
        scope: if all { Scope::All } else { Scope::Institutions(caller.actor.institutions.clone()) },
        institution: query.institution_id.map(Into::into),
        role: query.role.map(Into::into),
        status: query.status.map(Into::into),
    })
}

/// One account.
#[utoipa::path(get, path = "/api/v1/accounts/{id}", tag = "accounts", params(("id", description = "The account")),
    responses((status = 200, body = AccountDetail), Refused))]
pub async fn show(State(app): State<App>, reading: Reading, Path(id): Path<String>) -> Result<Response, Problem> {
    let row = find_visible(&app, &reading, &id).await?;
    let clear = names::open(&app, reading.shop(), sealed(&row.account)).await?;
    let locked_until = locked_until(&app, &reading.caller, row.id).await?;
    let detail = AccountDetail {
        next_actions: actions_of(&app, &reading.caller, &row, locked_until.is_some()).await?,
        account: account_json(&row, first_buyers_group(&reading.caller.shop), &clear, &reading.caller.actor),
        locked_until,
    };
    Ok(([(header::ETAG, format!("\"{}\"", row.sequence))], Json(detail)).into_response())
}

/// What a caller may do with an account now: nothing any more with that of somebody who was erased.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn actions_of(
    app: &App,
    caller: &Caller,
    row: &AccountRow,
    locked: bool,
) -> Result<Vec<&'static str>, Problem> {
    let ask = |subject: &Subject| *subject == Subject::Erased;
    if app.commands.peek::<Subject, _>(caller.shop.as_str(), &row.id.to_string(), ask).await?.value {
        return Ok(Vec::new());
    }
    Ok(next_actions(&row.account, &Context::new(caller.actor.clone(), app.clock.now()), locked))
}

/// The account that a path names, if the caller may know of it.
///
/// # Errors
/// 403 for machines, 404 when there is none or he may not see it, 503 when the view is behind.
pub async fn find_visible(app: &App, reading: &Reading, id: &str) -> Result<AccountRow, Problem> {
    hidden_evenly(async {
        reading.caller.must_be_person()?;
        let id: AccountId = form::id(id)?;
        reading.settle(app, "account_list").await?;
        let row = app.projections.account_list().find(reading.shop(), id).await?.ok_or_else(Problem::not_found)?;
        let context = Context::new(reading.caller.actor.clone(), app.clock.now());
        if row.account.may_see(&context) { Ok(within_sight(row, &context.actor)) } else { Err(Problem::not_found()) }
    })
    .await
}

/// An account with those of its institutions that the reader knows of: a person of several is no window from one to another.
fn within_sight(mut row: AccountRow, actor: &Actor) -> AccountRow {
    if actor.role.is_institutional() && !row.account.is_of(actor.account) && !row.account.is_of(actor.principal()) {
        row.institutions.retain(|institution| actor.acts_for(institution.id));
    }
    row
}

/// Until when wrong passwords have locked an account; the bookseller's to know.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn locked_until(app: &App, caller: &Caller, id: AccountId) -> Result<Option<DateTime<Utc>>, Problem> {
    if caller.actor.role != Role::Bookseller {
        return Ok(None);
    }
    let credential = app.store.find_credential(caller.shop.as_str(), id.0).await?;
    let until = credential.and_then(|credential| credential.locked_until);
    Ok(until.filter(|until| *until > app.clock.micros()).and_then(DateTime::from_timestamp_micros))
}

/// Whether somebody may read what was said when the account was asked for, and what the bookshop wrote: its colleagues
/// may not.
pub fn may_read_request(actor: &Actor, account: &Account) -> bool {
    match actor.role {
        Role::Bookseller | Role::Auditor | Role::System => true,
        Role::Requester | Role::Approver | Role::Purchaser | Role::Integrator | Role::Librisoft | Role::Buyer => {
            account.is_of(actor.account)
        }
    }
}

fn account_json(row: &AccountRow, first: BuyersGroupId, clear: &Clear, actor: &Actor) -> AccountJson {
    let account = &row.account;
    let inside = may_read_request(actor, account);
    let (granted, details) = (account.opened(), account.details());
    AccountJson {
        id: row.id.0,
        status: account.status().map_or("", AccountStatus::as_str),
        role: granted.map(|opened| opened.role.as_str()),
        institutions: row
            .institutions
            .iter()
            .map(|of| InstitutionName {
                id: of.id.0,
                librisoft_number: of.librisoft_number.clone(),
                name: of.name.clone(),
            })
            .collect(),
        establishment_id: granted.and_then(|opened| opened.establishment).map(|id| id.0),
        group_id: granted.filter(|opened| opened.role.is_institutional()).map(|opened| opened.group.unwrap_or(first).0),
        name: details.and_then(|details| clear.text(details.name.digest)),
        email: account.email().and_then(|email| clear.text(email.digest)),
        phone: details.and_then(|details| clear.field(details.phone)),
        registration: account.registration().filter(|_| inside).map(|said| RegistrationJson {
            company: clear.text(said.company.digest),
            vat_number: clear.field(said.vat_number),
            chamber_number: clear.field(said.chamber_number),
            department: clear.field(said.department),
        }),
        message: clear.field(account.message().filter(|_| inside)),
        opened_at: row.opened_at,
    }
}
