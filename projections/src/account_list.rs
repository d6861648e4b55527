//! The accounts of a shop (L19, B10, W27), newest first, by status, role and institution.
//!
//! Names and addresses stay sealed here, as everywhere: whoever searches a person opens a bounded number of rows at
//! reading time, and a view that was rebuilt after an erasure is the one that lived through it.

use std::{collections::BTreeMap, sync::Arc};

use bordereau_domain::{
    AccountId, Event, InstitutionId, Role,
    account::{Account, AccountStatus},
};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, ToSql, Transaction, params};
use uuid::Uuid;

use crate::{
    clients::{self, ClientRef},
    error::{ApplyError, ReadError},
    page::{Page, Scope, bounded, read_cursor, write_cursor},
    reader::Reader,
    recorded::Recorded,
    sql::{Key, from_micros, id, int, json, limit, time, uint, word},
    states::{self, Folded, States},
    tally::{self, Tally, WHOLE},
    view::View,
};

const DDL: &str = "
CREATE TABLE accounts (
  shop TEXT NOT NULL, opened INTEGER NOT NULL, account BLOB NOT NULL, status TEXT NOT NULL, role TEXT,
  PRIMARY KEY (shop, opened)
) STRICT, WITHOUT ROWID;
CREATE INDEX accounts_by_status ON accounts (shop, status, opened);
CREATE TABLE accounts_of_institutions (
  shop TEXT NOT NULL, institution BLOB NOT NULL, opened INTEGER NOT NULL,
  PRIMARY KEY (shop, institution, opened)
) STRICT, WITHOUT ROWID;
CREATE INDEX institutions_of_accounts ON accounts_of_institutions (shop, opened);
";

const PUT: &str = "INSERT OR REPLACE INTO accounts (shop, opened, account, status, role) VALUES (?1, ?2, ?3, ?4, ?5)";
const LEAVE: &str = "DELETE FROM accounts_of_institutions WHERE shop = ?1 AND opened = ?2";
const JOIN: &str = "INSERT OR IGNORE INTO accounts_of_institutions (shop, institution, opened) VALUES (?1, ?2, ?3)";
const STATUSES: &str = "SELECT i.opened, a.status FROM accounts_of_institutions i
    JOIN accounts a ON a.shop = i.shop AND a.opened = i.opened WHERE i.shop = ?1 AND i.institution = ?2";

macro_rules! select {
    ($from:literal, $rest:literal) => {
        concat!(
            "SELECT a.opened, s.id, s.state, s.opened_at, s.sequence, s.position FROM ",
            $from,
            " CROSS JOIN states s ON s.shop = a.shop AND s.kind = 'Account' AND s.id = a.account ",
            $rest
        )
    };
}

const ALL: &str = select!(
    "accounts a",
    "WHERE a.shop = ?1 AND a.opened < ?2 AND (?3 IS NULL OR a.role = ?3) ORDER BY a.opened DESC LIMIT ?4"
);
const BY_STATUS: &str = select!(
    "accounts a INDEXED BY accounts_by_status",
    "WHERE a.shop = ?1 AND a.opened < ?2 AND (?3 IS NULL OR a.role = ?3) AND a.status = ?5
    ORDER BY a.opened DESC LIMIT ?4"
);
const BY_INSTITUTION: &str = select!(
    "accounts_of_institutions i CROSS JOIN accounts a ON a.shop = i.shop AND a.opened = i.opened",
    "WHERE i.shop = ?1 AND i.opened < ?2 AND (?3 IS NULL OR a.role = ?3) AND (?5 IS NULL OR a.status = ?5)
    AND i.institution = ?6 ORDER BY i.opened DESC LIMIT ?4"
);

/// An account in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// The aggregate's state.
    pub account: Account,
    /// The institutions it acts for.
    pub institutions: Vec<ClientRef>,
    /// When it was opened or asked for.
    pub opened_at: DateTime<Utc>,
    /// Sequence of its last event.
    pub sequence: u64,
    /// Position of its last event.
    pub position: u64,
    /// Position of its first event: its place in the list.
    opened: u64,
}

