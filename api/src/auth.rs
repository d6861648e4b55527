//! Who may come in: passwords, tokens, sign-in.

mod forgotten;
mod own_password;
mod passwords;
mod sign_in;
mod tokens;

pub use forgotten::ask_for_link;
pub use own_password::{change_password, check_link, use_link};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use sign_in::{open_session, sign_in};
pub use tokens::{new_token, token_hash};
