//! What happens because time goes by: answered quotes expire when their last day is over.
//!
//! Asked for again it is not done again, so any number of nodes may look.

use std::time::Duration;

use bordereau_commands::{Envelope, Failed, QuoteRequest};
use bordereau_domain::{
    Actor, ShopCode,
    quote::QuoteError,
    shop::{OpenedShop, Shop},
};
use tokio::sync::watch;

use crate::app::{App, Phase};

/// How often it is looked.
const EVERY: Duration = Duration::from_mins(5);
/// Quotes that expire in one look at a shop.
const AT_ONCE: usize = 500;

/// Looks at once and then every few minutes, until the service stops.
pub async fn watch(app: App) {
    let mut phase = app.phase.subscribe();
    loop {
        if let Err(error) = pass(&app).await {
            tracing::warn!("deadlines were not looked at: {error:#}");
        }
        if stopped_within(&mut phase, EVERY).await {
            return;
        }
    }
}

async fn stopped_within(phase: &mut watch::Receiver<Phase>, wait: Duration) -> bool {
    let stopping = phase.wait_for(|phase| *phase == Phase::Stopping);
    tokio::time::timeout(wait, stopping).await.is_ok()
}

/// Looks at every shop once; how many quotes have expired.
///
/// # Errors
/// When the store or the list of quotes cannot be read.
pub async fn pass(app: &App) -> anyhow::Result<usize> {
    let mut expired = 0;
    for head in app.store.heads().await? {
        expired += expire_quotes(app, &head.ledger.parse()?).await?;
    }
    Ok(expired)
}

async fn expire_quotes(app: &App, shop: &ShopCode) -> anyhow::Result<usize> {
    let code = shop.as_str();
    let ask = |shop: &Shop| shop.opened().map(OpenedShop::zone);
    let zone = app.commands.peek::<Shop, _>(code, code, ask).await?.value.unwrap_or(chrono_tz::UTC);
    let today = app.clock.now().with_timezone(&zone).date_naive();
    let mut expired = 0;
    for quote in app.projections.quote_list().list_overdue(code, today, AT_ONCE).await? {
        let envelope = Envelope::new(shop.clone(), Actor::system(), app.clock.now(), "reactor");
        match app.commands.execute(envelope, quote.to_string(), QuoteRequest::Expire).await {
            Ok(done) => expired += usize::from(done.position.is_some()),
            // Accepted or refused a moment ago: the list has not seen it yet.
            Err(Failed::Refused(QuoteError::WrongStatus { .. } | QuoteError::StillValid)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(expired)
}
