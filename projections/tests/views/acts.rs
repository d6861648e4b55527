//! What people and machines may try in a bookshop: generated, decided for real, on every kind of aggregate.

use std::collections::BTreeMap;

use bordereau_domain::{
    Actor, BasketId, Context, Decider, EstablishmentId, Event, InstitutionId, LineId, OrderId, QuoteId, Role,
    account::Account,
    article::Availability,
    basket::{Basket, BasketCommand, Conversion, Today},
    institution::{Institution, InstitutionCommand, Synchronisation},
    order::{LineReport, Order, OrderCommand, Placement, Report},
    quote::{AnsweredLine, BasketOrigin, Quote, QuoteCommand},
    shop::{Establishment, Shop, ShopCommand},
    subject::{Subject, SubjectCommand},
    terms::DeliveryMode,
};
use bordereau_store::{Append, ArticlePut, StreamAppend};
use proptest::prelude::*;

mod accounts;

use super::world::{Cast, World, article, profile, sealed, terms, uuid};

/// Something that somebody tries; whether it is refused is the deciders' affair.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Try {
    in_second_shop: bool,
    act: Act,
    /// Which basket, quote, order, institution or article.
    n: u8,
    role: Role,
    /// How: picks among what the act can be.
    dial: u8,
    pub(crate) pause: Pause,
}

/// What comes after a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// The next one, in the same batch of the log.
    None,
    /// What was decided is written.
    Write,
    /// And the views are level.
    CatchUp,
}

/// What is tried.
#[derive(Clone, Copy, Debug)]
enum Act {
    Open,
    AddLine,
    ChangeLine,
    RemoveLine,
    Reprice,
    Rename,
    Send,
    Validate,
    Unlock,
    Return,
    Discard,
    TakeOver,
    RequestQuote,
    PlaceOrder,
    OnQuote,
    OnOrder,
    OnAccount,
    OnInstitution,
    OnCatalogue,
    OpenEstablishment,
    Erase,
}

/// How often each is tried.
const WEIGHTS: [(u32, Act); 21] = [
    (6, Act::Open),
    (10, Act::AddLine),
    (3, Act::ChangeLine),
    (2, Act::RemoveLine),
    (3, Act::Reprice),
    (2, Act::Rename),
    (8, Act::Send),
    (8, Act::Validate),
    (3, Act::Unlock),
    (3, Act::Return),
    (2, Act::Discard),
    (2, Act::TakeOver),
    (10, Act::RequestQuote),
    (12, Act::PlaceOrder),
    (24, Act::OnQuote),
    (40, Act::OnOrder),
    (6, Act::OnAccount),
    (5, Act::OnInstitution),
    (2, Act::OnCatalogue),
    (1, Act::OpenEstablishment),
    (1, Act::Erase),
];

/// So many tries.
pub(crate) fn tries(count: usize) -> impl Strategy<Value = Vec<Try>> {
    let act = prop::strategy::Union::new_weighted(WEIGHTS.map(|(weight, act)| (weight, Just(act))).to_vec());
    let role = prop::sample::select(vec![Role::Requester, Role::Approver, Role::Purchaser]);
    let pause = prop_oneof![6 => Just(Pause::None), 3 => Just(Pause::Write), 1 => Just(Pause::CatchUp)];
    let one = (any::<bool>(), act, 1..8u8, role, any::<u8>(), pause);
    let one =
        one.prop_map(|(in_second_shop, act, n, role, dial, pause)| Try { in_second_shop, act, n, role, dial, pause });
    prop::collection::vec(one, count / 2..=count)
}

/// Two shops, and what was decided in them and not yet written.
pub(crate) struct Play<'a> {
    world: &'a mut World,
    casts: [Cast; 2],
    decided: Vec<Append>,
}

