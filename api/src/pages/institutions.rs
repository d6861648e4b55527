//! *Gestion des clients collectivités* (L19): the institutions of the shop to the bookshop, one's own to their people; one
//! institution with what Librisoft says of it, and the rules that the bookshop sets for it.

mod detail;
mod list;
mod rule;

use bordereau_domain::{Rate, Role, institution::Known};

use super::{
    clients::sees_all,
    doors::{Pages, Who},
    frame::Frame,
};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    let bookseller = Who::Roles(&[Role::Bookseller]);
    pages
        .get("/institutions", Who::PEOPLE, list::index)
        .get("/institutions/{id}", Who::PEOPLE, detail::show)
        .post("/institutions/{id}/two-person-rule", bookseller, rule::set_two_persons)
        .post("/institutions/{id}/payment-after-delivery", bookseller, rule::set_payment_after_delivery)
}

/// What the list is called by who reads it.
fn title(frame: &Frame, role: Role) -> String {
    frame.t(if sees_all(role) { "institutions-all" } else { "institutions-mine" })
}

/// The shape, colour and words of an institution's state.
pub fn state(frame: &Frame, known: &Known) -> (&'static str, String) {
    match (known.withdrawn, known.blocked) {
        (true, _) => ("state ended", frame.t("institution-withdrawn")),
        (false, true) => ("state wrong", frame.t("institution-blocked")),
        (false, false) => ("state done", frame.t("institution-open")),
    }
}

/// *Remises*: on school books, and by VAT rate.
fn discounts(frame: &Frame, known: &Known) -> Vec<String> {
    let of = &known.profile.discounts;
    let said = |key: &str, rate: &Rate| frame.t_with(key, "rate", &frame.discount(rate));
    vec![
        said("institution-discount-school", &of.school),
        said("institution-discount-2-1", &of.reduced_2_1),
        said("institution-discount-5-5", &of.reduced_5_5),
        said("institution-discount-20", &of.normal_20),
    ]
}
