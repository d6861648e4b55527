//! What the server itself gives: PostgreSQL's own `pgbench`, one durable row per transaction, prepared, on the server
//! on which P1 was measured.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::{
    cluster::binaries,
    figure::Figure,
    statistics::{Sample, Summary},
};

/// The server takes a hundred connections as it comes.
const MOST_CONNECTIONS: usize = 64;
/// A row as wide as an event.
const TABLE: &str = "CREATE TABLE rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)";
const INSERT: &str = "INSERT INTO rows (body) VALUES (repeat('x', 800));\n";

/// One figure per count; none where `pgbench` is not installed.
///
/// # Errors
/// When it fails.
pub async fn measure(url: &str, folder: &Path, counts: &[usize], span: Duration) -> anyhow::Result<Vec<Figure>> {
    let Some(program) = binaries().map(|folder| folder.join("pgbench")).filter(|program| program.exists()) else {
        return Ok(Vec::new());
    };
    let pool = sqlx::PgPool::connect(url).await?;
    sqlx::raw_sql(TABLE).execute(&pool).await?;
    pool.close().await;
    let url = without_drivers_own(url);
    let mut figures = Vec::new();
    for &count in counts {
        let (program, url, folder) = (program.clone(), url.clone(), folder.to_owned());
        let connections = count.min(MOST_CONNECTIONS);
        let run = move || run(&program, &url, &folder, connections, span);
        let summary = tokio::task::spawn_blocking(run).await??;
        figures.push(Figure::alone("pgbench", "pgbench, one row per transaction, same server", connections, summary));
    }
    Ok(figures)
}

/// The address without what only our driver knows: libpq refuses parameters that it does not.
fn without_drivers_own(url: &str) -> String {
    let Some((server, query)) = url.split_once('?') else { return url.to_owned() };
    let known: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("statement-cache-capacity=")).collect();
    format!("{server}?{}", known.join("&"))
}

fn run(program: &PathBuf, url: &str, folder: &Path, connections: usize, span: Duration) -> anyhow::Result<Summary> {
    let logs = tempfile::Builder::new().prefix("pgbench-").tempdir_in(folder)?;
    let script = logs.path().join("insert.sql");
    std::fs::write(&script, INSERT)?;
    let output = Command::new(program)
        .args(["-n", "-M", "prepared", "-j", "2", "-l", "--log-prefix"])
        .arg(logs.path().join("log"))
        .args(["-c", &connections.to_string(), "-T", &span.as_secs().max(1).to_string(), "-f"])
        .arg(script)
        .arg(url)
        .stdout(Stdio::null())
        .output()
        .context("pgbench does not start")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "pgbench has failed with {connections} connections: {said}");
    let mut waits = Vec::new();
    for entry in std::fs::read_dir(logs.path())? {
        let path = entry?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("log")) {
            // client, transaction, µs, ..
            let text = std::fs::read_to_string(path)?;
            let micros = text.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok());
            waits.extend(micros.map(Duration::from_micros));
        }
    }
    Ok(Sample { waits, elapsed: span }.summarise())
}
