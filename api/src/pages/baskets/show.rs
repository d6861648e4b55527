//! The page of one basket: where it is, its lines (L45) and totals (L46), and what may be done with it.

use askama::Template;
use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_domain::{
    BasketId, Context, Role,
    basket::{Action, Document, Stage},
    pricing::Totals,
};
use bordereau_projections::BasketDetail;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    entry::{self, Entry},
    line_row::LineRow,
    offers::{OfferKind, Offers},
    place::{Facts, Place},
};
use crate::{
    app::App,
    baskets::{find_visible, sealed},
    names::{self, Clear},
    pages::{
        conditions::new_key,
        field::{Field, Told},
        frame::Frame,
        redirect::SeeOther,
        signed_in::SignedIn,
        warnings::Notes,
    },
    problem::Problem,
    texts,
};

/// Lines on a page, the last added first.
const LINES: usize = 50;

/// A return, and why.
pub struct ReturnedNote {
    by: String,
    comment: Option<String>,
    at: DateTime<Utc>,
}

/// The page of a basket.
#[derive(Template)]
#[template(path = "basket.html")]
pub struct BasketPage {
    /// What surrounds it.
    pub frame: Frame,
    detail: BasketDetail,
    /// Its id.
    pub id: BasketId,
    number: String,
    /// What it is called: its name, or its number.
    pub title: String,
    institution: String,
    owner: String,
    place: Place,
    returned: Option<ReturnedNote>,
    /// Where the quote or order that it became is shown.
    document: Option<String>,
    /// What may be done with it.
    pub offers: Offers,
    /// The sequence that its reader sees.
    pub seen: u64,
    /// Its forms count once.
    key: String,
    /// A word that was written with a step.
    pub comment: String,
    /// Its name, to be changed.
    pub name: Field,
    /// Where articles are entered.
    pub entry: Entry,
    /// Lines of this page of them.
    pub lines: Vec<LineRow>,
    line_count: u64,
    copies: u64,
    page: usize,
    pages: usize,
    totals: Totals,
    /// What there is to know of its lines.
    notes: Notes,
    /// A refusal that is about no single field.
    pub told: Option<Told>,
}

impl BasketPage {
    /// Where a basket is shown, from some page of its lines on.
    pub fn path(basket: BasketId, page: usize) -> String {
        if page > 1 { format!("/baskets/{basket}?page={page}") } else { format!("/baskets/{basket}") }
    }

    /// The page of a basket for a reader who may see it.
    ///
    /// # Errors
    /// 404 when there is none or he may not know of it, 503 when the view is behind.
    pub async fn read(app: &App, signed_in: &SignedIn, id: &str, page: usize) -> Result<Self, Problem> {
        signed_in.settle(app, "basket_detail").await?;
        let (detail, context) = find_visible(app, &signed_in.reading(), id).await?;
        let inner = signed_in.caller.reads_inner_comments(app).await?;
        let clear = names::open(app, signed_in.shop(), sealed(&detail)).await?;
        let notes = Notes::read(app, signed_in, &detail).await?;
        Ok(Self { notes, ..Self::of(app, signed_in, detail, &context, inner, &clear, page) })
    }

