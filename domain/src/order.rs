//! An order: handed to the management system, made available or shipped, closed or cancelled.
//!
//! ```text
//!  pending --pushed--> processing --> available (pick-up) | shipped (delivery) --> closed
//!     |                    |                 |                   |
//!     +--------------------+-----------------+-------------------+--> cancelled (offered, if it had been collected)
//!  reset: back to processing where the management system knows it, else to pending; never offers it again by itself
//! ```
//! `supply` is read off the lines that the management system reported, never stored.

mod command;
mod decide;
mod error;
mod event;
mod rules;
mod state;

pub use command::{LineReport, OrderCommand, Placement};
pub use error::{OrderError, TermsError};
pub use event::{OrderEvent, Report, ReportedLine};
pub use rules::OrderAction;
pub use state::{Cancellation, OpenOrder, Order, OrderLine, OrderStatus, Supply};

/// Longest number of the management system, in characters.
const MAX_NUMBER_CHARS: usize = 50;

/// Whether a text can be a number of the management system: not blank, short, no control characters.
pub fn is_librisoft_number(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_NUMBER_CHARS && !text.chars().any(char::is_control)
}