impl AccountRow {
    /// The cursor of the page that begins after this account.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn cursor(&self) -> Result<String, ReadError> {
        Ok(write_cursor(&self.opened)?)
    }
}

/// Which accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFilter {
    /// Whose the reader may see.
    pub scope: Scope,
    /// Of this institution.
    pub institution: Option<InstitutionId>,
    /// Of this role.
    pub role: Option<Role>,
    /// In this status.
    pub status: Option<AccountStatus>,
}

impl AccountFilter {
    /// The institutions to look into; nothing for the whole shop.
    fn institutions(&self) -> Option<Vec<InstitutionId>> {
        match (&self.scope, self.institution) {
            (Scope::All, None) => None,
            (Scope::Institutions(all), None) => Some(all.clone()),
            (scope, Some(one)) if scope.holds(one) => Some(vec![one]),
            (_, Some(_)) => Some(Vec::new()),
        }
    }
}

/// How many accounts are in each status, whatever else is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountCounts {
    /// Asked for.
    pub requested: u64,
    /// Active.
    pub active: u64,
    /// *Comptes inactifs*.
    pub inactive: u64,
    /// Refused.
    pub declined: u64,
    /// Of people who act for nobody any more.
    pub private: u64,
}

impl AccountCounts {
    fn of(mut count: impl FnMut(AccountStatus) -> rusqlite::Result<u64>) -> rusqlite::Result<Self> {
        Ok(Self {
            requested: count(AccountStatus::Requested)?,
            active: count(AccountStatus::Active)?,
            inactive: count(AccountStatus::Inactive)?,
            declined: count(AccountStatus::Declined)?,
            private: count(AccountStatus::Private)?,
        })
    }
}

/// Reads accounts.
#[derive(Clone, Debug)]
pub struct AccountList {
    reader: Reader,
}

impl AccountList {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// A page of accounts, newest first, and how many the reader sees in each status of those institutions.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(
        &self,
        shop: &str,
        filter: &AccountFilter,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<(Page<AccountRow>, AccountCounts), ReadError> {
        let before = read_cursor(cursor)?.unwrap_or(u64::MAX);
        let (filter, size) = (filter.clone(), bounded(limit));
        self.reader
            .read(shop, move |connection, shop| {
                let page = page(connection, shop, &filter, before, size)?;
                Ok((page, counts(connection, shop, &filter)?))
            })
            .await
    }

    /// One account. Whether the asker may see it is its own question.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find(&self, shop: &str, id: AccountId) -> Result<Option<AccountRow>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                let Some(found) = states::find::<Account>(connection, shop, id.0)? else { return Ok(None) };
                Ok(Some(AccountRow {
                    id,
                    institutions: institutions_of(connection, shop, &found.state)?,
                    account: found.state,
                    opened_at: from_micros(found.opened_at),
                    sequence: found.sequence,
                    position: found.position,
                    opened: found.opened,
                }))
            })
            .await
    }
}

fn page(
    connection: &Connection,
    shop: &str,
    filter: &AccountFilter,
    before: u64,
    size: usize,
) -> Result<Page<AccountRow>, ReadError> {
    let (before, most) = (int(before), limit(size + 1));
    let role = filter.role.map(Role::as_str);
    let status = filter.status.map(AccountStatus::as_str);
    let mut found: Vec<AccountRow> = Vec::new();
    let mut walk = |sql, params: &[&dyn ToSql]| walk(connection, shop, sql, params, &mut found);
    match (filter.institutions(), status) {
        (Some(institutions), _) => {
            for institution in institutions {
                walk(BY_INSTITUTION, params![shop, before, role, most, status, Key(institution.0)])?;
            }
        }
        (None, Some(status)) => walk(BY_STATUS, params![shop, before, role, most, status])?,
        (None, None) => walk(ALL, params![shop, before, role, most])?,
    }
    found.sort_unstable_by_key(|row| std::cmp::Reverse(row.opened));
    found.dedup_by_key(|row| row.opened);
    Ok(Page::cut(found, size, |row| row.opened)?)
}

