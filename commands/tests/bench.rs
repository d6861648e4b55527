//! A shop on a real store in a folder of its own, and one method per act that the tests need.

use bordereau_commands::{
    AccountRequest, BasketRequest, Commands, Done, Envelope, Failed, Housed, IdempotencyKey, InstitutionRequest,
    OpenBasket, PlaceOrder, Request, RequestedTerms, SealText, SentAddress, SentInstitution, ShopRequest,
};
use bordereau_domain::{
    AccountId, Actor, BasketId, Decider, Ean, InstitutionId, LineId, OrderId, Role, ShopCode,
    article::{Article, ArticleKind, Availability},
    institution::InstitutionKind,
    personal::Field,
    pricing::Discounts,
    terms::{DeliveryMode, PaymentMode},
};
use bordereau_store::{ArticlePut, Options, Store, StoredEvent};
use chrono::{DateTime, Utc};
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-03-16T09:30:00Z in µs: the time of the store.
pub(crate) const NOW: i64 = 1_773_653_400_000_000;
/// The article of the manual.
pub(crate) const ROAD: &str = "9782330150136";
/// Another one.
pub(crate) const OTHER: &str = "9782362210419";
/// The library's number in the management system.
pub(crate) const LIBRARY: &str = "8010000696914";

/// What a request of this aggregate is answered with.
pub(crate) type Answered<R> = Result<Done, Failed<<<R as Request>::Decider as Decider>::Error>>;

/// A shop on a store of its own.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    pub(crate) commands: Commands,
}

pub(crate) fn shop() -> ShopCode {
    "DLIVRE".parse().unwrap()
}

pub(crate) fn library() -> InstitutionId {
    SentInstitution::id_of(&shop(), LIBRARY)
}

pub(crate) fn account(role: Role) -> AccountId {
    AccountId(Uuid::from_u128(0xa000 + role as u128))
}

pub(crate) fn basket(number: u128) -> BasketId {
    BasketId(Uuid::from_u128(0xb000 + number))
}

pub(crate) fn order(number: u128) -> OrderId {
    OrderId(Uuid::from_u128(0xc000 + number))
}

pub(crate) fn line(number: u128) -> LineId {
    LineId(Uuid::from_u128(0x7000 + number))
}

pub(crate) fn at() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(NOW).unwrap()
}

/// Someone of this role acts, at the library or at the bookshop.
pub(crate) fn by(role: Role) -> Envelope {
    let institutions = if role.is_institutional() { vec![library()] } else { Vec::new() };
    Envelope::new(shop(), Actor::new(account(role), role, institutions), at(), "api")
}

/// The same under an idempotency key; `body` stands for method, path and body.
pub(crate) fn keyed(role: Role, key: &str, body: u8) -> Envelope {
    Envelope { key: Some(IdempotencyKey { key: key.to_owned(), request_hash: [body; 32] }), ..by(role) }
}

pub(crate) fn text<T: Field>(text: &str) -> SealText<T> {
    SealText::new(text).unwrap()
}

pub(crate) fn opening(number: u128) -> BasketRequest {
    let basket_id = basket(number);
    BasketRequest::Open(OpenBasket { basket_id, institution_id: library(), name: None, quota_reached: false })
}

pub(crate) fn adding(number: u128, ean: &str) -> BasketRequest {
    let ean = Ean::parse(ean).unwrap();
    BasketRequest::AddLine { line_id: line(number), ean, quantity: 1, line_reference: None }
}

pub(crate) fn terms(delivery_mode: DeliveryMode) -> RequestedTerms {
    RequestedTerms {
        delivery_mode,
        payment_mode: PaymentMode::Chorus,
        cost_centre: None,
        deliver_to: None,
        delivery_address_id: None,
        bill_to: None,
    }
}

pub(crate) fn placing(number: u128) -> BasketRequest {
    BasketRequest::PlaceOrder(PlaceOrder {
        order_id: order(number),
        basket_id: basket(number),
        reference: "BC-2026-17".to_owned(),
        comment: None,
        terms: terms(DeliveryMode::Pickup),
    })
}

pub(crate) fn sent_library(blocked: bool) -> InstitutionRequest {
    InstitutionRequest::Synchronise(Box::new(SentInstitution {
        librisoft_number: LIBRARY.to_owned(),
        kind: InstitutionKind::Library,
        name: "Médiathèque de l'Orangerie".to_owned(),
        city: "NANCY".to_owned(),
        discounts: Discounts { reduced_5_5: "9".parse().unwrap(), ..Discounts::default() },
        blocked,
        vat_exempt: false,
        addresses: vec![SentAddress {
            id: None,
            label: "ANNEXE".to_owned(),
            lines: vec!["2, rue des jonquilles".to_owned()],
            postcode: "54000".to_owned(),
            city: "NANCY".to_owned(),
            country: "FR".to_owned(),
        }],
    }))
}

