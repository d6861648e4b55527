//! What can have happened to a shop. Names and shapes are frozen in the log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::code::ShopCode;
use crate::{
    ids::{BuyersGroupId, EstablishmentId},
    wire::wire_names,
};

/// A point of sale (*établissement*, W17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Establishment {
    /// Its id.
    pub establishment_id: EstablishmentId,
    /// Its number in the enterprise, fixed.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// ISO 3166 code: decides on the law that prices follow.
    pub country: String,
    /// VAT number, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// IANA name: days end and dates are shown in it.
    pub time_zone: String,
}

/// What had been kept its time and was let go: how many, and nobody's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// Persons whose accounts nobody used any more.
    pub accounts: u64,
    /// Persons who had asked for an account and never got it.
    pub registrations: u64,
    /// Persons of whom nothing more had to be kept for accounting.
    pub accounting: u64,
    /// Refused commands.
    pub refusals: u64,
}

/// What can have happened to a shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum ShopEvent {
    /// The enterprise opened here.
    #[serde(rename = "ShopOpened")]
    Opened {
        /// Its code, also the ledger's name.
        code: ShopCode,
        /// Its name.
        name: String,
        /// ISO 3166 code.
        country: String,
        /// ISO 4217 code.
        currency: String,
        /// IANA name.
        time_zone: String,
    },
    /// It opened a point of sale.
    #[serde(rename = "EstablishmentOpened")]
    EstablishmentOpened {
        /// The point of sale.
        establishment: Establishment,
    },
    /// From now on people ask for accounts themselves.
    #[serde(rename = "ShopRegistrationOpened")]
    RegistrationOpened {},
    /// From now on the bookshop and its institutions open accounts, nobody else.
    #[serde(rename = "ShopRegistrationClosed")]
    RegistrationClosed {},
    /// It made a buyers' group.
    #[serde(rename = "BuyersGroupOpened")]
    BuyersGroupOpened {
        /// The group.
        group_id: BuyersGroupId,
        /// Its name.
        name: String,
    },
    /// A buyers' group has another name.
    #[serde(rename = "BuyersGroupRenamed")]
    BuyersGroupRenamed {
        /// The group.
        group_id: BuyersGroupId,
        /// Its name from now on.
        name: String,
    },
    /// New accounts go into this buyers' group from now on.
    #[serde(rename = "DefaultBuyersGroupSet")]
    DefaultBuyersGroupSet {
        /// The group.
        group_id: BuyersGroupId,
    },
    /// What had been kept its time was let go.
    #[serde(rename = "RetentionApplied")]
    RetentionApplied(Released),
}

wire_names!(ShopEvent {
    Opened = "ShopOpened" v "1",
    EstablishmentOpened = "EstablishmentOpened" v "1",
    RegistrationOpened = "ShopRegistrationOpened" v "1",
    RegistrationClosed = "ShopRegistrationClosed" v "1",
    BuyersGroupOpened = "BuyersGroupOpened" v "1",
    BuyersGroupRenamed = "BuyersGroupRenamed" v "1",
    DefaultBuyersGroupSet = "DefaultBuyersGroupSet" v "1",
    RetentionApplied = "RetentionApplied" v "1",
});
