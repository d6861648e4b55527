//! P4: from a command to its basket in a list, at 500 commands a second. Commands are begun by the clock, whatever the
//! ones before them do, and the time runs from when each was due. A thread of its own keeps the clock: the runtime's
//! timers know whole milliseconds only, which would count as waiting.

use std::{
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use bordereau_api::{Clock, Settings, serve};
use bordereau_projections::{Projections, Tray, Viewer};
use tokio::sync::mpsc;

use crate::{
    figure::Figure,
    in_process::OwnClient,
    life::Act,
    over_http::{HttpClient, Served},
    shop::{CODE, Shop},
    statistics::{Sample, Summary},
};

/// Commands per second.
const RATE: u32 = 500;
/// Clients that share them.
const CLIENTS: u32 = 50;
/// Before the measured turn.
const WARM_UP: Duration = Duration::from_secs(1);
/// Longer than any view takes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Somebody who acts and then looks.
trait Watcher: Send + 'static {
    /// One command, and its effect seen in the list.
    fn act_and_look(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

struct InProcess {
    client: OwnClient,
    viewer: Viewer,
    views: Projections,
}

impl Watcher for InProcess {
    async fn act_and_look(&mut self) -> anyhow::Result<()> {
        let (act, basket, position) = self.client.act().await?;
        self.views.wait_for("basket_tray", CODE, position, PATIENCE).await?;
        let (page, _) = self.views.basket_tray().list(CODE, &self.viewer, Tray::Mine, 20, None).await?;
        let row = page.items.iter().find(|row| row.id == basket);
        ensure!(row.is_some_and(|row| row.position >= position) != (act == Act::Discard), "{act:?} is not seen");
        Ok(())
    }
}

impl Watcher for HttpClient {
    async fn act_and_look(&mut self) -> anyhow::Result<()> {
        let act = self.act().await?;
        ensure!(self.sees_basket().await? != (act == Act::Discard), "{act:?} is not seen");
        Ok(())
    }
}

/// Takes the figure in process and over HTTP, each on a service of its own in `folder`.
///
/// # Errors
/// When a command is refused or its effect is not seen.
pub async fn measure(folder: &Path, turn: Duration) -> anyhow::Result<Vec<Figure>> {
    let clients = CLIENTS as usize;
    let in_process = in_process(&folder.join("in-process"), turn).await?;
    let served = Served::start(&folder.join("over-http"), clients).await?;
    let over_http = drive(served.sign_in().await?, turn).await?;
    served.stop().await?;
    Ok(vec![
        Figure::alone("P4", "command to visible in a list, in process", clients, in_process),
        Figure::alone("P4-http", "the same over HTTP, two requests", clients, over_http),
    ])
}

async fn in_process(folder: &Path, turn: Duration) -> anyhow::Result<Summary> {
    let clock = Clock::wall();
    let settings = Settings { data: folder.to_owned(), ..Settings::default() };
    let app = serve::build(settings, clock.clone()).await?;
    let shop = Arc::new(Shop::open(&app.commands, &clock, CLIENTS as usize, None).await?);
    let watcher = |person: &crate::shop::Person| {
        let actor = &person.actor;
        let (account, role, institutions) = (actor.account, actor.role, actor.institutions.clone());
        let client = OwnClient::new(&app.commands, &shop, person, &clock)?;
        Ok(InProcess {
            client,
            viewer: Viewer { account, role, institutions, in_place: false },
            views: app.projections.clone(),
        })
    };
    let watchers = shop.people.iter().map(watcher).collect::<anyhow::Result<Vec<_>>>()?;
    let summary = drive(watchers, turn).await?;
    app.projections.shutdown().await;
    app.store.close().await;
    Ok(summary)
}

/// Lets them act in turn, each every tenth of a second.
async fn drive<W: Watcher>(watchers: Vec<W>, turn: Duration) -> anyhow::Result<Summary> {
    let (sides, running): (Vec<_>, Vec<_>) = watchers
        .into_iter()
        .map(|watcher| {
            let (side, due) = mpsc::unbounded_channel();
            (side, tokio::spawn(work(watcher, due)))
        })
        .unzip();
    let clock = thread::spawn(move || keep_time(&sides, turn));
    let mut waits = Vec::new();
    for task in running {
        waits.extend(task.await.context("a client died")??);
    }
    clock.join().ok().context("the clock has stopped")?;
    Ok(Sample { waits, elapsed: turn }.summarise())
}

/// Tells one client after the other that its next command is due: when, and whether its time counts.
fn keep_time(clients: &[mpsc::UnboundedSender<(Instant, bool)>], turn: Duration) {
    let first = Instant::now();
    let steps = (WARM_UP + turn).as_secs() * u64::from(RATE);
    for (step, client) in (0..steps).zip(clients.iter().cycle()) {
        let after = Duration::from_micros(step * 1_000_000 / u64::from(RATE));
        thread::sleep((first + after).saturating_duration_since(Instant::now()));
        // A client that has gone says why itself.
        let _gone = client.send((first + after, after >= WARM_UP));
    }
}

async fn work<W: Watcher>(
    mut watcher: W,
    mut due: mpsc::UnboundedReceiver<(Instant, bool)>,
) -> anyhow::Result<Vec<Duration>> {
    let mut waits = Vec::new();
    while let Some((due, counts)) = due.recv().await {
        watcher.act_and_look().await?;
        if counts {
            waits.push(due.elapsed());
        }
    }
    Ok(waits)
}
