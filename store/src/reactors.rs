//! What a reactor needs to be shared between nodes: a lease, how far it came, and what it set aside.

use uuid::Uuid;

use crate::options::Micros;

/// The right of one node to be a ledger's reactor until a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Code of the ledger.
    pub ledger: String,
    /// Name of the reactor.
    pub name: String,
    /// The node that holds it, by an id that it made when it started.
    pub holder: Uuid,
    /// Rises each time another node takes over: a write under an older one is refused.
    pub epoch: u64,
    /// When another node may take over.
    pub expires_at: Micros,
}

/// An aggregate that a reactor set aside, because one of its events could not be handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// Code of the ledger.
    pub ledger: String,
    /// Name of the reactor.
    pub name: String,
    /// Type of the aggregate.
    pub aggregate_type: String,
    /// Id of the aggregate.
    pub aggregate_id: String,
    /// The event that could not be handled; those after it wait behind it.
    pub position: u64,
    /// Why; never personal data.
    pub reason: String,
    /// Since when.
    pub since: Micros,
}
