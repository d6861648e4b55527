//! A new login that waits until its person has shown that the address is his. Its text is sealed in the vault; here
//! stand its digest, its claim, and the hash of the link's token once a mail has carried it away.

use uuid::Uuid;

use crate::options::Micros;

/// A new login that is to be confirmed. A later one of the same account takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewPendingEmail {
    /// The account.
    pub account: Uuid,
    /// Digest of the sealed address.
    pub digest: [u8; 32],
    /// Blind index of the address.
    pub claim: [u8; 32],
    /// From when on it cannot be confirmed.
    pub expires_at: Micros,
}

impl NewPendingEmail {
    /// One that is being asked for: its text is not sealed yet, and no link confirms it.
    pub const fn begun(account: Uuid, claim: [u8; 32], expires_at: Micros) -> Self {
        Self { account, digest: [0; 32], claim, expires_at }
    }
}

/// A new login that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEmail {
    /// Code of the ledger.
    pub ledger: String,
    /// What waits.
    pub pending: NewPendingEmail,
}
