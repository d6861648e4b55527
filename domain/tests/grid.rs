//! Every state, command and role of baskets, quotes, orders, accounts, institutions and shops, as one document: the snapshots beside it. A cell
//! is the event, `-` where nothing is left to do, or the refusal with its HTTP status.

use std::fmt::Write;

use bordereau_domain::{
    Context, Decider, Role,
    basket::{Basket, BasketCommand, BasketError, BasketEvent, Level, ReturnedTo},
    institution::Standing,
    order::{Order, OrderCommand, OrderError, OrderEvent, TermsError},
    personal::{BasketName, Message, Reason},
    pricing::Totals,
    quote::{Quote, QuoteCommand, QuoteError, QuoteEvent},
    terms::DeliveryMode,
};
use cqrs_es::DomainEvent;

use crate::fixture::*;

mod accounts;
mod institutions;
mod shops;

/// A refusal's HTTP status, as the contract has it.
trait Refusal {
    fn status(&self) -> u16;
}

impl Refusal for BasketError {
    fn status(&self) -> u16 {
        match self {
            Self::RoleMayNot | Self::NotTheOwner | Self::TwoPersonsNeeded => 403,
            Self::NotOpened | Self::UnknownLine => 404,
            Self::IdTaken
            | Self::WrongStage { .. }
            | Self::WrongLevel { .. }
            | Self::Locked
            | Self::Empty
            | Self::AlreadyConverted(_)
            | Self::InstitutionBlocked
            | Self::Terms(TermsError::InstitutionBlocked)
            | Self::OwnerActive
            | Self::OwnerInactive
            | Self::PricesChanged(_) => 409,
            Self::TooManyLines
            | Self::TooManyBaskets
            | Self::QuantityOutOfRange
            | Self::UnknownArticle
            | Self::UnknownInstitution
            | Self::ReferenceMissing
            | Self::Terms(_) => 422,
            Self::InList { refusal, .. } => refusal.status(),
        }
    }
}

impl Refusal for QuoteError {
    fn status(&self) -> u16 {
        match self {
            Self::RoleMayNot => 403,
            Self::NotRequested => 404,
            Self::AlreadyRequested
            | Self::WrongStatus { .. }
            | Self::NumberDiffers
            | Self::Expired
            | Self::StillValid
            | Self::InstitutionBlocked
            | Self::Terms(TermsError::InstitutionBlocked) => 409,
            Self::ValidityInThePast
            | Self::UnknownLine
            | Self::PriceOutOfRange
            | Self::DiscountAboveCap
            | Self::BadNumber
            | Self::Terms(_) => 422,
        }
    }
}

impl Refusal for OrderError {
    fn status(&self) -> u16 {
        match self {
            Self::RoleMayNot => 403,
            Self::NotPlaced => 404,
            Self::AlreadyPlaced
            | Self::WrongStatus { .. }
            | Self::WrongDeliveryMode { .. }
            | Self::NumberDiffers
            | Self::NotCollected => 409,
            Self::BadNumber | Self::UnknownLine | Self::BadTracking => 422,
        }
    }
}

/// The refusal's name without its fields.
fn name(error: &impl std::fmt::Debug) -> String {
    let shown = format!("{error:?}");
    shown.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
}

fn cell<D: Decider>(state: &D, command: &D::Command, context: &Context, creates: bool) -> String
where
    D::Error: Refusal,
{
    if !creates && !state.may_see(context) {
        return "404".to_owned();
    }
    match state.may(command, context).and_then(|()| state.decide(command, context)) {
        Ok(events) if events.is_empty() => "-".to_owned(),
        Ok(events) => events.iter().map(DomainEvent::event_type).collect::<Vec<_>>().join(" + "),
        Err(refused) => format!("{} {}", refused.status(), name(&refused)),
    }
}

fn fold<D: Decider>(given: &[D::Event]) -> D {
    let mut state = D::default();
    for event in given {
        assert_eq!(state.allows(event), Ok(()));
        state.evolve(event);
    }
    state
}

