//! The pages that people look at: HTML from the server, which works without any script.
//!
//! A handler takes who asks, calls the very functions that the JSON API calls, and renders or leads on (POST, then
//! redirect, then GET). What must stay true: every page route is registered through [`Pages`], which writes down who may
//! ask and enforces it; nothing unsafe is done for another site (`guard`); words come from `locales/pages/`.

mod account;
mod accounts;
mod articles;
mod assets;
mod baskets;
mod browser;
mod checkout;
mod clients;
mod conditions;
mod cookies;
mod copies;
mod documents;
mod doors;
mod field;
mod format;
mod frame;
mod guard;
mod institutions;
mod link;
mod lists;
mod live;
mod local_path;
mod login;
mod notice;
mod order_terms;
mod orders;
mod password;
mod query;
mod quotes;
mod reader;
mod redirect;
mod refused;
mod registration;
mod search;
mod sent;
mod shop;
mod sign_in;
mod signed_in;
mod start;
mod story;
mod transport;
mod waiting;
mod warnings;

use axum::{Router, extract::DefaultBodyLimit, middleware};

pub use browser::layer as browser_layer;
pub use doors::{Page, Pages, Who};
pub use format::{amount, day};
pub use refused::{Shown, refused, wants_html};

use crate::app::App;

/// Largest form, in bytes.
const MAX_FORM_BYTES: usize = 256 * 1024;

/// Every page with who may ask for it.
pub fn pages(app: &App) -> Pages {
    Pages::new(app)
        .with(assets::pages)
        .with(sign_in::pages)
        .with(password::pages)
        .with(login::pages)
        .with(start::pages)
        .with(account::pages)
        .with(baskets::pages)
        .with(articles::pages)
        .with(checkout::pages)
        .with(lists::pages)
        .with(copies::pages)
        .with(story::pages)
        .with(live::pages)
        .with(quotes::pages)
        .with(orders::pages)
        .with(accounts::pages)
        .with(institutions::pages)
        .with(shop::pages)
        .with(registration::pages)
        .with(waiting::pages)
}

/// The pages as routes.
pub fn routes(app: &App) -> Router<App> {
    pages(app)
        .into_router()
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
        .layer(middleware::from_fn_with_state(app.clone(), guard::layer))
}
