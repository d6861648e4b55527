//! Quotes over HTTP.

mod commands;
mod queries;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use queries::{QuoteJson, find_visible, next_actions, quote_json, scope, sealed};

use crate::app::App;

/// The routes of quotes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(queries::index))
        .routes(routes!(queries::show))
        .routes(routes!(commands::answer))
        .routes(routes!(commands::accept))
        .routes(routes!(commands::refuse))
        .routes(routes!(commands::archive))
}