/// A table in text: its first row is the heading.
fn table(title: &str, rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = format!("## {title}\n\n");
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(text, "| {} |", cells.join(" | ")).unwrap();
        if index == 0 {
            let rule: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
            writeln!(text, "|-{}-|", rule.join("-|-")).unwrap();
        }
    }
    text.push('\n');
    text
}

/// A state of a basket, with what holds around it.
struct Situation {
    name: &'static str,
    given: Vec<BasketEvent>,
    owner: Role,
    owner_gone: bool,
    standing: Standing,
}

fn situation(name: &'static str, owner: Level, given: Vec<BasketEvent>) -> Situation {
    Situation { name, given, owner: role_of(owner), owner_gone: false, standing: open() }
}

fn then(mut given: Vec<BasketEvent>, more: impl IntoIterator<Item = BasketEvent>) -> Vec<BasketEvent> {
    given.extend(more);
    given
}

/// Another approver than the first, so that the owner of a basket of his level is not the one who validates it.
fn second() -> Context {
    by_another(Role::Approver)
}

fn usual_situations() -> Vec<Situation> {
    use Level::{Approver, Purchaser, Requester};
    let at_approver = then(filled(Requester), [sent(&by(Role::Requester))]);
    let at_purchaser = then(at_approver.clone(), [validated(&second())]);
    let own = then(filled(Approver), [validated(&by(Role::Approver))]);
    let back = |to| BasketEvent::ReturnedToPreviousRole { by: account(0x77), to, comment: None };
    let order = BasketEvent::ConvertedToOrder { by: account(0x77), order_id: ORDER, number: 42 };
    let quote = BasketEvent::ConvertedToQuote { by: account(0x77), quote_id: QUOTE, number: 42 };
    vec![
        situation("never opened", Requester, vec![]),
        situation("drafting, empty", Requester, vec![opened(Requester)]),
        situation("drafting, requester's", Requester, filled(Requester)),
        situation("drafting, approver's", Approver, filled(Approver)),
        situation("drafting, purchaser's", Purchaser, filled(Purchaser)),
        situation("drafting, returned", Requester, then(at_approver.clone(), [back(ReturnedTo::Drafting)])),
        situation("at approver, locked", Requester, at_approver.clone()),
        situation("at approver, unlocked", Requester, then(at_approver, [unlocked(&second())])),
        situation("at approver, returned", Requester, then(at_purchaser.clone(), [back(ReturnedTo::AwaitingApprover)])),
        situation("at purchaser, locked", Requester, at_purchaser.clone()),
        situation(
            "at purchaser, unlocked",
            Requester,
            then(at_purchaser.clone(), [unlocked(&by_another(Role::Purchaser))]),
        ),
        situation("at purchaser, approver's own", Approver, own),
        situation("ordered", Requester, then(at_purchaser.clone(), [order])),
        situation("quote requested", Requester, then(at_purchaser, [quote])),
        situation("discarded", Requester, then(filled(Requester), [BasketEvent::Discarded {}])),
    ]
}

fn special_situations() -> Vec<Situation> {
    use Level::{Approver, Purchaser, Requester};
    let at_approver = then(filled(Requester), [sent(&by(Role::Requester))]);
    let at_purchaser = then(at_approver.clone(), [validated(&second())]);
    let gone = |name, given| Situation { owner_gone: true, ..situation(name, Requester, given) };
    let stopped = |name, level, given| Situation { standing: blocked(), ..situation(name, level, given) };
    let two = |name, level, given| Situation { standing: two_persons(), ..situation(name, level, given) };
    let me = by(Role::Purchaser);
    let seen = then(filled(Purchaser), [sent(&me), validated(&second()), unlocked(&me)]);
    vec![
        gone("owner gone: drafting", filled(Requester)),
        gone("owner gone: at approver", at_approver.clone()),
        gone("owner gone: at purchaser", at_purchaser.clone()),
        stopped("blocked: drafting, requester's", Requester, filled(Requester)),
        stopped("blocked: drafting, purchaser's", Purchaser, filled(Purchaser)),
        stopped("blocked: at approver", Requester, at_approver),
        stopped("blocked: at purchaser", Requester, at_purchaser),
        two("two persons: drafting, approver's", Approver, filled(Approver)),
        two("two persons: drafting, purchaser's", Purchaser, filled(Purchaser)),
        two("two persons: at approver, purchaser's", Purchaser, then(filled(Purchaser), [sent(&me)])),
        two("two persons: at purchaser, purchaser's, unlocked", Purchaser, seen),
    ]
}

