//! The contract's table of baskets, rule by rule.

use bordereau_domain::{
    Context, Decider, Es, Role,
    article::{Article, Availability},
    basket::{
        Action, Basket, BasketCommand, BasketError, BasketEvent, ChangedPrice, Document, Level, ReturnedTo, Stage,
    },
    institution::Standing,
    line::{LineTerms, MAX_LINES, RepricedLine},
    order::TermsError,
    personal::{BasketName, Comment, LineReference},
    pricing::{Conditions, Discounts, Policy, price_article},
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: Vec<BasketEvent>, command: BasketCommand, context: Context) -> AggregateResultValidator<Es<Basket>> {
    TestFramework::<Es<Basket>>::with(()).given(given).when((command, context))
}

fn state(given: &[BasketEvent]) -> Basket {
    let mut basket = Basket::default();
    for event in given {
        assert_eq!(basket.allows(event), Ok(()));
        basket.evolve(event);
    }
    basket
}

fn then(mut given: Vec<BasketEvent>, more: impl IntoIterator<Item = BasketEvent>) -> Vec<BasketEvent> {
    given.extend(more);
    given
}

/// Sent by its requester, locked at the approvers.
fn at_approver() -> Vec<BasketEvent> {
    then(filled(Level::Requester), [sent(&by(Role::Requester))])
}

/// Validated by an approver, locked at the purchasers.
fn at_purchaser() -> Vec<BasketEvent> {
    then(at_approver(), [validated(&by(Role::Approver))])
}

fn add(number: u128, article: Option<Article>, quantity: u32) -> BasketCommand {
    BasketCommand::AddLine { line_id: line_id(number), article, quantity, line_reference: None, standing: open() }
}

fn send(standing: Standing) -> BasketCommand {
    BasketCommand::SendToApprover { comment: None, standing }
}

fn validate(standing: Standing) -> BasketCommand {
    BasketCommand::Validate { comment: None, standing }
}

fn give_back() -> BasketCommand {
    BasketCommand::Return { comment: None }
}

fn change(quantity: u32, price: &str) -> BasketCommand {
    let articles = [article("9782330150136", price)];
    let today = today(&articles, open());
    BasketCommand::ChangeLine { line_id: line_id(1), quantity: Some(quantity), line_reference: None, today }
}

fn order() -> BasketCommand {
    let article = cemetery_road();
    place_order(std::slice::from_ref(&article), vec![line(1, &article, 1)], open())
}

fn returned(by: &Context, to: ReturnedTo) -> BasketEvent {
    BasketEvent::ReturnedToPreviousRole { by: by.actor.account, to, comment: None }
}

fn wrong(stage: Stage) -> BasketError {
    BasketError::WrongStage { stage: stage.as_str() }
}

const AT_APPROVER: Stage = Stage::AwaitingApprover { locked: true };
const AT_PURCHASER: Stage = Stage::AwaitingPurchaser { locked: true, by_approver: true };

mod opening {
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
}

mod lines {
    use super::*;

    #[test] // L39 L45
    fn a_line_is_added_with_todays_price_and_the_clients_discount() {
        let expected = line(1, &cemetery_road(), 1);
        assert_eq!(expected.price.discount_amount, money("2.25"));
        assert_eq!(expected.price.total_incl_tax, money("22.75"));
        assert_eq!(expected.price.unit_price_excl_tax, money("23.70"));
        when(vec![opened(Level::Requester)], add(1, Some(cemetery_road()), 1), by(Role::Requester))
            .then_expect_events(vec![BasketEvent::LineAdded { line: expected }]);
    }

    #[test] // L46
    fn the_totals_of_a_basket_are_those_of_the_manual() {
        let prices = ["25.00", "7.30", "21.20", "24.40"];
        let added = (1..)
            .zip(prices)
            .map(|(number, price)| BasketEvent::LineAdded { line: line(number, &article("9782330150136", price), 1) });
        let basket = state(&then(vec![opened(Level::Requester)], added));
        let totals = basket.opened().unwrap().totals();
        let shown = [totals.discount_incl_tax, totals.total_excl_tax, totals.total_vat, totals.total_incl_tax];
        assert_eq!(shown.map(|amount| amount.to_string()), ["7.02", "67.17", "3.71", "70.88"]);
    }

