//! Becoming a quote request or an order.

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
