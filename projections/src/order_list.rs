//! *Gestion des commandes collectivité* and *Mes commandes collectivités* (L28-L31): orders by tab, newest first, with
//! every filter. Each filter has an index that ends in the list's own order, so that a page reads no more rows than it
//! shows, however many orders there are.

use std::sync::Arc;

use bordereau_domain::{
    Ean, Event, InstitutionId, Money, OrderId,
    order::{OpenOrder, Order, OrderStatus, Supply},
    shop::Establishment,
    terms::{DeliveryMode, PaymentMode},
};
use bordereau_store::Store;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use crate::{
    clients::{self, ClientRef},
    documents::{OrderDetail, find_order, order_detail},
    error::{ApplyError, ReadError},
    page::{Page, Scope},
    past::fold_up_to,
    people::{self, Person},
    reader::Reader,
    recorded::Recorded,
    sql::{Key, int},
    states::{self, Folded, States},
    tally::{self, Tally},
    view::View,
};

mod query;

const DDL: &str = "
CREATE TABLE orders (
  shop TEXT NOT NULL, placed INTEGER NOT NULL, id BLOB NOT NULL, number INTEGER NOT NULL, librisoft_number TEXT,
  tab TEXT NOT NULL, status TEXT NOT NULL, supply TEXT NOT NULL, institution BLOB NOT NULL, delivered_to BLOB NOT NULL,
  billed_to BLOB NOT NULL, delivery_mode TEXT NOT NULL, payment_mode TEXT NOT NULL, establishment BLOB,
  created_by BLOB NOT NULL, placed_at INTEGER NOT NULL, reference TEXT NOT NULL, quantity INTEGER NOT NULL,
  total_excl_tax INTEGER NOT NULL, total_incl_tax INTEGER NOT NULL, shipping_incl_tax INTEGER NOT NULL,
  sequence INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (shop, placed)
) STRICT, WITHOUT ROWID;
CREATE TABLE order_eans (
  shop TEXT NOT NULL, ean INTEGER NOT NULL, tab TEXT NOT NULL, placed_at INTEGER NOT NULL, placed INTEGER NOT NULL,
  PRIMARY KEY (shop, ean, tab, placed_at, placed)
) STRICT, WITHOUT ROWID;
";

const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS orders_by_tab ON orders (shop, tab, placed_at, placed);
CREATE INDEX IF NOT EXISTS orders_by_institution ON orders (shop, institution, tab, placed_at, placed);
CREATE INDEX IF NOT EXISTS orders_by_delivered_to ON orders (shop, delivered_to, tab, placed_at, placed);
CREATE INDEX IF NOT EXISTS orders_by_billed_to ON orders (shop, billed_to, tab, placed_at, placed);
CREATE INDEX IF NOT EXISTS orders_by_delivery_mode ON orders (shop, delivery_mode, tab, placed_at, placed);
CREATE INDEX IF NOT EXISTS orders_by_number ON orders (shop, number);
CREATE INDEX IF NOT EXISTS orders_by_librisoft_number ON orders (shop, librisoft_number) WHERE librisoft_number IS NOT NULL;
";

const PUT: &str = "INSERT INTO orders (shop, placed, id, number, librisoft_number, tab, status, supply, institution,
    delivered_to, billed_to, delivery_mode, payment_mode, establishment, created_by, placed_at, reference, quantity,
    total_excl_tax, total_incl_tax, shipping_incl_tax, sequence, position)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
    ON CONFLICT DO UPDATE SET librisoft_number = excluded.librisoft_number, tab = excluded.tab,
    status = excluded.status, supply = excluded.supply, sequence = excluded.sequence, position = excluded.position";
const PUT_EAN: &str = "INSERT OR IGNORE INTO order_eans (shop, ean, tab, placed_at, placed)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const DROP_EAN: &str = "DELETE FROM order_eans
    WHERE shop = ?1 AND ean = ?2 AND tab = ?3 AND placed_at = ?4 AND placed = ?5";

/// A tab of the orders' list (L29).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderTab {
    /// *En attente de traitement*: not collected.
    Pending,
    /// *En cours de traitement*: collected, made available or shipped.
    Processing,
    /// *Clôturée*.
    Closed,
    /// *Annulée*.
    Cancelled,
}

