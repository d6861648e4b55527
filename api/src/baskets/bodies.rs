//! What is sent about baskets.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::copy::CopyOf;
use crate::terms::{DeliveryModeName, PaymentModeName};

/// A basket to open.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBody {
    /// For which of the caller's institutions.
    pub institution_id: Uuid,
    /// Its name.
    pub name: Option<String>,
    /// Whose lines it begins with, at today's prices; without their references.
    pub copy_of: Option<CopyOf>,
}

/// What was opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    /// The basket.
    pub id: Uuid,
    /// The number people call it by.
    pub number: u64,
    /// Of a copy: what the catalogue has no more, and so was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Vec<MissingLine>>,
}

/// A line that was not copied.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingLine {
    /// The article's number.
    pub ean: String,
    /// The title it had.
    pub title: String,
    /// Copies.
    pub quantity: u32,
}

/// An article to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddLineBody {
    /// EAN-13 or ISBN-10, with or without hyphens.
    pub ean: String,
    /// Copies, 1 to 9999.
    pub quantity: u32,
    /// The requester's own reference.
    pub line_reference: Option<String>,
}

/// A line that was added.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineAdded {
    /// The line.
    pub line_id: Uuid,
}

/// What changes on a line; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeLineBody {
    /// Copies, 1 to 9999.
    pub quantity: Option<u32>,
    /// The requester's own reference; null takes it away.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub line_reference: Option<Option<String>>,
}

/// Tells null (`Some(None)`) from absent (`None`).
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// A new name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameBody {
    /// The name, at most 200 characters.
    pub name: String,
}

/// A word with a step.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentBody {
    /// At most 4000 characters.
    pub comment: Option<String>,
}

/// A quote to request.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestQuoteBody {
    /// *Référence collectivité*, mandatory.
    pub reference: String,
    /// For the bookshop.
    pub comment: Option<String>,
}

/// A quote that was requested.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct QuoteMade {
    /// The quote.
    pub quote_id: Uuid,
    /// The number people call it by.
    pub number: u64,
}

/// An order to place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrderBody {
    /// *Référence collectivité*, mandatory.
    pub reference: String,
    /// For the bookshop.
    pub comment: Option<String>,
    /// How it is handed over.
    pub delivery_mode: DeliveryModeName,
    /// How it is paid.
    pub payment_mode: PaymentModeName,
    /// The institution's cost centre.
    pub cost_centre: Option<String>,
    /// *Client livré*: one of the caller's institutions; the basket's by default.
    pub deliver_to: Option<Uuid>,
    /// One of its addresses; the first by default.
    pub delivery_address_id: Option<Uuid>,
    /// *Client facturé*: one of the caller's institutions; the basket's by default.
    pub bill_to: Option<Uuid>,
}

/// An order that was placed.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OrderMade {
    /// The order.
    pub order_id: Uuid,
    /// The number people call it by.
    pub number: u64,
}
