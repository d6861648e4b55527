//! An institution's state.

use serde::{Deserialize, Serialize};

use super::event::{InstitutionEvent, Profile};
use crate::{
    personal::{Personal, Reason},
    pricing::Conditions,
};

/// An institution, before and after its first synchronisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Institution {
    /// Never synchronised.
    #[default]
    Unknown,
    /// Synchronised at least once.
    Known(Box<Known>),
}

/// A synchronised institution.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, set by events of its own")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// What the management system says of it.
    pub profile: Profile,
    /// *Client bloqué*.
    pub blocked: bool,
    /// No longer named by the management system.
    pub withdrawn: bool,
    /// Nobody may validate or convert alone what is his own.
    pub two_persons: bool,
    /// *Payer après la livraison permis*. Written only where it is refused: rows made before the bookshop could say so
    /// stay as they are.
    #[serde(default = "allowed", skip_serializing_if = "is_allowed")]
    pub pays_after_delivery: bool,
    /// Why it may have more off books than the law allows most clients, while it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_justification: Option<Personal<Reason>>,
}

const fn allowed() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_allowed(pays_after_delivery: &bool) -> bool {
    *pays_after_delivery
}

/// What a basket asks of its institution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// *Client bloqué*.
    pub blocked: bool,
    /// No longer named by the management system: like blocked.
    pub withdrawn: bool,
    /// Two persons are demanded.
    pub two_persons: bool,
    /// What its prices depend on.
    pub conditions: Conditions,
}

impl Standing {
    /// Whether its baskets may be opened, sent, validated and converted.
    pub const fn is_open(&self) -> bool {
        !self.blocked && !self.withdrawn
    }
}

impl Institution {
    /// The institution, once synchronised.
    pub fn known(&self) -> Option<&Known> {
        match self {
            Self::Unknown => None,
            Self::Known(known) => Some(known),
        }
    }

    pub(super) fn apply(&mut self, event: &InstitutionEvent) {
        match (&mut *self, event) {
            (Self::Unknown, InstitutionEvent::Synchronised { profile }) => {
                *self = Self::Known(Box::new(Known {
                    profile: profile.clone(),
                    blocked: false,
                    withdrawn: false,
                    two_persons: false,
                    pays_after_delivery: true,
                    discount_justification: None,
                }));
            }
            (Self::Unknown, _) => {}
            (Self::Known(known), InstitutionEvent::Synchronised { profile }) => {
                known.profile.clone_from(profile);
                known.withdrawn = false;
            }
            (Self::Known(known), InstitutionEvent::Blocked {}) => known.blocked = true,
            (Self::Known(known), InstitutionEvent::Unblocked {}) => known.blocked = false,
            (Self::Known(known), InstitutionEvent::Withdrawn {}) => known.withdrawn = true,
            (Self::Known(known), InstitutionEvent::TwoPersonRuleSet { demanded }) => known.two_persons = *demanded,
            (Self::Known(known), InstitutionEvent::PaymentAfterDeliverySet { allowed }) => {
                known.pays_after_delivery = *allowed;
            }
            (Self::Known(known), InstitutionEvent::DiscountCapLifted { justification }) => {
                known.discount_justification = Some(*justification);
            }
            (Self::Known(known), InstitutionEvent::DiscountCapRestored {}) => known.discount_justification = None,
        }
    }
}

impl Known {
    /// What a basket asks of it.
    pub fn standing(&self) -> Standing {
        Standing {
            blocked: self.blocked,
            withdrawn: self.withdrawn,
            two_persons: self.two_persons,
            conditions: Conditions { discounts: self.profile.discounts, vat_exempt: self.profile.vat_exempt },
        }
    }
}
