//! What holds after any sequence of commands by anybody.

use std::{collections::BTreeSet, fmt::Debug};

use bordereau_domain::{
    AccountId, Context, Decider, Role,
    account::Account,
    basket::{Action, Basket, BasketCommand, BasketError, BasketEvent, Level, Opened, ReturnedTo},
    institution::Standing,
    order::Order,
    pricing::Totals,
    quote::Quote,
    terms::DeliveryMode,
};
use proptest::prelude::*;

use crate::fixture::*;

mod commands;

use commands::{account_command, order_command, quote_command};

/// Carries out commands as the service does, and checks on the way what holds for every decider.
struct Life<D: Decider> {
    state: D,
    events: Vec<D::Event>,
}

impl<D: Decider + PartialEq + Debug> Life<D> {
    fn new() -> Self {
        Self { state: D::default(), events: Vec::new() }
    }

    /// The events of one command; nothing when it is refused.
    fn ask(&mut self, command: &D::Command, context: &Context, creates: bool) -> Vec<D::Event> {
        if !creates && !self.state.may_see(context) {
            return Vec::new();
        }
        let allowed = self.state.may(command, context).is_ok();
        // A forbidden command must not panic either, whatever is done with its verdict.
        let decided = self.state.decide(command, context).unwrap_or_default();
        if !allowed {
            return Vec::new();
        }
        for event in &decided {
            assert_eq!(self.state.allows(event), Ok(()), "a decided event is allowed");
            self.state.evolve(event);
            self.events.push(event.clone());
        }
        decided
    }

    /// Replaying gives the same state, and JSON keeps it.
    fn check(&self) {
        let mut replayed = D::default();
        for event in &self.events {
            assert_eq!(replayed.allows(event), Ok(()));
            replayed.evolve(event);
        }
        assert_eq!(replayed, self.state);
        let written = serde_json::to_string(&self.state).unwrap();
        assert_eq!(serde_json::from_str::<D>(&written).unwrap(), self.state);
    }
}

/// Everybody who may try something on a basket: two of each role of the institution, some in a colleague's place, and
/// the rest of the world.
fn everybody() -> Vec<Context> {
    let institution = [Role::Requester, Role::Approver, Role::Purchaser];
    let mut all: Vec<_> = institution.iter().flat_map(|role| [by(*role), by_another(*role)]).collect();
    all.extend(in_place());
    all.extend(institution.iter().map(|role| by_a_stranger(*role)));
    all.extend(Role::ALL.into_iter().filter(|role| !role.is_institutional()).map(by));
    all
}

/// People in a colleague's place: delegates, and the bookseller.
fn in_place() -> Vec<Context> {
    let pairs = [
        (by(Role::Approver), by(Role::Purchaser)),
        (by(Role::Purchaser), by(Role::Approver)),
        (by_another(Role::Approver), by(Role::Requester)),
        (by_another(Role::Requester), by_another(Role::Purchaser)),
        (by(Role::Bookseller), by(Role::Purchaser)),
        (by(Role::Bookseller), by(Role::Approver)),
    ];
    pairs.into_iter().map(|(me, other)| instead_of(me, &other)).collect()
}

/// Whether the owner can have gone while this person acts: nobody who acts has gone, nor he in whose place it is.
fn is_about_another(context: &Context, owner: Option<AccountId>) -> bool {
    owner != Some(context.actor.account) && owner != Some(context.actor.principal())
}

/// Those who work with documents, more often than the others.
fn office() -> Vec<Context> {
    let busy = [Role::Bookseller, Role::Librisoft, Role::Purchaser, Role::System].map(by);
    busy.iter().cycle().take(20).cloned().chain(everybody()).collect()
}

/// A step of a basket's life, before the ids and prices of the moment are filled in.
#[derive(Clone, Copy, Debug)]
struct Try {
    who: usize,
    what: usize,
    line: u128,
    quantity: u32,
    dearer: bool,
    owner_gone: bool,
    /// Whoever can do it now does it, rather than anybody: else lives hardly get beyond drafting.
    eager: bool,
}

fn tries(most: usize) -> impl Strategy<Value = Vec<Try>> {
    let what =
        prop_oneof![30 => 1usize..10, 4 => 10usize..12, 3 => Just(12), 1 => Just(13), 4 => Just(14), 1 => Just(0)];
    let flags = (prop::bool::weighted(0.1), prop::bool::weighted(0.2), prop::bool::weighted(0.7));
    let one = (0usize..60, what, 1u128..5, 0u32..12, flags);
    let one = one.prop_map(|(who, what, line, quantity, (dearer, owner_gone, eager))| Try {
        who,
        what,
        line,
        quantity,
        dearer,
        owner_gone,
        eager,
    });
    prop::collection::vec(one, 1..most)
}

