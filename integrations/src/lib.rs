//! The outside: what leaves the ledger, and what happens because time goes by.
//!
//! Nothing here decides: a reactor follows the log and does once, for each event, what the event asks for. What must
//! stay true: one node at a time is a ledger's reactor (a lease with an epoch); what is done is done at least once and
//! can be done again; an event that cannot be dealt with stops its own aggregate and nothing else, and is shown.

pub mod deadlines;
pub mod erasure;
pub mod mail;
mod reactor;
pub mod retention;

pub use reactor::{Board, Node, Reactor, Reactors, Standing, Trouble};
