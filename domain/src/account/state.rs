//! An account's state.

use serde::{Deserialize, Serialize};

use super::{delegation::Delegation, event::AccountEvent};
use crate::{
    actor::Role,
    ids::{EstablishmentId, InstitutionId},
    personal::{Email, PersonName, Personal, Phone},
};

/// An account, before and after its opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Account {
    /// Nothing is known of it.
    #[default]
    Unopened,
    /// It exists.
    Opened(Box<OpenedAccount>),
}

/// An account that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedAccount {
    /// The login.
    pub email: Personal<Email>,
    /// The person's name.
    pub name: Personal<PersonName>,
    /// The person's telephone number.
    pub phone: Option<Personal<Phone>>,
    /// What it may do.
    pub role: Role,
    /// For whom.
    pub institutions: Vec<InstitutionId>,
    /// Its point of sale.
    pub establishment: Option<EstablishmentId>,
    /// Whether its owner may sign in.
    pub active: bool,
    /// The delegations it has given and not revoked, past ones too.
    pub delegations: Vec<Delegation>,
    /// Whether it may act in the place of its institutions' other accounts.
    pub substitutes: bool,
    /// Whether its sign-ins demand a second factor.
    pub second_factor: bool,
}

impl Account {
    /// The account, once opened.
    pub fn opened(&self) -> Option<&OpenedAccount> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => Some(account),
        }
    }

    pub(super) fn apply(&mut self, event: &AccountEvent) {
        match (&mut *self, event) {
            (Self::Unopened, AccountEvent::Opened { email, name, phone, role, institution_ids, establishment_id }) => {
                *self = Self::Opened(Box::new(OpenedAccount {
                    email: *email,
                    name: *name,
                    phone: *phone,
                    role: *role,
                    institutions: institution_ids.clone(),
                    establishment: *establishment_id,
                    active: true,
                    delegations: Vec::new(),
                    substitutes: false,
                    second_factor: false,
                }));
            }
            (Self::Unopened, _) | (Self::Opened(_), AccountEvent::Opened { .. }) => {}
            (
                Self::Opened(account),
                AccountEvent::Delegated { .. }
                | AccountEvent::DelegationRevoked { .. }
                | AccountEvent::SubstitutionGranted {}
                | AccountEvent::SubstitutionRevoked {}
                | AccountEvent::SecondFactorEnabled {}
                | AccountEvent::SecondFactorDisabled {},
            ) => account.apply_place(event),
            (Self::Opened(account), AccountEvent::Assigned { role, institution_ids }) => {
                account.role = *role;
                account.institutions.clone_from(institution_ids);
            }
            (Self::Opened(account), AccountEvent::Deactivated {}) => account.active = false,
            (Self::Opened(account), AccountEvent::Reactivated {}) => account.active = true,
        }
    }
}
