//! A real PostgreSQL of the test process's own: made by initdb in a temporary folder, on a free port of the loopback and
//! a socket in that folder, durable as in production, gone when the process ends, however it ends.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// The cluster that the cases of this process share, each in a database of its own.
static SHARED: LazyLock<Cluster> = LazyLock::new(Cluster::start);

// The shell waits for its input to end, which is when this process is gone; then it stops the
// server of this folder, by its pid.
const SCRIPT: &str = r#"set -e
cd "$1"
"$2/initdb" -D data -U bordereau -A trust -E UTF8 --no-locale --no-sync >initdb.log
cat >>data/postgresql.conf <<END
listen_addresses = '127.0.0.1'
port = $3
unix_socket_directories = '$1'
max_connections = 400
shared_buffers = 64MB
max_wal_size = 256MB
END
"$2/pg_ctl" -D data -l server.log -w -t 120 start >/dev/null </dev/null
echo ready
read -r _ || true
"$2/pg_ctl" -D data -w -m immediate stop >/dev/null || true
cd / && rm -rf "$1"
"#;

/// A running server. It stops when this is dropped or the process ends.
pub(crate) struct Cluster {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
    keeper: Child,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let binaries = binaries();
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let mut keeper = as_nobody_special("sh")
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

    /// The URL of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://bordereau@127.0.0.1:{}/{database}", self.port)
    }

    /// A fresh database of the shared cluster, by URL.
    pub(crate) async fn fresh_database() -> String {
        let cluster = tokio::task::spawn_blocking(|| &*SHARED).await.unwrap();
        cluster.make_database().await
    }

    /// A fresh database, by URL.
    pub(crate) async fn make_database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("case_{}", COUNT.fetch_add(1, Ordering::SeqCst));
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        sqlx::raw_sql(&format!("CREATE DATABASE {name}")).execute(&mut connection).await.unwrap();
        self.url(&name)
    }

    /// Stops the server as a crash would and leaves it down.
    pub(crate) fn crash(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    /// Starts the server again.
    pub(crate) fn come_back(&self) {
        self.control(&["start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let status = as_nobody_special(self.binaries.join("pg_ctl"))
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
        self.keeper.wait().ok();
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
pub(crate) fn as_nobody_special(program: impl AsRef<Path>) -> Command {
    if !is_root() {
        return Command::new(program.as_ref());
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program.as_ref());
    command
}
