//! The audit trail: every event of every aggregate, found by who acted, by what happened, by aggregate and by time.
//!
//! One row per event, so that the positions of a shop are dense here too. The trail goes by position, and so by the time
//! of recording. Each filter has an index that ends in the position; a page gathers positions from these indexes and
//! fetches no more rows than it shows, however long the trail is.

use std::{collections::HashSet, fmt, sync::Arc};

use bordereau_domain::{AccountId, Event, InstitutionId, basket::BasketEvent, catalogue};
use chrono::{DateTime, Utc};
use rusqlite::{
    Connection, Row, ToSql, Transaction, params,
    types::{ToSqlOutput, Value, ValueRef},
};
use uuid::Uuid;

use crate::{
    error::{ApplyError, ReadError},
    history::{self, HistoryRow, history_row},
    people::{self, Person},
    reader::Reader,
    recorded::Recorded,
    sql::{Key, id, id_opt, int, time},
    view::View,
};

mod query;

const DDL: &str = "
CREATE TABLE trail (
  shop TEXT NOT NULL, position INTEGER NOT NULL, event_id BLOB NOT NULL, recorded_at INTEGER NOT NULL,
  at INTEGER NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL, id ANY NOT NULL, sequence INTEGER NOT NULL,
  actor BLOB NOT NULL, role TEXT NOT NULL, on_behalf_of BLOB, institution BLOB, command TEXT, channel TEXT,
  correlation BLOB, causation BLOB, comment BLOB, inner_comment INTEGER NOT NULL, changes TEXT,
  CONSTRAINT one_event UNIQUE (shop, position)
) STRICT;
CREATE TABLE converted (shop TEXT NOT NULL, basket BLOB NOT NULL, PRIMARY KEY (shop, basket)) STRICT, WITHOUT ROWID;
";

/// Made when a built file is level: four sorts cost less than four insertions for each event. What tells rows apart
/// stands first, for sorting compares column by column and nearly all rows are of one shop.
const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS trail_by_actor ON trail (actor, type, shop, position);
CREATE INDEX IF NOT EXISTS trail_by_on_behalf_of ON trail (on_behalf_of, type, shop, position) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS trail_by_type ON trail (type, shop, position);
CREATE INDEX IF NOT EXISTS trail_by_aggregate ON trail (id, shop, position);
";

const PUT: &str = "INSERT INTO trail (shop, position, event_id, recorded_at, at, type, kind, id, sequence, actor, role,
    on_behalf_of, institution, command, channel, correlation, causation, comment, inner_comment, changes)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)";
const PUT_CONVERTED: &str = "INSERT OR IGNORE INTO converted (shop, basket) VALUES (?1, ?2)";
const IS_CONVERTED: &str = "SELECT EXISTS (SELECT 1 FROM converted WHERE shop = ?1 AND basket = ?2)";
const GET: &str = "SELECT position, event_id, recorded_at, at, type, kind, id, sequence, actor, role, on_behalf_of,
    institution, command, channel, correlation, causation, comment, inner_comment, changes
    FROM trail WHERE shop = ?1 AND position = ?2";

/// An aggregate by its type and id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AggregateRef {
    /// Its type in the log, for example `Basket`.
    pub kind: String,
    /// Its id as text: a UUID; of a shop, its code.
    pub id: String,
}

impl AggregateRef {
    /// Reads `basket/ID`; nothing for what names no kind of aggregate.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, id) = text.split_once('/')?;
        let kind = catalogue::all().map(|(kind, _, _)| kind).find(|kind| catalogue::kebab(kind) == word)?;
        // An id is written in one way, however it was typed.
        let id = Uuid::parse_str(id).map_or_else(|_| id.to_owned(), |id| id.to_string());
        Some(Self { kind: kind.to_owned(), id })
    }
}

impl fmt::Display for AggregateRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", catalogue::kebab(&self.kind), self.id)
    }
}

/// Which events; all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailFilter {
    /// Done by this account or key, or in its place.
    pub actor: Option<AccountId>,
    /// Of these wire names; empty for all.
    pub types: Vec<String>,
    /// Of this aggregate.
    pub aggregate: Option<AggregateRef>,
    /// Recorded then or later.
    pub from: Option<DateTime<Utc>>,
    /// Recorded before it.
    pub to: Option<DateTime<Utc>>,
    /// Without baskets that were never converted: what a bookseller sees.
    pub converted_only: bool,
}

/// Where a page begins and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrailPlace {
    /// Beyond this position, in the order asked for.
    pub after: Option<u64>,
    /// The newest first.
    pub newest_first: bool,
    /// At most so many.
    pub limit: usize,
}

/// An event of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailRow {
    /// Who did what, when, and what it changed, as in a history.
    pub step: HistoryRow,
    /// The event's own id.
    pub event_id: Uuid,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// What it happened to.
    pub aggregate: AggregateRef,
    /// The institution that this belongs to.
    pub institution: Option<InstitutionId>,
    /// The command behind it.
    pub command: Option<String>,
    /// The door that it came through.
    pub channel: Option<String>,
    /// Ties together what one request caused.
    pub correlation: Option<Uuid>,
    /// The event that caused the command.
    pub causation: Option<Uuid>,
}

