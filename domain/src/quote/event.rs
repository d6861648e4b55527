//! What can have happened to a quote. Names and shapes are frozen in the log.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AccountId, BasketId, InstitutionId, OrderId},
    line::{Line, RepricedLine},
    personal::{BasketName, Comment, Personal},
    pricing::Totals,
    wire::wire_names,
};

/// The basket that a document was made of: *Panier d'origine*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasketOrigin {
    /// The basket.
    pub basket_id: BasketId,
    /// Its number.
    pub number: u64,
    /// Its name at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<BasketName>>,
    /// Its owner at that time.
    pub owner: AccountId,
}

/// What can have happened to a quote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum QuoteEvent {
    /// A basket became a quote request.
    #[serde(rename = "QuoteRequested")]
    Requested {
        /// The number people call it by.
        number: u64,
        /// The basket it was made of.
        basket: BasketOrigin,
        /// For which institution.
        institution_id: InstitutionId,
        /// *Référence collectivité*.
        reference: String,
        /// A comment for the bookshop.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<Comment>>,
        /// The basket's lines.
        lines: Vec<Line>,
        /// Their sums.
        totals: Totals,
    },
    /// The management system collected it.
    #[serde(rename = "QuotePushedToLibrisoft")]
    PushedToLibrisoft {
        /// Its number there, where it gives one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        librisoft_number: Option<String>,
    },
    /// The bookshop answered.
    #[serde(rename = "QuoteAnswered")]
    Answered {
        /// The lines whose prices changed.
        lines: Vec<RepricedLine>,
        /// The sums from now on.
        totals: Totals,
        /// The last day on which the prices hold, in the shop's time zone.
        valid_until: NaiveDate,
    },
    /// The purchaser accepted: the order stands in the same transaction.
    #[serde(rename = "QuoteAccepted")]
    Accepted {
        /// The order.
        order_id: OrderId,
        /// The order's number.
        number: u64,
    },
    /// The purchaser refused.
    #[serde(rename = "QuoteRefused")]
    Refused {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<Comment>>,
    },
    /// Its last day went by without an answer.
    #[serde(rename = "QuoteExpired")]
    Expired {},
    /// The bookshop put it away.
    #[serde(rename = "QuoteArchived")]
    Archived {},
}

wire_names!(QuoteEvent {
    Requested = "QuoteRequested" v "1",
    PushedToLibrisoft = "QuotePushedToLibrisoft" v "1",
    Answered = "QuoteAnswered" v "1",
    Accepted = "QuoteAccepted" v "1",
    Refused = "QuoteRefused" v "1",
    Expired = "QuoteExpired" v "1",
    Archived = "QuoteArchived" v "1",
});
