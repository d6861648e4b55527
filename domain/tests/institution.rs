//! Institutions as the management system sends them, and the rule of two persons.

use bordereau_domain::{
    Context, Decider, Es, Role,
    institution::{
        Institution, InstitutionCommand, InstitutionError, InstitutionEvent, InstitutionKind, Profile, Synchronisation,
    },
    pricing::Discounts,
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::{examples::sealed, fixture::*};

fn when(
    given: Vec<InstitutionEvent>,
    command: InstitutionCommand,
    context: Context,
) -> AggregateResultValidator<Es<Institution>> {
    TestFramework::<Es<Institution>>::with(()).given(given).when((command, context))
}

pub(crate) fn profile() -> Profile {
    Profile {
        librisoft_number: "8010000696914".to_owned(),
        kind: InstitutionKind::Library,
        name: "Médiathèque de l'Orangerie".to_owned(),
        city: "NANCY".to_owned(),
        discounts: conditions().discounts,
        vat_exempt: false,
        addresses: vec![annex()],
    }
}

pub(crate) fn synchronise(profile: Profile, blocked: bool) -> InstitutionCommand {
    InstitutionCommand::Synchronise(Synchronisation { profile, blocked, french: true })
}

fn synchronised() -> InstitutionEvent {
    InstitutionEvent::Synchronised { profile: profile() }
}

fn state(given: &[InstitutionEvent]) -> Institution {
    let mut institution = Institution::default();
    for event in given {
        assert_eq!(institution.allows(event), Ok(()));
        institution.evolve(event);
    }
    institution
}

#[test]
fn the_management_system_makes_an_institution_known() {
    for role in [Role::Librisoft, Role::System] {
        when(vec![], synchronise(profile(), false), by(role)).then_expect_events(vec![synchronised()]);
    }
    for role in Role::ALL.into_iter().filter(|role| !matches!(role, Role::Librisoft | Role::System)) {
        when(vec![], synchronise(profile(), false), by(role)).then_expect_error(InstitutionError::RoleMayNot);
    }
}

#[test]
fn the_same_profile_again_is_no_event_and_a_changed_one_stands_whole() {
    when(vec![synchronised()], synchronise(profile(), false), by(Role::Librisoft)).then_expect_events(vec![]);
    let moved = Profile { city: "METZ".to_owned(), ..profile() };
    when(vec![synchronised()], synchronise(moved.clone(), false), by(Role::Librisoft))
        .then_expect_events(vec![InstitutionEvent::Synchronised { profile: moved }]);
}

#[test]
fn blocking_and_unblocking_follow_the_management_system() {
    when(vec![], synchronise(profile(), true), by(Role::Librisoft))
        .then_expect_events(vec![synchronised(), InstitutionEvent::Blocked {}]);
    let blocked = vec![synchronised(), InstitutionEvent::Blocked {}];
    assert!(!state(&blocked).known().unwrap().standing().is_open());
    when(blocked.clone(), synchronise(profile(), true), by(Role::Librisoft)).then_expect_events(vec![]);
    when(blocked, synchronise(profile(), false), by(Role::Librisoft))
        .then_expect_events(vec![InstitutionEvent::Unblocked {}]);
}

#[test]
fn a_withdrawn_institution_stands_like_a_blocked_one_and_comes_back() {
    let withdraw = || InstitutionCommand::Withdraw;
    when(vec![synchronised()], withdraw(), by(Role::Librisoft))
        .then_expect_events(vec![InstitutionEvent::Withdrawn {}]);
    let withdrawn = vec![synchronised(), InstitutionEvent::Withdrawn {}];
    assert!(!state(&withdrawn).known().unwrap().standing().is_open());
    when(withdrawn.clone(), withdraw(), by(Role::Librisoft)).then_expect_events(vec![]);
    when(withdrawn.clone(), synchronise(profile(), false), by(Role::Librisoft))
        .then_expect_events(vec![synchronised()]);
    let back = [withdrawn, vec![synchronised()]].concat();
    assert!(state(&back).known().unwrap().standing().is_open());
    when(vec![], withdraw(), by(Role::Librisoft)).then_expect_error(InstitutionError::NotKnown);
}

#[test]
fn a_french_shop_takes_no_more_than_nine_percent_off_books() {
    let with = |rate_of_books: &str| Profile {
        discounts: Discounts { reduced_5_5: rate(rate_of_books), school: rate("25"), ..Discounts::default() },
        ..profile()
    };
    when(vec![], synchronise(with("9.01"), false), by(Role::Librisoft))
        .then_expect_error(InstitutionError::DiscountAboveCap { rate: rate("9.01") });
    when(vec![], synchronise(with("9.00"), false), by(Role::Librisoft)).inspect_result().unwrap();
    let elsewhere = Synchronisation { profile: with("15"), blocked: false, french: false };
    when(vec![], InstitutionCommand::Synchronise(elsewhere), by(Role::Librisoft)).inspect_result().unwrap();
}

#[test]
fn texts_and_addresses_are_checked() {
    let bad = |change: fn(&mut Profile)| {
        let mut profile = profile();
        change(&mut profile);
        when(vec![], synchronise(profile, false), by(Role::Librisoft)).inspect_result().unwrap_err()
    };
    let text = |field| InstitutionError::BadText { field };
    assert_eq!(bad(|profile| profile.name = " ".to_owned()), text("name"));
    assert_eq!(bad(|profile| profile.name = "x".repeat(201)), text("name"));
    assert_eq!(bad(|profile| profile.city = "a\u{0}b".to_owned()), text("city"));
    assert_eq!(bad(|profile| profile.librisoft_number = String::new()), text("librisoft_number"));
    assert_eq!(bad(|profile| profile.addresses[0].label = String::new()), text("addresses"));
    assert_eq!(bad(|profile| profile.addresses.push(annex())), InstitutionError::SameAddressTwice);
    assert_eq!(bad(|profile| profile.addresses = vec![annex(); 51]), InstitutionError::TooManyAddresses);
}

#[test]
fn the_bookshop_demands_two_persons_and_no_longer() {
    let set = |demanded| InstitutionCommand::SetTwoPersonRule { demanded };
    when(vec![synchronised()], set(true), by(Role::Bookseller))
        .then_expect_events(vec![InstitutionEvent::TwoPersonRuleSet { demanded: true }]);
    when(vec![synchronised()], set(false), by(Role::Bookseller)).then_expect_events(vec![]);
    when(vec![synchronised()], set(true), by(Role::Purchaser)).then_expect_error(InstitutionError::RoleMayNot);
    when(vec![], set(true), by(Role::Bookseller)).then_expect_error(InstitutionError::NotKnown);
    let demanded = [synchronised(), InstitutionEvent::TwoPersonRuleSet { demanded: true }, synchronised()];
    assert!(state(&demanded).known().unwrap().standing().two_persons);
}

#[test] // B04
fn the_bookshop_refuses_payment_after_delivery_and_allows_it_again() {
    let set = |allowed| InstitutionCommand::SetPaymentAfterDelivery { allowed };
    let refused = InstitutionEvent::PaymentAfterDeliverySet { allowed: false };
    assert!(state(&[synchronised()]).known().unwrap().pays_after_delivery, "it may until the bookshop refuses it");
    when(vec![synchronised()], set(true), by(Role::Bookseller)).then_expect_events(vec![]);
    when(vec![synchronised()], set(false), by(Role::Bookseller)).then_expect_events(vec![refused.clone()]);
    for role in [Role::Purchaser, Role::Librisoft, Role::Auditor] {
        when(vec![synchronised()], set(true), by(role)).then_expect_error(InstitutionError::RoleMayNot);
    }
    when(vec![], set(false), by(Role::Bookseller)).then_expect_error(InstitutionError::NotKnown);
    // A synchronisation says nothing of it.
    let given = vec![synchronised(), refused.clone(), synchronised()];
    assert!(!state(&given).known().unwrap().pays_after_delivery);
    when(given.clone(), set(false), by(Role::Bookseller)).then_expect_events(vec![]);
    when(given, set(true), by(Role::Bookseller))
        .then_expect_events(vec![InstitutionEvent::PaymentAfterDeliverySet { allowed: true }]);
}

#[test] // art. 3, loi 81-766
fn the_bookshop_lifts_the_cap_with_a_justification_and_restores_it() {
    let dear = Profile { discounts: Discounts { reduced_5_5: rate("12"), ..Discounts::default() }, ..profile() };
    let justification = sealed(account_of(Role::Bookseller), 0x21);
    let lift = InstitutionCommand::LiftDiscountCap { justification };
    let lifted = InstitutionEvent::DiscountCapLifted { justification };
    when(vec![synchronised()], lift.clone(), by(Role::Bookseller)).then_expect_events(vec![lifted.clone()]);
    when(vec![], lift.clone(), by(Role::Bookseller)).then_expect_error(InstitutionError::NotKnown);
    for role in [Role::Purchaser, Role::Librisoft, Role::Auditor] {
        when(vec![synchronised()], lift.clone(), by(role)).then_expect_error(InstitutionError::RoleMayNot);
    }
    let given = vec![synchronised(), lifted.clone()];
    assert_eq!(state(&given).known().unwrap().discount_justification, Some(justification));
    when(given.clone(), synchronise(dear.clone(), false), by(Role::Librisoft))
        .then_expect_events(vec![InstitutionEvent::Synchronised { profile: dear.clone() }]);
    when(given.clone(), lift, by(Role::Bookseller)).then_expect_events(vec![lifted]);
    let restore = InstitutionCommand::RestoreDiscountCap;
    when(given.clone(), restore.clone(), by(Role::Bookseller))
        .then_expect_events(vec![InstitutionEvent::DiscountCapRestored {}]);
    when(vec![synchronised()], restore, by(Role::Bookseller)).then_expect_events(vec![]);
    let restored = [given, vec![InstitutionEvent::DiscountCapRestored {}]].concat();
    when(restored, synchronise(dear, false), by(Role::Librisoft))
        .then_expect_error(InstitutionError::DiscountAboveCap { rate: rate("12") });
}
