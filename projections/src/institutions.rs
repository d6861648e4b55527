//! The institution clients of a shop (L18-L21): what Librisoft says of each, and which of them lack an account that
//! their own users' baskets would have to pass.

use std::{collections::BTreeSet, sync::Arc};

use bordereau_domain::{Event, InstitutionId, Role, institution::Known};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::Deserialize;

use crate::{
    clients::{self, ClientRef},
    error::{ApplyError, ReadError},
    fold::fold,
    page::{Page, Scope, bounded, read_cursor},
    people,
    reader::Reader,
    recorded::Recorded,
    sql::{Key, id, json},
    view::View,
};

const DDL: &str = "
CREATE INDEX clients_by_name ON clients (shop, withdrawn, folded, institution);
";

const FIND: &str = "SELECT institution, folded, librisoft_number, withdrawn, state FROM clients
    WHERE shop = ?1 AND institution = ?2";
const LIST: &str = "SELECT institution, folded, librisoft_number, withdrawn, state FROM clients
    INDEXED BY clients_by_name
    WHERE shop = ?1 AND withdrawn = ?2 AND (folded, institution) > (?3, ?4) ORDER BY folded, institution";
const ROLES: &str = "SELECT c.institution, c.librisoft_number, c.name,
    max(p.role = ?2) AS requester, max(p.role = ?3) AS approver, max(p.role = ?4) AS purchaser
    FROM clients c JOIN people_institutions i ON i.shop = c.shop AND i.institution = c.institution
    JOIN people p ON p.shop = i.shop AND p.account = i.account AND p.active
    WHERE c.shop = ?1 AND NOT c.withdrawn GROUP BY c.institution, c.librisoft_number, c.name, c.folded
    HAVING (requester AND NOT approver) OR (approver AND NOT purchaser) ORDER BY c.folded, c.institution";

/// Institutions that are read one by one; of more, all of the shop are passed through.
const FEW: usize = 200;

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
        self.search(shop, scope, withdrawn_too, "", limit, cursor).await
    }

    /// The same of those that a few words name: each begins a word of its name or town, or its *N° Librisoft*.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn search(
        &self,
        shop: &str,
        scope: &Scope,
        withdrawn_too: bool,
        words: &str,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<Page<InstitutionRow>, ReadError> {
        let after: Option<Place> = read_cursor(cursor)?;
        let (wanted, size) = (Wanted::new(scope, withdrawn_too, words), bounded(limit));
        self.reader
            .read(shop, move |connection, shop| {
                let mut found = match &wanted.ids {
                    Some(ids) if ids.len() <= FEW => wanted.among(connection, shop, ids, after.as_ref())?,
                    Some(_) | None => wanted.all(connection, shop, size, after.as_ref())?,
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

/// The town alone of all that is known of an institution.
#[derive(Deserialize)]
struct InTown {
    profile: Town,
}

#[derive(Deserialize)]
struct Town {
    city: String,
}

/// What is looked for.
struct Wanted {
    /// Nothing where all of the shop are.
    ids: Option<BTreeSet<InstitutionId>>,
    withdrawn_too: bool,
    /// Folded.
    words: Vec<String>,
}

impl Wanted {
    fn new(scope: &Scope, withdrawn_too: bool, words: &str) -> Self {
        let ids = match scope {
            Scope::All => None,
            Scope::Institutions(ids) => Some(ids.iter().copied().collect()),
        };
        Self { ids, withdrawn_too, words: fold(words).split_whitespace().map(str::to_owned).collect() }
    }

    /// In the order of their names, from a place on: one more than a page holds.
    fn all(
        &self,
        connection: &Connection,
        shop: &str,
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
            if withdrawn && (!self.withdrawn_too || found.len() > size) {
                break;
            }
            let mut statement = connection.prepare_cached(LIST)?;
            let mut rows = statement.query(params![shop, withdrawn, folded, Key(id.0)])?;
            while let Some(row) = rows.next()? {
                found.extend(self.take(row)?);
                if found.len() > size {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Those of a few ids, from a place on.
    fn among(
        &self,
        connection: &Connection,
        shop: &str,
        ids: &BTreeSet<InstitutionId>,
        after: Option<&Place>,
    ) -> rusqlite::Result<Vec<(Place, InstitutionRow)>> {
        let mut found = Vec::new();
        for id in ids {
            let mut statement = connection.prepare_cached(FIND)?;
            let row = statement.query_row(params![shop, Key(id.0)], |row| self.take(row)).optional()?;
            found.extend(row.flatten());
        }
        found.retain(|(place, _)| after.is_none_or(|after| place > after));
        Ok(found)
    }

    /// The row, if it is looked for. What tells so is read before the rest, which costs more.
    fn take(&self, row: &Row<'_>) -> rusqlite::Result<Option<(Place, InstitutionRow)>> {
        let (institution, withdrawn): (InstitutionId, bool) = (id(row, "institution")?, row.get("withdrawn")?);
        let beyond = self.ids.as_ref().is_some_and(|ids| !ids.contains(&institution));
        if beyond || (withdrawn && !self.withdrawn_too) {
            return Ok(None);
        }
        let folded: String = row.get("folded")?;
        let begins = |text: &str, word: &str| text.split(' ').any(|part| part.starts_with(word));
        let number = fold(&row.get::<_, String>("librisoft_number")?);
        let left: Vec<_> = self.words.iter().filter(|word| !begins(&folded, word) && !begins(&number, word)).collect();
        if !left.is_empty() {
            let town = fold(&json::<InTown>(row, "state")?.profile.city);
            if !left.iter().all(|word| begins(&town, word)) {
                return Ok(None);
            }
        }
        let place = (withdrawn, folded, institution);
        Ok(Some((place, InstitutionRow { id: institution, known: json(row, "state")? })))
    }
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
