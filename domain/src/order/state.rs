//! An order's state.

use serde::{Deserialize, Serialize};

use super::event::{OrderEvent, Report};
use crate::{
    actor::Role,
    decider::Context,
    ids::{AccountId, EstablishmentId, InstitutionId, QuoteId},
    line::Line,
    money::Money,
    personal::{Comment, Personal, Reason},
    pricing::Totals,
    quote::BasketOrigin,
    terms::OrderTerms,
};

/// Where an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// *En attente de traitement*: not collected.
    Pending,
    /// *En cours de traitement*: collected.
    Processing,
    /// *Mise à disposition*.
    Available,
    /// *Expédiée*.
    Shipped,
    /// *Clôturée*.
    Closed,
    /// *Annulée*.
    Cancelled,
}

impl OrderStatus {
    /// The status' name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Available => "available",
            Self::Shipped => "shipped",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether something is still to be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Processing | Self::Available | Self::Shipped)
    }
}

/// Whether the articles are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Supply {
    /// Not reported yet, or not of every line.
    Unknown,
    /// *Attente fournisseur(s)*: a line has less in stock than ordered.
    AwaitingSupplier,
    /// *Préparation de commande*: all is in stock.
    InPreparation,
}

impl Supply {
    /// The supply's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::AwaitingSupplier => "awaiting_supplier",
            Self::InPreparation => "in_preparation",
        }
    }
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The line.
    pub line: Line,
    /// *À reporter*: it could not be ordered on the day.
    pub deferred: bool,
    /// What the management system says of it.
    pub report: Option<Report>,
}

/// A cancellation, and whether the management system knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Whether the management system has collected it.
    pub pushed: bool,
}

/// An order, before and after it was placed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Nothing is known of it.
    #[default]
    Unplaced,
    /// It exists.
    Placed(Box<OpenOrder>),
}

/// An order that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOrder {
    /// The number people call it by.
    pub number: u64,
    /// The basket it was made of.
    pub basket: BasketOrigin,
    /// The accepted quote.
    pub quote_id: Option<QuoteId>,
    /// The basket's institution.
    pub institution_id: InstitutionId,
    /// Where to, how, how paid.
    pub terms: OrderTerms,
    /// The point of sale in charge.
    pub establishment_id: Option<EstablishmentId>,
    /// Who placed it.
    pub created_by: AccountId,
    /// *Référence collectivité*.
    pub reference: String,
    /// A comment for the bookshop.
    pub comment: Option<Personal<Comment>>,
    /// Where it is.
    pub status: OrderStatus,
    /// Its number in the management system.
    pub librisoft_number: Option<String>,
    /// The cancellation, while it is cancelled.
    pub cancellation: Option<Cancellation>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// Its lines.
    pub lines: Vec<OrderLine>,
    /// *Frais de port*.
    pub shipping_incl_tax: Money,
    /// Sums of the lines.
    pub totals: Totals,
    /// Why a line has more off than the law allows most clients, where one has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_justification: Option<Personal<Reason>>,
}

impl OpenOrder {
    /// Copies on all its lines.
    pub fn quantity(&self) -> u64 {
        self.lines.iter().map(|line| u64::from(line.line.quantity)).sum()
    }

    /// Whether the actor may know of it: the bookshop's side all of the shop, a purchaser those of his institutions.
    pub fn is_seen_by(&self, context: &Context) -> bool {
        match context.actor.role {
            Role::Bookseller | Role::Auditor | Role::Librisoft | Role::System => true,
            Role::Purchaser => context.actor.acts_for(self.institution_id),
            Role::Requester | Role::Approver | Role::Integrator | Role::Buyer => false,
        }
    }

    /// Whether the articles are there, as far as it was reported.
    pub fn supply(&self) -> Supply {
        let short = |line: &OrderLine| line.report.is_some_and(|report| report.in_stock < line.line.quantity);
        if self.lines.iter().any(short) {
            Supply::AwaitingSupplier
        } else if self.lines.iter().all(|line| line.report.is_some()) {
            Supply::InPreparation
        } else {
            Supply::Unknown
        }
    }

    /// Whether the management system should collect the order.
    pub fn is_due(&self) -> bool {
        self.librisoft_number.is_none() && !matches!(self.status, OrderStatus::Cancelled | OrderStatus::Closed)
    }

    /// Whether the management system should collect the cancellation.
    pub fn is_cancellation_due(&self) -> bool {
        self.librisoft_number.is_some() && self.cancellation.is_some_and(|cancellation| !cancellation.pushed)
    }

    /// Where a reset leads.
    pub(super) const fn initial_status(&self) -> OrderStatus {
        if self.librisoft_number.is_some() { OrderStatus::Processing } else { OrderStatus::Pending }
    }

    fn evolve(&mut self, event: &OrderEvent) {
        match event {
            OrderEvent::Placed { .. } | OrderEvent::MessageSent { .. } => {}
            OrderEvent::PushedToLibrisoft { librisoft_number } => {
                self.librisoft_number = Some(librisoft_number.clone());
                if self.status == OrderStatus::Pending {
                    self.status = OrderStatus::Processing;
                }
            }
            OrderEvent::LinesReported { lines } => {
                for reported in lines {
                    if let Some(line) = self.lines.iter_mut().find(|line| line.line.line_id == reported.line_id) {
                        line.report = Some(reported.after);
                    }
                }
            }
            OrderEvent::MadeAvailable {} => self.status = OrderStatus::Available,
            OrderEvent::Shipped { tracking } => {
                self.status = OrderStatus::Shipped;
                self.tracking.clone_from(tracking);
            }
            OrderEvent::Closed {} => self.status = OrderStatus::Closed,
            OrderEvent::Cancelled { .. } => {
                self.status = OrderStatus::Cancelled;
                self.cancellation = Some(Cancellation { pushed: false });
            }
            OrderEvent::CancellationPushedToLibrisoft {} => self.cancellation = Some(Cancellation { pushed: true }),
            OrderEvent::StatusReset { .. } => {
                self.status = self.initial_status();
                self.cancellation = None;
            }
        }
    }
}

impl Order {
    /// The order, once placed.
    pub fn opened(&self) -> Option<&OpenOrder> {
        match self {
            Self::Unplaced => None,
            Self::Placed(order) => Some(order),
        }
    }

    pub(super) fn apply(&mut self, event: &OrderEvent) {
        match self {
            Self::Placed(order) => order.evolve(event),
            Self::Unplaced => {
                if let Some(order) = placed(event) {
                    *self = Self::Placed(Box::new(order));
                }
            }
        }
    }
}

fn placed(event: &OrderEvent) -> Option<OpenOrder> {
    let OrderEvent::Placed {
        number,
        basket,
        quote_id,
        institution_id,
        terms,
        establishment_id,
        created_by,
        reference,
        comment,
        lines,
        deferred,
        shipping_incl_tax,
        totals,
        discount_justification,
    } = event
    else {
        return None;
    };
    let line = |line: &Line| OrderLine { line: line.clone(), deferred: deferred.contains(&line.line_id), report: None };
    Some(OpenOrder {
        number: *number,
        basket: *basket,
        quote_id: *quote_id,
        institution_id: *institution_id,
        terms: terms.clone(),
        establishment_id: *establishment_id,
        created_by: *created_by,
        reference: reference.clone(),
        comment: *comment,
        status: OrderStatus::Pending,
        librisoft_number: None,
        cancellation: None,
        tracking: None,
        lines: lines.iter().map(line).collect(),
        shipping_incl_tax: *shipping_incl_tax,
        totals: totals.clone(),
        discount_justification: *discount_justification,
    })
}
