//! Who acts: people by role, machine keys, and the service itself.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AccountId, InstitutionId};

/// What an account, a key or a process may do. The words of the field are in docs/glossary.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Utilisateur*: prepares baskets, nothing else.
    Requester,
    /// *Approbateur*: prepares baskets, checks those of requesters.
    Approver,
    /// *Collectivité*: checks baskets and turns them into quote requests and orders.
    Purchaser,
    /// *Libraire*: the bookshop's staff.
    Bookseller,
    /// Reads everything, changes nothing.
    Auditor,
    /// A key that follows the events.
    Integrator,
    /// The key of the bookshop's management system.
    Librisoft,
    /// A parent who subscribes to a grouped order, without an account.
    Buyer,
    /// The service itself: deadlines, first set-up.
    System,
}

impl Role {
    /// Every role, in the order of the glossary.
    pub const ALL: [Self; 9] = [
        Self::Requester,
        Self::Approver,
        Self::Purchaser,
        Self::Bookseller,
        Self::Auditor,
        Self::Integrator,
        Self::Librisoft,
        Self::Buyer,
        Self::System,
    ];

    /// The role's name in JSON, in metadata and in the sessions' table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Approver => "approver",
            Self::Purchaser => "purchaser",
            Self::Bookseller => "bookseller",
            Self::Auditor => "auditor",
            Self::Integrator => "integrator",
            Self::Librisoft => "librisoft",
            Self::Buyer => "buyer",
            Self::System => "system",
        }
    }

    /// Whether an account of this role works for institutions (and must have one at least).
    pub const fn is_institutional(self) -> bool {
        matches!(self, Self::Requester | Self::Approver | Self::Purchaser)
    }

    /// Whether this role stands above the requesters of its institution.
    pub const fn is_above_requester(self) -> bool {
        matches!(self, Self::Approver | Self::Purchaser)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such role: {0}")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// The acting person, key or process of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account or key that acts.
    pub account: AccountId,
    /// Its role at this moment.
    pub role: Role,
    /// The institutions it acts for; empty for the bookshop's side.
    pub institutions: Vec<InstitutionId>,
    /// The colleague in whose place it acts, with his role. What belongs to a person is found by
    /// [`principal`](Self::principal); a rule against deciding alone looks at both.
    pub on_behalf_of: Option<AccountId>,
}

impl Actor {
    /// An actor in his own name.
    pub fn new(account: AccountId, role: Role, institutions: Vec<InstitutionId>) -> Self {
        Self { account, role, institutions, on_behalf_of: None }
    }

    /// The service itself.
    pub fn system() -> Self {
        Self::new(AccountId(Uuid::nil()), Role::System, Vec::new())
    }

    /// In whose name it acts: the colleague's in whose place it stands, else its own.
    pub fn principal(&self) -> AccountId {
        self.on_behalf_of.unwrap_or(self.account)
    }

    /// Whether it acts for `institution`.
    pub fn acts_for(&self, institution: InstitutionId) -> bool {
        self.institutions.contains(&institution)
    }
}