/// Reads the trail.
#[derive(Clone, Debug)]
pub struct AuditTrail {
    reader: Reader,
}

impl AuditTrail {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// Events by position.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(&self, shop: &str, filter: &TrailFilter, place: TrailPlace) -> Result<Vec<TrailRow>, ReadError> {
        let search = query::Search::new(filter, place)?;
        self.reader
            .read(shop, move |connection, shop| {
                let mut rows = Vec::new();
                for position in search.positions(connection, shop)? {
                    let mut statement = connection.prepare_cached(GET)?;
                    rows.push(statement.query_row(params![shop, position], |row| trail_row(connection, shop, row))?);
                }
                Ok(rows)
            })
            .await
    }

    /// The persons behind accounts, in their order.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_people(&self, shop: &str, accounts: Vec<AccountId>) -> Result<Vec<Person>, ReadError> {
        let person = |connection: &Connection, shop: &str, account| people::get_person(connection, shop, account);
        self.reader
            .read(shop, move |connection, shop| {
                Ok(accounts.into_iter().map(|account| person(connection, shop, account)).collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Which of these baskets were converted.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_converted(&self, shop: &str, baskets: HashSet<Uuid>) -> Result<HashSet<Uuid>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                let mut statement = connection.prepare_cached(IS_CONVERTED)?;
                let mut converted = HashSet::new();
                for basket in baskets {
                    if statement.query_row(params![shop, Key(basket)], |row| row.get(0))? {
                        converted.insert(basket);
                    }
                }
                Ok(converted)
            })
            .await
    }
}

/// An id as its column holds it: a UUID as bytes, a code as text.
struct AnyId<'a>(&'a str);

impl ToSql for AnyId<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match Uuid::parse_str(self.0) {
            Ok(id) => ToSqlOutput::Owned(Value::Blob(id.as_bytes().to_vec())),
            Err(_) => ToSqlOutput::Borrowed(ValueRef::Text(self.0.as_bytes())),
        })
    }
}

fn any_id(row: &Row<'_>) -> rusqlite::Result<String> {
    match row.get_ref("id")? {
        ValueRef::Blob(_) => Ok(id::<Uuid>(row, "id")?.to_string()),
        ValueRef::Text(_) | ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => row.get("id"),
    }
}

fn trail_row(connection: &Connection, shop: &str, row: &Row<'_>) -> rusqlite::Result<TrailRow> {
    Ok(TrailRow {
        step: history_row(connection, shop, row)?,
        event_id: id(row, "event_id")?,
        recorded_at: time(row, "recorded_at")?,
        aggregate: AggregateRef { kind: row.get("kind")?, id: any_id(row)? },
        institution: id_opt(row, "institution")?,
        command: row.get("command")?,
        channel: row.get("channel")?,
        correlation: id_opt(row, "correlation")?,
        causation: id_opt(row, "causation")?,
    })
}

/// Writes the trail.
#[derive(Debug)]
pub(crate) struct AuditTrailView;

impl View for AuditTrailView {
    type Item = Recorded;
    const NAME: &'static str = "audit_trail";
    const VERSION: u32 = 2;
    const DDL: &'static [&'static str] = &[people::DDL, history::NAMES_DDL, DDL];
    const INDEXES: &'static str = INDEXES;

    fn apply(&mut self, tx: &Transaction<'_>, _: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Account(event) => people::apply(tx, recorded, event)?,
            Event::Basket(BasketEvent::ConvertedToQuote { .. } | BasketEvent::ConvertedToOrder { .. }) => {
                tx.prepare_cached(PUT_CONVERTED)?.execute(params![recorded.shop, Key(recorded.id()?)])?;
            }
            Event::Basket(_)
            | Event::Shop(_)
            | Event::Institution(_)
            | Event::Subject(_)
            | Event::Quote(_)
            | Event::Order(_) => {}
        }
        put(tx, recorded)
    }

    fn flush(&mut self, _: &Transaction<'_>, _: &Arc<str>) -> Result<(), ApplyError> {
        Ok(())
    }

    fn forget(&mut self) {}
}

fn put(tx: &Connection, recorded: &Recorded) -> Result<(), ApplyError> {
    let said = history::said(tx, recorded)?;
    let origin = recorded.provenance();
    tx.prepare_cached(PUT)?.execute(params![
        recorded.shop,
        int(recorded.position),
        Key(recorded.event_id),
        recorded.recorded_at,
        recorded.at_micros(),
        recorded.event.wire_name(),
        recorded.event.aggregate_type(),
        AnyId(&recorded.aggregate_id),
        int(recorded.sequence),
        Key(recorded.actor.0),
        recorded.role.as_str(),
        recorded.on_behalf_of.map(|account| Key(account.0)),
        origin.institution.map(|institution| Key(institution.0)),
        origin.command,
        origin.channel,
        origin.correlation.map(Key),
        origin.causation.map(Key),
        said.comment,
        said.inner,
        said.changes()?
    ])?;
    Ok(())
}
