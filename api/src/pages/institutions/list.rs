//! The list of institutions: by name, found by name, town or *N° Librisoft*.

use askama::Template;
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use bordereau_projections::InstitutionRow;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        clients::{scope, sees_all},
        frame::Frame,
        query::address,
        search::Search,
        signed_in::SignedIn,
    },
    discounts, state, title,
};
use crate::{app::App, problem::Problem};

/// Institutions on a page.
const PAGE: usize = 50;

/// Which institutions, from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct InstitutionQuery {
    q: String,
    cursor: String,
}

/// An institution in the table (L19).
struct Row {
    id: Uuid,
    librisoft_number: String,
    name: String,
    city: String,
    discounts: Vec<String>,
    class: &'static str,
    state: String,
    /// Whether two persons are demanded.
    two_persons: bool,
}

#[derive(Template)]
#[template(path = "institutions.html")]
struct InstitutionsPage {
    frame: Frame,
    title: String,
    search: Search,
    rows: Vec<Row>,
    empty: String,
    /// The next page.
    next: Option<String>,
}

fn row(frame: &Frame, row: &InstitutionRow) -> Row {
    let known = &row.known;
    let (class, state) = state(frame, known);
    Row {
        id: row.id.0,
        librisoft_number: known.profile.librisoft_number.clone(),
        name: known.profile.name.clone(),
        city: known.profile.city.clone(),
        discounts: discounts(frame, known),
        class,
        state,
        two_persons: known.two_persons,
    }
}

/// The list.
pub async fn index(
    State(app): State<App>,
    signed_in: SignedIn,
    query: Result<Query<InstitutionQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    signed_in.settle(&app, "institutions").await?;
    let (frame, actor, q) = (Frame::of(&signed_in), &signed_in.caller.actor, query.q.trim());
    let all = sees_all(actor.role);
    let cursor = Some(query.cursor.as_str()).filter(|cursor| !cursor.is_empty());
    let found = app.projections.institutions().search(signed_in.shop(), &scope(actor), true, q, PAGE, cursor).await?;
    let empty = match (q.is_empty(), all) {
        (false, _) => "institutions-none-found",
        (true, true) => "institutions-all-empty",
        (true, false) => "institutions-mine-empty",
    };
    let page = InstitutionsPage {
        title: title(&frame, actor.role),
        search: Search::new(&frame, "/institutions", "institutions-search", &[], q),
        rows: found.items.iter().map(|found| row(&frame, found)).collect(),
        empty: frame.t(empty),
        next: found.next.as_ref().map(|cursor| address("/institutions", &[("q", q), ("cursor", cursor)])),
        frame,
    };
    Ok(page.frame.answer(StatusCode::OK, &page))
}
