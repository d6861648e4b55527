//! What can be asked of an order.

use super::event::Report;
use crate::{
    ids::{AccountId, EstablishmentId, InstitutionId, LineId, QuoteId},
    line::Line,
    money::Money,
    personal::{Comment, Message, Personal, Reason},
    quote::BasketOrigin,
    terms::OrderTerms,
};

/// All that a new order is made of.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Its number.
    pub number: u64,
    /// The basket.
    pub basket: BasketOrigin,
    /// The accepted quote, if there was one.
    pub quote_id: Option<QuoteId>,
    /// The basket's institution.
    pub institution_id: InstitutionId,
    /// Where to, how, how paid.
    pub terms: OrderTerms,
    /// The point of sale in charge.
    pub establishment_id: Option<EstablishmentId>,
    /// Who places it.
    pub created_by: AccountId,
    /// *Référence collectivité*.
    pub reference: String,
    /// A comment for the bookshop.
    pub comment: Option<Personal<Comment>>,
    /// The lines with their prices.
    pub lines: Vec<Line>,
    /// Those that cannot be ordered today.
    pub deferred: Vec<LineId>,
    /// *Frais de port*.
    pub shipping_incl_tax: Money,
    /// Why a line has more off than the law allows most clients, where one has.
    pub discount_justification: Option<Personal<Reason>>,
}

/// A report on one line.
#[derive(Clone, Copy, Debug)]
pub struct LineReport {
    /// The line.
    pub line_id: LineId,
    /// What is said of it.
    pub report: Report,
}

/// What can be asked of an order.
#[derive(Clone, Debug)]
pub enum OrderCommand {
    /// Place it; comes with the conversion of a basket or the acceptance of a quote only.
    Place(Box<Placement>),
    /// The management system has collected it.
    Acknowledge {
        /// Its number there.
        librisoft_number: String,
    },
    /// Report on lines.
    ReportLines {
        /// The reports.
        lines: Vec<LineReport>,
    },
    /// *Mettre à disposition*.
    MakeAvailable,
    /// *Expédier*.
    Ship {
        /// The carrier's number.
        tracking: Option<String>,
    },
    /// *Clôturer*.
    Close,
    /// *Annuler*.
    Cancel {
        /// Why.
        reason: Personal<Reason>,
    },
    /// The management system has collected the cancellation.
    AcknowledgeCancellation,
    /// *Réinitialiser le statut*.
    ResetStatus {
        /// Why.
        reason: Personal<Reason>,
    },
    /// Send a message to the client.
    SendMessage {
        /// The message.
        text: Personal<Message>,
    },
}
