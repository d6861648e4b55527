//! The trays: which baskets stand where, for whom (L36-L38). One row per basket, and one entry per tray that it stands
//! in, so that a page and the counts of all trays cost the same whatever the trays hold.
//!
//! An entry belongs to an account (what is mine) or to an institution (what waits at its approvers or purchasers);
//! which entries make up a tray depends on who looks, and on whether the institution has an active approver today.

use std::sync::Arc;

use bordereau_domain::{
    AccountId, Actor, BasketId, Event, InstitutionId, Money, Role,
    account::AccountEvent,
    basket::{BasketEvent, Document, Level, Stage},
};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use crate::{
    clients::{self, ClientRef},
    error::{ApplyError, ReadError},
    page::{Page, bounded, read_cursor},
    people::{self, Person},
    reader::Reader,
    recent::{Place, Recent},
    recorded::Recorded,
    sealed::SealedRef,
    sql::{Key, id, int, limit, uint},
    tally::{self, Tally},
    view::View,
};

mod drafts;
mod slip;

use drafts::recent_drafts;
use slip::{Kept, Slip, find, put};

const DDL: &str = "
CREATE TABLE baskets (
  shop TEXT NOT NULL, basket BLOB NOT NULL, number INTEGER NOT NULL, name BLOB, institution BLOB NOT NULL,
  owner BLOB NOT NULL, orphaned INTEGER NOT NULL, level TEXT NOT NULL, stage TEXT NOT NULL,
  lines INTEGER NOT NULL, copies INTEGER NOT NULL, total_incl_tax INTEGER NOT NULL, entered INTEGER NOT NULL,
  since INTEGER NOT NULL, returned INTEGER NOT NULL, validated_by TEXT NOT NULL, sequence INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (shop, basket)
) STRICT, WITHOUT ROWID;
CREATE INDEX drafts_by_edit ON baskets (shop, owner, position) WHERE stage = '\"Drafting\"';
CREATE TABLE entries (
  shop TEXT NOT NULL, scope BLOB NOT NULL, bin TEXT NOT NULL, entered INTEGER NOT NULL, basket BLOB NOT NULL,
  PRIMARY KEY (shop, scope, bin, entered)
) STRICT, WITHOUT ROWID;
";

const DROP: &str = "DELETE FROM baskets WHERE shop = ?1 AND basket = ?2";
const ENTER: &str = "INSERT INTO entries (shop, scope, bin, entered, basket) VALUES (?1, ?2, ?3, ?4, ?5)";
const LEAVE: &str = "DELETE FROM entries WHERE shop = ?1 AND scope = ?2 AND bin = ?3 AND entered = ?4";
const DRAFTS: &str = "SELECT basket FROM entries WHERE shop = ?1 AND scope = ?2 AND bin = 'mine'";
const LIST: &str = "SELECT entered, basket FROM entries WHERE shop = ?1 AND scope = ?2 AND bin = ?3 AND entered < ?4
    ORDER BY entered DESC LIMIT ?5";
const COUNT_WITHIN: &str = "SELECT count(*) AS count FROM entries e
    JOIN baskets b ON b.shop = e.shop AND b.basket = e.basket
    WHERE e.shop = ?1 AND e.scope = ?2 AND e.bin = ?3 AND b.institution = ?4";

/// How many baskets the view remembers, at least.
const ROOM: usize = 5_000;

/// Drafts of an account.
const MINE: &str = "mine";
/// On its way: of its owner, and of whoever validated it.
const SENT: &str = "sent";
/// At the approvers of an institution.
const AT_APPROVERS: &str = "at_approvers";
/// At the purchasers of an institution.
const AT_PURCHASERS: &str = "at_purchasers";
/// Became a document: of its owner, and of its institution.
const CONVERTED: &str = "converted";
/// Drafts of an institution whose owners are inactive.
const ORPHANED: &str = "orphaned";

/// A tray of baskets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tray {
    /// *Mon panier*: my drafts.
    Mine,
    /// Mine or validated by me, on its way.
    Sent,
    /// *Paniers à valider*.
    ToValidate,
    /// *Paniers validés*.
    Validated,
}

impl Tray {
    /// Every tray.
    pub const ALL: [Self; 4] = [Self::Mine, Self::Sent, Self::ToValidate, Self::Validated];

    /// The tray's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Sent => "sent",
            Self::ToValidate => "to_validate",
            Self::Validated => "validated",
        }
    }
}

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The account in whose name he looks.
    pub account: AccountId,
    /// Its role. The trays of any but requesters, approvers and purchasers are empty.
    pub role: Role,
    /// The institutions that it acts for.
    pub institutions: Vec<InstitutionId>,
    /// Whether somebody else looks in its place: he sees what is of these institutions alone.
    pub in_place: bool,
}

