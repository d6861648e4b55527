//! What runs beside the requests: reactors on the log, deadlines, and the sending of mail.

use std::time::Duration;

use bordereau_domain::ShopCode;
use bordereau_integrations::{
    Node, Reactors,
    deadlines::{self, expire_quotes},
    erasure::{Eraser, ErasureReactor},
    mail::{Mailer, Sender},
    retention::{self, Report, Run},
};
use bordereau_store::Clock;
use tokio::{sync::watch, task::JoinHandle};

use crate::app::App;

/// How often deadlines are looked at.
const DEADLINES: Duration = Duration::from_mins(5);

/// What runs beside the requests.
#[derive(Debug)]
pub struct Running {
    reactors: Reactors,
    sender: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

fn clock(app: &App) -> Clock {
    let clock = app.clock.clone();
    std::sync::Arc::new(move || clock.micros())
}

/// Starts all of it.
///
/// # Errors
/// When a setting about mail cannot be used.
pub fn start(app: &App) -> anyhow::Result<Running> {
    let node = Node { store: app.store.clone(), clock: clock(app), id: bordereau_commands::new_id() };
    let sender = Sender::new(app.store.clone(), app.commands.clone(), clock(app), &app.settings.mail())?;
    let sender = sender.shown_on(app.reactors.clone());
    if !sender.is_open() {
        tracing::warn!("no mail server is set (smtp_url): letters wait in the queue");
    }
    let mut reactors = Reactors::new(node, app.reactors.clone());
    reactors.follow(Mailer::new(app.store.clone(), app.commands.clone(), app.projections.clone(), clock(app)));
    reactors.follow(ErasureReactor::new(Eraser::new(app.commands.clone()), clock(app)));
    let parts = app.clone();
    reactors.every(deadlines::NAME, DEADLINES, move |shop| look_at_deadlines(parts.clone(), shop));
    let parts = app.clone();
    reactors.every(retention::NAME, retention::PERIOD, move |shop| let_go(parts.clone(), shop));
    let stop = watch::Sender::new(false);
    let sender = tokio::spawn(sender.run(stop.subscribe()));
    Ok(Running { reactors, sender, stop })
}

async fn look_at_deadlines(app: App, shop: String) -> anyhow::Result<()> {
    let shop: ShopCode = shop.parse()?;
    expire_quotes(&app.commands, &app.projections, &shop, app.clock.now()).await?;
    Ok(())
}

async fn let_go(app: App, shop: String) -> anyhow::Result<()> {
    let run = Run::new(app.commands.clone(), app.settings.retention, app.clock.now(), false);
    let report = run.take(&shop.parse()?).await?;
    tracing::info!(shop, ?report, "retention");
    if report.unwarned + report.unreachable > 0 {
        let Report { unwarned, unreachable, .. } = report;
        tracing::warn!(
            shop,
            unwarned,
            unreachable,
            "accounts that nobody uses stay: no mail server has taken their letter"
        );
    }
    Ok(())
}

impl Running {
    /// Lets each finish what it has in hand.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        self.reactors.shutdown().await;
        if let Err(error) = self.sender.await {
            tracing::error!(%error, "the sender of mail has ended badly");
        }
    }
}
