//! What the bookshop's management system should collect: quotes, orders, cancellations, each with the position of the
//! event that made it due (its revision).
//!
//! A quote is due from its request until it was pushed or put away. An order is due while the management system does
//! not know it and it is neither cancelled nor closed; a reset never offers a collected order again, and offers a never
//! collected one anew. A cancellation is due when the management system knows the order and not that it was cancelled.

use std::sync::Arc;

use bordereau_domain::{
    Event,
    order::{Order, OrderEvent},
    quote::{Quote, QuoteEvent, QuoteStatus},
};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use crate::{
    clients,
    documents::{OrderDetail, QuoteDetail, find_order, find_quote},
    error::{ApplyError, ReadError},
    page::{Page, bounded},
    people,
    reader::Reader,
    recorded::Recorded,
    sql::{Key, id, int, limit, uint},
    states::{self, States},
    view::View,
};

const DDL: &str = "
CREATE TABLE due (
  shop TEXT NOT NULL, revision INTEGER NOT NULL, kind TEXT NOT NULL, id BLOB NOT NULL,
  PRIMARY KEY (shop, revision), CONSTRAINT due_once UNIQUE (shop, kind, id)
) STRICT, WITHOUT ROWID;
";

const ADD: &str = "INSERT OR IGNORE INTO due (shop, revision, kind, id) VALUES (?1, ?2, ?3, ?4)";
const DROP: &str = "DELETE FROM due WHERE shop = ?1 AND kind = ?2 AND id = ?3";
const LIST: &str = "SELECT revision, kind, id FROM due WHERE shop = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3";

const QUOTE: &str = "quote";
const ORDER: &str = "order";
const CANCELLATION: &str = "cancellation";

/// Something to be collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueItem {
    /// Position of the event that made it due: the next page begins after it.
    pub revision: u64,
    /// What it is, as it is now.
    pub document: QueueDocument,
}

/// A document that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueDocument {
    /// A quote request.
    Quote(Box<QuoteDetail>),
    /// An order.
    Order(Box<OrderDetail>),
    /// The cancellation of an order that had been collected.
    Cancellation(Box<OrderDetail>),
}

impl QueueDocument {
    /// The kind's name in JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Quote(_) => QUOTE,
            Self::Order(_) => ORDER,
            Self::Cancellation(_) => CANCELLATION,
        }
    }
}

/// Reads the queue.
#[derive(Clone, Debug)]
pub struct LibrisoftQueue {
    reader: Reader,
}

impl LibrisoftQueue {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// What is due after a revision (0 for the first page), oldest first. `next` is the last item's revision in decimal
    /// while there is more.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(&self, shop: &str, after: u64, limit: usize) -> Result<Page<QueueItem>, ReadError> {
        let size = bounded(limit);
        self.reader.read(shop, move |connection, shop| Ok(page(connection, shop, after, size)?)).await
    }
}

fn page(connection: &Connection, shop: &str, after: u64, size: usize) -> rusqlite::Result<Page<QueueItem>> {
    let mut statement = connection.prepare_cached(LIST)?;
    let found: Vec<(u64, String, Uuid)> = statement
        .query_map(params![shop, int(after), limit(size + 1)], |row| {
            Ok((uint(row, "revision")?, row.get("kind")?, id(row, "id")?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let next = if found.len() > size { found.get(size - 1).map(|(revision, ..)| revision.to_string()) } else { None };
    let mut items = Vec::with_capacity(found.len().min(size));
    for (revision, kind, id) in found.into_iter().take(size) {
        let order = || find_order(connection, shop, id).map(|order| order.map(Box::new));
        let document = match kind.as_str() {
            QUOTE => find_quote(connection, shop, id)?.map(|quote| QueueDocument::Quote(Box::new(quote))),
            CANCELLATION => order()?.map(QueueDocument::Cancellation),
            _ => order()?.map(QueueDocument::Order),
        };
        items.extend(document.map(|document| QueueItem { revision, document }));
    }
    Ok(Page { items, next })
}

/// Writes the queue.
#[derive(Debug)]
pub(crate) struct LibrisoftQueueView {
    quotes: States<Quote>,
    orders: States<Order>,
}

impl LibrisoftQueueView {
    pub(crate) fn new() -> Self {
        Self { quotes: States::new(|_| None), orders: States::new(|_| None) }
    }

    fn apply_quote(
        &mut self,
        tx: &Connection,
        shop: &Arc<str>,
        recorded: &Recorded,
        event: &QuoteEvent,
    ) -> Result<(), ApplyError> {
        let folded = self.quotes.fold(tx, shop, recorded, event)?;
        let due = folded.state.opened().is_some_and(|q| !q.collected && q.status != QuoteStatus::Archived);
        set_due(tx, recorded, QUOTE, due)
    }

    fn apply_order(
        &mut self,
        tx: &Connection,
        shop: &Arc<str>,
        recorded: &Recorded,
        event: &OrderEvent,
    ) -> Result<(), ApplyError> {
        let folded = self.orders.fold(tx, shop, recorded, event)?;
        let Some(order) = folded.state.opened() else { return Ok(()) };
        match event {
            OrderEvent::Placed { .. }
            | OrderEvent::PushedToLibrisoft { .. }
            | OrderEvent::Closed {}
            | OrderEvent::Cancelled { .. }
            | OrderEvent::CancellationPushedToLibrisoft {}
            | OrderEvent::StatusReset { .. } => {}
            OrderEvent::LinesReported { .. }
            | OrderEvent::MadeAvailable {}
            | OrderEvent::Shipped { .. }
            | OrderEvent::MessageSent { .. } => return Ok(()),
        }
        let (due, cancellation) = (order.is_due(), order.is_cancellation_due());
        set_due(tx, recorded, ORDER, due)?;
        set_due(tx, recorded, CANCELLATION, cancellation)
    }
}

/// Puts a document into the queue at this event, unless it waits there already, or takes it out.
fn set_due(tx: &Connection, recorded: &Recorded, kind: &str, due: bool) -> Result<(), ApplyError> {
    let (shop, id) = (&recorded.shop, Key(recorded.id()?));
    if due {
        tx.prepare_cached(ADD)?.execute(params![shop, int(recorded.position), kind, id])?;
    } else {
        tx.prepare_cached(DROP)?.execute(params![shop, kind, id])?;
    }
    Ok(())
}

impl View for LibrisoftQueueView {
    type Item = Recorded;
    const NAME: &'static str = "librisoft_queue";
    const VERSION: u32 = 1;
    const DDL: &'static [&'static str] = &[people::DDL, clients::DDL, states::DDL, DDL];

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Quote(event) => self.apply_quote(tx, shop, recorded, event),
            Event::Order(event) => self.apply_order(tx, shop, recorded, event),
            Event::Account(event) => people::apply(tx, recorded, event),
            Event::Institution(event) => clients::apply(tx, recorded, event),
            Event::Shop(event) => clients::apply_shop(tx, recorded, event),
            Event::Subject(_) | Event::Basket(_) => Ok(()),
        }
    }

    fn flush(&mut self, tx: &Transaction<'_>, _: &Arc<str>) -> Result<(), ApplyError> {
        self.quotes.flush(tx, |_, _, _| Ok(()))?;
        self.orders.flush(tx, |_, _, _| Ok(()))
    }

    fn forget(&mut self) {
        self.quotes.forget();
        self.orders.forget();
    }
}
