//! Why a quote refuses: one case per refusal.

use super::state::QuoteStatus;
use crate::order::TermsError;

/// Why a quote refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// This role never does this.
    #[error("this role may not do this with a quote")]
    RoleMayNot,
    /// There is no such quote.
    #[error("there is no such quote")]
    NotRequested,
    /// It was requested already.
    #[error("the quote was requested already")]
    AlreadyRequested,
    /// Not where the quote is now.
    #[error("not possible while the quote is {}", .status.as_str())]
    WrongStatus {
        /// Where it is.
        status: QuoteStatus,
    },
    /// The management system knows it under another number.
    #[error("the quote has another number there")]
    NumberDiffers,
    /// Its last day is past.
    #[error("the quote has expired")]
    Expired,
    /// Its last day is not past yet.
    #[error("the quote is still valid")]
    StillValid,
    /// The institution is blocked or withdrawn.
    #[error("the institution is blocked")]
    InstitutionBlocked,
    /// Its last day would be past already.
    #[error("the last day is past")]
    ValidityInThePast,
    /// A line that it does not have, or the same twice.
    #[error("no such line, or the same line twice")]
    UnknownLine,
    /// A price below zero or too high.
    #[error("the price is out of range")]
    PriceOutOfRange,
    /// More off a book than the law allows (art. 3, loi 81-766).
    #[error("a discount above 9 % on a book that is no school book")]
    DiscountAboveCap,
    /// Its number in the management system is too long or no number.
    #[error("the number is too long or holds control characters")]
    BadNumber,
    /// The order's terms cannot be.
    #[error(transparent)]
    Terms(#[from] TermsError),
}
