//! An account: a person with a role in one or more institutions, or of the bookshop.
//!
//! ```text
//!  unopened --opened-------------------> active <--reactivated / deactivated--> inactive
//!      |                                   ^
//!      +--requested--> requested --approved+
//!                        |   ^
//!                declined|   |requested
//!                        v   |
//!                       declined
//!
//!  active, requested, declined --organisation deleted--> private --requested / approved--> as above
//! ```

mod access;
mod change;
mod command;
mod decide;
mod delegation;
mod error;
mod event;
mod organisation;
mod registration;
mod state;

pub use change::{AccountChange, ChosenEstablishment, ChosenGroup, Details};
pub use command::AccountCommand;
pub use delegation::{Colleague, Delegation, MAX_AHEAD_DAYS, MAX_DAYS, MAX_DELEGATIONS, Mandate};
pub use error::AccountError;
pub use event::AccountEvent;
pub use registration::{Applicant, Registration, Standing, UngrantedAccount};
pub use state::{Account, AccountStatus, OpenedAccount};
