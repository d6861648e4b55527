//! The rule of two persons, and its ways around that are closed.

use super::*;

#[test]
fn nobody_validates_or_converts_what_is_his_own_and_nobody_else_validated() {
    let alone = BasketError::TwoPersonsNeeded;
    when(filled(Level::Approver), validate(two_persons()), by(Role::Approver)).then_expect_error(alone.clone());
    let article = cemetery_road();
    let place = place_order(std::slice::from_ref(&article), vec![], two_persons());
    when(filled(Level::Purchaser), place, by(Role::Purchaser)).then_expect_error(alone.clone());
    let own = then(filled(Level::Purchaser), [sent(&by(Role::Purchaser))]);
    when(own, validate(two_persons()), by(Role::Purchaser)).then_expect_error(alone);
}

#[test]
fn a_basket_of_any_level_is_sent_and_another_validates_it() {
    for level in [Level::Approver, Level::Purchaser] {
        let owner = by(role_of(level));
        when(filled(level), send(two_persons()), owner.clone()).then_expect_events(vec![sent(&owner)]);
        let there = then(filled(level), [sent(&owner)]);
        when(there, validate(two_persons()), by_another(Role::Approver))
            .then_expect_events(vec![validated(&by_another(Role::Approver))]);
    }
}

#[test]
fn its_owner_converts_what_another_validated_but_cannot_change_it_any_more() {
    let owner = by(Role::Purchaser);
    let good = then(filled(Level::Purchaser), [sent(&owner), validated(&by(Role::Approver)), unlocked(&owner)]);
    let article = cemetery_road();
    let place = place_order(std::slice::from_ref(&article), vec![], two_persons());
    when(good.clone(), place, owner.clone()).inspect_result().unwrap();
    let remove = BasketCommand::RemoveLine { line_id: line_id(1), standing: two_persons() };
    when(good, remove, owner).then_expect_error(BasketError::TwoPersonsNeeded);
}

#[test]
fn a_validation_counts_no_longer_once_the_basket_went_back() {
    let owner = by(Role::Purchaser);
    let back = then(
        filled(Level::Purchaser),
        [
            sent(&owner),
            validated(&by(Role::Approver)),
            returned(&owner, ReturnedTo::AwaitingApprover),
            returned(&by(Role::Approver), ReturnedTo::Drafting),
        ],
    );
    let article = cemetery_road();
    let place = place_order(std::slice::from_ref(&article), vec![], two_persons());
    when(back, place, owner).then_expect_error(BasketError::TwoPersonsNeeded);
}

#[test]
fn whoever_takes_a_basket_over_needs_another_person_too() {
    let me = by(Role::Purchaser);
    let taken = BasketEvent::TakenOver { from: account_of(Role::Requester), to: me.actor.account };
    let mine = then(at_approver(), [validated(&me), taken]);
    let article = cemetery_road();
    let place = place_order(std::slice::from_ref(&article), vec![], two_persons());
    when(mine, place, me).then_expect_error(BasketError::TwoPersonsNeeded);
}

#[test] // attack 38
fn acting_on_behalf_of_a_colleague_does_not_make_a_second_person() {
    let alone = BasketError::TwoPersonsNeeded;
    let (owner, colleague, delegate) = (by(Role::Approver), by(Role::Purchaser), by_another(Role::Approver));
    // Its owner in a colleague's place.
    let sent_by_owner = then(filled(Level::Approver), [sent(&owner)]);
    when(sent_by_owner.clone(), validate(two_persons()), instead_of(owner.clone(), &colleague))
        .then_expect_error(alone.clone());
    // Somebody in its owner's place.
    let as_owner = instead_of(delegate.clone(), &owner);
    when(sent_by_owner.clone(), validate(two_persons()), as_owner.clone()).then_expect_error(alone.clone());
    // Whoever sent it in its owner's place, in his own name and in a third one's.
    let sent_by_delegate = then(filled(Level::Approver), [sent(&as_owner)]);
    for me in [delegate.clone(), instead_of(delegate.clone(), &colleague)] {
        when(sent_by_delegate.clone(), validate(two_persons()), me).then_expect_error(alone.clone());
    }
    // A delegate of somebody who has nothing to do with it is a second person like any other.
    let good = instead_of(delegate, &colleague);
    when(sent_by_owner, validate(two_persons()), good.clone()).then_expect_events(vec![validated(&good)]);
}

#[test]
fn what_a_delegate_validated_he_does_not_convert_in_its_owners_place() {
    let (owner, delegate) = (by(Role::Purchaser), by(Role::Approver));
    let good = then(filled(Level::Purchaser), [sent(&owner), validated(&delegate)]);
    let place = || place_order(&[cemetery_road()], vec![], two_persons());
    when(good.clone(), place(), instead_of(delegate, &owner)).then_expect_error(BasketError::TwoPersonsNeeded);
    when(good, place(), owner).inspect_result().unwrap();
}

#[test]
fn a_return_to_its_owner_makes_a_fresh_start_for_whoever_stood_in() {
    let (owner, delegate) = (by(Role::Requester), by(Role::Approver));
    let given = then(
        filled(Level::Requester),
        [
            sent(&instead_of(delegate.clone(), &owner)),
            returned(&by(Role::Purchaser), ReturnedTo::Drafting),
            sent(&owner),
        ],
    );
    when(given, validate(two_persons()), delegate.clone()).then_expect_events(vec![validated(&delegate)]);
}
