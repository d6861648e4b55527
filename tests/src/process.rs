//! The real binary: started on a free port, stopped by a signal, or run to its end.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

/// How long anything may take that a process does.
const PATIENCE: Duration = Duration::from_mins(1);

/// How a process ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it wrote.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Runs a program to its end.
pub fn run(program: &Path, arguments: &[&str], stdin: &str) -> Ended {
    let mut child = command(program, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut pipe, stdin) = (child.stdin.take().unwrap(), stdin.to_owned());
    // Beside the reading: who answers while he listens must not wait for us.
    let writing = std::thread::spawn(move || pipe.write_all(stdin.as_bytes()));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    // A program may end without having read everything.
    let _ = writing.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("BORDEREAU_")) {
        command.env_remove(name);
    }
    command
}

/// A service that runs. It is killed when it is dropped.
pub struct Process {
    child: Child,
    /// Where it listens, for example `http://127.0.0.1:41234`.
    pub address: String,
    /// Its data folder.
    pub data: PathBuf,
    log: Receiver<String>,
}

impl Process {
    /// Serves `data` on a free port, with further flags; returns once it listens.
    pub fn serve(program: &Path, data: &Path, flags: &[&str]) -> Self {
        Self::serve_with(program, data, flags, &[])
    }

    /// The same with an environment of its own.
    pub fn serve_with(program: &Path, data: &Path, flags: &[&str], environment: &[(&str, &str)]) -> Self {
        let folder = data.to_str().unwrap();
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--data", folder];
        arguments.extend(flags);
        let mut command = command(program, &arguments);
        command.env("BORDEREAU_LOG_FORMAT", "json").envs(environment.iter().copied());
        let mut child = command.stdin(Stdio::null()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (tell, log) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        let mut process = Self { child, address: String::new(), data: data.to_owned(), log };
        let line = process.wait_for_log("\"listening\"");
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        process.address = format!("http://{}", line["fields"]["address"].as_str().unwrap());
        process
    }

    /// Serves the demonstration; returns once it is filled.
    pub fn serve_demo(program: &Path, data: &Path) -> Self {
        Self::serve_demo_on(program, data, "sqlite")
    }

    /// The same on the store with this URL.
    pub fn serve_demo_on(program: &Path, data: &Path, store: &str) -> Self {
        let process = Self::serve(program, data, &["--demo", "--store", store]);
        process.wait_for_log("the demonstration is ready");
        process
    }

    /// The first line of the log from here on that has `text`.
    pub fn wait_for_log(&self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut said = Vec::new();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => said.push(line),
                Err(error) => panic!("it never said {text} ({error}): {said:#?}"),
            }
        }
    }

    /// Asks it to stop and waits; gives the exit code and how long it took.
    pub fn stop(mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status.code(), began.elapsed())
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Memory in use, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
