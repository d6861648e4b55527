//! Who may come in: passwords, tokens, sign-in.

mod passwords;
mod sign_in;

pub use bordereau_commands::{new_token, token_hash};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use sign_in::sign_in;