    #[test]
    fn the_same_article_twice_is_a_new_line() {
        let given = filled(Level::Requester);
        when(given, add(2, Some(cemetery_road()), 3), by(Role::Requester))
            .then_expect_events(vec![BasketEvent::LineAdded { line: line(2, &cemetery_road(), 3) }]);
    }

    #[test]
    fn an_article_that_is_not_orderable_may_be_added() {
        let missing = Article { availability: Availability::Reprinting, ..cemetery_road() };
        when(vec![opened(Level::Requester)], add(1, Some(missing), 1), by(Role::Requester))
            .then_expect_events(vec![line_added()]);
    }

    #[test]
    fn an_unknown_article_and_a_quantity_out_of_range_are_refused() {
        let given = || vec![opened(Level::Requester)];
        when(given(), add(1, None, 1), by(Role::Requester)).then_expect_error(BasketError::UnknownArticle);
        for quantity in [0, 10_000, u32::MAX] {
            when(given(), add(1, Some(cemetery_road()), quantity), by(Role::Requester))
                .then_expect_error(BasketError::QuantityOutOfRange);
            when(filled(Level::Requester), change(quantity, "25.00"), by(Role::Requester))
                .then_expect_error(BasketError::QuantityOutOfRange);
        }
    }

    #[test]
    fn a_basket_has_at_most_two_thousand_lines() {
        let count = u128::try_from(MAX_LINES).unwrap();
        let lines = (1..=count).map(|n| BasketEvent::LineAdded { line: line(n, &cemetery_road(), 1) });
        let full = then(vec![opened(Level::Requester)], lines);
        when(full, add(count + 1, Some(cemetery_road()), 1), by(Role::Requester))
            .then_expect_error(BasketError::TooManyLines);
    }

    #[test]
    fn a_changed_quantity_is_priced_today_and_says_what_held_before() {
        let before = line(1, &cemetery_road(), 1).terms();
        let dearer = article("9782330150136", "26.00");
        let after = LineTerms { quantity: 4, price: price_article(&dearer, 4, &conditions()), line_reference: None };
        when(filled(Level::Requester), change(4, "26.00"), by(Role::Requester)).then_expect_events(vec![
            BasketEvent::LineChanged { line_id: line_id(1), ean: dearer.ean, title: dearer.title, before, after },
        ]);
    }

    #[test]
    fn a_change_to_the_same_is_no_event_even_when_prices_moved() {
        when(filled(Level::Requester), change(1, "26.00"), by(Role::Requester)).then_expect_events(vec![]);
    }

    #[test]
    fn a_line_reference_is_set_kept_and_taken_away() {
        let reference = personal::<LineReference>(Role::Requester, 5);
        let command = |line_reference| BasketCommand::ChangeLine {
            line_id: line_id(1),
            quantity: None,
            line_reference,
            today: today(&[cemetery_road()], open()),
        };
        let mut events = filled(Level::Requester);
        let set = when(events.clone(), command(Some(Some(reference))), by(Role::Requester)).inspect_result().unwrap();
        events.extend(set);
        assert_eq!(state(&events).opened().unwrap().lines[0].line_reference, Some(reference));
        when(events.clone(), command(None), by(Role::Requester)).then_expect_events(vec![]);
        let gone = when(events.clone(), command(Some(None)), by(Role::Requester)).inspect_result().unwrap();
        events.extend(gone);
        assert_eq!(state(&events).opened().unwrap().lines[0].line_reference, None);
    }

    #[test]
    fn a_removed_line_stands_whole_in_its_event_and_cannot_be_removed_twice() {
        let remove = || BasketCommand::RemoveLine { line_id: line_id(1), standing: open() };
        let removed = BasketEvent::LineRemoved { line: line(1, &cemetery_road(), 1) };
        when(filled(Level::Requester), remove(), by(Role::Requester)).then_expect_events(vec![removed.clone()]);
        when(then(filled(Level::Requester), [removed]), remove(), by(Role::Requester))
            .then_expect_error(BasketError::UnknownLine);
    }

