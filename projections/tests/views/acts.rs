//! What people and machines may try in a bookshop: generated, decided for real, on every kind of aggregate.

use bordereau_domain::{
    Actor, BasketId, Context, Decider, Event, OrderId, QuoteId, Role,
    account::Account,
    basket::{Basket, BasketCommand},
    institution::Institution,
    order::{Order, OrderCommand, Placement},
    quote::{BasketOrigin, Quote, QuoteCommand},
    shop::{Shop, ShopCommand},
    subject::{Subject, SubjectCommand},
    terms::DeliveryMode,
};
use bordereau_store::{Append, ArticlePut, StreamAppend};
use proptest::prelude::*;

mod accounts;
mod commands;

use super::world::{Cast, World, article, sealed, terms};
use commands::{
    basket_command, basket_id, conversion, establishment, institution_command, order_command, order_id, quote_command,
    quote_id,
};

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
    pub(crate) async fn attempt(&mut self, one: Try) -> bool {
        let before = self.decided.len();
        let cast = self.casts[usize::from(one.in_second_shop)];
        match one.act {
            Act::PlaceOrder => self.place_order(&cast, one),
            Act::RequestQuote => self.request_quote(&cast, one),
            Act::OnQuote if one.dial.is_multiple_of(3) => self.accept(&cast, one),
            Act::OnQuote => {
                let (role, command) = quote_command(self.world, &cast, one);
                self.on::<Quote>(&cast, &quote_id(&cast, one.n), role, &command, Event::Quote);
            }
            Act::OnOrder => {
                let id = order_id(&cast, one.n, one.dial.is_multiple_of(4));
                let (role, command) = order_command(self.world, &cast, id, one);
                self.on::<Order>(&cast, &id, role, &command, Event::Order);
            }
            Act::OnAccount => {
                let (account, actor, command) = accounts::account_command(&cast, one);
                self.by::<Account>(&cast, &account, actor, &command, Event::Account);
            }
            Act::OnInstitution => {
                let (institution, command) = institution_command(&cast, one);
                self.on::<Institution>(&cast, &institution, Role::System, &command, Event::Institution);
            }
            Act::OnCatalogue => self.put_or_withdraw(&cast, one).await,
            Act::OpenEstablishment => {
                let command = ShopCommand::OpenEstablishment { establishment: establishment(&cast, one.n) };
                self.on::<Shop>(&cast, &cast.shop, Role::System, &command, Event::Shop);
            }
            Act::Erase => {
                let command = SubjectCommand::Erase { key_ids: vec!["ab".repeat(16)], own: false };
                self.on::<Subject>(&cast, &cast.actor(one.role).account, Role::System, &command, Event::Subject);
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
        id: &impl ToString,
        role: Role,
        command: &D::Command,
        wrap: fn(D::Event) -> Event,
    ) {
        self.by::<D>(cast, id, cast.actor(role), command, wrap);
    }

    fn by<D: Decider + Clone>(
        &mut self,
        cast: &Cast,
        id: &impl ToString,
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

    fn placement(&self, cast: &Cast, one: Try, quote_id: Option<QuoteId>) -> Option<Box<Placement>> {
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
            discount_justification: None,
        }))
    }

    fn place_order(&mut self, cast: &Cast, one: Try) {
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

    fn request_quote(&mut self, cast: &Cast, one: Try) {
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

    fn accept(&mut self, cast: &Cast, one: Try) {
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

    async fn put_or_withdraw(&self, cast: &Cast, one: Try) {
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
