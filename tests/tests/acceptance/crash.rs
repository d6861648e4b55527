//! R1: the real binary is killed while sixteen clients write, again and again, and started again. What it had said was
//! done is there once; what it had not answered is there whole or not at all, and can be asked again.
//!
//! `CRASH_ROUNDS` says how often (25 by default). A kill leaves the system's page cache, so this does not show that a
//! commit reaches the disk, only that nothing is told before it is written: the control, which does tell before, must
//! be found out.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use bordereau_commands::new_id;
use bordereau_store::{Options, Store};
use bordereau_tests::{
    Asked, Cluster, Entry, Ledger, Person, Process, Reckoning, Verdict, demo_database, demo_folder, rows_of_views, tell,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{task::JoinSet, time::Interval};
use uuid::Uuid;

use super::BINARY;

const WRITERS: usize = 16;
const SHOP: &str = "DLIVRE";
/// Kills of the control.
const CONTROL_ROUNDS: usize = 8;
/// Between two commands of one client.
const PACE: Duration = Duration::from_millis(8);

/// What one blow has shown.
struct Struck {
    /// The service that was started after it.
    service: Process,
    person: Person,
    /// Where the ledger stood before it.
    before: u64,
    entries: Vec<Entry>,
    shown: Reckoning,
}

/// A service that is killed again and again, and what its clients remember.
struct Siege {
    data: TempDir,
    store: String,
    environment: Vec<(&'static str, &'static str)>,
    person: Option<Person>,
    /// Where the ledger stood before the first client wrote.
    base: Option<u64>,
    entries: Vec<Entry>,
    /// From the start of a process to its readiness.
    starts: Vec<Duration>,
    /// What the rounds have shown, summed up.
    shown: Reckoning,
}

impl Siege {
    fn on(data: TempDir, store: &str) -> Self {
        let environment = vec![("BORDEREAU_REQUESTS_PER_SECOND", "100000"), ("BORDEREAU_REQUEST_BURST", "100000")];
        let (entries, starts) = (Vec::new(), Vec::new());
        let (person, base, shown) = (None, None, Reckoning::default());
        Self { data, store: store.to_owned(), environment, person, base, entries, starts, shown }
    }

    /// Starts the service and waits until it is ready.
    async fn start(&mut self) -> Process {
        let began = Instant::now();
        let flags = ["--store", &self.store];
        let process = Process::serve_with(Path::new(BINARY), self.data.path(), &flags, &self.environment);
        let mut look = every(Duration::from_millis(2));
        let http = reqwest::Client::new();
        while !tell(http.get(format!("{}/readyz", process.address))).await.status.is_success() {
            look.tick().await;
        }
        self.starts.push(began.elapsed());
        process
    }

    /// The store beside the service. It must be gone before the next kill: what a dead process left is for the next
    /// service to clear up.
    async fn beside(&self) -> Store {
        Store::open(&self.store, self.data.path(), Options::new(wall_clock)).await.unwrap()
    }

    /// One blow: start, write, kill, start; what that has shown.
    async fn strike(&mut self, round: usize) -> Struck {
        let service = self.start().await;
        let person = match &self.person {
            Some(person) => person.clone(),
            None => self.person.insert(Person::sign_in(&service.address, "collectivite").await).clone(),
        };
        let before = self.head().await;
        self.base.get_or_insert(before);
        let entries = write_until_killed(service, &person, round).await;
        let service = self.start().await;
        let shown = self.look(&person, before, &entries).await;
        self.shown.add(&shown);
        Struck { service, person, before, entries, shown }
    }

    /// One round: a blow that nothing suffers from, and what was not answered is asked again.
    async fn round(&mut self, number: usize) {
        let Struck { service, person, before, entries, shown } = self.strike(number).await;
        shown.sound();
        let settled = ask_again(&service, &person, entries).await;
        let after = self.look(&person, before, &settled).await.sound();
        assert_eq!(after.unknown_written + after.unknown_absent, 0, "{after:?}");
        self.entries.extend(settled);
        service.kill();
    }

    async fn head(&self) -> u64 {
        let store = self.beside().await;
        let head = store.head(SHOP).await.unwrap().unwrap().position;
        store.close().await;
        head
    }

    async fn look(&self, person: &Person, before: u64, entries: &[Entry]) -> Reckoning {
        let store = self.beside().await;
        let ledger = Ledger::read(&store, SHOP).await;
        let shown = ledger.reckon(&store, &person.account, before, entries).await;
        store.close().await;
        shown
    }

    /// After the last round: everything once more, and the views that lived through the kills against views that are
    /// built anew.
    async fn assert_whole(&mut self) {
        assert_eq!(self.start().await.stop().0, Some(0));
        let store = self.beside().await;
        let ledger = Ledger::read(&store, SHOP).await;
        let account = self.person.as_ref().unwrap().account.clone();
        ledger.reckon(&store, &account, self.base.unwrap(), &self.entries).await.sound();
        let lived = rows_of_views(&store, &self.data.path().join("views")).await;
        let rebuilt = rows_of_views(&store, &self.data.path().join("rebuilt")).await;
        assert!(lived.values().map(Vec::len).sum::<usize>() > 100);
        assert!(lived == rebuilt, "the views differ from views that are built anew: {:?}", differing(&lived, &rebuilt));
        store.close().await;
    }

    #[expect(clippy::print_stderr, reason = "figures for whoever runs the test with --nocapture")]
    fn tell_figures(&mut self, rounds: usize) {
        self.starts.sort();
        let at = |part: usize| self.starts[(self.starts.len() - 1) * part / 100];
        eprintln!(
            "{rounds} kills: {:?}; ready after p50 {:?}, p99 {:?}, of {} starts, {} commands",
            self.shown,
            at(50),
            at(99),
            self.starts.len(),
            self.entries.len()
        );
    }
}

fn differing(
    one: &std::collections::BTreeMap<String, Vec<String>>,
    other: &std::collections::BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    one.keys().chain(other.keys()).filter(|table| one.get(*table) != other.get(*table)).cloned().collect()
}

/// What the machine's clock says: the service beside which a store is opened goes by it too.
fn wall_clock() -> i64 {
    chrono::DateTime::<chrono::Utc>::from(std::time::UNIX_EPOCH + wall_time()).timestamp_micros()
}

#[expect(clippy::disallowed_methods, reason = "this is an edge: a second process beside the service")]
fn wall_time() -> Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap()
}

fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks
}

/// A moment between 50 and 1500 ms.
fn a_moment() -> Duration {
    let random = new_id().as_u128() & 0xffff_ffff;
    Duration::from_millis(50 + u64::try_from(random % 1_451).unwrap())
}

/// Lets all clients write and kills the service after a moment.
async fn write_until_killed(service: Process, person: &Person, round: usize) -> Vec<Entry> {
    let mut clients = JoinSet::new();
    let shared = Shared::make(person, &service.address, round).await;
    let mut entries = shared.entries.clone();
    for number in 0..WRITERS {
        let writer = Writer {
            person: person.clone(),
            node: service.address.clone(),
            name: format!("round-{round}-client-{number}"),
            shared: shared.clone(),
            pace: every(PACE),
            entries: Vec::new(),
        };
        clients.spawn(writer.work());
    }
    // Nobody ends by himself: this is how long they are left alone.
    let early = tokio::time::timeout(a_moment(), clients.join_next()).await;
    assert!(early.is_err(), "a client gave up: {early:?}");
    service.kill();
    for written in clients.join_all().await {
        entries.extend(written);
    }
    entries
}

/// A line that all clients change at once.
#[derive(Clone)]
struct Shared {
    basket: Uuid,
    line: Uuid,
    sequence: u64,
    entries: Vec<Entry>,
}

impl Shared {
    async fn make(person: &Person, node: &str, round: usize) -> Self {
        let name = format!("round-{round}-shared");
        let opened = Entry::send(person, node, format!("{name}-open"), Asked::Open { name: name.clone() }).await;
        let basket = id(&opened, "id").expect("a basket");
        let added = Entry::send(person, node, format!("{name}-add"), Asked::Add { basket, quantity: 9_999 }).await;
        let line = id(&added, "line_id").expect("a line");
        Self { basket, line, sequence: 2, entries: vec![opened, added] }
    }
}

fn id(entry: &Entry, field: &str) -> Option<Uuid> {
    match &entry.verdict {
        Verdict::Acknowledged { body, .. } => body.get(field).and_then(Value::as_str)?.parse().ok(),
        Verdict::Refused { .. } | Verdict::Unknown => None,
    }
}

/// A client with a journal.
struct Writer {
    person: Person,
    node: String,
    name: String,
    shared: Shared,
    pace: Interval,
    entries: Vec<Entry>,
}

