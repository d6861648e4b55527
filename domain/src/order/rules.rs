//! What the bookshop may do with an order where it is. One guard stands behind each command and the next actions.

use super::{
    error::OrderError,
    state::{OpenOrder, OrderStatus},
};
use crate::{actor::Role, terms::DeliveryMode};

/// What the bookshop may be offered on an order. The name in JSON is the last segment of the command's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderAction {
    /// *Mettre à disposition*.
    MakeAvailable,
    /// *Expédier*.
    Ship,
    /// *Clôturer*.
    Close,
    /// *Annuler*.
    Cancel,
    /// *Réinitialiser le statut*.
    ResetStatus,
    /// A message to the client.
    Message,
}

impl OrderAction {
    /// Every action, in the order in which a page shows them.
    pub const ALL: [Self; 6] =
        [Self::MakeAvailable, Self::Ship, Self::Close, Self::Cancel, Self::ResetStatus, Self::Message];

    /// The action's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MakeAvailable => "make-available",
            Self::Ship => "ship",
            Self::Close => "close",
            Self::Cancel => "cancel",
            Self::ResetStatus => "reset-status",
            Self::Message => "message",
        }
    }
}

type Verdict = Result<(), OrderError>;

impl OpenOrder {
    pub(super) const fn wrong_status(&self) -> OrderError {
        OrderError::WrongStatus { status: self.status }
    }

    /// *Mettre à disposition* and *Expédier*: by the delivery mode, while pending or in process.
    pub(super) fn can_hand_over(&self, mode: DeliveryMode) -> Verdict {
        if self.terms.delivery_mode != mode {
            return Err(OrderError::WrongDeliveryMode { mode: self.terms.delivery_mode });
        }
        match self.status {
            OrderStatus::Pending | OrderStatus::Processing => Ok(()),
            OrderStatus::Available | OrderStatus::Shipped | OrderStatus::Closed | OrderStatus::Cancelled => {
                Err(self.wrong_status())
            }
        }
    }

    /// Closing and cancelling: from every open status.
    pub(super) const fn can_end(&self) -> Verdict {
        if self.status.is_open() { Ok(()) } else { Err(self.wrong_status()) }
    }

    /// What an actor of this role may do now, in the order in which a page shows it.
    pub fn next_actions(&self, role: Role) -> Vec<OrderAction> {
        let can = |action: &OrderAction| match action {
            OrderAction::MakeAvailable => self.can_hand_over(DeliveryMode::Pickup).is_ok(),
            OrderAction::Ship => self.can_hand_over(DeliveryMode::Delivery).is_ok(),
            OrderAction::Close | OrderAction::Cancel => self.can_end().is_ok(),
            OrderAction::ResetStatus => self.status != self.initial_status(),
            OrderAction::Message => true,
        };
        if role == Role::Bookseller { OrderAction::ALL.into_iter().filter(can).collect() } else { Vec::new() }
    }
}
