//! What can have happened to an institution. Names and shapes are frozen in the log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    personal::{Personal, Reason},
    pricing::Discounts,
    terms::Address,
    wire::wire_names,
};

/// What an institution is, as the law on prices asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InstitutionKind {
    /// A library open to the public.
    Library,
    /// A school, college or university.
    School,
    /// Any other public body.
    Other,
}

/// What the management system says of an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// *N° Librisoft*: its client number there, unique in the shop.
    pub librisoft_number: String,
    /// What it is.
    pub kind: InstitutionKind,
    /// Its name.
    pub name: String,
    /// *Localité*.
    pub city: String,
    /// *Remises*.
    pub discounts: Discounts,
    /// *Facturation exonérée de TVA*.
    pub vat_exempt: bool,
    /// Where it may be delivered to.
    pub addresses: Vec<Address>,
}

/// What can have happened to an institution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum InstitutionEvent {
    /// The management system sent it, for the first time or changed.
    #[serde(rename = "InstitutionSynchronised")]
    Synchronised {
        /// All that is known of it.
        profile: Profile,
    },
    /// *Client bloqué*.
    #[serde(rename = "InstitutionBlocked")]
    Blocked {},
    /// No longer blocked.
    #[serde(rename = "InstitutionUnblocked")]
    Unblocked {},
    /// The management system no longer names it.
    #[serde(rename = "InstitutionWithdrawn")]
    Withdrawn {},
    /// Whether nobody may validate or convert alone what is his own.
    #[serde(rename = "InstitutionTwoPersonRuleSet")]
    TwoPersonRuleSet {
        /// Whether two persons are demanded from now on.
        demanded: bool,
    },
    /// *Payer après la livraison permis*: whether orders billed to the client may be paid by invoice.
    #[serde(rename = "InstitutionPaymentAfterDeliverySet")]
    PaymentAfterDeliverySet {
        /// Whether they may be from now on.
        allowed: bool,
    },
    /// The bookshop lets the client have more off books than art. 3 of loi 81-766 allows most clients.
    #[serde(rename = "InstitutionDiscountCapLifted")]
    DiscountCapLifted {
        /// Why that is lawful.
        justification: Personal<Reason>,
    },
    /// The client is held to the cap again.
    #[serde(rename = "InstitutionDiscountCapRestored")]
    DiscountCapRestored {},
}

wire_names!(InstitutionEvent {
    Synchronised = "InstitutionSynchronised" v "1",
    Blocked = "InstitutionBlocked" v "1",
    Unblocked = "InstitutionUnblocked" v "1",
    Withdrawn = "InstitutionWithdrawn" v "1",
    TwoPersonRuleSet = "InstitutionTwoPersonRuleSet" v "1",
    PaymentAfterDeliverySet = "InstitutionPaymentAfterDeliverySet" v "1",
    DiscountCapLifted = "InstitutionDiscountCapLifted" v "1",
    DiscountCapRestored = "InstitutionDiscountCapRestored" v "1",
});
