//! *Gestion des devis collectivité* and *Mes devis collectivités* (L24-L27): quotes by tab, newest first, found by
//! number or by part of their reference.

use std::sync::Arc;

use bordereau_domain::{
    BasketId, Event, Money, QuoteId,
    quote::{Quote, QuoteStatus},
};
use bordereau_store::Store;
use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, Row, ToSql, Transaction, params};
use uuid::Uuid;

use crate::{
    clients::{self, ClientRef},
    documents::{QuoteDetail, find_quote, quote_detail},
    error::{ApplyError, ReadError},
    fold::fold,
    page::{Page, Scope, bounded, read_cursor},
    past::fold_up_to,
    people::{self, Person},
    reader::Reader,
    recorded::Recorded,
    sealed::SealedRef,
    sql::{self, Key, id, int, limit, time, uint, word},
    states::{self, Folded, States},
    tally::{self, Tally},
    view::View,
};

const DDL: &str = "
CREATE TABLE quotes (
  shop TEXT NOT NULL, requested INTEGER NOT NULL, quote BLOB NOT NULL, number INTEGER NOT NULL, tab TEXT NOT NULL,
  status TEXT NOT NULL, institution BLOB NOT NULL, basket BLOB NOT NULL, basket_number INTEGER NOT NULL,
  basket_name BLOB, owner BLOB NOT NULL, requested_at INTEGER NOT NULL, reference TEXT NOT NULL, folded TEXT NOT NULL,
  librisoft_number TEXT, quantity INTEGER NOT NULL, total_excl_tax INTEGER NOT NULL, total_incl_tax INTEGER NOT NULL,
  answered_until TEXT, sequence INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (shop, requested)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE quote_words USING fts5 (folded, shop UNINDEXED, requested UNINDEXED, tokenize = 'trigram');
";

const INDEXES: &str = "
CREATE INDEX IF NOT EXISTS quotes_by_tab ON quotes (shop, tab, requested);
CREATE INDEX IF NOT EXISTS quotes_by_institution ON quotes (shop, institution, tab, requested);
CREATE INDEX IF NOT EXISTS quotes_by_number ON quotes (shop, number);
CREATE INDEX IF NOT EXISTS quotes_by_last_day ON quotes (shop, answered_until) WHERE answered_until IS NOT NULL;
";

const PUT: &str = "INSERT INTO quotes (shop, requested, quote, number, tab, status, institution, basket, basket_number,
    basket_name, owner, requested_at, reference, folded, librisoft_number, quantity, total_excl_tax, total_incl_tax,
    answered_until, sequence, position)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
    ON CONFLICT DO UPDATE SET tab = excluded.tab, status = excluded.status,
    librisoft_number = excluded.librisoft_number, total_excl_tax = excluded.total_excl_tax,
    total_incl_tax = excluded.total_incl_tax, answered_until = excluded.answered_until,
    sequence = excluded.sequence, position = excluded.position";
// A day as text, YYYY-MM-DD, sorts as the day itself.
const OVERDUE: &str =
    "SELECT quote FROM quotes WHERE shop = ?1 AND answered_until < ?2 ORDER BY answered_until LIMIT ?3";
const PUT_WORDS: &str = "INSERT INTO quote_words (folded, shop, requested) VALUES (?1, ?2, ?3)";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT q.requested, q.quote, q.number, q.status, q.institution, q.basket, q.basket_number, q.basket_name,
             q.owner, q.requested_at, q.reference, q.librisoft_number, q.quantity, q.total_excl_tax, q.total_incl_tax,
             q.sequence, q.position FROM ",
            $rest
        )
    };
}

const BY_TAB: &str = select!(
    "quotes q INDEXED BY quotes_by_tab WHERE q.shop = ?1 AND q.tab = ?2 AND q.requested < ?3
    AND (?5 IS NULL OR q.number = ?6 OR instr(q.folded, ?5)) ORDER BY q.requested DESC LIMIT ?4"
);
const BY_INSTITUTION: &str = select!(
    "quotes q INDEXED BY quotes_by_institution WHERE q.shop = ?1 AND q.tab = ?2 AND q.requested < ?3
    AND q.institution = ?7 AND (?5 IS NULL OR q.number = ?6 OR instr(q.folded, ?5))
    ORDER BY q.requested DESC LIMIT ?4"
);
const BY_NUMBER: &str = select!(
    "quotes q INDEXED BY quotes_by_number WHERE q.shop = ?1 AND q.tab = ?2 AND q.requested < ?3
    AND q.number = ?5 LIMIT ?4"
);
const BY_WORDS: &str = select!(
    "quote_words w CROSS JOIN quotes q ON q.shop = w.shop AND q.requested = w.requested
    WHERE w.quote_words MATCH ?5 AND w.shop = ?1 AND q.tab = ?2 AND q.requested < ?3
    ORDER BY w.rowid DESC LIMIT ?4"
);

/// A tab of the quotes' list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuoteTab {
    /// *Devis en cours*: all that were not put away.
    Current,
    /// *Devis archivés*.
    Archived,
}

impl QuoteTab {
    /// Every tab.
    pub const ALL: [Self; 2] = [Self::Current, Self::Archived];

