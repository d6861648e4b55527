//! The history of a basket, a quote or an order: its part of the audit trail, with what each event changed.

use bordereau_domain::{
    AccountId, Decider, Ean, Event, LineId, Role,
    basket::{Basket, BasketEvent},
    institution::InstitutionEvent,
    order::Order,
    quote::Quote,
};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params, types::ValueRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{ApplyError, ReadError},
    people::{self, Person},
    reader::Reader,
    recorded::Recorded,
    sealed::SealedRef,
    sql::{Key, id, id_opt, int, json, time, to_json, uint, word},
};

mod changes;

/// The last name of each basket, which [`said`] asks for: what a renaming replaces is not in its event.
pub(crate) const NAMES_DDL: &str = "
CREATE TABLE basket_names (
  shop TEXT NOT NULL, basket BLOB NOT NULL, name BLOB NOT NULL, PRIMARY KEY (shop, basket)
) STRICT, WITHOUT ROWID;
";

const LIST: &str = "SELECT position, sequence, type, at, actor, role, on_behalf_of, comment, inner_comment, changes
    FROM trail INDEXED BY trail_by_aggregate WHERE shop = ?1 AND kind = ?2 AND id = ?3 AND position <= ?4
    ORDER BY position";

const NAME: &str = "SELECT name FROM basket_names WHERE shop = ?1 AND basket = ?2";
const PUT_NAME: &str = "INSERT OR REPLACE INTO basket_names (shop, basket, name) VALUES (?1, ?2, ?3)";

/// Whose history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HistoryOf {
    /// A basket's.
    Basket,
    /// A quote's.
    Quote,
    /// An order's.
    Order,
}

impl HistoryOf {
    const fn kind(self) -> &'static str {
        match self {
            Self::Basket => Basket::TYPE,
            Self::Quote => Quote::TYPE,
            Self::Order => Order::TYPE,
        }
    }
}

/// What happened at one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// Place in the shop's ledger.
    pub position: u64,
    /// Place in the aggregate's stream.
    pub sequence: u64,
    /// Wire name of the event, for example `BasketValidated`.
    pub event_type: String,
    /// When the act took place.
    pub at: DateTime<Utc>,
    /// Who acted.
    pub actor: Person,
    /// In which role, then.
    pub role: Role,
    /// In whose place.
    pub on_behalf_of: Option<Person>,
    /// What was said with it: a comment, a reason, a message.
    pub comment: Option<SealedRef>,
    /// Whether that is an institution's own affair, which its bookseller is never shown.
    pub inner: bool,
    /// What it changed.
    pub changes: Vec<Change>,
}

/// A change of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The line, for a field of a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_id: Option<LineId>,
    /// The line's article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ean: Option<Ean>,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The field's name: `quantity`, `line_reference`, `unit_price_incl_tax`, `discount_rate`, `total_incl_tax`,
    /// `availability`, `in_stock`, `expected`, `name`, `owner`, `valid_until`, `librisoft_number`, `tracking`.
    pub field: String,
    /// What held until then; nothing for what was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ChangeValue>,
    /// What held from then on; nothing for what was taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ChangeValue>,
}

/// A value in a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeValue {
    /// A count.
    Number(u64),
    /// An amount, a rate, a date, a code, as the contract writes it.
    Text(String),
    /// A sealed text: a name, a line's reference.
    Sealed(SealedRef),
    /// An account, with its name if there is one.
    Person {
        /// The account.
        id: AccountId,
        /// The person's name, filled in when the history is read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<SealedRef>,
    },
}

/// Reads histories, out of the audit trail's file.
#[derive(Clone, Debug)]
pub struct History {
    reader: Reader,
}

impl History {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// The history of an aggregate, oldest first, as it was at `up_to` if that is given; empty for an unknown one.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(
        &self,
        shop: &str,
        of: HistoryOf,
        id: Uuid,
        up_to: Option<u64>,
    ) -> Result<Vec<HistoryRow>, ReadError> {
        let up_to = int(up_to.unwrap_or(u64::MAX));
        self.reader
            .read(shop, move |connection, shop| {
                let mut statement = connection.prepare_cached(LIST)?;
                let rows = statement
                    .query_map(params![shop, of.kind(), Key(id), up_to], |row| history_row(connection, shop, row))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }
}

/// A step out of a row of the trail.
pub(crate) fn history_row(connection: &Connection, shop: &str, row: &Row<'_>) -> rusqlite::Result<HistoryRow> {
    let person = |account| people::get_person(connection, shop, account);
    let mut changes: Vec<Change> = match row.get_ref("changes")? {
        ValueRef::Null => Vec::new(),
        ValueRef::Text(_) | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Blob(_) => json(row, "changes")?,
    };
    for value in changes.iter_mut().flat_map(|change| [&mut change.before, &mut change.after]).flatten() {
        if let ChangeValue::Person { id, name } = value {
            *name = person(*id)?.name;
        }
    }
    Ok(HistoryRow {
        position: uint(row, "position")?,
        sequence: uint(row, "sequence")?,
        event_type: row.get("type")?,
        at: time(row, "at")?,
        actor: person(id(row, "actor")?)?,
        role: word(row, "role")?,
        on_behalf_of: id_opt(row, "on_behalf_of")?.map(person).transpose()?,
        comment: row.get("comment")?,
        inner: row.get("inner_comment")?,
        changes,
    })
}

/// What an event says beside who and when.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// What was said with it.
    pub(crate) comment: Option<SealedRef>,
    /// Whether that is an institution's own affair.
    pub(crate) inner: bool,
    changes: Vec<Change>,
}

impl Said {
    /// The changes as their column holds them; nothing for none.
    pub(crate) fn changes(&self) -> Result<Option<String>, ApplyError> {
        if self.changes.is_empty() { Ok(None) } else { Ok(Some(to_json(&self.changes)?)) }
    }
}

/// What an event says beside who and when; those of shops and accounts say nothing that a trail shows.
pub(crate) fn said(tx: &Connection, recorded: &Recorded) -> Result<Said, ApplyError> {
    Ok(match &recorded.event {
        Event::Basket(event) => changes::of_basket(event, rename(tx, recorded, event)?),
        Event::Quote(event) => changes::of_quote(event),
        Event::Order(event) => changes::of_order(event),
        Event::Institution(InstitutionEvent::DiscountCapLifted { justification }) => {
            Said { comment: Some(justification.into()), ..Said::default() }
        }
        Event::Shop(_) | Event::Institution(_) | Event::Account(_) | Event::Subject(_) => Said::default(),
    })
}

/// The name that a basket had before this event, which may give it another.
fn rename(tx: &Connection, recorded: &Recorded, event: &BasketEvent) -> Result<Option<SealedRef>, ApplyError> {
    let (BasketEvent::Renamed { name } | BasketEvent::Opened { name: Some(name), .. }) = event else { return Ok(None) };
    let basket = Key(recorded.id()?);
    let mut statement = tx.prepare_cached(NAME)?;
    let before = statement.query_row(params![recorded.shop, basket], |row| row.get(0)).optional()?;
    tx.prepare_cached(PUT_NAME)?.execute(params![recorded.shop, basket, SealedRef::from(name)])?;
    Ok(before)
}
