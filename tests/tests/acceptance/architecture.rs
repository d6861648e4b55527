//! The house keeps its shape: who depends on whom, how files are named, what the documents promise.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Which of our crates each of them may use.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    BTreeMap::from([
        ("domain", vec![]),
        ("lists", vec!["domain"]),
        ("store", vec![]),
        ("commands", vec!["domain", "store"]),
        ("projections", vec!["domain", "store"]),
        ("integrations", vec!["domain", "store", "commands", "projections"]),
        ("api", vec!["domain", "lists", "store", "commands", "projections", "integrations"]),
        ("replay", vec!["domain", "store", "projections"]),
        ("tests", vec!["domain", "store", "commands", "projections", "integrations", "api", "replay"]),
        ("bench", vec!["domain", "store", "commands", "projections", "integrations", "api", "replay"]),
    ])
}

/// What cargo knows of the workspace.
fn metadata() -> Value {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    serde_json::from_slice(&metadata.stdout).unwrap()
}

#[test]
fn each_crate_depends_only_on_those_below_it() {
    let metadata = metadata();
    let allowed = allowed();
    let mut seen = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap().strip_prefix("bordereau-").expect("our name");
        seen.insert(name);
        let may = allowed.get(name).unwrap_or_else(|| panic!("{name} has no place in the house"));
        // What only its tests use does not make it depend on anybody.
        let uses = package["dependencies"].as_array().unwrap().iter().filter(|used| used["kind"] != "dev");
        for used in uses.filter_map(|used| used["name"].as_str()?.strip_prefix("bordereau-")) {
            assert!(may.contains(&used), "{name} may not depend on {used}");
        }
    }
    assert_eq!(seen, allowed.into_keys().collect());
}

/// Every file below a folder with this extension, built and fetched ones aside.
fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | ".git" | "node_modules" | "data") {
                files(&path, extension, found);
            }
        } else if path.extension().is_some_and(|known| known == extension) {
            found.push(path);
        }
    }
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(&root(), "rs", &mut found);
    found
}

#[test]
fn files_open_with_what_they_hold_and_stay_readable() {
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        let told = path.display();
        assert!(text.starts_with("//!"), "{told} does not say what it holds");
        assert!(path.file_name().unwrap() != "mod.rs", "{told}: use the file beside the folder");
        let lines = text.lines().count();
        assert!(lines <= 500, "{told} has {lines} lines");
        for forbidden in ["todo!(", "unimplemented!(", "#[ignore", "#[allow("] {
            let stands = text.contains(forbidden) && !path.ends_with("architecture.rs");
            assert!(!stands, "{told} holds {forbidden}");
        }
    }
}

#[test]
fn migrations_are_numbered_without_gaps_and_say_why() {
    for folder in ["", "keys"] {
        let [sqlite, postgres] =
            ["sqlite", "postgres"].map(|store| migrations(&root().join("migrations").join(store).join(folder)));
        assert!(!sqlite.is_empty());
        assert_eq!(sqlite, postgres, "the two stores' migrations go in pairs");
    }
}

/// The names of a folder's migrations, in their order.
fn migrations(folder: &Path) -> Vec<String> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .collect();
    paths.sort();
    let mut names = Vec::new();
    for (number, path) in (1..).zip(paths) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with(&format!("{number:04}_")), "{name} should be number {number}");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("-- "), "{name} does not say why it is there");
        names.push(name);
    }
    names
}

/// Ids of the inventory that tests name, in comments or in their own words.
fn named_in_tests() -> BTreeSet<String> {
    found_in_tests(&Regex::new(r"\b(?<it>[LGBWA]\d\d)\b").unwrap())
}

/// What an expression finds in the tests, by its group `it`.
fn found_in_tests(expression: &Regex) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        let is_test = path.components().any(|part| part.as_os_str() == "tests");
        // In a source file, only what follows the test module counts.
        let tests =
            if is_test { text.as_str() } else { text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests) };
        named.extend(expression.captures_iter(tests).map(|found| found["it"].to_owned()));
    }
    named
}

#[test]
fn every_feature_that_is_listed_as_done_is_named_in_a_test() {
    let features = fs::read_to_string(root().join("docs/features.md")).unwrap();
    let id = Regex::new(r"(?m)^\| ([LGBWA]\d\d) \|").unwrap();
    let listed: Vec<_> = id.captures_iter(&features).map(|found| found[1].to_owned()).collect();
    assert!(listed.len() > 20, "docs/features.md lists too little to be read right");
    let named = named_in_tests();
    let unproven: Vec<_> = listed.iter().filter(|id| !named.contains(*id)).collect();
    assert!(unproven.is_empty(), "listed as done, named in no test: {unproven:?}");
}

/// The attacks on sign-in, tenants, workflow, output and platform that are to be shown refused, by their numbers.
const ATTACKS: [&[u32]; 5] = [
    &[1, 3, 4, 6, 8, 9, 10, 12, 14],
    &[15, 16, 17, 18, 19, 20, 21, 23],
    &[29, 30, 31, 32, 35, 36, 37, 38, 39],
    &[61, 62, 63, 64, 65, 66, 71],
    &[97, 99, 100, 101, 102, 104],
];

#[test]
fn every_attack_of_the_list_is_named_in_a_test() {
    let named: BTreeSet<u32> = found_in_tests(&Regex::new(r"\battack (?<it>\d+)\b").unwrap())
        .iter()
        .map(|number| number.parse().unwrap())
        .collect();
    let unproven: Vec<_> = ATTACKS.iter().copied().flatten().filter(|number| !named.contains(number)).collect();
    assert!(unproven.is_empty(), "named in no test, as `attack N`: {unproven:?}");
    let several = found_in_tests(&Regex::new(r"\b(?<it>attacks \d+)").unwrap());
    assert!(several.is_empty(), "each is named by itself, `attack 6, attack 14`: {several:?}");
}

/// The writer that answers before it commits is the crash test's negative control, and nobody else's.
#[test]
fn the_negative_control_is_in_no_default_and_in_no_release() {
    const CONTROL: &str = "answer-before-commit";
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        for (feature, turns_on) in package["features"].as_object().unwrap() {
            let named = turns_on.as_array().unwrap().iter().any(|on| on.as_str().unwrap().contains(CONTROL));
            assert!(!named, "{name}: {feature} turns it on");
        }
        for used in package["dependencies"].as_array().unwrap() {
            let asks = used["features"].as_array().unwrap().iter().any(|feature| feature == CONTROL);
            assert_eq!(asks, name == "bordereau-tests" && used["name"] == "bordereau-store", "{name}");
        }
    }
    let mut guards = 0;
    for path in rust_files().iter().filter(|path| !path.ends_with("architecture.rs")) {
        let text = fs::read_to_string(path).unwrap();
        for line in text.lines().filter(|line| line.contains("cfg") && line.contains(CONTROL)) {
            let told = path.display();
            let guard = format!(r#"#[cfg(all(feature = "{CONTROL}", debug_assertions))]"#);
            assert_eq!(line.trim(), guard, "{told}: a release build must not hold it");
            guards += 1;
        }
    }
    assert_eq!(guards, 3, "its module and the two places that ask it");
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)#]+)(?:#[^)]*)?\)").unwrap();
    let mut documents = vec![root().join("README.md")];
    files(&root().join("docs"), "md", &mut documents);
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for found in link.captures_iter(&text) {
            let target = &found[1];
            if !target.contains("://") {
                let path = document.parent().unwrap().join(target);
                assert!(path.exists(), "{} links to {target}", document.display());
            }
        }
    }
}
