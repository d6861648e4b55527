//! Counts kept beside a list, so that a tab shows how much it holds without anybody counting rows.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::{error::ApplyError, page::Scope, sql::Key};

pub(crate) const DDL: &str = "
CREATE TABLE tally (
  shop TEXT NOT NULL, scope BLOB NOT NULL, bin TEXT NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY (shop, scope, bin)
) STRICT, WITHOUT ROWID;
";

const ADD: &str = "INSERT INTO tally (shop, scope, bin, n) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET n = n + excluded.n RETURNING n";
const DROP: &str = "DELETE FROM tally WHERE shop = ?1 AND scope = ?2 AND bin = ?3";
const GET: &str = "SELECT n FROM tally WHERE shop = ?1 AND scope = ?2 AND bin = ?3";

/// The scope of what is counted over a whole shop.
pub(crate) const WHOLE: Uuid = Uuid::nil();

/// Changes to counts, gathered over a batch.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    changes: BTreeMap<(Uuid, &'static str), i64>,
}

impl Tally {
    /// One more (or, negative, one less) in a bin.
    pub(crate) fn add(&mut self, scope: Uuid, bin: &'static str, change: i64) {
        *self.changes.entry((scope, bin)).or_default() += change;
    }

    /// Counts a document of an institution in the bin where it stands now, and no longer in the one before: over the
    /// whole shop and for the institution.
    pub(crate) fn refile(&mut self, institution: Uuid, before: Option<&'static str>, now: &'static str) {
        if before == Some(now) {
            return;
        }
        for scope in [WHOLE, institution] {
            self.add(scope, now, 1);
            if let Some(before) = before {
                self.add(scope, before, -1);
            }
        }
    }

    /// Writes the changes. Rows of nothing go, so that a rebuilt view has the same rows.
    pub(crate) fn flush(&mut self, tx: &Connection, shop: &str) -> Result<(), ApplyError> {
        for ((scope, bin), change) in std::mem::take(&mut self.changes) {
            if change == 0 {
                continue;
            }
            let row = params![shop, Key(scope), bin, change];
            let left: i64 = tx.prepare_cached(ADD)?.query_row(row, |row| row.get(0))?;
            if left == 0 {
                tx.prepare_cached(DROP)?.execute(params![shop, Key(scope), bin])?;
            }
        }
        Ok(())
    }

    /// Forgets the changes.
    pub(crate) fn forget(&mut self) {
        self.changes.clear();
    }
}

/// How many a bin holds.
pub(crate) fn count(connection: &Connection, shop: &str, scope: Uuid, bin: &str) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(GET)?;
    let n: Option<i64> = statement.query_row(params![shop, Key(scope), bin], |row| row.get(0)).optional()?;
    Ok(n.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

/// How many a bin holds for a reader.
pub(crate) fn count_scope(connection: &Connection, shop: &str, scope: &Scope, bin: &str) -> rusqlite::Result<u64> {
    match scope {
        Scope::All => count(connection, shop, WHOLE, bin),
        Scope::Institutions(institutions) => {
            let mut sum = 0;
            for institution in institutions {
                sum += count(connection, shop, institution.0, bin)?;
            }
            Ok(sum)
        }
    }
}
