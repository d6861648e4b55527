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

#[test]
fn what_is_done_in_a_colleagues_place_is_the_colleagues() {
    let (me, colleague) = (by(Role::Requester), by_another(Role::Requester));
    let as_colleague = instead_of(me.clone(), &colleague);
    let opened =
        |owner| BasketEvent::Opened { number: 27, institution_id: LIBRARY, owner, level: Level::Requester, name: None };
    when(vec![], open_basket(Some(open())), as_colleague.clone())
        .then_expect_events(vec![opened(colleague.actor.account)]);
    let given = vec![opened(colleague.actor.account), line_added()];
    when(given.clone(), send(open()), as_colleague.clone()).then_expect_events(vec![sent(&me)]);
    // In one's own name it is a stranger's, and one's own baskets are out of sight in the colleague's place.
    assert!(state(&given).may_see(&as_colleague) && !state(&given).may_see(&me));
    assert!(!state(&filled(Level::Requester)).may_see(&as_colleague));
    let taken = BasketEvent::TakenOver { from: account_of(Role::Requester), to: account_of(Role::Purchaser) };
    let deputy = instead_of(by(Role::Approver), &by(Role::Purchaser));
    when(filled(Level::Requester), BasketCommand::TakeOver, owner_gone(deputy)).then_expect_events(vec![taken]);
}

#[test]
fn a_delegate_has_no_say_where_he_does_not_act_himself() {
    // The owner acts for two institutions, his delegate for the other one only.
    let mut as_owner = instead_of(by_a_stranger(Role::Requester), &by(Role::Requester));
    as_owner.actor.institutions = vec![SCHOOL];
    assert!(!state(&filled(Level::Requester)).may_see(&as_owner));
    when(filled(Level::Requester), send(open()), as_owner).then_expect_error(BasketError::NotTheOwner);
}

#[test]
fn what_is_validated_in_its_owners_place_goes_back_to_the_owner() {
    let owner = by(Role::Approver);
    let deputy = instead_of(by_another(Role::Approver), &owner);
    let given = then(filled(Level::Approver), [validated(&deputy)]);
    let back = BasketEvent::ReturnedToPreviousRole {
        by: account_of(Role::Purchaser),
        to: ReturnedTo::Drafting,
        comment: None,
    };
    when(given, give_back(), by(Role::Purchaser)).then_expect_events(vec![back]);
}