    #[test] // L11
    fn a_draft_is_edited_by_its_owner_only() {
        for role in [Role::Approver, Role::Purchaser] {
            when(filled(Level::Requester), add(2, Some(cemetery_road()), 1), by(role))
                .then_expect_error(wrong(Stage::Drafting));
        }
        for role in Role::ALL.into_iter().filter(|role| !role.is_institutional()) {
            when(filled(Level::Requester), add(2, Some(cemetery_road()), 1), by(role))
                .then_expect_error(BasketError::RoleMayNot);
        }
    }

    #[test] // L43
    fn a_sent_basket_cannot_be_edited_by_its_requester() {
        for given in [at_approver(), then(at_approver(), [unlocked(&by(Role::Approver))])] {
            when(given, add(2, Some(cemetery_road()), 1), by(Role::Requester)).then_expect_error(wrong(AT_APPROVER));
        }
    }

    #[test] // L43 L44
    fn a_received_basket_is_edited_once_it_was_unlocked() {
        let added = || vec![BasketEvent::LineAdded { line: line(2, &cemetery_road(), 1) }];
        for role in [Role::Approver, Role::Purchaser] {
            when(at_approver(), add(2, Some(cemetery_road()), 1), by(role)).then_expect_error(BasketError::Locked);
            let unlocked = then(at_approver(), [unlocked(&by(role))]);
            when(unlocked, add(2, Some(cemetery_road()), 1), by(role)).then_expect_events(added());
        }
        when(at_purchaser(), add(2, Some(cemetery_road()), 1), by(Role::Purchaser))
            .then_expect_error(BasketError::Locked);
        let open = then(at_purchaser(), [unlocked(&by(Role::Purchaser))]);
        when(open.clone(), add(2, Some(cemetery_road()), 1), by(Role::Purchaser)).then_expect_events(added());
        when(open, add(2, Some(cemetery_road()), 1), by(Role::Approver)).then_expect_error(wrong(AT_PURCHASER));
    }

    #[test]
    fn a_blocked_institution_goes_on_drafting() {
        let mut command = add(1, Some(cemetery_road()), 1);
        if let BasketCommand::AddLine { standing, .. } = &mut command {
            *standing = blocked();
        }
        when(vec![opened(Level::Requester)], command, by(Role::Requester)).then_expect_events(vec![line_added()]);
    }
}

mod names {
    use super::*;

    fn rename(seed: u8) -> BasketCommand {
        BasketCommand::Rename { name: personal::<BasketName>(Role::Approver, seed) }
    }

    #[test] // L40
    fn the_owner_renames_his_draft_and_those_above_rename_what_they_see() {
        let renamed = || vec![BasketEvent::Renamed { name: personal(Role::Approver, 3) }];
        when(filled(Level::Requester), rename(3), by(Role::Requester)).then_expect_events(renamed());
        for given in [at_approver(), at_purchaser()] {
            for role in [Role::Approver, Role::Purchaser] {
                when(given.clone(), rename(3), by(role)).then_expect_events(renamed());
            }
            when(given, rename(3), by(Role::Requester)).inspect_result().unwrap_err();
        }
        let back = then(at_approver(), [returned(&by(Role::Approver), ReturnedTo::Drafting)]);
        when(back, rename(3), by(Role::Approver)).then_expect_events(renamed());
    }

    #[test]
    fn the_same_name_again_is_no_event() {
        let named = then(filled(Level::Requester), [BasketEvent::Renamed { name: personal(Role::Approver, 3) }]);
        when(named, rename(3), by(Role::Requester)).then_expect_events(vec![]);
    }

    #[test]
    fn a_converted_or_discarded_basket_keeps_its_name() {
        let discarded = then(filled(Level::Requester), [BasketEvent::Discarded {}]);
        when(discarded, rename(3), by(Role::Requester)).then_expect_error(wrong(Stage::Discarded));
        when(converted(), rename(3), by(Role::Purchaser))
            .then_expect_error(BasketError::AlreadyConverted(Document::Order(ORDER)));
    }
}

fn converted() -> Vec<BasketEvent> {
    let by = account_of(Role::Purchaser);
    then(at_purchaser(), [BasketEvent::ConvertedToOrder { by, order_id: ORDER, number: 42 }])
}