/// The columns: the owner, then one other account of each role.
fn people(owner: Role) -> Vec<(&'static str, Context)> {
    let above = |role| if owner == role { by_another(role) } else { by(role) };
    vec![
        ("owner", by(owner)),
        ("colleague", by_another(Role::Requester)),
        ("approver", above(Role::Approver)),
        ("purchaser", above(Role::Purchaser)),
        ("of another institution", by_a_stranger(Role::Purchaser)),
        ("bookseller", by(Role::Bookseller)),
        ("auditor", by(Role::Auditor)),
        ("integrator", by(Role::Integrator)),
        ("librisoft", by(Role::Librisoft)),
        ("buyer", by(Role::Buyer)),
        ("system", by(Role::System)),
    ]
}

fn basket_commands(standing: Standing) -> Vec<(&'static str, BasketCommand)> {
    let articles = [cemetery_road()];
    let dearer = [article("9782330150136", "26.00")];
    let line_reference = None;
    let add = BasketCommand::AddLine {
        line_id: line_id(2),
        article: Some(cemetery_road()),
        quantity: 1,
        line_reference,
        standing,
    };
    let change = BasketCommand::ChangeLine {
        line_id: line_id(1),
        quantity: Some(2),
        line_reference: None,
        today: today(&articles, standing),
    };
    vec![
        ("open", open_basket(Some(standing))),
        ("copy", copy_basket(vec![new_line(1, Some(cemetery_road()), 1)], Some(standing))),
        ("add a line", add),
        ("add lines", add_lines(vec![new_line(2, Some(cemetery_road()), 1), new_line(3, None, 1)], standing)),
        ("change a line", change),
        ("remove a line", BasketCommand::RemoveLine { line_id: line_id(1), standing }),
        ("reprice", BasketCommand::Reprice { today: today(&dearer, standing) }),
        ("rename", BasketCommand::Rename { name: personal::<BasketName>(Role::Requester, 3) }),
        ("send to approver", BasketCommand::SendToApprover { comment: None, standing }),
        ("validate", BasketCommand::Validate { comment: None, standing }),
        ("unlock", BasketCommand::Unlock),
        ("return", BasketCommand::Return { comment: None }),
        ("request a quote", request_quote(&articles, standing)),
        ("place an order", place_order(&articles, vec![line(1, &cemetery_road(), 1)], standing)),
        ("place an order, prices changed", place_order(&dearer, vec![], standing)),
        ("take over", BasketCommand::TakeOver),
        ("discard", BasketCommand::Discard),
    ]
}

fn basket_row(situation: &Situation, command: &BasketCommand) -> Vec<String> {
    let basket: Basket = fold(&situation.given);
    let creates = matches!(command, BasketCommand::Open { .. } | BasketCommand::Copy { .. });
    let cells = people(situation.owner).into_iter().map(|(who, mut context)| {
        context.owner_inactive = situation.owner_gone && who != "owner";
        let absent = situation.owner_gone && who == "owner";
        if absent { String::new() } else { cell(&basket, command, &context, creates) }
    });
    std::iter::once(situation.name.to_owned()).chain(cells).collect()
}

