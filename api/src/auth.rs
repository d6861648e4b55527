//! Who may come in: passwords, tokens, sign-in, sessions, the second factor.

mod evenly;
mod forgotten;
mod new_login;
mod new_password;
mod own_password;
mod passwords;
mod second_factor;
mod session;
mod sign_in;
pub mod totp;

pub use bordereau_commands::{new_token, token_hash};
pub use evenly::{evenly, hidden_evenly};
pub use forgotten::{ask_for_link, queue_link};
pub use new_login::{check_login_link, confirm_login};
pub use new_password::{Avoided, check_new_password};
pub use own_password::{change_password, check_link, use_link};
pub use passwords::{MAX_CHARS, MIN_CHARS, Passwords};
pub use second_factor::prove_first_code;
pub use session::{SignedIn, act_for, act_for_oneself, find_session, look_at_session, seen_after, zone};
pub use sign_in::{Attempt, confirm_password, confirm_with_code, limit_letters, sign_in};
