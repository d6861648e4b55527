//! A basket as it was once the ledger had reached a position: with the prices of then, and with what has become of each
//! line since.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{Money, Rate, basket::Opened, pricing::Totals};
use chrono::{DateTime, Utc};

use super::{
    changes::{self, LineThen},
    read::Told,
    words::{self, ChangesText},
};
use crate::{
    app::App,
    as_of::AtQuery,
    names,
    pages::{frame::Frame, signed_in::SignedIn},
    problem::Problem,
};

/// A line as it was, or one that came later.
struct LineRow {
    ean: String,
    title: String,
    author: String,
    publisher: String,
    reference: Option<String>,
    quantity: u64,
    unit_price: Money,
    discount_rate: Rate,
    total: Money,
    /// What has become of it since: class of its sign, and words; nothing for a line that still is as it was.
    since: Option<(&'static str, String)>,
}

/// Another step of the same story.
struct Neighbour {
    position: u64,
    number: u64,
    label: String,
}

#[derive(Template)]
#[template(path = "story_then.html")]
struct ThenPage {
    frame: Frame,
    id: uuid::Uuid,
    title: String,
    name: Option<String>,
    at: DateTime<Utc>,
    /// The last step before that moment.
    step: Option<Neighbour>,
    before: Option<Neighbour>,
    after: Option<Neighbour>,
    lines: Vec<LineRow>,
    totals: Totals,
    total_now: Money,
    /// In short what differs from now; empty where nothing does.
    since: ChangesText,
}

pub(super) async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Path((id, position)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let told = Told::read(&app, &signed_in, &id).await?;
    let position: u64 = position.parse().map_err(|_| Problem::not_found())?;
    let as_of = AtQuery::position(position).find(&app, &signed_in.reading(), &["basket_detail"]).await?;
    let as_of = as_of.ok_or_else(Problem::not_found)?;
    let past = app.projections.basket_detail().find_at(&app.store, signed_in.shop(), told.detail.id, position);
    let then = past.await?.ok_or_else(Problem::not_found)?.basket;
    let references = then.lines.iter().filter_map(|line| line.line_reference.map(|reference| reference.digest));
    let mut clear = names::open(&app, signed_in.shop(), references.chain(then.name.map(|name| name.digest))).await?;
    clear.extend(told.clear.clone());
    let page = page(&told, &signed_in, &then, &clear, as_of.at, position);
    Ok(page.frame.answer(StatusCode::OK, &page))
}

fn page(
    told: &Told,
    signed_in: &SignedIn,
    then: &Opened,
    clear: &names::Clear,
    at: DateTime<Utc>,
    position: u64,
) -> ThenPage {
    let frame = Frame::of(signed_in);
    let lines = |basket: &Opened| -> Vec<_> { basket.lines.iter().map(|line| LineThen::of(line, clear)).collect() };
    let (was, is) = (lines(then), lines(&told.detail.basket));
    let positions: Vec<_> = told.steps.iter().map(|place| told.rows[*place].position).collect();
    // How many steps had been taken by then.
    let taken = positions.partition_point(|step| *step <= position);
    let neighbour = |index: usize| {
        let position = *positions.get(index)?;
        Some(Neighbour { position, number: index as u64 + 1, label: words::turn(&frame, &told.story, index) })
    };
    let exact = taken.checked_sub(1).is_some_and(|index| positions[index] == position);
    let name = clear.field(then.name);
    let now = clear.field(told.detail.basket.name);
    ThenPage {
        id: told.detail.id.0,
        title: frame.t_with("then-title", "number", &then.number.to_string()),
        at,
        step: taken.checked_sub(1).and_then(neighbour),
        before: taken.checked_sub(if exact { 2 } else { 1 }).and_then(neighbour),
        after: neighbour(taken),
        lines: rows(&frame, then, &was, &is),
        totals: then.totals(),
        total_now: told.detail.basket.totals().total_incl_tax,
        since: words::changes(&frame, &changes::compare(&was, &is), (name.clone(), now), &[]),
        name,
        frame,
    }
}

fn rows(frame: &Frame, then: &Opened, was: &[LineThen], is: &[LineThen]) -> Vec<LineRow> {
    let row = |(line, was): (&bordereau_domain::line::Line, &LineThen)| LineRow {
        ean: was.ean.to_string(),
        title: was.title.clone(),
        author: line.author.clone(),
        publisher: line.publisher.clone(),
        reference: was.reference.clone(),
        quantity: was.quantity.into(),
        unit_price: was.unit_price,
        discount_rate: was.discount_rate,
        total: was.total,
        since: since(frame, was, is),
    };
    then.lines.iter().zip(was).map(row).collect()
}

/// What has become of a line since.
fn since(frame: &Frame, was: &LineThen, is: &[LineThen]) -> Option<(&'static str, String)> {
    let Some(now) = is.iter().find(|line| line.line_id == was.line_id) else {
        return Some(("removed", frame.t("since-removed")));
    };
    let found = changes::differences(was, now);
    let told: Vec<_> = found.iter().map(|difference| words::said(frame, difference)).collect();
    (!told.is_empty()).then(|| ("changed", told.join(", ")))
}
