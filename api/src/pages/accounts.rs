//! *Aperçu des utilisateurs* (L12-L15, B13, B16, B17): the accounts of one's institutions, a new one, and what may be done
//! with each.

mod access;
mod bookshop;
mod detail;
mod erasure;
mod form;
mod list;
mod newcomer;
mod newcomers;
mod open;

use bordereau_domain::Role;

use super::doors::{Pages, Who};

/// Who opens and moves accounts of others.
const ADMINISTRATORS: Who = Who::Roles(&[Role::Approver, Role::Purchaser, Role::Bookseller]);
/// Who looks at accounts of others.
const READERS: Who = Who::Roles(&[Role::Approver, Role::Purchaser, Role::Bookseller, Role::Auditor]);
/// The bookshop's people.
const BOOKSHOP: Who = Who::Roles(&[Role::Bookseller]);

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/accounts", READERS, list::index)
        .post("/accounts", ADMINISTRATORS, open::open)
        .get("/accounts/new", ADMINISTRATORS, open::show)
        .post("/accounts/join", ADMINISTRATORS, open::join)
        .get("/accounts/for-organisation", BOOKSHOP, newcomer::show)
        .post("/accounts/for-organisation", BOOKSHOP, newcomer::write_down)
        .get("/accounts/{id}", READERS, detail::show)
        .post("/accounts/{id}/edit", ADMINISTRATORS, detail::edit)
        .post("/accounts/{id}/assign", ADMINISTRATORS, detail::assign)
        .post("/accounts/{id}/deactivate", ADMINISTRATORS, access::deactivate)
        .post("/accounts/{id}/reactivate", ADMINISTRATORS, access::reactivate)
        .post("/accounts/{id}/send-link", ADMINISTRATORS, access::send_link)
        .post("/accounts/{id}/unlock", BOOKSHOP, access::unlock)
        .post("/accounts/{id}/approve", BOOKSHOP, newcomers::approve)
        .post("/accounts/{id}/organisation", BOOKSHOP, newcomers::describe)
        .post("/accounts/{id}/decline", BOOKSHOP, newcomers::decline)
        .post("/accounts/{id}/message", BOOKSHOP, newcomers::message)
        .post("/accounts/{id}/bookshop", BOOKSHOP, bookshop::set)
        .post("/accounts/{id}/substitution", BOOKSHOP, bookshop::substitution)
        .post("/accounts/{id}/second-factor", BOOKSHOP, bookshop::lift_second_factor)
        .post("/accounts/{id}/erase", BOOKSHOP, erasure::erase)
}
