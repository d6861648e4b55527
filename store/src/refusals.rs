//! Refused commands: rows for the audit trail, not events.

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
    /// Slug of the reason; never personal data.
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
