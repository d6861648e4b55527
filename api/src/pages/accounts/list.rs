//! The list of accounts: by status, found by name or address.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{Role, account::AccountStatus};
use bordereau_projections::{AccountCounts, AccountFilter, AccountRow, Lacking};
use serde::Deserialize;
use uuid::Uuid;

use super::super::{
    clients::{Named, find_visible, institution_field, scope, sees_all},
    documents::Tab,
    field::{Field, Told},
    frame::Frame,
    query::address,
    search::Search,
    sent::Sent,
    signed_in::SignedIn,
};
use super::form::{role_field, roles};
use crate::{
    accounts::{plain, search},
    app::App,
    names::Clear,
    problem::Problem,
};

/// Accounts on a page.
const PAGE: usize = 50;
/// Most institutions of an account that its row names.
const MOST_NAMED: usize = 5;
/// Most institutions that a warning names.
const MOST_WARNED: usize = 5;

/// Which accounts, from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AccountQuery {
    status: String,
    q: String,
    institution: String,
    cursor: String,
}

/// An account in the table.
struct Row {
    id: Uuid,
    name: String,
    email: Option<String>,
    role: String,
    institutions: Named,
}

/// The list, also with what was refused on it.
#[derive(Template)]
#[template(path = "accounts.html")]
pub struct AccountsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What is wrong and no single field's.
    pub told: Option<Told>,
    warnings: Vec<String>,
    /// How many institutions more are to be warned of.
    more_warnings: u64,
    tabs: Vec<Tab>,
    search: Search,
    /// The client of whose accounts alone it is, by id and name.
    of: Option<(Uuid, String)>,
    rows: Vec<Row>,
    empty: String,
    next: Option<String>,
    /// Whether the reader opens accounts.
    may_open: bool,
    /// Whether he writes down people whose client Librisoft has not sent yet.
    writes_down: bool,
    /// Adding somebody who has an account: his address.
    pub email: Field,
    /// For which institution.
    pub institution: Field,
    /// With which role.
    pub role: Field,
    /// Whether that form stands open.
    pub joining: bool,
}

/// The tabs of a reader: who asks for an account is the bookshop's affair.
const fn tabs(role: Role) -> &'static [AccountStatus] {
    match role {
        Role::Bookseller | Role::Auditor => &[
            AccountStatus::Active,
            AccountStatus::Inactive,
            AccountStatus::Requested,
            AccountStatus::Declined,
            AccountStatus::Private,
        ],
        Role::Requester
        | Role::Approver
        | Role::Purchaser
        | Role::Integrator
        | Role::Librisoft
        | Role::Buyer
        | Role::System => &[AccountStatus::Active, AccountStatus::Inactive],
    }
}

const fn count(counts: &AccountCounts, status: AccountStatus) -> u64 {
    match status {
        AccountStatus::Requested => counts.requested,
        AccountStatus::Active => counts.active,
        AccountStatus::Inactive => counts.inactive,
        AccountStatus::Declined => counts.declined,
        AccountStatus::Private => counts.private,
    }
}

fn row(frame: &Frame, row: &AccountRow, clear: &Clear) -> Row {
    let details = row.account.details();
    let company = row.account.registration().and_then(|said| clear.text(said.company.digest));
    let institutions = Named::of(&row.institutions, MOST_NAMED);
    Row {
        id: row.id.0,
        name: details.and_then(|of| clear.text(of.name.digest)).unwrap_or_else(|| frame.t("erased")),
        email: row.account.email().and_then(|email| clear.text(email.digest)),
        role: row.account.opened().map(|opened| frame.role(&opened.role)).unwrap_or_default(),
        institutions: match company.filter(|_| row.institutions.is_empty()) {
            Some(company) => Named { names: vec![company], more: 0 },
            None => institutions,
        },
    }
}