#[test] // attack 30
fn every_basket_answers_every_command_of_every_role_as_written() {
    let situations: Vec<_> = usual_situations().into_iter().chain(special_situations()).collect();
    let commands = basket_commands(open());
    let mut text =
        String::from("What a basket answers: a table per command, a row per state, a column per person.\n\n");
    for (index, (title, _)) in commands.iter().enumerate() {
        let heading = std::iter::once("state").chain(people(Role::Requester).into_iter().map(|(who, _)| who));
        let mut rows = vec![heading.map(str::to_owned).collect::<Vec<_>>()];
        for situation in &situations {
            rows.push(basket_row(situation, &basket_commands(situation.standing)[index].1));
        }
        text.push_str(&table(title, &rows));
    }
    insta::assert_snapshot!("basket", text);
}

/// Rows of states, columns of roles: for aggregates without an owner.
fn by_roles<D: Decider>(title: &str, states: &[(&str, Vec<D::Event>)], command: &D::Command, creates: bool) -> String
where
    D::Error: Refusal,
{
    let people = Role::ALL.map(|role| (role.as_str(), by(role)));
    let stranger = ("of another institution", by_a_stranger(Role::Purchaser));
    let people: Vec<_> = people.into_iter().chain([stranger]).collect();
    let heading = std::iter::once("state").chain(people.iter().map(|(who, _)| *who));
    let mut rows = vec![heading.map(str::to_owned).collect::<Vec<_>>()];
    for (name, given) in states {
        let state: D = fold(given);
        let cells = people.iter().map(|(_, context)| cell(&state, command, context, creates));
        rows.push(std::iter::once((*name).to_owned()).chain(cells).collect());
    }
    table(title, &rows)
}

fn quote_commands() -> Vec<(&'static str, QuoteCommand)> {
    let lines = vec![line(1, &cemetery_road(), 1)];
    let today = at().date_naive();
    let later = today + chrono::Days::new(30);
    let request = QuoteCommand::Request {
        number: 8,
        basket: origin(),
        institution_id: LIBRARY,
        reference: "BC-2026-17".to_owned(),
        comment: None,
        lines: lines.clone(),
    };
    let accept = |today| QuoteCommand::Accept {
        order_id: ORDER,
        number: 42,
        placement: Ok(Box::new(placement(lines.clone(), DeliveryMode::Pickup))),
        standing: open(),
        today,
    };
    let after = later + chrono::Days::new(1);
    vec![
        ("request", request),
        ("acknowledge", QuoteCommand::Acknowledge { librisoft_number: None }),
        ("answer", QuoteCommand::Answer { lines: vec![], valid_until: after, today, french: true }),
        ("accept in time", accept(later)),
        ("accept too late", accept(after)),
        ("refuse", QuoteCommand::Refuse { comment: None }),
        ("expire too early", QuoteCommand::Expire { today: later }),
        ("expire", QuoteCommand::Expire { today: after }),
        ("archive", QuoteCommand::Archive),
    ]
}

#[test] // attack 30
fn every_quote_answers_every_command_of_every_role_as_written() {
    let lines = vec![line(1, &cemetery_road(), 1)];
    let totals = Totals::of(lines.iter().map(|line| &line.price));
    let requested = vec![QuoteEvent::Requested {
        number: 8,
        basket: origin(),
        institution_id: LIBRARY,
        reference: "BC-2026-17".to_owned(),
        comment: None,
        lines,
        totals: totals.clone(),
    }];
    let with = |events: &[QuoteEvent]| [requested.clone(), events.to_vec()].concat();
    let collected = QuoteEvent::PushedToLibrisoft { librisoft_number: None };
    let valid_until = at().date_naive() + chrono::Days::new(30);
    let answered = QuoteEvent::Answered { lines: vec![], totals, valid_until };
    let accepted = QuoteEvent::Accepted { order_id: ORDER, number: 42 };
    let states = [
        ("never requested", vec![]),
        ("requested", requested.clone()),
        ("collected", with(std::slice::from_ref(&collected))),
        ("answered", with(&[collected, answered.clone()])),
        ("accepted", with(&[answered.clone(), accepted])),
        ("refused", with(&[answered.clone(), QuoteEvent::Refused { comment: None }])),
        ("expired", with(&[answered.clone(), QuoteEvent::Expired {}])),
        ("archived", with(&[answered, QuoteEvent::Archived {}])),
    ];
    let mut text = String::from("What a quote answers: a table per command, a row per status, a column per role.\n\n");
    for (title, command) in quote_commands() {
        let creates = matches!(command, QuoteCommand::Request { .. });
        text.push_str(&by_roles::<Quote>(title, &states, &command, creates));
    }
    insta::assert_snapshot!("quote", text);
}

