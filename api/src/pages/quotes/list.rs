//! The list of quotes: *Devis en cours* and *Devis archivés*, found by number or reference.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{Money, Role, quote::QuoteStatus};
use bordereau_projections::{QuoteRow, QuoteTab};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::super::{
    documents::{Contact, Origin, Tab},
    frame::Frame,
    query::address,
    search::Search,
    signed_in::SignedIn,
};
use crate::{
    app::App,
    documents::references,
    names::{self, Clear},
    problem::Problem,
    quotes::scope,
};

/// Quotes on a page.
const PAGE: usize = 50;

/// Which quotes, from where on.
#[derive(Debug, Default, Deserialize)]
pub struct QuoteQuery {
    tab: Option<String>,
    q: Option<String>,
    cursor: Option<String>,
}

/// A quote in the table (L25).
struct Row {
    id: Uuid,
    number: u64,
    created_by: Contact,
    origin: Origin,
    institution: String,
    requested_at: DateTime<Utc>,
    reference: String,
    copies: u64,
    total_excl_tax: Money,
    total_incl_tax: Money,
    class: &'static str,
    status: String,
}

#[derive(Template)]
#[template(path = "quotes.html")]
struct QuotesPage {
    frame: Frame,
    title: String,
    tabs: Vec<Tab>,
    search: Search,
    rows: Vec<Row>,
    empty: String,
    /// The next page.
    next: Option<String>,
}

/// The shape and colour of a quote's state.
pub const fn class(status: QuoteStatus) -> &'static str {
    match status {
        QuoteStatus::Requested | QuoteStatus::Collected | QuoteStatus::Answered => "state waiting",
        QuoteStatus::Accepted => "state done",
        QuoteStatus::Refused | QuoteStatus::Expired | QuoteStatus::Archived => "state ended",
    }
}

/// What the list is called by who reads it.
pub fn title(frame: &Frame, role: Role) -> String {
    frame.t(if role == Role::Purchaser { "quotes-mine" } else { "quotes-all" })
}

fn row(frame: &Frame, row: &QuoteRow, clear: &Clear) -> Row {
    let name = clear.sealed(row.basket_name);
    Row {
        id: row.id.0,
        number: row.number,
        created_by: Contact::of(frame, &row.created_by, clear),
        origin: Origin::new(frame, row.basket_id.0, row.basket_number, name.as_deref()),
        institution: row.institution.name.clone(),
        requested_at: row.requested_at,
        reference: row.reference.clone(),
        copies: row.quantity,
        total_excl_tax: row.total_excl_tax,
        total_incl_tax: row.total_incl_tax,
        class: class(row.status),
        status: frame.t(&format!("quote-status-{}", row.status.as_str())),
    }
}

const fn tab_label(tab: QuoteTab) -> &'static str {
    match tab {
        QuoteTab::Current => "quotes-current",
        QuoteTab::Archived => "quotes-archived",
    }
}

/// The list.
pub async fn index(
    State(app): State<App>,
    signed_in: SignedIn,
    query: Result<Query<QuoteQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let wanted = query.tab.as_deref().unwrap_or(QuoteTab::Current.as_str());
    let tab = QuoteTab::ALL.into_iter().find(|tab| tab.as_str() == wanted).ok_or_else(Problem::not_found)?;
    let page = read(&app, &signed_in, tab, &query).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

async fn read(app: &App, signed_in: &SignedIn, tab: QuoteTab, query: &QuoteQuery) -> Result<QuotesPage, Problem> {
    let scope = scope(&signed_in.caller)?;
    signed_in.settle(app, "quote_list").await?;
    let q = query.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let quotes = app.projections.quote_list();
    let (page, counts) = quotes.list(signed_in.shop(), &scope, tab, q, PAGE, query.cursor.as_deref()).await?;
    let sealed = page.items.iter().flat_map(|row| references(&row.created_by).chain(row.basket_name.map(|n| n.digest)));
    let clear = names::open(app, signed_in.shop(), sealed).await?;
    let frame = Frame::of(signed_in);
    let count = |tab| match tab {
        QuoteTab::Current => counts.current,
        QuoteTab::Archived => counts.archived,
    };
    let tabs = QuoteTab::ALL.map(|of| Tab {
        label: frame.t(tab_label(of)),
        count: count(of),
        href: address("/quotes", &[("tab", of.as_str()), ("q", q.unwrap_or_default())]),
        here: of == tab,
    });
    let search = Search::new(&frame, "/quotes", "quotes-search", &[("tab", tab.as_str())], q.unwrap_or_default());
    let empty = if q.is_some() { "quotes-none-found".to_owned() } else { format!("{}-empty", tab_label(tab)) };
    let more = |cursor: &String| {
        address("/quotes", &[("tab", tab.as_str()), ("q", q.unwrap_or_default()), ("cursor", cursor)])
    };
    Ok(QuotesPage {
        title: title(&frame, signed_in.caller.actor.role),
        tabs: tabs.into(),
        search,
        rows: page.items.iter().map(|found| row(&frame, found, &clear)).collect(),
        empty: frame.t(&empty),
        next: page.next.as_ref().map(more),
        frame,
    })
}
