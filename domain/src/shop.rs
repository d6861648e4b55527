//! A bookshop enterprise and its points of sale. Its opening is position 1 of its ledger.

mod code;
mod command;
mod decide;
mod error;
mod event;
mod groups;
mod state;

pub use code::{MalformedCode, ShopCode};
pub use command::ShopCommand;
pub use error::ShopError;
pub use event::{Establishment, Released, ShopEvent};
pub use groups::{BuyersGroup, BuyersGroups, FIRST_BUYERS_GROUP};
pub use state::{OpenedShop, Shop};
