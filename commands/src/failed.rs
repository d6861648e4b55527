//! Why a command was not carried out. A refusal is the aggregate's own; the rest is the way to it.

use bordereau_domain::DecodeError;
use bordereau_store::{AppendError, StoreError};

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Failed<E: std::error::Error + 'static> {
    /// There is no such aggregate, or the actor may not know of it.
    #[error("not found")]
    NotFound,
    /// The aggregate refuses.
    #[error(transparent)]
    Refused(E),
    /// The aggregate has moved since the caller saw it.
    #[error("the caller has seen another sequence than {current}")]
    Stale {
        /// The present sequence.
        current: u64,
    },
    /// The key was sent with another request.
    #[error("the idempotency key was sent with another request")]
    KeyReused,
    /// A value that must be unique is another's.
    #[error("a value of kind {kind} is taken")]
    ClaimTaken {
        /// What kind of value.
        kind: String,
        /// Whose it is.
        holder: String,
    },
    /// Who has shown who he is has another password now, or no session any more.
    #[error("the proof counts no more")]
    Unproven,
    /// Lost the race against other nodes too often.
    #[error("lost the race too often")]
    Contended,
    /// The person was erased: nothing is kept of him any more.
    #[error("the person was erased")]
    Erased,
    /// The shop has no ledger here.
    #[error("no such shop")]
    UnknownShop,
    /// The ledger of a new shop exists.
    #[error("the shop exists")]
    ShopExists,
    /// Nothing was written; the same may be sent again later.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// It cannot be told whether it was written; the same key tells later.
    #[error("the outcome is unknown: {0}")]
    Unknown(String),
    /// The log holds what this program cannot read, or cannot take what it was given.
    #[error("the log cannot be used: {0}")]
    Broken(String),
}

impl<E: std::error::Error> From<StoreError> for Failed<E> {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::UnknownLedger => Self::UnknownShop,
            StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Unknown(why) => Self::Unknown(why),
            StoreError::Erased(_) => Self::Erased,
            StoreError::Broken { .. } | StoreError::Refused(_) => Self::Broken(error.to_string()),
        }
    }
}

impl<E: std::error::Error> From<DecodeError> for Failed<E> {
    fn from(error: DecodeError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl<E: std::error::Error> From<serde_json::Error> for Failed<E> {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// What became of an append, when it did not succeed.
pub(crate) enum Setback<E: std::error::Error + 'static> {
    /// Another node was first: read on and decide again.
    Conflict,
    /// The same key was first: its answer is ours.
    KeyTaken,
    /// It failed for good.
    Failed(Failed<E>),
}

impl<E: std::error::Error> From<AppendError> for Setback<E> {
    fn from(error: AppendError) -> Self {
        Self::Failed(match error {
            AppendError::Conflict { .. } => return Self::Conflict,
            AppendError::KeyTaken => return Self::KeyTaken,
            AppendError::ClaimTaken { kind, holder } => Failed::ClaimTaken { kind, holder },
            AppendError::Unproven => Failed::Unproven,
            AppendError::UnknownLedger => Failed::UnknownShop,
            AppendError::LedgerExists => Failed::ShopExists,
            AppendError::Refused(why) => Failed::Broken(why),
            AppendError::Unavailable(why) => Failed::Unavailable(why),
            AppendError::Unknown(why) => Failed::Unknown(why),
        })
    }
}
