//! Baskets: the trays in which they stand, and the page of each.

mod place;
mod show;
mod trays;

pub use trays::{count, list, tray_label, tray_path, trays};

use super::doors::{Pages, Who};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/baskets", Who::INSTITUTIONS, trays::index).post("/baskets", Who::INSTITUTIONS, trays::open).get(
        "/baskets/{id}",
        Who::PEOPLE,
        show::show,
    )
}
