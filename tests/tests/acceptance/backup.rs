//! R18 on SQLite: `bordereau backup` beside a service that is written to, `bordereau restore` into another folder.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use bordereau_store::{Options, Store};
use bordereau_tests::{Asked, Ended, Entry, Ledger, Person, Process, Verdict, demo_folder, rows_of_views, tell};
use serde_json::json;
use tempfile::TempDir;
use tokio::{sync::watch, task::JoinSet};

use super::{BINARY, bordereau};

const WRITERS: usize = 8;
const BACK_UPS: usize = 5;

async fn command(data: &Path, arguments: &[&str]) -> Ended {
    let (data, arguments) = (data.to_owned(), arguments.iter().map(|&text| text.to_owned()).collect::<Vec<_>>());
    let running = move || bordereau(&data, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    tokio::task::spawn_blocking(running).await.unwrap()
}

#[track_caller]
fn refused(ended: &Ended, why: &str) {
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains(why), "{ended:?}");
}

/// A folder with nothing but the master key of another one.
fn with_the_master_key_of(data: &Path) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::copy(data.join("master.key"), folder.path().join("master.key")).unwrap();
    folder
}

async fn open(data: &Path) -> Store {
    Store::open("sqlite", data, Options::new(|| 1_800_000_000_000_000)).await.unwrap()
}

/// Opens baskets one after another until it is told to stop.
async fn write(person: Person, node: String, number: usize, stop: watch::Receiver<bool>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut pace = tokio::time::interval(Duration::from_millis(10));
    while !*stop.borrow() {
        pace.tick().await;
        let name = format!("writer-{number}-{}", entries.len());
        let entry = Entry::send(&person, &node, name.clone(), Asked::Open { name }).await;
        assert!(matches!(entry.verdict, Verdict::Acknowledged { .. }), "{entry:?}");
        entries.push(entry);
    }
    entries
}

/// The epoch in which a command of ours says that a ledger stands.
fn epoch(said: &Ended, shop: &str) -> String {
    assert_eq!(said.code, Some(0), "{said:?}");
    let line = said.stdout.lines().find(|line| line.starts_with(shop)).unwrap_or_else(|| panic!("{said:?}"));
    line.rsplit(' ').next().unwrap().to_owned()
}

/// What one back-up under load has become.
struct Copy {
    file: PathBuf,
    /// Commands that were answered before it began: they must be in it.
    before: usize,
    said: Ended,
}

// R18
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_back_up_under_load_restores_a_prefix_of_the_log_as_another_history() {
    let data = tokio::task::spawn_blocking(demo_folder).await.unwrap();
    let service = Process::serve(Path::new(BINARY), data.path(), &[]);
    let person = Person::sign_in(&service.address, "utilisateur").await;
    let base = open(data.path()).await.head("DLIVRE").await.unwrap().unwrap().position;
    let (stop, told_to_stop) = watch::channel(false);
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        writers.spawn(write(person.clone(), service.address.clone(), number, told_to_stop.clone()));
    }
    let files = TempDir::new().unwrap();
    let mut copies = Vec::new();
    for number in 0..BACK_UPS {
        let first =
            Entry::send(&person, &service.address, format!("before-{number}"), Asked::Open { name: "x".into() });
        let Verdict::Acknowledged { position, .. } = first.await.verdict else { panic!("not answered") };
        let file = files.path().join(format!("copy-{number}"));
        let said = command(data.path(), &["backup", file.to_str().unwrap()]).await;
        copies.push(Copy { file, before: usize::try_from(position).unwrap(), said });
    }
    stop.send_replace(true);
    let written: usize = writers.join_all().await.iter().map(Vec::len).sum();
    let live = open(data.path()).await;
    let all = Ledger::read(&live, "DLIVRE").await;
    assert!(all.events.len() >= usize::try_from(base).unwrap() + written + BACK_UPS);
    let mut lengths = Vec::new();
    for copy in &copies {
        let restored = with_the_master_key_of(data.path());
        let told = command(restored.path(), &["restore", copy.file.to_str().unwrap()]).await;
        assert_ne!(epoch(&told, "DLIVRE"), epoch(&copy.said, "DLIVRE"));
        assert_ne!(epoch(&told, "PARVIS"), epoch(&copy.said, "PARVIS"));
        let store = open(restored.path()).await;
        let kept = Ledger::read(&store, "DLIVRE").await;
        assert!(all.events.starts_with(&kept.events), "not a prefix");
        assert!(kept.events.len() >= copy.before, "what was answered before the back-up began is in it");
        assert!(copy.said.stdout.contains(&format!("DLIVRE stands at {} ", kept.events.len())), "{:?}", copy.said);
        assert_private(&copy.file);
        lengths.push(kept.events.len());
    }
    assert!(lengths.windows(2).all(|pair| pair[0] < pair[1]), "nobody wrote between the back-ups: {lengths:?}");
}

