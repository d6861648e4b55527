//! Who may come in: passwords, tokens, sign-in, sessions, the second factor.

mod evenly;
mod new_password;
mod passwords;
mod second_factor;
mod session;
mod sign_in;
mod tokens;
pub mod totp;

pub use evenly::evenly;
pub use new_password::{Avoided, check_new_password};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use session::{SignedIn, act_for, act_for_oneself, find_session, seen_after, zone};
pub use sign_in::{Attempt, confirm_password, confirm_with_code, find_candidates, sign_in};
pub use tokens::{new_token, token_hash};
