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

#[test]
fn acting_on_behalf_of_a_colleague_does_not_make_a_second_person() {
    let mut me = by(Role::Approver);
    me.actor.on_behalf_of = Some(account(0x999));
    when(filled(Level::Approver), validate(two_persons()), me).then_expect_error(BasketError::TwoPersonsNeeded);
}
