//! What can have happened to an order. Names and shapes are frozen in the log.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    article::Availability,
    ean::Ean,
    ids::{AccountId, EstablishmentId, InstitutionId, LineId, QuoteId},
    line::Line,
    money::Money,
    personal::{Comment, Message, Personal, Reason},
    pricing::Totals,
    quote::BasketOrigin,
    terms::OrderTerms,
    wire::wire_names,
};

/// What the management system says of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Availability at the supplier.
    pub availability: Availability,
    /// Copies in stock for this line.
    pub in_stock: u32,
    /// When the rest is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<NaiveDate>,
}

/// A line whose report changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedLine {
    /// The line.
    pub line_id: LineId,
    /// Its article.
    pub ean: Ean,
    /// Its title.
    pub title: String,
    /// What was reported until now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Report>,
    /// What is reported now.
    pub after: Report,
}

/// What can have happened to an order.
#[expect(clippy::large_enum_variant, reason = "an event is decoded, folded and dropped: a box would only cost")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum OrderEvent {
    /// A purchaser placed it.
    #[serde(rename = "OrderPlaced")]
    Placed {
        /// The number people call it by.
        number: u64,
        /// The basket it was made of.
        basket: BasketOrigin,
        /// The quote that was accepted, if there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quote_id: Option<QuoteId>,
        /// The basket's institution.
        institution_id: InstitutionId,
        /// Where to, how, how paid.
        terms: OrderTerms,
        /// *Librairie en charge de la commande*.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        establishment_id: Option<EstablishmentId>,
        /// Who placed it.
        created_by: AccountId,
        /// *Référence collectivité*.
        reference: String,
        /// A comment for the bookshop.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<Comment>>,
        /// The lines.
        lines: Vec<Line>,
        /// Those that could not be ordered on that day: *à reporter*.
        deferred: Vec<LineId>,
        /// *Frais de port*.
        shipping_incl_tax: Money,
        /// Sums of the lines.
        totals: Totals,
        /// Why a line has more off than the law allows most clients, where one has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        discount_justification: Option<Personal<Reason>>,
    },
    /// The management system collected it.
    #[serde(rename = "OrderPushedToLibrisoft")]
    PushedToLibrisoft {
        /// Its number there.
        librisoft_number: String,
    },
    /// The management system reported on lines.
    #[serde(rename = "OrderLinesReported")]
    LinesReported {
        /// Those whose report changed.
        lines: Vec<ReportedLine>,
    },
    /// *Mettre à disposition*.
    #[serde(rename = "OrderMadeAvailable")]
    MadeAvailable {},
    /// *Expédier*.
    #[serde(rename = "OrderShipped")]
    Shipped {
        /// The carrier's number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tracking: Option<String>,
    },
    /// *Clôturer*.
    #[serde(rename = "OrderClosed")]
    Closed {},
    /// *Annuler*.
    #[serde(rename = "OrderCancelled")]
    Cancelled {
        /// Why.
        reason: Personal<Reason>,
    },
    /// The management system collected the cancellation.
    #[serde(rename = "OrderCancellationPushedToLibrisoft")]
    CancellationPushedToLibrisoft {},
    /// *Réinitialiser le statut*.
    #[serde(rename = "OrderStatusReset")]
    StatusReset {
        /// Why.
        reason: Personal<Reason>,
    },
    /// A message to the client about this order.
    #[serde(rename = "OrderMessageSent")]
    MessageSent {
        /// The message.
        text: Personal<Message>,
    },
}

wire_names!(OrderEvent {
    Placed = "OrderPlaced" v "1",
    PushedToLibrisoft = "OrderPushedToLibrisoft" v "1",
    LinesReported = "OrderLinesReported" v "1",
    MadeAvailable = "OrderMadeAvailable" v "1",
    Shipped = "OrderShipped" v "1",
    Closed = "OrderClosed" v "1",
    Cancelled = "OrderCancelled" v "1",
    CancellationPushedToLibrisoft = "OrderCancellationPushedToLibrisoft" v "1",
    StatusReset = "OrderStatusReset" v "1",
    MessageSent = "OrderMessageSent" v "1",
});
