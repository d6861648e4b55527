//! What may be done with a quote where it is. One guard stands behind each command and the next actions.

use chrono::NaiveDate;

use super::{
    error::QuoteError,
    state::{OpenQuote, QuoteStatus},
};
use crate::{actor::Role, institution::Standing};

/// What people may be offered on a quote. The name in JSON is the last segment of the command's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QuoteAction {
    /// Accept it: it becomes an order.
    Accept,
    /// Refuse it.
    Refuse,
    /// Answer it with prices.
    Answer,
    /// *Archiver*.
    Archive,
}

impl QuoteAction {
    /// Every action, in the order in which a page shows them.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Refuse, Self::Answer, Self::Archive];

    /// The action's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Answer => "answer",
            Self::Archive => "archive",
        }
    }

    /// Whose it is.
    const fn role(self) -> Role {
        match self {
            Self::Accept | Self::Refuse => Role::Purchaser,
            Self::Answer | Self::Archive => Role::Bookseller,
        }
    }
}

type Verdict = Result<(), QuoteError>;

impl OpenQuote {
    pub(super) const fn wrong_status(&self) -> QuoteError {
        QuoteError::WrongStatus { status: self.status }
    }

    /// Answered, to the end of its last day, for an institution that may order.
    pub(super) fn can_accept(&self, standing: &Standing, today: NaiveDate) -> Verdict {
        if self.status != QuoteStatus::Answered {
            return Err(self.wrong_status());
        }
        if self.valid_until.is_some_and(|last| today > last) {
            return Err(QuoteError::Expired);
        }
        if standing.is_open() { Ok(()) } else { Err(QuoteError::InstitutionBlocked) }
    }

    /// Only what was answered can be refused.
    pub(super) const fn can_refuse(&self) -> Verdict {
        match self.status {
            QuoteStatus::Answered => Ok(()),
            QuoteStatus::Requested
            | QuoteStatus::Collected
            | QuoteStatus::Accepted
            | QuoteStatus::Refused
            | QuoteStatus::Expired
            | QuoteStatus::Archived => Err(self.wrong_status()),
        }
    }

    /// An answer may be given again until something was made of it.
    pub(super) const fn can_answer(&self) -> Verdict {
        match self.status {
            QuoteStatus::Requested | QuoteStatus::Collected | QuoteStatus::Answered => Ok(()),
            QuoteStatus::Accepted | QuoteStatus::Refused | QuoteStatus::Expired | QuoteStatus::Archived => {
                Err(self.wrong_status())
            }
        }
    }

    /// What nobody has looked at is not put away.
    pub(super) const fn can_archive(&self) -> Verdict {
        match self.status {
            QuoteStatus::Collected
            | QuoteStatus::Answered
            | QuoteStatus::Accepted
            | QuoteStatus::Refused
            | QuoteStatus::Expired => Ok(()),
            QuoteStatus::Requested | QuoteStatus::Archived => Err(self.wrong_status()),
        }
    }

    /// What an actor of this role may do now, in the order in which a page shows it. `today` is the day in the shop's
    /// time zone.
    pub fn next_actions(&self, role: Role, standing: &Standing, today: NaiveDate) -> Vec<QuoteAction> {
        let can = |action: &QuoteAction| match action {
            QuoteAction::Accept => self.can_accept(standing, today).is_ok(),
            QuoteAction::Refuse => self.can_refuse().is_ok(),
            QuoteAction::Answer => self.can_answer().is_ok(),
            QuoteAction::Archive => self.can_archive().is_ok(),
        };
        QuoteAction::ALL.into_iter().filter(|action| action.role() == role && can(action)).collect()
    }
}
