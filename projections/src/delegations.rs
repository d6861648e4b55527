//! Delegations: who lets whom act in his place, and when. Those that were revoked are gone.

use std::sync::Arc;

use bordereau_domain::{AccountId, DelegationId, Event, account::AccountEvent};
use chrono::NaiveDate;
use rusqlite::{Connection, Row, Transaction, params};

use crate::{
    error::{ApplyError, ReadError},
    people::{self, Person},
    reader::Reader,
    recorded::Recorded,
    sql::{Key, id, word},
    view::View,
};

const DDL: &str = "
CREATE TABLE delegations (
  shop TEXT NOT NULL, delegation BLOB NOT NULL, owner BLOB NOT NULL, delegate BLOB NOT NULL,
  first_day TEXT NOT NULL, last_day TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (shop, delegation)
) STRICT, WITHOUT ROWID;
CREATE INDEX delegations_by_owner ON delegations (shop, owner);
CREATE INDEX delegations_by_delegate ON delegations (shop, delegate);
";

const PUT: &str =
    "INSERT OR REPLACE INTO delegations (shop, delegation, owner, delegate, first_day, last_day, position)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const DROP: &str = "DELETE FROM delegations WHERE shop = ?1 AND delegation = ?2";
const GIVEN: &str = "SELECT delegation, owner, delegate, first_day, last_day FROM delegations
    WHERE shop = ?1 AND owner = ?2 ORDER BY position DESC";
const RECEIVED: &str = "SELECT delegation, owner, delegate, first_day, last_day FROM delegations
    WHERE shop = ?1 AND delegate = ?2 AND last_day >= ?3 ORDER BY position DESC";

/// A delegation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationRow {
    /// Its id.
    pub id: DelegationId,
    /// In whose place.
    pub owner: Person,
    /// Who acts.
    pub delegate: Person,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day, included.
    pub last_day: NaiveDate,
}

/// Reads delegations.
#[derive(Clone, Debug)]
pub struct Delegations {
    reader: Reader,
}

impl Delegations {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// What an account has given, past ones too, the newest first.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn given(&self, shop: &str, owner: AccountId) -> Result<Vec<DelegationRow>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                let mut statement = connection.prepare_cached(GIVEN)?;
                let rows = statement.query_map(params![shop, Key(owner.0)], |found| row(connection, shop, found))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    /// What an account was given and is still to end on this day, the newest first.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn received(
        &self,
        shop: &str,
        delegate: AccountId,
        day: NaiveDate,
    ) -> Result<Vec<DelegationRow>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                let mut statement = connection.prepare_cached(RECEIVED)?;
                let wanted = params![shop, Key(delegate.0), day.to_string()];
                let rows = statement.query_map(wanted, |found| row(connection, shop, found))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }
}

fn row(connection: &Connection, shop: &str, row: &Row<'_>) -> rusqlite::Result<DelegationRow> {
    Ok(DelegationRow {
        id: id(row, "delegation")?,
        owner: people::get_person(connection, shop, id(row, "owner")?)?,
        delegate: people::get_person(connection, shop, id(row, "delegate")?)?,
        first_day: word(row, "first_day")?,
        last_day: word(row, "last_day")?,
    })
}

/// Writes delegations.
#[derive(Debug)]
pub(crate) struct DelegationsView;

impl View for DelegationsView {
    type Item = Recorded;
    const NAME: &'static str = "delegations";
    const VERSION: u32 = 1;
    const DDL: &'static [&'static str] = &[people::DDL, DDL];

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Account(event) => {
                people::apply(tx, recorded, event)?;
                apply(tx, shop, recorded, event)
            }
            Event::Shop(_)
            | Event::Institution(_)
            | Event::Subject(_)
            | Event::Basket(_)
            | Event::Quote(_)
            | Event::Order(_) => Ok(()),
        }
    }

    fn flush(&mut self, _: &Transaction<'_>, _: &Arc<str>) -> Result<(), ApplyError> {
        Ok(())
    }

    fn forget(&mut self) {}
}

fn apply(tx: &Connection, shop: &str, recorded: &Recorded, event: &AccountEvent) -> Result<(), ApplyError> {
    match event {
        AccountEvent::Delegated { delegation_id, delegate_id, first_day, last_day } => {
            tx.prepare_cached(PUT)?.execute(params![
                shop,
                Key(delegation_id.0),
                Key(recorded.id()?),
                Key(delegate_id.0),
                first_day.to_string(),
                last_day.to_string(),
                crate::sql::int(recorded.position)
            ])?;
        }
        AccountEvent::DelegationRevoked { delegation_id } => {
            tx.prepare_cached(DROP)?.execute(params![shop, Key(delegation_id.0)])?;
        }
        AccountEvent::SubstitutionGranted {}
        | AccountEvent::SubstitutionRevoked {}
        | AccountEvent::SecondFactorEnabled {}
        | AccountEvent::SecondFactorDisabled {}
        | AccountEvent::OrganisationDeleted { .. }
        | AccountEvent::Requested { .. }
        | AccountEvent::Approved { .. }
        | AccountEvent::Declined {}
        | AccountEvent::MessageSent { .. }
        | AccountEvent::DetailsChanged { .. }
        | AccountEvent::EmailChanged { .. }
        | AccountEvent::EstablishmentSet { .. }
        | AccountEvent::BuyersGroupSet { .. }
        | AccountEvent::Opened { .. }
        | AccountEvent::Assigned { .. }
        | AccountEvent::Deactivated {}
        | AccountEvent::Reactivated {} => {}
    }
    Ok(())
}
