//! An institution client of a bookshop, synchronised from its management system and never deleted.
//!
//! ```text
//!  unknown --synchronised--> known (open | blocked) --withdrawn--> withdrawn --synchronised--> known
//! ```
//! A blocked or withdrawn institution goes on drafting; it opens, sends, validates and converts nothing.

mod command;
mod decide;
mod error;
mod event;
mod state;

pub use command::{InstitutionCommand, Synchronisation};
pub use error::InstitutionError;
pub use event::{InstitutionEvent, InstitutionKind, Profile};
pub use state::{Institution, Known, Standing};
