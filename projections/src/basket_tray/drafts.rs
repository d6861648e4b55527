//! The drafts of a person in the order in which they were written to.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{TrayRow, Viewer, row, slip::find};
use crate::sql::{Key, id, limit};

const RECENT_DRAFTS: &str = "SELECT basket FROM baskets INDEXED BY drafts_by_edit
    WHERE shop = ?1 AND owner = ?2 AND stage = '\"Drafting\"' ORDER BY position DESC LIMIT ?3";

/// The drafts that the viewer has written to last, the last one first.
pub(super) fn recent_drafts(
    connection: &Connection,
    shop: &str,
    viewer: &Viewer,
    size: usize,
) -> rusqlite::Result<Vec<TrayRow>> {
    let mut statement = connection.prepare_cached(RECENT_DRAFTS)?;
    let found: Vec<Uuid> = statement
        .query_map(params![shop, Key(viewer.account.0), limit(size)], |row| id(row, "basket"))?
        .collect::<rusqlite::Result<_>>()?;
    let mut rows = Vec::with_capacity(found.len());
    for basket in found {
        if let Some(slip) = find(connection, shop, basket)?.filter(|slip| viewer.looks_at(slip.institution)) {
            rows.push(row(connection, shop, basket, &slip)?);
        }
    }
    Ok(rows)
}