impl<'a> Play<'a> {
    pub(crate) async fn open(world: &'a mut World, shops: [&'static str; 2]) -> Self {
        let casts = [world.open_shop(shops[0]).await, world.open_shop(shops[1]).await];
        Self { world, casts, decided: Vec::new() }
    }

    pub(crate) async fn write(&mut self) {
        self.world.append_all(std::mem::take(&mut self.decided)).await;
    }

    pub(crate) async fn catch_up(&mut self) {
        self.write().await;
        self.world.catch_up().await;
    }

    /// Tries it; whether it has led to events.
    pub(crate) async fn attempt(&mut self, one: &Try) -> bool {
        let before = self.decided.len();
        let cast = self.casts[usize::from(one.in_second_shop)];
        match one.act {
            Act::PlaceOrder => self.place_order(&cast, one),
            Act::RequestQuote => self.request_quote(&cast, one),
            Act::OnQuote if one.dial.is_multiple_of(3) => self.accept(&cast, one),
            Act::OnQuote => {
                let (role, command) = quote_command(self.world, &cast, one);
                self.on::<Quote>(&cast, quote_id(&cast, one.n).0, role, &command, Event::Quote);
            }
            Act::OnOrder => {
                let id = order_id(&cast, one.n, one.dial.is_multiple_of(4));
                let (role, command) = order_command(self.world, &cast, id, one);
                self.on::<Order>(&cast, id.0, role, &command, Event::Order);
            }
            Act::OnAccount => {
                let (account, actor, command) = accounts::account_command(&cast, one);
                self.by::<Account>(&cast, account.0, actor, &command, Event::Account);
            }
            Act::OnInstitution => {
                let (institution, command) = institution_command(&cast, one);
                self.on::<Institution>(&cast, institution.0, Role::System, &command, Event::Institution);
            }
            Act::OnCatalogue => self.put_or_withdraw(&cast, one).await,
            Act::OpenEstablishment => {
                let command = ShopCommand::OpenEstablishment { establishment: establishment(&cast, one.n) };
                self.on::<Shop>(&cast, cast.shop, Role::System, &command, Event::Shop);
            }
            Act::Erase => {
                let command = SubjectCommand::Erase { key_ids: vec!["ab".repeat(16)] };
                self.on::<Subject>(&cast, cast.actor(one.role).account.0, Role::System, &command, Event::Subject);
            }
            Act::Open
            | Act::AddLine
            | Act::ChangeLine
            | Act::RemoveLine
            | Act::Reprice
            | Act::Rename
            | Act::Send
            | Act::Validate
            | Act::Unlock
            | Act::Return
            | Act::Discard
            | Act::TakeOver => {
                if let Some(command) = basket_command(self.world, &cast, one) {
                    let stream = self.decide_basket(&cast, basket_id(&cast, one.n), one.role, &command);
                    self.take(&cast, [stream]);
                }
            }
        }
        self.decided.len() > before
    }

    fn take(&mut self, cast: &Cast, streams: impl IntoIterator<Item = Option<StreamAppend>>) {
        let streams: Vec<_> = streams.into_iter().flatten().collect();
        if !streams.is_empty() {
            self.decided.push(Append { ledger: cast.shop.to_owned(), streams, ..Append::default() });
        }
    }

    fn on<D: Decider + Clone>(
        &mut self,
        cast: &Cast,
        id: impl ToString,
        role: Role,
        command: &D::Command,
        wrap: fn(D::Event) -> Event,
    ) {
        self.by::<D>(cast, id, cast.actor(role), command, wrap);
    }

    fn by<D: Decider + Clone>(
        &mut self,
        cast: &Cast,
        id: impl ToString,
        actor: Actor,
        command: &D::Command,
        wrap: fn(D::Event) -> Event,
    ) {
        let context = Context::new(actor, self.world.now());
        let decided = self.world.decide::<D>(cast.shop, &id.to_string(), &context, command, wrap);
        self.take(cast, [decided.ok().flatten()]);
    }

    fn decide_basket(
        &mut self,
        cast: &Cast,
        id: BasketId,
        role: Role,
        command: &BasketCommand,
    ) -> Option<StreamAppend> {
        let basket: Basket = self.world.state(&id.to_string());
        let owner_inactive = basket.opened().is_some_and(|basket| {
            let owner: Account = self.world.state(&basket.owner.to_string());
            owner.opened().is_some_and(|owner| !owner.active)
        });
        let context = Context { owner_inactive, ..Context::new(cast.actor(role), self.world.now()) };
        self.world.decide::<Basket>(cast.shop, &id.to_string(), &context, command, Event::Basket).ok().flatten()
    }

    fn placement(&self, cast: &Cast, one: &Try, quote_id: Option<QuoteId>) -> Option<Box<Placement>> {
        let basket_id = basket_id(cast, one.n);
        let basket: Basket = self.world.state(&basket_id.to_string());
        let basket = basket.opened()?;
        let origin = BasketOrigin { basket_id, number: basket.number, name: basket.name, owner: basket.owner };
        let mode = if one.dial.is_multiple_of(2) { DeliveryMode::Pickup } else { DeliveryMode::Delivery };
        Some(Box::new(Placement {
            number: u64::from(one.n),
            basket: origin,
            quote_id,
            institution_id: cast.institution,
            terms: terms(cast.institution, mode),
            establishment_id: Some(establishment(cast, 0).establishment_id),
            created_by: cast.purchaser,
            reference: format!("REF-{}", one.n),
            comment: Some(sealed(cast.purchaser, one.dial)),
            lines: basket.lines.clone(),
            deferred: Vec::new(),
            shipping_incl_tax: "3.00".parse().expect("money"),
        }))
    }

    fn place_order(&mut self, cast: &Cast, one: &Try) {
        let order_id = order_id(cast, one.n, false);
        let Some(placement) = self.placement(cast, one, None) else { return };
        let conversion = conversion(self.world, cast, one);
        let command = BasketCommand::PlaceOrder { order_id, conversion, placement: Ok(placement.clone()) };
        let Some(basket) = self.decide_basket(cast, basket_id(cast, one.n), Role::Purchaser, &command) else { return };
        let order = self.decide_order(cast, order_id, placement);
        self.take(cast, [Some(basket), order]);
    }

    fn decide_order(&mut self, cast: &Cast, id: OrderId, placement: Box<Placement>) -> Option<StreamAppend> {
        let context = Context::new(cast.actor(Role::Purchaser), self.world.now());
        let place = OrderCommand::Place(placement);
        let order = self.world.decide::<Order>(cast.shop, &id.to_string(), &context, &place, Event::Order);
        order.expect("a converted basket's order is placed")
    }

    fn request_quote(&mut self, cast: &Cast, one: &Try) {
        let quote_id = quote_id(cast, one.n);
        let Some(placement) = self.placement(cast, one, None) else { return };
        let conversion = conversion(self.world, cast, one);
        let comment = conversion.comment;
        let command = BasketCommand::RequestQuote { quote_id, conversion };
        let Some(basket) = self.decide_basket(cast, basket_id(cast, one.n), Role::Purchaser, &command) else { return };
        let request = QuoteCommand::Request {
            number: placement.number,
            basket: placement.basket,
            institution_id: cast.institution,
            reference: placement.reference,
            comment,
            lines: placement.lines,
        };
        let context = Context::new(cast.actor(Role::Purchaser), self.world.now());
        let quote = self.world.decide::<Quote>(cast.shop, &quote_id.to_string(), &context, &request, Event::Quote);
        self.take(cast, [Some(basket), quote.expect("a converted basket's quote is requested")]);
    }

    fn accept(&mut self, cast: &Cast, one: &Try) {
        let (quote_id, order_id) = (quote_id(cast, one.n), order_id(cast, one.n, true));
        let Some(mut placement) = self.placement(cast, one, Some(quote_id)) else { return };
        let quote: Quote = self.world.state(&quote_id.to_string());
        placement.lines = quote.opened().map(|quote| quote.lines.clone()).unwrap_or_default();
        let context = Context::new(cast.actor(Role::Purchaser), self.world.now());
        let accept = QuoteCommand::Accept {
            order_id,
            number: placement.number,
            placement: Ok(placement.clone()),
            standing: self.world.standing(cast.institution),
            today: context.at.date_naive(),
        };
        let quote = self.world.decide::<Quote>(cast.shop, &quote_id.to_string(), &context, &accept, Event::Quote);
        if let Ok(Some(quote)) = quote {
            let order = self.decide_order(cast, order_id, placement);
            self.take(cast, [Some(quote), order]);
        }
    }

    async fn put_or_withdraw(&self, cast: &Cast, one: &Try) {
        let mut article = article(one.n);
        if one.dial.is_multiple_of(4) {
            let eans = vec![article.ean.to_string()];
            self.world.store.withdraw_articles(cast.shop, eans, 0).await.expect("withdrawn");
            return;
        }
        article.title = format!("{} VOLUME {}", article.title, one.dial % 8);
        let put = ArticlePut {
            ean: article.ean.to_string(),
            body: serde_json::to_string(&article).expect("body"),
            price_incl_tax: article.price_incl_tax.to_string(),
            vat_rate: article.vat_rate.to_string(),
        };
        self.world.store.put_articles(cast.shop, vec![put], 0).await.expect("put");
    }
}

