//! An account: a person with a role in one or more institutions, or of the bookshop.
//!
//! ```text
//!  unopened --opened--> active <--reactivated / deactivated--> inactive
//! ```

mod command;
mod decide;
mod error;
mod event;
mod state;

pub use command::AccountCommand;
pub use error::AccountError;
pub use event::AccountEvent;
pub use state::{Account, OpenedAccount};
