//! An account's state.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    change::Details,
    delegation::Delegation,
    event::AccountEvent,
    registration::{Registration, Standing, UngrantedAccount},
};
use crate::{
    actor::Role,
    ids::{AccountId, BuyersGroupId, EstablishmentId, InstitutionId},
    personal::{Digest, Email, Message, PersonName, Personal, Phone},
};

/// An account, before and after its opening.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Account {
    /// Nothing is known of it.
    #[default]
    Unopened,
    /// It exists.
    Opened(Box<OpenedAccount>),
    /// Its person signs in, and acts for nobody.
    Ungranted(Box<UngrantedAccount>),
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
    /// Its person has deleted what he was for an organisation.
    Private,
}

impl AccountStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Requested, Self::Active, Self::Inactive, Self::Declined, Self::Private];

    /// The status' name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Declined => "declined",
            Self::Private => "private",
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
    /// Its buyers group; the first of the shop where none was ever set.
    pub group: Option<BuyersGroupId>,
    /// What its person said when he asked for it, where he did.
    pub registration: Option<Registration>,
    /// The last message of the bookshop.
    pub message: Option<Personal<Message>>,
    /// Every text about the organisation: what goes with it.
    pub about: Vec<Digest>,
    /// The delegations it has given and not revoked, past ones too.
    pub delegations: Vec<Delegation>,
    /// Whether it may act in the place of the other accounts of its institutions.
    pub substitutes: bool,
    /// Whether its sign-ins demand a second factor.
    pub second_factor: bool,
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
            Self::Unopened | Self::Ungranted(_) => None,
            Self::Opened(account) => Some(account),
        }
    }

    /// The account of somebody who signs in and acts for nobody.
    pub fn ungranted(&self) -> Option<&UngrantedAccount> {
        match self {
            Self::Unopened | Self::Opened(_) => None,
            Self::Ungranted(account) => Some(account),
        }
    }

    /// Where it stands, if there is one.
    pub fn status(&self) -> Option<AccountStatus> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => Some(account.status()),
            Self::Ungranted(account) => Some(account.status()),
        }
    }

    /// Its login, if there is one.
    pub fn email(&self) -> Option<Personal<Email>> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => Some(account.email),
            Self::Ungranted(account) => Some(account.email),
        }
    }

    /// Its person's name and telephone number, if there is one.
    pub fn details(&self) -> Option<Details> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => Some(Details { name: account.name, phone: account.phone }),
            Self::Ungranted(account) => Some(Details { name: account.name, phone: account.phone }),
        }
    }

    /// What its person said when he asked for it, where he did.
    pub fn registration(&self) -> Option<Registration> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => account.registration,
            Self::Ungranted(account) => account.registration,
        }
    }

    /// The bookshop's last message to its person.
    pub fn message(&self) -> Option<Personal<Message>> {
        match self {
            Self::Unopened => None,
            Self::Opened(account) => account.message,
            Self::Ungranted(account) => account.message,
        }
    }

    /// Every text about its organisation, the bookshop's messages too: what goes with the organisation.
    pub fn about(&self) -> &[Digest] {
        match self {
            Self::Unopened => &[],
            Self::Opened(account) => &account.about,
            Self::Ungranted(account) => &account.about,
        }
    }

    /// Whether its sign-ins demand a second factor.
    pub fn demands_second_factor(&self) -> bool {
        match self {
            Self::Unopened => false,
            Self::Opened(account) => account.second_factor,
            Self::Ungranted(account) => account.second_factor,
        }
    }

    /// Whether the person behind it is this one: an account's data is always its own person's.
    pub fn is_of(&self, person: AccountId) -> bool {
        self.email().is_some_and(|email| email.subject == person.into())
    }

    pub(super) fn apply(&mut self, event: &AccountEvent) {
        match self {
            Self::Unopened => *self = begin(event),
            Self::Ungranted(account) => {
                if let Some(granted) = account.apply(event) {
                    *self = Self::Opened(Box::new(granted));
                }
            }
            Self::Opened(account) if matches!(event, AccountEvent::OrganisationDeleted { .. }) => {
                *self = Self::Ungranted(Box::new(account.private()));
            }
            Self::Opened(account) => account.apply(event),
        }
    }
}

/// The account that begins with an event.
fn begin(event: &AccountEvent) -> Account {
    if let AccountEvent::Opened { email, name, phone, role, institution_ids, establishment_id } = event {
        return Account::Opened(Box::new(OpenedAccount {
            email: *email,
            name: *name,
            phone: *phone,
            role: *role,
            institutions: institution_ids.clone(),
            establishment: *establishment_id,
            active: true,
            group: None,
            registration: None,
            message: None,
            about: Vec::new(),
            delegations: Vec::new(),
            substitutes: false,
            second_factor: false,
        }));
    }
    let (AccountEvent::Requested { email, name, phone, .. }, Some(registration)) = (event, Registration::said(event))
    else {
        return Account::Unopened;
    };
    Account::Ungranted(Box::new(UngrantedAccount {
        email: *email,
        name: *name,
        phone: *phone,
        registration: Some(registration),
        message: None,
        standing: Standing::Requested,
        about: registration.digests().collect(),
        second_factor: false,
    }))
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
            AccountEvent::MessageSent { message } => {
                self.message = Some(*message);
                self.about.push(message.digest);
            }
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
            | AccountEvent::Declined {}
            | AccountEvent::OrganisationDeleted { .. } => {}
        }
    }
}
