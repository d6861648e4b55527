//! Why a basket refuses: one case per refusal.

use serde::Serialize;

use super::{event::Level, state::Document};
use crate::{ids::LineId, order::TermsError, pricing::LinePrice};

/// A line whose terms differ today from those it was put in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedPrice {
    /// The line.
    pub line_id: LineId,
    /// As the basket has it.
    pub old: LinePrice,
    /// As it would be today.
    pub new: LinePrice,
}

/// Why a basket refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// This role never does this.
    #[error("this role may not do this with a basket")]
    RoleMayNot,
    /// Only its owner does this.
    #[error("only its owner may do this")]
    NotTheOwner,
    /// The institution demands two persons, and nobody but the owner has looked at it.
    #[error("another person must validate it first")]
    TwoPersonsNeeded,
    /// There is no such basket yet.
    #[error("the basket is not open")]
    NotOpened,
    /// Its id is another basket's.
    #[error("the id is taken by another basket")]
    IdTaken,
    /// Not where the basket is now.
    #[error("not possible while the basket is {stage}")]
    WrongStage {
        /// Where it is, as in JSON.
        stage: &'static str,
    },
    /// Not for a basket of this level.
    #[error("not possible for a basket of this level")]
    WrongLevel {
        /// Its level.
        level: Level,
    },
    /// It is locked: unlock it first.
    #[error("the basket is locked")]
    Locked,
    /// It has no line.
    #[error("the basket has no line")]
    Empty,
    /// It became a document already.
    #[error("the basket was converted already")]
    AlreadyConverted(Document),
    /// The institution is blocked or withdrawn.
    #[error("the institution is blocked")]
    InstitutionBlocked,
    /// Its owner is active: nothing to take over.
    #[error("the owner is active")]
    OwnerActive,
    /// Its owner is inactive: it cannot go back to him.
    #[error("the owner is inactive")]
    OwnerInactive,
    /// Prices or discounts changed since the lines were put in.
    #[error("prices changed")]
    PricesChanged(Vec<ChangedPrice>),
    /// No such line in it.
    #[error("no such line")]
    UnknownLine,
    /// As many lines as a basket may have.
    #[error("too many lines")]
    TooManyLines,
    /// A line of a list that cannot be put in; then none of them is.
    #[error("line {at} of the list: {refusal}")]
    InList {
        /// Which line of the list, from 0.
        at: usize,
        /// Why not.
        refusal: Box<BasketError>,
    },
    /// As many open baskets as an account may have.
    #[error("too many open baskets")]
    TooManyBaskets,
    /// Not `1..=9999` copies.
    #[error("the quantity is out of range")]
    QuantityOutOfRange,
    /// The catalogue has no such article.
    #[error("no such article")]
    UnknownArticle,
    /// The actor does not act for this institution, or there is none.
    #[error("no such institution")]
    UnknownInstitution,
    /// The *Référence collectivité* is missing or no reference.
    #[error("the reference is missing")]
    ReferenceMissing,
    /// The order's terms cannot be.
    #[error(transparent)]
    Terms(#[from] TermsError),
}
