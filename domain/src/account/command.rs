//! What can be asked of an account.

use chrono::NaiveDate;

use super::delegation::Colleague;
use crate::{
    actor::Role,
    ids::{AccountId, DelegationId, EstablishmentId, InstitutionId},
    personal::{Email, PersonName, Personal, Phone},
};

/// What can be asked of an account.
#[derive(Clone, Debug)]
pub enum AccountCommand {
    /// Let a colleague act in its place for some days.
    Delegate {
        /// The new delegation.
        delegation_id: DelegationId,
        /// Who is to act.
        delegate_id: AccountId,
        /// His account, if there is one.
        delegate: Option<Colleague>,
        /// The first day.
        first_day: NaiveDate,
        /// The last day, included.
        last_day: NaiveDate,
        /// The day of the act in the shop's time zone.
        today: NaiveDate,
    },
    /// Take a delegation back.
    RevokeDelegation {
        /// Which one.
        delegation_id: DelegationId,
    },
    /// Let it act in the place of every colleague of its institutions.
    GrantSubstitution,
    /// Withdraw that power.
    RevokeSubstitution,
    /// Demand a second factor at its sign-ins.
    EnableSecondFactor,
    /// Demand none any more.
    DisableSecondFactor,
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
