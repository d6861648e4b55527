//! What can be asked of an institution.

use super::event::Profile;
use crate::personal::{Personal, Reason};

/// What the management system sends of an institution.
#[derive(Clone, Debug)]
pub struct Synchronisation {
    /// All that is known of it.
    pub profile: Profile,
    /// *Client bloqué*.
    pub blocked: bool,
    /// Whether the shop is in France, where the discount on books is capped.
    pub french: bool,
}

/// What can be asked of an institution.
#[derive(Clone, Debug)]
pub enum InstitutionCommand {
    /// Take over what the management system says.
    Synchronise(Synchronisation),
    /// The management system no longer names it.
    Withdraw,
    /// Demand two persons, or no longer.
    SetTwoPersonRule {
        /// Whether they are demanded.
        demanded: bool,
    },
    /// Let the client pay after delivery, or no longer (B04).
    SetPaymentAfterDelivery {
        /// Whether it may.
        allowed: bool,
    },
    /// Let the client have more off books than the French law allows most clients.
    LiftDiscountCap {
        /// Why that is lawful.
        justification: Personal<Reason>,
    },
    /// Hold the client to the law's cap again.
    RestoreDiscountCap,
}
