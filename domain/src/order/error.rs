//! Why an order refuses: one case per refusal.

use super::state::OrderStatus;
use crate::terms::DeliveryMode;

/// Why an order cannot be delivered and paid as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// `deliver_to` or `bill_to` is not among the caller's institutions.
    #[error("no such institution among yours")]
    UnknownInstitution,
    /// `deliver_to` or `bill_to` is blocked in the management system (L07).
    #[error("one of these institutions is blocked")]
    InstitutionBlocked,
    /// The billed institution does not pay after delivery (B04).
    #[error("the bookshop does not let this institution pay after delivery")]
    PaymentModeNotAllowed,
    /// The delivered institution has no such address.
    #[error("no such address")]
    UnknownAddress,
    /// A delivery, and the delivered institution has no address.
    #[error("the institution has no delivery address")]
    NoAddress,
    /// The cost centre is too long or holds control characters.
    #[error("the cost centre is no reference")]
    BadCostCentre,
}

/// Why an order refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// This role never does this.
    #[error("this role may not do this with an order")]
    RoleMayNot,
    /// There is no such order.
    #[error("there is no such order")]
    NotPlaced,
    /// It was placed already.
    #[error("the order was placed already")]
    AlreadyPlaced,
    /// Not where the order is now.
    #[error("not possible while the order is {}", .status.as_str())]
    WrongStatus {
        /// Where it is.
        status: OrderStatus,
    },
    /// *Mettre à disposition* is for pick-ups, *Expédier* for deliveries.
    #[error("not possible for this delivery mode")]
    WrongDeliveryMode {
        /// The order's mode.
        mode: DeliveryMode,
    },
    /// The management system knows it under another number.
    #[error("the order has another number there")]
    NumberDiffers,
    /// The management system has not collected it.
    #[error("the order has not been collected")]
    NotCollected,
    /// Its number is missing, too long or no number.
    #[error("the number is missing, too long or holds control characters")]
    BadNumber,
    /// A line that it does not have, or the same twice, or none at all.
    #[error("no such line, or the same line twice, or none")]
    UnknownLine,
    /// The carrier's number is too long or no number.
    #[error("the tracking number is too long or holds control characters")]
    BadTracking,
}
