//! The command line. Exit 0 done and nothing wrong, 1 found wrong or failed, 2 usage or refused.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    desk::{Desk, Refused, Verdict},
    diff, export, import, rebuild,
    settings::{BadSetting, Flags, Settings},
    show, verify,
};

/// The auditor's tool of Bordereau: everything it says it has made from the log.
#[derive(Parser)]
#[command(name = "bordereau-replay", version, about)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Subcommand)]
enum CliCommand {
    /// Check every event: its place, its shape, its legality, its money; and give the root over all of them
    Verify {
        /// Only this ledger
        #[arg(long, value_name = "CODE")]
        ledger: Option<String>,
    },
    /// Show what an aggregate was, and its way until then
    Show(show::ShowFlags),
    /// Build read models anew, also beside a running service, which takes them over
    Rebuild {
        /// Only this one
        view: Option<String>,
    },
    /// Compare the read models in use with what the log says they should be
    Diff {
        /// Only this one
        view: Option<String>,
    },
    /// Write ledgers to a file, as they are stored
    Export {
        /// The file, which must not exist
        file: PathBuf,
        /// Only this ledger
        #[arg(long, value_name = "CODE")]
        ledger: Option<String>,
    },
    /// Bring exported ledgers into an empty store
    Import {
        /// The file
        file: PathBuf,
    },
}

/// Reads the command line and runs it.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("BORDEREAU_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match work(cli) {
        Ok(Verdict::Sound) => ExitCode::SUCCESS,
        Ok(Verdict::Wrong) => ExitCode::from(1),
        Err(error) => complain(&error),
    }
}

fn work(cli: Cli) -> anyhow::Result<Verdict> {
    let settings = Settings::gather(&cli.flags)?;
    let makes = matches!(cli.command, CliCommand::Import { .. });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let desk = Desk::open(settings, cli.json, makes).await?;
        let done = match cli.command {
            CliCommand::Verify { ledger } => verify::run(&desk, ledger.as_deref()).await,
            CliCommand::Show(flags) => show::run(&desk, &flags).await,
            CliCommand::Rebuild { view } => rebuild::run(&desk, view.as_deref()).await,
            CliCommand::Diff { view } => diff::run(&desk, view.as_deref()).await,
            CliCommand::Export { file, ledger } => export::run(&desk, &file, ledger.as_deref()).await,
            CliCommand::Import { file } => import::run(&desk, &file).await,
        };
        desk.store.close().await;
        done
    })
}

/// Says what went wrong, whole chain, and gives the exit code.
#[expect(clippy::print_stderr, reason = "this is how a command line speaks")]
fn complain(error: &anyhow::Error) -> ExitCode {
    eprintln!("bordereau-replay: {error:#}");
    ExitCode::from(if error.is::<Refused>() || error.is::<BadSetting>() { 2 } else { 1 })
}
