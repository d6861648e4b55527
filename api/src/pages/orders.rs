//! *Mes commandes collectivités* (L28-L33, L38): the list with its filters, and one order.

mod detail;
mod filter;
mod list;

use super::doors::{Pages, Who};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/orders", Who::DOCUMENTS, list::index).get("/orders/{id}", Who::DOCUMENTS, detail::show)
}
