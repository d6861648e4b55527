//! Where an institution has each title already: in orders, and in baskets that are on their way. Asked for every line of
//! a basket at once, it reads a few rows for each, however many orders there are: the lines of orders stand by institution
//! and article, latest last. Baskets leave the view when they become a document: their lines are the order's then.

use std::{collections::BTreeMap, sync::Arc};

use bordereau_domain::{AccountId, BasketId, Ean, Event, InstitutionId, OrderId, Role, order::OrderEvent};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use crate::{
    error::{ApplyError, ReadError},
    people::{self, Person},
    reader::Reader,
    recent::{Place, Recent},
    recorded::Recorded,
    sql::{Key, id, int, time, uint},
    view::View,
};

mod open_basket;

use open_basket::OpenBasket;

const DDL: &str = "
CREATE TABLE orders (
  shop TEXT NOT NULL, placed INTEGER NOT NULL, id BLOB NOT NULL, number INTEGER NOT NULL, basket BLOB NOT NULL,
  placed_at INTEGER NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (shop, placed), CONSTRAINT order_once UNIQUE (shop, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_lines (
  shop TEXT NOT NULL, institution BLOB NOT NULL, ean INTEGER NOT NULL, placed INTEGER NOT NULL, quantity INTEGER NOT NULL,
  PRIMARY KEY (shop, institution, ean, placed)
) STRICT, WITHOUT ROWID;
";

const PUT_ORDER: &str = "INSERT INTO orders (shop, placed, id, number, basket, placed_at, state)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'ordered')";
const PUT_LINE: &str = "INSERT INTO order_lines (shop, institution, ean, placed, quantity) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity";
const SET_STATE: &str = "UPDATE orders SET state = ?3 WHERE shop = ?1 AND id = ?2";
const ORDERS: &str = "SELECT o.id, o.number, o.placed_at, o.state, l.quantity FROM order_lines l
    JOIN orders o ON o.shop = l.shop AND o.placed = l.placed
    WHERE l.shop = ?1 AND l.institution = ?2 AND l.ean = ?3 AND o.state <> 'cancelled' AND o.basket <> ?4
    ORDER BY l.placed DESC LIMIT ?5";
const BASKETS: &str = "SELECT b.basket, b.number, b.owner, b.stage, b.since, sum(l.quantity) AS quantity
    FROM basket_lines l JOIN baskets b ON b.shop = l.shop AND b.basket = l.basket
    WHERE l.shop = ?1 AND l.institution = ?2 AND l.ean = ?3 AND l.basket <> ?4
    AND (b.owner = ?5 OR (?6 AND b.stage <> 'drafting'))
    GROUP BY b.basket ORDER BY b.since DESC, b.number DESC LIMIT ?7";

/// How many orders and baskets are told of a title: the latest.
const TOLD: i64 = 3;
/// How many baskets the view remembers, at least.
const ROOM: usize = 5_000;

const ORDERED: &str = "ordered";
const RECEIVED: &str = "received";
const CANCELLED: &str = "cancelled";

/// Who asks, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleQuestion {
    /// The institution.
    pub institution: InstitutionId,
    /// The basket that asks: it and what became of it are left out.
    pub basket: BasketId,
    /// The account in whose name is asked: all its own baskets are told.
    pub account: AccountId,
    /// Whether baskets of others are told once they are on their way; drafts of others never are.
    pub sees_sent: bool,
    /// The titles.
    pub eans: Vec<Ean>,
}

impl TitleQuestion {
    /// Whether somebody with this role sees baskets of his colleagues that are on their way.
    pub const fn sees_sent(role: Role) -> bool {
        match role {
            Role::Approver | Role::Purchaser | Role::Auditor | Role::System => true,
            Role::Requester | Role::Bookseller | Role::Integrator | Role::Librisoft | Role::Buyer => false,
        }
    }
}

/// Where an institution has a title: the latest three of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TitleUse {
    /// Orders that were not cancelled, the latest first.
    pub orders: Vec<OrderUse>,
    /// Baskets, the latest first.
    pub baskets: Vec<BasketUse>,
}

/// A title in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderUse {
    /// The order.
    pub id: OrderId,
    /// Its number.
    pub number: u64,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// Whether it was made available, shipped or closed.
    pub received: bool,
    /// Copies.
    pub quantity: u64,
}

/// A title in a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketUse {
    /// The basket.
    pub id: BasketId,
    /// Its number.
    pub number: u64,
    /// Whose it is.
    pub owner: Person,
    /// Whether it is on its way; else it is a draft of the account that asks.
    pub sent: bool,
    /// Since when it is where it is.
    pub since: DateTime<Utc>,
    /// Copies.
    pub quantity: u64,
}

/// Reads where titles are.
#[derive(Clone, Debug)]
pub struct TitleUses {
    reader: Reader,
}

impl TitleUses {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// Where the institution has these titles; those that it has nowhere are absent.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find(&self, shop: &str, question: TitleQuestion) -> Result<BTreeMap<Ean, TitleUse>, ReadError> {
        self.reader.read(shop, move |connection, shop| Ok(find(connection, shop, &question)?)).await
    }
}

