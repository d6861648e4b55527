//! What holds for the files of the SQLite back end: rows that nobody may change, files that were tampered with, files
//! of a newer program.

use std::fs;
use std::path::Path;

use bordereau_store::{Append, Beside, OpenError, Options, Purpose, SealedField, Store, StoreError};
use rusqlite::Connection;

use crate::conformance::bench::{Bench, LEDGER, START, add, all_ids, command, fresh_id};

/// A connection from outside the store.
fn raw(bench: &Bench, file: &str) -> Connection {
    Connection::open(bench.data().join(file)).unwrap()
}

#[tokio::test]
async fn events_are_neither_changed_nor_deleted() {
    let bench = Bench::sqlite();
    let store = bench.open().await;
    add(&store, "b1", 0).await;
    let before = store.read(LEDGER, 0, 10).await.unwrap();
    let raw = raw(&bench, "bordereau.db");
    for sql in [
        "UPDATE events SET payload = '{}' WHERE position = 1",
        "UPDATE events SET position = position + 10",
        "DELETE FROM events WHERE position = 2",
        "DELETE FROM ledger_heads",
    ] {
        let error = raw.execute(sql, []).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::ConstraintViolation), "{sql}");
    }
    assert_eq!(store.read(LEDGER, 0, 10).await.unwrap(), before);
}