mod steps {
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
        when(filled(Level::Requester), BasketCommand::Unlock, by(Role::Approver))
            .then_expect_error(wrong(Stage::Drafting));
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
        when(at_approver(), BasketCommand::Return { comment }, by(Role::Approver))
            .then_expect_events(vec![event.clone()]);
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
        when(at_purchaser(), place_order(conversion(), vec![], blocked()), by(Role::Purchaser))
            .then_expect_error(refused);
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
}

mod conversion {
    use super::*;

    #[test] // L13 L44
    fn a_purchaser_turns_a_validated_basket_into_an_order_or_a_quote_request() {
        let by_whom = account_of(Role::Purchaser);
        when(at_purchaser(), order(), by(Role::Purchaser)).then_expect_events(vec![BasketEvent::ConvertedToOrder {
            by: by_whom,
            order_id: ORDER,
            number: 42,
        }]);
        when(at_purchaser(), request_quote(&[cemetery_road()], open()), by(Role::Purchaser))
            .then_expect_events(vec![BasketEvent::ConvertedToQuote { by: by_whom, quote_id: QUOTE, number: 42 }]);
    }

    #[test] // L13
    fn a_purchaser_converts_his_own_draft_at_once() {
        let by_whom = account_of(Role::Purchaser);
        when(filled(Level::Purchaser), order(), by(Role::Purchaser))
            .then_expect_events(vec![BasketEvent::ConvertedToOrder { by: by_whom, order_id: ORDER, number: 42 }]);
    }

    #[test] // L12
    fn nobody_but_a_purchaser_converts() {
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Purchaser) {
            when(at_purchaser(), order(), by(role)).then_expect_error(BasketError::RoleMayNot);
        }
    }

    #[test]
    fn a_basket_that_is_not_at_the_purchasers_is_not_converted() {
        when(at_approver(), order(), by(Role::Purchaser)).then_expect_error(wrong(AT_APPROVER));
        when(filled(Level::Requester), order(), by(Role::Purchaser)).then_expect_error(wrong(Stage::Drafting));
    }

    #[test]
    fn a_converted_basket_answers_with_its_document() {
        let refused = BasketError::AlreadyConverted(Document::Order(ORDER));
        when(converted(), order(), by(Role::Purchaser)).then_expect_error(refused.clone());
        when(converted(), request_quote(&[cemetery_road()], open()), by(Role::Purchaser))
            .then_expect_error(refused.clone());
        when(converted(), give_back(), by(Role::Purchaser)).then_expect_error(refused.clone());
        when(converted(), add(2, Some(cemetery_road()), 1), by(Role::Purchaser)).then_expect_error(refused);
    }

    #[test] // L47
    fn the_reference_is_mandatory() {
        for reference in ["", "  ", "a\u{7}b", &"x".repeat(101)] {
            let mut conversion = conversion(&[cemetery_road()], open());
            reference.clone_into(&mut conversion.reference);
            let command = BasketCommand::RequestQuote { quote_id: QUOTE, conversion };
            when(at_purchaser(), command, by(Role::Purchaser)).then_expect_error(BasketError::ReferenceMissing);
        }
    }

    #[test]
    fn terms_that_cannot_be_refuse_the_order() {
        let conversion = conversion(&[cemetery_road()], open());
        let placement = Err(TermsError::UnknownAddress);
        let command = BasketCommand::PlaceOrder { order_id: ORDER, conversion, placement };
        when(at_purchaser(), command, by(Role::Purchaser))
            .then_expect_error(BasketError::Terms(TermsError::UnknownAddress));
    }

    #[test]
    fn changed_prices_refuse_the_conversion_with_old_and_new_until_repriced() {
        let dearer = article("9782330150136", "26.00");
        let (old, new) = (line(1, &cemetery_road(), 1).price, price_article(&dearer, 1, &conditions()));
        let changed = ChangedPrice { line_id: line_id(1), old, new };
        let dearer = std::slice::from_ref(&dearer);
        let again = || place_order(dearer, vec![], open());
        let mut events = then(at_purchaser(), [unlocked(&by(Role::Purchaser))]);
        when(events.clone(), again(), by(Role::Purchaser)).then_expect_error(BasketError::PricesChanged(vec![changed]));
        let repriced = BasketEvent::LinesRepriced {
            lines: vec![RepricedLine {
                line_id: line_id(1),
                ean: dearer[0].ean,
                title: dearer[0].title.clone(),
                before: old,
                after: new,
            }],
        };
        let reprice = || BasketCommand::Reprice { today: today(dearer, open()) };
        when(events.clone(), reprice(), by(Role::Purchaser)).then_expect_events(vec![repriced.clone()]);
        events.push(repriced);
        when(events.clone(), reprice(), by(Role::Purchaser)).then_expect_events(vec![]);
        when(events, again(), by(Role::Purchaser)).inspect_result().unwrap();
    }

    #[test]
    fn a_changed_discount_or_exemption_counts_as_a_changed_price() {
        let other = Conditions { discounts: Discounts::default(), ..conditions() };
        let exempt = Conditions { vat_exempt: true, ..conditions() };
        for conditions in [other, exempt] {
            let standing = Standing { conditions, ..open() };
            let refused = when(at_purchaser(), place_order(&[cemetery_road()], vec![], standing), by(Role::Purchaser));
            let BasketError::PricesChanged(lines) = refused.inspect_result().unwrap_err() else { panic!("accepted") };
            assert_eq!(lines.len(), 1);
            let exempted = lines[0].new.pricing_policy == Policy::LineTtc2026Exempt;
            assert_eq!(exempted, conditions.vat_exempt);
        }
    }

    #[test]
    fn an_article_that_is_gone_keeps_its_price_and_hinders_nothing() {
        when(at_purchaser(), place_order(&[], vec![], open()), by(Role::Purchaser)).inspect_result().unwrap();
    }
}