#[track_caller]
fn assert_private(file: &Path) {
    for ending in ["", ".keys", ".sha256"] {
        let path = format!("{}{ending}", file.display());
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn views_of_the_lost_history_are_built_again_and_followers_of_it_are_told() {
    let data = tokio::task::spawn_blocking(demo_folder).await.unwrap();
    let file = data.path().join("copy");
    let name = file.to_str().unwrap();
    epoch(&command(data.path(), &["backup", name]).await, "DLIVRE");
    let service = Process::serve(Path::new(BINARY), data.path(), &[]);
    let person = Person::sign_in(&service.address, "utilisateur").await;
    let mut lost = Vec::new();
    for number in 0..20 {
        let opened = person.open_basket(&service.address, &format!("lost-{number}")).await;
        assert_eq!(opened.status, 201, "{}", opened.body);
        lost.push(opened);
    }
    let newest = lost.last().unwrap();
    assert_eq!(person.read(&service.address, "baskets?tray=mine", &newest.position).await.status, 200);
    let integrator = async |service: &Process, query: &str| {
        let feed = format!("{}/api/v1/events?limit=1&{query}", service.address);
        tell(person.http.get(feed).bearer_auth("demo-integrator")).await
    };
    let old = integrator(&service, "after=0").await.body["epoch"].as_str().unwrap().to_owned();
    assert_eq!(service.stop().0, Some(0));

    // The store is lost, its views are not.
    for entry in fs::read_dir(data.path()).unwrap() {
        let path = entry.unwrap().path();
        let of_the_store = ["bordereau.db", "keys.db"]
            .iter()
            .any(|store| path.file_name().unwrap().to_string_lossy().starts_with(store));
        if of_the_store {
            fs::remove_file(path).unwrap();
        }
    }
    epoch(&command(data.path(), &["restore", name]).await, "DLIVRE");
    let service = Process::serve(Path::new(BINARY), data.path(), &[]);
    let feed = integrator(&service, &format!("after=1&epoch={old}")).await;
    assert_eq!((feed.status.as_u16(), &feed.body["type"]), (409, &json!("other-history")));
    // The session was opened after the back-up: signing in again works as before.
    let person = Person::sign_in(&service.address, "utilisateur").await;
    let opened = person.open_basket(&service.address, "after").await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    let tray = person.read(&service.address, "baskets?tray=mine&limit=200", &opened.position).await;
    let shown: Vec<_> = tray.body["items"].as_array().unwrap().iter().map(|basket| &basket["id"]).collect();
    assert!(shown.contains(&&opened.body["id"]), "{}", tray.body);
    assert!(lost.iter().all(|gone| !shown.contains(&&gone.body["id"])), "a lost basket is still shown");
    assert_eq!(service.stop().0, Some(0));
    let store = open(data.path()).await;
    let lived = rows_of_views(&store, &data.path().join("views")).await;
    assert!(lived == rows_of_views(&store, &data.path().join("rebuilt")).await, "the views are not the restored log's");
}

#[tokio::test]
async fn nothing_is_overwritten_and_what_cannot_be_done_is_refused_with_exit_2() {
    let data = tokio::task::spawn_blocking(demo_folder).await.unwrap();
    let file = data.path().join("copy");
    let name = file.to_str().unwrap();
    let empty = TempDir::new().unwrap();
    refused(&command(empty.path(), &["backup", name]).await, "no store");
    assert!(fs::read_dir(empty.path()).unwrap().next().is_none(), "asking makes nothing");
    epoch(&command(data.path(), &["backup", name]).await, "DLIVRE");
    refused(&command(data.path(), &["backup", name]).await, "not overwritten");
    refused(&command(data.path(), &["restore", name]).await, "in the way");
    for arguments in [["backup", name], ["restore", name]] {
        let on_postgres = [&["--store", "postgres://nobody@127.0.0.1:1/nothing"], &arguments[..]].concat();
        refused(&command(empty.path(), &on_postgres).await, "docs/operations.md");
    }
}

#[tokio::test]
async fn a_back_up_that_was_cut_short_is_refused_with_the_reason() {
    let data = tokio::task::spawn_blocking(demo_folder).await.unwrap();
    let file = data.path().join("copy");
    let name = file.to_str().unwrap();
    epoch(&command(data.path(), &["backup", name]).await, "DLIVRE");
    let whole = fs::read(&file).unwrap();
    let empty = with_the_master_key_of(data.path());
    for length in [0, 4_096, whole.len() / 2, whole.len() - 1] {
        fs::write(&file, &whole[..length]).unwrap();
        let ended = command(empty.path(), &["restore", name]).await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains("copy is damaged"), "{ended:?}");
        let left: Vec<_> = fs::read_dir(empty.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["master.key"]);
    }
    fs::write(&file, whole).unwrap();
    epoch(&command(empty.path(), &["restore", name]).await, "DLIVRE");
}
