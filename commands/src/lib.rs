//! Where a command meets the log: load, may see, may, version, decide, append.
//!
//! [`Commands::execute`] is the only way to write an event. What must stay true: it answers a success only after the
//! events are durable, a refusal only after it was confirmed against the log, and never guesses.

mod account;
mod basket;
mod context;
mod execute;
mod failed;
mod follow;
mod framework;
mod ids;
mod institution;
mod live;
mod metadata;
mod numbers;
mod order;
mod placement;
mod quote;
mod request;
mod scene;
mod seal;
mod shop;
mod subject;
mod terms;
mod tokens;

pub use account::{AccountRequest, Application, Approval, Organisation, PlaceRequest, SentChange, hold_email};
pub use basket::{BasketRequest, CopiedLine, ListedLine, OpenBasket, PlaceOrder};
pub use context::{Envelope, IdempotencyKey};
pub use execute::{Commands, Done};
pub use failed::Failed;
pub use follow::Follow;
pub use framework::LedgerStore;
pub use ids::{new_id, stable_id};
pub use institution::{InstitutionRequest, SentAddress, SentInstitution};
pub use live::{Housed, Kinds, Live, Peeked};
pub use order::{OrderRequest, SentReport};
pub use quote::{AcceptQuote, QuoteRequest};
pub use request::{Answer, Request};
pub use scene::Scene;
pub use seal::{EMAIL_CLAIM, SealText, TextError, fold_email};
pub use shop::{ShopRequest, first_buyers_group};
pub use subject::{ERASED_AT_ONCE, SubjectRequest};
pub use terms::RequestedTerms;
pub use tokens::{derived_token, new_token, token_hash};
