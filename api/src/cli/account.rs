//! `bordereau account`: the first bookseller, reset links, API keys.

use std::io::{BufRead, IsTerminal};

use bordereau_commands::{
    AccountRequest, Commands, EMAIL_CLAIM, Envelope, SealText, SentInstitution, fold_email, new_id,
};
use bordereau_domain::{AccountId, Actor, Role, ShopCode};
use bordereau_integrations::erasure::{Eraser, ErasureReason};
use bordereau_store::{NewApiKey, Store};
use chrono::TimeDelta;

use super::{RefusedToRun, failed, say};
use crate::{
    auth::{MAX_CHARS, MIN_CHARS, Passwords, new_token, token_hash},
    clock::Clock,
    serve::open_store,
    settings::Settings,
};

/// How long a reset link lives.
const LINK_LIFE: TimeDelta = TimeDelta::minutes(30);

/// What is done with accounts.
#[derive(clap::Subcommand)]
pub enum AccountCommand {
    /// Open an account; the first password is read from standard input, or set later by a reset link
    Open {
        /// The shop's code
        #[arg(long)]
        shop: String,
        /// The login
        #[arg(long)]
        email: String,
        /// The person's name
        #[arg(long)]
        name: String,
        /// requester, approver, purchaser, bookseller or auditor
        #[arg(long)]
        role: String,
        /// Client numbers of its institutions, for the first three roles
        #[arg(long = "institution", value_name = "NUMBER")]
        institutions: Vec<String>,
        /// Read the first password from standard input, one line
        #[arg(long)]
        password_stdin: bool,
    },
    /// Print a single-use token that sets a new password, good for 30 minutes
    ResetLink {
        /// The shop's code
        #[arg(long)]
        shop: String,
        /// The login
        #[arg(long)]
        email: String,
    },
    /// Close an account to its owner; its sessions end. A bookseller's is closed here only
    Deactivate {
        /// The shop's code
        #[arg(long)]
        shop: String,
        /// The login
        #[arg(long)]
        email: String,
    },
    /// Open an account to its owner again
    Reactivate {
        /// The shop's code
        #[arg(long)]
        shop: String,
        /// The login
        #[arg(long)]
        email: String,
    },
    /// Erase the person behind an account, for ever; a bookseller is erased here only, or by himself
    Erase {
        /// The shop's code
        #[arg(long)]
        shop: String,
        /// The login
        #[arg(long)]
        email: String,
    },
    /// Make an API key and print it, once
    Key {
        /// The shop's code
        #[arg(long)]
        shop: String,
        /// integrator or librisoft
        #[arg(long)]
        role: String,
        /// What it is for
        #[arg(long)]
        label: String,
    },
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err, which passes by value")]
fn refused(why: impl ToString) -> anyhow::Error {
    RefusedToRun(why.to_string()).into()
}

/// Runs it.
pub async fn run(settings: Settings, clock: Clock, command: AccountCommand) -> anyhow::Result<()> {
    let store = open_store(&settings, &clock).await?;
    let ended = carry_out(&store, &settings, &clock, command).await;
    store.close().await;
    ended
}

async fn carry_out(store: &Store, settings: &Settings, clock: &Clock, command: AccountCommand) -> anyhow::Result<()> {
    match command {
        AccountCommand::Open { shop, email, name, role, institutions, password_stdin } => {
            let shop: ShopCode = shop.parse().map_err(refused)?;
            let password_hash = if password_stdin { Some(hash_from_stdin().await?) } else { None };
            let account_id = AccountId(new_id());
            let request = AccountRequest::Open {
                account_id,
                email: SealText::new(&email).map_err(refused)?,
                name: SealText::new(&name).map_err(refused)?,
                phone: None,
                role: role.parse().map_err(refused)?,
                institutions: institutions.iter().map(|number| SentInstitution::id_of(&shop, number)).collect(),
                establishment: None,
                password_hash,
            };
            let envelope = Envelope::new(shop, Actor::system(), clock.now(), "cli");
            Commands::new(store.clone()).execute(envelope, account_id.to_string(), request).await.map_err(failed)?;
            say(&account_id.to_string());
            Ok(())
        }
        AccountCommand::ResetLink { shop, email } => reset_link(store, settings, clock, &shop, &email).await,
        AccountCommand::Deactivate { shop, email } => set_activity(store, clock, &shop, &email, false).await,
        AccountCommand::Reactivate { shop, email } => set_activity(store, clock, &shop, &email, true).await,
        AccountCommand::Erase { shop, email } => erase(store, clock, &shop, &email).await,
        AccountCommand::Key { shop, role, label } => make_key(store, clock, &shop, &role, label).await,
    }
}

async fn hash_from_stdin() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        say("Password:");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']).to_owned();
    if !(MIN_CHARS..=MAX_CHARS).contains(&password.chars().count()) {
        return Err(refused(format!("a password has {MIN_CHARS} to {MAX_CHARS} characters")));
    }
    Passwords::new().hash(password).await.map_err(|problem| anyhow::anyhow!("{}", problem.slug))
}

