//! What can be asked of an account.

use crate::{
    actor::Role,
    ids::{EstablishmentId, InstitutionId},
    personal::{Email, PersonName, Personal, Phone},
};

/// What can be asked of an account.
#[derive(Clone, Debug)]
pub enum AccountCommand {
    /// Open it.
    Open {
        /// The login.
        email: Personal<Email>,
        /// The person's name.
        name: Personal<PersonName>,
        /// The person's telephone number.
        phone: Option<Personal<Phone>>,
        /// What it may do.
        role: Role,
        /// For whom.
        institutions: Vec<InstitutionId>,
        /// Whether each of them was synchronised.
        known: bool,
        /// Its point of sale.
        establishment: Option<EstablishmentId>,
    },
    /// Give it another role or other institutions.
    Assign {
        /// The role from now on.
        role: Role,
        /// The institutions from now on.
        institutions: Vec<InstitutionId>,
        /// Whether each of them was synchronised.
        known: bool,
    },
    /// Close it to its owner.
    Deactivate,
    /// Open it to its owner again.
    Reactivate,
}
