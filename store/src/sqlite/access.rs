//! Credentials and sessions. Whatever reads before it writes does both on the writer, so that two nodes of one file
//! cannot count a failure or use a link twice.

mod credentials;
mod forget;
mod languages;
mod second_factors;
mod sessions;

pub(super) use credentials::{drop_unproven, end_reset_link, is_proven, put_credential};
pub(super) use forget::{end_everybody, forget_account};
pub(super) use second_factors::{confirm_second_factor, drop_second_factor};
pub(super) use sessions::{end_mandates, end_sessions, update_sessions};
