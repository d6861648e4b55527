//! Lets clients work for a while and measures each answer.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use anyhow::Context;

use crate::statistics::{Ratio, Sample, Summary, median, middle};

/// Turns that a figure and its baseline take each.
const TURNS: usize = 3;
/// Longest warm-up of each side.
const WARM_UP: Duration = Duration::from_secs(1);

/// Something that asks, waits for the answer, and asks again.
pub trait Client: Send + 'static {
    /// One question and its answer.
    ///
    /// # Errors
    /// When the answer is not the one that was expected: the run is over.
    fn step(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// How long the clients work.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// One measured turn.
    pub turn: Duration,
    /// Before the first one.
    pub warm_up: Duration,
}

impl Pace {
    /// Turns of this length, after a warm-up that is not longer.
    pub fn new(turn: Duration) -> Self {
        Self { turn, warm_up: turn.min(WARM_UP) }
    }
}

/// A figure beside its baseline.
#[derive(Debug)]
pub struct Pair {
    /// Ours: the median of the turns.
    pub own: Summary,
    /// The baseline: the median of the turns.
    pub baseline: Summary,
    /// The median of the ratios of each turn to the baseline's turn that came right after it.
    pub ratio: Ratio,
}

/// Lets two groups of clients take turns: ours, the baseline, ours, the baseline, so that what else the machine does
/// falls on both.
pub async fn compare<A: Client, B: Client>(own: Vec<A>, baseline: Vec<B>, pace: Pace) -> anyhow::Result<Pair> {
    let (mut own, _) = drive(own, pace.warm_up).await.context("warm-up")?;
    let (mut baseline, _) = drive(baseline, pace.warm_up).await.context("the baseline's warm-up")?;
    let mut turns = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let sample;
        (own, sample) = drive(own, pace.turn).await?;
        turns.0.push(sample.summarise());
        let sample;
        (baseline, sample) = drive(baseline, pace.turn).await.context("the baseline")?;
        turns.1.push(sample.summarise());
    }
    let ratios = turns.0.iter().zip(&turns.1).map(|(own, baseline)| Ratio::of(own.per_second, baseline.per_second));
    Ok(Pair {
        ratio: median(ratios).context("no turn")?,
        own: middle(&turns.0).context("no turn")?,
        baseline: middle(&turns.1).context("no turn")?,
    })
}

/// Lets all clients work at once for `span`; each finishes the question it has begun.
async fn drive<C: Client>(clients: Vec<C>, span: Duration) -> anyhow::Result<(Vec<C>, Sample)> {
    let began = Instant::now();
    let running: Vec<_> = clients.into_iter().map(|client| tokio::spawn(work(client, began + span))).collect();
    let mut clients = Vec::with_capacity(running.len());
    let mut waits = Vec::new();
    for task in running {
        let (client, waited) = task.await.context("a client died")??;
        clients.push(client);
        waits.extend(waited);
    }
    Ok((clients, Sample { waits, elapsed: began.elapsed() }))
}

async fn work<C: Client>(mut client: C, until: Instant) -> anyhow::Result<(C, Vec<Duration>)> {
    let mut waits = Vec::new();
    let mut asked = Instant::now();
    while asked < until {
        client.step().await?;
        let answered = Instant::now();
        waits.push(answered.duration_since(asked));
        asked = answered;
    }
    Ok((client, waits))
}
