//! A quote request, the bookshop's answer, and what the purchaser makes of it.
//!
//! ```text
//!  requested --pushed--> collected --answered--> answered --accepted--> accepted (an order, same transaction)
//!      |                                          |  ^ |---refused--> refused
//!      +------------------- answered -------------+  +-+--expired--> expired
//!  archived: from every status but requested
//! ```
//! An answer may be given again until it is accepted, refused or expired. Its prices hold to the end of its last day.

mod command;
mod decide;
mod error;
mod event;
mod rules;
mod state;

pub use command::{AnsweredLine, QuoteCommand};
pub use error::QuoteError;
pub use event::{BasketOrigin, QuoteEvent};
pub use rules::QuoteAction;
pub use state::{OpenQuote, Quote, QuoteStatus};
