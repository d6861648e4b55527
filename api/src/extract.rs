//! What a handler takes from a request: the caller, a command with its conditions, a read with its position.

mod caller;
mod command;
mod json;
mod peer;
mod query;
mod reading;
mod trace;

pub use caller::{Caller, LibrisoftKey, session_of};
pub use command::{Answered, Command, Nothing, read_body, read_file};
pub use json::parse as parse_json;
pub use peer::Peer;
pub use query::{Filters, page_size};
pub use reading::Reading;
pub use trace::{Trace, layer as trace_layer};
