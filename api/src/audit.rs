//! The audit trail over HTTP: every event of the shop, every refused command, and every access to a person's data that was
//! granted, interleaved by time.

mod items;
mod trail;

use axum::{extract::State, http::HeaderMap, response::Response};
use bordereau_domain::{AccountId, Role, catalogue};
use bordereau_projections::{AggregateRef, TrailFilter};
use bordereau_store::{Micros, RefusalQuery};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use self::{
    items::AuditItem,
    trail::{Kinds, Wanted},
};
use crate::{
    app::App,
    days,
    extract::{Filters, Reading, page_size},
    list,
    openapi::Refused,
    problem::Problem,
    texts::Language,
};

/// What stands among the types for refused commands.
const REFUSAL: &str = "refusal";
/// What stands among the types for accesses.
const ACCESS: &str = "access";
/// The reason of a row among the refusals that is none: somebody looked at another's personal data, and was let.
pub const GRANTED: &str = "granted";

/// The route of the trail.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(index))
}

/// Which part of the trail; all that is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    /// What this account or key did, or was done in its place.
    actor: Option<Uuid>,
    /// Recorded then or later: RFC 3339, or a day in the shop's time zone.
    from: Option<String>,
    /// Recorded then or earlier: RFC 3339, or a day in the shop's time zone with all of that day.
    to: Option<String>,
    /// Wire names of events, with commas; `refusal` for refused commands, `access` for exports of somebody's personal data
    /// by the bookshop. All when empty.
    #[serde(default)]
    r#type: String,
    /// For example `basket/ID`.
    aggregate: Option<String>,
    /// The oldest first by default.
    #[serde(default)]
    order: OrderName,
    /// Items on a page, 1 to 200; 50 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Which end of the trail comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OrderName {
    /// The oldest first.
    #[default]
    Oldest,
    /// The newest first.
    Newest,
}

/// A page of the trail.
#[derive(Debug, Serialize, ToSchema)]
struct AuditPage {
    /// Events, refusals and accesses by time.
    items: Vec<AuditItem>,
    /// The next page's cursor.
    next: Option<String>,
    /// How many are on this page.
    counts: Counts,
}

/// How many items a page holds.
#[derive(Debug, Serialize, ToSchema)]
struct Counts {
    items: usize,
}

/// The trail: the auditor's whole, the bookseller's without baskets that have not become his and without inner comments.
#[utoipa::path(get, path = "/api/v1/audit", tag = "audit", params(AuditQuery),
    responses((status = 200, content((AuditPage = "application/json"), (String = "text/csv"))), Refused))]
async fn index(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(query): Filters<AuditQuery>,
) -> Result<Response, Problem> {
    reading.caller.must_be(&[Role::Auditor, Role::Bookseller])?;
    let wanted = wanted(&app, &reading, &query).await?;
    reading.settle(&app, "audit_trail").await?;
    let (found, next) = trail::page(&app, reading.shop(), &wanted, query.cursor.as_deref()).await?;
    let items = items::tell(&app, &reading, found, Language::of(&headers)).await?;
    let counts = Counts { items: items.len() };
    list::answer(&headers, &AuditPage { items, next, counts })
}

async fn wanted(app: &App, reading: &Reading, query: &AuditQuery) -> Result<Wanted, Problem> {
    let limit = page_size(query.limit)?;
    let (types, kinds) = types(&query.r#type)?;
    let aggregate = query.aggregate.as_deref().map(aggregate).transpose()?;
    let from = days::from(app, reading.shop(), "from", query.from.as_deref()).await?;
    let to = days::until(app, reading.shop(), "to", query.to.as_deref()).await?;
    let newest_first = query.order == OrderName::Newest;
    let micros = |at: Option<DateTime<Utc>>, otherwise| at.map_or(otherwise, |at| at.timestamp_micros());
    Ok(Wanted {
        kinds,
        refusals: (kinds.refusals || kinds.accesses).then(|| RefusalQuery {
            from: micros(from, Micros::MIN),
            to: micros(to, Micros::MAX),
            account: query.actor.map(|account| account.to_string()),
            aggregate: aggregate.as_ref().map(ToString::to_string),
            newest_first,
            ..RefusalQuery::default()
        }),
        events: types.map(|types| TrailFilter {
            actor: query.actor.map(AccountId),
            types,
            aggregate,
            from,
            to,
            converted_only: reading.caller.actor.role == Role::Bookseller,
        }),
        booksellers: reading.caller.actor.role == Role::Bookseller,
        newest_first,
        limit,
    })
}

/// The wanted events, nothing for none of them, empty for all; and which of the rows beside the log.
fn types(list: &str) -> Result<(Option<Vec<String>>, Kinds), Problem> {
    let names: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_kind = |name: &str| [REFUSAL, ACCESS].contains(&name);
    let (kinds, types): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| is_kind(name));
    let known = |name: &&str| catalogue::all().any(|(_, known, _)| known == *name);
    if !types.iter().all(known) {
        return Err(Problem::invalid("invalid-field", "type"));
    }
    let all = names.is_empty();
    let wanted = Kinds { refusals: all || kinds.contains(&REFUSAL), accesses: all || kinds.contains(&ACCESS) };
    let types = (all || !types.is_empty()).then(|| types.into_iter().map(str::to_owned).collect());
    Ok((types, wanted))
}

fn aggregate(text: &str) -> Result<AggregateRef, Problem> {
    AggregateRef::parse(text).ok_or_else(|| Problem::invalid("invalid-field", "aggregate"))
}
