//! Why an institution refuses: one case per refusal.

use crate::money::Rate;

/// Why an institution refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstitutionError {
    /// This role never does this.
    #[error("this role may not do this with an institution")]
    RoleMayNot,
    /// It was never synchronised.
    #[error("the institution is not known")]
    NotKnown,
    /// A name or number is missing, too long, or holds control characters.
    #[error("{field} is missing, too long or holds control characters")]
    BadText {
        /// Which field.
        field: &'static str,
    },
    /// More than 50 addresses.
    #[error("too many addresses")]
    TooManyAddresses,
    /// Two addresses have the same id.
    #[error("two addresses have the same id or label")]
    SameAddressTwice,
    /// More off a book than the law allows (art. 3, loi 81-766 on the price of books): at most 9 %.
    #[error("a discount of {rate} % on books at 5.5 % is above the 9 % of the law on the price of books")]
    DiscountAboveCap {
        /// The rate that was sent.
        rate: Rate,
    },
}