fn walk(
    connection: &Connection,
    shop: &str,
    sql: &str,
    params: &[&dyn ToSql],
    found: &mut Vec<AccountRow>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    for row in statement.query_map(params, |row| account_row(connection, shop, row))? {
        found.push(row?);
    }
    Ok(())
}

fn account_row(connection: &Connection, shop: &str, row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    let account: Account = json(row, "state")?;
    Ok(AccountRow {
        id: id(row, "id")?,
        institutions: institutions_of(connection, shop, &account)?,
        account,
        opened_at: time(row, "opened_at")?,
        sequence: uint(row, "sequence")?,
        position: uint(row, "position")?,
        opened: uint(row, "opened")?,
    })
}

fn institutions_of(connection: &Connection, shop: &str, account: &Account) -> rusqlite::Result<Vec<ClientRef>> {
    let ids = account.opened().map(|opened| opened.institutions.as_slice()).unwrap_or_default();
    ids.iter().map(|id| clients::get_ref(connection, shop, *id)).collect()
}

fn counts(connection: &Connection, shop: &str, filter: &AccountFilter) -> rusqlite::Result<AccountCounts> {
    let Some(institutions) = filter.institutions() else {
        return AccountCounts::of(|status| tally::count(connection, shop, WHOLE, status.as_str()));
    };
    // One account of several institutions counts once.
    let mut seen: BTreeMap<u64, AccountStatus> = BTreeMap::new();
    for institution in institutions {
        let mut statement = connection.prepare_cached(STATUSES)?;
        let rows = statement
            .query_map(params![shop, Key(institution.0)], |row| Ok((uint(row, "opened")?, word(row, "status")?)))?;
        for row in rows {
            let (opened, status) = row?;
            seen.insert(opened, status);
        }
    }
    AccountCounts::of(|status| Ok(seen.values().map(|of| u64::from(*of == status)).sum()))
}

/// Writes accounts.
#[derive(Debug)]
pub(crate) struct AccountListView {
    accounts: States<Account>,
    tally: Tally,
}

impl AccountListView {
    pub(crate) fn new() -> Self {
        let status = |account: &Account| account.status().map(AccountStatus::as_str);
        Self { accounts: States::new(status), tally: Tally::default() }
    }
}

impl View for AccountListView {
    type Item = Recorded;
    const NAME: &'static str = "account_list";
    const VERSION: u32 = 2;
    const DDL: &'static [&'static str] = &[clients::DDL, tally::DDL, states::DDL, DDL];

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Account(event) => self.accounts.fold(tx, shop, recorded, event).map(|_| ()),
            Event::Institution(event) => clients::apply(tx, recorded, event),
            Event::Shop(event) => clients::apply_shop(tx, recorded, event),
            Event::Subject(_) | Event::Basket(_) | Event::Quote(_) | Event::Order(_) => Ok(()),
        }
    }

    fn flush(&mut self, tx: &Transaction<'_>, shop: &Arc<str>) -> Result<(), ApplyError> {
        let Self { accounts, tally } = self;
        accounts.flush(tx, |id, folded, status| {
            let Some(status) = status else { return Ok(()) };
            put(tx, shop, id, folded, status)?;
            if folded.filed != Some(status) {
                tally.add(WHOLE, status, 1);
                if let Some(before) = folded.filed {
                    tally.add(WHOLE, before, -1);
                }
            }
            Ok(())
        })?;
        tally.flush(tx, shop)
    }

    fn forget(&mut self) {
        self.accounts.forget();
        self.tally.forget();
    }
}

fn put(tx: &Connection, shop: &str, id: Uuid, folded: &Folded<Account>, status: &str) -> Result<(), ApplyError> {
    let opened = int(folded.opened);
    let granted = folded.state.opened();
    let role = granted.map(|account| account.role.as_str());
    tx.prepare_cached(PUT)?.execute(params![shop, opened, Key(id), status, role])?;
    tx.prepare_cached(LEAVE)?.execute(params![shop, opened])?;
    for institution in granted.into_iter().flat_map(|account| &account.institutions) {
        tx.prepare_cached(JOIN)?.execute(params![shop, Key(institution.0), opened])?;
    }
    Ok(())
}
