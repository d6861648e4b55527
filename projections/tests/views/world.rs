//! A bookshop in a temporary folder: a real store, the real deciders, the views beside them.

use std::{
    any::Any,
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use bordereau_domain::{
    AccountId, Actor, BasketId, Context, Decider, Digest, EstablishmentId, Event, InstitutionId, LineId, OrderId,
    Personal, QuoteId, Role, SubjectId,
    account::{Account, AccountCommand, ChosenEstablishment},
    basket::{Basket, BasketCommand, BasketError, Conversion, Today},
    institution::{Institution, InstitutionCommand, Known, Standing, Synchronisation},
    order::{Order, OrderCommand, Placement},
    personal::Field,
    quote::{BasketOrigin, Quote, QuoteCommand},
    shop::{Establishment, Shop, ShopCommand},
    terms::DeliveryMode,
};
use bordereau_projections::{Projections, Viewer};
use bordereau_store::{Append, NewEvent, Options, Store, StreamAppend};
use chrono::{DateTime, Utc};
use futures::future::join_all;
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) use super::samples::{article, profile, terms};

/// 2026-03-02 08:00:00 UTC, in µs.
pub(crate) const MORNING: i64 = 1_772_438_400_000_000;

pub(crate) fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A sealed text of a subject; `n` stands for its content.
pub(crate) fn sealed<T: Field>(subject: AccountId, n: u8) -> Personal<T> {
    Personal::new(SubjectId(subject.0), Digest([n; 32]))
}

/// The people and the institution that a test speaks of, by shop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cast {
    pub(crate) shop: &'static str,
    pub(crate) institution: InstitutionId,
    pub(crate) requester: AccountId,
    pub(crate) approver: AccountId,
    pub(crate) purchaser: AccountId,
    pub(crate) bookseller: AccountId,
    pub(crate) librisoft: AccountId,
}

impl Cast {
    pub(crate) fn of(shop: &'static str) -> Self {
        let base: u128 = shop.bytes().fold(0, |n, byte| n << 8 | u128::from(byte)) << 32;
        Self {
            shop,
            institution: InstitutionId(uuid(base + 1)),
            requester: AccountId(uuid(base + 11)),
            approver: AccountId(uuid(base + 12)),
            purchaser: AccountId(uuid(base + 13)),
            bookseller: AccountId(uuid(base + 14)),
            librisoft: AccountId(uuid(base + 15)),
        }
    }

    pub(crate) fn id(&self, n: u128) -> Uuid {
        Uuid::from_u128(self.institution.0.as_u128() & !0xffff_ffff | (0x1000 + n))
    }

    pub(crate) fn actor(&self, role: Role) -> Actor {
        let account = match role {
            Role::Requester => self.requester,
            Role::Approver => self.approver,
            Role::Purchaser => self.purchaser,
            Role::Librisoft => self.librisoft,
            Role::System => return Actor::system(),
            Role::Bookseller | Role::Auditor | Role::Integrator | Role::Buyer => self.bookseller,
        };
        let institutions = if role.is_institutional() { vec![self.institution] } else { Vec::new() };
        Actor::new(account, role, institutions)
    }

    pub(crate) fn viewer(&self, role: Role) -> Viewer {
        Viewer::of(&self.actor(role))
    }
}

type Folded = (Box<dyn Any + Send + Sync>, u64);

