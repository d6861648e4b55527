//! The trays of baskets (L36 L37 L38), and a new basket.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{BasketRequest, OpenBasket, new_id};
use bordereau_domain::{BasketId, Money, Role, basket::Stage};
use bordereau_projections::{Page, Tray, TrayCounts, TrayRow, Viewer};
use serde::Deserialize;

use super::place::{Facts, Place};
use crate::{
    app::App,
    documents::references,
    extract::Answered,
    form, names,
    pages::{
        clients::{institution_field, narrows},
        field::{Field, Told, refuse},
        frame::Frame,
        notice::Notice,
        redirect::SeeOther,
        sent::Sent,
        signed_in::SignedIn,
    },
    problem::Problem,
};

/// Baskets on a page.
const PAGE: usize = 50;

/// The trays that a role has, in the order of the tabs.
pub const fn trays(role: Role) -> &'static [Tray] {
    match role {
        Role::Requester => &[Tray::Mine, Tray::Sent, Tray::Validated],
        Role::Approver | Role::Purchaser => &[Tray::Mine, Tray::ToValidate, Tray::Sent, Tray::Validated],
        Role::Bookseller | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => &[],
    }
}

/// Where a tray is listed.
pub const fn tray_path(tray: Tray) -> &'static str {
    match tray {
        Tray::Mine => "/baskets",
        Tray::Sent => "/baskets?tray=sent",
        Tray::ToValidate => "/baskets?tray=to_validate",
        Tray::Validated => "/baskets?tray=validated",
    }
}

/// A tray's name for who reads.
pub fn tray_label(frame: &Frame, tray: Tray) -> String {
    let approver = frame.account.as_ref().is_some_and(|account| account.role == Role::Approver);
    frame.t(match tray {
        Tray::Mine => "tray-mine",
        Tray::Sent => "tray-sent",
        Tray::ToValidate => "tray-to-validate",
        Tray::Validated if approver => "tray-passed-on",
        Tray::Validated => "tray-validated",
    })
}

/// How many baskets a tray holds.
pub const fn count(counts: &TrayCounts, tray: Tray) -> u64 {
    match tray {
        Tray::Mine => counts.mine,
        Tray::Sent => counts.sent,
        Tray::ToValidate => counts.to_validate,
        Tray::Validated => counts.validated,
    }
}

/// A page of a tray of the reader's.
///
/// # Errors
/// 422 for a cursor that is none; 503.
pub async fn list(
    app: &App,
    signed_in: &SignedIn,
    tray: Tray,
    limit: usize,
    cursor: Option<&str>,
) -> Result<(Page<TrayRow>, TrayCounts), Problem> {
    let viewer = Viewer::of(&signed_in.caller.actor);
    Ok(app.projections.basket_tray().list(signed_in.shop(), &viewer, tray, limit, cursor).await?)
}

/// Which tray, from where on.
#[derive(Debug, Deserialize)]
pub struct TrayQuery {
    tray: Option<String>,
    cursor: Option<String>,
}

/// A tab.
struct Tab {
    label: String,
    count: u64,
    href: &'static str,
    here: bool,
}

/// A basket in the table.
struct Row {
    id: BasketId,
    number: u64,
    name: Option<String>,
    institution: String,
    owner: String,
    copies: u64,
    total: Money,
    place: Place,
}

/// What a new basket is asked for.
const FIELDS: [&str; 2] = ["name", "institution_id"];

#[derive(Template)]
#[template(path = "baskets.html")]
struct BasketsPage {
    frame: Frame,
    title: String,
    empty: String,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    /// The next page.
    next: Option<String>,
    told: Option<Told>,
    name: Field,
    institution: Field,
    /// Whether a new basket may be opened here.
    may_open: bool,
    /// Whether the form of a new basket stands open.
    opening: bool,
}

