//! Other people's programs that read what we send: the CloudEvents SDKs of Python and JavaScript, the AsyncAPI parser;
//! and the one that looks at our pages: axe-core.
//!
//! They are installed once, at pinned versions, into a folder of the user's cache that is named after what is in
//! `tests/sdk`; `./test` brings Python and Node.

use std::{
    collections::hash_map::DefaultHasher,
    env, fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::Value;

use crate::process::run;

/// What is installed from, and run.
const FILES: [&str; 6] =
    ["package.json", "package-lock.json", "requirements.txt", "events.py", "events.mjs", "asyncapi.mjs"];

/// The folder with what is installed.
#[derive(Debug)]
pub struct Sdk(PathBuf);

impl Sdk {
    /// What is installed; it is, if it was not.
    pub fn installed() -> &'static Self {
        static SDK: OnceLock<Sdk> = OnceLock::new();
        SDK.get_or_init(|| {
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk");
            let files = FILES.map(|name| (name, fs::read(source.join(name)).unwrap()));
            let mut hash = DefaultHasher::new();
            files.hash(&mut hash);
            let folder = cache().join(format!("sdk-{:016x}", hash.finish()));
            fs::create_dir_all(&folder).unwrap();
            let lock = fs::File::create(folder.with_extension("lock")).unwrap();
            lock.lock().unwrap();
            if !folder.join("installed").exists() {
                for (name, bytes) in &files {
                    fs::write(folder.join(name), bytes).unwrap();
                }
                install(&folder);
                fs::write(folder.join("installed"), "").unwrap();
            }
            Self(folder)
        })
    }

    /// Runs one of the Python programs; the lines that it prints.
    pub fn python(&self, script: &str, stdin: &str) -> Vec<Value> {
        self.lines(&self.0.join("venv/bin/python"), script, stdin)
    }

    /// Runs one of the JavaScript programs; the lines that it prints.
    pub fn node(&self, script: &str, stdin: &str) -> Vec<Value> {
        self.lines(Path::new("node"), script, stdin)
    }

    /// A file of what is installed.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).unwrap()
    }

    fn lines(&self, program: &Path, script: &str, stdin: &str) -> Vec<Value> {
        let script = self.0.join(script);
        let ended = run(program, &[script.to_str().unwrap()], stdin);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// `$XDG_CACHE_HOME/bordereau-tests`.
fn cache() -> PathBuf {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || env::home_dir().map(|home| home.join(".cache"));
    cache.or_else(home).unwrap_or_else(env::temp_dir).join("bordereau-tests")
}

fn install(folder: &Path) {
    let folder = folder.to_str().unwrap();
    let (venv, requirements) = (format!("{folder}/venv"), format!("{folder}/requirements.txt"));
    let steps: [(&str, &[&str]); 3] = [
        ("npm", &["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]),
        ("python3", &["-m", "venv", &venv]),
        (&format!("{venv}/bin/pip"), &["install", "--quiet", "--require-hashes", "--requirement", &requirements]),
    ];
    for (program, arguments) in steps {
        let ended = run(Path::new(program), arguments, "");
        assert_eq!(ended.code, Some(0), "{program} {arguments:?} (./test brings what it takes): {ended:?}");
    }
}
