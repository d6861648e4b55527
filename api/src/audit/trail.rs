//! Two rows of facts made one: events by position, refusals by time, account and command.
//!
//! A cursor keeps a place in each of the two, so that pages are exact however many facts share a moment, and nothing is
//! passed over that is written between two pages.

use std::collections::HashSet;

use bordereau_domain::Role;
use bordereau_projections::{ReadError, TrailFilter, TrailPlace, TrailRow, read_cursor, write_cursor};
use bordereau_store::{Micros, Refusal, RefusalKey, RefusalQuery};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::GRANTED;
use crate::{app::App, problem::Problem};

/// Refusals that are looked at in one go where not all of them are shown.
const CHUNK: usize = 1_000;

/// Which part of the trail.
#[derive(Debug)]
pub struct Wanted {
    /// Which events; nothing for none.
    pub events: Option<TrailFilter>,
    /// Which refusals and accesses; nothing for none.
    pub refusals: Option<RefusalQuery>,
    /// Which of the two.
    pub kinds: Kinds,
    /// Whether a bookseller asks, who is not shown everything.
    pub booksellers: bool,
    /// The newest first.
    pub newest_first: bool,
    /// At most so many.
    pub limit: usize,
}

/// What is kept beside the log, in one row of rows.
#[derive(Clone, Copy, Debug)]
pub struct Kinds {
    /// Refused commands.
    pub refusals: bool,
    /// Accesses to personal data.
    pub accesses: bool,
}

impl Kinds {
    fn hold(self, row: &Refusal) -> bool {
        if row.reason == GRANTED { self.accesses } else { self.refusals }
    }
}

/// What happened, or did not.
#[derive(Debug)]
pub enum Found {
    /// An event.
    Event(Box<TrailRow>),
    /// A refused command, or an access.
    Refusal(Refusal),
}

impl Found {
    /// Where it stands in time. Of one moment the event comes first.
    fn when(&self) -> (Micros, u8) {
        match self {
            Self::Event(row) => (row.recorded_at.timestamp_micros(), 0),
            Self::Refusal(refusal) => (refusal.at, 1),
        }
    }
}

/// The last of each kind that was shown.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    newest_first: bool,
    position: Option<u64>,
    refusal: Option<(Micros, String, String)>,
}

/// A page of the trail, and the cursor of the next one.
pub async fn page(
    app: &App,
    shop: &str,
    wanted: &Wanted,
    cursor: Option<&str>,
) -> Result<(Vec<Found>, Option<String>), Problem> {
    let given: Option<Place> = read_cursor(cursor)?;
    if given.as_ref().is_some_and(|place| place.newest_first != wanted.newest_first) {
        return Err(ReadError::BadCursor.into());
    }
    let mut place = given.unwrap_or(Place { newest_first: wanted.newest_first, ..Place::default() });
    let mut found: Vec<_> = events(app, shop, wanted, &place).await?;
    found.extend(refusals(app, shop, wanted, &place).await?);
    // Each of the two is in order already: a stable sort keeps what shares a moment as it came.
    if wanted.newest_first {
        found.sort_by_key(|item| std::cmp::Reverse(item.when()));
    } else {
        found.sort_by_key(Found::when);
    }
    let more = found.len() > wanted.limit;
    found.truncate(wanted.limit);
    for item in &found {
        match item {
            Found::Event(row) => place.position = Some(row.step.position),
            Found::Refusal(refusal) => {
                let RefusalKey { at, account, command } = refusal.key();
                place.refusal = Some((at, account, command));
            }
        }
    }
    let next = if more { Some(write_cursor(&place).map_err(|error| Problem::internal(&error))?) } else { None };
    Ok((found, next))
}

async fn events(app: &App, shop: &str, wanted: &Wanted, place: &Place) -> Result<Vec<Found>, Problem> {
    let Some(filter) = &wanted.events else { return Ok(Vec::new()) };
    let place = TrailPlace { after: place.position, newest_first: wanted.newest_first, limit: wanted.limit + 1 };
    let rows = app.projections.audit_trail().list(shop, filter, place).await?;
    Ok(rows.into_iter().map(|row| Found::Event(Box::new(row))).collect())
}

async fn refusals(app: &App, shop: &str, wanted: &Wanted, place: &Place) -> Result<Vec<Found>, Problem> {
    let Some(query) = &wanted.refusals else { return Ok(Vec::new()) };
    let all = wanted.kinds.refusals && wanted.kinds.accesses && !wanted.booksellers;
    let limit = if all { wanted.limit + 1 } else { CHUNK };
    let after = place.refusal.clone().map(|(at, account, command)| RefusalKey { at, account, command });
    let mut query = RefusalQuery { after, limit, ..query.clone() };
    let mut found = Vec::new();
    loop {
        let rows = app.store.list_refusals(shop, query.clone()).await?;
        let complete = rows.len() < limit;
        query.after = rows.last().map(Refusal::key);
        let rows = if wanted.booksellers { shown_to_booksellers(app, shop, rows).await? } else { rows };
        found.extend(rows.into_iter().filter(|row| wanted.kinds.hold(row)).map(Found::Refusal));
        if complete || found.len() > wanted.limit {
            return Ok(found);
        }
    }
}

/// What a bookseller sees of refusals: all of the shop's own people and keys; of an institution's people, those about
/// documents that he sees himself.
async fn shown_to_booksellers(app: &App, shop: &str, rows: Vec<Refusal>) -> Result<Vec<Refusal>, Problem> {
    let basket = |row: &Refusal| -> Option<Uuid> { row.aggregate.as_deref()?.strip_prefix("basket/")?.parse().ok() };
    let baskets: HashSet<Uuid> = rows.iter().filter_map(basket).collect();
    let converted = app.projections.audit_trail().list_converted(shop, baskets).await?;
    let is_shown = |row: &Refusal| {
        let inner = row.role.as_deref().and_then(|role| role.parse().ok()).is_some_and(Role::is_institutional);
        let about = row.aggregate.as_deref().unwrap_or_default();
        !inner
            || about.starts_with("quote/")
            || about.starts_with("order/")
            || basket(row).is_some_and(|basket| converted.contains(&basket))
    };
    Ok(rows.into_iter().filter(is_shown).collect())
}
