//! The frame of reactors on a real log: every event once, one node at a time, a poisoned aggregate set aside.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use bordereau_commands::{AccountRequest, Commands, Envelope, SealText, ShopRequest, new_id};
use bordereau_domain::{AccountId, Actor, Role};
use bordereau_integrations::{Board, Node, Reactor, Reactors, Trouble};
use bordereau_projections::Recorded;
use bordereau_store::{Clock, Options, Store};
use chrono::DateTime;
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

/// 2026-03-16T09:30:00Z in µs.
const START: i64 = 1_773_653_400_000_000;
const SHOP: &str = "DLIVRE";

/// Which node was told of which position of which aggregate.
type Told = (&'static str, u64, String);

/// Remembers what it was told, by node.
#[derive(Clone)]
struct Scribe {
    node: &'static str,
    told: Arc<Mutex<Vec<Told>>>,
    progress: watch::Sender<usize>,
    cannot: Arc<Mutex<Option<String>>>,
    away: Arc<AtomicBool>,
}

impl Scribe {
    fn new(node: &'static str) -> Self {
        Self {
            node,
            told: Arc::default(),
            progress: watch::Sender::new(0),
            cannot: Arc::default(),
            away: Arc::default(),
        }
    }

    fn positions(&self) -> Vec<u64> {
        self.told.lock().unwrap().iter().map(|(_, position, _)| *position).collect()
    }

    async fn has_told(&self, count: usize) {
        let mut progress = self.progress.subscribe();
        let told = tokio::time::timeout(Duration::from_secs(20), progress.wait_for(|told| *told >= count));
        told.await.unwrap_or_else(|_| panic!("{:?}", self.positions())).unwrap();
    }
}

impl Reactor for Scribe {
    const NAME: &'static str = "scribe";

    async fn react(&self, event: &Recorded) -> Result<(), Trouble> {
        if self.away.load(Ordering::SeqCst) {
            return Err(Trouble::NotNow("away".to_owned()));
        }
        if self.cannot.lock().unwrap().as_ref() == Some(&event.aggregate_id) {
            return Err(Trouble::Never("unreadable".to_owned()));
        }
        let mut told = self.told.lock().unwrap();
        told.push((self.node, event.position, event.aggregate_id.clone()));
        self.progress.send_replace(told.len());
        Ok(())
    }
}

struct World {
    _folder: TempDir,
    store: Store,
    commands: Commands,
    time: Arc<AtomicI64>,
}

impl World {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open("sqlite", folder.path(), Options::new(|| START)).await.unwrap();
        let world = Self {
            _folder: folder,
            commands: Commands::new(store.clone()),
            store,
            time: Arc::new(AtomicI64::new(START)),
        };
        let open = ShopRequest::Open {
            code: SHOP.parse().unwrap(),
            name: "La librairie".to_owned(),
            country: "FR".to_owned(),
            currency: "EUR".to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        };
        world.commands.execute(Self::envelope(), SHOP.to_owned(), open).await.unwrap();
        world
    }

    fn envelope() -> Envelope {
        let at = DateTime::from_timestamp_micros(START).unwrap();
        Envelope::new(SHOP.parse().unwrap(), Actor::system(), at, "test")
    }

    /// Opens an account: one event of one aggregate.
    async fn account(&self, number: u128) -> String {
        let account_id = AccountId(Uuid::from_u128(number));
        let open = AccountRequest::Open {
            account_id,
            email: SealText::new(&format!("a{number}@b.example")).unwrap(),
            name: SealText::new("Alex Martin").unwrap(),
            phone: None,
            role: Role::Bookseller,
            institutions: Vec::new(),
            establishment: None,
            password_hash: None,
        };
        self.commands.execute(Self::envelope(), account_id.to_string(), open).await.unwrap();
        account_id.to_string()
    }

    async fn close(&self, account: &str) {
        let account_id = AccountId(account.parse().unwrap());
        let request = AccountRequest::Deactivate { account_id };
        self.commands.execute(Self::envelope(), account.to_owned(), request).await.unwrap();
    }

    fn node(&self) -> Node {
        let time = Arc::clone(&self.time);
        let clock: Clock = Arc::new(move || time.load(Ordering::SeqCst));
        Node { store: self.store.clone(), clock, id: new_id() }
    }

    fn start(&self, scribe: &Scribe) -> (Reactors, Board) {
        let board = Board::default();
        let mut reactors = Reactors::new(self.node(), board.clone());
        reactors.follow(scribe.clone());
        (reactors, board)
    }

    fn wait(&self, seconds: i64) {
        self.time.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

/// What a board shows of the reactor, once it shows `parked` aggregates.
async fn parked(board: &Board, count: usize) -> BTreeMap<String, u64> {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..1_000 {
        looks.tick().await;
        let standings = board.standings();
        let parked = &standings["scribe"].parked;
        if parked.len() == count {
            return parked.iter().map(|parked| (parked.aggregate_id.clone(), parked.position)).collect();
        }
    }
    panic!("{:?}", board.standings());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_told_once_and_in_order_also_after_a_restart() {
    let world = World::new().await;
    let scribe = Scribe::new("one");
    world.account(1).await;
    let (reactors, _) = world.start(&scribe);
    let head = |world: &World| {
        let store = world.store.clone();
        async move { store.head(SHOP).await.unwrap().unwrap().position }
    };
    scribe.has_told(usize::try_from(head(&world).await).unwrap()).await;
    world.account(2).await;
    scribe.has_told(usize::try_from(head(&world).await).unwrap()).await;
    reactors.shutdown().await;
    world.account(3).await;
    let (reactors, _) = world.start(&scribe);
    let last = head(&world).await;
    scribe.has_told(usize::try_from(last).unwrap()).await;
    reactors.shutdown().await;
    assert_eq!(scribe.positions(), (1..=last).collect::<Vec<_>>());
    assert_eq!(world.store.find_checkpoint(SHOP, "scribe").await.unwrap(), last);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aggregate_that_cannot_be_dealt_with_waits_and_the_others_go_on() {
    let world = World::new().await;
    let scribe = Scribe::new("one");
    let poisoned = world.account(1).await;
    *scribe.cannot.lock().unwrap() = Some(poisoned.clone());
    let (reactors, board) = world.start(&scribe);
    let other = world.account(2).await;
    world.close(&poisoned).await;
    world.close(&other).await;
    let seen = parked(&board, 1).await;
    let head = world.store.head(SHOP).await.unwrap().unwrap().position;
    // Opened and closed again: both events of the poisoned account wait.
    scribe.has_told(usize::try_from(head).unwrap() - 2).await;
    let first = world.store.load(SHOP, "Account", &poisoned, 0).await.unwrap()[0].position;
    assert_eq!(seen, BTreeMap::from([(poisoned.clone(), first)]));
    assert!(scribe.told.lock().unwrap().iter().all(|(_, _, aggregate)| *aggregate != poisoned));

    // Ten minutes later it can be read.
    *scribe.cannot.lock().unwrap() = None;
    world.wait(601);
    parked(&board, 0).await;
    reactors.shutdown().await;
    let mut told = scribe.positions();
    told.sort_unstable();
    assert_eq!(told, (1..=head).collect::<Vec<_>>());
    assert!(world.store.list_parked(SHOP).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_outside_is_away_nothing_is_set_aside() {
    let world = World::new().await;
    let scribe = Scribe::new("one");
    scribe.away.store(true, Ordering::SeqCst);
    let account = world.account(1).await;
    let (reactors, board) = world.start(&scribe);
    scribe.away.store(false, Ordering::SeqCst);
    world.wait(2);
    world.close(&account).await;
    let head = world.store.head(SHOP).await.unwrap().unwrap().position;
    scribe.has_told(usize::try_from(head).unwrap()).await;
    assert!(parked(&board, 0).await.is_empty());
    reactors.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_node_at_a_time_is_the_reactor_and_another_takes_over() {
    let world = World::new().await;
    let (one, two) = (Scribe::new("one"), Scribe::new("two"));
    let (first, _) = world.start(&one);
    let head = world.store.head(SHOP).await.unwrap().unwrap().position;
    one.has_told(usize::try_from(head).unwrap()).await;
    let (second, _) = world.start(&two);
    world.account(1).await;
    let head = world.store.head(SHOP).await.unwrap().unwrap().position;
    one.has_told(usize::try_from(head).unwrap()).await;
    assert!(two.positions().is_empty());
    // It gives its lease back when it stops: nobody waits for the lease's end.
    first.shutdown().await;
    world.wait(6);
    world.account(2).await;
    two.has_told(1).await;
    second.shutdown().await;
    let all = [one.positions(), two.positions()].concat();
    assert_eq!(all, (1..=world.store.head(SHOP).await.unwrap().unwrap().position).collect::<Vec<_>>());
}