async fn find_account(store: &Store, shop: &ShopCode, email: &str) -> anyhow::Result<AccountId> {
    let value = store.blind_index(shop.as_str(), EMAIL_CLAIM, &fold_email(email));
    let holder = store.find_claim(shop.as_str(), EMAIL_CLAIM, &value).await?;
    Ok(holder.ok_or_else(|| refused("no account has this address"))?.parse()?)
}

async fn set_activity(store: &Store, clock: &Clock, shop: &str, email: &str, active: bool) -> anyhow::Result<()> {
    let shop: ShopCode = shop.parse().map_err(refused)?;
    let account_id = find_account(store, &shop, email).await?;
    let request = if active { AccountRequest::Reactivate } else { AccountRequest::Deactivate { account_id } };
    let envelope = Envelope::new(shop, Actor::system(), clock.now(), "cli");
    Commands::new(store.clone()).execute(envelope, account_id.to_string(), request).await.map_err(failed)?;
    Ok(())
}

async fn erase(store: &Store, clock: &Clock, shop: &str, email: &str) -> anyhow::Result<()> {
    let shop: ShopCode = shop.parse().map_err(refused)?;
    let account_id = find_account(store, &shop, email).await?;
    let eraser = Eraser::new(Commands::new(store.clone()));
    eraser.erase(&shop, account_id, ErasureReason::Requested, clock.now()).await?;
    say(&account_id.to_string());
    Ok(())
}

async fn reset_link(store: &Store, settings: &Settings, clock: &Clock, shop: &str, email: &str) -> anyhow::Result<()> {
    let shop: ShopCode = shop.parse().map_err(refused)?;
    let account = find_account(store, &shop, email).await?;
    let token = new_token()?;
    let expires_at = (clock.now() + LINK_LIFE).timestamp_micros();
    store.set_reset_link(shop.as_str(), account.0, &token_hash(&token), expires_at).await?;
    let address = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
    say(&format!(
        "Within 30 minutes, once:\n  curl -X POST {address}/api/v1/passwords -H 'Content-Type: application/json' \\\n    -d '{{\"token\": \"{token}\", \"password\": \"...\"}}'"
    ));
    Ok(())
}

async fn make_key(store: &Store, clock: &Clock, shop: &str, role: &str, label: String) -> anyhow::Result<()> {
    let shop: ShopCode = shop.parse().map_err(refused)?;
    let role: Role = role.parse().map_err(refused)?;
    if !matches!(role, Role::Integrator | Role::Librisoft) {
        return Err(refused("a key is an integrator's or librisoft's"));
    }
    if store.head(shop.as_str()).await?.is_none() {
        return Err(refused("no such shop"));
    }
    let token = new_token()?;
    let key = NewApiKey {
        ledger: shop.to_string(),
        id: new_id(),
        key_hash: token_hash(&token),
        role: role.to_string(),
        label,
        created_at: clock.micros(),
    };
    store.put_api_key(key).await?;
    say(&token);
    Ok(())
}
