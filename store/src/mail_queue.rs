//! Mails that wait to be written and sent. A row says who gets which kind of mail; whoever sends it looks the address up
//! and makes the link's token then, so that neither is ever at rest here.

use uuid::Uuid;

use crate::options::Micros;

/// A mail to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// Code of the ledger.
    pub ledger: String,
    /// Names the mail: the same id is queued once. Its `Message-ID` follows from it.
    pub id: Uuid,
    /// What kind of mail, for example `reset-link`.
    pub kind: String,
    /// The account it goes to.
    pub account: Uuid,
    /// What else the text needs, as a JSON object: ids and numbers, never personal data.
    pub args: String,
    /// When it was asked for; it is due at once.
    pub queued_at: Micros,
}

/// A mail in the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMail {
    /// What was queued.
    pub mail: NewMail,
    /// What became of it.
    pub state: MailState,
    /// How often it was taken to be sent.
    pub attempts: u64,
    /// When it is due; while one node has it in hand, when another may take it.
    pub next_attempt_at: Micros,
    /// Why the last attempt failed; never personal data.
    pub last_error: Option<String>,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It is to be sent, now or later.
    Waiting,
    /// A server has taken it.
    Sent,
    /// It was given up.
    Failed,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailAttempt {
    /// A server has taken it, at this time.
    Sent(Micros),
    /// To be tried again at a time, for this reason.
    Later(Micros, String),
    /// Given up at a time, for this reason.
    GivenUp(Micros, String),
    /// Nothing was attempted, for this reason: it is due at a time, and the attempt does not count.
    Untried(Micros, String),
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Sent, Self::Failed];

    /// The word in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl MailAttempt {
    /// The state after it, when it is due next, when it ended, and why it failed.
    pub(crate) fn columns(&self) -> (MailState, Option<Micros>, Option<Micros>, Option<&str>) {
        match self {
            Self::Sent(at) => (MailState::Sent, None, Some(*at), None),
            Self::Later(at, why) | Self::Untried(at, why) => (MailState::Waiting, Some(*at), None, Some(why)),
            Self::GivenUp(at, why) => (MailState::Failed, None, Some(*at), Some(why)),
        }
    }

    /// How many attempts it takes back.
    pub(crate) fn uncounted(&self) -> i64 {
        match self {
            Self::Sent(_) | Self::Later(..) | Self::GivenUp(..) => 0,
            Self::Untried(..) => 1,
        }
    }
}