    /// The same as it is at this very moment: after a lost race.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn read_now(app: &App, signed_in: &SignedIn, id: &str) -> Result<Self, Problem> {
        let mut signed_in = signed_in.clone();
        if let Some(head) = app.store.head(signed_in.shop()).await? {
            signed_in.has_written(head.position);
        }
        Self::read(app, &signed_in, id, 1).await
    }

    fn of(
        app: &App,
        signed_in: &SignedIn,
        detail: BasketDetail,
        context: &Context,
        inner: bool,
        clear: &Clear,
        page: usize,
    ) -> Self {
        let mut frame = Frame::of(signed_in);
        // The language switch of a refused form leads back to the page, not to the form's own path.
        if frame.here.split('?').next() != Some(Self::path(detail.id, 1).as_str()) {
            frame.here = Self::path(detail.id, page);
        }
        let basket = &detail.basket;
        let somebody = |name: Option<String>| name.unwrap_or_else(|| frame.t("erased"));
        let owner = somebody(clear.sealed(detail.owner.name));
        let facts = Facts {
            stage: basket.stage,
            returned: basket.returned.is_some(),
            mine: basket.owner == context.actor.principal(),
            yours: waits_for(&detail, context),
            owner: &owner,
            since: detail.since,
        };
        let returned = detail.returned.as_ref().map(|returned| ReturnedNote {
            by: somebody(clear.sealed(returned.by.name)),
            comment: clear.sealed(returned.comment).filter(|_| inner),
            at: returned.at,
        });
        let number = basket.number.to_string();
        let name = clear.field(basket.name);
        let pages = basket.lines.len().div_ceil(LINES).max(1);
        let page = page.clamp(1, pages);
        let shown = basket.lines.iter().rev().skip((page - 1) * LINES).take(LINES);
        Self {
            id: detail.id,
            title: name.clone().unwrap_or_else(|| frame.t_with("basket-numbered", "number", &number)),
            number,
            institution: detail.institution.name.clone(),
            place: Place::of(&frame, signed_in.zone, app.clock.now(), &facts),
            owner,
            returned,
            document: document_path(basket.stage),
            offers: Offers::of(&frame, &detail, context),
            seen: detail.sequence,
            key: new_key(),
            comment: String::new(),
            name: Field::text("name", frame.t("basket-name")).holding(name.unwrap_or_default()),
            entry: Entry::empty(&frame),
            lines: shown.map(|line| LineRow::of(line, clear)).collect(),
            line_count: basket.lines.len() as u64,
            copies: basket.lines.iter().map(|line| u64::from(line.quantity)).sum(),
            page,
            pages,
            totals: basket.totals(),
            notes: Notes::default(),
            told: None,
            frame,
            detail,
        }
    }

    /// Looks for what was typed where articles are entered.
    ///
    /// # Errors
    /// 503.
    pub async fn ask(&mut self, app: &App, signed_in: &SignedIn, typed: &str) -> Result<Option<Problem>, Problem> {
        let (entry, refused) = entry::find(app, &self.frame, &self.detail, signed_in.shop(), typed).await?;
        self.entry = entry;
        Ok(refused)
    }

    /// Tells a refusal above the basket as it is now.
    pub fn tell(&mut self, problem: &Problem) {
        let (title, detail) = match problem.slug {
            "stale" => (self.frame.t("basket-stale"), self.frame.t("basket-stale-detail")),
            "wrong-stage" => (self.frame.t("basket-elsewhere"), self.frame.t("basket-elsewhere-detail")),
            slug => texts::problem(self.frame.language, slug, &problem.args),
        };
        self.told = Some(Told { title, detail });
        self.entry.asked.focus = false;
    }

    fn search(&self) -> String {
        format!("/articles?basket={}", self.id)
    }
}

/// Whether it waits for the reader's validation: at his role, and allowed to him.
pub fn waits_for(detail: &BasketDetail, context: &Context) -> bool {
    let may = |action| detail.basket.may_act(action, context, &detail.standing).is_ok();
    match (context.actor.role, detail.basket.stage) {
        (Role::Approver, Stage::AwaitingApprover { .. }) => may(Action::Validate),
        (Role::Purchaser, Stage::AwaitingPurchaser { .. }) => may(Action::PlaceOrder),
        _ => false,
    }
}

fn document_path(stage: Stage) -> Option<String> {
    match stage {
        Stage::Converted(Document::Quote(id)) => Some(format!("/quotes/{id}")),
        Stage::Converted(Document::Order(id)) => Some(format!("/orders/{id}")),
        Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } | Stage::Discarded => None,
    }
}

/// Which of its lines, and what is typed where articles are entered.
#[derive(Debug, Default, Deserialize)]
pub struct ShowQuery {
    #[serde(default)]
    page: usize,
    add: Option<String>,
}

/// A basket.
pub async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    query: Result<Query<ShowQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let mut page = BasketPage::read(&app, &signed_in, &id, query.page).await?;
    let typed = query.add.as_deref().map(str::trim).filter(|typed| !typed.is_empty() && page.offers.lines());
    let Some(typed) = typed else { return Ok(page.frame.answer(StatusCode::OK, &page)) };
    if !entry::is_number(typed) {
        return Ok(SeeOther::to(&entry::search_path(page.id, typed), signed_in.reader.transport).into_response());
    }
    Ok(match page.ask(&app, &signed_in, typed).await? {
        Some(refused) => page.frame.answer_refused(&refused, &page),
        None => page.frame.answer(StatusCode::OK, &page),
    })
}
