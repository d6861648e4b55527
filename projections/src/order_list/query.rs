//! The list's queries: which index leads, what is checked on the way.
//!
//! One filter leads through its index, in the list's order; the others are checked row by row. A number leads, since it
//! finds a few; else a purchaser's own orders where he looks; else an article, a client, a delivery mode, the tab alone.

use std::cmp::Reverse;

use bordereau_domain::{InstitutionId, Money, OrderId, terms::DeliveryMode};
use rusqlite::{
    Connection, Row, ToSql, params,
    types::{ToSqlOutput, ValueRef},
};

use super::{OrderFilter, OrderRow, OrderTab};
use crate::{
    clients,
    error::ReadError,
    page::{Page, Scope, bounded, read_cursor},
    people,
    sql::{Key, id, id_opt, int, limit, time, uint, word},
};

const SELECT: &str = "SELECT o.placed, o.id, o.number, o.librisoft_number, o.status, o.supply, o.institution,
    o.delivered_to, o.billed_to, o.delivery_mode, o.payment_mode, o.establishment, o.created_by, o.placed_at,
    o.reference, o.quantity, o.total_excl_tax, o.total_incl_tax, o.shipping_incl_tax, o.sequence, o.position FROM";
const RANGE: &str = "o.shop = ?1 AND o.tab = ?2 AND (o.placed_at, o.placed) < (?3, ?4) AND o.placed_at >= ?5";
const REST: &str = "AND (?7 IS NULL OR o.delivered_to = ?7) AND (?8 IS NULL OR o.billed_to = ?8)
    AND (?9 IS NULL OR o.delivery_mode = ?9) AND (?10 IS NULL OR o.number = ?11 OR o.librisoft_number = ?10)
    AND (?12 IS NULL OR EXISTS (SELECT 1 FROM json_each(?12) j CROSS JOIN order_eans x WHERE x.shop = o.shop
        AND x.ean = j.value AND x.tab = o.tab AND x.placed_at = o.placed_at AND x.placed = o.placed))";

/// The filter whose index a query walks.
#[derive(Clone, Copy, Debug)]
enum Lead {
    Tab,
    Institution,
    DeliveredTo,
    BilledTo,
    DeliveryMode,
    Number,
    Ean,
}

impl Lead {
    fn sql(self) -> String {
        let by_column = |index: &str, column: &str| {
            format!(
                "{SELECT} orders o INDEXED BY {index} WHERE {RANGE} {column} {REST}
                 ORDER BY o.placed_at DESC, o.placed DESC LIMIT ?13"
            )
        };
        match self {
            Self::Tab => by_column("orders_by_tab", ""),
            Self::Institution => by_column("orders_by_institution", "AND o.institution = ?6"),
            Self::DeliveredTo => by_column("orders_by_delivered_to", "AND o.delivered_to = ?6"),
            Self::BilledTo => by_column("orders_by_billed_to", "AND o.billed_to = ?6"),
            Self::DeliveryMode => by_column("orders_by_delivery_mode", "AND o.delivery_mode = ?6"),
            Self::Number => format!(
                "{SELECT} (SELECT placed FROM orders WHERE shop = ?1 AND number = ?11 UNION
                           SELECT placed FROM orders WHERE shop = ?1 AND librisoft_number = ?10) n
                 CROSS JOIN orders o ON o.placed = n.placed WHERE {RANGE} {REST}
                 ORDER BY o.placed_at DESC, o.placed DESC LIMIT ?13"
            ),
            Self::Ean => format!(
                "{SELECT} order_eans e CROSS JOIN orders o ON o.shop = e.shop AND o.placed = e.placed
                 WHERE e.shop = ?1 AND e.ean = ?6 AND e.tab = ?2 AND (e.placed_at, e.placed) < (?3, ?4)
                 AND e.placed_at >= ?5 {REST} ORDER BY e.placed_at DESC, e.placed DESC LIMIT ?13"
            ),
        }
    }
}

/// What the leading index is asked for.
#[derive(Clone, Copy, Debug)]
enum Value {
    None,
    Id(Key),
    Word(&'static str),
    Int(i64),
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::None => Ok(ToSqlOutput::Borrowed(ValueRef::Null)),
            Self::Id(key) => key.to_sql(),
            Self::Word(word) => word.to_sql(),
            Self::Int(number) => number.to_sql(),
        }
    }
}

/// A list that was asked for.
#[derive(Debug)]
pub(super) struct Search {
    scope: Scope,
    leads: Vec<(Lead, Value)>,
    tabs: Vec<OrderTab>,
    filter: OrderFilter,
    eans: Option<String>,
    before: (i64, i64),
    from: i64,
    size: usize,
}

