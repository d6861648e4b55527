//! The auditor's tool. It rests on the log alone: what it says of a state, a total or a list it has made from the events
//! itself, and compared with what the service shows.
//!
//! What must stay true: nothing here writes to a store that holds a ledger, and nothing touches the views of a service
//! that runs: rebuilt ones are offered to it.

pub mod cli;
mod desk;
mod diff;
mod export;
mod import;
mod lines;
mod progress;
mod rebuild;
mod settings;
mod show;
mod verify;
