//! The writer under faults that only its own connection can be given.

use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

use crate::error::{AppendError, StoreError};
use crate::log::{Append, NewEvent, StreamAppend};
use crate::sqlite::connection::{open_reading, open_writing};
use crate::sqlite::migrate;
use crate::sqlite::queue::Queue;

struct Bench {
    folder: TempDir,
    queue: Arc<Queue>,
}

impl Bench {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("log.db");
        let mut connection = open_writing(&path).unwrap();
        migrate::run(&mut connection, "log", migrate::LOG, 0).unwrap();
        let queue = Queue::start(&path, connection, Arc::new(|| 1_000), watch::Sender::new(0)).unwrap();
        let opening = Append { opens_ledger: true, ..command("opening", 10) };
        queue.append(opening).await.unwrap();
        Self { folder, queue: Arc::new(queue) }
    }

    fn count(&self) -> i64 {
        let connection = open_reading(&self.folder.path().join("log.db")).unwrap();
        connection.query_row("SELECT count(*) FROM events", [], |row| row.get(0)).unwrap()
    }
}

fn command(aggregate_id: &str, weight: usize) -> Append {
    let event = NewEvent {
        event_id: Uuid::nil(),
        event_type: "Noted".to_owned(),
        event_version: "1.0".to_owned(),
        payload: format!("{{\"Noted\":\"{}\"}}", "x".repeat(weight)),
        metadata: "{}".to_owned(),
    };
    let (aggregate_type, aggregate_id) = ("note".to_owned(), aggregate_id.to_owned());
    let streams = vec![StreamAppend { aggregate_type, aggregate_id, expected: 0, events: vec![event] }];
    Append { ledger: "DLIVRE".to_owned(), opens_ledger: false, streams, beside: Vec::new() }
}

fn allow_pages(connection: &Connection, pages: i64) -> rusqlite::Result<()> {
    connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
}

#[tokio::test]
async fn a_full_disk_refuses_writes_until_space_returns() {
    let bench = Bench::new().await;
    bench.queue.call(|connection| Ok(allow_pages(connection, 1)?)).await.unwrap();
    let mut written = 1;
    let error = loop {
        match bench.queue.append(command(&written.to_string(), 3_000)).await {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, AppendError::Unavailable(_)), "{error:?}");
    assert_eq!(bench.count(), written);
    let error = bench.queue.append(command("again", 3_000)).await.unwrap_err();
    assert!(matches!(error, AppendError::Unavailable(_)), "{error:?}");
    bench.queue.call(|connection| Ok(allow_pages(connection, 1_000_000)?)).await.unwrap();
    let receipt = bench.queue.append(command("again", 3_000)).await.unwrap();
    assert_eq!(i64::try_from(receipt.position).unwrap(), written + 1);
    assert_eq!(bench.count(), written + 1);
}

/// A row whose missing parent is only noticed by the commit.
fn spoil_the_commit(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TABLE parents (id INTEGER PRIMARY KEY);
         CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
         INSERT INTO children VALUES (1);",
    )
}

#[tokio::test]
async fn after_a_commit_in_doubt_nobody_in_the_batch_is_told_done_and_the_writer_goes_on() {
    let bench = Bench::new().await;
    // A mark on the handle shows whether it is thrown away.
    bench.queue.call(|connection| Ok(connection.pragma_update(None, "cache_size", 77)?)).await.unwrap();
    assert_eq!(cache_size(&bench.queue).await, 77);
    // A first job that takes its time lets the others gather in one batch.
    let (started, has_started) = tokio::sync::oneshot::channel::<()>();
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let queue = Arc::clone(&bench.queue);
    let holding = tokio::spawn(async move {
        queue
            .call(move |_| {
                started.send(()).ok();
                wait.recv().ok();
                Ok(())
            })
            .await
    });
    has_started.await.unwrap();
    let queue = Arc::clone(&bench.queue);
    let doubtful = tokio::spawn(async move { queue.append(command("doubtful", 10)).await });
    tokio::task::yield_now().await;
    let queue = Arc::clone(&bench.queue);
    let spoiling = tokio::spawn(async move { queue.call(|connection| Ok(spoil_the_commit(connection)?)).await });
    tokio::task::yield_now().await;
    release.send(()).unwrap();
    holding.await.unwrap().unwrap();
    let error = doubtful.await.unwrap().unwrap_err();
    assert!(matches!(error, AppendError::Unknown(_)), "{error:?}");
    let error = spoiling.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::Unknown(_)), "{error:?}");
    assert_eq!(bench.count(), 1);
    assert_ne!(cache_size(&bench.queue).await, 77);
    assert_eq!(bench.queue.append(command("next", 10)).await.unwrap().position, 2);
}

async fn cache_size(queue: &Queue) -> i64 {
    queue.call(|connection| Ok(connection.query_row("PRAGMA cache_size", [], |row| row.get(0))?)).await.unwrap()
}

#[tokio::test]
async fn a_panic_inside_a_write_does_not_end_the_writer() {
    let bench = Bench::new().await;
    let error = bench.queue.call::<(), _>(|_| panic!("a bug")).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert_eq!(bench.queue.append(command("next", 10)).await.unwrap().position, 2);
}
