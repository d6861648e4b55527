//! A person's rights over his data: erasure, by himself or by the bookshop for him; the end of his B2B account. What stays, and for how long, is in
//! docs/privacy.md.

mod erasure;
mod export;
mod gather;
mod identity;
mod organisation;
mod turns;
mod written;

pub use erasure::{ReasonName, erase_oneself, erase_other};
pub use export::export_oneself;
pub use gather::BOOKSHOP;
pub use organisation::delete_organisation;
pub use turns::Turns;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::app::App;

/// The routes of privacy.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(erasure::erase))
        .routes(routes!(erasure::erase_own))
        .routes(routes!(organisation::delete))
        .routes(routes!(export::own))
        .routes(routes!(export::of_another))
}
