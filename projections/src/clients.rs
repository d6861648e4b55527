//! The institutions and points of sale of a shop, as every view that names them keeps them in its own file.

use bordereau_domain::{
    Decider, EstablishmentId, InstitutionId,
    institution::{Institution, InstitutionEvent, Known},
    shop::{Establishment, ShopEvent},
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{
    error::ApplyError,
    fold::fold,
    recorded::Recorded,
    sql::{Key, json, to_json},
};

pub(crate) const DDL: &str = "
CREATE TABLE clients (
  shop TEXT NOT NULL, institution BLOB NOT NULL, librisoft_number TEXT NOT NULL, name TEXT NOT NULL,
  folded TEXT NOT NULL, withdrawn INTEGER NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (shop, institution)
) STRICT, WITHOUT ROWID;
CREATE TABLE establishments (
  shop TEXT NOT NULL, establishment BLOB NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (shop, establishment)
) STRICT, WITHOUT ROWID;
";

const STATE: &str = "SELECT state FROM clients WHERE shop = ?1 AND institution = ?2";
const PUT: &str = "INSERT INTO clients (shop, institution, librisoft_number, name, folded, withdrawn, state)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET librisoft_number = excluded.librisoft_number,
    name = excluded.name, folded = excluded.folded, withdrawn = excluded.withdrawn, state = excluded.state";
const REF: &str = "SELECT librisoft_number, name FROM clients WHERE shop = ?1 AND institution = ?2";
const PUT_ESTABLISHMENT: &str = "INSERT OR REPLACE INTO establishments (shop, establishment, number, name, body)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const ESTABLISHMENT: &str = "SELECT body FROM establishments WHERE shop = ?1 AND establishment = ?2";

/// An institution as a row names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRef {
    /// The institution.
    pub id: InstitutionId,
    /// *N° Librisoft*; empty for one that was never synchronised.
    pub librisoft_number: String,
    /// Its name; empty for one that was never synchronised.
    pub name: String,
}

/// Takes in what happened to an institution.
pub(crate) fn apply(tx: &Connection, recorded: &Recorded, event: &InstitutionEvent) -> Result<(), ApplyError> {
    let institution = Key(recorded.id()?);
    let stored: Option<String> =
        tx.prepare_cached(STATE)?.query_row(params![recorded.shop, institution], |row| row.get(0)).optional()?;
    let mut state = match stored {
        Some(text) => Institution::Known(serde_json::from_str(&text)?),
        None => Institution::default(),
    };
    state.evolve(event);
    if let Some(known) = state.known() {
        let profile = &known.profile;
        let folded = fold(&profile.name);
        let row = params![
            recorded.shop,
            institution,
            profile.librisoft_number,
            profile.name,
            folded,
            known.withdrawn,
            to_json(known)?
        ];
        tx.prepare_cached(PUT)?.execute(row)?;
    }
    Ok(())
}

/// Takes in what happened to the shop.
pub(crate) fn apply_shop(tx: &Connection, recorded: &Recorded, event: &ShopEvent) -> Result<(), ApplyError> {
    match event {
        ShopEvent::EstablishmentOpened { establishment } => {
            let row = params![
                recorded.shop,
                Key(establishment.establishment_id.0),
                establishment.number,
                establishment.name,
                to_json(establishment)?
            ];
            tx.prepare_cached(PUT_ESTABLISHMENT)?.execute(row)?;
        }
        ShopEvent::Opened { .. }
        | ShopEvent::RegistrationOpened {}
        | ShopEvent::RegistrationClosed {}
        | ShopEvent::BuyersGroupOpened { .. }
        | ShopEvent::BuyersGroupRenamed { .. }
        | ShopEvent::DefaultBuyersGroupSet { .. }
        | ShopEvent::RetentionApplied(_) => {}
    }
    Ok(())
}

/// An institution's name and number.
pub(crate) fn get_ref(connection: &Connection, shop: &str, id: InstitutionId) -> rusqlite::Result<ClientRef> {
    let named = |row: &Row<'_>| Ok(ClientRef { id, librisoft_number: row.get(0)?, name: row.get(1)? });
    let found = connection.prepare_cached(REF)?.query_row(params![shop, Key(id.0)], named).optional()?;
    Ok(found.unwrap_or_else(|| ClientRef { id, librisoft_number: String::new(), name: String::new() }))
}

/// All that is known of an institution.
pub(crate) fn find_known(connection: &Connection, shop: &str, id: InstitutionId) -> rusqlite::Result<Option<Known>> {
    connection.prepare_cached(STATE)?.query_row(params![shop, Key(id.0)], |row| json(row, "state")).optional()
}

/// A point of sale.
pub(crate) fn find_establishment(
    connection: &Connection,
    shop: &str,
    id: Option<EstablishmentId>,
) -> rusqlite::Result<Option<Establishment>> {
    let Some(id) = id else { return Ok(None) };
    connection.prepare_cached(ESTABLISHMENT)?.query_row(params![shop, Key(id.0)], |row| json(row, "body")).optional()
}
