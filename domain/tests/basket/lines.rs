//! What becomes of lines, and who may touch them where.

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
fn a_list_is_put_in_as_a_whole_or_not_at_all() {
    let given = || vec![opened(Level::Requester)];
    let good = || vec![new_line(1, Some(cemetery_road()), 1), new_line(2, Some(cemetery_road()), 3)];
    let added = |number, quantity| BasketEvent::LineAdded { line: line(number, &cemetery_road(), quantity) };
    when(given(), add_lines(good(), open()), by(Role::Requester)).then_expect_events(vec![added(1, 1), added(2, 3)]);
    when(then(given(), [added(1, 1)]), add_lines(good(), open()), by(Role::Requester))
        .then_expect_events(vec![added(2, 3)]);
    when(then(given(), [added(1, 1), added(2, 3)]), add_lines(good(), open()), by(Role::Requester))
        .then_expect_events(vec![]);
    let refused = |at, refusal| BasketError::InList { at, refusal: Box::new(refusal) };
    for (bad, refusal) in [
        (new_line(3, None, 1), BasketError::UnknownArticle),
        (new_line(3, Some(cemetery_road()), 0), BasketError::QuantityOutOfRange),
        (new_line(3, Some(cemetery_road()), 10_000), BasketError::QuantityOutOfRange),
    ] {
        let lines = good().into_iter().chain([bad]).collect();
        when(given(), add_lines(lines, open()), by(Role::Requester)).then_expect_error(refused(2, refusal));
    }
    let count = u128::try_from(MAX_LINES).unwrap();
    let many = (1..=count + 1).map(|number| new_line(number, Some(cemetery_road()), 1)).collect();
    when(given(), add_lines(many, open()), by(Role::Requester))
        .then_expect_error(refused(MAX_LINES, BasketError::TooManyLines));
    when(at_approver(), add_lines(good(), open()), by(Role::Requester)).then_expect_error(wrong(AT_APPROVER));
}

#[test]
fn a_copy_is_opened_with_what_the_catalogue_still_has() {
    let lines =
        vec![new_line(1, Some(cemetery_road()), 2), new_line(2, None, 1), new_line(3, Some(cemetery_road()), 1)];
    let added = |number, quantity| BasketEvent::LineAdded { line: line(number, &cemetery_road(), quantity) };
    when(vec![], copy_basket(lines.clone(), Some(open())), by(Role::Requester)).then_expect_events(vec![
        opened(Level::Requester),
        added(1, 2),
        added(3, 1),
    ]);
    when(vec![], copy_basket(lines.clone(), Some(blocked())), by(Role::Requester))
        .then_expect_error(BasketError::InstitutionBlocked);
    when(vec![], copy_basket(lines.clone(), None), by(Role::Requester))
        .then_expect_error(BasketError::UnknownInstitution);
    when(vec![], copy_basket(lines.clone(), Some(open())), by(Role::Bookseller))
        .then_expect_error(BasketError::RoleMayNot);
    // The same again is harmless.
    when(filled(Level::Requester), copy_basket(lines, Some(open())), by(Role::Requester)).then_expect_events(vec![]);
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
    when(at_purchaser(), add(2, Some(cemetery_road()), 1), by(Role::Purchaser)).then_expect_error(BasketError::Locked);
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
