//! Lists of baskets, and one basket.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use bordereau_domain::{
    BasketId, Context, Role,
    basket::{Action, Document, Stage},
};
use bordereau_projections::{BasketDetail, SealedRef, Tray, TrayRow, Viewer};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    app::App,
    as_of::{AsOf, AtQuery},
    auth::hidden_evenly,
    documents::{LineJson, TotalsJson, references},
    extract::{Filters, Reading, page_size},
    form, list,
    names::{self, Clear, Person},
    openapi::Refused,
    problem::Problem,
};

/// Which baskets.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TrayQuery {
    /// The tray; `mine` by default.
    #[serde(default)]
    tray: TrayName,
    /// Items on a page, 1 to 200; 50 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A tray of baskets.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TrayName {
    /// My drafts.
    #[default]
    Mine,
    /// Mine or validated by me, on its way.
    Sent,
    /// Waiting for me.
    ToValidate,
    /// Passed on or converted.
    Validated,
}

impl From<TrayName> for Tray {
    fn from(name: TrayName) -> Self {
        match name {
            TrayName::Mine => Self::Mine,
            TrayName::Sent => Self::Sent,
            TrayName::ToValidate => Self::ToValidate,
            TrayName::Validated => Self::Validated,
        }
    }
}

/// A page of a tray.
#[derive(Debug, Serialize, ToSchema)]
pub struct BasketPage {
    /// What came last, first.
    items: Vec<BasketItem>,
    /// The next page's cursor.
    next: Option<String>,
    /// How many baskets each tray holds.
    counts: TrayCounts,
}

/// How many baskets each tray holds.
#[derive(Debug, Serialize, ToSchema)]
struct TrayCounts {
    mine: u64,
    sent: u64,
    to_validate: u64,
    validated: u64,
}

/// A basket in a tray.
#[derive(Debug, Serialize, ToSchema)]
struct BasketItem {
    id: Uuid,
    /// The number people call it by.
    number: u64,
    name: Option<String>,
    /// `requester`, `approver` or `purchaser`.
    level: &'static str,
    /// Where it is.
    stage: &'static str,
    locked: bool,
    institution: Uuid,
    institution_name: String,
    owner: Person,
    /// Whether its owner may still sign in.
    owner_active: bool,
    sequence: u64,
    line_count: u64,
    /// Copies on all its lines.
    quantity: u64,
    total_incl_tax: String,
    /// When it came where it is.
    since: DateTime<Utc>,
    /// Whether it was returned to where it is.
    returned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<Uuid>,
}

/// Baskets in one of the caller's trays.
#[utoipa::path(get, path = "/api/v1/baskets", tag = "baskets", params(TrayQuery),
    responses((status = 200, content((BasketPage = "application/json"), (String = "text/csv"))), Refused))]
pub async fn index(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(query): Filters<TrayQuery>,
) -> Result<Response, Problem> {
    reading.caller.must_be(&[Role::Requester, Role::Approver, Role::Purchaser])?;
    let limit = page_size(query.limit)?;
    reading.settle(&app, "basket_tray").await?;
    let viewer = Viewer::of(&reading.caller.actor);
    let tray = app.projections.basket_tray();
    let (page, counts) = tray.list(reading.shop(), &viewer, query.tray.into(), limit, query.cursor.as_deref()).await?;
    let sealed = page.items.iter().flat_map(|row| references(&row.owner).chain(row.name.map(|name| name.digest)));
    let clear = names::open(&app, reading.shop(), sealed).await?;
    list::answer(
        &headers,
        &BasketPage {
            items: page.items.iter().map(|row| item(row, &clear)).collect(),
            next: page.next,
            counts: TrayCounts {
                mine: counts.mine,
                sent: counts.sent,
                to_validate: counts.to_validate,
                validated: counts.validated,
            },
        },
    )
}

fn document_ids(document: Option<Document>) -> (Option<Uuid>, Option<Uuid>) {
    match document {
        Some(Document::Quote(id)) => (Some(id.0), None),
        Some(Document::Order(id)) => (None, Some(id.0)),
        None => (None, None),
    }
}

fn item(row: &TrayRow, clear: &Clear) -> BasketItem {
    let (quote_id, order_id) = document_ids(row.document());
    BasketItem {
        id: row.id.0,
        number: row.number,
        name: clear.sealed(row.name),
        level: row.level.as_str(),
        stage: row.stage.as_str(),
        locked: row.stage.is_locked(),
        institution: row.institution.id.0,
        institution_name: row.institution.name.clone(),
        owner: clear.person(&row.owner),
        owner_active: row.owner.active,
        sequence: row.sequence,
        line_count: row.lines,
        quantity: row.copies,
        total_incl_tax: row.total_incl_tax.to_string(),
        since: row.since,
        returned: row.returned,
        quote_id,
        order_id,
    }
}

/// A return and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnedJson {
    by: Person,
    comment: Option<String>,
    at: DateTime<Utc>,
}

