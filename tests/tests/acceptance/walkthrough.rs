//! docs/walkthrough.md, run as it stands: its shell blocks against the real binary, its expectations against the answers.

use std::{path::Path, process::Command};

use bordereau_tests::{Cluster, Process};
use serde_json::Value;
use tempfile::TempDir;

use super::BINARY;

/// What stands for any value.
const ANYTHING: &str = "…";
/// What stands between the outputs of two steps.
const MARK: &str = "@@@ end of a step";
/// The command that writes [`MARK`].
const MARKING: &str = "\necho; echo '@@@ end of a step'\n";

/// A shell block with what is expected of its last answer.
struct Step {
    script: String,
    expected: Option<(u16, Value)>,
}

/// The fenced blocks of the document: `sh` is run, `jsonc` after it is what comes back.
fn steps(document: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else { continue };
        let block: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        match language {
            "sh" => steps.push(Step { script: block.join("\n"), expected: None }),
            "jsonc" => {
                let status = block[0].strip_prefix("// ").and_then(|status| status.parse().ok());
                let body = serde_json::from_str(&block[1..].join("\n"));
                let last = steps.last_mut().expect("an expectation follows a step");
                last.expected = Some((status.expect("a status"), body.expect("JSON")));
            }
            _ => {}
        }
    }
    steps
}

/// Whether `given` has all that is `expected`; items of a list are found in their order, others may stand between.
fn has(given: &Value, expected: &Value) -> bool {
    match (given, expected) {
        (_, Value::String(any)) if any == ANYTHING => true,
        (Value::Object(given), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| given.get(name).is_some_and(|given| has(given, value)))
        }
        (Value::Array(given), Value::Array(expected)) => {
            let mut given = given.iter();
            expected.iter().all(|wanted| given.any(|given| has(given, wanted)))
        }
        (given, expected) => given == expected,
    }
}

/// Runs all the blocks in one shell; gives what each has written.
fn run(steps: &[Step], address: &str, folder: &Path) -> Vec<String> {
    let script: String = steps.iter().flat_map(|step| [&step.script, MARKING]).collect();
    let shell = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .env("BORDEREAU", address)
        .current_dir(folder)
        .output()
        .expect("bash");
    let said = String::from_utf8(shell.stdout).expect("UTF-8");
    let outputs: Vec<_> = said.split(MARK).map(|output| output.trim().to_owned()).collect();
    let complaint = String::from_utf8_lossy(&shell.stderr);
    assert!(shell.status.success(), "{complaint} in step {} after {:?}", outputs.len(), outputs.last());
    outputs
}

#[test]
fn the_walkthrough_does_what_it_says() {
    // L01, L42, L43, L44
    walk_through("sqlite");
}

#[test]
fn the_walkthrough_does_what_it_says_on_postgresql() {
    walk_through(&Cluster::shared().make_database());
}

fn walk_through(store: &str) {
    let document = include_str!("../../../docs/walkthrough.md");
    let steps = steps(document);
    assert!(steps.len() > 25, "{}", steps.len());
    let folder = TempDir::new().expect("a folder");
    let service = Process::serve_demo_on(Path::new(BINARY), &folder.path().join("data"), store);
    let outputs = run(&steps, &service.address, folder.path());
    let unmet: Vec<_> = steps.iter().zip(&outputs).filter_map(|(step, output)| unmet(step, output)).collect();
    assert!(unmet.is_empty(), "{}", unmet.join("\n\n"));
}

/// What a step promises and its output does not hold.
fn unmet(step: &Step, output: &str) -> Option<String> {
    let (status, expected) = step.expected.as_ref()?;
    let mut lines = output.lines().rev();
    let told = lines.next().unwrap_or_default();
    let body: Value = lines.next().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    let met = told == status.to_string() && has(&body, expected);
    (!met).then(|| format!("{}\n{output}\nis not {status} with\n{expected}", step.script))
}

#[test]
fn an_expectation_that_is_not_met_is_seen() {
    let given = serde_json::json!({ "a": 1, "items": [{ "n": 1 }, { "n": 2 }, { "n": 3 }] });
    for (expected, met) in [
        (r#"{"a": 1}"#, true),
        (r#"{"a": "…"}"#, true),
        (r#"{"a": 2}"#, false),
        (r#"{"b": "…"}"#, false),
        (r#"{"items": [{"n": 1}, {"n": 3}]}"#, true),
        (r#"{"items": [{"n": 3}, {"n": 1}]}"#, false),
    ] {
        assert_eq!(has(&given, &serde_json::from_str(expected).expect("JSON")), met, "{expected}");
    }
}
