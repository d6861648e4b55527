//! A real PostgreSQL of the test process's own: made by initdb in a temporary folder, on a free port of the loopback,
//! durable as in production, gone when the process ends, however it ends.
//!
//! It is spoken to with PostgreSQL's own tools, as an operator would: the suite has no driver.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use tempfile::TempDir;

/// The cluster that the tests of this process share, each in a database of its own.
static SHARED: LazyLock<Cluster> = LazyLock::new(Cluster::start);

// The shell waits for its input to end, which is when this process is gone; then it stops the server of this folder.
const SCRIPT: &str = r#"set -e
cd "$1"
"$2/initdb" -D data -U bordereau -A trust -E UTF8 --no-locale --no-sync >initdb.log
cat >>data/postgresql.conf <<END
listen_addresses = '127.0.0.1'
port = $3
unix_socket_directories = '$1'
max_connections = 400
END
"$2/pg_ctl" -D data -l server.log -w -t 120 start >/dev/null </dev/null
echo ready
read -r _ || true
"$2/pg_ctl" -D data -w -m immediate stop >/dev/null || true
cd / && rm -rf "$1"
"#;

/// A running server. It stops when this is dropped or the process ends.
pub struct Cluster {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
    keeper: Child,
}

impl Cluster {
    /// A server of one's own: for a test that stops it.
    pub fn start() -> Self {
        let binaries = binaries();
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let mut keeper = unprivileged(Path::new("sh"))
            .args(["-c", SCRIPT, "cluster"])
            .arg(folder.path())
            .arg(&binaries)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready", "PostgreSQL did not start: see {}", folder.path().display());
        Self { folder, binaries, port, keeper }
    }

    /// The server that the tests of this process share.
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// A new database, by URL: empty.
    pub fn make_database(&self) -> String {
        self.copy_database("template0")
    }

    /// A new database, by URL: with everything that stands in another one, to which nobody may be connected.
    pub(crate) fn copy_database(&self, from: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("case_{}", COUNT.fetch_add(1, Ordering::SeqCst));
        self.sql(&self.url("postgres"), &format!("CREATE DATABASE {name} TEMPLATE {from}"));
        self.url(&name)
    }

    /// Runs a statement in a database and gives what psql prints: rows by line, columns with `|` between them.
    pub fn sql(&self, url: &str, statement: &str) -> String {
        self.tool("psql", &["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement])
    }

    /// Runs one of PostgreSQL's tools to its end and gives what it prints.
    pub fn tool(&self, name: &str, arguments: &[&str]) -> String {
        let beside = self.binaries.join(name);
        // The tools of clients may lie elsewhere than the server.
        let program = if beside.exists() { beside } else { PathBuf::from(name) };
        let done = Command::new(program).args(arguments).stdin(Stdio::null()).output().unwrap();
        assert!(done.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// Stops the server as a crash would and leaves it down.
    pub fn crash(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// Starts the server again.
    pub fn come_back(&self) {
        self.control(&["start"]);
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://bordereau@127.0.0.1:{}/{database}", self.port)
    }

    fn control(&self, arguments: &[&str]) {
        let status = unprivileged(&self.binaries.join("pg_ctl"))
            .current_dir(self.folder.path())
            .args(["-D", "data", "-l", "server.log", "-w"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "pg_ctl {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The newest server on this machine.
fn binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    folders.retain(|folder| folder.join("initdb").exists());
    folders.sort();
    folders.pop().expect("the tests need a PostgreSQL server: Debian's package postgresql")
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}

/// A command, as the user postgres where we are root: PostgreSQL refuses to run as root.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}