fn standings() -> impl Strategy<Value = Standing> {
    prop_oneof![3 => Just(open()), 3 => Just(two_persons()), 1 => Just(blocked())]
}

fn basket_command(it: Try, standing: Standing, lines: &Opened) -> BasketCommand {
    let price = if it.dearer { "26.00" } else { "25.00" };
    let articles = [article("9782330150136", price)];
    match it.what {
        0 => open_basket(Some(standing)),
        1 => BasketCommand::AddLine {
            line_id: line_id(it.line),
            article: articles.first().cloned(),
            quantity: it.quantity,
            line_reference: None,
            standing,
        },
        2 => BasketCommand::ChangeLine {
            line_id: line_id(it.line),
            quantity: Some(it.quantity),
            line_reference: it.quantity.is_multiple_of(2).then(|| Some(personal(Role::Requester, 5))),
            today: today(&articles, standing),
        },
        3 => BasketCommand::RemoveLine { line_id: line_id(it.line), standing },
        4 => BasketCommand::Reprice { today: today(&articles, standing) },
        5 => BasketCommand::Rename { name: personal(Role::Requester, u8::try_from(it.line).unwrap()) },
        6 => BasketCommand::SendToApprover { comment: None, standing },
        7 => BasketCommand::Validate { comment: None, standing },
        8 => BasketCommand::Unlock,
        9 => BasketCommand::Return { comment: None },
        10 => request_quote(&articles, standing),
        11 => place_order(&articles, lines.lines.clone(), standing),
        12 => BasketCommand::TakeOver,
        14 => {
            let article = (it.quantity != 5).then(cemetery_road);
            add_lines(vec![new_line(it.line, Some(cemetery_road()), 1), new_line(77, article, it.quantity)], standing)
        }
        _ => BasketCommand::Discard,
    }
}

/// Who acts, and whether the owner has gone: nobody who acts has gone himself.
fn acting(it: Try, life: &Life<Basket>, command: &BasketCommand) -> Context {
    let owner = life.state.opened().map(|basket| basket.owner);
    let mut people = everybody();
    for context in &mut people {
        context.owner_inactive = it.owner_gone && is_about_another(context, owner);
    }
    let able = |context: &&Context| life.state.may_see(context) && would_do(&life.state, command, context);
    let able: Vec<_> = people.iter().filter(able).collect();
    if it.eager && !able.is_empty() { able[it.who % able.len()].clone() } else { people[it.who % people.len()].clone() }
}

/// A basket that somebody of this level has opened.
fn begun(level: Level) -> Life<Basket> {
    let mut life = Life::<Basket>::new();
    life.ask(&open_basket(Some(open())), &by(role_of(level)), true);
    life
}

fn levels() -> impl Strategy<Value = Level> {
    prop_oneof![Just(Level::Requester), Just(Level::Approver), Just(Level::Purchaser)]
}

fn may_ever_cause(role: Role, event: &BasketEvent) -> bool {
    match event {
        BasketEvent::Opened { .. }
        | BasketEvent::Renamed { .. }
        | BasketEvent::LineAdded { .. }
        | BasketEvent::LineChanged { .. }
        | BasketEvent::LineRemoved { .. }
        | BasketEvent::LinesRepriced { .. }
        | BasketEvent::SentToApprover { .. }
        | BasketEvent::Discarded {} => matches!(role, Role::Requester | Role::Approver | Role::Purchaser),
        BasketEvent::Unlocked { .. }
        | BasketEvent::ReturnedToPreviousRole { .. }
        | BasketEvent::Validated { .. }
        | BasketEvent::TakenOver { .. } => matches!(role, Role::Approver | Role::Purchaser),
        BasketEvent::ConvertedToQuote { .. } | BasketEvent::ConvertedToOrder { .. } => role == Role::Purchaser,
    }
}

/// The command behind an action, with data that nothing can be said against.
fn good(action: Action, basket: &Opened, standing: Standing) -> BasketCommand {
    let same: Vec<_> = basket.lines.first().map(|line| line.price.unit_price_incl_tax).into_iter().collect();
    let price = same.first().map_or_else(|| "25.00".to_owned(), ToString::to_string);
    let articles = [article("9782330150136", &price)];
    let other = [article("9782330150136", "31.00")];
    match action {
        Action::Lines => BasketCommand::AddLine {
            line_id: line_id(99),
            article: Some(cemetery_road()),
            quantity: 1,
            line_reference: None,
            standing,
        },
        Action::Reprice => BasketCommand::Reprice { today: today(&other, standing) },
        Action::Rename => BasketCommand::Rename { name: personal(Role::Requester, 99) },
        Action::SendToApprover => BasketCommand::SendToApprover { comment: None, standing },
        Action::Validate => BasketCommand::Validate { comment: None, standing },
        Action::Unlock => BasketCommand::Unlock,
        Action::Return => BasketCommand::Return { comment: None },
        Action::RequestQuote => request_quote(&articles, standing),
        Action::PlaceOrder => place_order(&articles, basket.lines.clone(), standing),
        Action::TakeOver => BasketCommand::TakeOver,
        Action::Discard => BasketCommand::Discard,
    }
}