impl Viewer {
    /// Whoever acts.
    pub fn of(actor: &Actor) -> Self {
        Self {
            account: actor.principal(),
            role: actor.role,
            institutions: actor.institutions.clone(),
            in_place: actor.on_behalf_of.is_some(),
        }
    }

    /// Whoever acts for nobody any more has no trays; who stands in another's place sees what is of his institutions.
    fn looks_at(&self, institution: InstitutionId) -> bool {
        if self.in_place { self.institutions.contains(&institution) } else { !self.institutions.is_empty() }
    }
}

/// A basket in a tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayRow {
    /// Its id.
    pub id: BasketId,
    /// The number people call it by.
    pub number: u64,
    /// Its name.
    pub name: Option<SealedRef>,
    /// The institution it is for.
    pub institution: ClientRef,
    /// Whose it is.
    pub owner: Person,
    /// Where its way began.
    pub level: Level,
    /// Where it is, whether it is locked, and what it became.
    pub stage: Stage,
    /// How many lines it has.
    pub lines: u64,
    /// Copies on all its lines.
    pub copies: u64,
    /// *Sous-total TTC*.
    pub total_incl_tax: Money,
    /// When it came where it is.
    pub since: DateTime<Utc>,
    /// Whether it was returned to where it is.
    pub returned: bool,
    /// Sequence of its last event.
    pub sequence: u64,
    /// Position of its last event.
    pub position: u64,
}

impl TrayRow {
    /// The quote or order that it became.
    pub const fn document(&self) -> Option<Document> {
        match self.stage {
            Stage::Converted(document) => Some(document),
            Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } | Stage::Discarded => {
                None
            }
        }
    }
}

/// How many baskets each tray holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrayCounts {
    /// *Mon panier*.
    pub mine: u64,
    /// On their way.
    pub sent: u64,
    /// *Paniers à valider*.
    pub to_validate: u64,
    /// *Paniers validés*.
    pub validated: u64,
}

/// Reads the trays.
#[derive(Clone, Debug)]
pub struct BasketTray {
    reader: Reader,
}

impl BasketTray {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// A page of a tray, what came last first, and the counts of all trays.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(
        &self,
        shop: &str,
        viewer: &Viewer,
        tray: Tray,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<(Page<TrayRow>, TrayCounts), ReadError> {
        let before: u64 = read_cursor(cursor)?.unwrap_or(u64::MAX);
        let viewer = viewer.clone();
        self.reader
            .read(shop, move |connection, shop| {
                let page = page(connection, shop, &viewer, tray, bounded(limit), before)?;
                Ok((page, counts(connection, shop, &viewer)?))
            })
            .await
    }

    /// The drafts of a viewer, the one that was written to last first (L39): at most `size`, of the last that he has.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_recent_drafts(
        &self,
        shop: &str,
        viewer: &Viewer,
        size: usize,
    ) -> Result<Vec<TrayRow>, ReadError> {
        let viewer = viewer.clone();
        self.reader
            .read(shop, move |connection, shop| Ok(recent_drafts(connection, shop, &viewer, bounded(size))?))
            .await
    }

    /// How many drafts an account has.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn count_open(&self, shop: &str, account: AccountId) -> Result<u64, ReadError> {
        self.reader.read(shop, move |connection, shop| Ok(tally::count(connection, shop, account.0, MINE)?)).await
    }
}