fn find(connection: &Connection, shop: &str, question: &TitleQuestion) -> rusqlite::Result<BTreeMap<Ean, TitleUse>> {
    let mut found = BTreeMap::new();
    for ean in &question.eans {
        let uses = TitleUse {
            orders: orders(connection, shop, question, *ean)?,
            baskets: baskets(connection, shop, question, *ean)?,
        };
        if uses != TitleUse::default() {
            found.insert(*ean, uses);
        }
    }
    Ok(found)
}

fn orders(connection: &Connection, shop: &str, question: &TitleQuestion, ean: Ean) -> rusqlite::Result<Vec<OrderUse>> {
    let (institution, basket) = (Key(question.institution.0), Key(question.basket.0));
    let mut statement = connection.prepare_cached(ORDERS)?;
    let rows = statement.query_map(params![shop, institution, int(ean.to_u64()), basket, TOLD], |row| {
        Ok(OrderUse {
            id: id(row, "id")?,
            number: uint(row, "number")?,
            placed_at: time(row, "placed_at")?,
            received: row.get_ref("state")?.as_str()? == RECEIVED,
            quantity: uint(row, "quantity")?,
        })
    })?;
    rows.collect()
}

fn baskets(
    connection: &Connection,
    shop: &str,
    question: &TitleQuestion,
    ean: Ean,
) -> rusqlite::Result<Vec<BasketUse>> {
    let (institution, basket, account) = (Key(question.institution.0), Key(question.basket.0), Key(question.account.0));
    let wanted = params![shop, institution, int(ean.to_u64()), basket, account, question.sees_sent, TOLD];
    let mut statement = connection.prepare_cached(BASKETS)?;
    let rows = statement.query_map(wanted, |row| {
        let owner = id(row, "owner")?;
        Ok(BasketUse {
            id: id(row, "basket")?,
            number: uint(row, "number")?,
            owner: people::get_person(connection, shop, owner)?,
            sent: row.get_ref("stage")?.as_str()? != open_basket::DRAFTING,
            since: time(row, "since")?,
            quantity: uint(row, "quantity")?,
        })
    })?;
    rows.collect()
}

/// Writes where titles are.
#[derive(Debug)]
pub(crate) struct TitleUseView {
    baskets: Recent<Option<OpenBasket>>,
}

impl TitleUseView {
    pub(crate) fn new() -> Self {
        Self { baskets: Recent::new(ROOM) }
    }
}

fn apply_order(tx: &Connection, recorded: &Recorded, event: &OrderEvent) -> Result<(), ApplyError> {
    let id = Key(recorded.id()?);
    let state = match event {
        OrderEvent::Placed { number, basket, institution_id, lines, .. } => {
            let (placed, institution) = (int(recorded.position), Key(institution_id.0));
            let row = params![recorded.shop, placed, id, int(*number), Key(basket.basket_id.0), recorded.at_micros()];
            tx.prepare_cached(PUT_ORDER)?.execute(row)?;
            let mut statement = tx.prepare_cached(PUT_LINE)?;
            for line in lines {
                let (ean, quantity) = (int(line.ean.to_u64()), i64::from(line.quantity));
                statement.execute(params![recorded.shop, institution, ean, placed, quantity])?;
            }
            return Ok(());
        }
        OrderEvent::MadeAvailable {} | OrderEvent::Shipped { .. } | OrderEvent::Closed {} => RECEIVED,
        OrderEvent::Cancelled { .. } => CANCELLED,
        OrderEvent::StatusReset { .. } => ORDERED,
        OrderEvent::PushedToLibrisoft { .. }
        | OrderEvent::LinesReported { .. }
        | OrderEvent::CancellationPushedToLibrisoft {}
        | OrderEvent::MessageSent { .. } => return Ok(()),
    };
    tx.prepare_cached(SET_STATE)?.execute(params![recorded.shop, id, state])?;
    Ok(())
}

impl View for TitleUseView {
    type Item = Recorded;
    const NAME: &'static str = "title_use";
    const VERSION: u32 = 1;
    const DDL: &'static [&'static str] = &[people::DDL, DDL, open_basket::DDL];
    const INDEXES: &'static str = open_basket::INDEXES;

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Basket(event) => {
                let place: Place = (Arc::clone(shop), recorded.id()?);
                let basket = self.baskets.change(&place, || open_basket::find(tx, shop, place.1))?;
                open_basket::apply(basket, recorded, event);
                Ok(())
            }
            Event::Order(event) => apply_order(tx, recorded, event),
            Event::Account(event) => people::apply(tx, recorded, event),
            Event::Institution(_) | Event::Shop(_) | Event::Subject(_) | Event::Quote(_) => Ok(()),
        }
    }

    fn flush(&mut self, tx: &Transaction<'_>, _: &Arc<str>) -> Result<(), ApplyError> {
        for place in self.baskets.take_dirty() {
            let (shop, basket): (&str, Uuid) = (&place.0, place.1);
            if let Some(open) = self.baskets.get_mut(&place) {
                open_basket::put(tx, shop, basket, open)?;
            }
        }
        self.baskets.age();
        Ok(())
    }

    fn forget(&mut self) {
        self.baskets.clear();
    }
}
