//! The demonstration: two shops, filled by commands. Ids and keys are deterministic, so that an interrupted filling is
//! completed by doing it again.

mod cast;
mod catalogue;
mod newcomers;
mod stories;

use bordereau_domain::ShopCode;

use crate::app::App;

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "bordereau-demo";

/// The channel that marks what the demonstration wrote.
const CHANNEL: &str = "demo";

/// Whether the store is empty or holds this demonstration.
///
/// # Errors
/// When the store cannot be read.
pub async fn is_welcome(app: &App) -> anyhow::Result<bool> {
    for head in app.store.heads().await? {
        let ours = cast::SHOPS.iter().any(|shop| shop.code == head.ledger);
        let first = app.store.read(&head.ledger, 0, 1).await?;
        let marked = first.first().is_some_and(|event| {
            let metadata: serde_json::Value = serde_json::from_str(&event.metadata).unwrap_or_default();
            metadata["channel"] == CHANNEL
        });
        if !ours || !marked {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Fills the store, or completes what an interrupted filling has left.
///
/// # Errors
/// When a command is refused that should not be: a defect.
pub async fn fill(app: &App) -> anyhow::Result<()> {
    for shop in &cast::SHOPS {
        let code: ShopCode = shop.code.parse()?;
        let player = stories::Player::new(app, code);
        if player.has_ended().await? {
            continue;
        }
        let company = cast::engage(&player, shop).await?;
        newcomers::arrive(&player, &company).await?;
        stories::play(&player, &company).await?;
    }
    app.projections.catch_up().await?;
    Ok(())
}