impl OrderTab {
    /// Every tab.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Processing, Self::Closed, Self::Cancelled];

    /// The tab's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    const fn of(status: OrderStatus) -> Self {
        match status {
            OrderStatus::Pending => Self::Pending,
            OrderStatus::Processing | OrderStatus::Available | OrderStatus::Shipped => Self::Processing,
            OrderStatus::Closed => Self::Closed,
            OrderStatus::Cancelled => Self::Cancelled,
        }
    }
}

/// *Filtrer les commandes*: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// The tab; nothing for all of them.
    pub tab: Option<OrderTab>,
    /// *Sélectionnez vos codes EAN*: orders that have one of these articles at least; empty for no such filter.
    pub eans: Vec<Ean>,
    /// *Client livré*.
    pub delivered_to: Option<InstitutionId>,
    /// *Client facturé*.
    pub billed_to: Option<InstitutionId>,
    /// *Date de départ*: placed then or later.
    pub from: Option<DateTime<Utc>>,
    /// *Date de fin*: placed before it (the first instant after the last day).
    pub to: Option<DateTime<Utc>>,
    /// *Mode de livraison*.
    pub delivery_mode: Option<DeliveryMode>,
    /// *N° de commande / N° Librisoft*: either number, whole.
    pub number: Option<String>,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRow {
    /// Its id.
    pub id: OrderId,
    /// *N°*.
    pub number: u64,
    /// *N° Librisoft*.
    pub librisoft_number: Option<String>,
    /// Where it is.
    pub status: OrderStatus,
    /// *Attente fournisseur(s)* or *Préparation de commande*.
    pub supply: Supply,
    /// The basket's institution.
    pub institution: ClientRef,
    /// *Client livré*.
    pub delivered_to: ClientRef,
    /// *Client facturé*.
    pub billed_to: ClientRef,
    /// How it is handed over.
    pub delivery_mode: DeliveryMode,
    /// How it is paid.
    pub payment_mode: PaymentMode,
    /// *Librairie en charge de la commande*.
    pub establishment: Option<Establishment>,
    /// Who placed it.
    pub created_by: Person,
    /// When the institution sent it.
    pub placed_at: DateTime<Utc>,
    /// *Référence collectivité*.
    pub reference: String,
    /// The number of articles: the sum of quantities.
    pub quantity: u64,
    /// Lines without tax.
    pub total_excl_tax: Money,
    /// Lines with tax, without *frais de port*.
    pub total_incl_tax: Money,
    /// *Frais de port*.
    pub shipping_incl_tax: Money,
    /// Sequence of its last event.
    pub sequence: u64,
    /// Position of its last event.
    pub position: u64,
}

/// How many orders each tab holds, whatever is filtered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderCounts {
    /// *En attente de traitement*.
    pub pending: u64,
    /// *En cours de traitement*.
    pub processing: u64,
    /// *Clôturée*.
    pub closed: u64,
    /// *Annulée*.
    pub cancelled: u64,
}

/// Reads orders.
#[derive(Clone, Debug)]
pub struct OrderList {
    reader: Reader,
}

impl OrderList {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// A page of what the filter lets through, newest first, and the counts of all tabs.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(
        &self,
        shop: &str,
        scope: &Scope,
        filter: &OrderFilter,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<(Page<OrderRow>, OrderCounts), ReadError> {
        let search = query::Search::new(scope, filter, limit, cursor)?;
        let scope = scope.clone();
        self.reader
            .read(shop, move |connection, shop| {
                let page = search.page(connection, shop)?;
                let count = |tab: OrderTab| tally::count_scope(connection, shop, &scope, tab.as_str());
                let counts = OrderCounts {
                    pending: count(OrderTab::Pending)?,
                    processing: count(OrderTab::Processing)?,
                    closed: count(OrderTab::Closed)?,
                    cancelled: count(OrderTab::Cancelled)?,
                };
                Ok((page, counts))
            })
            .await
    }

