//! P3: all read models made from nothing, beside reading and decoding the same log.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use bordereau_api::{Clock, Settings, serve::open_store};
use bordereau_commands::Commands;
use bordereau_projections::{Projections, Recorded};
use bordereau_store::{Append, Store, StreamAppend};
use tokio::sync::mpsc;

use crate::{
    drive::Pair,
    figure::Figure,
    history::History,
    shop::{CODE, Shop},
    statistics::{Ratio, Summary, median, middle},
};

/// Rebuilds, each after a turn of the baseline.
const TURNS: usize = 3;
/// Requesters of the shop.
const PEOPLE: usize = 200;
/// Events that are appended at once, and read at once by the baseline.
const PAGE: usize = 1_000;
/// Of the generated history.
const SEED: u64 = 20_261_122;

/// Generates a log of so many events in `folder` and takes the figure on it.
///
/// # Errors
/// When the log cannot be made or a view stops.
pub async fn measure(folder: &Path, events: u64) -> anyhow::Result<Vec<Figure>> {
    let clock = Clock::wall();
    let settings = Settings { data: folder.to_owned(), ..Settings::default() };
    let store = open_store(&settings, &clock).await?;
    let shop = Arc::new(Shop::open(&Commands::new(store.clone()), &clock, PEOPLE, None).await?);
    fill(&store, History::new(&shop, SEED, clock.now()), events).await?;
    let mut turns = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        turns.1.push(read_and_decode(&store).await?);
        turns.0.push(rebuild(&store, &folder.join(format!("views-{turn}"))).await?);
    }
    store.close().await;
    let ratios = turns.0.iter().zip(&turns.1).map(|(own, baseline)| Ratio::of(own.per_second, baseline.per_second));
    let pair = Pair {
        ratio: median(ratios).context("no turn")?,
        own: middle(&turns.0).context("no turn")?,
        baseline: middle(&turns.1).context("no turn")?,
    };
    let whats = ["events into all read models, from nothing", "the same log read and decoded"];
    Ok(Figure::of_pair(["P3", "P3-decode"], whats, 1, &pair).into())
}

/// Appends a generated history until the ledger has so many events; the next commands are decided meanwhile.
pub async fn fill(store: &Store, mut history: History, events: u64) -> anyhow::Result<()> {
    let (sender, mut decided) = mpsc::channel::<anyhow::Result<Vec<StreamAppend>>>(4);
    let generator = tokio::task::spawn_blocking(move || {
        let mut streams = Vec::new();
        loop {
            match history.next() {
                Ok(more) => streams.extend(more),
                // Who receives it ends the run.
                Err(error) => return drop(sender.blocking_send(Err(error))),
            }
            if streams.len() >= PAGE && sender.blocking_send(Ok(std::mem::take(&mut streams))).is_err() {
                return;
            }
        }
    });
    let mut head = 0;
    while head < events {
        let streams = decided.recv().await.context("the generator has ended")??;
        let append = Append { ledger: CODE.to_owned(), streams, ..Append::default() };
        head = store.append(append).await?.position;
    }
    drop(decided);
    generator.await?;
    Ok(())
}

/// One turn as figures: so many events, and the time of the whole.
fn summary(events: u64, elapsed: Duration) -> Summary {
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX).max(1);
    let per_second = u128::from(events) * 1_000_000 / u128::from(micros);
    Summary { per_second: u64::try_from(per_second).unwrap_or(u64::MAX), p50_us: micros, p99_us: micros }
}

async fn read_and_decode(store: &Store) -> anyhow::Result<Summary> {
    let began = Instant::now();
    let mut position = 0;
    loop {
        let page = store.read(CODE, position, PAGE).await?;
        let last = page.last().map(|last| last.position);
        for stored in page {
            std::hint::black_box(Recorded::decode(stored)?);
        }
        match last {
            Some(last) => position = last,
            None => return Ok(summary(position, began.elapsed())),
        }
    }
}

async fn rebuild(store: &Store, folder: &Path) -> anyhow::Result<Summary> {
    let head = store.head(CODE).await?.context("no ledger")?.position;
    let began = Instant::now();
    let views = Projections::start(store.clone(), folder).await?;
    views.catch_up().await?;
    let elapsed = began.elapsed();
    let behind = views.status().iter().find(|view| view.behind > 0 || !view.stopped.is_empty()).map(|view| view.name);
    ensure!(behind.is_none(), "{behind:?} has not caught up");
    views.shutdown().await;
    Ok(summary(head, elapsed))
}
