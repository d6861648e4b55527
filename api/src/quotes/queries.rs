//! Lists of quotes, and one quote.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bordereau_domain::{Context, QuoteId, Role, institution::Known, quote::QuoteAction};
use bordereau_projections::{QuoteDetail, QuoteRow, QuoteTab, Scope};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::App,
    as_of::{AsOf, AtQuery},
    auth,
    auth::hidden_evenly,
    documents::{Contact, LineJson, OriginJson, TotalsJson, references},
    extract::{Caller, Filters, Reading, page_size},
    form, list,
    names::{self, Clear},
    openapi::Refused,
    problem::Problem,
};

/// Which quotes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct QuoteQuery {
    /// The tab; `current` by default.
    #[serde(default)]
    tab: TabName,
    /// A number, or a part of the reference.
    q: Option<String>,
    /// Items on a page, 1 to 200; 50 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A tab of the quotes.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TabName {
    /// *Devis en cours*.
    #[default]
    Current,
    /// *Devis archivés*.
    Archived,
}

/// A page of quotes.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuotePage {
    /// The newest first.
    items: Vec<QuoteItem>,
    /// The next page's cursor.
    next: Option<String>,
    /// How many each tab holds.
    counts: QuoteCounts,
}

/// How many quotes each tab holds.
#[derive(Debug, Serialize, ToSchema)]
struct QuoteCounts {
    current: u64,
    archived: u64,
}

/// A quote in a list.
#[derive(Debug, Serialize, ToSchema)]
struct QuoteItem {
    id: Uuid,
    number: u64,
    basket: OriginJson,
    institution_id: Uuid,
    institution_name: String,
    /// *Panier créé par*.
    created_by: Contact,
    requested_at: DateTime<Utc>,
    status: &'static str,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    librisoft_number: Option<String>,
    /// *Nombre de produits*: the sum of quantities.
    quantity: u64,
    /// *Sous-total HT*.
    total_excl_tax: String,
    /// *Total TTC*.
    total_incl_tax: String,
}

/// Whose documents a caller may list.
pub fn scope(caller: &Caller) -> Result<Scope, Problem> {
    caller.must_be(&[Role::Purchaser, Role::Bookseller, Role::Auditor])?;
    let own = caller.actor.role == Role::Purchaser;
    Ok(if own { Scope::Institutions(caller.actor.institutions.clone()) } else { Scope::All })
}

/// Quotes: the bookshop's and the auditor's all, the purchaser's those of his institutions.
#[utoipa::path(get, path = "/api/v1/quotes", tag = "quotes", params(QuoteQuery),
    responses((status = 200, content((QuotePage = "application/json"), (String = "text/csv"))), Refused))]
pub async fn index(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(query): Filters<QuoteQuery>,
) -> Result<Response, Problem> {
    let scope = scope(&reading.caller)?;
    let limit = page_size(query.limit)?;
    reading.settle(&app, "quote_list").await?;
    let tab = match query.tab {
        TabName::Current => QuoteTab::Current,
        TabName::Archived => QuoteTab::Archived,
    };
    let quotes = app.projections.quote_list();
    let (q, cursor) = (query.q.as_deref(), query.cursor.as_deref());
    let (page, counts) = quotes.list(reading.shop(), &scope, tab, q, limit, cursor).await?;
    let sealed = page.items.iter().flat_map(|row| references(&row.created_by).chain(row.basket_name.map(|n| n.digest)));
    let clear = names::open(&app, reading.shop(), sealed).await?;
    list::answer(
        &headers,
        &QuotePage {
            items: page.items.iter().map(|row| item(row, &clear)).collect(),
            next: page.next,
            counts: QuoteCounts { current: counts.current, archived: counts.archived },
        },
    )
}

fn item(row: &QuoteRow, clear: &Clear) -> QuoteItem {
    QuoteItem {
        id: row.id.0,
        number: row.number,
        basket: OriginJson { id: row.basket_id.0, number: row.basket_number, name: clear.sealed(row.basket_name) },
        institution_id: row.institution.id.0,
        institution_name: row.institution.name.clone(),
        created_by: Contact::of(&row.created_by, clear),
        requested_at: row.requested_at,
        status: row.status.as_str(),
        reference: row.reference.clone(),
        librisoft_number: row.librisoft_number.clone(),
        quantity: row.quantity,
        total_excl_tax: row.total_excl_tax.to_string(),
        total_incl_tax: row.total_incl_tax.to_string(),
    }
}

