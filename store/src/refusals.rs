//! Refused commands, and accesses to personal data that were granted: rows for the audit trail, not events.

use crate::options::Micros;

/// A command that was refused. At most one is kept per ledger, account, command and second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Code of the ledger.
    pub ledger: String,
    /// Account or key that asked, by id.
    pub account: String,
    /// Name of the command.
    pub command: String,
    /// Slug of the reason, or a word for an access; never personal data.
    pub reason: String,
    /// The aggregate asked for, e.g. `basket/..`.
    pub aggregate: Option<String>,
    /// Role of the account.
    pub role: Option<String>,
    /// Institution of the aggregate.
    pub institution: Option<String>,
    /// When.
    pub at: Micros,
}

/// The place of a refusal among those of its ledger: when, who, what. No two have the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusalKey {
    /// When.
    pub at: Micros,
    /// Account or key that asked, by id.
    pub account: String,
    /// Name of the command.
    pub command: String,
}

impl Refusal {
    /// Its place.
    pub fn key(&self) -> RefusalKey {
        RefusalKey { at: self.at, account: self.account.clone(), command: self.command.clone() }
    }
}

/// Which refusals of a ledger are wanted; all that is given must hold. By default all of them, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalQuery {
    /// Refused then or later.
    pub from: Micros,
    /// Refused before it.
    pub to: Micros,
    /// Of this account or key.
    pub account: Option<String>,
    /// About this aggregate, e.g. `basket/..`.
    pub aggregate: Option<String>,
    /// Beyond this one, in the order asked for.
    pub after: Option<RefusalKey>,
    /// The newest first.
    pub newest_first: bool,
    /// At most so many.
    pub limit: usize,
}

impl Default for RefusalQuery {
    fn default() -> Self {
        Self {
            from: Micros::MIN,
            to: Micros::MAX,
            account: None,
            aggregate: None,
            after: None,
            newest_first: false,
            limit: usize::MAX,
        }
    }
}

impl RefusalQuery {
    /// Where to begin: beyond the last one seen, or at the very end of time.
    pub(crate) fn start(&self) -> RefusalKey {
        let end = if self.newest_first { Micros::MAX } else { Micros::MIN };
        self.after.clone().unwrap_or(RefusalKey { at: end, account: String::new(), command: String::new() })
    }
}
