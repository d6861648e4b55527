//! Baskets: the trays in which they stand, and the page of each.

mod edits;
mod entry;
mod line_row;
mod offers;
mod place;
mod show;
mod steps;
mod trays;

pub use entry::{AddForm, put};
pub use line_row::LineRow;
pub use place::{Facts, Place};
pub use show::BasketPage;
pub use show::waits_for;
pub use trays::{count, list, tray_label, tray_path, trays};

use bordereau_domain::Role;

use super::doors::{Pages, Who};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/baskets", Who::INSTITUTIONS, trays::index)
        .post("/baskets", Who::INSTITUTIONS, trays::open)
        .get("/baskets/{id}", Who::PEOPLE, show::show)
        .post("/baskets/{id}/lines", Who::INSTITUTIONS, entry::add)
        .post("/baskets/{id}/save", Who::INSTITUTIONS, edits::save)
        .post("/baskets/{id}/reprice", Who::INSTITUTIONS, steps::reprice)
        .post("/baskets/{id}/rename", Who::INSTITUTIONS, steps::rename)
        .post("/baskets/{id}/discard", Who::INSTITUTIONS, steps::discard)
        .post("/baskets/{id}/send-to-approver", Who::INSTITUTIONS, steps::send)
        .post("/baskets/{id}/validate", JUDGES, steps::validate)
        .post("/baskets/{id}/unlock", JUDGES, steps::unlock)
        .post("/baskets/{id}/return", JUDGES, steps::give_back)
        .post("/baskets/{id}/take-over", JUDGES, steps::take_over)
}

/// Those who judge the baskets of others.
const JUDGES: Who = Who::Roles(&[Role::Approver, Role::Purchaser]);
