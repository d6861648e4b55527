//! The demonstration, filled once per build of the suite and copied for each test: filling costs seconds, copying none.
//!
//! The folder lies under the target folder and is named after the test binary, so that another build fills another one.
//! On PostgreSQL the demonstration is a database of the process's cluster, filled once per process and copied by the
//! server.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use bordereau_api::{Settings, demo, serve};
use chrono::{DateTime, TimeZone, Utc};
use tempfile::TempDir;

use crate::{app::TestApp, clock::TestClock, cluster::Cluster};

/// An article of the demonstration: 25.00 at 5.5 %.
pub const CEMETERY_ROAD: &str = "9782330150136";
/// An article of the demonstration: 6.40 at 5.5 %.
pub const READING_ALOUD: &str = "9782362210419";
/// An article of the demonstration: 14.90 at 5.5 %.
pub const CLUB_GUIDE: &str = "9791097284657";
/// Client number of the demonstration's Médiathèque.
pub const MEDIATHEQUE: &str = "8010000696914";
/// Client number of the demonstration's school, for which nobody acts.
pub const SCHOOL: &str = "16";

/// Everybody who can sign in to the demonstration.
pub const PEOPLE: [&str; 8] = [
    "utilisateur@demo.example",
    "approbateur@demo.example",
    "collectivite@demo.example",
    "libraire@demo.example",
    "auditeur@demo.example",
    "utilisateur@parvis.example",
    "collectivite@parvis.example",
    "libraire@parvis.example",
];

/// When the demonstration was filled.
pub fn filled_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 1, 8, 0, 0).unwrap()
}

/// A filled store with everybody signed in.
pub struct Template {
    folder: PathBuf,
    /// Tokens by e-mail address.
    pub tokens: BTreeMap<String, String>,
}

/// The template, made by whoever needs it first.
pub fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = folder();
        let lock = fs::File::create(folder.with_extension("lock")).unwrap();
        lock.lock().unwrap();
        if !folder.join("tokens.json").exists() {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            let tokens = fill(Settings { data: folder.clone(), ..Settings::default() });
            fs::write(folder.join("tokens.json"), serde_json::to_vec(&tokens).unwrap()).unwrap();
        }
        let tokens = serde_json::from_slice(&fs::read(folder.join("tokens.json")).unwrap()).unwrap();
        Template { folder, tokens }
    })
}

/// `target/tmp/acceptance/demo-...`: one for each build of the test binary; older ones are removed.
fn folder() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    let about = fs::metadata(&binary).unwrap();
    let mut hash = DefaultHasher::new();
    (&binary, about.len(), about.modified().unwrap()).hash(&mut hash);
    let name = format!("demo-{:016x}", hash.finish());
    let parent = binary.ancestors().nth(3).unwrap().join("tmp").join("acceptance");
    fs::create_dir_all(&parent).unwrap();
    for entry in fs::read_dir(&parent).unwrap().flatten() {
        let day_old = entry
            .metadata()
            .and_then(|m| m.modified())
            .is_ok_and(|at| at.elapsed().is_ok_and(|e| e.as_secs() > 86_400));
        if day_old {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    parent.join(name)
}

/// Fills the store that the settings name and signs everybody in; gives the tokens by e-mail address.
fn fill(settings: Settings) -> BTreeMap<String, String> {
    // A runtime of its own: the one of the test that comes first ends with that test.
    let filling = std::thread::spawn(|| tokio::runtime::Runtime::new().unwrap().block_on(fill_by_commands(settings)));
    filling.join().unwrap()
}

async fn fill_by_commands(settings: Settings) -> BTreeMap<String, String> {
    let clock = TestClock::at(filled_at());
    let app = serve::build(settings, clock.edge()).await.unwrap();
    demo::fill(&app).await.unwrap();
    let test = TestApp::around(app.clone(), clock, None);
    let mut tokens = BTreeMap::new();
    for email in PEOPLE {
        let client = test.sign_in(email).await;
        tokens.insert(email.to_owned(), client.token().unwrap().to_owned());
    }
    app.projections.shutdown().await;
    app.store.close().await;
    tokens
}

/// A data folder with the demonstration on SQLite, for the real binary.
pub fn demo_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    template().copy_to(folder.path());
    folder
}

/// A database of the shared cluster with the demonstration, by URL, and the tokens of everybody, by e-mail address.
pub fn demo_database() -> (String, BTreeMap<String, String>) {
    static FILLED: OnceLock<(String, BTreeMap<String, String>)> = OnceLock::new();
    let (name, tokens) = FILLED.get_or_init(|| {
        let url = Cluster::shared().make_database();
        let views = TempDir::new().unwrap();
        let name = url.rsplit('/').next().unwrap().to_owned();
        let tokens = fill(Settings { store: url, data: views.path().to_owned(), ..Settings::default() });
        (name, tokens)
    });
    (Cluster::shared().copy_database(name), tokens.clone())
}

impl Template {
    /// Copies the store into `target`.
    pub fn copy_to(&self, target: &Path) {
        copy(&self.folder, target);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
