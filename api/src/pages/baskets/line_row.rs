//! A line as the table shows it (L45), with the fields in which it is changed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bordereau_domain::{LineId, line::Line, pricing::LinePrice};
use sha2::{Digest, Sha256};

use crate::names::Clear;

/// A line in the table.
pub struct LineRow {
    /// Its id.
    pub id: LineId,
    /// *Référence*.
    pub ean: String,
    /// *Titre*.
    pub title: String,
    /// *Auteur* and *Éditeur*.
    pub by: String,
    /// Copies.
    pub quantity: u64,
    /// Prices, discount, total.
    pub price: LinePrice,
    /// The field of the quantity.
    pub quantity_field: LineField,
    /// The field of the line's reference.
    pub reference_field: LineField,
}

/// A field of a line. Its name tells what its reader has seen there, so that two people who change different lines, or
/// the same one to different ends, do not undo each other unawares.
#[derive(Clone, Debug, Default)]
pub struct LineField {
    /// Its name in the form.
    pub name: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// What a field's name says was seen: the quantity itself.
pub fn seen_quantity(quantity: u64) -> String {
    quantity.to_string()
}

/// What a field's name says was seen of a reference: a short print of it.
pub fn seen_reference(reference: &str) -> String {
    let print = Sha256::digest(reference.trim().as_bytes());
    URL_SAFE_NO_PAD.encode(&print[..6])
}

impl LineRow {
    /// A line with its reference in clear.
    pub fn of(line: &Line, clear: &Clear) -> Self {
        let by = [line.author.as_str(), line.publisher.as_str()];
        let id = line.line_id.0.simple();
        let quantity = u64::from(line.quantity);
        let reference = clear.field(line.line_reference).unwrap_or_default();
        let field = |name: String, value: String| LineField { name, value, error: None };
        Self {
            id: line.line_id,
            ean: line.ean.to_string(),
            title: line.title.clone(),
            by: by.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            quantity,
            price: line.price,
            quantity_field: field(format!("q.{id}.{}", seen_quantity(quantity)), quantity.to_string()),
            reference_field: field(format!("r.{id}.{}", seen_reference(&reference)), reference),
        }
    }
}