/// A quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteJson {
    id: Uuid,
    number: u64,
    basket: OriginJson,
    institution_id: Uuid,
    /// *Panier créé par*.
    created_by: Contact,
    requested_at: DateTime<Utc>,
    /// `requested`, `collected`, `answered`, `accepted`, `refused`, `expired` or `archived`.
    status: &'static str,
    reference: String,
    comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    librisoft_number: Option<String>,
    quantity: u64,
    lines: Vec<LineJson>,
    totals: TotalsJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<Uuid>,
    /// Last path segments that the caller may use now.
    next_actions: Vec<&'static str>,
    /// As of when it is shown, if not as of now.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<AsOf>,
}

/// One quote, as it is, or as it was (`?at=`): then it has no `ETag`, and nothing can be done with it.
#[utoipa::path(get, path = "/api/v1/quotes/{id}", tag = "quotes",
    params(("id", description = "The quote"), AtQuery), responses((status = 200, body = QuoteJson), Refused))]
pub async fn show(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    Filters(query): Filters<AtQuery>,
) -> Result<Response, Problem> {
    let as_of = query.find(&app, &reading, &["quote_list"]).await?;
    let detail = find_visible(&app, &reading, &id).await?;
    let Some(as_of) = as_of else {
        let clear = names::open(&app, reading.shop(), sealed(&detail)).await?;
        let etag = format!("\"{}\"", detail.sequence);
        let actions = next_actions(&app, &reading.caller, &detail).await?;
        let next_actions = actions.into_iter().map(QuoteAction::as_str).collect();
        let now = QuoteJson { next_actions, ..quote_json(&detail, &clear) };
        return Ok(([(header::ETAG, etag)], Json(now)).into_response());
    };
    let past = app.projections.quote_list().find_at(&app.store, reading.shop(), detail.id, as_of.position);
    let detail = past.await?.ok_or_else(Problem::not_found)?;
    let clear = names::open(&app, reading.shop(), sealed(&detail)).await?;
    let then = quote_json(&detail, &clear);
    Ok(Json(QuoteJson { as_of: Some(as_of), ..then }).into_response())
}

/// The quote that a path names, if the caller may see it.
///
/// # Errors
/// 403 for machines, 404 when there is none or he may not know of it, 503 when the view is behind.
pub async fn find_visible(app: &App, reading: &Reading, id: &str) -> Result<QuoteDetail, Problem> {
    hidden_evenly(async {
        reading.caller.must_be_person()?;
        let id: QuoteId = form::id(id)?;
        reading.settle(app, "quote_list").await?;
        let detail = app.projections.quote_list().find(reading.shop(), id).await?.ok_or_else(Problem::not_found)?;
        let context = Context::new(reading.caller.actor.clone(), app.clock.now());
        if detail.quote.is_seen_by(&context) { Ok(detail) } else { Err(Problem::not_found()) }
    })
    .await
}

/// What the caller may do with a quote now.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn next_actions(app: &App, caller: &Caller, detail: &QuoteDetail) -> Result<Vec<QuoteAction>, Problem> {
    let today = app.clock.now().with_timezone(&auth::zone(app, &caller.shop).await?).date_naive();
    let standing = detail.known.as_ref().map(Known::standing).unwrap_or_default();
    Ok(detail.quote.next_actions(caller.actor.role, &standing, today))
}

/// What a quote's page needs opened.
pub fn sealed(detail: &QuoteDetail) -> impl Iterator<Item = bordereau_domain::Digest> {
    let quote = &detail.quote;
    references(&detail.created_by)
        .chain(quote.basket.name.map(|name| name.digest))
        .chain(quote.comment.map(|comment| comment.digest))
        .chain(quote.lines.iter().filter_map(|line| line.line_reference.map(|reference| reference.digest)))
}

/// A quote in clear.
pub fn quote_json(detail: &QuoteDetail, clear: &Clear) -> QuoteJson {
    let quote = &detail.quote;
    QuoteJson {
        id: detail.id.0,
        number: quote.number,
        basket: OriginJson {
            id: quote.basket.basket_id.0,
            number: quote.basket.number,
            name: clear.field(quote.basket.name),
        },
        institution_id: quote.institution_id.0,
        created_by: Contact::of(&detail.created_by, clear),
        requested_at: detail.requested_at,
        status: quote.status.as_str(),
        reference: quote.reference.clone(),
        comment: clear.field(quote.comment),
        librisoft_number: quote.librisoft_number.clone(),
        quantity: quote.quantity(),
        lines: quote.lines.iter().map(|line| LineJson::of(line, clear)).collect(),
        totals: (&quote.totals).into(),
        valid_until: quote.valid_until,
        order_id: quote.order_id.map(|order| order.0),
        next_actions: Vec::new(),
        as_of: None,
    }
}
