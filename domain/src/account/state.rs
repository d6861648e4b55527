//! An account's state.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    change::Details,
    delegation::Delegation,
    event::AccountEvent,
    registration::{Registration, RequestedAccount},
};
use crate::{
    actor::Role,
    ids::{AccountId, BuyersGroupId, EstablishmentId, InstitutionId},
    personal::{Email, Message, PersonName, Personal, Phone},
};

/// An account, before and after its opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Account {
    /// Nothing is known of it.
    #[default]
    Unopened,
    /// It exists.
    Opened(Box<OpenedAccount>),
    /// Its person asked for it.
    Requested(Box<RequestedAccount>),
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    /// Asked for.
    Requested,
    /// Its person may sign in and act.
    Active,
    /// *Compte inactivé*.
    Inactive,
    /// Asked for, and refused.
    Declined,
}

impl AccountStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Requested, Self::Active, Self::Inactive, Self::Declined];

    /// The status' name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Declined => "declined",
        }
    }
}

impl fmt::Display for AccountStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
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
    /// Its buyers' group; the shop's first where none was ever set.
    pub group: Option<BuyersGroupId>,
    /// What its person said when he asked for it, where he did.
    pub registration: Option<Registration>,
    /// The bookshop's last message.
    pub message: Option<Personal<Message>>,
}

impl OpenedAccount {
    /// Active or inactive.
    pub const fn status(&self) -> AccountStatus {
        if self.active { AccountStatus::Active } else { AccountStatus::Inactive }
    }
}

impl Account {
    /// The account, once opened or granted.
    pub fn opened(&self) -> Option<&OpenedAccount> {
        match self {
            Self::Unopened | Self::Requested(_) => None,
            Self::Opened(account) => Some(account),
        }
    }

    /// The account that was asked for and is not granted.
    pub fn requested(&self) -> Option<&RequestedAccount> {
        match self {
            Self::Unopened | Self::Opened(_) => None,
            Self::Requested(account) => Some(account),
        }
    }

    /// Where it stands, if there is one.
    pub fn status(&self) -> Option<AccountStatus> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => Some(account.status()),
            Self::Requested(account) => Some(account.status()),
        }
    }

    /// Its login, if there is one.
    pub fn email(&self) -> Option<Personal<Email>> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => Some(account.email),
            Self::Requested(account) => Some(account.email),
        }
    }

    /// Its person's name and telephone number, if there is one.
    pub fn details(&self) -> Option<Details> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => Some(Details { name: account.name, phone: account.phone }),
            Self::Requested(account) => Some(Details { name: account.name, phone: account.phone }),
        }
    }

    /// What its person said when he asked for it, where he did.
    pub fn registration(&self) -> Option<Registration> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => account.registration,
            Self::Requested(account) => Some(account.registration),
        }
    }

    /// Whether the person behind it is this one: an account's data is always its own person's.
    pub fn is_of(&self, person: AccountId) -> bool {
        self.email().is_some_and(|email| email.subject == person.into())
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
                    group: None,
                    registration: None,
                    message: None,
                }));
            }
            (
                Self::Unopened | Self::Requested(_),
                AccountEvent::Requested { email, name, phone, company, vat_number, chamber_number, department },
            ) => {
                let message = self.requested().and_then(|before| before.message);
                *self = Self::Requested(Box::new(RequestedAccount {
                    email: *email,
                    name: *name,
                    phone: *phone,
                    registration: Registration {
                        company: *company,
                        vat_number: *vat_number,
                        chamber_number: *chamber_number,
                        department: *department,
                    },
                    message,
                    declined: false,
                }));
            }
            (Self::Requested(account), AccountEvent::Approved { role, institution_ids, establishment_id }) => {
                let approved = account.approved(*role, institution_ids, *establishment_id);
                *self = Self::Opened(Box::new(approved));
            }
            (Self::Unopened, _) => {}
            (Self::Requested(account), _) => account.apply(event),
            (Self::Opened(account), _) => account.apply(event),
        }
    }
}

impl OpenedAccount {
    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Assigned { role, institution_ids } => {
                self.role = *role;
                self.institutions.clone_from(institution_ids);
            }
            AccountEvent::Deactivated {} => self.active = false,
            AccountEvent::Reactivated {} => self.active = true,
            AccountEvent::MessageSent { message } => self.message = Some(*message),
            AccountEvent::DetailsChanged { name, phone } => (self.name, self.phone) = (*name, *phone),
            AccountEvent::EmailChanged { email } => self.email = *email,
            AccountEvent::EstablishmentSet { establishment_id } => self.establishment = *establishment_id,
            AccountEvent::BuyersGroupSet { group_id } => self.group = Some(*group_id),
            AccountEvent::Delegated { .. }
            | AccountEvent::DelegationRevoked { .. }
            | AccountEvent::SubstitutionGranted {}
            | AccountEvent::SubstitutionRevoked {}
            | AccountEvent::SecondFactorEnabled {}
            | AccountEvent::SecondFactorDisabled {} => self.apply_place(event),
            AccountEvent::Opened { .. }
            | AccountEvent::Requested { .. }
            | AccountEvent::Approved { .. }
            | AccountEvent::Declined {} => {}
        }
    }
}
