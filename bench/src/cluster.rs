//! A PostgreSQL server of the run's own: made by `initdb` in a temporary folder on the disk that is measured, on a free
//! port of the loopback, with the settings it comes with (`fsync` and `synchronous_commit` on). What must stay true: it
//! is gone when this process is, however it ends.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

use anyhow::{Context, ensure};
use tempfile::TempDir;

// The shell waits for its input to end, which is when this process is gone or has had enough; then it stops the server
// of this folder, whose pid stands in the folder.
const SCRIPT: &str = r#"set -e
cd "$1"
"$2/initdb" -D data -U bordereau -A trust -E UTF8 --no-locale >initdb.log
cat >>data/postgresql.conf <<END
listen_addresses = '127.0.0.1'
port = $3
unix_socket_directories = ''
END
"$2/pg_ctl" -D data -l server.log -w -t 120 start >/dev/null </dev/null
echo ready
read -r _ || true
"$2/pg_ctl" -D data -w -m fast stop >/dev/null || true
cd / && rm -rf "$1"
"#;

/// A running server. It stops when this is dropped.
#[derive(Debug)]
pub struct Cluster {
    // Removed by the keeper; this removes what it could not.
    _folder: TempDir,
    port: u16,
    keeper: Child,
    asking: Option<ChildStdin>,
}

impl Cluster {
    /// Starts the newest server of this machine in a folder of its own inside `root`; nothing when there is none.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(root: &Path) -> anyhow::Result<Option<Self>> {
        let Some(binaries) = binaries() else {
            return Ok(None);
        };
        let folder = tempfile::Builder::new().prefix("bordereau-bench-postgres-").tempdir_in(root)?;
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(folder.path()).status()?;
            ensure!(given.success(), "there is no user postgres to run the server as");
        }
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut keeper = not_as_root("sh")
            .args(["-c", SCRIPT, "cluster"])
            .arg(folder.path())
            .arg(binaries)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let said = first_line(&mut keeper)?;
        let asking = keeper.stdin.take();
        let mut cluster = Self { _folder: folder, port, keeper, asking };
        ensure!(said.trim() == "ready", "PostgreSQL does not start: {}", cluster.complaint());
        Ok(Some(cluster))
    }

    /// The URL of the server, by its database `postgres`.
    pub fn url(&self) -> String {
        format!("postgres://bordereau@127.0.0.1:{}/postgres", self.port)
    }

    /// What a server that did not start has said.
    fn complaint(&mut self) -> String {
        let mut text = String::new();
        if let Some(mut stderr) = self.keeper.stderr.take() {
            // A complaint that cannot be read is an empty one.
            stderr.read_to_string(&mut text).ok();
        }
        text
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.asking.take());
        // Nothing can be done about a keeper that is gone already.
        self.keeper.wait().ok();
    }
}

fn first_line(keeper: &mut Child) -> anyhow::Result<String> {
    let stdout = keeper.stdout.take().context("no output of the shell")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok(line)
}

/// The folder of the newest server: Debian's, else the one in the path.
pub fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| (number(&version.path()), version.path().join("bin")));
    let in_path = std::env::var_os("PATH");
    let in_path = in_path.iter().flat_map(std::env::split_paths).map(|folder| (0, folder));
    let candidates = debian.chain(in_path).filter(|(_, folder)| folder.join("initdb").exists());
    candidates.max_by_key(|(number, _)| *number).map(|(_, folder)| folder)
}

fn number(version: &Path) -> u32 {
    version.file_name().and_then(|name| name.to_str()?.parse().ok()).unwrap_or_default()
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}

/// A command, as the user postgres where we are root: PostgreSQL refuses to run as root.
fn not_as_root(program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
    command
}
