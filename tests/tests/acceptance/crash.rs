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

use bordereau_store::{Options, Store};
use bordereau_tests::{
    Cluster, Entry, Ledger, Person, Process, Reckoning, demo_database, demo_folder, rows_of_views, run, tell,
};
use tempfile::TempDir;

use super::{BINARY, REPLAY};

mod clients;

use clients::{WRITERS, ask_again, every, write_until_killed};

const SHOP: &str = "DLIVRE";
/// Kills of the control.
const CONTROL_ROUNDS: usize = 8;

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
        self.assert_auditor_content();
    }

    /// The auditor's tool finds the log whole and the views its own.
    fn assert_auditor_content(&self) {
        let folder = self.data.path().to_str().unwrap();
        for check in ["verify", "diff"] {
            let ended = run(Path::new(REPLAY), &[check, "--store", &self.store, "--data", folder], "");
            assert_eq!(ended.code, Some(0), "{check}: {}{}", ended.stdout, ended.stderr);
        }
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
