//! `bordereau restored`: after a restore the ledgers are another history, and their followers are told so.

use bordereau_store::{Head, Store};

use super::{RefusedToRun, backup::erase_again, say};
use crate::{clock::Clock, serve::open_store, settings::Settings};

/// Gives every ledger a new epoch and prints the ledgers with where they stand.
pub async fn run(settings: Settings, clock: Clock) -> anyhow::Result<()> {
    let store = open_store(&settings, &clock).await?;
    let renewed = renew(&store, &clock).await;
    store.close().await;
    let heads = renewed?;
    if heads.is_empty() {
        return Err(RefusedToRun("the store holds no ledger: is it the one that was restored?".to_owned()).into());
    }
    for head in heads {
        say(&format!("{} stands at {} in epoch {}", head.ledger, head.position, head.epoch));
    }
    Ok(())
}

async fn renew(store: &Store, clock: &Clock) -> anyhow::Result<Vec<Head>> {
    store.renew_epochs().await?;
    erase_again(store, clock).await
}
