//! A shop, its points of sale, and the erasure of a person.

use bordereau_domain::{
    Context, Es, Role,
    shop::{Establishment, Shop, ShopCommand, ShopError, ShopEvent},
    subject::{Subject, SubjectCommand, SubjectError, SubjectEvent},
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: Vec<ShopEvent>, command: ShopCommand, context: Context) -> AggregateResultValidator<Es<Shop>> {
    TestFramework::<Es<Shop>>::with(()).given(given).when((command, context))
}

fn establishment(number: u32) -> Establishment {
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

fn open_in(name: &str, country: &str, currency: &str, time_zone: &str) -> ShopCommand {
    ShopCommand::Open {
        code: "DLIVRE".parse().unwrap(),
        name: name.to_owned(),
        country: country.to_owned(),
        currency: currency.to_owned(),
        time_zone: time_zone.to_owned(),
        first: establishment(1),
    }
}

fn opened() -> Vec<ShopEvent> {
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
fn a_person_is_erased_once_by_the_bookshop() {
    let erase = || SubjectCommand::Erase { key_ids: vec!["0a0b".to_owned()] };
    let erased = || SubjectEvent::Erased { key_ids: vec!["0a0b".to_owned()] };
    let when = |given: Vec<SubjectEvent>, context| {
        TestFramework::<Es<Subject>>::with(()).given(given).when((erase(), context))
    };
    when(vec![], by(Role::Bookseller)).then_expect_events(vec![erased()]);
    when(vec![erased()], by(Role::Bookseller)).then_expect_events(vec![]);
    when(vec![], by(Role::Purchaser)).then_expect_error(SubjectError::RoleMayNot);
}
