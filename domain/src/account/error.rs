//! Why an account refuses: one case per refusal.

use super::state::AccountStatus;

/// Why an account refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// This role never does this, or not with such an account.
    #[error("this role may not do this with this account")]
    RoleMayNot,
    /// There is no such account.
    #[error("the account is not open")]
    NotOpened,
    /// It is open already, with other data.
    #[error("the account is open already")]
    AlreadyOpened,
    /// An institution's role without an institution, or with one that was never synchronised (L16).
    #[error("an account of this role needs an institution that the management system has sent")]
    InstitutionMissing,
    /// A bookshop's role with an institution.
    #[error("an account of this role has no institution")]
    InstitutionTooMuch,
    /// Not a role of a person.
    #[error("no person has this role")]
    NotAPersonsRole,
    /// Not in this status.
    #[error("the account is {status}")]
    WrongStatus {
        /// What it is.
        status: AccountStatus,
    },
    /// The shop has no such point of sale.
    #[error("the shop has no such establishment")]
    UnknownEstablishment,
    /// The shop has no such buyers' group.
    #[error("the shop has no such buyers' group")]
    UnknownBuyersGroup,
}
