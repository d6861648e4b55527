//! The trail's queries: which index leads to the positions of a page.

use bordereau_domain::catalogue;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::{AnyId, TrailFilter, TrailPlace};
use crate::{
    error::ReadError,
    page::bounded,
    sql::{Key, int, limit, to_json},
};

const HEAD: &str = "SELECT position FROM trail WHERE shop = ?1 ORDER BY position DESC LIMIT 1";
const RECORDED_AT: &str = "SELECT recorded_at FROM trail WHERE shop = ?1 AND position = ?2";
/// What a bookseller is not shown: baskets that have not become his.
const SHOWN: &str = "AND (t.kind <> 'Basket'
    OR EXISTS (SELECT 1 FROM converted c WHERE c.shop = t.shop AND c.basket = t.id))";

/// The index that positions are gathered from.
#[derive(Clone, Copy, Debug)]
enum Lead {
    Position,
    Type,
    Actor,
    OnBehalfOf,
    Aggregate,
}

impl Lead {
    /// `?1` to `?4` are the shop, the range and the limit; what follows are the lead's own.
    fn sql(self, newest_first: bool, converted_only: bool) -> String {
        let (index, holds) = match self {
            Self::Position => ("sqlite_autoindex_trail_1", ""),
            Self::Type => ("trail_by_type", "AND t.type = ?5"),
            Self::Actor => ("trail_by_actor", "AND t.type = ?5 AND t.actor = ?6"),
            Self::OnBehalfOf => ("trail_by_on_behalf_of", "AND t.type = ?5 AND t.on_behalf_of = ?6"),
            Self::Aggregate => (
                "trail_by_aggregate",
                "AND t.id = ?5 AND t.kind = ?6 AND (?7 IS NULL OR t.actor = ?7 OR t.on_behalf_of = ?7)
                 AND (?8 IS NULL OR t.type IN (SELECT value FROM json_each(?8)))",
            ),
        };
        let shown = if converted_only { SHOWN } else { "" };
        let direction = if newest_first { "DESC" } else { "ASC" };
        format!(
            "SELECT t.position FROM trail t INDEXED BY {index}
             WHERE t.shop = ?1 AND t.position > ?2 AND t.position < ?3 {holds} {shown}
             ORDER BY t.position {direction} LIMIT ?4"
        )
    }
}

/// A page to be found.
pub(super) struct Search {
    filter: TrailFilter,
    place: TrailPlace,
    /// The types to look for one by one.
    types: Vec<String>,
    types_json: Option<String>,
}

impl Search {
    pub(super) fn new(filter: &TrailFilter, place: TrailPlace) -> Result<Self, ReadError> {
        let every = || catalogue::all().map(|(_, name, _)| name.to_owned()).collect();
        let types_json = if filter.types.is_empty() { None } else { Some(to_json(&filter.types)?) };
        let types = if filter.types.is_empty() { every() } else { filter.types.clone() };
        let place = TrailPlace { limit: bounded(place.limit), ..place };
        Ok(Self { filter: filter.clone(), place, types, types_json })
    }

    /// The page's positions, in its order.
    pub(super) fn positions(&self, connection: &Connection, shop: &str) -> rusqlite::Result<Vec<i64>> {
        let range = self.range(connection, shop)?;
        let mut found = Vec::new();
        let mut gather = |lead, own: &[&dyn ToSql]| self.gather(connection, shop, lead, range, own, &mut found);
        let TrailFilter { actor, aggregate, types, .. } = &self.filter;
        let actor = actor.map(|account| Key(account.0));
        match (aggregate, &actor) {
            (Some(aggregate), _) => {
                gather(Lead::Aggregate, &[&AnyId(&aggregate.id), &aggregate.kind, &actor, &self.types_json])?;
            }
            (None, Some(actor)) => {
                for name in &self.types {
                    gather(Lead::Actor, &[name, actor])?;
                    gather(Lead::OnBehalfOf, &[name, actor])?;
                }
            }
            (None, None) if types.is_empty() => gather(Lead::Position, &[])?,
            (None, None) => {
                for name in &self.types {
                    gather(Lead::Type, &[name])?;
                }
            }
        }
        found.sort_unstable();
        // What somebody did in his own place is found twice.
        found.dedup();
        if self.place.newest_first {
            found.reverse();
        }
        found.truncate(self.place.limit);
        Ok(found)
    }

    /// The first positions that one index leads to.
    fn gather(
        &self,
        connection: &Connection,
        shop: &str,
        lead: Lead,
        (after, before): (i64, i64),
        own: &[&dyn ToSql],
        found: &mut Vec<i64>,
    ) -> rusqlite::Result<()> {
        let most = limit(self.place.limit);
        let mut values: Vec<&dyn ToSql> = vec![&shop, &after, &before, &most];
        values.extend(own);
        let mut statement =
            connection.prepare_cached(&lead.sql(self.place.newest_first, self.filter.converted_only))?;
        for position in statement.query_map(&values[..], |row| row.get(0))? {
            found.push(position?);
        }
        Ok(())
    }

    /// The positions between which the page lies, both excluded.
    fn range(&self, connection: &Connection, shop: &str) -> rusqlite::Result<(i64, i64)> {
        let (mut after, mut before) = (0, i64::MAX);
        if let Some(from) = self.filter.from {
            after = last_before(connection, shop, from)?;
        }
        if let Some(to) = self.filter.to {
            before = last_before(connection, shop, to)? + 1;
        }
        match (self.place.after, self.place.newest_first) {
            (Some(seen), false) => after = after.max(int(seen)),
            (Some(seen), true) => before = before.min(int(seen)),
            (None, _) => {}
        }
        Ok((after, before))
    }
}

/// The last position recorded before a time: positions are dense, and recorded times never fall as they rise.
fn last_before(connection: &Connection, shop: &str, at: DateTime<Utc>) -> rusqlite::Result<i64> {
    let head: Option<i64> = connection.prepare_cached(HEAD)?.query_row([shop], |row| row.get(0)).optional()?;
    let (mut known, mut beyond) = (0, head.unwrap_or(0) + 1);
    let mut statement = connection.prepare_cached(RECORDED_AT)?;
    while known + 1 < beyond {
        let middle = known.midpoint(beyond);
        let recorded_at: i64 = statement.query_row(params![shop, middle], |row| row.get(0))?;
        if recorded_at < at.timestamp_micros() { known = middle } else { beyond = middle }
    }
    Ok(known)
}
