//! The service in a folder of its own, on its real router, without sockets.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, http::Method};
use bordereau_api::{App, Settings, demo, router, serve};
use bordereau_commands::{AccountRequest, Envelope, Housed, Request, SealText, SentInstitution, new_id};
use bordereau_domain::{AccountId, Actor, Decider, InstitutionId, Role};
use bordereau_store::{Head, MailState, Refusal, RefusalQuery};
use chrono::TimeDelta;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    answer::Answer,
    client::Client,
    clock::TestClock,
    template::{demo_database, filled_at, template},
};

/// The service under test. Clones are the same service.
#[derive(Clone)]
pub struct TestApp {
    /// The service's parts.
    pub app: App,
    /// Its clock.
    pub clock: TestClock,
    /// The folder of its files; removed with the last clone.
    pub folder: Option<Arc<TempDir>>,
    pub(crate) router: Router,
    pub(crate) seen: Arc<Seen>,
    tokens: Arc<BTreeMap<String, String>>,
}

/// What the harness remembers across clients.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The last position told, by shop: reads ask for it.
    pub positions: Mutex<HashMap<String, u64>>,
    /// Requests under way.
    pub running: AtomicUsize,
    /// Requests begun so far.
    pub begun: AtomicUsize,
}

impl TestApp {
    /// An empty service: no shop.
    pub async fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        Self::open(folder.into(), Settings::default(), BTreeMap::new()).await
    }

    /// A service that holds the demonstration; everybody is signed in.
    pub async fn demo() -> Self {
        Self::demo_with(Settings::default()).await
    }

    /// The same with settings of one's own.
    pub async fn demo_with(settings: Settings) -> Self {
        let folder = TempDir::new().unwrap();
        template().copy_to(folder.path());
        Self::open(folder.into(), settings, template().tokens.clone()).await
    }

    /// The demonstration on PostgreSQL: in a database of its own; everybody is signed in.
    pub async fn demo_on_postgres() -> Self {
        Self::demo_on_postgres_with(Settings::default()).await
    }

    /// The same with settings of one's own.
    pub async fn demo_on_postgres_with(settings: Settings) -> Self {
        let (store, tokens) = tokio::task::spawn_blocking(demo_database).await.unwrap();
        let settings = Settings { store, ..settings };
        let test = Self::open(TempDir::new().unwrap().into(), settings, tokens).await;
        test.drain().await;
        test
    }

    /// Another node on the same store, with views of its own. What one is told, reads on the other ask for.
    pub async fn another_node(&self) -> Self {
        let (settings, tokens) = (self.app.settings.clone(), (*self.tokens).clone());
        let node = Self::start(TempDir::new().unwrap().into(), settings, tokens, self.clock.clone()).await;
        node.drain().await;
        Self { seen: Arc::clone(&self.seen), ..node }
    }

    async fn open(folder: Arc<TempDir>, settings: Settings, tokens: BTreeMap<String, String>) -> Self {
        let clock = TestClock::at(filled_at() + TimeDelta::hours(1));
        Self::start(folder, settings, tokens, clock).await
    }

    async fn start(
        folder: Arc<TempDir>,
        settings: Settings,
        tokens: BTreeMap<String, String>,
        clock: TestClock,
    ) -> Self {
        let settings = Settings { data: folder.path().to_owned(), ..settings };
        let app = serve::build(settings, clock.edge()).await.unwrap();
        let test = Self::around(app, clock, Some(folder));
        Self { tokens: Arc::new(tokens), ..test }
    }

    /// The harness around a service that runs.
    pub fn around(app: App, clock: TestClock, folder: Option<Arc<TempDir>>) -> Self {
        let router = router::router(app.clone());
        Self { app, clock, folder, router, seen: Arc::default(), tokens: Arc::default() }
    }

    /// Ends the service and starts it again on the same files.
    pub async fn restart(self) -> Self {
        let folder = self.folder.clone().expect("a folder of its own");
        self.app.projections.shutdown().await;
        self.app.store.close().await;
        let (settings, tokens) = (self.app.settings.clone(), (*self.tokens).clone());
        let clock = self.clock.clone();
        drop(self);
        Self::start(folder, settings, tokens, clock).await
    }

    /// Nobody: a client that is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.clone(), None, "")
    }

    /// Somebody of the demonstration, by the e-mail address or, at DLIVRE, by what stands before the `@`.
    pub fn by(&self, who: &str) -> Client {
        let email = if who.contains('@') { who.to_owned() } else { format!("{who}@demo.example") };
        let shop = if email.ends_with("@parvis.example") { "PARVIS" } else { "DLIVRE" };
        let token = self.tokens.get(&email).unwrap_or_else(|| panic!("{email} is nobody's address"));
        Client::new(self.clone(), Some(token.clone()), shop)
    }

    /// The demonstration's *Utilisateur*.
    pub fn requester(&self) -> Client {
        self.by("utilisateur")
    }

    /// The demonstration's *Approbateur*.
    pub fn approver(&self) -> Client {
        self.by("approbateur")
    }

    /// The demonstration's *Collectivité*.
    pub fn purchaser(&self) -> Client {
        self.by("collectivite")
    }

    /// The demonstration's *Libraire*.
    pub fn bookseller(&self) -> Client {
        self.by("libraire")
    }

    /// The demonstration's auditor.
    pub fn auditor(&self) -> Client {
        self.by("auditeur")
    }

    /// A machine, by its key.
    pub fn key(&self, key: &str) -> Client {
        let shop = if key.starts_with("parvis") { "PARVIS" } else { "DLIVRE" };
        Client::new(self.clone(), Some(key.to_owned()), shop)
    }

    /// The demonstration's management system.
    pub fn librisoft(&self) -> Client {
        self.key("demo-librisoft")
    }

    /// Opens a session by the demonstration's password, as a program that asks for no language.
    pub async fn sign_in(&self, email: &str) -> Client {
        let body = json!({ "email": email, "password": demo::PASSWORD });
        let ask = self.anonymous().call(Method::POST, "/api/v1/sessions").without("accept-language").json(&body);
        let session = ask.send().await.expect(201);
        let (token, shop) = (session.text_at("/token"), session.text_at("/shop"));
        Client::new(self.clone(), Some(token), &shop)
    }

    /// Opens an account with the demonstration's password at DLIVRE for the institutions with these client numbers, and
    /// signs it in.
    pub async fn engage(&self, email: &str, role: Role, numbers: &[&str]) -> Client {
        let institutions = numbers.iter().map(|number| institution("DLIVRE", number)).collect();
        self.open_account("DLIVRE", email, demo::PASSWORD, (role, institutions)).await;
        self.sign_in(email).await
    }

    /// Makes somebody a bookseller of PARVIS as well, with a password of his own there.
    pub async fn engage_at_parvis(&self, email: &str, password: &str) {
        self.open_account("PARVIS", email, password, (Role::Bookseller, Vec::new())).await;
    }

    async fn open_account(
        &self,
        shop: &str,
        email: &str,
        password: &str,
        (role, institutions): (Role, Vec<InstitutionId>),
    ) {
        let account_id = AccountId(new_id());
        let open = AccountRequest::Open {
            account_id,
            email: SealText::new(email).unwrap(),
            name: SealText::new("Alex Martin").unwrap(),
            phone: None,
            role,
            institutions,
            establishment: None,
            password_hash: Some(self.app.passwords.hash(password.to_owned()).await.expect("a hash")),
        };
        self.act(shop, account_id, open).await;
    }

    /// The account behind a client.
    pub async fn account_of(&self, client: &Client) -> AccountId {
        client.get("/api/v1/me").await.expect(200).id_at("/account").into()
    }

    /// Day by day in Paris: today, tomorrow, and so on.
    pub fn day(&self, offset: u64) -> chrono::NaiveDate {
        let here = self.clock.now().with_timezone(&chrono_tz::Europe::Paris).date_naive();
        here + chrono::Days::new(offset)
    }

    /// Tries to sign in with a second factor's code.
    pub async fn sign_in_with_code(&self, email: &str, code: &str) -> crate::answer::Answer {
        let body = json!({ "email": email, "password": demo::PASSWORD, "code": code });
        self.anonymous().post("/api/v1/sessions", &body).await
    }

    /// Closes the account behind a client.
    pub async fn deactivate(&self, client: &Client) {
        let account_id = self.account_of(client).await;
        self.act(client.shop(), account_id, AccountRequest::Deactivate { account_id }).await;
    }

    /// Refusals that are kept of DLIVRE, by time.
    pub async fn refusals(&self) -> Vec<Refusal> {
        // They are written without being waited for: what is waited for comes after them.
        self.app.store.end_session(&[0; 32]).await.unwrap();
        self.app.store.list_refusals("DLIVRE", RefusalQuery::default()).await.unwrap()
    }

    /// Lets every view catch up with the log.
    pub async fn drain(&self) {
        self.app.projections.catch_up().await.unwrap();
    }

    /// The last position of a shop's ledger; 0 when there is none.
    pub async fn head(&self, shop: &str) -> u64 {
        self.app.store.head(shop).await.unwrap().map_or(0, |head| head.position)
    }

    /// The last position of every ledger.
    pub async fn heads(&self) -> BTreeMap<String, u64> {
        let heads = self.app.store.heads().await.unwrap();
        heads.into_iter().map(|head| (head.ledger, head.position)).collect()
    }

    /// What a refused request must leave as it is: where the ledgers stand, and how many letters wait. Letters are not
    /// counted where somebody else queues them, of what has happened before.
    pub(crate) async fn written(&self) -> Written {
        let store = &self.app.store;
        let heads = store.heads().await.ok();
        let reactors_run = !self.app.reactors.standings().is_empty();
        let letters = if reactors_run { None } else { store.count_mails(MailState::Waiting).await.ok() };
        Written { heads, letters }
    }

    /// The id of an institution of DLIVRE, by its client number.
    pub fn institution(&self, number: &str) -> Uuid {
        institution("DLIVRE", number).0
    }

    /// Carries out a command that has no route yet, as the system.
    pub async fn act<R>(&self, shop: &str, id: impl ToString, request: R)
    where
        R: Request,
        R::Decider: Housed,
        <R::Decider as Decider>::Error: std::fmt::Debug,
    {
        self.act_as(Actor::system(), shop, id, request).await;
    }

    /// Carries out a command that has no route yet.
    pub async fn act_as<R>(&self, actor: Actor, shop: &str, id: impl ToString, request: R)
    where
        R: Request,
        R::Decider: Housed,
        <R::Decider as Decider>::Error: std::fmt::Debug,
    {
        let envelope = Envelope::new(shop.parse().unwrap(), actor, self.clock.now(), "test");
        let turn = self.seen.begin();
        let done = self.app.commands.execute(envelope, id.to_string(), request).await.unwrap();
        self.seen.end(turn);
        if let Some(position) = done.position {
            self.seen.tell(shop, position);
        }
    }
}

