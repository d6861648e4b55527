//! Who opens baskets, and for whom.

use super::*;

#[test] // L11 L12 L13
fn requesters_approvers_and_purchasers_open_baskets_of_their_level() {
    for level in [Level::Requester, Level::Approver, Level::Purchaser] {
        TestFramework::<Es<Basket>>::with(())
            .given_no_previous_events()
            .when((open_basket(Some(open())), by(role_of(level))))
            .then_expect_events(vec![opened(level)]);
    }
}

#[test]
fn nobody_else_opens_a_basket() {
    for role in Role::ALL.into_iter().filter(|role| !role.is_institutional()) {
        when(vec![], open_basket(Some(open())), by(role)).then_expect_error(BasketError::RoleMayNot);
    }
}

#[test] // L21
fn a_basket_is_opened_for_an_institution_of_the_caller_only() {
    when(vec![], open_basket(Some(open())), by_a_stranger(Role::Purchaser))
        .then_expect_error(BasketError::UnknownInstitution);
    when(vec![], open_basket(None), by(Role::Purchaser)).then_expect_error(BasketError::UnknownInstitution);
}

#[test] // L21
fn an_account_of_several_institutions_opens_baskets_for_each() {
    let mut context = by(Role::Purchaser);
    context.actor.institutions = vec![SCHOOL, LIBRARY];
    when(vec![], open_basket(Some(open())), context).then_expect_events(vec![opened(Level::Purchaser)]);
}

#[test]
fn a_blocked_or_withdrawn_institution_opens_none() {
    let withdrawn = Standing { withdrawn: true, ..open() };
    for standing in [blocked(), withdrawn] {
        when(vec![], open_basket(Some(standing)), by(Role::Requester))
            .then_expect_error(BasketError::InstitutionBlocked);
    }
}

#[test]
fn an_account_with_as_many_open_baskets_as_it_may_have_opens_no_more() {
    let mut command = open_basket(Some(open()));
    if let BasketCommand::Open { quota_reached, .. } = &mut command {
        *quota_reached = true;
    }
    when(vec![], command, by(Role::Requester)).then_expect_error(BasketError::TooManyBaskets);
}

#[test]
fn opening_the_same_again_is_harmless_and_opening_anothers_is_refused() {
    when(filled(Level::Requester), open_basket(Some(open())), by(Role::Requester)).then_expect_events(vec![]);
    when(filled(Level::Requester), open_basket(Some(open())), by_another(Role::Requester))
        .then_expect_error(BasketError::IdTaken);
}

#[test]
fn nothing_is_done_with_a_basket_that_was_never_opened() {
    when(vec![], BasketCommand::Discard, by(Role::Requester)).then_expect_error(BasketError::NotOpened);
    when(vec![], validate(open()), by(Role::Approver)).then_expect_error(BasketError::NotOpened);
}
