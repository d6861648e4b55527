//! `bordereau shop`.

use bordereau_commands::{Commands, Envelope, ShopRequest};
use bordereau_domain::{Actor, ShopCode};

use super::{RefusedToRun, failed, say};
use crate::{clock::Clock, serve::open_store, settings::Settings};

/// What is done with bookshops.
#[derive(clap::Subcommand)]
pub enum ShopCommand {
    /// Open a bookshop with its ledger and a first point of sale
    Open {
        /// 2 to 32 of A-Z, 0-9 and -; never changed
        code: String,
        /// The bookshop's name
        #[arg(long)]
        name: String,
        /// Two letters, for example FR
        #[arg(long)]
        country: String,
        /// IANA name, for example Europe/Paris
        #[arg(long)]
        time_zone: String,
        /// Three letters
        #[arg(long, default_value = "EUR")]
        currency: String,
    },
}

/// Runs it.
pub async fn run(settings: Settings, clock: Clock, command: ShopCommand) -> anyhow::Result<()> {
    let ShopCommand::Open { code, name, country, time_zone, currency } = command;
    let code: ShopCode =
        code.parse().map_err(|error: bordereau_domain::shop::MalformedCode| RefusedToRun(error.to_string()))?;
    let store = open_store(&settings, &clock).await?;
    let envelope = Envelope::new(code.clone(), Actor::system(), clock.now(), "cli");
    let request = ShopRequest::Open { code: code.clone(), name, country, currency, time_zone };
    let opened = Commands::new(store.clone()).execute(envelope, code.to_string(), request).await;
    store.close().await;
    opened.map_err(failed)?;
    say(&format!("{code} is open"));
    Ok(())
}
