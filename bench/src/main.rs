//! Throughput and latency of the service, each figure beside a baseline that was measured in the same run.
//!
//! What must stay true: a figure and its baseline take turns on the same store, the same disk and the same runtime, do
//! the same work, and every answer is checked: a refused command ends the run instead of being counted.

mod cluster;
mod connection;
mod disk;
mod drive;
mod figure;
mod framework;
mod history;
mod in_process;
mod life;
mod on_postgres;
mod over_http;
mod parse_only;
mod pgbench;
mod rebuild;
mod shop;
mod statistics;
mod stream;
mod streams;
mod visible;

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, ensure};
use clap::Parser;

use crate::{cluster::Cluster, drive::Pace, figure::Figure};

/// The figures that there are.
const IDS: [&str; 7] = ["P1", "P1-pg", "P2", "P3", "P4", "P7", "P8"];

/// Measures commands per second and their latency, in process and over HTTP, beside their baselines.
#[derive(Debug, Parser)]
#[command(name = "bordereau-bench", version)]
struct Flags {
    /// One JSON object per line instead of a table
    #[arg(long)]
    json: bool,
    /// Clients at once, one figure for each count (in process)
    #[arg(long, value_delimiter = ',', default_value = "1,16,64", value_name = "COUNTS")]
    clients: Vec<usize>,
    /// Connections at once (over HTTP)
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    connections: usize,
    /// Seconds of one turn; a figure and its baseline take three turns each
    #[arg(long, default_value_t = 3, value_name = "SECONDS")]
    seconds: u64,
    /// Events of the log that read models are made of
    #[arg(long, default_value_t = 1_000_000, value_name = "COUNT")]
    events: u64,
    /// Which figures to take: P1 (in process, SQLite), P1-pg (in process, PostgreSQL), P2 (over HTTP), P3 (read models
    /// from nothing), P4 (command to visible in a list), P7 (event streams), P8 (a long stream)
    #[arg(long, value_delimiter = ',', default_values = IDS, value_name = "IDS")]
    only: Vec<String>,
    /// A folder on the disk to measure; what is written there is removed at the end [default: the system's temporary
    /// folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A PostgreSQL server to measure, where databases may be made; they are dropped at the end [default: a server of
    /// the run's own, where its binaries are installed]
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    ensure!(flags.seconds > 0, "--seconds must be at least 1");
    ensure!(flags.connections > 0 && flags.clients.iter().all(|count| *count > 0), "a count must be at least 1");
    if let Some(unknown) = flags.only.iter().find(|id| !IDS.contains(&id.as_str())) {
        anyhow::bail!("--only {unknown}: there are {}", IDS.join(", "));
    }
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot start")?;
    let figures = runtime.block_on(measure(&flags))?;
    let mut out = std::io::stdout().lock();
    if flags.json {
        for figure in &figures {
            writeln!(out, "{}", figure.to_json())?;
        }
    } else {
        write!(out, "{}", figure::table(&figures))?;
    }
    Ok(())
}

async fn measure(flags: &Flags) -> anyhow::Result<Vec<Figure>> {
    let root = flags.data.clone().unwrap_or_else(std::env::temp_dir);
    let folder = tempfile::Builder::new().prefix("bordereau-bench-").tempdir_in(&root);
    let folder = folder.with_context(|| format!("no folder can be made in {}", root.display()))?;
    let pace = Pace::new(Duration::from_secs(flags.seconds));
    let wants = |id: &str| flags.only.iter().any(|only| only == id);
    let mut figures = Vec::new();
    if wants("P1") {
        figures.extend(in_process::measure(&folder.path().join("in-process"), &flags.clients, pace).await?);
    }
    if wants("P1-pg") {
        figures.extend(on_postgres(flags, &root, &folder.path().join("on-postgres"), pace).await?);
    }
    if wants("P2") {
        figures.extend(over_http::measure(&folder.path().join("over-http"), flags.connections, pace).await?);
    }
    if wants("P3") {
        figures.extend(rebuild::measure(&folder.path().join("rebuild"), flags.events).await?);
    }
    if wants("P4") {
        figures.extend(visible::measure(&folder.path().join("visible"), pace.turn).await?);
    }
    if wants("P7") {
        figures.extend(streams::measure(&folder.path().join("streams"), pace).await?);
    }
    if wants("P8") {
        figures.extend(stream::measure(&folder.path().join("stream")).await?);
    }
    Ok(figures)
}

/// On the server that the flags name, or on one of our own; without either it says so and gives no figures.
async fn on_postgres(flags: &Flags, root: &Path, folder: &Path, pace: Pace) -> anyhow::Result<Vec<Figure>> {
    if let Some(url) = &flags.postgres {
        return on_postgres::measure(url, folder, &flags.clients, pace).await;
    }
    let Some(cluster) = Cluster::start(root).context("no PostgreSQL server of the run's own")? else {
        writeln!(std::io::stderr(), "P1-pg is left out: there are no PostgreSQL binaries here and no --postgres URL")?;
        return Ok(Vec::new());
    };
    on_postgres::measure(&cluster.url(), folder, &flags.clients, pace).await
}
