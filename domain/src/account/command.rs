//! What can be asked of an account.

use chrono::NaiveDate;

use super::{
    change::{AccountChange, ChosenEstablishment},
    delegation::Colleague,
    registration::Applicant,
};
use crate::{
    actor::Role,
    ids::{AccountId, BuyersGroupId, DelegationId, InstitutionId},
    personal::{Email, Message, PersonName, Personal, Phone},
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
        /// Whether a password was typed although one of them demands two persons.
        typed_for_two: bool,
        /// Its point of sale.
        establishment: ChosenEstablishment,
        /// The buyers' group that new accounts go into, where it is not the shop's first.
        group: Option<BuyersGroupId>,
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
    /// Its person was erased: take back what it gave and was given, and close it.
    Close,
    /// Delete what it is for an organisation; its person stays.
    DeleteOrganisation,
    /// Ask for it, for oneself, or as the bookshop for somebody; once more to complete what was said, or after a refusal.
    Request(Applicant),
    /// Grant it.
    Approve {
        /// What it may do.
        role: Role,
        /// For whom.
        institutions: Vec<InstitutionId>,
        /// Whether each of them was synchronised.
        known: bool,
        /// Its point of sale.
        establishment: ChosenEstablishment,
        /// The buyers' group that new accounts go into, where it is not the shop's first.
        group: Option<BuyersGroupId>,
        /// What is written to its person.
        message: Option<Personal<Message>>,
    },
    /// Refuse it.
    Decline {
        /// What is written to its person.
        message: Option<Personal<Message>>,
    },
    /// Write to its person.
    SendMessage {
        /// What is written.
        message: Personal<Message>,
    },
    /// Change what is known of it.
    Change(AccountChange),
    /// Its person has shown that the new address is his.
    ConfirmEmail {
        /// The login from now on.
        email: Personal<Email>,
    },
    /// Let it act for one institution more.
    Join {
        /// The institution.
        institution: InstitutionId,
        /// Whether it was synchronised.
        known: bool,
        /// The role from now on, for all its institutions; as it is if nothing is said.
        role: Option<Role>,
        /// The buyers' group that new accounts go into, where it is not the shop's first.
        group: Option<BuyersGroupId>,
    },
}
