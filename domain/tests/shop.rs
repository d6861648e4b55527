//! A shop, its points of sale, and the erasure of a person.

use bordereau_domain::{
    Context, Decider, Es, Role,
    shop::{Establishment, Shop, ShopCommand, ShopError, ShopEvent},
    subject::{Subject, SubjectCommand, SubjectError, SubjectEvent},
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: Vec<ShopEvent>, command: ShopCommand, context: Context) -> AggregateResultValidator<Es<Shop>> {
    TestFramework::<Es<Shop>>::with(()).given(given).when((command, context))
}

pub(crate) fn establishment(number: u32) -> Establishment {
    Establishment {
        establishment_id: ESTABLISHMENT,
        number,
        name: "DLIVRE".to_owned(),
        country: "FR".to_owned(),
        vat_number: None,
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    }
}

pub(crate) fn open_in(name: &str, country: &str, currency: &str, time_zone: &str) -> ShopCommand {
    ShopCommand::Open {
        code: "DLIVRE".parse().unwrap(),
        name: name.to_owned(),
        country: country.to_owned(),
        currency: currency.to_owned(),
        time_zone: time_zone.to_owned(),
        first: establishment(1),
    }
}

pub(crate) fn opened() -> Vec<ShopEvent> {
    let event = ShopEvent::Opened {
        code: "DLIVRE".parse().unwrap(),
        name: "DLIVRE".to_owned(),
        country: "FR".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    };
    vec![event, ShopEvent::EstablishmentOpened { establishment: establishment(1) }]
}

#[test] // W17
fn a_shop_opens_with_its_first_point_of_sale() {
    when(vec![], open_in("DLIVRE", "FR", "EUR", "Europe/Paris"), by(Role::System)).then_expect_events(opened());
    when(vec![], open_in("DLIVRE", "FR", "EUR", "Europe/Paris"), by(Role::Bookseller))
        .then_expect_error(ShopError::RoleMayNot);
    when(opened(), open_in("DLIVRE", "FR", "EUR", "Europe/Paris"), by(Role::System))
        .then_expect_error(ShopError::AlreadyOpened);
}

#[test]
fn name_country_currency_and_time_zone_are_checked() {
    let refused = |command| when(vec![], command, by(Role::System)).inspect_result().unwrap_err();
    assert_eq!(refused(open_in(" ", "FR", "EUR", "Europe/Paris")), ShopError::BadName);
    assert_eq!(refused(open_in("D", "fr", "EUR", "Europe/Paris")), ShopError::BadCountry);
    assert_eq!(refused(open_in("D", "FR", "EURO", "Europe/Paris")), ShopError::BadCurrency);
    assert_eq!(refused(open_in("D", "FR", "EUR", "Paris")), ShopError::BadTimeZone);
}

#[test]
fn another_point_of_sale_has_a_number_of_its_own() {
    let open = |establishment| ShopCommand::OpenEstablishment { establishment };
    let second = establishment(2);
    when(opened(), open(second.clone()), by(Role::Bookseller))
        .then_expect_events(vec![ShopEvent::EstablishmentOpened { establishment: second }]);
    when(opened(), open(establishment(1)), by(Role::Bookseller)).then_expect_events(vec![]);
    let other = Establishment { name: "ANNEXE".to_owned(), ..establishment(1) };
    when(opened(), open(other), by(Role::Bookseller)).then_expect_error(ShopError::NumberTaken);
    when(vec![], open(establishment(2)), by(Role::Bookseller)).then_expect_error(ShopError::NotOpened);
    when(opened(), open(establishment(2)), by(Role::Purchaser)).then_expect_error(ShopError::RoleMayNot);
}

#[test]
fn a_person_is_erased_once_by_the_bookshop_or_by_himself() {
    let erase = |own| SubjectCommand::Erase { key_ids: vec!["0a0b".to_owned()], own };
    let erased = || SubjectEvent::Erased { key_ids: vec!["0a0b".to_owned()] };
    let when = |given: Vec<SubjectEvent>, own, role| {
        TestFramework::<Es<Subject>>::with(()).given(given).when((erase(own), by(role)))
    };
    when(vec![], false, Role::Bookseller).then_expect_events(vec![erased()]);
    when(vec![erased()], false, Role::Bookseller).then_expect_events(vec![]);
    for role in [Role::Requester, Role::Approver, Role::Purchaser, Role::Auditor] {
        when(vec![], false, role).then_expect_error(SubjectError::RoleMayNot);
        when(vec![], true, role).then_expect_events(vec![erased()]);
    }
    for role in [Role::Integrator, Role::Librisoft] {
        when(vec![], true, role).then_expect_error(SubjectError::RoleMayNot);
    }
}

