//! Every state, command and role of shops.

use bordereau_domain::{
    BuyersGroupId,
    shop::{Released, Shop, ShopCommand, ShopError, ShopEvent},
};

use super::{Refusal, by_roles};
use crate::{
    fixture::*,
    shop::{establishment, open_in, opened},
};

impl Refusal for ShopError {
    fn status(&self) -> u16 {
        match self {
            Self::RoleMayNot => 403,
            Self::NotOpened | Self::UnknownBuyersGroup => 404,
            Self::AlreadyOpened | Self::NumberTaken | Self::BuyersGroupTaken => 409,
            Self::BadName | Self::BadCountry | Self::BadCurrency | Self::BadTimeZone => 422,
        }
    }
}

fn shop_commands() -> Vec<(&'static str, ShopCommand)> {
    let group = |name: &str| ShopCommand::OpenBuyersGroup { group_id: GROUP, name: name.to_owned() };
    let rename = |group_id: BuyersGroupId| ShopCommand::RenameBuyersGroup {
        group_id,
        name: "Collèges".to_owned(),
        first: FIRST_GROUP,
    };
    let prefer = |group_id: BuyersGroupId| ShopCommand::SetDefaultBuyersGroup { group_id, first: FIRST_GROUP };
    let released = Released { accounts: 1, ..Released::default() };
    vec![
        ("open", open_in("DLIVRE", "FR", "EUR", "Europe/Paris")),
        ("open a point of sale", ShopCommand::OpenEstablishment { establishment: establishment(2) }),
        ("let people ask for accounts", ShopCommand::SetRegistration { open: true }),
        ("let nobody ask for accounts", ShopCommand::SetRegistration { open: false }),
        ("make a buyers' group", group("Écoles")),
        ("make a buyers' group of the same id", group("Autres")),
        ("rename the first buyers' group", rename(FIRST_GROUP)),
        ("rename a buyers' group", rename(GROUP)),
        ("put new accounts into the first buyers' group", prefer(FIRST_GROUP)),
        ("put new accounts into a buyers' group", prefer(GROUP)),
        ("note what was let go", ShopCommand::NoteRetention { released }),
        ("note that nothing was let go", ShopCommand::NoteRetention { released: Released::default() }),
    ]
}

#[test] // attack 30
fn every_shop_answers_every_command_of_every_role_as_written() {
    let then = |events: &[ShopEvent]| [opened(), events.to_vec()].concat();
    let group = ShopEvent::BuyersGroupOpened { group_id: GROUP, name: "Écoles".to_owned() };
    let states = [
        ("unopened", vec![]),
        ("opened", opened()),
        ("people may ask", then(&[ShopEvent::RegistrationOpened {}])),
        ("with a second group", then(std::slice::from_ref(&group))),
        ("second group for new accounts", then(&[group, ShopEvent::DefaultBuyersGroupSet { group_id: GROUP }])),
    ];
    let mut text = String::from("What a shop answers: a table per command, a row per state, a column per role.\n\n");
    for (title, command) in shop_commands() {
        let creates = matches!(command, ShopCommand::Open { .. });
        text.push_str(&by_roles::<Shop>(title, &states, &command, creates));
    }
    insta::assert_snapshot!("shop", text);
}
