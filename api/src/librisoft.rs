//! The door of the bookshop's management system: what it collects, what it reports, what it sends.

mod acknowledge;
mod articles;
mod institutions;
mod lines;
mod pending;
mod spool;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// The routes of the management system's key.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(pending::pending))
        .routes(routes!(acknowledge::quote))
        .routes(routes!(acknowledge::order))
        .routes(routes!(acknowledge::cancellation))
        .routes(routes!(acknowledge::report_lines))
        .routes(routes!(articles::put))
        .routes(routes!(institutions::put))
}