impl BasketsPage {
    async fn read(
        app: &App,
        signed_in: &SignedIn,
        tray: Tray,
        cursor: Option<&str>,
        sent: &Sent,
    ) -> Result<Self, Problem> {
        signed_in.settle(app, "basket_tray").await?;
        let frame = Frame::of(signed_in);
        let (page, counts) = list(app, signed_in, tray, PAGE, cursor).await?;
        let tab = |wanted: &Tray| Tab {
            label: tray_label(&frame, *wanted),
            count: count(&counts, *wanted),
            href: tray_path(*wanted),
            here: *wanted == tray,
        };
        let join = if tray == Tray::Mine { '?' } else { '&' };
        Ok(Self {
            title: tray_label(&frame, tray),
            empty: frame.t(&format!("tray-empty-{}", tray.as_str().replace('_', "-"))),
            tabs: trays(signed_in.caller.actor.role).iter().map(tab).collect(),
            rows: rows(app, signed_in, &frame, &page.items).await?,
            next: page.next.map(|cursor| format!("{}{join}cursor={cursor}", tray_path(tray))),
            told: None,
            name: Field::text("name", frame.t("basket-name"))
                .optional()
                .hinting(frame.t("basket-name-hint"))
                .holding(sent.text("name")),
            institution: institution_field(app, signed_in, &frame, sent, "basket-institution").await?,
            may_open: tray == Tray::Mine,
            opening: !sent.is_empty(),
            frame,
        })
    }
}

async fn rows(app: &App, signed_in: &SignedIn, frame: &Frame, found: &[TrayRow]) -> Result<Vec<Row>, Problem> {
    let sealed = found.iter().flat_map(|row| references(&row.owner).chain(row.name.map(|name| name.digest)));
    let clear = names::open(app, signed_in.shop(), sealed).await?;
    let now = app.clock.now();
    let role = signed_in.caller.actor.role;
    let row = |row: &TrayRow| {
        let owner = clear.sealed(row.owner.name).unwrap_or_else(|| frame.t("erased"));
        let facts = Facts {
            stage: row.stage,
            returned: row.returned,
            mine: row.owner.id == signed_in.caller.actor.principal(),
            yours: waits_for(role, row.stage),
            owner: &owner,
            since: row.since,
        };
        Row {
            id: row.id,
            number: row.number,
            name: clear.sealed(row.name),
            institution: row.institution.name.clone(),
            copies: row.copies,
            total: row.total_incl_tax,
            place: Place::of(frame, signed_in.zone, now, &facts),
            owner,
        }
    };
    Ok(found.iter().map(row).collect())
}

/// Whether a basket at the approvers or purchasers waits for a role.
const fn waits_for(role: Role, stage: Stage) -> bool {
    matches!(
        (role, stage),
        (Role::Approver, Stage::AwaitingApprover { .. }) | (Role::Purchaser, Stage::AwaitingPurchaser { .. })
    )
}

/// A tray.
pub async fn index(
    State(app): State<App>,
    signed_in: SignedIn,
    query: Result<Query<TrayQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let (tray, cursor) = query.map_or((None, None), |Query(query)| (query.tray, query.cursor));
    let known = trays(signed_in.caller.actor.role);
    let wanted = tray.as_deref().unwrap_or(Tray::Mine.as_str());
    let tray = known.iter().find(|tray| tray.as_str() == wanted).ok_or(Problem::not_found())?;
    let page = BasketsPage::read(&app, &signed_in, *tray, cursor.as_deref(), &Sent::default()).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Opens a basket and leads to it.
pub async fn open(State(app): State<App>, signed_in: SignedIn, sent: Sent) -> Result<Response, Problem> {
    if narrows(&sent, &FIELDS) {
        let page = BasketsPage::read(&app, &signed_in, Tray::Mine, None, &sent).await?;
        return Ok(page.frame.answer(StatusCode::OK, &page));
    }
    match try_open(&app, &signed_in, &sent).await {
        Ok((basket, done)) => Ok(SeeOther::to(&format!("/baskets/{basket}"), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::BasketOpened)
            .into_response()),
        Err(problem) => {
            let mut page = BasketsPage::read(&app, &signed_in, Tray::Mine, None, &sent).await?;
            let frame = page.frame.clone();
            page.opening = true;
            page.told = refuse(&frame, &mut [&mut page.name, &mut page.institution], None, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_open(app: &App, signed_in: &SignedIn, sent: &Sent) -> Result<(BasketId, Answered), Problem> {
    sent.only(&FIELDS)?;
    let name = form::optional_text(Some(sent.text("name")), "name")?;
    let institution_id =
        sent.chosen("institution_id")?.ok_or_else(|| Problem::invalid("not-chosen", "institution_id"))?;
    let basket_id = BasketId(new_id());
    let account = signed_in.caller.actor.principal();
    let open = app.projections.basket_tray().count_open(signed_in.shop(), account).await?;
    let request = OpenBasket { basket_id, institution_id, name, quota_reached: open >= app.settings.open_baskets };
    let done = app.execute(signed_in.envelope(app), basket_id, BasketRequest::Open(request)).await?;
    Ok((basket_id, done))
}