/// Whether asking for it now would do something. Changed prices are about the data, not about the right.
fn would_do(basket: &Basket, command: &BasketCommand, context: &Context) -> bool {
    match basket.may(command, context).and_then(|()| basket.decide(command, context)) {
        Ok(events) => !events.is_empty(),
        Err(refused) => matches!(refused, BasketError::PricesChanged(_)),
    }
}

fn check_offers(basket: &Basket, standing: Standing, owner_gone: bool) {
    let Some(opened) = basket.opened() else { return };
    for mut context in everybody() {
        context.owner_inactive = owner_gone && is_about_another(&context, Some(opened.owner));
        if !basket.may_see(&context) {
            continue;
        }
        let offered = opened.next_actions(&context, &standing);
        for action in Action::ALL {
            let done = would_do(basket, &good(action, opened, standing), &context);
            assert_eq!(offered.contains(&action), done, "{action:?} {:?} {:?}", context.actor.role, opened.stage);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, ..ProptestConfig::default() })]

    #[test]
    fn any_life_of_a_basket_is_legal_replays_and_sums_up(
        level in levels(), standing in standings(), steps in tries(40),
    ) {
        let mut life = begun(level);
        for it in steps {
            let opened = life.state.opened().unwrap().clone();
            let command = basket_command(it, standing, &opened);
            let context = acting(it, &life, &command);
            for event in life.ask(&command, &context, false) {
                prop_assert!(may_ever_cause(context.actor.role, &event), "{:?} {event:?}", context.actor.role);
                prop_assert!(context.actor.acts_for(opened.institution_id));
            }
            let now = life.state.opened().unwrap();
            prop_assert_eq!(now.totals().total_incl_tax, now.lines.iter().map(|l| l.price.total_incl_tax).sum());
            prop_assert_eq!(now.level, level);
        }
        life.check();
    }

    #[test]
    fn what_is_offered_is_exactly_what_would_be_done(level in levels(), standing in standings(), steps in tries(25)) {
        let mut life = begun(level);
        for it in steps {
            let opened = life.state.opened().unwrap().clone();
            let command = basket_command(it, standing, &opened);
            let context = acting(it, &life, &command);
            life.ask(&command, &context, false);
            check_offers(&life.state, standing, it.owner_gone);
        }
    }

    #[test]
    fn a_locked_basket_keeps_its_lines(level in levels(), standing in standings(), steps in tries(40)) {
        let mut life = begun(level);
        for it in steps {
            let before = life.state.opened().unwrap().clone();
            let command = basket_command(it, standing, &before);
            let context = acting(it, &life, &command);
            life.ask(&command, &context, false);
            if before.stage.is_locked() {
                prop_assert_eq!(&life.state.opened().unwrap().lines, &before.lines);
            }
        }
    }

    #[test]
    fn where_two_persons_are_demanded_nobody_converts_alone_what_is_his_own(level in levels(), steps in tries(60)) {
        let mut life = begun(level);
        // Since the basket was last at its owner: the people who brought it on its way. Who validated it counts no
        // longer once it went back.
        let (mut first, mut second): (Vec<AccountId>, Vec<AccountId>) = Default::default();
        for it in steps {
            let owner = life.state.opened().unwrap().owner;
            let command = basket_command(it, two_persons(), life.state.opened().unwrap());
            let context = acting(it, &life, &command);
            let principal = context.actor.principal();
            for event in life.ask(&command, &context, false) {
                match event {
                    BasketEvent::SentToApprover { by, .. } => first.push(by),
                    BasketEvent::Validated { by, .. } => {
                        prop_assert_ne!(by, owner);
                        prop_assert_ne!(principal, owner);
                        prop_assert!(first.iter().any(|sender| *sender != by));
                        second.push(by);
                    }
                    BasketEvent::ReturnedToPreviousRole { to, .. } => {
                        second.clear();
                        if to == ReturnedTo::Drafting {
                            first.clear();
                        }
                    }
                    BasketEvent::ConvertedToQuote { by, .. } | BasketEvent::ConvertedToOrder { by, .. } => {
                        let his = by == owner || principal == owner;
                        prop_assert!(!his || second.iter().any(|validator| *validator != by && *validator != owner));
                        let people: BTreeSet<_> = first.iter().chain(&second).chain([&by]).collect();
                        prop_assert!(people.len() > 1);
                    }
                    BasketEvent::Opened { .. } | BasketEvent::Renamed { .. } | BasketEvent::LineAdded { .. }
                    | BasketEvent::LineChanged { .. } | BasketEvent::LineRemoved { .. }
                    | BasketEvent::LinesRepriced { .. } | BasketEvent::Unlocked { .. }
                    | BasketEvent::TakenOver { .. } | BasketEvent::Discarded {} => {}
                }
            }
        }
    }

    #[test]
    fn one_person_alone_orders_nothing_of_his_own_where_two_are_demanded(
        level in levels(), steps in tries(60), role in prop_oneof![Just(Role::Approver), Just(Role::Purchaser)],
    ) {
        // The basket is his from the beginning, or he took it over from somebody who had gone.
        let me = by(role);
        let mut life = begun(level);
        let add = Try { who: 0, what: 1, line: 1, quantity: 1, dearer: false, owner_gone: false, eager: true };
        let first = basket_command(add, two_persons(), life.state.opened().unwrap());
        life.ask(&first, &by(role_of(level)), false);
        if life.state.opened().unwrap().owner != me.actor.account {
            life.ask(&BasketCommand::TakeOver, &owner_gone(me.clone()), false);
        }
        for it in steps {
            let command = basket_command(it, two_persons(), life.state.opened().unwrap());
            life.ask(&command, &me, false);
        }
        prop_assert_ne!(life.state.opened().unwrap().stage.as_str(), "converted");
    }

    #[test]
    fn one_person_alone_orders_nothing_in_whosever_place_he_acts(level in levels(), steps in tries(60)) {
        // A delegate of everybody: he opens the basket in its owner's place, and nobody else does anything.
        let me = by_another(Role::Approver);
        let others = [Role::Requester, Role::Approver, Role::Purchaser].map(|role| instead_of(me.clone(), &by(role)));
        let capacities: Vec<_> = others.into_iter().chain([me.clone(), instead_of(me, &by_another(Role::Purchaser))]).collect();
        let mut life = Life::<Basket>::new();
        life.ask(&open_basket(Some(open())), &capacities[level as usize], true);
        for it in steps {
            let owner = life.state.opened().unwrap().owner;
            let command = basket_command(it, two_persons(), life.state.opened().unwrap());
            let mut capacities = capacities.clone();
            for context in &mut capacities {
                context.owner_inactive = it.owner_gone && is_about_another(context, Some(owner));
            }
            let able = |context: &&Context| life.state.may_see(context) && would_do(&life.state, &command, context);
            let context = capacities.iter().filter(able).cycle().nth(it.who).unwrap_or(&capacities[it.who % 5]).clone();
            life.ask(&command, &context, false);
        }
        prop_assert_ne!(life.state.opened().unwrap().stage.as_str(), "converted");
    }

    #[test]
    fn any_life_of_a_quote_is_legal_replays_and_sums_up(
        steps in prop::collection::vec((0usize..35, 0usize..7, 0u64..60, -5i64..3_000_000), 1..30),
    ) {
        let people = office();
        let mut life = Life::<Quote>::new();
        life.ask(&quote_command(0, 0, 0), &by(Role::Purchaser), true);
        for (who, what, day, cents) in steps {
            life.ask(&quote_command(what, day, cents), &people[who % people.len()], what == 0);
            let quote = life.state.opened().unwrap();
            prop_assert_eq!(&quote.totals, &Totals::of(quote.lines.iter().map(|line| &line.price)));
        }
        life.check();
    }

    #[test]
    fn any_life_of_an_order_is_legal_and_replays(
        delivery in any::<bool>(),
        steps in prop::collection::vec((0usize..35, 0usize..10, 0u32..4), 1..40),
    ) {
        let mode = if delivery { DeliveryMode::Delivery } else { DeliveryMode::Pickup };
        let people = office();
        let mut life = Life::<Order>::new();
        life.ask(&order_command(0, 0, mode), &by(Role::Purchaser), true);
        for (who, what, number) in steps {
            let context = &people[who % people.len()];
            let events = life.ask(&order_command(what, number, mode), context, what == 0);
            prop_assert!(events.is_empty() || matches!(context.actor.role, Role::Bookseller | Role::Librisoft));
        }
        life.check();
    }

    #[test]
    fn any_life_of_an_account_is_legal_and_raises_nobody_above_his_maker(
        steps in prop::collection::vec((0usize..21, 0usize..17, 0usize..9, 0usize..4), 1..30),
    ) {
        let people = everybody();
        let mut life = Life::<Account>::new();
        for (who, what, role, institutions) in steps {
            let context = &people[who % people.len()];
            life.ask(&account_command(what, Role::ALL[role], institutions), context, matches!(what, 0 | 4 | 7));
            let Some(account) = life.state.opened() else { continue };
            prop_assert_eq!(account.role.is_institutional(), !account.institutions.is_empty());
        }
        life.check();
    }
}
