//! The command line. Exit 0 done, 1 found wrong or failed, 2 usage or refused.

mod account;
mod backup;
mod restored;
mod retention;
mod serve;
mod shop;

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{
    clock::Clock,
    settings::{Flags, Settings},
};

/// The order-workflow service between institutions and their bookshop.
#[derive(Parser)]
#[command(name = "bordereau", version, about)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Subcommand)]
enum CliCommand {
    /// Run the service
    Serve(serve::ServeFlags),
    /// Bookshops
    #[command(subcommand)]
    Shop(shop::ShopCommand),
    /// Accounts and keys
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Copy an SQLite store while it is served: the log to FILE, the keys to FILE.keys, their digests to FILE.sha256
    Backup {
        /// A new file
        file: PathBuf,
    },
    /// Put a back-up where no store is; the master key must be there already
    Restore {
        /// What `backup` wrote, with the two files beside it
        file: PathBuf,
    },
    /// After the store was restored from a back-up: give the ledgers a new epoch, so that followers start anew
    Restored,
    /// Let go what has been kept its time, as the service does once a day
    Retention {
        /// Only tell what would go
        #[arg(long)]
        dry_run: bool,
        /// One JSON object a shop
        #[arg(long)]
        json: bool,
    },
}

/// What a subcommand refuses to do: exit 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct RefusedToRun(pub(crate) String);

/// Reads the command line and runs it.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr();
    let settings = match Settings::gather(&cli.flags) {
        Ok(settings) => settings,
        Err(bad) => return complain(&bad.into()),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return complain(&error.into()),
    };
    let clock = Clock::wall();
    let ended = runtime.block_on(async {
        match cli.command {
            CliCommand::Serve(flags) => serve::run(settings, clock, flags).await,
            CliCommand::Shop(command) => shop::run(settings, clock, command).await,
            CliCommand::Account(command) => account::run(settings, clock, command).await,
            CliCommand::Backup { file } => backup::back_up(settings, clock, &file).await,
            CliCommand::Restore { file } => backup::restore(settings, clock, &file).await,
            CliCommand::Retention { dry_run, json } => retention::run(settings, clock, dry_run, json).await,
            CliCommand::Restored => restored::run(settings, clock).await,
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error),
    }
}

fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("BORDEREAU_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let json = std::env::var("BORDEREAU_LOG_FORMAT").is_ok_and(|format| format == "json");
    let logger = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for a terminal: in a file they are noise that a reader may take for something else.
    let logger = logger.with_ansi(std::io::stderr().is_terminal());
    if json {
        logger.json().init();
    } else {
        logger.init();
    }
}

/// Says what went wrong, whole chain, and gives the exit code.
#[expect(clippy::print_stderr, reason = "this is how a command line speaks")]
fn complain(error: &anyhow::Error) -> ExitCode {
    eprintln!("bordereau: {error:#}");
    let refused = error.is::<RefusedToRun>() || error.is::<crate::settings::BadSetting>();
    ExitCode::from(if refused { 2 } else { 1 })
}

/// Tells the person at the terminal.
#[expect(clippy::print_stdout, reason = "this is how a command line speaks")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// A command's failure as the command line tells it: a refusal is 2, anything else 1.
pub(crate) fn failed<E: std::error::Error + Send + Sync + 'static>(
    failed: bordereau_commands::Failed<E>,
) -> anyhow::Error {
    use bordereau_commands::Failed;
    match failed {
        Failed::NotFound
        | Failed::Refused(_)
        | Failed::Stale { .. }
        | Failed::KeyReused
        | Failed::ClaimTaken { .. }
        | Failed::Unproven
        | Failed::UnknownShop
        | Failed::Erased
        | Failed::ShopExists => RefusedToRun(failed.to_string()).into(),
        Failed::Contended | Failed::Unavailable(_) | Failed::Unknown(_) | Failed::Broken(_) => failed.into(),
    }
}
