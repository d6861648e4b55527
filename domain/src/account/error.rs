//! Why an account refuses: one case per refusal.

use super::state::AccountStatus;

/// Why an account refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Whoever acts in another's place does not do this for him.
    #[error("this is done in one's own name only")]
    InAnothersPlace,
    /// Nobody of that id to whom the account could delegate.
    #[error("the delegate is no active colleague of a common institution")]
    UnknownDelegate,
    /// A delegation begins today or later.
    #[error("the first day is past")]
    FirstDayPast,
    /// A delegation begins within a year.
    #[error("the first day is too far away")]
    FirstDayTooFar,
    /// A delegation ends after it begins, and lasts ninety days at most, with those that join it.
    #[error("the last day is before the first, or too far from it")]
    LastDayOutOfRange,
    /// Where two persons decide, nobody of the institution knows another one's password.
    #[error("where two persons decide, only the bookshop types a first password")]
    PasswordByLinkOnly,
    /// As many delegations as an account may have at once.
    #[error("the account has given too many delegations")]
    TooManyDelegations,
    /// There is no such delegation, or it was revoked.
    #[error("the account has given no such delegation")]
    UnknownDelegation,
    /// The bookshop's people and the auditor need no power of substitution, or may not have it.
    #[error("an account of this role is given no power of substitution")]
    NoInstitutionsAccount,
    /// A second factor is demanded already.
    #[error("a second factor is demanded already")]
    SecondFactorEnabled,
    /// No second factor is demanded.
    #[error("no second factor is demanded")]
    SecondFactorMissing,
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
