//! The accounts of a shop, as every view that shows persons keeps them in its own file: references to sealed names,
//! never the names.

use bordereau_domain::{
    AccountId, EstablishmentId, InstitutionId, Personal, Role,
    account::AccountEvent,
    personal::{Email, PersonName, Phone},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    error::ApplyError,
    recorded::Recorded,
    sealed::SealedRef,
    sql::{Key, id, parsed_opt},
};

pub(crate) const DDL: &str = "
CREATE TABLE people (
  shop TEXT NOT NULL, account BLOB NOT NULL, role TEXT NOT NULL, active INTEGER NOT NULL,
  name BLOB NOT NULL, email BLOB NOT NULL, phone BLOB, establishment BLOB,
  PRIMARY KEY (shop, account)
) STRICT, WITHOUT ROWID;
CREATE TABLE people_institutions (
  shop TEXT NOT NULL, institution BLOB NOT NULL, account BLOB NOT NULL,
  PRIMARY KEY (shop, institution, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX people_institutions_by_account ON people_institutions (shop, account);
";

const OPEN: &str = "INSERT OR REPLACE INTO people (shop, account, role, active, name, email, phone, establishment)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const SET_ROLE: &str = "UPDATE people SET role = ?3 WHERE shop = ?1 AND account = ?2";
const SET_ACTIVE: &str = "UPDATE people SET active = ?3 WHERE shop = ?1 AND account = ?2";
const SET_DETAILS: &str = "UPDATE people SET name = ?3, phone = ?4 WHERE shop = ?1 AND account = ?2";
const SET_EMAIL: &str = "UPDATE people SET email = ?3 WHERE shop = ?1 AND account = ?2";
const SET_ESTABLISHMENT: &str = "UPDATE people SET establishment = ?3 WHERE shop = ?1 AND account = ?2";
const LEAVE: &str = "DELETE FROM people_institutions WHERE shop = ?1 AND account = ?2";
const JOIN: &str = "INSERT INTO people_institutions (shop, institution, account) VALUES (?1, ?3, ?2)";
const FIND: &str = "SELECT account, role, active, name, email, phone FROM people WHERE shop = ?1 AND account = ?2";
const IS_ACTIVE: &str = "SELECT active FROM people WHERE shop = ?1 AND account = ?2";
const HAS_ACTIVE: &str = "SELECT EXISTS (SELECT 1 FROM people_institutions i
    JOIN people p ON p.shop = i.shop AND p.account = i.account
    WHERE i.shop = ?1 AND i.institution = ?2 AND p.role = ?3 AND p.active)";

/// A person as a page shows him: an account, or the id alone of what is no account (an API key, the service itself).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account or key.
    pub id: AccountId,
    /// The person's name.
    pub name: Option<SealedRef>,
    /// The login.
    pub email: Option<SealedRef>,
    /// The telephone number.
    pub phone: Option<SealedRef>,
    /// What the account may do now.
    pub role: Option<Role>,
    /// Whether the account may sign in; what is no account counts as active.
    pub active: bool,
}

impl Person {
    /// Somebody of whom nothing but the id is known.
    pub(crate) const fn unknown(id: AccountId) -> Self {
        Self { id, name: None, email: None, phone: None, role: None, active: true }
    }
}

