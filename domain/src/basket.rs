//! A basket climbs the roles and becomes a quote request or an order.
//!
//! ```text
//!               send-to-approver              validate                request-quote | place-order
//!  drafting ----------------------> awaiting_approver ----------> awaiting_purchaser ----------> converted
//!   |  ^  ^------------ return ------------+  ^---- return (an approver had validated) ---+  |
//!   |  +------------------------------------- return (otherwise) -------------------------+  |
//!   |--- validate (level approver) ----------------------------------------------------------^
//!   |--- request-quote | place-order (level purchaser) ----------------------------> converted
//!   +--- discard --> discarded
//! ```
//! Arrival locks: whoever has an *unlock* may change the lines afterwards; passing on locks again; an owner who gets
//! his basket back finds it unlocked. `level` is the owner's role when the basket was opened and never changes.

mod command;
mod decide;
mod error;
mod event;
mod rules;
mod state;

pub use command::{BasketCommand, Conversion, NewLine, Today};
pub use error::{BasketError, ChangedPrice};
pub use event::{BasketEvent, Level, ReturnedTo};
pub use rules::Action;
pub use state::{Basket, Document, Opened, Passage, Returned, Stage, Step};

/// How many baskets an account may have in drafting, unless the settings say otherwise.
pub const MAX_OPEN_BASKETS: u64 = 100_000;
