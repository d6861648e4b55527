//! The service: JSON API, OpenAPI document, command line and demonstration.
//!
//! A handler extracts, builds a request, executes, answers. It knows no SQL and looks at no aggregate's state.

mod accounts;
pub mod app;
mod articles;
mod as_of;
mod audit;
mod auth;
mod baskets;
pub mod cli;
pub mod clock;
mod days;
mod delegations;
pub mod demo;
mod documents;
mod error;
mod events;
mod extract;
mod form;
mod health;
mod history;
mod institutions;
mod letters;
mod librisoft;
mod list;
mod listen;
mod names;
mod openapi;
mod orders;
pub mod pages;
mod privacy;
mod problem;
pub mod proxies;
mod quotes;
pub mod reactors;
mod reading;
pub mod router;
mod second_factor;
pub mod serve;
mod sessions;
pub mod settings;
mod shop;
mod terms;
mod texts;

pub use app::App;
pub use auth::{token_hash, totp};
pub use clock::Clock;
pub use events::cloud_type;
pub use settings::Settings;
