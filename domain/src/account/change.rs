//! Changes to what is known of an account (W27): its person's name, telephone and login, its point of sale, its buyers'
//! group; and one institution more.

use super::{
    decide::{Decision, check_role, may_administer},
    error::AccountError,
    event::AccountEvent,
    registration::Standing,
    state::{Account, OpenedAccount},
};
use crate::{
    actor::{Actor, Role},
    ids::{BuyersGroupId, EstablishmentId, InstitutionId},
    personal::{Email, PersonName, Personal, Phone},
};

/// A point of sale, and whether the shop has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChosenEstablishment {
    /// The point of sale, if any.
    pub id: Option<EstablishmentId>,
    /// Whether the shop has it.
    pub known: bool,
}

/// A buyers' group, and whether the shop has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChosenGroup {
    /// The group.
    pub id: BuyersGroupId,
    /// Whether the shop has it.
    pub known: bool,
}

/// A person's name and telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Details {
    /// The name.
    pub name: Personal<PersonName>,
    /// The telephone number.
    pub phone: Option<Personal<Phone>>,
}

/// What should be different; what is absent stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// Name and telephone number.
    pub details: Option<Details>,
    /// The login.
    pub email: Option<Personal<Email>>,
    /// The point of sale.
    pub establishment: Option<ChosenEstablishment>,
    /// The buyers' group.
    pub group: Option<ChosenGroup>,
}

impl ChosenEstablishment {
    /// The point of sale, if the shop has it.
    pub(super) fn check(self) -> Result<Option<EstablishmentId>, AccountError> {
        if self.id.is_some() && !self.known { Err(AccountError::UnknownEstablishment) } else { Ok(self.id) }
    }
}

impl AccountChange {
    /// What changes of the person.
    pub(super) fn of_person(
        &self,
        name: Personal<PersonName>,
        phone: Option<Personal<Phone>>,
        email: Personal<Email>,
    ) -> Vec<AccountEvent> {
        let details = self.details.filter(|wanted| *wanted != Details { name, phone });
        let details = details.map(|Details { name, phone }| AccountEvent::DetailsChanged { name, phone });
        let email = self.email.filter(|wanted| *wanted != email).map(|email| AccountEvent::EmailChanged { email });
        details.into_iter().chain(email).collect()
    }

    /// The bookshop changes everything but the login of its own people and of the auditor, whom it could impersonate by
    /// it; those who administer the account, and its person himself, change name and telephone number.
    pub(super) fn may(&self, actor: &Actor, is_own: bool, now: Option<(Role, &[InstitutionId])>) -> bool {
        match actor.role {
            Role::System => true,
            Role::Bookseller => {
                let guarded = now.is_some_and(|(role, _)| !role.is_institutional());
                self.email.is_none() || !guarded
            }
            Role::Requester
            | Role::Approver
            | Role::Purchaser
            | Role::Auditor
            | Role::Integrator
            | Role::Librisoft
            | Role::Buyer => {
                let details_only = self.email.is_none() && self.establishment.is_none() && self.group.is_none();
                let administered = now.is_some_and(|(role, of)| may_administer(actor, role, of));
                details_only && (is_own || administered)
            }
        }
    }
}

impl OpenedAccount {
    pub(super) fn change(&self, change: &AccountChange) -> Decision {
        let mut events = change.of_person(self.name, self.phone, self.email);
        if let Some(establishment) = change.establishment {
            let establishment_id = establishment.check()?;
            if establishment_id != self.establishment {
                events.push(AccountEvent::EstablishmentSet { establishment_id });
            }
        }
        if let Some(ChosenGroup { id: group_id, known }) = change.group {
            if !known {
                return Err(AccountError::UnknownBuyersGroup);
            }
            if self.group != Some(group_id) {
                events.push(AccountEvent::BuyersGroupSet { group_id });
            }
        }
        Ok(events)
    }

    /// Its role and institutions with one more institution.
    pub fn joined(&self, institution: InstitutionId, role: Option<Role>) -> (Role, Vec<InstitutionId>) {
        let mut institutions = self.institutions.clone();
        if !institutions.contains(&institution) {
            institutions.push(institution);
        }
        (role.unwrap_or(self.role), institutions)
    }

    pub(super) fn join(&self, institution: InstitutionId, known: bool, role: Option<Role>) -> Decision {
        if !self.active {
            return Err(AccountError::WrongStatus { status: self.status() });
        }
        let (role, institutions) = self.joined(institution, role);
        if role == self.role && institutions == self.institutions {
            return Ok(vec![]);
        }
        check_role(role, &institutions, known)?;
        Ok(vec![AccountEvent::Assigned { role, institution_ids: institutions }])
    }
}

impl Account {
    /// Whoever administers an account, before and after, may bring it into an institution of his: nobody takes a person
    /// out of another institution's hands, nor moves himself, in another's place either. Somebody who acts for nobody
    /// begins as whoever adds him says. The bookshop's people are moved by whoever runs the service (W08).
    pub(super) fn may_join(&self, actor: &Actor, institution: InstitutionId, role: Option<Role>) -> bool {
        let own = self.is_of(actor.account) || self.is_of(actor.principal());
        match self {
            _ if actor.role == Role::System => true,
            Self::Opened(account) if own || account.role == Role::Bookseller => false,
            Self::Opened(account) => {
                let (wanted, institutions) = account.joined(institution, role);
                self.may_turn_into(wanted)
                    && may_administer(actor, account.role, &account.institutions)
                    && may_administer(actor, wanted, &institutions)
            }
            Self::Ungranted(account) if account.standing == Standing::Private => {
                !own && may_administer(actor, role.unwrap_or(Role::Requester), &[institution])
            }
            Self::Unopened | Self::Ungranted(_) => actor.role == Role::Bookseller,
        }
    }

    /// The auditor stays what he is: as somebody of an institution his login could be changed, and with it his person.
    pub(super) fn may_turn_into(&self, wanted: Role) -> bool {
        self.opened().is_none_or(|account| account.role.is_institutional() || account.role == wanted)
    }
}