/// The entries that make up a tray for a viewer.
fn sources(
    connection: &Connection,
    shop: &str,
    viewer: &Viewer,
    tray: Tray,
) -> rusqlite::Result<Vec<(Uuid, &'static str)>> {
    if viewer.institutions.is_empty() {
        return Ok(Vec::new());
    }
    let me = viewer.account.0;
    let institutions = || viewer.institutions.iter().map(|institution| institution.0);
    let each = |bins: &[&'static str]| institutions().flat_map(|i| bins.iter().map(move |bin| (i, *bin))).collect();
    Ok(match (tray, viewer.role) {
        (Tray::Mine, Role::Requester | Role::Approver | Role::Purchaser) => vec![(me, MINE)],
        (Tray::Sent, Role::Requester | Role::Approver | Role::Purchaser) => vec![(me, SENT)],
        (Tray::ToValidate, Role::Approver) => each(&[AT_APPROVERS, ORPHANED]),
        (Tray::ToValidate, Role::Purchaser) => {
            let mut sources: Vec<_> = each(&[AT_PURCHASERS, ORPHANED]);
            for institution in &viewer.institutions {
                if !people::has_active(connection, shop, *institution, Role::Approver)? {
                    sources.push((institution.0, AT_APPROVERS));
                }
            }
            sources
        }
        (Tray::Validated, Role::Requester) => vec![(me, CONVERTED)],
        (Tray::Validated, Role::Approver) => each(&[AT_PURCHASERS, CONVERTED]),
        (Tray::Validated, Role::Purchaser) => each(&[CONVERTED]),
        (Tray::ToValidate, Role::Requester)
        | (_, Role::Bookseller | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer | Role::System) => {
            Vec::new()
        }
    })
}

fn counts(connection: &Connection, shop: &str, viewer: &Viewer) -> rusqlite::Result<TrayCounts> {
    let count = |tray| -> rusqlite::Result<u64> {
        let mut sum = 0;
        for (scope, bin) in sources(connection, shop, viewer, tray)? {
            sum += if viewer.in_place && scope == viewer.account.0 {
                count_within(connection, shop, viewer, bin)?
            } else {
                tally::count(connection, shop, scope, bin)?
            };
        }
        Ok(sum)
    };
    Ok(TrayCounts {
        mine: count(Tray::Mine)?,
        sent: count(Tray::Sent)?,
        to_validate: count(Tray::ToValidate)?,
        validated: count(Tray::Validated)?,
    })
}

/// What is the viewer's own and of the institutions that he looks at: counted one by one, for the tally knows persons
/// only.
fn count_within(connection: &Connection, shop: &str, viewer: &Viewer, bin: &str) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(COUNT_WITHIN)?;
    let mut sum = 0;
    for institution in &viewer.institutions {
        let wanted = params![shop, Key(viewer.account.0), bin, Key(institution.0)];
        sum += statement.query_row(wanted, |row| uint(row, "count"))?;
    }
    Ok(sum)
}

