//! A quote and an order with all that their pages and the management system are shown beside them.

use bordereau_domain::{
    OrderId, QuoteId,
    institution::Known,
    order::{OpenOrder, Order},
    quote::{OpenQuote, Quote},
    shop::Establishment,
};
use chrono::{DateTime, Utc};
use rusqlite::Connection;
use uuid::Uuid;

use crate::{
    clients::{self, ClientRef},
    people::{self, Person},
    sql::from_micros,
    states::{self, Folded},
};

/// A quote and what its page shows beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteDetail {
    /// Its id.
    pub id: QuoteId,
    /// The aggregate's state.
    pub quote: OpenQuote,
    /// Sequence of its last event.
    pub sequence: u64,
    /// Position of its last event.
    pub position: u64,
    /// *Date de demande du devis*.
    pub requested_at: DateTime<Utc>,
    /// *Panier créé par*: the basket's owner.
    pub created_by: Person,
    /// The institution it is for.
    pub institution: ClientRef,
    /// All that is known of that institution.
    pub known: Option<Known>,
}

/// An order and what its page shows beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDetail {
    /// Its id.
    pub id: OrderId,
    /// The aggregate's state.
    pub order: OpenOrder,
    /// Sequence of its last event.
    pub sequence: u64,
    /// Position of its last event.
    pub position: u64,
    /// When the institution sent it.
    pub placed_at: DateTime<Utc>,
    /// Who placed it.
    pub created_by: Person,
    /// The basket's institution.
    pub institution: ClientRef,
    /// *Client livré*.
    pub delivered_to: ClientRef,
    /// *Client facturé*.
    pub billed_to: ClientRef,
    /// *Librairie en charge de la commande*.
    pub establishment: Option<Establishment>,
}

/// A quote as it is now.
pub(crate) fn find_quote(connection: &Connection, shop: &str, id: Uuid) -> rusqlite::Result<Option<QuoteDetail>> {
    let Some(folded) = states::find::<Quote>(connection, shop, id)? else { return Ok(None) };
    quote_detail(connection, shop, id, folded)
}

/// A quote in some state, with today's names.
pub(crate) fn quote_detail(
    connection: &Connection,
    shop: &str,
    id: Uuid,
    folded: Folded<Quote>,
) -> rusqlite::Result<Option<QuoteDetail>> {
    let Quote::Requested(quote) = folded.state else { return Ok(None) };
    Ok(Some(QuoteDetail {
        id: QuoteId(id),
        sequence: folded.sequence,
        position: folded.position,
        requested_at: from_micros(folded.opened_at),
        created_by: people::get_person(connection, shop, quote.basket.owner)?,
        institution: clients::get_ref(connection, shop, quote.institution_id)?,
        known: clients::find_known(connection, shop, quote.institution_id)?,
        quote: *quote,
    }))
}

/// An order as it is now.
pub(crate) fn find_order(connection: &Connection, shop: &str, id: Uuid) -> rusqlite::Result<Option<OrderDetail>> {
    let Some(folded) = states::find::<Order>(connection, shop, id)? else { return Ok(None) };
    order_detail(connection, shop, id, folded)
}

/// An order in some state, with today's names.
pub(crate) fn order_detail(
    connection: &Connection,
    shop: &str,
    id: Uuid,
    folded: Folded<Order>,
) -> rusqlite::Result<Option<OrderDetail>> {
    let Order::Placed(order) = folded.state else { return Ok(None) };
    Ok(Some(OrderDetail {
        id: OrderId(id),
        sequence: folded.sequence,
        position: folded.position,
        placed_at: from_micros(folded.opened_at),
        created_by: people::get_person(connection, shop, order.created_by)?,
        institution: clients::get_ref(connection, shop, order.institution_id)?,
        delivered_to: clients::get_ref(connection, shop, order.terms.delivered_to)?,
        billed_to: clients::get_ref(connection, shop, order.terms.billed_to)?,
        establishment: clients::find_establishment(connection, shop, order.establishment_id)?,
        order: *order,
    }))
}
