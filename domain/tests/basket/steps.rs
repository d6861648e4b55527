//! Sending, validating, unlocking, returning, discarding.

use super::*;

#[test] // L42
fn a_requester_sends_his_basket_to_the_approver_with_a_comment() {
    let comment = Some(personal::<Comment>(Role::Requester, 1));
    let command = BasketCommand::SendToApprover { comment, standing: open() };
    when(filled(Level::Requester), command, by(Role::Requester))
        .then_expect_events(vec![BasketEvent::SentToApprover { by: account_of(Role::Requester), comment }]);
    assert_eq!(state(&at_approver()).opened().unwrap().stage, AT_APPROVER);
}

#[test]
fn only_the_owner_sends_a_basket() {
    for context in [by(Role::Approver), by(Role::Purchaser), by_another(Role::Requester)] {
        when(filled(Level::Requester), send(open()), context).then_expect_error(BasketError::NotTheOwner);
    }
}

#[test]
fn an_empty_basket_goes_nowhere() {
    when(vec![opened(Level::Requester)], send(open()), by(Role::Requester)).then_expect_error(BasketError::Empty);
    when(vec![opened(Level::Approver)], validate(open()), by(Role::Approver)).then_expect_error(BasketError::Empty);
    when(vec![opened(Level::Purchaser)], order(), by(Role::Purchaser)).then_expect_error(BasketError::Empty);
}

#[test] // L43
fn an_approver_passes_his_own_basket_to_the_purchaser_and_sends_it_to_nobody() {
    when(filled(Level::Approver), send(open()), by(Role::Approver))
        .then_expect_error(BasketError::WrongLevel { level: Level::Approver });
    when(filled(Level::Approver), validate(open()), by(Role::Approver))
        .then_expect_events(vec![validated(&by(Role::Approver))]);
}

#[test] // L12 L13
fn approvers_and_purchasers_validate_what_was_sent_locked_or_not() {
    for given in [at_approver(), then(at_approver(), [unlocked(&by(Role::Approver))])] {
        for role in [Role::Approver, Role::Purchaser] {
            when(given.clone(), validate(open()), by(role)).then_expect_events(vec![validated(&by(role))]);
        }
        when(given, validate(open()), by(Role::Requester)).then_expect_error(BasketError::RoleMayNot);
    }
}

#[test] // L11
fn a_requester_never_validates_unlocks_returns_or_converts() {
    for command in [validate(open()), BasketCommand::Unlock, give_back(), order(), BasketCommand::TakeOver] {
        when(at_approver(), command, by(Role::Requester)).then_expect_error(BasketError::RoleMayNot);
    }
}

#[test] // L43 L44
fn unlocking_is_for_those_at_whom_the_basket_is() {
    for role in [Role::Approver, Role::Purchaser] {
        when(at_approver(), BasketCommand::Unlock, by(role)).then_expect_events(vec![unlocked(&by(role))]);
    }
    when(at_purchaser(), BasketCommand::Unlock, by(Role::Purchaser))
        .then_expect_events(vec![unlocked(&by(Role::Purchaser))]);
    when(at_purchaser(), BasketCommand::Unlock, by(Role::Approver)).then_expect_error(wrong(AT_PURCHASER));
    when(filled(Level::Requester), BasketCommand::Unlock, by(Role::Approver)).then_expect_error(wrong(Stage::Drafting));
}

#[test]
fn unlocking_twice_is_harmless_and_passing_on_locks_again() {
    let open_again = then(at_approver(), [unlocked(&by(Role::Approver))]);
    when(open_again.clone(), BasketCommand::Unlock, by(Role::Purchaser)).then_expect_events(vec![]);
    let passed = state(&then(open_again, [validated(&by(Role::Approver))]));
    assert_eq!(passed.opened().unwrap().stage, AT_PURCHASER);
}

#[test] // L41
fn an_approver_returns_a_basket_to_its_owner_with_a_comment() {
    let comment = Some(personal::<Comment>(Role::Approver, 2));
    let by_whom = account_of(Role::Approver);
    let event = BasketEvent::ReturnedToPreviousRole { by: by_whom, to: ReturnedTo::Drafting, comment };
    when(at_approver(), BasketCommand::Return { comment }, by(Role::Approver)).then_expect_events(vec![event.clone()]);
    let basket = state(&then(at_approver(), [event]));
    let opened = basket.opened().unwrap();
    assert_eq!((opened.stage, opened.stage.is_locked()), (Stage::Drafting, false));
    assert_eq!(opened.returned.map(|returned| (returned.by, returned.comment)), Some((by_whom, comment)));
    assert_eq!(opened.owner, account_of(Role::Requester));
}

#[test] // L41
fn a_purchaser_returns_to_the_approver_who_validated_anothers_basket() {
    when(at_purchaser(), give_back(), by(Role::Purchaser))
        .then_expect_events(vec![returned(&by(Role::Purchaser), ReturnedTo::AwaitingApprover)]);
    let back = then(at_purchaser(), [returned(&by(Role::Purchaser), ReturnedTo::AwaitingApprover)]);
    assert_eq!(state(&back).opened().unwrap().stage, AT_APPROVER);
}

