//! *Mon compte client*: who I am here, how I come in, where I am signed in, and who acts for whom.

mod delegations;
mod places;
mod privacy;
mod profile;
mod second_factor;
mod sessions;

use super::{
    doors::{Pages, Who},
    frame::MenuEntry,
};

/// The pages of one's own account, in the order in which they are named above each.
pub const SECTIONS: [MenuEntry; 5] = [
    MenuEntry { label: "account-about", href: "/account" },
    MenuEntry { label: "sessions-title", href: "/account/sessions" },
    MenuEntry { label: "factor-title", href: "/account/second-factor" },
    MenuEntry { label: "delegations-title", href: "/account/delegations" },
    MenuEntry { label: "privacy-title", href: "/account/privacy" },
];

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/account", Who::PEOPLE, profile::show)
        .post("/account/details", Who::PEOPLE, profile::change_details)
        .post("/account/email", Who::PEOPLE, profile::change_email)
        .post("/account/password", Who::PEOPLE, profile::change_password)
        .get("/account/sessions", Who::PEOPLE, sessions::show)
        .post("/account/sessions/end", Who::PEOPLE, sessions::end)
        .post("/account/sessions/end-others", Who::PEOPLE, sessions::end_others)
        .get("/account/second-factor", Who::PEOPLE, second_factor::show)
        .post("/account/second-factor/begin", Who::PEOPLE, second_factor::begin)
        .post("/account/second-factor/confirm", Who::PEOPLE, second_factor::confirm)
        .post("/account/second-factor/give-up", Who::PEOPLE, second_factor::give_up)
        .get("/account/delegations", Who::PEOPLE, delegations::show)
        .post("/account/delegations", Who::PEOPLE, delegations::give)
        .post("/account/delegations/revoke", Who::PEOPLE, delegations::revoke)
        .post("/account/act-for", Who::PEOPLE, places::act_for)
        .post("/account/act-for/end", Who::PEOPLE, places::return_to_oneself)
        .with(privacy::pages)
}
