//! What a shop, an institution, an account, a basket, a quote and an order *are*.
//!
//! Pure: no I/O, no clock, no async, no randomness. Ids, document numbers, prices and the time arrive
//! inside a command or the [`Context`]; personal data arrives sealed ([`Personal`]).

pub mod account;
pub mod actor;
pub mod article;
pub mod basket;
pub mod catalogue;
pub mod cqrs;
pub mod decider;
pub mod ean;
pub mod fixed_price;
pub mod ids;
pub mod institution;
pub mod line;
pub mod money;
pub mod order;
pub mod personal;
pub mod pricing;
pub mod quote;
pub mod schema;
pub mod shop;
pub mod subject;
pub mod terms;
mod wire;

pub use actor::{Actor, Role};
pub use catalogue::{DecodeError, Event};
pub use cqrs::Es;
pub use decider::{Context, Decider, Illegal};
pub use ean::Ean;
pub use ids::{
    AccountId, AddressId, BasketId, BuyersGroupId, DelegationId, EstablishmentId, InstitutionId, LineId, OrderId,
    QuoteId, SubjectId,
};
pub use money::{Money, Rate};
pub use personal::{Digest, Personal};
pub use shop::ShopCode;
