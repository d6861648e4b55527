//! `bordereau retention`: lets go what has been kept its time, now, or tells what would go.

use bordereau_commands::Commands;
use bordereau_integrations::retention::{Report, Run};
use bordereau_store::Store;
use serde_json::{Value, json};

use super::say;
use crate::{clock::Clock, serve::open_store, settings::Settings};

/// Runs it in every shop, and prints a line or a JSON object for each.
pub async fn run(settings: Settings, clock: Clock, dry: bool, as_json: bool) -> anyhow::Result<()> {
    let store = open_store(&settings, &clock).await?;
    let ended = each_shop(&store, &settings, &clock, dry, as_json).await;
    store.close().await;
    ended
}

async fn each_shop(store: &Store, settings: &Settings, clock: &Clock, dry: bool, as_json: bool) -> anyhow::Result<()> {
    let run = Run::new(Commands::new(store.clone()), settings.retention, clock.now(), dry);
    for head in store.heads().await? {
        let report = run.take(&head.ledger.parse()?).await?;
        say(&if as_json { in_json(&head.ledger, dry, &report)? } else { in_words(&head.ledger, dry, &report) });
    }
    Ok(())
}

fn in_json(shop: &str, dry: bool, report: &Report) -> Result<String, serde_json::Error> {
    let mut line = json!({ "shop": shop, "dry_run": dry });
    if let (Value::Object(line), Value::Object(counts)) = (&mut line, serde_json::to_value(report)?) {
        line.extend(counts);
    }
    Ok(line.to_string())
}

fn in_words(shop: &str, dry: bool, report: &Report) -> String {
    let Report { warned, unwarned, unreachable, accounts, registrations, accounting, refusals, mails, sessions } =
        report;
    let verb = if dry { "would let go" } else { "let go" };
    format!(
        "{shop} {verb} {accounts} accounts, {registrations} requests for one, {accounting} persons kept for accounting, \
         {refusals} refused commands, {mails} rows of mail, {sessions} sessions; {warned} persons to be warned by a letter; \
         {unwarned} whose letter no mail server has taken and {unreachable} whose letter was given up stay"
    )
}
