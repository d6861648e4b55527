//! Who may come in: passwords, tokens, sign-in, sessions, the second factor.

mod forgotten;
mod own_password;
mod passwords;
mod second_factor;
mod session;
mod sign_in;
mod tokens;
pub mod totp;

pub use forgotten::ask_for_link;
pub use own_password::{change_password, check_link, use_link};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use session::{SignedIn, act_for, act_for_oneself, find_session, open_session, seen_after, zone};
pub use sign_in::{Attempt, confirm_password, confirm_with_code, sign_in};
pub use tokens::{new_token, token_hash};