impl Writer {
    /// Works until the service is gone.
    async fn work(mut self) -> Vec<Entry> {
        while self.one_basket().await.is_some() {}
        self.entries
    }

    /// A basket with three lines becomes an order, while the shared line is fought for.
    async fn one_basket(&mut self) -> Option<()> {
        let name = format!("{}-basket-{}", self.name, self.entries.len());
        self.ask(Asked::Open { name: name.clone() }).await?;
        let basket = id(self.entries.last()?, "id")?;
        for quantity in 1..=3 {
            self.ask(Asked::Add { basket, quantity }).await?;
            self.ask_for_the_shared_line().await?;
        }
        self.ask(Asked::Order { basket, reference: name }).await
    }

    async fn ask_for_the_shared_line(&mut self) -> Option<()> {
        let Shared { basket, line, sequence: seen, .. } = self.shared;
        self.ask(Asked::Change { basket, line, seen }).await?;
        match &self.entries.last()?.verdict {
            Verdict::Acknowledged { sequence, .. } => self.shared.sequence = *sequence,
            Verdict::Refused { status, current } => {
                assert_eq!(*status, 412);
                self.shared.sequence = current.expect("a 412 carries the current sequence");
            }
            Verdict::Unknown => {}
        }
        Some(())
    }

    /// Sends a command; nothing when it was not answered.
    async fn ask(&mut self, asked: Asked) -> Option<()> {
        self.pace.tick().await;
        let key = format!("{}-{}", self.name, self.entries.len());
        let entry = Entry::send(&self.person, &self.node, key, asked).await;
        let answered = entry.verdict != Verdict::Unknown;
        self.entries.push(entry);
        answered.then_some(())
    }
}

/// Sends again what was not answered: it is done now, once, or it is refused because others were first.
async fn ask_again(service: &Process, person: &Person, entries: Vec<Entry>) -> Vec<Entry> {
    let mut settled = Vec::with_capacity(entries.len());
    for entry in entries {
        if entry.verdict != Verdict::Unknown {
            settled.push(entry);
            continue;
        }
        let again = entry.send_again(person, &service.address).await;
        match (&again.verdict, &again.asked) {
            (Verdict::Acknowledged { .. }, _) | (Verdict::Refused { status: 412, .. }, Asked::Change { .. }) => {}
            (verdict, asked) => panic!("{asked:?} was asked again: {verdict:?}"),
        }
        // And once more: the same answer, no second effect.
        let twice = entry.send_again(person, &service.address).await;
        assert_eq!(twice, again);
        settled.push(again);
    }
    settled
}

fn rounds() -> usize {
    std::env::var("CRASH_ROUNDS").map_or(25, |rounds| rounds.parse().expect("a number"))
}

async fn withstands(mut siege: Siege) {
    let rounds = rounds();
    for number in 0..rounds {
        siege.round(number).await;
    }
    siege.assert_whole().await;
    siege.tell_figures(rounds);
    assert!(siege.shown.acknowledged > WRITERS * rounds, "{:?}", siege.shown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_service_that_is_killed_under_load_keeps_what_it_has_acknowledged_on_sqlite() {
    let data = tokio::task::spawn_blocking(demo_folder).await.unwrap();
    withstands(Siege::on(data, "sqlite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_service_that_is_killed_under_load_keeps_what_it_has_acknowledged_on_postgres() {
    let (store, _) = tokio::task::spawn_blocking(demo_database).await.unwrap();
    withstands(Siege::on(TempDir::new().unwrap(), &store)).await;
    // The server itself has stayed up.
    assert_eq!(Cluster::shared().sql(&store, "SELECT 1"), "1");
}

/// The negative control: a service that tells before it commits.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_service_that_answers_before_it_commits_is_found_out() {
    let data = tokio::task::spawn_blocking(demo_folder).await.unwrap();
    let mut siege = Siege::on(data, "sqlite");
    siege.environment.push(("ANSWER_BEFORE_COMMIT", "1"));
    for number in 0..CONTROL_ROUNDS {
        siege.strike(number).await.service.kill();
    }
    siege.tell_figures(CONTROL_ROUNDS);
    assert!(siege.shown.lost > 0, "{:?}", siege.shown);
    assert_eq!(siege.shown.doubled, 0, "{:?}", siege.shown);
}
