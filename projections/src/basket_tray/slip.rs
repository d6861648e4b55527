//! A basket as far as trays show it, and which entries it has: folded from its events without its lines.

use bordereau_domain::{
    AccountId, InstitutionId, Money, Personal, Role,
    basket::{BasketEvent, Document, Level, ReturnedTo, Stage},
    personal::BasketName,
};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{AT_APPROVERS, AT_PURCHASERS, CONVERTED, MINE, ORPHANED, SENT};
use crate::{
    error::ApplyError,
    recorded::Recorded,
    sealed::SealedRef,
    sql::{Key, id, int, json, time, to_json, uint, word},
};

const FIND: &str = "SELECT number, name, institution, owner, orphaned, level, stage, lines, copies, total_incl_tax,
    entered, since, returned, validated_by, sequence, position FROM baskets WHERE shop = ?1 AND basket = ?2";
const PUT: &str = "INSERT INTO baskets (shop, basket, number, name, institution, owner, orphaned, level, stage,
    lines, copies, total_incl_tax, entered, since, returned, validated_by, sequence, position)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
    ON CONFLICT DO UPDATE SET name = excluded.name, owner = excluded.owner, orphaned = excluded.orphaned,
    stage = excluded.stage, lines = excluded.lines, copies = excluded.copies, total_incl_tax = excluded.total_incl_tax,
    entered = excluded.entered, since = excluded.since, returned = excluded.returned,
    validated_by = excluded.validated_by, sequence = excluded.sequence, position = excluded.position";

/// A basket as far as trays show it.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub(super) number: u64,
    pub(super) name: Option<SealedRef>,
    pub(super) institution: InstitutionId,
    pub(super) owner: AccountId,
    /// A draft whose owner is inactive.
    pub(super) orphaned: bool,
    pub(super) level: Level,
    pub(super) stage: Stage,
    pub(super) lines: u64,
    pub(super) copies: u64,
    pub(super) total_incl_tax: Money,
    /// Position of the event that brought it where it is: the order of every tray.
    pub(super) entered: u64,
    pub(super) since: DateTime<Utc>,
    pub(super) returned: bool,
    pub(super) validated_by: Vec<AccountId>,
    pub(super) sequence: u64,
    pub(super) position: u64,
}

impl Slip {
    /// A basket that was just opened.
    pub(super) fn open(
        recorded: &Recorded,
        number: u64,
        institution: InstitutionId,
        owner: AccountId,
        level: Level,
        name: Option<Personal<BasketName>>,
    ) -> Self {
        Self {
            number,
            name: name.map(SealedRef::from),
            institution,
            owner,
            orphaned: false,
            level,
            stage: Stage::Drafting,
            lines: 0,
            copies: 0,
            total_incl_tax: Money::ZERO,
            entered: recorded.position,
            since: recorded.at,
            returned: false,
            validated_by: Vec::new(),
            sequence: 0,
            position: 0,
        }
    }

