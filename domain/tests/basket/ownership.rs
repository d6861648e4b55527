//! Taking over, and what an owner keeps who was moved to another institution.

use super::*;

#[test]
fn a_basket_whose_owner_has_gone_is_taken_over_where_it_is() {
    let taken = |role| BasketEvent::TakenOver { from: account_of(Role::Requester), to: account_of(role) };
    for given in [filled(Level::Requester), at_approver(), at_purchaser()] {
        for role in [Role::Approver, Role::Purchaser] {
            when(given.clone(), BasketCommand::TakeOver, owner_gone(by(role))).then_expect_events(vec![taken(role)]);
            when(given.clone(), BasketCommand::TakeOver, by(role)).then_expect_error(BasketError::OwnerActive);
        }
        let before = state(&given).opened().unwrap().stage;
        let after = state(&then(given, [taken(Role::Approver)]));
        assert_eq!(after.opened().unwrap().stage, before);
        assert_eq!(after.opened().unwrap().level, Level::Requester);
    }
    when(converted(), BasketCommand::TakeOver, owner_gone(by(Role::Purchaser)))
        .then_expect_error(BasketError::AlreadyConverted(Document::Order(ORDER)));
}

#[test]
fn an_approver_passes_on_a_purchasers_draft_that_he_took_over() {
    let taken = BasketEvent::TakenOver { from: account_of(Role::Purchaser), to: account_of(Role::Approver) };
    when(then(filled(Level::Purchaser), [taken]), validate(open()), by(Role::Approver))
        .then_expect_events(vec![validated(&by(Role::Approver))]);
}

#[test]
fn taking_over_what_is_mine_is_no_event() {
    when(filled(Level::Approver), BasketCommand::TakeOver, by(Role::Approver)).then_expect_events(vec![]);
}

#[test] // L21
fn an_owner_who_no_longer_acts_for_the_institution_decides_nothing_for_it() {
    let mut moved = by(Role::Purchaser);
    moved.actor.institutions = vec![SCHOOL];
    when(filled(Level::Purchaser), order(), moved.clone()).then_expect_error(BasketError::RoleMayNot);
    when(filled(Level::Purchaser), request_quote(&[cemetery_road()], open()), moved.clone())
        .then_expect_error(BasketError::RoleMayNot);
    let there = then(filled(Level::Purchaser), [sent(&by(Role::Purchaser))]);
    for command in [validate(open()), BasketCommand::Unlock, give_back()] {
        when(there.clone(), command, moved.clone()).then_expect_error(BasketError::RoleMayNot);
    }
    let unlocked = then(there, [unlocked(&by(Role::Approver))]);
    when(unlocked, add(2, Some(cemetery_road()), 1), moved.clone()).then_expect_error(wrong(AT_APPROVER));
    let offered = state(&filled(Level::Purchaser)).opened().unwrap().next_actions(&moved, &open());
    assert!(!offered.contains(&Action::PlaceOrder) && !offered.contains(&Action::RequestQuote));
    assert!(offered.contains(&Action::Discard));
}
