//! What stands beside the log for a time: how long, and how much of it is over.

use uuid::Uuid;

use crate::options::Micros;

/// When an account was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The account.
    pub account: Uuid,
    /// When it last signed in, since that is noted.
    pub last_sign_in_at: Option<Micros>,
    /// When the letter was handed over that told its person that it will be erased; forgotten with a sign-in.
    pub warned_at: Option<Micros>,
}

/// What is older is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Refusals before it.
    pub refusals: Micros,
    /// Mails that ended, or were queued and never sent, before it.
    pub mails: Micros,
    /// Sessions that ended before it.
    pub sessions: Micros,
    /// Failed proofs of identity before it.
    pub identity_checks: Micros,
    /// New logins whose confirmation ended before it.
    pub pending_emails: Micros,
    /// Secrets of second factors that nobody has proven, begun before it.
    pub second_factors: Micros,
}

/// How many rows are over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expired {
    /// Refused commands.
    pub refusals: u64,
    /// Mails.
    pub mails: u64,
    /// Sessions.
    pub sessions: u64,
}

impl Limits {
    /// In the order of the statements.
    pub(crate) const fn of_rows(self) -> [Micros; 3] {
        [self.refusals, self.mails, self.sessions]
    }
}

impl From<[u64; 3]> for Expired {
    fn from([refusals, mails, sessions]: [u64; 3]) -> Self {
        Self { refusals, mails, sessions }
    }
}