/// Takes in what happened to an account.
pub(crate) fn apply(tx: &Connection, recorded: &Recorded, event: &AccountEvent) -> Result<(), ApplyError> {
    let (shop, account) = (&recorded.shop, Key(recorded.id()?));
    match event {
        AccountEvent::Opened { email, name, phone, role, institution_ids, establishment_id } => {
            open(tx, shop, account, *role, true, &sealed(name, email, phone.as_ref()), *establishment_id)?;
            join(tx, shop, account, institution_ids)?;
        }
        AccountEvent::Requested { email, name, phone, .. } => {
            // Who has no institution yet stands in nobody's way, whatever his role.
            open(tx, shop, account, Role::Requester, false, &sealed(name, email, phone.as_ref()), None)?;
        }
        AccountEvent::OrganisationDeleted { .. } => {
            tx.prepare_cached(SET_ROLE)?.execute(params![shop, account, Role::Requester.as_str()])?;
            tx.prepare_cached(SET_ACTIVE)?.execute(params![shop, account, false])?;
            set_establishment(tx, shop, account, None)?;
            join(tx, shop, account, &[])?;
        }
        AccountEvent::Approved { role, institution_ids, establishment_id } => {
            tx.prepare_cached(SET_ROLE)?.execute(params![shop, account, role.as_str()])?;
            tx.prepare_cached(SET_ACTIVE)?.execute(params![shop, account, true])?;
            set_establishment(tx, shop, account, *establishment_id)?;
            join(tx, shop, account, institution_ids)?;
        }
        AccountEvent::Assigned { role, institution_ids } => {
            tx.prepare_cached(SET_ROLE)?.execute(params![shop, account, role.as_str()])?;
            join(tx, shop, account, institution_ids)?;
        }
        AccountEvent::Deactivated {} => {
            tx.prepare_cached(SET_ACTIVE)?.execute(params![shop, account, false])?;
        }
        AccountEvent::Reactivated {} => {
            tx.prepare_cached(SET_ACTIVE)?.execute(params![shop, account, true])?;
        }
        AccountEvent::DetailsChanged { name, phone } => {
            let phone = phone.as_ref().map(SealedRef::from);
            tx.prepare_cached(SET_DETAILS)?.execute(params![shop, account, SealedRef::from(name), phone])?;
        }
        AccountEvent::EmailChanged { email } => {
            tx.prepare_cached(SET_EMAIL)?.execute(params![shop, account, SealedRef::from(email)])?;
        }
        AccountEvent::EstablishmentSet { establishment_id } => {
            set_establishment(tx, shop, account, *establishment_id)?;
        }
        AccountEvent::Declined {}
        | AccountEvent::MessageSent { .. }
        | AccountEvent::BuyersGroupSet { .. }
        | AccountEvent::Delegated { .. }
        | AccountEvent::DelegationRevoked { .. }
        | AccountEvent::SubstitutionGranted {}
        | AccountEvent::SubstitutionRevoked {}
        | AccountEvent::SecondFactorEnabled {}
        | AccountEvent::SecondFactorDisabled {} => {}
    }
    Ok(())
}

/// What is sealed of a person: name, login, telephone number.
type Sealed = (SealedRef, SealedRef, Option<SealedRef>);

fn sealed(name: &Personal<PersonName>, email: &Personal<Email>, phone: Option<&Personal<Phone>>) -> Sealed {
    (name.into(), email.into(), phone.map(SealedRef::from))
}

fn open(
    tx: &Connection,
    shop: &str,
    account: Key,
    role: Role,
    active: bool,
    (name, email, phone): &Sealed,
    establishment: Option<EstablishmentId>,
) -> rusqlite::Result<()> {
    let establishment = establishment.map(|id| Key(id.0));
    let row = params![shop, account, role.as_str(), active, name, email, phone, establishment];
    tx.prepare_cached(OPEN)?.execute(row).map(|_| ())
}

fn set_establishment(
    tx: &Connection,
    shop: &str,
    account: Key,
    establishment: Option<EstablishmentId>,
) -> rusqlite::Result<()> {
    let establishment = establishment.map(|id| Key(id.0));
    tx.prepare_cached(SET_ESTABLISHMENT)?.execute(params![shop, account, establishment]).map(|_| ())
}

fn join(tx: &Connection, shop: &str, account: Key, institutions: &[InstitutionId]) -> Result<(), ApplyError> {
    tx.prepare_cached(LEAVE)?.execute(params![shop, account])?;
    let mut distinct = institutions.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    for institution in distinct {
        tx.prepare_cached(JOIN)?.execute(params![shop, account, Key(institution.0)])?;
    }
    Ok(())
}

/// The person behind an account.
pub(crate) fn get_person(connection: &Connection, shop: &str, account: AccountId) -> rusqlite::Result<Person> {
    let mut statement = connection.prepare_cached(FIND)?;
    let found = statement.query_row(params![shop, Key(account.0)], person).optional()?;
    Ok(found.unwrap_or(Person::unknown(account)))
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: id(row, "account")?,
        name: row.get("name")?,
        email: row.get("email")?,
        phone: row.get("phone")?,
        role: parsed_opt(row, "role")?,
        active: row.get("active")?,
    })
}

/// Whether an account may sign in; what is no account counts as active.
pub(crate) fn is_active(connection: &Connection, shop: &str, account: AccountId) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(IS_ACTIVE)?;
    let active = statement.query_row(params![shop, Key(account.0)], |row| row.get(0)).optional()?;
    Ok(active.unwrap_or(true))
}

/// Whether an institution has an active account of this role.
pub(crate) fn has_active(
    connection: &Connection,
    shop: &str,
    institution: InstitutionId,
    role: Role,
) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(HAS_ACTIVE)?;
    statement.query_row(params![shop, Key(institution.0), role.as_str()], |row| row.get(0))
}
