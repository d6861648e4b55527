//! *Mes devis collectivités* (L24-L27, L38): the list, one quote, and what its purchaser makes of it.

mod decisions;
mod detail;
mod list;

use super::doors::{Pages, Who};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/quotes", Who::DOCUMENTS, list::index)
        .get("/quotes/{id}", Who::DOCUMENTS, detail::show)
        .post("/quotes/{id}/accept", Who::PURCHASERS, decisions::accept)
        .post("/quotes/{id}/refuse", Who::PURCHASERS, decisions::refuse)
}