fn basket_id(cast: &Cast, n: u8) -> BasketId {
    cast.id(u128::from(n)).into()
}

fn quote_id(cast: &Cast, n: u8) -> QuoteId {
    cast.id(300 + u128::from(n)).into()
}

/// The order that a basket became, or that its quote became.
fn order_id(cast: &Cast, n: u8, of_quote: bool) -> OrderId {
    cast.id(if of_quote { 700 } else { 600 } + u128::from(n)).into()
}

fn establishment(cast: &Cast, n: u8) -> Establishment {
    Establishment {
        establishment_id: EstablishmentId(cast.id(900 + u128::from(n))),
        number: u32::from(n) + 1,
        name: format!("LIBRAIRIE {n}"),
        country: "FR".to_owned(),
        vat_number: None,
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    }
}

/// The catalogue as a basket meets it; now and then a price has risen.
fn today(world: &World, cast: &Cast, one: &Try) -> Today {
    let mut articles: BTreeMap<_, _> = (1..=6).map(article).map(|article| (article.ean, article)).collect();
    if one.dial.is_multiple_of(8) {
        articles.values_mut().for_each(|article| article.price_incl_tax = "26.00".parse().expect("price"));
    }
    Today { articles, standing: world.standing(cast.institution) }
}

fn conversion(world: &World, cast: &Cast, one: &Try) -> Conversion {
    let comment = Some(sealed(cast.purchaser, one.dial));
    Conversion {
        reference: format!("REF-{}", one.n),
        comment,
        number: u64::from(one.n),
        today: today(world, cast, one),
    }
}

