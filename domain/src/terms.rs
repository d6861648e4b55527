//! What a purchaser says when he orders: where to, how it is handed over, how it is paid.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{AddressId, InstitutionId};

/// How the books reach the institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryMode {
    /// Fetched at the bookshop: *Mettre à disposition*.
    Pickup,
    /// Sent: *Expédier*.
    Delivery,
}

impl DeliveryMode {
    /// The mode's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pickup => "pickup",
            Self::Delivery => "delivery",
        }
    }
}

/// How the order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMode {
    /// By invoice.
    Invoice,
    /// By invoice through Chorus Pro.
    Chorus,
    /// On line.
    Online,
}

impl PaymentMode {
    /// Whether the bookshop delivers first (B04): an invoice, also one through Chorus Pro, follows the books.
    pub const fn is_after_delivery(self) -> bool {
        match self {
            Self::Invoice | Self::Chorus => true,
            Self::Online => false,
        }
    }

    /// The mode's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Chorus => "chorus",
            Self::Online => "online",
        }
    }
}

/// One of an institution's addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Its id.
    pub id: AddressId,
    /// What the institution calls it, for example *ANNEXE*.
    pub label: String,
    /// Street lines.
    pub lines: Vec<String>,
    /// Postcode.
    pub postcode: String,
    /// Town.
    pub city: String,
    /// ISO 3166 code.
    pub country: String,
}

/// The terms of an order, checked against the institutions they name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderTerms {
    /// *Client livré*.
    pub delivered_to: InstitutionId,
    /// *Client facturé*.
    pub billed_to: InstitutionId,
    /// Where a delivery goes; absent for a pick-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// How it is handed over.
    pub delivery_mode: DeliveryMode,
    /// How it is paid.
    pub payment_mode: PaymentMode,
    /// The institution's cost centre (*kostenplaats*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_centre: Option<String>,
}

/// Longest *Référence collectivité* or cost centre, in characters.
pub const MAX_REFERENCE_CHARS: usize = 100;

/// A *Référence collectivité* (mandatory, L47): not blank, no control characters, at most [`MAX_REFERENCE_CHARS`].
pub fn is_reference(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_REFERENCE_CHARS && !text.chars().any(char::is_control)
}