    /// The entries that it should have.
    pub(super) fn entries(&self) -> Vec<(Uuid, &'static str)> {
        let (owner, institution) = (self.owner.0, self.institution.0);
        let mut entries = match self.stage {
            Stage::Drafting if self.orphaned => vec![(owner, MINE), (institution, ORPHANED)],
            Stage::Drafting => vec![(owner, MINE)],
            Stage::AwaitingApprover { .. } => vec![(owner, SENT), (institution, AT_APPROVERS)],
            Stage::AwaitingPurchaser { .. } => vec![(owner, SENT), (institution, AT_PURCHASERS)],
            Stage::Converted(_) => vec![(owner, CONVERTED), (institution, CONVERTED)],
            Stage::Discarded => Vec::new(),
        };
        match self.stage {
            Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } => {
                entries.extend(self.validated_by.iter().map(|account| (account.0, SENT)));
            }
            Stage::Drafting | Stage::Converted(_) | Stage::Discarded => {}
        }
        entries.sort_unstable();
        entries.dedup();
        entries
    }

    fn pass(&mut self, stage: Stage, recorded: &Recorded) {
        self.stage = stage;
        self.entered = recorded.position;
        self.since = recorded.at;
        self.returned = false;
    }

    pub(super) fn apply(&mut self, recorded: &Recorded, event: &BasketEvent) {
        match event {
            BasketEvent::Opened { .. } => {}
            BasketEvent::Renamed { name } => self.name = Some(name.into()),
            BasketEvent::LineAdded { line } => {
                self.lines += 1;
                self.copies += u64::from(line.quantity);
                self.total_incl_tax = self.total_incl_tax + line.price.total_incl_tax;
            }
            BasketEvent::LineChanged { before, after, .. } => {
                self.copies = (self.copies + u64::from(after.quantity)).saturating_sub(u64::from(before.quantity));
                self.total_incl_tax = self.total_incl_tax + after.price.total_incl_tax - before.price.total_incl_tax;
            }
            BasketEvent::LineRemoved { line } => {
                self.lines = self.lines.saturating_sub(1);
                self.copies = self.copies.saturating_sub(u64::from(line.quantity));
                self.total_incl_tax = self.total_incl_tax - line.price.total_incl_tax;
            }
            BasketEvent::LinesRepriced { lines } => {
                for line in lines {
                    let total = self.total_incl_tax + line.after.total_incl_tax;
                    self.total_incl_tax = total - line.before.total_incl_tax;
                }
            }
            BasketEvent::SentToApprover { .. } => self.pass(Stage::AwaitingApprover { locked: true }, recorded),
            BasketEvent::Unlocked { .. } => self.unlock(),
            BasketEvent::ReturnedToPreviousRole { to, .. } => {
                self.pass(
                    match to {
                        ReturnedTo::Drafting => Stage::Drafting,
                        ReturnedTo::AwaitingApprover => Stage::AwaitingApprover { locked: true },
                    },
                    recorded,
                );
                self.returned = true;
                self.validated_by.clear();
            }
            BasketEvent::Validated { by, role, .. } => {
                let by_approver = *role == Role::Approver && *by != self.owner && self.stage != Stage::Drafting;
                self.pass(Stage::AwaitingPurchaser { locked: true, by_approver }, recorded);
                // In whose name it was: his tray shows it.
                self.validated_by.push(recorded.on_behalf_of.unwrap_or(*by));
            }
            BasketEvent::ConvertedToQuote { quote_id, .. } => {
                self.pass(Stage::Converted(Document::Quote(*quote_id)), recorded);
            }
            BasketEvent::ConvertedToOrder { order_id, .. } => {
                self.pass(Stage::Converted(Document::Order(*order_id)), recorded);
            }
            BasketEvent::TakenOver { to, .. } => self.owner = *to,
            BasketEvent::Discarded {} => self.pass(Stage::Discarded, recorded),
        }
    }

    fn unlock(&mut self) {
        self.stage = match self.stage {
            Stage::AwaitingApprover { .. } => Stage::AwaitingApprover { locked: false },
            Stage::AwaitingPurchaser { by_approver, .. } => Stage::AwaitingPurchaser { locked: false, by_approver },
            other @ (Stage::Drafting | Stage::Converted(_) | Stage::Discarded) => other,
        };
    }
}

/// A basket in memory, with the entries that are written of it.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) slip: Option<Slip>,
    pub(super) written: Vec<(Uuid, &'static str)>,
    pub(super) written_at: u64,
}

impl From<Option<Slip>> for Kept {
    fn from(slip: Option<Slip>) -> Self {
        let (written, written_at) = slip.as_ref().map_or((Vec::new(), 0), |slip| (slip.entries(), slip.entered));
        Self { slip, written, written_at }
    }
}

/// Writes a basket's row.
pub(super) fn put(tx: &Connection, shop: &str, basket: Uuid, slip: &Slip) -> Result<(), ApplyError> {
    tx.prepare_cached(PUT)?.execute(params![
        shop,
        Key(basket),
        int(slip.number),
        slip.name,
        Key(slip.institution.0),
        Key(slip.owner.0),
        slip.orphaned,
        slip.level.as_str(),
        to_json(&slip.stage)?,
        int(slip.lines),
        int(slip.copies),
        slip.total_incl_tax.cents(),
        int(slip.entered),
        slip.since.timestamp_micros(),
        slip.returned,
        to_json(&slip.validated_by)?,
        int(slip.sequence),
        int(slip.position)
    ])?;
    Ok(())
}

/// A basket's row.
pub(super) fn find(connection: &Connection, shop: &str, basket: Uuid) -> rusqlite::Result<Option<Slip>> {
    connection.prepare_cached(FIND)?.query_row(params![shop, Key(basket)], slip).optional()
}

fn slip(row: &Row<'_>) -> rusqlite::Result<Slip> {
    Ok(Slip {
        number: uint(row, "number")?,
        name: row.get("name")?,
        institution: id(row, "institution")?,
        owner: id(row, "owner")?,
        orphaned: row.get("orphaned")?,
        level: word(row, "level")?,
        stage: json(row, "stage")?,
        lines: uint(row, "lines")?,
        copies: uint(row, "copies")?,
        total_incl_tax: Money::from_cents(row.get("total_incl_tax")?),
        entered: uint(row, "entered")?,
        since: time(row, "since")?,
        returned: row.get("returned")?,
        validated_by: json(row, "validated_by")?,
        sequence: uint(row, "sequence")?,
        position: uint(row, "position")?,
    })
}
