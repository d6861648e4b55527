//! Sealed personal data: its shape, its bytes and its cipher.

use uuid::Uuid;

mod cipher;
mod keyring;
mod master;
mod sealed;

pub(crate) use cipher::{DataKey, Secret, Surroundings, blind_index, open, seal, unwrap, wrap};
pub(crate) use keyring::{Keyring, UNDERIVED};
pub(crate) use master::{private_file, read, read_or_make, sync_folder};
pub(crate) use sealed::check_sealed;
pub use sealed::{MalformedSeal, SealedBytes};

/// Why a person's data is kept; each purpose has its own key, so that one can go before the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// The account: name, e-mail, phone, free texts.
    Account,
    /// A grouped order: pupil, class, choices.
    Campaign,
    /// Name and address on the invoice; kept for the legal term.
    Accounting,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 3] = [Self::Account, Self::Campaign, Self::Accounting];

    /// The name under which it is stored and authenticated.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Campaign => "campaign",
            Self::Accounting => "accounting",
        }
    }

    /// The purpose of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }
}

/// A sealed text, to be stored by the command whose events name its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedField {
    /// Code of the ledger.
    pub ledger: String,
    /// SHA-256 of `bytes`.
    pub digest: [u8; 32],
    /// The person whose data it is.
    pub subject: Uuid,
    /// Why it is kept.
    pub purpose: Purpose,
    /// Which field it is, e.g. `basket.name`.
    pub field: String,
    /// The sealed bytes; [`SealedBytes`] has the layout.
    pub bytes: Vec<u8>,
}