/// A store, its views and the states of everything in it.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) views: Projections,
    pub(crate) dir: TempDir,
    states: HashMap<(&'static str, String), Folded>,
    clock: Arc<AtomicI64>,
    events: u128,
    event_names: BTreeSet<&'static str>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let dir = TempDir::new().expect("folder");
        let clock = Arc::new(AtomicI64::new(MORNING));
        let ticking = Arc::clone(&clock);
        let options = Options::new(move || ticking.fetch_add(1, Ordering::Relaxed));
        let store = Store::open("sqlite", dir.path(), options).await.expect("store");
        let views = Projections::start(store.clone(), dir.path().join("views")).await.expect("views");
        Self { store, views, dir, states: HashMap::new(), clock, events: 0, event_names: BTreeSet::new() }
    }

    /// A shop with one institution and one account of each role.
    pub(crate) async fn with_shop(shop: &'static str) -> (Self, Cast) {
        let mut world = Self::new().await;
        let cast = world.open_shop(shop).await;
        (world, cast)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.clock.load(Ordering::Relaxed)).expect("time")
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }

    pub(crate) fn view_folder(&self) -> PathBuf {
        self.dir.path().join("views")
    }

    pub(crate) fn state<D: Decider + Clone>(&self, id: &str) -> D {
        let found = self.states.get(&(D::TYPE, id.to_owned()));
        found.and_then(|(state, _)| state.downcast_ref::<D>()).cloned().unwrap_or_default()
    }

    pub(crate) fn sequence<D: Decider>(&self, id: &str) -> u64 {
        self.states.get(&(D::TYPE, id.to_owned())).map_or(0, |(_, sequence)| *sequence)
    }

    /// Every kind of event that was decided.
    pub(crate) fn event_names(&self) -> BTreeSet<&'static str> {
        self.event_names.clone()
    }

    fn new_event(&mut self, shop: &str, actor: &Actor, event: &Event) -> NewEvent {
        self.events += 1;
        self.event_names.insert(event.wire_name());
        let mut metadata = serde_json::Map::new();
        metadata.insert("actor".into(), actor.account.to_string().into());
        metadata.insert("at".into(), self.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true).into());
        metadata.insert("ledger".into(), shop.into());
        if let Some(colleague) = actor.on_behalf_of {
            metadata.insert("on_behalf_of".into(), colleague.to_string().into());
        }
        metadata.insert("role".into(), actor.role.as_str().into());
        NewEvent {
            // No two worlds have the same: by that a view knows another history.
            event_id: Uuid::from_slice(&self.store.blind_index(shop, "event", &self.events.to_string())[..16])
                .expect("16 bytes"),
            event_type: event.wire_name().to_owned(),
            event_version: event.version(),
            payload: event.to_payload().expect("payload"),
            metadata: serde_json::Value::Object(metadata).to_string(),
        }
    }

    /// Decides a command on an aggregate and remembers what became of it; nothing is written yet.
    pub(crate) fn decide<D: Decider + Clone>(
        &mut self,
        shop: &str,
        id: &str,
        context: &Context,
        command: &D::Command,
        wrap: fn(D::Event) -> Event,
    ) -> Result<Option<StreamAppend>, D::Error> {
        let mut state: D = self.state(id);
        let expected = self.sequence::<D>(id);
        state.may(command, context)?;
        let decided = state.decide(command, context)?;
        if decided.is_empty() {
            return Ok(None);
        }
        let mut events = Vec::new();
        for event in decided {
            assert!(state.allows(&event).is_ok(), "a decided event is allowed");
            state.evolve(&event);
            events.push(self.new_event(shop, &context.actor, &wrap(event)));
        }
        let sequence = expected + u64::try_from(events.len()).expect("few");
        self.states.insert((D::TYPE, id.to_owned()), (Box::new(state), sequence));
        Ok(Some(StreamAppend { aggregate_type: D::TYPE.to_owned(), aggregate_id: id.to_owned(), expected, events }))
    }

    pub(crate) async fn append(&self, shop: &str, streams: impl IntoIterator<Item = Option<StreamAppend>>) -> u64 {
        let streams: Vec<_> = streams.into_iter().flatten().collect();
        let append = Append { ledger: shop.to_owned(), streams, ..Append::default() };
        self.store.append(append).await.expect("append").position
    }

    /// Many commands at once, in this order: the store commits them in batches of its own.
    pub(crate) async fn append_all(&self, appends: Vec<Append>) {
        for done in join_all(appends.into_iter().map(|append| self.store.append(append))).await {
            done.expect("append");
        }
    }

    /// One command on one aggregate.
    pub(crate) async fn act<D: Decider + Clone>(
        &mut self,
        shop: &str,
        id: impl ToString,
        actor: Actor,
        command: D::Command,
        wrap: fn(D::Event) -> Event,
    ) -> Result<u64, D::Error> {
        let context = Context::new(actor, self.now());
        let stream = self.decide::<D>(shop, &id.to_string(), &context, &command, wrap)?;
        Ok(self.append(shop, [stream]).await)
    }

    pub(crate) async fn open_shop(&mut self, shop: &'static str) -> Cast {
        let cast = Cast::of(shop);
        let establishment = Establishment {
            establishment_id: EstablishmentId(cast.id(900)),
            number: 1,
            name: "LIBRAIRIE DU CENTRE".to_owned(),
            country: "FR".to_owned(),
            vat_number: None,
            currency: "EUR".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        };
        let open = ShopCommand::Open {
            code: shop.parse().expect("code"),
            name: "D LIVRE".to_owned(),
            country: "FR".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
            first: establishment,
        };
        let context = Context::new(Actor::system(), self.now());
        let stream = self.decide::<Shop>(shop, shop, &context, &open, Event::Shop).expect("open");
        let streams = stream.into_iter().collect();
        let append = Append { ledger: shop.to_owned(), opens_ledger: true, streams, ..Append::default() };
        self.store.append(append).await.expect("ledger");
        self.synchronise(&cast, cast.institution, "MÉDIATHÈQUE DE L'ORANGERIE", "8010000696914").await;
        for role in [Role::Requester, Role::Approver, Role::Purchaser, Role::Bookseller] {
            self.open_account(&cast, cast.actor(role).account, role, &[cast.institution]).await;
        }
        cast
    }

    pub(crate) async fn synchronise(&mut self, cast: &Cast, id: InstitutionId, name: &str, number: &str) -> u64 {
        let sent = Synchronisation { profile: profile(name, number), blocked: false, french: true };
        let actor = cast.actor(Role::Librisoft);
        self.act::<Institution>(cast.shop, id, actor, InstitutionCommand::Synchronise(sent), Event::Institution)
            .await
            .expect("synchronised")
    }

    pub(crate) async fn institution(&mut self, cast: &Cast, id: InstitutionId, command: InstitutionCommand) -> u64 {
        self.act::<Institution>(cast.shop, id, Actor::system(), command, Event::Institution).await.expect("institution")
    }

    pub(crate) async fn open_account(
        &mut self,
        cast: &Cast,
        account: AccountId,
        role: Role,
        institutions: &[InstitutionId],
    ) -> u64 {
        let open = AccountCommand::Open {
            email: sealed(account, 1),
            name: sealed(account, 2),
            phone: None,
            role,
            institutions: if role.is_institutional() { institutions.to_vec() } else { Vec::new() },
            establishment: ChosenEstablishment::default(),
            group: None,
            known: true,
            typed_for_two: false,
        };
        self.account(cast, account, open).await
    }

    pub(crate) async fn account(&mut self, cast: &Cast, account: AccountId, command: AccountCommand) -> u64 {
        self.act::<Account>(cast.shop, account, Actor::system(), command, Event::Account).await.expect("account")
    }

    pub(crate) fn standing(&self, institution: InstitutionId) -> Standing {
        let state: Institution = self.state(&institution.to_string());
        state.known().map(Known::standing).unwrap_or_default()
    }

    pub(crate) async fn basket(
        &mut self,
        cast: &Cast,
        id: BasketId,
        role: Role,
        command: BasketCommand,
    ) -> Result<u64, BasketError> {
        let actor = cast.actor(role);
        self.basket_by(cast, id, actor, command).await
    }

    pub(crate) async fn basket_by(
        &mut self,
        cast: &Cast,
        id: BasketId,
        actor: Actor,
        command: BasketCommand,
    ) -> Result<u64, BasketError> {
        let owner: Basket = self.state(&id.to_string());
        let owner_inactive = owner.opened().is_some_and(|basket| {
            let account: Account = self.state(&basket.owner.to_string());
            account.opened().is_some_and(|account| !account.active)
        });
        let context = Context { owner_inactive, ..Context::new(actor, self.now()) };
        let stream = self.decide::<Basket>(cast.shop, &id.to_string(), &context, &command, Event::Basket)?;
        Ok(self.append(cast.shop, [stream]).await)
    }

    pub(crate) async fn open_basket(&mut self, cast: &Cast, n: u8, role: Role) -> BasketId {
        let id = BasketId(cast.id(u128::from(n)));
        let owner = cast.actor(role).account;
        let open = BasketCommand::Open {
            basket_id: id,
            number: u64::from(n),
            institution_id: cast.institution,
            name: Some(sealed(owner, n)),
            standing: Some(self.standing(cast.institution)),
            quota_reached: false,
        };
        self.basket(cast, id, role, open).await.expect("open");
        id
    }

    pub(crate) async fn add_line(&mut self, cast: &Cast, id: BasketId, role: Role, n: u8, quantity: u32) -> LineId {
        let line_id = LineId(uuid(id.0.as_u128() << 8 | u128::from(n)));
        let add = BasketCommand::AddLine {
            line_id,
            article: Some(article(n)),
            quantity,
            line_reference: None,
            standing: self.standing(cast.institution),
        };
        self.basket(cast, id, role, add).await.expect("line");
        line_id
    }

    /// A basket with one line of `quantity` copies.
    pub(crate) async fn filled_basket(&mut self, cast: &Cast, n: u8, role: Role, quantity: u32) -> BasketId {
        let id = self.open_basket(cast, n, role).await;
        self.add_line(cast, id, role, n, quantity).await;
        id
    }

    pub(crate) async fn send(&mut self, cast: &Cast, id: BasketId, role: Role) {
        let standing = self.standing(cast.institution);
        let comment = Some(sealed(cast.actor(role).account, 101));
        self.basket(cast, id, role, BasketCommand::SendToApprover { comment, standing }).await.expect("send");
    }

    pub(crate) async fn validate(&mut self, cast: &Cast, id: BasketId, role: Role) {
        let standing = self.standing(cast.institution);
        let comment = Some(sealed(cast.actor(role).account, 102));
        self.basket(cast, id, role, BasketCommand::Validate { comment, standing }).await.expect("validate");
    }

    pub(crate) async fn give_back(&mut self, cast: &Cast, id: BasketId, role: Role) {
        let comment = Some(sealed(cast.actor(role).account, 103));
        self.basket(cast, id, role, BasketCommand::Return { comment }).await.expect("return");
    }

    pub(crate) fn today(&self, cast: &Cast) -> Today {
        let articles = (0..=200).map(article).map(|article| (article.ean, article)).collect();
        Today { articles, standing: self.standing(cast.institution) }
    }

    fn conversion(&self, cast: &Cast, number: u64, reference: &str) -> Conversion {
        let comment = Some(sealed(cast.purchaser, 104));
        Conversion { reference: reference.to_owned(), comment, number, today: self.today(cast) }
    }

    /// A basket becomes a quote request: both streams in one transaction.
    pub(crate) async fn request_quote(&mut self, cast: &Cast, id: BasketId, n: u8, reference: &str) -> QuoteId {
        let quote_id = QuoteId(cast.id(300 + u128::from(n)));
        let conversion = self.conversion(cast, u64::from(n), reference);
        let comment = conversion.comment;
        let context = Context::new(cast.actor(Role::Purchaser), self.now());
        let command = BasketCommand::RequestQuote { quote_id, conversion };
        let basket = self.decide::<Basket>(cast.shop, &id.to_string(), &context, &command, Event::Basket);
        let (origin, lines) = self.origin(id);
        let request = QuoteCommand::Request {
            number: u64::from(n),
            basket: origin,
            institution_id: cast.institution,
            reference: reference.to_owned(),
            comment,
            lines,
        };
        let quote = self.decide::<Quote>(cast.shop, &quote_id.to_string(), &context, &request, Event::Quote);
        self.append(cast.shop, [basket.expect("basket"), quote.expect("quote")]).await;
        quote_id
    }

    fn origin(&self, id: BasketId) -> (BasketOrigin, Vec<bordereau_domain::line::Line>) {
        let basket: Basket = self.state(&id.to_string());
        let basket = basket.opened().expect("basket").clone();
        let origin = BasketOrigin { basket_id: id, number: basket.number, name: basket.name, owner: basket.owner };
        (origin, basket.lines)
    }

    /// A basket becomes an order: both streams in one transaction.
    pub(crate) async fn place_order(&mut self, cast: &Cast, id: BasketId, n: u8, mode: DeliveryMode) -> OrderId {
        let order_id = OrderId(cast.id(600 + u128::from(n)));
        let terms = terms(cast.institution, mode);
        let conversion = self.conversion(cast, u64::from(n), &format!("REF-{n}"));
        let comment = conversion.comment;
        let context = Context::new(cast.actor(Role::Purchaser), self.now());
        let (origin, lines) = self.origin(id);
        let placement = Placement {
            number: u64::from(n),
            basket: origin,
            quote_id: None,
            institution_id: cast.institution,
            terms,
            establishment_id: Some(EstablishmentId(cast.id(900))),
            created_by: cast.purchaser,
            reference: format!("REF-{n}"),
            comment,
            lines,
            deferred: Vec::new(),
            shipping_incl_tax: "3.00".parse().expect("money"),
            discount_justification: None,
        };
        let placement = Box::new(placement);
        let command = BasketCommand::PlaceOrder { order_id, conversion, placement: Ok(placement.clone()) };
        let basket = self.decide::<Basket>(cast.shop, &id.to_string(), &context, &command, Event::Basket);
        let command = OrderCommand::Place(placement);
        let order = self.decide::<Order>(cast.shop, &order_id.to_string(), &context, &command, Event::Order);
        self.append(cast.shop, [basket.expect("basket"), order.expect("order")]).await;
        order_id
    }

    /// An order from nothing: a purchaser's basket of one article, placed.
    pub(crate) async fn order(&mut self, cast: &Cast, n: u8, mode: DeliveryMode) -> OrderId {
        let basket = self.filled_basket(cast, n, Role::Purchaser, u32::from(n) + 1).await;
        self.place_order(cast, basket, n, mode).await
    }

    pub(crate) async fn on_order(&mut self, cast: &Cast, id: OrderId, role: Role, command: OrderCommand) -> u64 {
        self.act::<Order>(cast.shop, id, cast.actor(role), command, Event::Order).await.expect("order")
    }

    pub(crate) async fn on_quote(&mut self, cast: &Cast, id: QuoteId, role: Role, command: QuoteCommand) -> u64 {
        self.act::<Quote>(cast.shop, id, cast.actor(role), command, Event::Quote).await.expect("quote")
    }

    pub(crate) async fn catch_up(&self) {
        self.views.catch_up().await.expect("caught up");
    }

    /// An event that nobody can decode, in a stream of its own.
    pub(crate) async fn plant_unknown_event(&self, shop: &str) -> u64 {
        let event = NewEvent {
            event_id: uuid(0xdead),
            event_type: "BasketTeleported".to_owned(),
            event_version: "1".to_owned(),
            payload: r#"{"BasketTeleported":{}}"#.to_owned(),
            metadata: "{}".to_owned(),
        };
        let stream = StreamAppend {
            aggregate_type: "Basket".to_owned(),
            aggregate_id: uuid(0xbeef).to_string(),
            expected: 0,
            events: vec![event],
        };
        self.append(shop, [Some(stream)]).await
    }
}