fn basket_command(world: &World, cast: &Cast, one: &Try) -> Option<BasketCommand> {
    let id = basket_id(cast, one.n);
    let account = cast.actor(one.role).account;
    let standing = world.standing(cast.institution);
    let comment = one.dial.is_multiple_of(2).then(|| sealed(account, one.dial));
    let line = || {
        let basket: Basket = world.state(&id.to_string());
        let lines = basket.opened().map(|basket| basket.lines.clone()).unwrap_or_default();
        lines.get(usize::from(one.dial) % lines.len().max(1)).map(|line| line.line_id)
    };
    Some(match one.act {
        Act::Open => BasketCommand::Open {
            basket_id: id,
            number: u64::from(one.n),
            institution_id: cast.institution,
            name: one.dial.is_multiple_of(2).then(|| sealed(account, one.dial)),
            standing: Some(standing),
            quota_reached: false,
        },
        Act::AddLine => BasketCommand::AddLine {
            line_id: LineId(uuid(id.0.as_u128() << 8 | u128::from(one.dial))),
            article: Some(article(1 + one.dial % 6)),
            quantity: u32::from(one.dial % 9) + 1,
            line_reference: one.dial.is_multiple_of(3).then(|| sealed(account, one.dial)),
            standing,
        },
        Act::ChangeLine => BasketCommand::ChangeLine {
            line_id: line()?,
            quantity: Some(u32::from(one.dial % 20) + 1),
            line_reference: one.dial.is_multiple_of(5).then_some(None),
            today: today(world, cast, one),
        },
        Act::RemoveLine => BasketCommand::RemoveLine { line_id: line()?, standing },
        Act::Reprice => {
            BasketCommand::Reprice { today: today(world, cast, &Try { dial: one.dial.wrapping_mul(4), ..*one }) }
        }
        Act::Rename => BasketCommand::Rename { name: sealed(account, one.dial) },
        Act::Send => BasketCommand::SendToApprover { comment, standing },
        Act::Validate => BasketCommand::Validate { comment, standing },
        Act::Unlock => BasketCommand::Unlock,
        Act::Return => BasketCommand::Return { comment },
        Act::Discard => BasketCommand::Discard,
        Act::TakeOver => BasketCommand::TakeOver,
        Act::RequestQuote
        | Act::PlaceOrder
        | Act::OnQuote
        | Act::OnOrder
        | Act::OnAccount
        | Act::OnInstitution
        | Act::OnCatalogue
        | Act::OpenEstablishment
        | Act::Erase => return None,
    })
}

