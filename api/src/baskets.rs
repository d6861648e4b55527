//! Baskets over HTTP: commands, lists and pages of one.

mod bodies;
mod commands;
mod copy;
mod import;
mod listed;
mod now;
mod queries;
pub mod warnings;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use bodies::{CommentBody, OrderMade, QuoteMade};
pub use copy::{CopyOf, lines as copied_lines};
pub use listed::{Listed, ListedLine, Verdict, judge};
pub use now::find_visible as find_now;
pub use queries::{find_visible, sealed};

use crate::app::App;

/// The routes of baskets.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(queries::index, commands::open))
        .routes(routes!(queries::show, commands::discard))
        .routes(routes!(commands::add_line))
        .routes(routes!(warnings::json::show))
        .routes(routes!(import::check))
        .routes(routes!(import::import))
        .routes(routes!(commands::change_line, commands::remove_line))
        .routes(routes!(commands::reprice))
        .routes(routes!(commands::rename))
        .routes(routes!(commands::send_to_approver))
        .routes(routes!(commands::validate))
        .routes(routes!(commands::unlock))
        .routes(routes!(commands::return_to_previous_role))
        .routes(routes!(commands::request_quote))
        .routes(routes!(commands::place_order))
        .routes(routes!(commands::take_over))
}