fn page(
    connection: &Connection,
    shop: &str,
    viewer: &Viewer,
    tray: Tray,
    size: usize,
    before: u64,
) -> Result<Page<TrayRow>, ReadError> {
    let mut found: Vec<(u64, Uuid)> = Vec::new();
    for (scope, bin) in sources(connection, shop, viewer, tray)? {
        let mut statement = connection.prepare_cached(LIST)?;
        let rows = statement.query_map(params![shop, Key(scope), bin, int(before), limit(size + 1)], |row| {
            Ok((uint(row, "entered")?, id(row, "basket")?))
        })?;
        for row in rows {
            found.push(row?);
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.dedup();
    let Page { items, next } = Page::cut(found, size, |(entered, _)| *entered)?;
    let mut rows = Vec::with_capacity(items.len());
    for (_, basket) in items {
        if let Some(slip) = find(connection, shop, basket)?.filter(|slip| viewer.looks_at(slip.institution)) {
            rows.push(row(connection, shop, basket, &slip)?);
        }
    }
    Ok(Page { items: rows, next })
}

fn row(connection: &Connection, shop: &str, basket: Uuid, slip: &Slip) -> rusqlite::Result<TrayRow> {
    Ok(TrayRow {
        id: BasketId(basket),
        number: slip.number,
        name: slip.name,
        institution: clients::get_ref(connection, shop, slip.institution)?,
        owner: people::get_person(connection, shop, slip.owner)?,
        level: slip.level,
        stage: slip.stage,
        lines: slip.lines,
        copies: slip.copies,
        total_incl_tax: slip.total_incl_tax,
        since: slip.since,
        returned: slip.returned,
        sequence: slip.sequence,
        position: slip.position,
    })
}

/// Writes the trays.
#[derive(Debug)]
pub(crate) struct BasketTrayView {
    recent: Recent<Kept>,
    tally: Tally,
}

impl BasketTrayView {
    pub(crate) fn new() -> Self {
        Self { recent: Recent::new(ROOM), tally: Tally::default() }
    }

    fn apply_basket(
        &mut self,
        tx: &Connection,
        shop: &Arc<str>,
        recorded: &Recorded,
        event: &BasketEvent,
    ) -> Result<(), ApplyError> {
        let place: Place = (Arc::clone(shop), recorded.id()?);
        let kept = self.recent.change(&place, || find(tx, shop, place.1).map(Kept::from))?;
        if let (None, BasketEvent::Opened { number, institution_id, owner, level, name }) = (&kept.slip, event) {
            kept.slip = Some(Slip::open(recorded, *number, *institution_id, *owner, *level, *name));
        }
        let Some(slip) = &mut kept.slip else { return Ok(()) };
        if recorded.sequence != slip.sequence + 1 {
            return Err(ApplyError::Gap { expected: slip.sequence + 1, found: recorded.sequence });
        }
        slip.apply(recorded, event);
        slip.sequence = recorded.sequence;
        slip.position = recorded.position;
        Ok(())
    }

    /// An account that comes or goes takes its drafts into, or out of, its institution's tray.
    fn review_drafts(&mut self, tx: &Connection, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        // Baskets that this batch has changed are looked at anyway when they are written.
        let mut statement = tx.prepare_cached(DRAFTS)?;
        let drafts: Vec<Uuid> = statement
            .query_map(params![shop, Key(recorded.id()?)], |row| row.get::<_, Key>(0).map(|key| key.0))?
            .collect::<rusqlite::Result<_>>()?;
        for draft in drafts {
            let place: Place = (Arc::clone(shop), draft);
            self.recent.change(&place, || find(tx, shop, draft).map(Kept::from))?;
        }
        Ok(())
    }

    fn flush_rows(&mut self, tx: &Connection, shop: &Arc<str>) -> Result<(), ApplyError> {
        for place in self.recent.take_dirty() {
            let Some(kept) = self.recent.get_mut(&place) else { continue };
            let Some(slip) = &mut kept.slip else { continue };
            slip.orphaned = slip.stage == Stage::Drafting && !people::is_active(tx, shop, slip.owner)?;
            let entries = slip.entries();
            let moved = slip.entered != kept.written_at;
            for (scope, bin) in kept.written.iter().filter(|entry| moved || !entries.contains(entry)) {
                tx.prepare_cached(LEAVE)?.execute(params![shop, Key(*scope), bin, int(kept.written_at)])?;
                self.tally.add(*scope, bin, -1);
            }
            for (scope, bin) in entries.iter().filter(|entry| moved || !kept.written.contains(entry)) {
                tx.prepare_cached(ENTER)?.execute(params![shop, Key(*scope), bin, int(slip.entered), Key(place.1)])?;
                self.tally.add(*scope, bin, 1);
            }
            if slip.stage == Stage::Discarded {
                tx.prepare_cached(DROP)?.execute(params![shop, Key(place.1)])?;
            } else {
                put(tx, shop, place.1, slip)?;
            }
            kept.written = entries;
            kept.written_at = slip.entered;
        }
        Ok(())
    }
}

impl View for BasketTrayView {
    type Item = Recorded;
    const NAME: &'static str = "basket_tray";
    const VERSION: u32 = 2;
    const DDL: &'static [&'static str] = &[people::DDL, clients::DDL, tally::DDL, DDL];

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Basket(event) => self.apply_basket(tx, shop, recorded, event),
            Event::Account(event) => {
                people::apply(tx, recorded, event)?;
                match event {
                    AccountEvent::Deactivated {}
                    | AccountEvent::Reactivated {}
                    | AccountEvent::Approved { .. }
                    | AccountEvent::OrganisationDeleted { .. } => self.review_drafts(tx, shop, recorded),
                    AccountEvent::Delegated { .. }
                    | AccountEvent::DelegationRevoked { .. }
                    | AccountEvent::SubstitutionGranted {}
                    | AccountEvent::SubstitutionRevoked {}
                    | AccountEvent::SecondFactorEnabled {}
                    | AccountEvent::SecondFactorDisabled {}
                    | AccountEvent::Opened { .. }
                    | AccountEvent::Assigned { .. }
                    | AccountEvent::Requested { .. }
                    | AccountEvent::Declined {}
                    | AccountEvent::MessageSent { .. }
                    | AccountEvent::DetailsChanged { .. }
                    | AccountEvent::EmailChanged { .. }
                    | AccountEvent::EstablishmentSet { .. }
                    | AccountEvent::BuyersGroupSet { .. } => Ok(()),
                }
            }
            Event::Institution(event) => clients::apply(tx, recorded, event),
            Event::Shop(event) => clients::apply_shop(tx, recorded, event),
            Event::Subject(_) | Event::Quote(_) | Event::Order(_) => Ok(()),
        }
    }

    fn flush(&mut self, tx: &Transaction<'_>, shop: &Arc<str>) -> Result<(), ApplyError> {
        self.flush_rows(tx, shop)?;
        self.recent.age();
        self.tally.flush(tx, shop)
    }

    fn forget(&mut self) {
        self.recent.clear();
        self.tally.forget();
    }
}
