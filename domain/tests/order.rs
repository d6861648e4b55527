//! An order from its placing to its end, and its way to the management system and back.

use bordereau_domain::{
    Context, Decider, Es, Event, Role,
    article::Availability,
    line::Line,
    order::{
        LineReport, Order, OrderAction, OrderCommand, OrderError, OrderEvent, OrderStatus, Placement, Report,
        ReportedLine, Supply,
    },
    personal::{Message, Reason},
    pricing::Totals,
    terms::DeliveryMode,
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

fn when(given: Vec<OrderEvent>, command: OrderCommand, context: Context) -> AggregateResultValidator<Es<Order>> {
    TestFramework::<Es<Order>>::with(()).given(given).when((command, context))
}

fn state(given: &[OrderEvent]) -> Order {
    let mut order = Order::default();
    for event in given {
        assert_eq!(order.allows(event), Ok(()));
        order.evolve(event);
    }
    order
}

fn status(given: &[OrderEvent]) -> OrderStatus {
    state(given).opened().unwrap().status
}

fn then(mut given: Vec<OrderEvent>, more: impl IntoIterator<Item = OrderEvent>) -> Vec<OrderEvent> {
    given.extend(more);
    given
}

fn lines() -> Vec<Line> {
    vec![line(1, &cemetery_road(), 2), line(2, &article("9782362210419", "6.40"), 3)]
}

fn place(mode: DeliveryMode) -> OrderCommand {
    OrderCommand::Place(Box::new(placement(lines(), mode)))
}

fn placed(mode: DeliveryMode) -> Vec<OrderEvent> {
    when(vec![], place(mode), by(Role::Purchaser)).inspect_result().unwrap()
}

fn pickup() -> Vec<OrderEvent> {
    placed(DeliveryMode::Pickup)
}

fn pushed() -> OrderEvent {
    OrderEvent::PushedToLibrisoft { librisoft_number: "C-77".to_owned() }
}

fn acknowledge(number: &str) -> OrderCommand {
    OrderCommand::Acknowledge { librisoft_number: number.to_owned() }
}

fn cancel() -> OrderCommand {
    OrderCommand::Cancel { reason: personal::<Reason>(Role::Bookseller, 6) }
}

fn cancelled() -> OrderEvent {
    OrderEvent::Cancelled { reason: personal(Role::Bookseller, 6) }
}

fn reset() -> OrderCommand {
    OrderCommand::ResetStatus { reason: personal::<Reason>(Role::Bookseller, 7) }
}

fn was_reset() -> OrderEvent {
    OrderEvent::StatusReset { reason: personal(Role::Bookseller, 7) }
}

fn report(number: u128, in_stock: u32) -> LineReport {
    let report = Report { availability: Availability::Available, in_stock, expected: None };
    LineReport { line_id: line_id(number), report }
}

fn wrong(status: OrderStatus) -> OrderError {
    OrderError::WrongStatus { status }
}

#[test] // L30
fn a_placed_order_carries_lines_sums_terms_and_number() {
    let order = state(&pickup());
    let order = order.opened().unwrap();
    assert_eq!((order.number, order.status, order.quantity()), (42, OrderStatus::Pending, 5));
    assert_eq!(order.totals, Totals::of(lines().iter().map(|line| &line.price)));
    when(pickup(), place(DeliveryMode::Pickup), by(Role::Purchaser)).then_expect_error(OrderError::AlreadyPlaced);
    when(vec![], OrderCommand::Close, by(Role::Bookseller)).then_expect_error(OrderError::NotPlaced);
}

#[test]
fn a_line_that_cannot_be_ordered_today_is_deferred_and_the_order_stands() {
    let mut placement = placement(lines(), DeliveryMode::Pickup);
    placement.deferred = vec![line_id(2)];
    let events = when(vec![], OrderCommand::Place(Box::new(placement)), by(Role::Purchaser)).inspect_result().unwrap();
    let order = state(&events);
    assert_eq!(order.opened().unwrap().lines.iter().map(|line| line.deferred).collect::<Vec<_>>(), [false, true]);
}

#[test] // L29
fn collecting_an_order_needs_a_number_and_puts_it_in_process() {
    when(pickup(), acknowledge("C-77"), by(Role::Librisoft)).then_expect_events(vec![pushed()]);
    assert_eq!(status(&then(pickup(), [pushed()])), OrderStatus::Processing);
    when(then(pickup(), [pushed()]), acknowledge("C-77"), by(Role::Librisoft)).then_expect_events(vec![]);
    when(then(pickup(), [pushed()]), acknowledge("C-78"), by(Role::Librisoft))
        .then_expect_error(OrderError::NumberDiffers);
    for bad in ["", " ", "a\nb", &"9".repeat(51)] {
        when(pickup(), acknowledge(bad), by(Role::Librisoft)).then_expect_error(OrderError::BadNumber);
    }
    when(pickup(), acknowledge("C-77"), by(Role::Bookseller)).then_expect_error(OrderError::RoleMayNot);
}

#[test] // L31
fn supply_waits_for_suppliers_as_soon_as_one_line_is_short() {
    let reported = |stock: [u32; 2]| {
        let given = then(pickup(), [pushed()]);
        let command = OrderCommand::ReportLines { lines: vec![report(1, stock[0]), report(2, stock[1])] };
        let events = when(given.clone(), command, by(Role::Librisoft)).inspect_result().unwrap();
        state(&then(given, events)).opened().unwrap().supply()
    };
    assert_eq!(state(&pickup()).opened().unwrap().supply(), Supply::Unknown);
    assert_eq!(reported([2, 3]), Supply::InPreparation);
    assert_eq!(reported([2, 2]), Supply::AwaitingSupplier);
}

#[test]
fn a_report_says_what_changed_and_is_checked() {
    let given = then(pickup(), [pushed()]);
    let command = |lines| OrderCommand::ReportLines { lines };
    let first = ReportedLine {
        line_id: line_id(1),
        ean: cemetery_road().ean,
        title: cemetery_road().title,
        before: None,
        after: report(1, 2).report,
    };
    let event = OrderEvent::LinesReported { lines: vec![first] };
    when(given.clone(), command(vec![report(1, 2)]), by(Role::Librisoft)).then_expect_events(vec![event.clone()]);
    let known = then(given.clone(), [event]);
    when(known, command(vec![report(1, 2)]), by(Role::Librisoft)).then_expect_events(vec![]);
    for bad in [vec![], vec![report(9, 1)], vec![report(1, 1), report(1, 2)]] {
        when(given.clone(), command(bad), by(Role::Librisoft)).then_expect_error(OrderError::UnknownLine);
    }
    when(pickup(), command(vec![report(1, 2)]), by(Role::Librisoft)).then_expect_error(OrderError::NotCollected);
    let closed = then(given, [OrderEvent::Closed {}]);
    when(closed, command(vec![report(1, 2)]), by(Role::Librisoft)).then_expect_error(wrong(OrderStatus::Closed));
}

#[test] // L32
fn a_pick_up_is_made_available_and_a_delivery_is_shipped() {
    let ship = || OrderCommand::Ship { tracking: Some("6A123".to_owned()) };
    let delivery = placed(DeliveryMode::Delivery);
    for (pickup, delivery) in [(pickup(), delivery.clone()), (then(pickup(), [pushed()]), then(delivery, [pushed()]))] {
        when(pickup.clone(), OrderCommand::MakeAvailable, by(Role::Bookseller))
            .then_expect_events(vec![OrderEvent::MadeAvailable {}]);
        when(delivery.clone(), ship(), by(Role::Bookseller))
            .then_expect_events(vec![OrderEvent::Shipped { tracking: Some("6A123".to_owned()) }]);
        when(pickup.clone(), ship(), by(Role::Bookseller))
            .then_expect_error(OrderError::WrongDeliveryMode { mode: DeliveryMode::Pickup });
        when(delivery, OrderCommand::MakeAvailable, by(Role::Bookseller))
            .then_expect_error(OrderError::WrongDeliveryMode { mode: DeliveryMode::Delivery });
        let available = then(pickup, [OrderEvent::MadeAvailable {}]);
        when(available.clone(), OrderCommand::MakeAvailable, by(Role::Bookseller)).then_expect_events(vec![]);
        assert_eq!(status(&available), OrderStatus::Available);
    }
}

#[test]
fn a_tracking_number_is_checked_and_an_ended_order_is_not_shipped() {
    let bad = OrderCommand::Ship { tracking: Some("a\u{1b}[2J".to_owned()) };
    when(placed(DeliveryMode::Delivery), bad, by(Role::Bookseller)).then_expect_error(OrderError::BadTracking);
    let closed = then(placed(DeliveryMode::Delivery), [OrderEvent::Closed {}]);
    when(closed, OrderCommand::Ship { tracking: None }, by(Role::Bookseller))
        .then_expect_error(wrong(OrderStatus::Closed));
}

#[test] // L34
fn an_order_is_closed_or_cancelled_from_every_open_status() {
    let histories = [
        pickup(),
        then(pickup(), [pushed()]),
        then(pickup(), [OrderEvent::MadeAvailable {}]),
        then(placed(DeliveryMode::Delivery), [OrderEvent::Shipped { tracking: None }]),
    ];
    for given in histories {
        when(given.clone(), OrderCommand::Close, by(Role::Bookseller)).then_expect_events(vec![OrderEvent::Closed {}]);
        when(given, cancel(), by(Role::Bookseller)).then_expect_events(vec![cancelled()]);
    }
    let closed = then(pickup(), [OrderEvent::Closed {}]);
    when(closed.clone(), OrderCommand::Close, by(Role::Bookseller)).then_expect_events(vec![]);
    when(closed, cancel(), by(Role::Bookseller)).then_expect_error(wrong(OrderStatus::Closed));
    let gone = then(pickup(), [cancelled()]);
    when(gone.clone(), cancel(), by(Role::Bookseller)).then_expect_events(vec![]);
    when(gone, OrderCommand::Close, by(Role::Bookseller)).then_expect_error(wrong(OrderStatus::Cancelled));
}

#[test]
fn a_cancellation_after_collection_is_offered_until_it_was_collected() {
    let due = |given: &[OrderEvent]| state(given).opened().unwrap().is_cancellation_due();
    let collect = || OrderCommand::AcknowledgeCancellation;
    let before = then(pickup(), [cancelled()]);
    assert!(!due(&before) && !state(&before).opened().unwrap().is_due());
    when(before, collect(), by(Role::Librisoft)).then_expect_error(OrderError::NotCollected);
    let after = then(pickup(), [pushed(), cancelled()]);
    assert!(due(&after));
    let known = OrderEvent::CancellationPushedToLibrisoft {};
    when(after.clone(), collect(), by(Role::Librisoft)).then_expect_events(vec![known.clone()]);
    let told = then(after, [known]);
    assert!(!due(&told));
    when(told, collect(), by(Role::Librisoft)).then_expect_events(vec![]);
    when(pickup(), collect(), by(Role::Librisoft)).then_expect_error(wrong(OrderStatus::Pending));
}

#[test]
fn an_order_cancelled_between_offer_and_collection_stays_cancelled_and_its_cancellation_is_offered() {
    let gone = then(pickup(), [cancelled()]);
    when(gone.clone(), acknowledge("C-77"), by(Role::Librisoft)).then_expect_events(vec![pushed()]);
    let known = then(gone, [pushed()]);
    assert_eq!(status(&known), OrderStatus::Cancelled);
    assert!(state(&known).opened().unwrap().is_cancellation_due());
}

#[test] // L34
fn a_reset_leads_back_to_processing_where_there_is_a_number_else_to_pending() {
    let gone = then(pickup(), [cancelled()]);
    when(gone.clone(), reset(), by(Role::Bookseller)).then_expect_events(vec![was_reset()]);
    assert_eq!(status(&then(gone, [was_reset()])), OrderStatus::Pending);
    let closed = then(pickup(), [pushed(), OrderEvent::Closed {}]);
    let back = then(closed, [was_reset()]);
    assert_eq!(status(&back), OrderStatus::Processing);
    assert!(!state(&back).opened().unwrap().is_due());
    when(back, reset(), by(Role::Bookseller)).then_expect_events(vec![]);
    when(pickup(), reset(), by(Role::Bookseller)).then_expect_events(vec![]);
}

#[test]
fn a_cancellation_undone_is_no_longer_offered_and_a_second_one_is() {
    let back = then(pickup(), [pushed(), cancelled(), was_reset()]);
    assert!(!state(&back).opened().unwrap().is_cancellation_due());
    assert!(state(&then(back, [cancelled()])).opened().unwrap().is_cancellation_due());
}

#[test] // L33
fn the_bookshop_sends_messages_whatever_the_status() {
    let text = personal::<Message>(Role::Bookseller, 8);
    for given in [pickup(), then(pickup(), [cancelled()])] {
        when(given, OrderCommand::SendMessage { text }, by(Role::Bookseller))
            .then_expect_events(vec![OrderEvent::MessageSent { text }]);
    }
}

#[test] // L32 L34
fn the_actions_offered_are_those_that_are_carried_out() {
    let histories = [
        pickup(),
        placed(DeliveryMode::Delivery),
        then(pickup(), [pushed()]),
        then(pickup(), [OrderEvent::MadeAvailable {}]),
        then(placed(DeliveryMode::Delivery), [OrderEvent::Shipped { tracking: None }]),
        then(pickup(), [OrderEvent::Closed {}]),
        then(pickup(), [pushed(), cancelled()]),
    ];
    for given in histories {
        let order = state(&given);
        for role in Role::ALL {
            let offered = order.opened().unwrap().next_actions(role);
            for action in OrderAction::ALL {
                let done = when(given.clone(), command(action), by(role)).inspect_result();
                assert_eq!(offered.contains(&action), done.is_ok_and(|events| !events.is_empty()), "{action:?} {role}");
            }
        }
    }
}

fn command(action: OrderAction) -> OrderCommand {
    match action {
        OrderAction::MakeAvailable => OrderCommand::MakeAvailable,
        OrderAction::Ship => OrderCommand::Ship { tracking: None },
        OrderAction::Close => OrderCommand::Close,
        OrderAction::Cancel => cancel(),
        OrderAction::ResetStatus => reset(),
        OrderAction::Message => OrderCommand::SendMessage { text: personal(Role::Bookseller, 8) },
    }
}

#[test] // L28
fn an_order_is_seen_by_the_bookshop_and_the_purchasers_of_its_institution() {
    let order = state(&pickup());
    for role in [Role::Bookseller, Role::Auditor, Role::Librisoft, Role::Purchaser] {
        assert!(order.may_see(&by(role)), "{role}");
    }
    for role in [Role::Requester, Role::Approver, Role::Integrator, Role::Buyer] {
        assert!(!order.may_see(&by(role)), "{role}");
    }
    assert!(!order.may_see(&by_a_stranger(Role::Purchaser)));
}

#[test]
fn an_order_carries_why_a_line_has_more_off_and_one_without_reads_as_before() {
    let justification = Some(crate::examples::sealed(account_of(Role::Bookseller), 0x21));
    let with = Placement { discount_justification: justification, ..placement(lines(), DeliveryMode::Pickup) };
    let events = Order::default().decide(&OrderCommand::Place(Box::new(with)), &by(Role::Purchaser)).unwrap();
    let payload = Event::Order(events[0].clone()).to_payload().unwrap();
    assert!(payload.contains("discount_justification"));
    let Event::Order(read) = Event::decode("Order", "OrderPlaced", "1", &payload).unwrap() else { panic!("an order") };
    let mut order = Order::default();
    order.evolve(&read);
    assert_eq!(order.opened().unwrap().discount_justification, justification);
    let without = Order::default()
        .decide(&OrderCommand::Place(Box::new(placement(lines(), DeliveryMode::Pickup))), &by(Role::Purchaser))
        .unwrap();
    assert!(!Event::Order(without[0].clone()).to_payload().unwrap().contains("discount_justification"));
}
