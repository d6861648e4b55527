//! Guards of what is done to an account's access without an event: links to a new password, locks.

use super::{decide::may_administer, error::AccountError, state::Account};
use crate::actor::{Actor, Role};

impl Account {
    /// Whether somebody may have a link for a new password sent to its person: those who administer it, while it is
    /// active.
    ///
    /// # Errors
    /// The refusal.
    pub fn may_send_link(&self, actor: &Actor) -> Result<(), AccountError> {
        let Some(account) = self.opened() else { return self.refuse_unless_bookshop(actor) };
        if !may_administer(actor, account.role, &account.institutions) {
            return Err(AccountError::RoleMayNot);
        }
        if account.active { Ok(()) } else { Err(AccountError::WrongStatus { status: account.status() }) }
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

    fn refuse_unless_bookshop(&self, actor: &Actor) -> Result<(), AccountError> {
        match (actor.role, self.status()) {
            (Role::Bookseller | Role::System, Some(status)) => Err(AccountError::WrongStatus { status }),
            (Role::Bookseller | Role::System, None) => Err(AccountError::NotOpened),
            _ => Err(AccountError::RoleMayNot),
        }
    }
}
