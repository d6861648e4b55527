//! The end of a B2B account (B15): its person stays, with his login, his name and his second factor. Whatever he was for an
//! organisation goes.

use super::{
    decide::Decision,
    error::AccountError,
    event::AccountEvent,
    registration::{Standing, UngrantedAccount},
    state::{Account, OpenedAccount},
};
use crate::actor::{Actor, Role};

impl Account {
    /// Its person alone deletes it, in his own name; the bookshop's people and the auditor act for no organisation.
    pub(super) fn may_delete_organisation(&self, actor: &Actor) -> Result<(), AccountError> {
        if self.opened().is_some_and(|account| !account.role.is_institutional()) {
            return Err(AccountError::RoleMayNot);
        }
        if actor.on_behalf_of.is_some() {
            return Err(AccountError::InAnothersPlace);
        }
        let may = actor.role == Role::System || self.is_of(actor.account);
        if may { Ok(()) } else { Err(AccountError::RoleMayNot) }
    }
}

impl OpenedAccount {
    /// What others may do in its place, and it in theirs, ends with it.
    pub(super) fn delete_organisation(&self) -> Decision {
        if !self.active {
            // Without an organisation its person would come in again.
            return Err(AccountError::WrongStatus { status: self.status() });
        }
        let deleted = AccountEvent::OrganisationDeleted { digests: self.about.clone() };
        Ok(self.end_mandates().chain([deleted]).collect())
    }

    /// Its delegations and its power, taken back.
    pub(super) fn end_mandates(&self) -> impl Iterator<Item = AccountEvent> {
        let revoked = self.delegations.iter().map(|given| AccountEvent::DelegationRevoked { delegation_id: given.id });
        revoked.chain(self.substitutes.then_some(AccountEvent::SubstitutionRevoked {}))
    }

    /// What stays of it.
    pub(super) const fn private(&self) -> UngrantedAccount {
        UngrantedAccount {
            email: self.email,
            name: self.name,
            phone: self.phone,
            registration: None,
            message: None,
            standing: Standing::Private,
            about: Vec::new(),
            second_factor: self.second_factor,
        }
    }
}
