//! Stores to look at, and the tool to look at them with.

use std::path::{Path, PathBuf};

use bordereau_store::{Options, Store, StoredEvent};
use bordereau_tests::{Cluster, Ended, TestApp, demo_database, run};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// The real binary.
const BINARY: &str = env!("CARGO_BIN_EXE_bordereau-replay");

/// The ledger that the tests spoil.
pub(crate) const LEDGER: &str = "DLIVRE";

/// Where a store is, that no service uses.
pub(crate) struct Place {
    pub(crate) url: String,
    folder: TempDir,
}

impl Place {
    /// An empty folder for a store on SQLite.
    pub(crate) fn empty() -> Self {
        Self { url: "sqlite".to_owned(), folder: TempDir::new().unwrap() }
    }

    /// An empty database.
    pub(crate) fn empty_database() -> Self {
        Self { url: Cluster::shared().make_database(), folder: TempDir::new().unwrap() }
    }

    /// The demonstration on SQLite, with its views, put to rest.
    pub(crate) async fn demo() -> Self {
        let app = TestApp::demo().await;
        app.drain().await;
        app.app.projections.shutdown().await;
        app.app.store.close().await;
        Self::copy_of(app.app.settings.data.as_path())
    }

    /// The demonstration on PostgreSQL.
    pub(crate) async fn demo_on_postgres() -> Self {
        let (url, _) = tokio::task::spawn_blocking(demo_database).await.unwrap();
        Self { url, folder: TempDir::new().unwrap() }
    }

    /// A copy of a folder's files, views included.
    pub(crate) fn copy_of(folder: &Path) -> Self {
        let place = Self::empty();
        copy(folder, place.data());
        place
    }

    /// A copy of this store.
    pub(crate) fn copy(&self) -> Self {
        if self.is_postgres() {
            Self { url: demo_database().0, folder: TempDir::new().unwrap() }
        } else {
            Self::copy_of(self.data())
        }
    }

    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url, self.data(), Options::new(|| 1_800_000_000_000_000)).await.unwrap()
    }

    /// All events of a ledger.
    pub(crate) async fn events(&self, ledger: &str) -> Vec<StoredEvent> {
        let store = self.open().await;
        let events = store.read(ledger, 0, 100_000).await.unwrap();
        store.close().await;
        events
    }

    /// Changes rows as somebody with the rights of the database's owner would, past triggers and constraints.
    pub(crate) fn tamper(&self, sql: &str) {
        if self.is_postgres() {
            let all = format!("ALTER TABLE events DISABLE TRIGGER ALL; {sql}");
            Cluster::shared().sql(&self.url, &all);
        } else {
            let past = "DROP TRIGGER events_unchanged; DROP TRIGGER events_kept;";
            let connection = Connection::open(self.data().join("bordereau.db")).unwrap();
            connection.execute_batch(&format!("{past} {sql}")).unwrap();
        }
    }

    /// Runs the tool on this store.
    pub(crate) fn replay(&self, arguments: &[&str]) -> Ended {
        replay(self.data(), &self.url, arguments)
    }

    /// Runs the tool and reads its JSON.
    pub(crate) fn replay_json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        replay_json(self.data(), &self.url, arguments)
    }
}

/// Runs the tool.
pub(crate) fn replay(data: &Path, url: &str, arguments: &[&str]) -> Ended {
    let place = ["--data", data.to_str().unwrap(), "--store", url];
    run(Path::new(BINARY), &[&place, arguments].concat(), "")
}

/// Runs the tool and reads its JSON.
pub(crate) fn replay_json(data: &Path, url: &str, arguments: &[&str]) -> (Option<i32>, Value) {
    let ended = replay(data, url, &[arguments, &["--json"]].concat());
    let answer = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
    (ended.code, answer)
}

/// Runs the tool on the files of a service that goes on meanwhile.
pub(crate) async fn beside(app: &TestApp, arguments: &[&str]) -> (Option<i32>, Value) {
    let (data, url): (PathBuf, String) = (app.app.settings.data.clone(), app.app.settings.store.clone());
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let work = move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        replay_json(&data, &url, &arguments)
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
