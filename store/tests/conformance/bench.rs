//! A place where a store can be opened and opened again, and the short hands that the cases use.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bordereau_store::{Append, Beside, Micros, NewEvent, NewOutcome, Options, Receipt, Store, StreamAppend};
use rusqlite::Connection;
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use super::cluster::Cluster;

pub(crate) const LEDGER: &str = "DLIVRE";
pub(crate) const OTHER: &str = "PARVIS";
pub(crate) const SECOND: Micros = 1_000_000;
pub(crate) const DAY: Micros = 24 * 3_600 * SECOND;
/// 2026-01-01T00:00:00Z.
pub(crate) const START: Micros = 1_767_225_600 * SECOND;

/// Where a store lives, and the clock that it reads.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    url: String,
    clock: Arc<AtomicI64>,
}

impl Bench {
    pub(crate) fn sqlite() -> Self {
        Self::at("sqlite")
    }

    pub(crate) async fn postgres() -> Self {
        Self::at(&Cluster::fresh_database().await)
    }

    pub(crate) fn at(url: &str) -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        Self { folder: TempDir::new().unwrap(), url: url.to_owned(), clock }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Another place on the same back end.
    pub(crate) async fn elsewhere(&self) -> Self {
        if self.is_postgres() { Self::postgres().await } else { Self::sqlite() }
    }

    /// A connection from outside the store.
    pub(crate) async fn raw(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }

    /// Runs a script from outside the store.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(&mut self.raw().await).await.map(|_| ())
    }

    /// A new place with a copy of this one's keys.
    pub(crate) async fn with_same_keys(&self) -> Self {
        let copy = self.elsewhere().await;
        if self.is_postgres() {
            copy.open_bare().await;
            self.copy_keys(&copy).await;
        }
        for name in ["keys.db", "keys.db-wal", "master.key"] {
            if self.data().join(name).exists() {
                std::fs::copy(self.data().join(name), copy.data().join(name)).unwrap();
            }
        }
        copy
    }

    async fn copy_keys(&self, copy: &Self) {
        for table in ["master", "secrets", "keys"] {
            copy.run(&format!("TRUNCATE bordereau_keys.{table}")).await.unwrap();
            let all = format!("SELECT coalesce(json_agg(t)::text, '[]') FROM bordereau_keys.{table} t");
            let rows: String = sqlx::query_scalar(&all).fetch_one(&mut self.raw().await).await.unwrap();
            let put = format!(
                "INSERT INTO bordereau_keys.{table} SELECT * FROM json_populate_recordset(null::bordereau_keys.{table}, $1::json)"
            );
            sqlx::query(&put).bind(rows).execute(&mut copy.raw().await).await.unwrap();
        }
    }

    /// Makes the time that is recorded from jump back a day; returns the time of the ledger's last event.
    pub(crate) async fn turn_the_clock_back(&self, last: Micros) -> Micros {
        if !self.is_postgres() {
            self.set_clock(START - DAY);
            return last;
        }
        // The server's clock cannot be turned: the ledger is put ahead of it.
        let ahead = format!("UPDATE ledger_heads SET recorded_at = recorded_at + {DAY}");
        self.run(&ahead).await.unwrap();
        last + DAY
    }

    /// Makes every append that writes events take a moment, at random, inside its transaction.
    pub(crate) async fn slow_appends(&self) {
        if self.is_postgres() {
            let slow = "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NULL; END $$;
                CREATE TRIGGER dawdle AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION dawdle()";
            self.run(slow).await.unwrap();
        } else {
            // SQLite cannot sleep: it counts.
            let slow = "CREATE VIEW a_while AS WITH RECURSIVE n(i) AS
                    (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT (abs(random()) % 1000 + 1)) SELECT count(*) AS i FROM n;
                CREATE TRIGGER dawdle AFTER INSERT ON events BEGIN SELECT i FROM a_while; END";
            Connection::open(self.data().join("bordereau.db")).unwrap().execute_batch(slow).unwrap();
        }
    }

    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn set_clock(&self, at: Micros) {
        self.clock.store(at, Ordering::SeqCst);
    }

    pub(crate) fn options(&self) -> Options {
        let clock = Arc::clone(&self.clock);
        Options::new(move || clock.load(Ordering::SeqCst))
    }

    /// Opens the store, without a ledger.
    pub(crate) async fn open_bare(&self) -> Store {
        Store::open(&self.url, self.data(), self.options()).await.unwrap()
    }

    /// Opens the store with both ledgers, each with its first event.
    pub(crate) async fn open(&self) -> Store {
        let store = self.open_bare().await;
        for ledger in [LEDGER, OTHER] {
            if store.head(ledger).await.unwrap().is_none() {
                store.append(opening(ledger)).await.unwrap();
            }
        }
        store
    }

    pub(crate) async fn reopen(&self, store: Store) -> Store {
        store.close().await;
        drop(store);
        self.open_bare().await
    }
}

pub(crate) fn opening(ledger: &str) -> Append {
    Append { opens_ledger: true, ..command(ledger, vec![stream("shop", ledger, 0, 1)]) }
}

pub(crate) fn command(ledger: &str, streams: Vec<StreamAppend>) -> Append {
    Append { ledger: ledger.to_owned(), opens_ledger: false, streams, beside: Vec::new() }
}

pub(crate) fn stream(aggregate_type: &str, aggregate_id: &str, expected: u64, count: usize) -> StreamAppend {
    let events = (0..count).map(|_| event()).collect();
    StreamAppend { aggregate_type: aggregate_type.to_owned(), aggregate_id: aggregate_id.to_owned(), expected, events }
}

pub(crate) fn event() -> NewEvent {
    let event_id = fresh_id();
    NewEvent {
        event_id,
        event_type: "BasketLineAdded".to_owned(),
        event_version: "1.0".to_owned(),
        payload: format!(r#"{{"BasketLineAdded":{{"line_id":"{event_id}"}}}}"#),
        metadata: r#"{"actor":"1","at":"2026-01-01T00:00:00Z"}"#.to_owned(),
    }
}

/// An id that has not been given before.
pub(crate) fn fresh_id() -> Uuid {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}

pub(crate) fn outcome(key: &str) -> Beside {
    Beside::Outcome(NewOutcome {
        account: "account-1".to_owned(),
        key: key.to_owned(),
        request_hash: [7; 32],
        status: 201,
        body: r#"{"id":"1"}"#.to_owned(),
        sequence: 3,
    })
}

/// Appends one event to a stream.
pub(crate) async fn add(store: &Store, aggregate_id: &str, expected: u64) -> Receipt {
    store.append(command(LEDGER, vec![stream("basket", aggregate_id, expected, 1)])).await.unwrap()
}

/// The ids of all events of a ledger, read in pages.
pub(crate) async fn all_ids(store: &Store, ledger: &str) -> Vec<Uuid> {
    let (mut ids, mut after) = (Vec::new(), 0);
    loop {
        let page = store.read(ledger, after, 100).await.unwrap();
        let Some(last) = page.last() else { return ids };
        after = last.position;
        ids.extend(page.iter().map(|event| event.event_id));
    }
}