    /// The tab's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Archived => "archived",
        }
    }

    const fn of(status: QuoteStatus) -> Self {
        match status {
            QuoteStatus::Requested
            | QuoteStatus::Collected
            | QuoteStatus::Answered
            | QuoteStatus::Accepted
            | QuoteStatus::Refused
            | QuoteStatus::Expired => Self::Current,
            QuoteStatus::Archived => Self::Archived,
        }
    }
}

/// A quote in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteRow {
    /// Its id.
    pub id: QuoteId,
    /// *N°*.
    pub number: u64,
    /// Where it is.
    pub status: QuoteStatus,
    /// The institution it is for.
    pub institution: ClientRef,
    /// *Panier d'origine*.
    pub basket_id: BasketId,
    /// The basket's number.
    pub basket_number: u64,
    /// The basket's name at that time.
    pub basket_name: Option<SealedRef>,
    /// *Panier créé par*.
    pub created_by: Person,
    /// *Date de demande du devis*.
    pub requested_at: DateTime<Utc>,
    /// *Référence collectivité*.
    pub reference: String,
    /// Its number in the management system.
    pub librisoft_number: Option<String>,
    /// *Nombre de produits*: the sum of quantities.
    pub quantity: u64,
    /// *Sous-total HT*.
    pub total_excl_tax: Money,
    /// *Total TTC*.
    pub total_incl_tax: Money,
    /// Sequence of its last event.
    pub sequence: u64,
    /// Position of its last event.
    pub position: u64,
}

/// How many quotes each tab holds, whatever is searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuoteCounts {
    /// *Devis en cours*.
    pub current: u64,
    /// *Devis archivés*.
    pub archived: u64,
}

/// Reads quotes.
#[derive(Clone, Debug)]
pub struct QuoteList {
    reader: Reader,
}

impl QuoteList {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// A page of a tab, newest first, and the counts of both tabs. `q` is a number or part of a reference.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(
        &self,
        shop: &str,
        scope: &Scope,
        tab: QuoteTab,
        q: Option<&str>,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<(Page<QuoteRow>, QuoteCounts), ReadError> {
        let wanted = Wanted {
            tab,
            before: read_cursor(cursor)?.unwrap_or(u64::MAX),
            size: bounded(limit),
            words: q.map(fold).filter(|words| !words.is_empty()),
        };
        let scope = scope.clone();
        self.reader
            .read(shop, move |connection, shop| {
                let page = page(connection, shop, &scope, &wanted)?;
                Ok((page, counts(connection, shop, &scope)?))
            })
            .await
    }

    /// Answered quotes whose last day is before `today`, the longest overdue first.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_overdue(&self, shop: &str, today: NaiveDate, limit: usize) -> Result<Vec<QuoteId>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                let mut statement = connection.prepare_cached(OVERDUE)?;
                let most = sql::limit(bounded(limit));
                let rows = statement.query_map(params![shop, today.to_string(), most], |row| id(row, "quote"))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    /// One quote. Whether the asker may see it is his institution's question.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find(&self, shop: &str, id: QuoteId) -> Result<Option<QuoteDetail>, ReadError> {
        self.reader.read(shop, move |connection, shop| Ok(find_quote(connection, shop, id.0)?)).await
    }

    /// A quote as it was once the ledger had reached `position`, with today's names; nothing if there was none yet.
    /// Its own events are read from the log: no view keeps the past.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find_at(
        &self,
        store: &Store,
        shop: &str,
        id: QuoteId,
        position: u64,
    ) -> Result<Option<QuoteDetail>, ReadError> {
        let folded = fold_up_to::<Quote>(
            store,
            shop,
            id.0,
            position,
            |event| if let Event::Quote(event) = event { Some(event) } else { None },
            |_| false,
        );
        let Some(folded) = folded.await? else { return Ok(None) };
        self.reader.read(shop, move |connection, shop| Ok(quote_detail(connection, shop, id.0, folded)?)).await
    }
}

struct Wanted {
    tab: QuoteTab,
    before: u64,
    size: usize,
    words: Option<String>,
}

fn page(connection: &Connection, shop: &str, scope: &Scope, wanted: &Wanted) -> Result<Page<QuoteRow>, ReadError> {
    let (tab, before, most) = (wanted.tab.as_str(), int(wanted.before), limit(wanted.size + 1));
    let words = wanted.words.as_deref();
    let number = words.and_then(|words| words.parse::<u64>().ok()).map(int);
    let mut found: Vec<(u64, QuoteRow)> = Vec::new();
    let mut walk = |sql, params: &[&dyn ToSql]| walk(connection, shop, sql, params, &mut found);
    match (scope, words) {
        (Scope::Institutions(institutions), _) => {
            for institution in institutions {
                walk(BY_INSTITUTION, params![shop, tab, before, most, words, number, Key(institution.0)])?;
            }
        }
        // The trigram index knows no shorter words.
        (Scope::All, Some(text)) if text.chars().count() >= 3 => {
            walk(BY_WORDS, params![shop, tab, before, most, format!("\"{text}\"")])?;
            if let Some(number) = number {
                walk(BY_NUMBER, params![shop, tab, before, most, number])?;
            }
        }
        (Scope::All, _) => walk(BY_TAB, params![shop, tab, before, most, words, number])?,
    }
    found.sort_unstable_by_key(|(requested, _)| std::cmp::Reverse(*requested));
    found.dedup_by_key(|(requested, _)| *requested);
    Ok(Page::cut(found, wanted.size, |(requested, _)| *requested)?.map(|(_, row)| row))
}