mod two_persons_demanded {
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
}

mod ownership {
    use super::*;

    #[test]
    fn a_basket_whose_owner_has_gone_is_taken_over_where_it_is() {
        let taken = |role| BasketEvent::TakenOver { from: account_of(Role::Requester), to: account_of(role) };
        for given in [filled(Level::Requester), at_approver(), at_purchaser()] {
            for role in [Role::Approver, Role::Purchaser] {
                when(given.clone(), BasketCommand::TakeOver, owner_gone(by(role)))
                    .then_expect_events(vec![taken(role)]);
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
}

mod sight {
    use super::*;

    fn sees(given: &[BasketEvent], context: &Context) -> bool {
        state(given).may_see(context)
    }

    #[test] // L11
    fn a_draft_is_seen_by_its_owner_and_the_auditor() {
        let draft = filled(Level::Requester);
        assert!(sees(&draft, &by(Role::Requester)) && sees(&draft, &by(Role::Auditor)));
        for context in [by_another(Role::Requester), by(Role::Approver), by(Role::Purchaser), by(Role::Bookseller)] {
            assert!(!sees(&draft, &context), "{:?}", context.actor);
        }
    }

    #[test] // L37 L38
    fn a_shared_basket_is_seen_by_those_above_also_after_its_return() {
        let back = then(at_approver(), [returned(&by(Role::Approver), ReturnedTo::Drafting)]);
        for given in [at_approver(), at_purchaser(), back] {
            for role in [Role::Approver, Role::Purchaser] {
                assert!(sees(&given, &by(role)) && sees(&given, &by_another(role)));
                assert!(!sees(&given, &by_a_stranger(role)));
            }
            assert!(!sees(&given, &by_another(Role::Requester)) && !sees(&given, &by(Role::Bookseller)));
        }
    }

    #[test]
    fn the_draft_of_an_owner_who_has_gone_is_seen_by_those_above() {
        let draft = filled(Level::Requester);
        for role in [Role::Approver, Role::Purchaser] {
            assert!(sees(&draft, &owner_gone(by(role))));
            assert!(!sees(&draft, &owner_gone(by_a_stranger(role))));
        }
        assert!(!sees(&draft, &owner_gone(by_another(Role::Requester))));
    }

    #[test]
    fn the_bookseller_sees_a_basket_once_it_is_a_document_and_keys_never() {
        assert!(sees(&converted(), &by(Role::Bookseller)));
        for role in [Role::Librisoft, Role::Integrator, Role::Buyer] {
            assert!(!sees(&converted(), &by(role)), "{role}");
        }
        assert!(!sees(&[], &by(Role::Auditor)));
    }
}
