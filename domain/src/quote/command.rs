//! What can be asked of a quote.

use chrono::NaiveDate;

use super::event::BasketOrigin;
use crate::{
    ids::{InstitutionId, LineId, OrderId},
    institution::Standing,
    line::Line,
    money::{Money, Rate},
    order::{Placement, TermsError},
    personal::{Comment, Personal},
};

/// The bookshop's price of one line.
#[derive(Clone, Copy, Debug)]
pub struct AnsweredLine {
    /// The line.
    pub line_id: LineId,
    /// Public price of one copy, tax included.
    pub unit_price_incl_tax: Money,
    /// Discount in percent.
    pub discount_rate: Rate,
}

/// What can be asked of a quote.
#[derive(Clone, Debug)]
pub enum QuoteCommand {
    /// Request it; comes with the conversion of a basket only.
    Request {
        /// Its number.
        number: u64,
        /// The basket.
        basket: BasketOrigin,
        /// For which institution.
        institution_id: InstitutionId,
        /// *Référence collectivité*.
        reference: String,
        /// A comment for the bookshop.
        comment: Option<Personal<Comment>>,
        /// The basket's lines.
        lines: Vec<Line>,
    },
    /// The management system has collected it.
    Acknowledge {
        /// Its number there.
        librisoft_number: Option<String>,
    },
    /// Answer it.
    Answer {
        /// Prices, of the lines that change.
        lines: Vec<AnsweredLine>,
        /// The last day on which they hold.
        valid_until: NaiveDate,
        /// The day in the shop's time zone.
        today: NaiveDate,
        /// Whether French law on the price of books applies.
        french: bool,
    },
    /// Accept it.
    Accept {
        /// The order's id.
        order_id: OrderId,
        /// The order's number.
        number: u64,
        /// What the order is made of, or why its terms cannot be.
        placement: Result<Box<Placement>, TermsError>,
        /// The institution's standing.
        standing: Standing,
        /// The day in the shop's time zone.
        today: NaiveDate,
    },
    /// Refuse it.
    Refuse {
        /// Why.
        comment: Option<Personal<Comment>>,
    },
    /// Let it expire, its last day being past.
    Expire {
        /// The day in the shop's time zone.
        today: NaiveDate,
    },
    /// Put it away.
    Archive,
}
