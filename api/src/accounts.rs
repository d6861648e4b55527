//! Accounts over HTTP: opened, asked for, moved and closed; one's own; links and locks.

mod actions;
mod bodies;
mod commands;
mod links;
mod own;
mod queries;
mod registration;
mod search;

pub use bodies::{NewcomerBody, OpenBody, RegistrationBody, RoleName, organisation};
pub use commands::{find_by_email, join_by_email, opening};
pub use links::{check, send_link_to, unlock_of};
pub use own::ask_for_login;
pub use queries::{actions_of, find_visible, locked_until, may_read_request};
pub use registration::{is_open, newcomer, register, request_again};
pub use search::{plain, sealed, search};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// The routes of accounts.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(queries::index, commands::open))
        .routes(routes!(queries::show, commands::change))
        .routes(routes!(commands::assign))
        .routes(routes!(commands::deactivate))
        .routes(routes!(commands::reactivate))
        .routes(routes!(commands::join))
        .routes(routes!(links::unlock))
        .routes(routes!(links::send_link))
        .routes(routes!(links::forgotten))
        .routes(routes!(registration::request))
        .routes(routes!(registration::ask_again))
        .routes(routes!(registration::write_down))
        .routes(routes!(registration::describe))
        .routes(routes!(registration::approve))
        .routes(routes!(registration::decline))
        .routes(routes!(registration::message))
        .routes(routes!(own::change))
        .routes(routes!(own::set_password))
        .routes(routes!(own::change_email))
        .routes(routes!(own::confirm_email))
}
