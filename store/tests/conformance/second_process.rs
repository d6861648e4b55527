//! A second process on one place: this very test binary, started again to play one part of a case.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use bordereau_store::{Options, Store};

use super::bench::{Bench, START};
use super::load;

/// The environment of a second process: its part, and where the store is.
const PART: &str = "CONFORMANCE_PART";
const URL: &str = "CONFORMANCE_URL";
const DATA: &str = "CONFORMANCE_DATA";
/// The test below, by its path.
const ENTRY: &str = "conformance::second_process::a_process_plays_the_part_that_it_is_given";
/// What it says begins so; the rest is the test harness's.
const SAID: &str = "> ";
const READY: &str = "ready";

/// A second process at work.
pub(crate) struct Second {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Second {
    /// Starts it and waits until it has opened the store.
    pub(crate) async fn start(bench: &Bench, part: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", ENTRY, "--nocapture", "--test-threads", "1"]);
        command.envs([(PART, part), (URL, bench.url())]).env(DATA, bench.data());
        let starting = move || {
            let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
            assert!(lines.any(|line| line.unwrap().ends_with(&format!("{SAID}{READY}"))), "it never was ready");
            Self { child, lines }
        };
        tokio::task::spawn_blocking(starting).await.unwrap()
    }

    /// Waits for its end; what it has said.
    pub(crate) async fn end(mut self) -> Vec<String> {
        let ending = move || {
            let lines = self.lines.by_ref().map(Result::unwrap);
            let said = lines.filter_map(|line| line.strip_prefix(SAID).map(str::to_owned)).collect();
            assert!(self.child.wait().unwrap().success(), "the second process has failed: see what it wrote");
            said
        };
        tokio::task::spawn_blocking(ending).await.unwrap()
    }
}

#[expect(clippy::print_stdout, reason = "this is how the second process tells the first")]
pub(crate) fn say(text: &str) {
    println!("{SAID}{text}");
}

/// Where the second half of a case runs. Without a part it is a test like any other, with nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_process_plays_the_part_that_it_is_given() {
    let Ok(part) = std::env::var(PART) else { return };
    let (url, data) = (std::env::var(URL).unwrap(), PathBuf::from(std::env::var_os(DATA).unwrap()));
    let store = Store::open(&url, &data, Options::new(|| START)).await.unwrap();
    say(&format!("\n{SAID}{READY}"));
    match part.as_str() {
        load::DAWDLE => {
            for id in load::write_half(&store, 1).await {
                say(&id.to_string());
            }
        }
        load::HALF_STALE => load::half_stale(&store, 1).await,
        other => panic!("no such part: {other}"),
    }
    store.close().await;
}
