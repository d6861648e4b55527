//! Articles over HTTP.

use axum::{extract::State, http::HeaderMap, response::Response};
use bordereau_domain::{
    InstitutionId,
    article::{Article, ArticleKind, Availability},
    institution::{Institution, Known},
    pricing::{Conditions, price_article},
};
use bordereau_projections::ArticleRow;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Filters, Reading, page_size},
    list,
    openapi::Refused,
    problem::Problem,
};

/// Articles of an answer when nothing is said.
const USUAL_LIMIT: usize = 20;
/// Longest query, in characters.
pub const MAX_QUERY_CHARS: usize = 200;

/// The routes of articles.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// An EAN or ISBN-10, with or without hyphens; or words, each the beginning of a word of title, author or publisher.
    #[serde(default)]
    q: String,
    /// Whose price to show; the caller's first institution by default.
    institution_id: Option<Uuid>,
    /// Items on a page, 1 to 200; 20 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of articles.
#[derive(Debug, Serialize, ToSchema)]
struct ArticlePage {
    items: Vec<ArticleJson>,
    /// The next page's cursor.
    next: Option<String>,
    /// How many are on this page.
    counts: Counts,
}

/// How many articles a page holds.
#[derive(Debug, Serialize, ToSchema)]
struct Counts {
    items: usize,
}

/// An article.
#[derive(Debug, Serialize, ToSchema)]
struct ArticleJson {
    ean: String,
    title: String,
    author: String,
    publisher: String,
    /// Public price.
    price_incl_tax: String,
    /// In percent.
    vat_rate: String,
    /// `book`, `school_book`, `press` or `other`.
    #[schema(value_type = String)]
    kind: ArticleKind,
    /// By the codes of the FEL, `"1"` to `"9"`.
    #[schema(value_type = String)]
    availability: Availability,
    /// Whether it can be ordered now; another may be added, with a warning.
    orderable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published_on: Option<NaiveDate>,
    /// The institution's price of one copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    your_price_incl_tax: Option<String>,
}

impl ArticleJson {
    fn of(row: &ArticleRow, conditions: Option<&Conditions>) -> Self {
        let Article { ean, title, author, publisher, price_incl_tax, vat_rate, kind, availability, .. } = &row.article;
        Self {
            ean: ean.to_string(),
            title: title.clone(),
            author: author.clone(),
            publisher: publisher.clone(),
            price_incl_tax: price_incl_tax.to_string(),
            vat_rate: vat_rate.to_string(),
            kind: *kind,
            availability: *availability,
            orderable: availability.is_orderable() && !row.withdrawn,
            language: row.article.language.clone(),
            published_on: row.article.published_on,
            your_price_incl_tax: conditions.map(|c| price_article(&row.article, 1, c).total_incl_tax.to_string()),
        }
    }
}

/// Finds articles.
#[utoipa::path(get, path = "/api/v1/articles", tag = "articles", params(Query),
    responses((status = 200, content((ArticlePage = "application/json"), (String = "text/csv"))), Refused))]
async fn search(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(query): Filters<Query>,
) -> Result<Response, Problem> {
    let limit = query.limit.map_or(Ok(USUAL_LIMIT), |limit| page_size(Some(limit)))?;
    if query.q.chars().count() > MAX_QUERY_CHARS {
        return Err(Problem::invalid("text-too-long", "q").arg("max", MAX_QUERY_CHARS));
    }
    reading.check_head(&app).await?;
    let conditions = conditions(&app, &reading, query.institution_id).await?;
    let articles = app.projections.article_search();
    let page = articles.search(reading.shop(), &query.q, limit, query.cursor.as_deref()).await?;
    let items: Vec<_> = page.items.iter().map(|row| ArticleJson::of(row, conditions.as_ref())).collect();
    let counts = Counts { items: items.len() };
    list::answer(&headers, &ArticlePage { items, next: page.next, counts })
}

/// The conditions of the institution whose price is shown; nothing for callers without one.
async fn conditions(app: &App, reading: &Reading, wanted: Option<Uuid>) -> Result<Option<Conditions>, Problem> {
    let actor = &reading.caller.actor;
    if !actor.role.is_institutional() {
        return Ok(None);
    }
    match wanted.map(InstitutionId) {
        Some(wanted) if actor.acts_for(wanted) => conditions_of(app, reading.shop(), wanted).await,
        Some(_) => Err(Problem::invalid("unknown-institution", "institution_id")),
        None => match actor.institutions.first() {
            Some(first) => conditions_of(app, reading.shop(), *first).await,
            None => Ok(None),
        },
    }
}

/// The conditions of an institution, if it was ever synchronised.
///
/// # Errors
/// 503.
pub async fn conditions_of(app: &App, shop: &str, institution: InstitutionId) -> Result<Option<Conditions>, Problem> {
    let ask = |institution: &Institution| institution.known().map(Known::standing);
    let standing = app.commands.peek::<Institution, _>(shop, &institution.to_string(), ask).await?.value;
    Ok(standing.map(|standing| standing.conditions))
}