fn quote_command(world: &World, cast: &Cast, one: &Try) -> (Role, QuoteCommand) {
    let quote: Quote = world.state(&quote_id(cast, one.n).to_string());
    let today = world.now().date_naive();
    match one.dial % 7 {
        0 => (Role::Librisoft, QuoteCommand::Acknowledge { librisoft_number: Some(format!("Q-{}", one.n)) }),
        1 => (Role::Purchaser, QuoteCommand::Refuse { comment: Some(sealed(cast.purchaser, one.dial)) }),
        2 => (Role::System, QuoteCommand::Expire { today: today.succ_opt().expect("tomorrow") }),
        3 => (Role::Bookseller, QuoteCommand::Archive),
        _ => {
            let line = quote.opened().and_then(|quote| quote.lines.first().map(|line| line.line_id));
            let unit_price_incl_tax = "25.00".parse().expect("money");
            let discount_rate = if one.dial.is_multiple_of(2) { "5" } else { "3" }.parse().expect("rate");
            let lines = line.map(|line_id| AnsweredLine { line_id, unit_price_incl_tax, discount_rate });
            let lines = lines.into_iter().collect();
            (Role::Bookseller, QuoteCommand::Answer { lines, valid_until: today, today, french: true })
        }
    }
}

fn order_command(world: &World, cast: &Cast, id: OrderId, one: &Try) -> (Role, OrderCommand) {
    let order: Order = world.state(&id.to_string());
    match one.dial % 11 {
        0 | 1 => (Role::Librisoft, OrderCommand::Acknowledge { librisoft_number: format!("L-{}", one.n) }),
        2 => (Role::Bookseller, OrderCommand::MakeAvailable),
        3 => (Role::Bookseller, OrderCommand::Ship { tracking: Some(format!("8J{}", one.n)) }),
        4 => (Role::Bookseller, OrderCommand::Close),
        5 => (Role::Bookseller, OrderCommand::Cancel { reason: sealed(cast.bookseller, one.dial) }),
        6 => (Role::Bookseller, OrderCommand::ResetStatus { reason: sealed(cast.bookseller, one.dial) }),
        7 | 8 => (Role::Librisoft, OrderCommand::AcknowledgeCancellation),
        9 => (Role::Bookseller, OrderCommand::SendMessage { text: sealed(cast.bookseller, one.dial) }),
        _ => {
            let availability = Availability::Available;
            let expected = one.dial.is_multiple_of(2).then(|| world.now().date_naive());
            let report = Report { availability, in_stock: u32::from(one.dial % 4), expected };
            let lines = order.opened().map(|order| order.lines.clone()).unwrap_or_default();
            let lines = lines.iter().map(|line| LineReport { line_id: line.line.line_id, report }).collect();
            (Role::Librisoft, OrderCommand::ReportLines { lines })
        }
    }
}

/// The institution beside that of the cast.
fn second(cast: &Cast) -> InstitutionId {
    InstitutionId(uuid(cast.institution.0.as_u128() + 1))
}

fn institution_command(cast: &Cast, one: &Try) -> (InstitutionId, InstitutionCommand) {
    let institution = if one.n.is_multiple_of(2) { cast.institution } else { second(cast) };
    let command = match one.dial % 6 {
        0 if one.dial.is_multiple_of(4) => InstitutionCommand::Withdraw,
        1 | 2 => InstitutionCommand::SetTwoPersonRule { demanded: one.dial.is_multiple_of(4) },
        _ => {
            let mut profile = profile(&format!("ÉCOLE {}", one.dial % 4), "8010000696914");
            profile.discounts.reduced_5_5 = if one.n > 4 { "9" } else { "5" }.parse().expect("rate");
            InstitutionCommand::Synchronise(Synchronisation { profile, blocked: one.dial % 32 == 3, french: true })
        }
    };
    (institution, command)
}