#[tokio::test]
async fn the_files_are_durable_and_private() {
    let bench = Bench::sqlite();
    let store = bench.open().await;
    let mode: String = raw(&bench, "bordereau.db").query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    #[cfg(unix)]
    for file in ["master.key", "keys.db", "bordereau.db", "bordereau.db-wal", "bordereau.db-shm"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(bench.data().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    assert_eq!(fs::read_to_string(bench.data().join("master.key")).unwrap().len(), 64);
    drop(store);
}

#[tokio::test]
async fn a_newer_schema_stops_the_start() {
    for (file, database) in [("bordereau.db", "log"), ("keys.db", "keys")] {
        let bench = Bench::sqlite();
        bench.open().await.close().await;
        let newer = "INSERT INTO schema_migrations VALUES (999, '0999_future', x'00', 0)";
        let newer = newer.replace("x'00'", &format!("x'{}'", "00".repeat(32)));
        raw(&bench, file).execute(&newer, []).unwrap();
        let error = Store::open("sqlite", bench.data(), bench.options()).await.unwrap_err();
        assert!(matches!(error, OpenError::NewerSchema { database: name, found: 999, .. } if name == database));
    }
}

#[tokio::test]
async fn a_changed_migration_stops_the_start() {
    let bench = Bench::sqlite();
    bench.open().await.close().await;
    let changed = format!("UPDATE schema_migrations SET checksum = x'{}' WHERE version = 2", "00".repeat(32));
    raw(&bench, "bordereau.db").execute(&changed, []).unwrap();
    let error = Store::open("sqlite", bench.data(), bench.options()).await.unwrap_err();
    assert!(matches!(error, OpenError::ChangedMigration { database: "log", version: 2 }), "{error:?}");
}

#[tokio::test]
async fn a_wrong_or_missing_master_key_stops_the_start() {
    let bench = Bench::sqlite();
    bench.open().await.close().await;
    let key = bench.data().join("master.key");
    let right = fs::read_to_string(&key).unwrap();
    for wrong in ["00".repeat(32), "zz".to_owned(), String::new()] {
        fs::write(&key, wrong).unwrap();
        let error = Store::open("sqlite", bench.data(), bench.options()).await.unwrap_err();
        assert!(matches!(error, OpenError::Key(_)), "{error:?}");
    }
    fs::remove_file(&key).unwrap();
    let error = Store::open("sqlite", bench.data(), bench.options()).await.unwrap_err();
    assert!(matches!(error, OpenError::Io { .. }), "{error:?}");
    assert!(!key.exists(), "a lost key must not be replaced by another");

    let elsewhere = bench.data().join("elsewhere.key");
    fs::write(&elsewhere, format!("{right}\n")).unwrap();
    let options = Options { key_file: Some(elsewhere), ..bench.options() };
    Store::open("sqlite", bench.data(), options).await.unwrap();
}

#[tokio::test]
async fn a_url_names_the_file_or_is_refused() {
    let bench = Bench::sqlite();
    let file = bench.data().join("deep/er/log.db");
    let url = format!("sqlite://{}", file.display());
    let store = Store::open(&url, bench.data(), bench.options()).await.unwrap();
    store.ping().await.unwrap();
    assert!(file.exists());
    assert!(file.with_file_name("keys.db").exists());
    for url in ["", "mysql://x", "sqlite:/x", "sqlite3", "SQLITE"] {
        let error = Store::open(url, bench.data(), bench.options()).await.unwrap_err();
        assert!(matches!(error, OpenError::Url(_)), "{url}: {error:?}");
    }
}

async fn one_sealed(bench: &Bench) -> SealedField {
    let store = bench.open().await;
    let sealed = store.seal(LEDGER, fresh_id(), Purpose::Account, "name", "Amélie").await.unwrap();
    let beside = vec![Beside::Sealed(sealed.clone())];
    store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
    store.close().await;
    sealed
}

async fn assert_broken(bench: &Bench, sealed: &SealedField) {
    let error = bench.open_bare().await.open_sealed(LEDGER, &[sealed.digest]).await.unwrap_err();
    assert!(matches!(&error, StoreError::Broken { digest, .. } if *digest == sealed.digest), "{error:?}");
    assert!(error.to_string().contains(&hex::encode(sealed.digest)));
}

#[tokio::test]
async fn changed_sealed_bytes_are_detected() {
    let bench = Bench::sqlite();
    let sealed = one_sealed(&bench).await;
    let mut bytes = sealed.bytes.clone();
    *bytes.last_mut().unwrap() ^= 1;
    raw(&bench, "bordereau.db").execute("UPDATE vault SET bytes = ?1", [bytes]).unwrap();
    assert_broken(&bench, &sealed).await;
}

#[tokio::test]
async fn a_swapped_key_is_detected() {
    let bench = Bench::sqlite();
    let sealed = one_sealed(&bench).await;
    let store = bench.open_bare().await;
    store.seal(LEDGER, fresh_id(), Purpose::Account, "name", "Bruno").await.unwrap();
    store.close().await;
    let swap = "UPDATE keys SET wrapped = (SELECT wrapped FROM keys AS other WHERE other.key_id <> keys.key_id)";
    raw(&bench, "keys.db").execute(swap, []).unwrap();
    assert_broken(&bench, &sealed).await;
}

#[tokio::test]
async fn an_erased_text_and_its_key_are_in_no_file() {
    let bench = Bench::sqlite();
    let store = bench.open().await;
    let subject = fresh_id();
    let mut canaries = Vec::new();
    for index in 0..50 {
        let sealed = store.seal(LEDGER, subject, Purpose::Account, "comment", &"x".repeat(index * 7)).await.unwrap();
        canaries.push(sealed.bytes[40..72].to_vec());
        let beside = vec![Beside::Sealed(sealed)];
        store.append(Append { beside, ..command(LEDGER, vec![]) }).await.unwrap();
    }
    let wrapped: Vec<u8> = raw(&bench, "keys.db").query_row("SELECT wrapped FROM keys", [], |row| row.get(0)).unwrap();
    canaries.push(wrapped);
    assert!(found_in(&bench, &canaries) > 0, "the search must be able to find");
    store.erase_subject(LEDGER, subject).await.unwrap();
    assert_eq!(found_in(&bench, &canaries), 0);
    add(&store, "b1", 0).await;
    assert_eq!(store.head(LEDGER).await.unwrap().unwrap().recorded_at, START + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_back_up_under_load_is_a_prefix_that_can_be_restored() {
    let bench = Bench::sqlite();
    let sealed = one_sealed(&bench).await;
    let store = bench.open_bare().await;
    let writers: Vec<_> = (0..8)
        .map(|index| {
            let store = store.clone();
            tokio::spawn(async move {
                for expected in 0..50 {
                    add(&store, &format!("b{index}"), expected).await;
                }
            })
        })
        .collect();
    let file = bench.data().join("copy.db");
    let copied = store.back_up(&file).await.unwrap();
    store.back_up(&file).await.unwrap_err();
    for writer in writers {
        writer.await.unwrap();
    }

    let elsewhere = Bench::sqlite();
    fs::copy(bench.data().join("master.key"), elsewhere.data().join("master.key")).unwrap();
    restore(&elsewhere, &file).await.unwrap();
    let restored = elsewhere.open_bare().await;
    let (all, kept) = (all_ids(&store, LEDGER).await, all_ids(&restored, LEDGER).await);
    assert!(!kept.is_empty() && all.starts_with(&kept));
    assert_eq!(restored.open_sealed(LEDGER, &[sealed.digest]).await.unwrap()[&sealed.digest], "Amélie");
    let head = restored.head(LEDGER).await.unwrap().unwrap();
    assert_eq!(head.position, u64::try_from(kept.len()).unwrap());
    assert_eq!(copied.iter().map(|head| head.position).max(), Some(head.position));
    assert!(copied.iter().all(|before| before.epoch != head.epoch), "another history has another epoch");
    add(&restored, "new", 0).await;
    let error = restore(&elsewhere, &file).await.unwrap_err();
    assert!(matches!(error, OpenError::InTheWay(_)), "{error:?}");
}

async fn restore(bench: &Bench, file: &Path) -> Result<(), OpenError> {
    Store::restore("sqlite", bench.data(), file, bench.options()).await
}

/// The names of what stands in a bench's folder.
fn names(bench: &Bench) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    fs::read_dir(bench.data()).unwrap().map(name).collect()
}

// R3, for back-ups.
#[tokio::test]
async fn a_back_up_that_is_not_what_was_written_is_refused_and_leaves_nothing_behind() {
    let bench = Bench::sqlite();
    one_sealed(&bench).await;
    let store = bench.open_bare().await;
    let file = bench.data().join("copy.db");
    store.back_up(&file).await.unwrap();
    let empty = Bench::sqlite();
    fs::copy(bench.data().join("master.key"), empty.data().join("master.key")).unwrap();
    for name in ["copy.db", "copy.db.keys", "copy.db.sha256"] {
        let path = bench.data().join(name);
        let whole = fs::read(&path).unwrap();
        for place in (0..40).map(|part| whole.len() * part / 40) {
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << (place % 8);
            for damaged in [&flipped, &whole[..place]] {
                fs::write(&path, damaged).unwrap();
                let restored = restore(&empty, &file).await;
                // The names in the list of digests are for people.
                let harmless = name == "copy.db.sha256" && digests(damaged) == digests(&whole);
                let refused = matches!(restored, Err(OpenError::Damaged { .. } | OpenError::Io { .. }));
                assert!(harmless || refused, "{name} {place}: {restored:?}");
                if restored.is_ok() {
                    for name in ["bordereau.db", "keys.db"] {
                        fs::remove_file(empty.data().join(name)).unwrap();
                    }
                }
                assert_eq!(names(&empty), ["master.key"]);
            }
        }
        fs::write(&path, whole).unwrap();
    }
    restore(&empty, &file).await.unwrap();
}

fn digests(list: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(list);
    text.lines().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_back_up_is_restored_only_under_its_own_master_key_and_beside_no_remains() {
    let bench = Bench::sqlite();
    one_sealed(&bench).await;
    let store = bench.open_bare().await;
    let file = bench.data().join("copy.db");
    store.back_up(&file).await.unwrap();
    let empty = Bench::sqlite();
    let error = restore(&empty, &file).await.unwrap_err();
    assert!(matches!(error, OpenError::Io { .. }), "the master key is missing: {error:?}");
    fs::write(empty.data().join("master.key"), "7".repeat(64)).unwrap();
    let error = restore(&empty, &file).await.unwrap_err();
    assert!(matches!(error, OpenError::Key(_)), "{error:?}");
    assert_eq!(names(&empty), ["master.key"]);
    fs::copy(bench.data().join("master.key"), empty.data().join("master.key")).unwrap();
    fs::write(empty.data().join("bordereau.db-wal"), "left behind").unwrap();
    let error = restore(&empty, &file).await.unwrap_err();
    assert!(matches!(error, OpenError::InTheWay(_)), "{error:?}");
}

/// How many of these byte strings stand in any file of the folder.
fn found_in(bench: &Bench, canaries: &[Vec<u8>]) -> usize {
    let files: Vec<_> =
        fs::read_dir(bench.data()).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    let stands =
        |canary: &&Vec<u8>| files.iter().any(|file| file.windows(canary.len()).any(|part| part == canary.as_slice()));
    canaries.iter().filter(stands).count()
}