/// An account at the library, or at the bookshop.
pub(crate) fn opening_account(role: Role, email: &str) -> AccountRequest {
    AccountRequest::Open {
        account_id: account(role),
        email: text(email),
        name: text("Camille Exemple"),
        phone: None,
        role,
        institutions: if role.is_institutional() { vec![library()] } else { Vec::new() },
        establishment: None,
        password_hash: None,
    }
}

impl Bench {
    /// An empty store.
    pub(crate) async fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Self::open_in(&folder).await;
        Self { folder, commands: Commands::new(store) }
    }

    async fn open_in(folder: &TempDir) -> Store {
        Store::open("sqlite", folder.path(), Options::new(|| NOW)).await.unwrap()
    }

    /// A shop with a library, an account of each of its roles and a bookseller, and two articles.
    pub(crate) async fn new() -> Self {
        Self::empty().await.furnished().await
    }

    /// The same on an empty store that is there.
    pub(crate) async fn furnished(self) -> Self {
        let bench = self;
        bench.act(by(Role::System), "DLIVRE".to_owned(), opening_shop()).await.unwrap();
        bench.act(by(Role::Librisoft), library().to_string(), sent_library(false)).await.unwrap();
        for role in [Role::Requester, Role::Approver, Role::Purchaser, Role::Bookseller] {
            let request = opening_account(role, &format!("{role}@demo.example"));
            bench.act(by(Role::System), account(role).to_string(), request).await.unwrap();
        }
        bench.put(ROAD, "25.00").await;
        bench.put(OTHER, "6.40").await;
        bench
    }

    /// The same place after a restart of the program.
    pub(crate) async fn restarted(self) -> Self {
        self.commands.store().close().await;
        let Self { folder, commands } = self;
        drop(commands);
        let store = Self::open_in(&folder).await;
        Self { folder, commands: Commands::new(store) }
    }

    /// Another node on the same store: it shares the log and no memory.
    pub(crate) fn another_node(&self) -> Commands {
        Commands::new(self.commands.store().clone())
    }

    pub(crate) async fn act<R: Request>(&self, envelope: Envelope, id: String, request: R) -> Answered<R>
    where
        R::Decider: Housed,
    {
        self.commands.execute(envelope, id, request).await
    }

    /// Someone of this role asks something of the basket with this number.
    pub(crate) async fn ask(&self, role: Role, number: u128, request: BasketRequest) -> Answered<BasketRequest> {
        self.act(by(role), basket(number).to_string(), request).await
    }

    /// A basket of this role with one line.
    pub(crate) async fn filled(&self, role: Role, number: u128) {
        self.ask(role, number, opening(number)).await.unwrap();
        self.ask(role, number, adding(1, ROAD)).await.unwrap();
    }

    /// The catalogue has this article at this price from now on.
    pub(crate) async fn put(&self, ean: &str, price: &str) {
        let article = Article {
            ean: Ean::parse(ean).unwrap(),
            title: "CEMETERY ROAD".to_owned(),
            author: "ILES GREG".to_owned(),
            publisher: "ACTES SUD".to_owned(),
            price_incl_tax: price.parse().unwrap(),
            vat_rate: "5.5".parse().unwrap(),
            kind: ArticleKind::Book,
            availability: Availability::Available,
            language: None,
            published_on: None,
        };
        let put = ArticlePut {
            ean: ean.to_owned(),
            body: serde_json::to_string(&article).unwrap(),
            price_incl_tax: price.to_owned(),
            vat_rate: "5.5".to_owned(),
        };
        self.commands.store().put_articles("DLIVRE", vec![put], NOW).await.unwrap();
    }

    pub(crate) async fn withdraw(&self, ean: &str) {
        self.commands.store().withdraw_articles("DLIVRE", vec![ean.to_owned()], NOW).await.unwrap();
    }

    /// The position of the ledger's last event.
    pub(crate) async fn head(&self) -> u64 {
        self.commands.store().head("DLIVRE").await.unwrap().map_or(0, |head| head.position)
    }

    /// The whole log.
    pub(crate) async fn log(&self) -> Vec<StoredEvent> {
        self.commands.store().read("DLIVRE", 0, 10_000).await.unwrap()
    }

    /// Wire names after a position.
    pub(crate) async fn names_after(&self, position: u64) -> Vec<String> {
        let events = self.commands.store().read("DLIVRE", position, 10_000).await.unwrap();
        events.into_iter().map(|event| event.event_type).collect()
    }
}

pub(crate) fn opening_shop() -> ShopRequest {
    ShopRequest::Open {
        code: shop(),
        name: "DLIVRE".to_owned(),
        country: "FR".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    }
}

/// A field of an answer's body.
pub(crate) fn field(done: &Done, name: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Value>(&done.body).unwrap()[name].clone()
}
