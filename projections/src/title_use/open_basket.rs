//! A basket that is no document yet, as far as it says where titles are: whose, where, and its lines.

use std::collections::{BTreeMap, BTreeSet};

use bordereau_domain::{
    AccountId, InstitutionId,
    basket::{BasketEvent, ReturnedTo},
};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::{
    error::ApplyError,
    recorded::Recorded,
    sql::{Key, id, int, uint},
};

pub(super) const DDL: &str = "
CREATE TABLE baskets (
  shop TEXT NOT NULL, basket BLOB NOT NULL, number INTEGER NOT NULL, institution BLOB NOT NULL, owner BLOB NOT NULL,
  stage TEXT NOT NULL, since INTEGER NOT NULL,
  PRIMARY KEY (shop, basket)
) STRICT, WITHOUT ROWID;
CREATE TABLE basket_lines (
  shop TEXT NOT NULL, basket BLOB NOT NULL, line BLOB NOT NULL, institution BLOB NOT NULL, ean INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (shop, basket, line)
) STRICT, WITHOUT ROWID;
";
pub(super) const INDEXES: &str =
    "CREATE INDEX IF NOT EXISTS basket_lines_by_title ON basket_lines (shop, institution, ean);";

const FIND: &str = "SELECT number, institution, owner, stage, since FROM baskets WHERE shop = ?1 AND basket = ?2";
const LINES: &str = "SELECT line, ean, quantity FROM basket_lines WHERE shop = ?1 AND basket = ?2";
const PUT: &str = "INSERT INTO baskets (shop, basket, number, institution, owner, stage, since)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT DO UPDATE SET owner = excluded.owner, stage = excluded.stage, since = excluded.since";
const DROP: &str = "DELETE FROM baskets WHERE shop = ?1 AND basket = ?2";
const PUT_LINE: &str = "INSERT INTO basket_lines (shop, basket, line, institution, ean, quantity)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET quantity = excluded.quantity";
const DROP_LINE: &str = "DELETE FROM basket_lines WHERE shop = ?1 AND basket = ?2 AND line = ?3";
const DROP_LINES: &str = "DELETE FROM basket_lines WHERE shop = ?1 AND basket = ?2";

/// At its owner.
pub(super) const DRAFTING: &str = "drafting";
/// On its way.
const SENT: &str = "sent";

/// A basket that is no document yet.
#[derive(Clone, Debug)]
pub(super) struct OpenBasket {
    number: u64,
    institution: InstitutionId,
    owner: AccountId,
    stage: &'static str,
    since: i64,
    /// Article and copies, by line.
    lines: BTreeMap<Uuid, (u64, u32)>,
    /// Lines that the tables do not have as they are now.
    touched: BTreeSet<Uuid>,
    /// It has become a document, or was deleted: it leaves the tables.
    gone: bool,
    /// Whether it stands in the tables.
    stored: bool,
}

/// A stored basket; nothing if it is none of the open ones.
pub(super) fn find(connection: &Connection, shop: &str, basket: Uuid) -> Result<Option<OpenBasket>, ApplyError> {
    let mut statement = connection.prepare_cached(FIND)?;
    let found = statement.query_row(params![shop, Key(basket)], |row| {
        Ok(OpenBasket {
            number: uint(row, "number")?,
            institution: id(row, "institution")?,
            owner: id(row, "owner")?,
            stage: if row.get_ref("stage")?.as_str()? == DRAFTING { DRAFTING } else { SENT },
            since: row.get("since")?,
            lines: BTreeMap::new(),
            touched: BTreeSet::new(),
            gone: false,
            stored: true,
        })
    });
    let Some(mut found) = found.optional()? else { return Ok(None) };
    let mut statement = connection.prepare_cached(LINES)?;
    let lines = statement.query_map(params![shop, Key(basket)], |row| {
        Ok((id(row, "line")?, (uint(row, "ean")?, row.get("quantity")?)))
    })?;
    found.lines = lines.collect::<rusqlite::Result<_>>()?;
    Ok(Some(found))
}

/// Takes in what happened to a basket.
pub(super) fn apply(basket: &mut Option<OpenBasket>, recorded: &Recorded, event: &BasketEvent) {
    if let BasketEvent::Opened { number, institution_id, owner, .. } = event {
        *basket = Some(OpenBasket {
            number: *number,
            institution: *institution_id,
            owner: *owner,
            stage: DRAFTING,
            since: recorded.at_micros(),
            lines: BTreeMap::new(),
            touched: BTreeSet::new(),
            gone: false,
            stored: false,
        });
    } else if let Some(open) = basket {
        open.evolve(recorded, event);
    }
}

impl OpenBasket {
    fn pass(&mut self, stage: &'static str, recorded: &Recorded) {
        self.stage = stage;
        self.since = recorded.at_micros();
    }

    fn evolve(&mut self, recorded: &Recorded, event: &BasketEvent) {
        match event {
            BasketEvent::LineAdded { line } => {
                self.lines.insert(line.line_id.0, (line.ean.to_u64(), line.quantity));
                self.touched.insert(line.line_id.0);
            }
            BasketEvent::LineChanged { line_id, ean, after, .. } => {
                self.lines.insert(line_id.0, (ean.to_u64(), after.quantity));
                self.touched.insert(line_id.0);
            }
            BasketEvent::LineRemoved { line } => {
                self.lines.remove(&line.line_id.0);
                self.touched.insert(line.line_id.0);
            }
            BasketEvent::SentToApprover { .. } | BasketEvent::Validated { .. } => self.pass(SENT, recorded),
            BasketEvent::ReturnedToPreviousRole { to, .. } => match to {
                ReturnedTo::Drafting => self.pass(DRAFTING, recorded),
                ReturnedTo::AwaitingApprover => self.pass(SENT, recorded),
            },
            BasketEvent::TakenOver { to, .. } => self.owner = *to,
            BasketEvent::ConvertedToQuote { .. } | BasketEvent::ConvertedToOrder { .. } | BasketEvent::Discarded {} => {
                self.gone = true;
            }
            BasketEvent::Opened { .. }
            | BasketEvent::Renamed { .. }
            | BasketEvent::LinesRepriced { .. }
            | BasketEvent::Unlocked { .. } => {}
        }
    }
}

/// Brings the tables to where the basket is.
pub(super) fn put(
    tx: &Connection,
    shop: &str,
    basket: Uuid,
    remembered: &mut Option<OpenBasket>,
) -> Result<(), ApplyError> {
    let Some(open) = remembered else { return Ok(()) };
    let key = Key(basket);
    if open.gone {
        if open.stored {
            tx.prepare_cached(DROP)?.execute(params![shop, key])?;
            tx.prepare_cached(DROP_LINES)?.execute(params![shop, key])?;
        }
        *remembered = None;
        return Ok(());
    }
    let institution = Key(open.institution.0);
    let row = params![shop, key, int(open.number), institution, Key(open.owner.0), open.stage, open.since];
    tx.prepare_cached(PUT)?.execute(row)?;
    for line in std::mem::take(&mut open.touched) {
        match open.lines.get(&line) {
            Some((ean, quantity)) => {
                let row = params![shop, key, Key(line), institution, int(*ean), quantity];
                tx.prepare_cached(PUT_LINE)?.execute(row)?;
            }
            None => {
                tx.prepare_cached(DROP_LINE)?.execute(params![shop, key, Key(line)])?;
            }
        }
    }
    open.stored = true;
    Ok(())
}
