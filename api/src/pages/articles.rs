//! Articles: the search, the page of one, and the way of each into the current basket (L35 L39).

mod add;
mod show;
mod target;

use super::doors::{Pages, Who};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/articles", Who::PEOPLE, show::index).post("/articles", Who::INSTITUTIONS, add::add).get(
        "/articles/{ean}",
        Who::PEOPLE,
        show::show,
    )
}