#[test] // B01
fn the_bookshop_lets_people_ask_for_accounts_or_not() {
    let set = |open| ShopCommand::SetRegistration { open };
    when(opened(), set(false), by(Role::Bookseller)).then_expect_events(vec![]);
    when(opened(), set(true), by(Role::Bookseller)).then_expect_events(vec![ShopEvent::RegistrationOpened {}]);
    let open = [opened(), vec![ShopEvent::RegistrationOpened {}]].concat();
    when(open.clone(), set(true), by(Role::Bookseller)).then_expect_events(vec![]);
    when(open, set(false), by(Role::Bookseller)).then_expect_events(vec![ShopEvent::RegistrationClosed {}]);
    for role in [Role::Requester, Role::Approver, Role::Purchaser, Role::Auditor] {
        when(opened(), set(true), by(role)).then_expect_error(ShopError::RoleMayNot);
    }
}

#[test] // W28
fn buyers_groups_are_made_and_renamed_and_one_is_for_new_accounts() {
    let open = |name: &str| ShopCommand::OpenBuyersGroup { group_id: GROUP, name: name.to_owned() };
    let rename = |group_id, name: &str| {
        let name = name.to_owned();
        ShopCommand::RenameBuyersGroup { group_id, name, first: FIRST_GROUP }
    };
    let prefer = |group_id| ShopCommand::SetDefaultBuyersGroup { group_id, first: FIRST_GROUP };
    let renamed = |group_id, name: &str| ShopEvent::BuyersGroupRenamed { group_id, name: name.to_owned() };
    let group = ShopEvent::BuyersGroupOpened { group_id: GROUP, name: "Écoles".to_owned() };
    when(opened(), open("Écoles"), by(Role::Bookseller)).then_expect_events(vec![group.clone()]);
    when(opened(), open(" "), by(Role::Bookseller)).then_expect_error(ShopError::BadName);
    when(opened(), prefer(GROUP), by(Role::Bookseller)).then_expect_error(ShopError::UnknownBuyersGroup);
    when(opened(), rename(GROUP, "x"), by(Role::Bookseller)).then_expect_error(ShopError::UnknownBuyersGroup);
    when(opened(), prefer(FIRST_GROUP), by(Role::Bookseller)).then_expect_events(vec![]);
    when(opened(), rename(FIRST_GROUP, "Tous"), by(Role::Bookseller))
        .then_expect_events(vec![renamed(FIRST_GROUP, "Tous")]);
    let two = [opened(), vec![group]].concat();
    when(two.clone(), open("Écoles"), by(Role::Bookseller)).then_expect_events(vec![]);
    when(two.clone(), open("Autres"), by(Role::Bookseller)).then_expect_error(ShopError::BuyersGroupTaken);
    when(two.clone(), rename(GROUP, "Collèges"), by(Role::Bookseller))
        .then_expect_events(vec![renamed(GROUP, "Collèges")]);
    when(two.clone(), prefer(GROUP), by(Role::Purchaser)).then_expect_error(ShopError::RoleMayNot);
    let preferred = ShopEvent::DefaultBuyersGroupSet { group_id: GROUP };
    when(two.clone(), prefer(GROUP), by(Role::Bookseller)).then_expect_events(vec![preferred.clone()]);
    let mut shop = Shop::default();
    for event in two.iter().chain([&preferred, &renamed(FIRST_GROUP, "Tous")]) {
        assert_eq!(shop.allows(event), Ok(()));
        shop.evolve(event);
    }
    let stranger = renamed(bordereau_domain::BuyersGroupId(uuid::Uuid::from_u128(1)), "x");
    assert!(shop.allows(&stranger).is_err(), "there is one first group");
    let groups = &shop.opened().unwrap().groups;
    let names: Vec<_> = groups.all(FIRST_GROUP).into_iter().map(|group| group.name).collect();
    assert_eq!(names, ["Tous", "Écoles"]);
    assert_eq!(groups.default_beside(FIRST_GROUP), Some(GROUP));
}
