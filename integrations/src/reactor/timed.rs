//! What is looked at every so often, by one node at a time.

use std::time::Duration;

use bordereau_store::Micros;
use tokio::{sync::watch, time::MissedTickBehavior};

use super::{Board, Node, lease::Held};

/// Looks at once and then every `period`, until `stop` says so.
pub(super) async fn run<F, W>(
    node: Node,
    name: &'static str,
    period: Duration,
    pass: F,
    board: Board,
    mut stop: watch::Receiver<bool>,
) where
    F: Fn(String) -> W + Send + Sync,
    W: Future<Output = anyhow::Result<()>> + Send,
{
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !*stop.borrow_and_update() {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.changed() => break,
        }
        let looked = look(&node, name, period, &pass).await;
        board.waits(name, looked.err().map(|error| format!("{error:#}")));
    }
}

async fn look<F, W>(node: &Node, name: &'static str, period: Duration, pass: &F) -> anyhow::Result<()>
where
    F: Fn(String) -> W + Send + Sync,
    W: Future<Output = anyhow::Result<()>> + Send,
{
    let mut trouble = Ok(());
    for head in node.store.heads().await? {
        if let Err(error) = visit(node, name, period, &head.ledger, pass).await {
            tracing::warn!(reactor = name, shop = head.ledger, "not looked at: {error:#}");
            trouble = Err(error);
        }
    }
    trouble
}

async fn visit<F, W>(node: &Node, name: &str, period: Duration, ledger: &str, pass: &F) -> anyhow::Result<()>
where
    F: Fn(String) -> W,
    W: Future<Output = anyhow::Result<()>>,
{
    // As long as a period: whoever has looked lately looks again, and the others need not.
    let term = Micros::try_from(period.as_micros()).unwrap_or(Micros::MAX / 2);
    match Held::take_for(node, ledger, name, term).await? {
        Some(_) => pass(ledger.to_owned()).await,
        None => Ok(()),
    }
}
