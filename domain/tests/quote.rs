//! A quote from its request to its end.

use bordereau_domain::{
    Context, Decider, Es, Role,
    article::{Article, ArticleKind},
    institution::Standing,
    line::{Line, RepricedLine},
    order::TermsError,
    personal::Comment,
    pricing::{Totals, price_line},
    quote::{AnsweredLine, Quote, QuoteCommand, QuoteError, QuoteEvent, QuoteStatus},
    terms::DeliveryMode,
};
use chrono::NaiveDate;
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: Vec<QuoteEvent>, command: QuoteCommand, context: Context) -> AggregateResultValidator<Es<Quote>> {
    TestFramework::<Es<Quote>>::with(()).given(given).when((command, context))
}

fn state(given: &[QuoteEvent]) -> Quote {
    let mut quote = Quote::default();
    for event in given {
        assert_eq!(quote.allows(event), Ok(()));
        quote.evolve(event);
    }
    quote
}

fn status(given: &[QuoteEvent]) -> QuoteStatus {
    state(given).opened().unwrap().status
}

fn then(mut given: Vec<QuoteEvent>, more: QuoteEvent) -> Vec<QuoteEvent> {
    given.push(more);
    given
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn lines() -> Vec<Line> {
    let school = Article { kind: ArticleKind::SchoolBook, ..article("9782362210419", "6.40") };
    vec![line(1, &cemetery_road(), 10), line(2, &school, 3)]
}

fn requested() -> Vec<QuoteEvent> {
    let lines = lines();
    vec![QuoteEvent::Requested {
        number: 8,
        basket: origin(),
        institution_id: LIBRARY,
        reference: "BC-2026-17".to_owned(),
        comment: None,
        totals: Totals::of(lines.iter().map(|line| &line.price)),
        lines,
    }]
}

fn collected() -> QuoteEvent {
    QuoteEvent::PushedToLibrisoft { librisoft_number: None }
}

fn answer(lines: Vec<AnsweredLine>, valid_until: &str) -> QuoteCommand {
    QuoteCommand::Answer { lines, valid_until: day(valid_until), today: day("2026-03-16"), french: true }
}

fn priced(number: u128, price: &str, discount: &str) -> AnsweredLine {
    AnsweredLine { line_id: line_id(number), unit_price_incl_tax: money(price), discount_rate: rate(discount) }
}

fn answered() -> Vec<QuoteEvent> {
    let result = when(requested(), answer(vec![priced(1, "24.00", "9")], "2026-04-15"), by(Role::Bookseller));
    [requested(), result.inspect_result().unwrap()].concat()
}

fn accept_on(today: &str, standing: Standing) -> QuoteCommand {
    QuoteCommand::Accept {
        order_id: ORDER,
        number: 42,
        placement: Ok(Box::new(placement(lines(), DeliveryMode::Pickup))),
        standing,
        today: day(today),
    }
}

fn refuse() -> QuoteCommand {
    QuoteCommand::Refuse { comment: None }
}

fn wrong(status: QuoteStatus) -> QuoteError {
    QuoteError::WrongStatus { status }
}

#[test] // L25
fn a_request_carries_the_baskets_lines_their_sums_and_the_number_of_copies() {
    let command = QuoteCommand::Request {
        number: 8,
        basket: origin(),
        institution_id: LIBRARY,
        reference: "BC-2026-17".to_owned(),
        comment: None,
        lines: lines(),
    };
    when(vec![], command.clone(), by(Role::Purchaser)).then_expect_events(requested());
    assert_eq!(state(&requested()).opened().unwrap().quantity(), 13);
    when(requested(), command, by(Role::Purchaser)).then_expect_error(QuoteError::AlreadyRequested);
}

#[test] // L27
fn collecting_a_quote_changes_its_status_once() {
    let collect = |number: Option<&str>| QuoteCommand::Acknowledge { librisoft_number: number.map(str::to_owned) };
    assert_eq!(status(&requested()), QuoteStatus::Requested);
    when(requested(), collect(None), by(Role::Librisoft)).then_expect_events(vec![collected()]);
    let there = then(requested(), QuoteEvent::PushedToLibrisoft { librisoft_number: Some("D-1".to_owned()) });
    assert_eq!(status(&there), QuoteStatus::Collected);
    when(there.clone(), collect(Some("D-1")), by(Role::Librisoft)).then_expect_events(vec![]);
    when(there.clone(), collect(None), by(Role::Librisoft)).then_expect_events(vec![]);
    when(there, collect(Some("D-2")), by(Role::Librisoft)).then_expect_error(QuoteError::NumberDiffers);
    when(requested(), collect(Some(" ")), by(Role::Librisoft)).then_expect_error(QuoteError::BadNumber);
    when(requested(), collect(None), by(Role::Bookseller)).then_expect_error(QuoteError::RoleMayNot);
}

#[test]
fn a_quote_collected_late_keeps_the_status_it_has_reached() {
    assert_eq!(status(&then(answered(), collected())), QuoteStatus::Answered);
}

#[test]
fn the_bookshop_answers_with_prices_and_a_last_day() {
    let before = lines()[0].price;
    let after = price_line(10, money("24.00"), rate("5.5"), rate("9"), false);
    let changed =
        RepricedLine { line_id: line_id(1), ean: cemetery_road().ean, title: cemetery_road().title, before, after };
    let event = QuoteEvent::Answered {
        lines: vec![changed],
        totals: Totals::of(&[after, lines()[1].price]),
        valid_until: day("2026-04-15"),
    };
    for given in [requested(), then(requested(), collected())] {
        when(given, answer(vec![priced(1, "24.00", "9")], "2026-04-15"), by(Role::Bookseller))
            .then_expect_events(vec![event.clone()]);
    }
    let quote = state(&answered());
    let quote = quote.opened().unwrap();
    assert_eq!((quote.lines[0].price, quote.lines[1].price), (after, lines()[1].price));
    assert_eq!(quote.totals, Totals::of(quote.lines.iter().map(|line| &line.price)));
}

#[test]
fn an_answer_may_be_given_again_and_the_same_one_is_no_event() {
    when(answered(), answer(vec![priced(1, "24.00", "9")], "2026-04-15"), by(Role::Bookseller))
        .then_expect_events(vec![]);
    let again = when(answered(), answer(vec![], "2026-05-01"), by(Role::Bookseller)).inspect_result().unwrap();
    assert_eq!(again.len(), 1);
}

#[test]
fn an_answer_that_cannot_be_is_refused() {
    let refused = |command| when(requested(), command, by(Role::Bookseller)).inspect_result().unwrap_err();
    assert_eq!(refused(answer(vec![], "2026-03-15")), QuoteError::ValidityInThePast);
    assert_eq!(refused(answer(vec![priced(7, "1.00", "0")], "2026-04-15")), QuoteError::UnknownLine);
    let twice = vec![priced(1, "1.00", "0"), priced(1, "2.00", "0")];
    assert_eq!(refused(answer(twice, "2026-04-15")), QuoteError::UnknownLine);
    assert_eq!(refused(answer(vec![priced(1, "-0.01", "0")], "2026-04-15")), QuoteError::PriceOutOfRange);
    assert_eq!(refused(answer(vec![priced(1, "100000.01", "0")], "2026-04-15")), QuoteError::PriceOutOfRange);
    assert_eq!(refused(answer(vec![priced(1, "25.00", "9.01")], "2026-04-15")), QuoteError::DiscountAboveCap);
}

#[test]
fn a_school_book_may_have_more_than_nine_percent_off() {
    when(requested(), answer(vec![priced(2, "6.40", "25")], "2026-04-15"), by(Role::Bookseller))
        .inspect_result()
        .unwrap();
}

#[test]
fn a_quote_is_accepted_to_the_end_of_its_last_day() {
    let accepted = || vec![QuoteEvent::Accepted { order_id: ORDER, number: 42 }];
    for last in ["2026-03-16", "2026-04-15"] {
        when(answered(), accept_on(last, open()), by(Role::Purchaser)).then_expect_events(accepted());
    }
    when(answered(), accept_on("2026-04-16", open()), by(Role::Purchaser)).then_expect_error(QuoteError::Expired);
    when(requested(), accept_on("2026-03-16", open()), by(Role::Purchaser))
        .then_expect_error(wrong(QuoteStatus::Requested));
    when(answered(), accept_on("2026-03-16", blocked()), by(Role::Purchaser))
        .then_expect_error(QuoteError::InstitutionBlocked);
    when(answered(), accept_on("2026-03-16", open()), by(Role::Approver)).then_expect_error(QuoteError::RoleMayNot);
    let order = then(answered(), accepted().remove(0));
    when(order, accept_on("2026-03-16", open()), by(Role::Purchaser)).then_expect_error(wrong(QuoteStatus::Accepted));
}

#[test]
fn terms_that_cannot_be_refuse_the_acceptance() {
    let mut command = accept_on("2026-03-16", open());
    if let QuoteCommand::Accept { placement, .. } = &mut command {
        *placement = Err(TermsError::NoAddress);
    }
    when(answered(), command, by(Role::Purchaser)).then_expect_error(QuoteError::Terms(TermsError::NoAddress));
}

#[test]
fn a_purchaser_refuses_an_answer_once() {
    let comment = Some(personal::<Comment>(Role::Purchaser, 4));
    when(answered(), QuoteCommand::Refuse { comment }, by(Role::Purchaser))
        .then_expect_events(vec![QuoteEvent::Refused { comment }]);
    let refused = then(answered(), QuoteEvent::Refused { comment });
    when(refused.clone(), refuse(), by(Role::Purchaser)).then_expect_events(vec![]);
    when(refused, accept_on("2026-03-16", open()), by(Role::Purchaser)).then_expect_error(wrong(QuoteStatus::Refused));
    when(requested(), refuse(), by(Role::Purchaser)).then_expect_error(wrong(QuoteStatus::Requested));
}

#[test]
fn an_answer_expires_after_its_last_day_and_not_before() {
    let expire = |today: &str| QuoteCommand::Expire { today: day(today) };
    when(answered(), expire("2026-04-15"), by(Role::System)).then_expect_error(QuoteError::StillValid);
    when(answered(), expire("2026-04-16"), by(Role::System)).then_expect_events(vec![QuoteEvent::Expired {}]);
    let expired = then(answered(), QuoteEvent::Expired {});
    when(expired.clone(), expire("2026-04-17"), by(Role::System)).then_expect_events(vec![]);
    when(expired, answer(vec![], "2026-05-01"), by(Role::Bookseller)).then_expect_error(wrong(QuoteStatus::Expired));
    when(answered(), expire("2026-04-16"), by(Role::Bookseller)).then_expect_error(QuoteError::RoleMayNot);
}

#[test] // L26 L27
fn a_quote_is_archived_once_it_was_collected_or_answered() {
    let archive = || QuoteCommand::Archive;
    when(requested(), archive(), by(Role::Bookseller)).then_expect_error(wrong(QuoteStatus::Requested));
    for given in [then(requested(), collected()), answered()] {
        when(given, archive(), by(Role::Bookseller)).then_expect_events(vec![QuoteEvent::Archived {}]);
    }
    let away = then(answered(), QuoteEvent::Archived {});
    when(away.clone(), archive(), by(Role::Bookseller)).then_expect_events(vec![]);
    when(away, accept_on("2026-03-16", open()), by(Role::Purchaser)).then_expect_error(wrong(QuoteStatus::Archived));
    when(answered(), archive(), by(Role::Purchaser)).then_expect_error(QuoteError::RoleMayNot);
}

#[test] // L24
fn a_quote_is_seen_by_the_bookshop_and_the_purchasers_of_its_institution() {
    let quote = state(&requested());
    for role in [Role::Bookseller, Role::Auditor, Role::Librisoft, Role::Purchaser] {
        assert!(quote.may_see(&by(role)), "{role}");
    }
    for role in [Role::Requester, Role::Approver, Role::Integrator, Role::Buyer] {
        assert!(!quote.may_see(&by(role)), "{role}");
    }
    assert!(!quote.may_see(&by_a_stranger(Role::Purchaser)));
    assert!(!Quote::default().may_see(&by(Role::Auditor)));
}