/// « Le compte client 16 comporte un utilisateur sans approbateur, ou un approbateur sans collectivité. » (L18), of the
/// reader's own institutions.
async fn warnings(app: &App, signed_in: &SignedIn, frame: &Frame) -> Result<(Vec<String>, u64), Problem> {
    signed_in.settle(app, "institutions").await?;
    let actor = &signed_in.caller.actor;
    let all = sees_all(actor.role);
    let lacking = app.projections.institutions().list_lacking(signed_in.shop()).await?;
    let own: Vec<Lacking> = lacking.into_iter().filter(|of| all || actor.acts_for(of.institution.id)).collect();
    let more = u64::try_from(own.len().saturating_sub(MOST_WARNED)).unwrap_or(0);
    let told = own.iter().take(MOST_WARNED);
    let told = told.map(|of| frame.t_with("accounts-lacking", "number", &of.institution.librisoft_number));
    Ok((told.collect(), more))
}

impl AccountsPage {
    /// Reads a page of it, with the institutions that were looked for to add somebody.
    ///
    /// # Errors
    /// 404 for a tab that the reader does not have; 422 for a cursor that is none; 503.
    pub async fn read(app: &App, signed_in: &SignedIn, query: &AccountQuery, sent: &Sent) -> Result<Self, Problem> {
        let actor = &signed_in.caller.actor;
        let wanted = if query.status.is_empty() { AccountStatus::Active.as_str() } else { query.status.as_str() };
        let status = tabs(actor.role).iter().find(|status| status.as_str() == wanted);
        let status = *status.ok_or_else(Problem::not_found)?;
        signed_in.settle(app, "account_list").await?;
        let frame = Frame::of(signed_in);
        let of = match query.institution.as_str() {
            "" => None,
            id => Some(find_visible(app, signed_in, id).await?),
        };
        let (institution, client) = (of.as_ref().map(|row| row.id), query.institution.as_str());
        let filter = AccountFilter { scope: scope(actor), institution, role: None, status: Some(status) };
        let cursor = Some(query.cursor.as_str()).filter(|cursor| !cursor.is_empty());
        let q = query.q.trim();
        let found = if q.is_empty() {
            plain(app, signed_in.shop(), &filter, PAGE, cursor).await?
        } else {
            search(app, signed_in.shop(), &filter, q, PAGE, cursor).await?
        };
        let tab = |of: &AccountStatus| Tab {
            label: frame.t(&format!("accounts-{}", of.as_str())),
            count: count(&found.counts, *of),
            href: address("/accounts", &[("status", of.as_str()), ("institution", client), ("q", q)]),
            here: *of == status,
        };
        let here = [("status", status.as_str()), ("institution", client)];
        let more = |cursor: &String| {
            let fields: Vec<_> = here.into_iter().chain([("q", q), ("cursor", cursor.as_str())]).collect();
            address("/accounts", &fields)
        };
        let (warnings, more_warnings) = warnings(app, signed_in, &frame).await?;
        let search = Search::new(&frame, "/accounts", "accounts-search", &here, q);
        let institution = institution_field(app, signed_in, &frame, sent, "account-form-institution").await?;
        let empty = if q.is_empty() { "accounts-empty" } else { "accounts-none-found" };
        Ok(Self {
            told: None,
            warnings,
            more_warnings,
            tabs: tabs(actor.role).iter().map(tab).collect(),
            search,
            of: of.map(|row| (row.id.0, row.known.profile.name)),
            rows: found.page.items.iter().map(|account| row(&frame, account, &found.clear)).collect(),
            empty: frame.t(empty),
            next: found.page.next.as_ref().map(more),
            writes_down: actor.role == Role::Bookseller,
            may_open: !roles(actor.role).is_empty() && actor.on_behalf_of.is_none(),
            email: Field { autocomplete: "off", ..Field::login("email", frame.t("account-form-email")) }
                .hinting(frame.t("accounts-join-hint")),
            institution,
            role: Field { label: frame.t("account-role"), ..role_field(&frame, actor.role) }
                .optional()
                .hinting(frame.t("accounts-join-role-hint")),
            joining: false,
            frame,
        })
    }
}

/// The list.
pub async fn index(
    State(app): State<App>,
    signed_in: SignedIn,
    query: Result<Query<AccountQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let page = AccountsPage::read(&app, &signed_in, &query, &Sent::default()).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}