impl Search {
    /// Chooses the leading index.
    pub(super) fn new(
        scope: &Scope,
        filter: &OrderFilter,
        size: usize,
        cursor: Option<&str>,
    ) -> Result<Self, ReadError> {
        let end = filter.to.map_or((i64::MAX, i64::MAX), |to| (to.timestamp_micros(), 0));
        let cursor: Option<(i64, i64)> = read_cursor(cursor)?;
        let eans: Vec<i64> = filter.eans.iter().map(|ean| int(ean.to_u64())).collect();
        Ok(Self {
            scope: scope.clone(),
            leads: leads(scope, filter, &eans),
            tabs: filter.tab.map_or_else(|| OrderTab::ALL.to_vec(), |tab| vec![tab]),
            eans: if eans.is_empty() { None } else { Some(serde_json::to_string(&eans)?) },
            before: cursor.map_or(end, |cursor| cursor.min(end)),
            from: filter.from.map_or(i64::MIN, |from| from.timestamp_micros()),
            size: bounded(size),
            filter: filter.clone(),
        })
    }

    /// The page.
    pub(super) fn page(&self, connection: &Connection, shop: &str) -> Result<Page<OrderRow>, ReadError> {
        let mut found: Vec<((i64, i64), OrderRow)> = Vec::new();
        for (lead, value) in &self.leads {
            for tab in &self.tabs {
                self.walk(connection, shop, *lead, *value, *tab, &mut found)?;
            }
        }
        found.sort_unstable_by_key(|(key, _)| Reverse(*key));
        found.dedup_by_key(|(key, _)| *key);
        Ok(Page::cut(found, self.size, |(key, _)| *key)?.map(|(_, row)| row))
    }

    fn walk(
        &self,
        connection: &Connection,
        shop: &str,
        lead: Lead,
        value: Value,
        tab: OrderTab,
        found: &mut Vec<((i64, i64), OrderRow)>,
    ) -> rusqlite::Result<()> {
        let filter = &self.filter;
        let number = filter.number.as_deref().map(str::trim);
        let mut statement = connection.prepare_cached(&lead.sql())?;
        let rows = statement.query_map(
            params![
                shop,
                tab.as_str(),
                self.before.0,
                self.before.1,
                self.from,
                value,
                filter.delivered_to.map(key),
                filter.billed_to.map(key),
                filter.delivery_mode.map(DeliveryMode::as_str),
                number,
                number.and_then(|number| number.parse::<u64>().ok()).map(int),
                self.eans,
                limit(self.size + 1)
            ],
            |row| Ok(((row.get("placed_at")?, row.get("placed")?), order_row(connection, shop, row)?)),
        )?;
        for row in rows {
            let (key, row) = row?;
            if self.scope.holds(row.institution.id) {
                found.push((key, row));
            }
        }
        Ok(())
    }
}

fn key(institution: InstitutionId) -> Key {
    Key(institution.0)
}

fn leads(scope: &Scope, filter: &OrderFilter, eans: &[i64]) -> Vec<(Lead, Value)> {
    let id = |institution| Value::Id(key(institution));
    if filter.number.is_some() {
        return vec![(Lead::Number, Value::None)];
    }
    match scope {
        Scope::Institutions(institutions) => institutions.iter().map(|i| (Lead::Institution, id(*i))).collect(),
        Scope::All if !eans.is_empty() => eans.iter().map(|ean| (Lead::Ean, Value::Int(*ean))).collect(),
        Scope::All => vec![match (filter.delivered_to, filter.billed_to, filter.delivery_mode) {
            (Some(institution), _, _) => (Lead::DeliveredTo, id(institution)),
            (None, Some(institution), _) => (Lead::BilledTo, id(institution)),
            (None, None, Some(mode)) => (Lead::DeliveryMode, Value::Word(mode.as_str())),
            (None, None, None) => (Lead::Tab, Value::None),
        }],
    }
}

fn order_row(connection: &Connection, shop: &str, row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    Ok(OrderRow {
        id: id::<OrderId>(row, "id")?,
        number: uint(row, "number")?,
        librisoft_number: row.get("librisoft_number")?,
        status: word(row, "status")?,
        supply: word(row, "supply")?,
        institution: clients::get_ref(connection, shop, id(row, "institution")?)?,
        delivered_to: clients::get_ref(connection, shop, id(row, "delivered_to")?)?,
        billed_to: clients::get_ref(connection, shop, id(row, "billed_to")?)?,
        delivery_mode: word(row, "delivery_mode")?,
        payment_mode: word(row, "payment_mode")?,
        establishment: clients::find_establishment(connection, shop, id_opt(row, "establishment")?)?,
        created_by: people::get_person(connection, shop, id(row, "created_by")?)?,
        placed_at: time(row, "placed_at")?,
        reference: row.get("reference")?,
        quantity: uint(row, "quantity")?,
        total_excl_tax: Money::from_cents(row.get("total_excl_tax")?),
        total_incl_tax: Money::from_cents(row.get("total_incl_tax")?),
        shipping_incl_tax: Money::from_cents(row.get("shipping_incl_tax")?),
        sequence: uint(row, "sequence")?,
        position: uint(row, "position")?,
    })
}
