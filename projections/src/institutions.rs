//! The institution clients of a shop (L18-L21): what Librisoft says of each, and which of them lack an account that
//! their own users' baskets would have to pass.

use std::sync::Arc;

use bordereau_domain::{Event, InstitutionId, Role, institution::Known};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{
    clients::{self, ClientRef},
    error::{ApplyError, ReadError},
    page::{Page, Scope, bounded, read_cursor},
    people,
    reader::Reader,
    recorded::Recorded,
    sql::{Key, id, json, limit},
    view::View,
};

const DDL: &str = "
CREATE INDEX clients_by_name ON clients (shop, withdrawn, folded, institution);
";

const FIND: &str = "SELECT institution, folded, state FROM clients WHERE shop = ?1 AND institution = ?2";
const LIST: &str = "SELECT institution, folded, state FROM clients INDEXED BY clients_by_name
    WHERE shop = ?1 AND withdrawn = ?2 AND (folded, institution) > (?3, ?4) ORDER BY folded, institution LIMIT ?5";
const ROLES: &str = "SELECT c.institution, c.librisoft_number, c.name,
    max(p.role = ?2) AS requester, max(p.role = ?3) AS approver, max(p.role = ?4) AS purchaser
    FROM clients c JOIN people_institutions i ON i.shop = c.shop AND i.institution = c.institution
    JOIN people p ON p.shop = i.shop AND p.account = i.account AND p.active
    WHERE c.shop = ?1 AND NOT c.withdrawn GROUP BY c.institution, c.librisoft_number, c.name, c.folded
    HAVING (requester AND NOT approver) OR (approver AND NOT purchaser) ORDER BY c.folded, c.institution";

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionRow {
    /// Its id.
    pub id: InstitutionId,
    /// Its profile, and whether it is blocked, withdrawn, under the rule of two persons.
    pub known: Known,
}

/// *Le compte client N comporte un utilisateur sans approbateur, ou un approbateur sans collectivité.*
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The institution.
    pub institution: ClientRef,
    /// It has active requesters and no active approver.
    pub without_approver: bool,
    /// It has active approvers and no active purchaser.
    pub without_purchaser: bool,
}

/// Reads institutions.
#[derive(Clone, Debug)]
pub struct Institutions {
    reader: Reader,
}

impl Institutions {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// A page of institutions by name; withdrawn ones after the others, if they are asked for at all.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list(
        &self,
        shop: &str,
        scope: &Scope,
        withdrawn_too: bool,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<Page<InstitutionRow>, ReadError> {
        let after: Option<Place> = read_cursor(cursor)?;
        let (scope, size) = (scope.clone(), bounded(limit));
        self.reader
            .read(shop, move |connection, shop| {
                let mut found = match &scope {
                    Scope::All => all(connection, shop, withdrawn_too, size, after.as_ref())?,
                    Scope::Institutions(ids) => named(connection, shop, ids, withdrawn_too, after.as_ref())?,
                };
                found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
                Ok(Page::cut(found, size, |(place, _)| place.clone())?.map(|(_, row)| row))
            })
            .await
    }

    /// One institution, withdrawn or not.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find(&self, shop: &str, id: InstitutionId) -> Result<Option<InstitutionRow>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                Ok(clients::find_known(connection, shop, id)?.map(|known| InstitutionRow { id, known }))
            })
            .await
    }

    /// The institutions whose users lack the role above them, by name.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_lacking(&self, shop: &str) -> Result<Vec<Lacking>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                let roles = [Role::Requester, Role::Approver, Role::Purchaser].map(Role::as_str);
                let mut statement = connection.prepare_cached(ROLES)?;
                let rows = statement.query_map(params![shop, roles[0], roles[1], roles[2]], lacking)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }
}

/// Where an institution stands in the list: not withdrawn first, by folded name, by id.
type Place = (bool, String, InstitutionId);

fn all(
    connection: &Connection,
    shop: &str,
    withdrawn_too: bool,
    size: usize,
    after: Option<&Place>,
) -> rusqlite::Result<Vec<(Place, InstitutionRow)>> {
    let mut found = Vec::new();
    for withdrawn in [false, true] {
        let (folded, id) = match after {
            Some((of, _, _)) if *of && !withdrawn => continue,
            Some((of, folded, id)) if *of == withdrawn => (folded.as_str(), *id),
            Some(_) | None => ("", InstitutionId::default()),
        };
        if withdrawn && (!withdrawn_too || found.len() > size) {
            break;
        }
        let mut statement = connection.prepare_cached(LIST)?;
        let rows =
            statement.query_map(params![shop, withdrawn, folded, Key(id.0), limit(size + 1)], institution_row)?;
        for row in rows {
            found.push(row?);
        }
    }
    Ok(found)
}

fn named(
    connection: &Connection,
    shop: &str,
    ids: &[InstitutionId],
    withdrawn_too: bool,
    after: Option<&Place>,
) -> rusqlite::Result<Vec<(Place, InstitutionRow)>> {
    let mut found = Vec::new();
    for id in ids {
        let mut statement = connection.prepare_cached(FIND)?;
        found.extend(statement.query_row(params![shop, Key(id.0)], institution_row).optional()?);
    }
    found.retain(|(place, row)| (withdrawn_too || !row.known.withdrawn) && after.is_none_or(|after| place > after));
    Ok(found)
}

fn institution_row(row: &Row<'_>) -> rusqlite::Result<(Place, InstitutionRow)> {
    let (id, known): (InstitutionId, Known) = (id(row, "institution")?, json(row, "state")?);
    Ok(((known.withdrawn, row.get("folded")?, id), InstitutionRow { id, known }))
}

fn lacking(row: &Row<'_>) -> rusqlite::Result<Lacking> {
    let has = |role: &str| row.get::<_, bool>(role);
    Ok(Lacking {
        institution: ClientRef {
            id: id(row, "institution")?,
            librisoft_number: row.get("librisoft_number")?,
            name: row.get("name")?,
        },
        without_approver: has("requester")? && !has("approver")?,
        without_purchaser: has("approver")? && !has("purchaser")?,
    })
}

/// Writes institutions.
#[derive(Debug)]
pub(crate) struct InstitutionsView;

impl View for InstitutionsView {
    type Item = Recorded;
    const NAME: &'static str = "institutions";
    const VERSION: u32 = 1;
    const DDL: &'static [&'static str] = &[people::DDL, clients::DDL, DDL];

    fn apply(&mut self, tx: &Transaction<'_>, _: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Account(event) => people::apply(tx, recorded, event),
            Event::Institution(event) => clients::apply(tx, recorded, event),
            Event::Shop(event) => clients::apply_shop(tx, recorded, event),
            Event::Subject(_) | Event::Basket(_) | Event::Quote(_) | Event::Order(_) => Ok(()),
        }
    }

    fn flush(&mut self, _: &Transaction<'_>, _: &Arc<str>) -> Result<(), ApplyError> {
        Ok(())
    }

    fn forget(&mut self) {}
}
