//! Who may come in: passwords, tokens, sign-in.

mod evenly;
mod new_password;
mod passwords;
mod sign_in;

pub use bordereau_commands::{new_token, token_hash};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use evenly::evenly;
pub use new_password::{Avoided, check_new_password};
pub use sign_in::{find_candidates, password_fits, sign_in};
