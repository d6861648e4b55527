//! Guards of what is done to an account beside its own events: links to a new password, locks, the erasure of its person.

use super::{
    decide::may_administer,
    error::AccountError,
    state::{Account, AccountStatus},
};
use crate::actor::{Actor, Role};

impl Account {
    /// Whether somebody may have a link for a new password sent to its person: those who administer it, while it is
    /// active; the bookshop, while its person acts for nobody.
    ///
    /// # Errors
    /// The refusal.
    pub fn may_send_link(&self, actor: &Actor) -> Result<(), AccountError> {
        let may = match self {
            Self::Unopened | Self::Ungranted(_) => matches!(actor.role, Role::Bookseller | Role::System),
            Self::Opened(account) => may_administer(actor, account.role, &account.institutions),
        };
        match self.status() {
            _ if !may => Err(AccountError::RoleMayNot),
            None => Err(AccountError::NotOpened),
            Some(status @ AccountStatus::Inactive) => Err(AccountError::WrongStatus { status }),
            Some(
                AccountStatus::Active | AccountStatus::Requested | AccountStatus::Declined | AccountStatus::Private,
            ) => Ok(()),
        }
    }

    /// Whether somebody may lift its lock: the bookshop, unless the account is of the bookshop itself (W07).
    ///
    /// # Errors
    /// The refusal.
    pub fn may_unlock(&self, actor: &Actor) -> Result<(), AccountError> {
        let of_bookshop = self.opened().is_some_and(|account| account.role == Role::Bookseller);
        let may = match actor.role {
            Role::System => true,
            Role::Bookseller => !of_bookshop,
            Role::Requester
            | Role::Approver
            | Role::Purchaser
            | Role::Auditor
            | Role::Integrator
            | Role::Librisoft
            | Role::Buyer => false,
        };
        if may { Ok(()) } else { Err(AccountError::RoleMayNot) }
    }

    /// Whether somebody may have its person's data destroyed: the bookshop, unless the account is of the bookshop itself
    /// (W08) or the asking person's own, who proves himself first.
    ///
    /// # Errors
    /// The refusal.
    pub fn may_erase(&self, actor: &Actor) -> Result<(), AccountError> {
        let of_bookshop = self.opened().is_some_and(|account| account.role == Role::Bookseller);
        let own = self.is_of(actor.account);
        match actor.role {
            Role::System => Ok(()),
            Role::Bookseller if actor.on_behalf_of.is_some() => Err(AccountError::InAnothersPlace),
            Role::Bookseller if !of_bookshop && !own => Ok(()),
            Role::Bookseller
            | Role::Requester
            | Role::Approver
            | Role::Purchaser
            | Role::Auditor
            | Role::Integrator
            | Role::Librisoft
            | Role::Buyer => Err(AccountError::RoleMayNot),
        }
    }
}