    /// One order. Whether the asker may see it is his institution's question.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find(&self, shop: &str, id: OrderId) -> Result<Option<OrderDetail>, ReadError> {
        self.reader.read(shop, move |connection, shop| Ok(find_order(connection, shop, id.0)?)).await
    }

    /// An order as it was once the ledger had reached `position`, with today's names; nothing if there was none yet.
    /// Its own events are read from the log: no view keeps the past.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find_at(
        &self,
        store: &Store,
        shop: &str,
        id: OrderId,
        position: u64,
    ) -> Result<Option<OrderDetail>, ReadError> {
        let folded = fold_up_to::<Order>(
            store,
            shop,
            id.0,
            position,
            |event| if let Event::Order(event) = event { Some(event) } else { None },
            |_| false,
        );
        let Some(folded) = folded.await? else { return Ok(None) };
        self.reader.read(shop, move |connection, shop| Ok(order_detail(connection, shop, id.0, folded)?)).await
    }
}

/// Writes orders.
#[derive(Debug)]
pub(crate) struct OrderListView {
    orders: States<Order>,
    tally: Tally,
}

impl OrderListView {
    pub(crate) fn new() -> Self {
        let tab = |order: &Order| order.opened().map(|order| OrderTab::of(order.status).as_str());
        Self { orders: States::new(tab), tally: Tally::default() }
    }
}

impl View for OrderListView {
    type Item = Recorded;
    const NAME: &'static str = "order_list";
    const VERSION: u32 = 1;
    const DDL: &'static [&'static str] = &[people::DDL, clients::DDL, tally::DDL, states::DDL, DDL];
    const INDEXES: &'static str = INDEXES;

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Order(event) => self.orders.fold(tx, shop, recorded, event).map(|_| ()),
            Event::Account(event) => people::apply(tx, recorded, event),
            Event::Institution(event) => clients::apply(tx, recorded, event),
            Event::Shop(event) => clients::apply_shop(tx, recorded, event),
            Event::Subject(_) | Event::Basket(_) | Event::Quote(_) => Ok(()),
        }
    }

    fn flush(&mut self, tx: &Transaction<'_>, shop: &Arc<str>) -> Result<(), ApplyError> {
        let Self { orders, tally } = self;
        orders.flush(tx, |id, folded, tab| {
            let (Some(order), Some(tab)) = (folded.state.opened(), tab) else { return Ok(()) };
            put(tx, shop, id, folded, order, tab)?;
            if folded.filed != Some(tab) {
                file(tx, shop, folded, order, tab)?;
            }
            tally.refile(order.institution_id.0, folded.filed, tab);
            Ok(())
        })?;
        tally.flush(tx, shop)
    }

    fn forget(&mut self) {
        self.orders.forget();
        self.tally.forget();
    }
}

/// Moves an order's articles to its tab.
fn file(tx: &Connection, shop: &str, folded: &Folded<Order>, order: &OpenOrder, tab: &str) -> Result<(), ApplyError> {
    let (placed_at, placed) = (folded.opened_at, int(folded.opened));
    for line in &order.lines {
        let ean = int(line.line.ean.to_u64());
        if let Some(before) = folded.filed {
            tx.prepare_cached(DROP_EAN)?.execute(params![shop, ean, before, placed_at, placed])?;
        }
        tx.prepare_cached(PUT_EAN)?.execute(params![shop, ean, tab, placed_at, placed])?;
    }
    Ok(())
}

fn put(
    tx: &Connection,
    shop: &str,
    id: Uuid,
    folded: &Folded<Order>,
    order: &OpenOrder,
    tab: &str,
) -> Result<(), ApplyError> {
    tx.prepare_cached(PUT)?.execute(params![
        shop,
        int(folded.opened),
        Key(id),
        int(order.number),
        order.librisoft_number,
        tab,
        order.status.as_str(),
        order.supply().as_str(),
        Key(order.institution_id.0),
        Key(order.terms.delivered_to.0),
        Key(order.terms.billed_to.0),
        order.terms.delivery_mode.as_str(),
        order.terms.payment_mode.as_str(),
        order.establishment_id.map(|id| Key(id.0)),
        Key(order.created_by.0),
        folded.opened_at,
        order.reference,
        int(order.quantity()),
        order.totals.total_excl_tax.cents(),
        order.totals.total_incl_tax.cents(),
        order.shipping_incl_tax.cents(),
        int(folded.sequence),
        int(folded.position)
    ])?;
    Ok(())
}