/// The id of an institution.
pub(crate) fn institution(shop: &str, number: &str) -> InstitutionId {
    SentInstitution::id_of(&shop.parse().unwrap(), number)
}

/// Where the ledgers stand, and how many letters wait: what the store could tell of it.
#[derive(Debug)]
pub(crate) struct Written {
    heads: Option<Vec<Head>>,
    letters: Option<u64>,
}

impl Written {
    /// Fails where something was written since.
    pub fn is_still(&self, now: &Self, answer: &Answer) {
        if let (Some(before), Some(after)) = (&self.heads, &now.heads) {
            assert_eq!(before, after, "{answer} was refused and has moved a position");
        }
        if let (Some(before), Some(after)) = (self.letters, now.letters) {
            assert_eq!(before, after, "{answer} was refused and has queued a letter");
        }
    }
}

impl Seen {
    /// Remembers a position that was told.
    pub fn tell(&self, shop: &str, position: u64) {
        let mut positions = self.positions.lock().unwrap();
        let last = positions.entry(shop.to_owned()).or_default();
        *last = position.max(*last);
    }

    /// The last position told.
    pub fn told(&self, shop: &str) -> Option<u64> {
        self.positions.lock().unwrap().get(shop).copied()
    }

    /// Whether nobody else is asking anything just now.
    pub fn begin(&self) -> (bool, usize) {
        let alone = self.running.fetch_add(1, Ordering::SeqCst) == 0;
        (alone, self.begun.fetch_add(1, Ordering::SeqCst))
    }

    /// Whether nobody else has asked anything since `begin` answered.
    pub fn end(&self, (alone, turn): (bool, usize)) -> bool {
        self.running.fetch_sub(1, Ordering::SeqCst);
        alone && self.begun.load(Ordering::SeqCst) == turn + 1
    }
}
