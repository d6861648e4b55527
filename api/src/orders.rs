//! Orders over HTTP.

mod commands;
mod queries;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use queries::{OrderJson, find_visible, order_json, sealed};

use crate::app::App;

/// The routes of orders.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(queries::index))
        .routes(routes!(queries::show))
        .routes(routes!(commands::make_available))
        .routes(routes!(commands::ship))
        .routes(routes!(commands::close))
        .routes(routes!(commands::cancel))
        .routes(routes!(commands::reset_status))
        .routes(routes!(commands::message))
}
