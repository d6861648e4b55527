//! An account: a person with a role in one or more institutions, or of the bookshop.
//!
//! ```text
//!  unopened --opened--> active <--reactivated / deactivated--> inactive
//! ```

mod command;
mod decide;
mod delegation;
mod error;
mod event;
mod state;

pub use command::AccountCommand;
pub use delegation::{Colleague, Delegation, MAX_DAYS, MAX_DELEGATIONS, Mandate};
pub use error::AccountError;
pub use event::AccountEvent;
pub use state::{Account, OpenedAccount};