/// A basket.
#[derive(Debug, Serialize, ToSchema)]
pub struct BasketJson {
    id: Uuid,
    /// The number people call it by.
    number: u64,
    name: Option<String>,
    /// `requester`, `approver` or `purchaser`: the owner's role when it was opened.
    level: &'static str,
    /// `drafting`, `awaiting_approver`, `awaiting_purchaser`, `converted` or `discarded`.
    stage: &'static str,
    locked: bool,
    institution: Uuid,
    owner: Person,
    sequence: u64,
    /// The last return, while the basket is where that led.
    #[serde(skip_serializing_if = "Option::is_none")]
    returned: Option<ReturnedJson>,
    lines: Vec<LineJson>,
    totals: TotalsJson,
    /// Last path segments that the caller may use now.
    next_actions: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<Uuid>,
    /// As of when it is shown, if not as of now.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<AsOf>,
}

/// One basket, as it is, or as it was (`?at=`): then it has no `ETag`, and nothing can be done with it.
#[utoipa::path(get, path = "/api/v1/baskets/{id}", tag = "baskets",
    params(("id", description = "The basket"), AtQuery), responses((status = 200, body = BasketJson), Refused))]
pub async fn show(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    Filters(query): Filters<AtQuery>,
) -> Result<Response, Problem> {
    let as_of = query.find(&app, &reading, &["basket_detail"]).await?;
    let (detail, context) = find_visible(&app, &reading, &id).await?;
    let inner = reading.caller.reads_inner_comments(&app).await?;
    let Some(as_of) = as_of else {
        let clear = names::open(&app, reading.shop(), sealed(&detail)).await?;
        let etag = format!("\"{}\"", detail.sequence);
        return Ok(([(header::ETAG, etag)], Json(basket_json(&detail, &context, inner, &clear))).into_response());
    };
    let past = app.projections.basket_detail().find_at(&app.store, reading.shop(), detail.id, as_of.position);
    let detail = past.await?.ok_or_else(Problem::not_found)?;
    let clear = names::open(&app, reading.shop(), sealed(&detail)).await?;
    let then = basket_json(&detail, &context, inner, &clear);
    Ok(Json(BasketJson { next_actions: Vec::new(), as_of: Some(as_of), ..then }).into_response())
}

/// The basket that a path names, if the caller may see it, and the context in which he does.
///
/// # Errors
/// 403 for machines, 404 when there is none or he may not know of it, 503 when the view is behind.
pub async fn find_visible(app: &App, reading: &Reading, id: &str) -> Result<(BasketDetail, Context), Problem> {
    hidden_evenly(async {
        reading.caller.must_be_person()?;
        let id: BasketId = form::id(id)?;
        reading.settle(app, "basket_detail").await?;
        let detail = app.projections.basket_detail().find(reading.shop(), id).await?.ok_or_else(Problem::not_found)?;
        let mut context = Context::new(reading.caller.actor.clone(), app.clock.now());
        context.owner_inactive = !detail.owner.active;
        if detail.basket.is_seen_by(&context) { Ok((detail, context)) } else { Err(Problem::not_found()) }
    })
    .await
}

/// What a basket's page needs opened.
pub fn sealed(detail: &BasketDetail) -> impl Iterator<Item = bordereau_domain::Digest> {
    let returned = detail.returned.iter();
    let comments = returned.clone().filter_map(|returned| returned.comment.map(|comment: SealedRef| comment.digest));
    let lines = detail.basket.lines.iter().filter_map(|line| line.line_reference.map(|reference| reference.digest));
    references(&detail.owner)
        .chain(detail.basket.name.map(|name| name.digest))
        .chain(returned.flat_map(|returned| references(&returned.by)))
        .chain(comments)
        .chain(lines)
}

/// A basket as the actor of `context` sees it, with or without inner comments.
pub fn basket_json(detail: &BasketDetail, context: &Context, inner: bool, clear: &Clear) -> BasketJson {
    let basket = &detail.basket;
    let (quote_id, order_id) = document_ids(match basket.stage {
        Stage::Converted(document) => Some(document),
        Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } | Stage::Discarded => None,
    });
    BasketJson {
        id: detail.id.0,
        number: basket.number,
        name: clear.field(basket.name),
        level: basket.level.as_str(),
        stage: basket.stage.as_str(),
        locked: basket.stage.is_locked(),
        institution: basket.institution_id.0,
        owner: clear.person(&detail.owner),
        sequence: detail.sequence,
        returned: detail.returned.as_ref().map(|returned| ReturnedJson {
            by: clear.person(&returned.by),
            comment: clear.sealed(returned.comment).filter(|_| inner),
            at: returned.at,
        }),
        lines: basket.lines.iter().map(|line| LineJson::of(line, clear)).collect(),
        totals: (&basket.totals()).into(),
        next_actions: basket.next_actions(context, &detail.standing).into_iter().map(Action::as_str).collect(),
        quote_id,
        order_id,
        as_of: None,
    }
}