fn order_commands() -> Vec<(&'static str, OrderCommand)> {
    let reason = personal::<Reason>(Role::Bookseller, 6);
    let report = bordereau_domain::order::Report {
        availability: bordereau_domain::article::Availability::Available,
        in_stock: 1,
        expected: None,
    };
    let lines = vec![bordereau_domain::order::LineReport { line_id: line_id(1), report }];
    let placed = placement(vec![line(1, &cemetery_road(), 1)], DeliveryMode::Pickup);
    vec![
        ("place", OrderCommand::Place(Box::new(placed))),
        ("acknowledge", OrderCommand::Acknowledge { librisoft_number: "C-77".to_owned() }),
        ("acknowledge under another number", OrderCommand::Acknowledge { librisoft_number: "C-78".to_owned() }),
        ("report lines", OrderCommand::ReportLines { lines }),
        ("make available", OrderCommand::MakeAvailable),
        ("ship", OrderCommand::Ship { tracking: None }),
        ("close", OrderCommand::Close),
        ("cancel", OrderCommand::Cancel { reason }),
        ("acknowledge the cancellation", OrderCommand::AcknowledgeCancellation),
        ("reset the status", OrderCommand::ResetStatus { reason }),
        ("send a message", OrderCommand::SendMessage { text: personal::<Message>(Role::Bookseller, 8) }),
    ]
}

#[test] // attack 30
fn every_order_answers_every_command_of_every_role_as_written() {
    let placed = |mode| {
        let command = OrderCommand::Place(Box::new(placement(vec![line(1, &cemetery_road(), 1)], mode)));
        Order::default().decide(&command, &by(Role::Purchaser)).unwrap()
    };
    let with = |mode, events: &[OrderEvent]| [placed(mode), events.to_vec()].concat();
    let (pickup, delivery) = (DeliveryMode::Pickup, DeliveryMode::Delivery);
    let pushed = OrderEvent::PushedToLibrisoft { librisoft_number: "C-77".to_owned() };
    let cancelled = OrderEvent::Cancelled { reason: personal(Role::Bookseller, 6) };
    let known = OrderEvent::CancellationPushedToLibrisoft {};
    let states = [
        ("never placed", vec![]),
        ("pending, pick-up", placed(pickup)),
        ("pending, delivery", placed(delivery)),
        ("processing, pick-up", with(pickup, std::slice::from_ref(&pushed))),
        ("processing, delivery", with(delivery, std::slice::from_ref(&pushed))),
        ("available", with(pickup, &[pushed.clone(), OrderEvent::MadeAvailable {}])),
        ("shipped", with(delivery, &[pushed.clone(), OrderEvent::Shipped { tracking: None }])),
        ("closed", with(pickup, &[pushed.clone(), OrderEvent::Closed {}])),
        ("cancelled before collection", with(pickup, std::slice::from_ref(&cancelled))),
        ("cancelled after collection", with(pickup, &[pushed.clone(), cancelled.clone()])),
        ("cancelled, cancellation collected", with(pickup, &[pushed, cancelled, known])),
    ];
    let mut text = String::from("What an order answers: a table per command, a row per status, a column per role.\n\n");
    for (title, command) in order_commands() {
        let creates = matches!(command, OrderCommand::Place(_));
        text.push_str(&by_roles::<Order>(title, &states, &command, creates));
    }
    insta::assert_snapshot!("order", text);
}
