//! A quote's state.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::event::{BasketOrigin, QuoteEvent};
use crate::{
    actor::Role,
    decider::Context,
    ids::{InstitutionId, OrderId},
    line::Line,
    personal::{Comment, Personal},
    pricing::Totals,
};

/// Where a quote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteStatus {
    /// *Devis en attente de traitement*.
    Requested,
    /// *Devis récupéré par le libraire*.
    Collected,
    /// Priced by the bookshop.
    Answered,
    /// Became an order.
    Accepted,
    /// Refused by the purchaser.
    Refused,
    /// Its last day went by.
    Expired,
    /// Put away.
    Archived,
}

impl QuoteStatus {
    /// The status' name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Collected => "collected",
            Self::Answered => "answered",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Archived => "archived",
        }
    }
}

/// A quote, before and after its request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quote {
    /// Nothing is known of it.
    #[default]
    Unrequested,
    /// It exists.
    Requested(Box<OpenQuote>),
}

/// A quote that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenQuote {
    /// The number people call it by.
    pub number: u64,
    /// The basket it was made of.
    pub basket: BasketOrigin,
    /// For which institution.
    pub institution_id: InstitutionId,
    /// *Référence collectivité*.
    pub reference: String,
    /// A comment for the bookshop.
    pub comment: Option<Personal<Comment>>,
    /// Where it is.
    pub status: QuoteStatus,
    /// Whether the management system has collected it.
    pub collected: bool,
    /// Its number there.
    pub librisoft_number: Option<String>,
    /// The last day on which its prices hold.
    pub valid_until: Option<NaiveDate>,
    /// The order it became.
    pub order_id: Option<OrderId>,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Their sums.
    pub totals: Totals,
}

impl OpenQuote {
    /// Copies on all its lines: *Nombre de produits*.
    pub fn quantity(&self) -> u64 {
        self.lines.iter().map(|line| u64::from(line.quantity)).sum()
    }

    /// Whether the actor may know of it: the bookshop's side all of the shop, a purchaser those of his institutions.
    pub fn is_seen_by(&self, context: &Context) -> bool {
        match context.actor.role {
            Role::Bookseller | Role::Auditor | Role::Librisoft | Role::System => true,
            Role::Purchaser => context.actor.acts_for(self.institution_id),
            Role::Requester | Role::Approver | Role::Integrator | Role::Buyer => false,
        }
    }

    fn evolve(&mut self, event: &QuoteEvent) {
        match event {
            QuoteEvent::Requested { .. } => {}
            QuoteEvent::PushedToLibrisoft { librisoft_number } => {
                self.collected = true;
                self.librisoft_number.clone_from(librisoft_number);
                if self.status == QuoteStatus::Requested {
                    self.status = QuoteStatus::Collected;
                }
            }
            QuoteEvent::Answered { lines, totals, valid_until } => {
                for priced in lines {
                    if let Some(line) = self.lines.iter_mut().find(|line| line.line_id == priced.line_id) {
                        line.price = priced.after;
                    }
                }
                self.totals.clone_from(totals);
                self.valid_until = Some(*valid_until);
                self.status = QuoteStatus::Answered;
            }
            QuoteEvent::Accepted { order_id, .. } => {
                self.order_id = Some(*order_id);
                self.status = QuoteStatus::Accepted;
            }
            QuoteEvent::Refused { .. } => self.status = QuoteStatus::Refused,
            QuoteEvent::Expired {} => self.status = QuoteStatus::Expired,
            QuoteEvent::Archived {} => self.status = QuoteStatus::Archived,
        }
    }
}

impl Quote {
    /// The quote, once requested.
    pub fn opened(&self) -> Option<&OpenQuote> {
        match self {
            Self::Unrequested => None,
            Self::Requested(quote) => Some(quote),
        }
    }

    pub(super) fn apply(&mut self, event: &QuoteEvent) {
        match (&mut *self, event) {
            (
                Self::Unrequested,
                QuoteEvent::Requested { number, basket, institution_id, reference, comment, lines, totals },
            ) => {
                *self = Self::Requested(Box::new(OpenQuote {
                    number: *number,
                    basket: *basket,
                    institution_id: *institution_id,
                    reference: reference.clone(),
                    comment: *comment,
                    status: QuoteStatus::Requested,
                    collected: false,
                    librisoft_number: None,
                    valid_until: None,
                    order_id: None,
                    lines: lines.clone(),
                    totals: totals.clone(),
                }));
            }
            (Self::Unrequested, _) => {}
            (Self::Requested(quote), event) => quote.evolve(event),
        }
    }
}