#[test] // L41
fn a_purchaser_returns_an_approvers_own_basket_to_its_owner() {
    let own = then(filled(Level::Approver), [validated(&by(Role::Approver))]);
    when(own, give_back(), by(Role::Purchaser))
        .then_expect_events(vec![returned(&by(Role::Purchaser), ReturnedTo::Drafting)]);
    let by_purchaser = then(at_approver(), [validated(&by(Role::Purchaser))]);
    when(by_purchaser, give_back(), by_another(Role::Purchaser))
        .then_expect_events(vec![returned(&by_another(Role::Purchaser), ReturnedTo::Drafting)]);
}

#[test]
fn an_approver_returns_nothing_that_is_at_the_purchasers() {
    when(at_purchaser(), give_back(), by(Role::Approver)).then_expect_error(wrong(AT_PURCHASER));
}

#[test]
fn a_return_to_an_owner_who_has_gone_is_refused_and_a_return_to_the_approvers_is_not() {
    when(at_approver(), give_back(), owner_gone(by(Role::Approver))).then_expect_error(BasketError::OwnerInactive);
    when(at_purchaser(), give_back(), owner_gone(by(Role::Purchaser)))
        .then_expect_events(vec![returned(&by(Role::Purchaser), ReturnedTo::AwaitingApprover)]);
}

#[test]
fn a_step_repeated_by_the_same_account_is_no_event() {
    when(at_approver(), send(open()), by(Role::Requester)).then_expect_events(vec![]);
    when(at_purchaser(), validate(open()), by(Role::Approver)).then_expect_events(vec![]);
    let back = then(at_approver(), [returned(&by(Role::Approver), ReturnedTo::Drafting)]);
    when(back, give_back(), by(Role::Approver)).then_expect_events(vec![]);
    let unlocked = then(at_purchaser(), [unlocked(&by(Role::Purchaser))]);
    when(unlocked, validate(open()), by(Role::Approver)).then_expect_events(vec![]);
}

#[test]
fn a_step_repeated_by_another_account_is_refused() {
    when(at_purchaser(), validate(open()), by_another(Role::Approver)).then_expect_error(wrong(AT_PURCHASER));
    let back = then(at_approver(), [returned(&by(Role::Approver), ReturnedTo::Drafting)]);
    when(back.clone(), give_back(), by_another(Role::Approver)).then_expect_error(wrong(Stage::Drafting));
    when(back, validate(open()), by_another(Role::Approver)).then_expect_error(wrong(Stage::Drafting));
}

#[test]
fn of_validate_and_return_at_once_the_second_is_refused() {
    let back = then(at_approver(), [returned(&by(Role::Approver), ReturnedTo::Drafting)]);
    when(back, validate(open()), by(Role::Purchaser)).then_expect_error(wrong(Stage::Drafting));
    when(at_purchaser(), give_back(), by_another(Role::Approver)).then_expect_error(wrong(AT_PURCHASER));
}

#[test]
fn a_return_already_made_is_not_offered_again() {
    let back = then(at_purchaser(), [returned(&by(Role::Purchaser), ReturnedTo::AwaitingApprover)]);
    let basket = state(&back);
    let offered = |context: &Context| basket.opened().unwrap().next_actions(context, &open());
    assert!(!offered(&by(Role::Purchaser)).contains(&Action::Return));
    assert!(offered(&by_another(Role::Purchaser)).contains(&Action::Return));
    assert!(offered(&by(Role::Approver)).contains(&Action::Return));
}

#[test]
fn a_blocked_institution_sends_validates_and_converts_nothing() {
    let refused = BasketError::InstitutionBlocked;
    when(filled(Level::Requester), send(blocked()), by(Role::Requester)).then_expect_error(refused.clone());
    when(at_approver(), validate(blocked()), by(Role::Approver)).then_expect_error(refused.clone());
    let article = cemetery_road();
    let conversion = || std::slice::from_ref(&article);
    when(at_purchaser(), request_quote(conversion(), blocked()), by(Role::Purchaser))
        .then_expect_error(refused.clone());
    when(at_purchaser(), place_order(conversion(), vec![], blocked()), by(Role::Purchaser)).then_expect_error(refused);
    when(at_approver(), give_back(), by(Role::Approver))
        .then_expect_events(vec![returned(&by(Role::Approver), ReturnedTo::Drafting)]);
}

#[test] // L40
fn a_draft_is_discarded_by_its_owner_once() {
    when(filled(Level::Requester), BasketCommand::Discard, by(Role::Requester))
        .then_expect_events(vec![BasketEvent::Discarded {}]);
    when(filled(Level::Requester), BasketCommand::Discard, by(Role::Approver))
        .then_expect_error(BasketError::NotTheOwner);
    when(at_approver(), BasketCommand::Discard, by(Role::Requester)).then_expect_error(wrong(AT_APPROVER));
    let gone = then(filled(Level::Requester), [BasketEvent::Discarded {}]);
    when(gone, BasketCommand::Discard, by(Role::Requester)).then_expect_events(vec![]);
}