fn walk(
    connection: &Connection,
    shop: &str,
    sql: &str,
    params: &[&dyn ToSql],
    found: &mut Vec<(u64, QuoteRow)>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| Ok((uint(row, "requested")?, quote_row(connection, shop, row)?)))?;
    for row in rows {
        found.push(row?);
    }
    Ok(())
}

fn counts(connection: &Connection, shop: &str, scope: &Scope) -> rusqlite::Result<QuoteCounts> {
    let count = |tab: QuoteTab| tally::count_scope(connection, shop, scope, tab.as_str());
    Ok(QuoteCounts { current: count(QuoteTab::Current)?, archived: count(QuoteTab::Archived)? })
}

fn quote_row(connection: &Connection, shop: &str, row: &Row<'_>) -> rusqlite::Result<QuoteRow> {
    Ok(QuoteRow {
        id: id(row, "quote")?,
        number: uint(row, "number")?,
        status: word(row, "status")?,
        institution: clients::get_ref(connection, shop, id(row, "institution")?)?,
        basket_id: id(row, "basket")?,
        basket_number: uint(row, "basket_number")?,
        basket_name: row.get("basket_name")?,
        created_by: people::get_person(connection, shop, id(row, "owner")?)?,
        requested_at: time(row, "requested_at")?,
        reference: row.get("reference")?,
        librisoft_number: row.get("librisoft_number")?,
        quantity: uint(row, "quantity")?,
        total_excl_tax: Money::from_cents(row.get("total_excl_tax")?),
        total_incl_tax: Money::from_cents(row.get("total_incl_tax")?),
        sequence: uint(row, "sequence")?,
        position: uint(row, "position")?,
    })
}

/// Writes quotes.
#[derive(Debug)]
pub(crate) struct QuoteListView {
    quotes: States<Quote>,
    tally: Tally,
}

impl QuoteListView {
    pub(crate) fn new() -> Self {
        let tab = |quote: &Quote| quote.opened().map(|quote| QuoteTab::of(quote.status).as_str());
        Self { quotes: States::new(tab), tally: Tally::default() }
    }
}

impl View for QuoteListView {
    type Item = Recorded;
    const NAME: &'static str = "quote_list";
    const VERSION: u32 = 2;
    const DDL: &'static [&'static str] = &[people::DDL, clients::DDL, tally::DDL, states::DDL, DDL];
    const INDEXES: &'static str = INDEXES;

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Quote(event) => self.quotes.fold(tx, shop, recorded, event).map(|_| ()),
            Event::Account(event) => people::apply(tx, recorded, event),
            Event::Institution(event) => clients::apply(tx, recorded, event),
            Event::Shop(event) => clients::apply_shop(tx, recorded, event),
            Event::Subject(_) | Event::Basket(_) | Event::Order(_) => Ok(()),
        }
    }

    fn flush(&mut self, tx: &Transaction<'_>, shop: &Arc<str>) -> Result<(), ApplyError> {
        let Self { quotes, tally } = self;
        quotes.flush(tx, |id, folded, tab| {
            let (Some(quote), Some(tab)) = (folded.state.opened(), tab) else { return Ok(()) };
            put(tx, shop, id, folded, tab)?;
            tally.refile(quote.institution_id.0, folded.filed, tab);
            Ok(())
        })?;
        tally.flush(tx, shop)
    }

    fn forget(&mut self) {
        self.quotes.forget();
        self.tally.forget();
    }
}

fn put(tx: &Connection, shop: &str, id: Uuid, folded: &Folded<Quote>, tab: &str) -> Result<(), ApplyError> {
    let Some(quote) = folded.state.opened() else { return Ok(()) };
    let words = fold(&quote.reference);
    if folded.filed.is_none() {
        tx.prepare_cached(PUT_WORDS)?.execute(params![words, shop, int(folded.opened)])?;
    }
    tx.prepare_cached(PUT)?.execute(params![
        shop,
        int(folded.opened),
        Key(id),
        int(quote.number),
        tab,
        quote.status.as_str(),
        Key(quote.institution_id.0),
        Key(quote.basket.basket_id.0),
        int(quote.basket.number),
        quote.basket.name.map(SealedRef::from),
        Key(quote.basket.owner.0),
        folded.opened_at,
        quote.reference,
        words,
        quote.librisoft_number,
        int(quote.quantity()),
        quote.totals.total_excl_tax.cents(),
        quote.totals.total_incl_tax.cents(),
        quote.valid_until.filter(|_| quote.status == QuoteStatus::Answered).map(|day| day.to_string()),
        int(folded.sequence),
        int(folded.position)
    ])?;
    Ok(())
}
