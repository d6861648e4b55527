//! P7: the event stream on real sockets: how fast one client catches up, and how soon a thousand hear of an event.
//!
//! What must stay true: every subscriber sees every position once and in order, or the run ends. A delay runs from when
//! the command was due until the event's bytes are read, so the commit is in it.

use std::{
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use bordereau_api::{App, Clock, Settings, router, serve, token_hash};
use bordereau_commands::new_id;
use bordereau_store::NewApiKey;
use http_body_util::BodyExt;
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
    task::JoinSet,
};
use tower::ServiceExt;

use crate::{
    drive::{Client, Pace},
    figure::Figure,
    in_process::OwnClient,
    shop::{CODE, Shop},
    statistics::{Ratio, Sample, Summary, median, middle},
};

/// The key that follows.
const KEY: &str = "bench-integrator";
/// Who fills the log, at once.
const WRITERS: usize = 64;
/// Commands of each of them.
const COMMANDS: usize = 1_600;
/// Turns that catching up and its baseline take each.
const TURNS: usize = 3;
/// Live subscribers at once.
const SUBSCRIBERS: usize = 1_000;
/// Who writes live, in turns.
const LIVE_WRITERS: usize = 8;
/// Between two events.
const EVERY: Duration = Duration::from_millis(2);
/// How long a subscriber may wait for the last event.
const PATIENCE: Duration = Duration::from_mins(1);

/// Takes the figures on a whole service in `folder`, views included.
pub async fn measure(folder: &Path, pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let clock = Clock::wall();
    let most = u32::try_from(SUBSCRIBERS)? + 10;
    let settings = Settings { data: folder.to_owned(), streams_per_account: most, ..Settings::default() };
    let app = serve::build(settings, clock.clone()).await?;
    let shop = Arc::new(Shop::open(&app.commands, &clock, WRITERS, None).await?);
    put_key(&app, &clock).await?;
    fill(&app, &shop, &clock).await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let (ending, ended) = oneshot::channel::<()>();
    // An error means that the sender is gone: a reason to stop, too.
    let until = async move { ended.await.unwrap_or_default() };
    let service = tokio::spawn(serve::serve(app.clone(), listener, until));
    let mut figures = Vec::from(catch_up(&app, address).await?);
    let writer = |person| OwnClient::new(&app.commands, &shop, person, &clock);
    let mut writers = shop.people[..LIVE_WRITERS].iter().map(writer).collect::<Result<Vec<_>, _>>()?;
    let one = live(&app, address, &mut writers, 1, pace).await?;
    figures.push(Figure::alone("P7-one", "from command to one live subscriber, 500 events/s", 1, one));
    let many = live(&app, address, &mut writers, SUBSCRIBERS, pace).await?;
    figures.push(Figure::alone("P7-live", "from command to each live subscriber, 500 events/s", SUBSCRIBERS, many));
    ending.send(()).ok().context("the service has stopped by itself")?;
    service.await??;
    Ok(figures)
}

async fn put_key(app: &App, clock: &Clock) -> anyhow::Result<()> {
    let key = NewApiKey {
        ledger: CODE.to_owned(),
        id: new_id(),
        key_hash: token_hash(KEY),
        role: "integrator".to_owned(),
        label: "bench".to_owned(),
        created_at: clock.micros(),
    };
    app.store.put_api_key(key).await?;
    Ok(())
}

/// Writes the log that is caught up with, and lets the views finish with it.
async fn fill(app: &App, shop: &Arc<Shop>, clock: &Clock) -> anyhow::Result<()> {
    let mut writers = JoinSet::new();
    for person in &shop.people {
        let mut writer = OwnClient::new(&app.commands, shop, person, clock)?;
        writers.spawn(async move {
            for _ in 0..COMMANDS {
                writer.step().await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(written) = writers.join_next().await {
        written??;
    }
    app.projections.catch_up().await?;
    Ok(())
}

async fn head(app: &App) -> anyhow::Result<u64> {
    Ok(app.store.head(CODE).await?.context("a ledger")?.position)
}

/// One client from the first event to the last, in turns with the same log read and written as JSON in process.
async fn catch_up(app: &App, address: SocketAddr) -> anyhow::Result<[Figure; 2]> {
    let head = head(app).await?;
    let routes = router::router(app.clone());
    let (mut own, mut baseline) = (Vec::new(), Vec::new());
    for turn in 0..=TURNS {
        let began = Instant::now();
        let mut reader = Reader::open(address, 0).await?;
        while reader.last < head {
            reader.read(|_| {}).await?;
        }
        let streamed = began.elapsed();
        let began = Instant::now();
        read_pages(&routes, head).await?;
        // The first turn of each warms up.
        if turn > 0 {
            own.push(rate(head, streamed));
            baseline.push(rate(head, began.elapsed()));
        }
    }
    let ratios = own.iter().zip(&baseline).map(|(own, base)| Ratio::of(own.per_second, base.per_second));
    let ratio = median(ratios).context("no turn")?;
    let (own, baseline) = (middle(&own).context("no turn")?, middle(&baseline).context("no turn")?);
    let what = "events to one client who catches up, over a socket";
    let beside = Some((baseline.per_second, ratio));
    let in_process = "the same events as JSON pages, in process";
    Ok([Figure { id: "P7", what, clients: 1, summary: own, beside }, Figure::alone("P7-read", in_process, 1, baseline)])
}

/// So many events in one go, whose time stands for both percentiles.
fn rate(events: u64, took: Duration) -> Summary {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
    Summary { per_second: events.saturating_mul(1_000_000) / micros, p50_us: micros, p99_us: micros }
}

#[derive(Deserialize)]
struct Page {
    next: u64,
}

async fn read_pages(routes: &Router, head: u64) -> anyhow::Result<()> {
    let mut after = 0;
    while after < head {
        let request = Request::get(format!("/api/v1/events?after={after}&limit=1000"))
            .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
            .body(Body::empty())?;
        let answer = routes.clone().oneshot(request).await?;
        ensure!(answer.status() == 200, "the events were answered with {}", answer.status());
        let bytes = answer.into_body().collect().await?.to_bytes();
        after = serde_json::from_slice::<Page>(&bytes)?.next;
    }
    Ok(())
}

/// Subscribers at the head, on a thread of their own, while writers append at a steady pace. The event at the place `k`
/// was due `k` times [`EVERY`] after the beginning, whoever of the writers wrote it.
async fn live(
    app: &App,
    address: SocketAddr,
    writers: &mut [OwnClient],
    count: usize,
    pace: Pace,
) -> anyhow::Result<Summary> {
    let first = head(app).await?;
    let rounds = pace.turn.as_micros() / EVERY.as_micros() / writers.len() as u128;
    let rounds = u32::try_from(rounds)?.max(1);
    let events = u64::from(rounds) * writers.len() as u64;
    let (ready, opened) = oneshot::channel();
    let (start, started) = watch::channel(None);
    let subscribers = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(subscribe_all(address, count, first..first + events, ready, started))
    });
    opened.await.context("a subscriber: is `ulimit -n` high enough?")?;
    let began = Instant::now();
    start.send_replace(Some(began));
    let every = EVERY * u32::try_from(writers.len())?;
    let writing = writers.iter_mut().zip(0..).map(async |(writer, number)| {
        let mut beat = tokio::time::interval_at((began + EVERY * number).into(), every);
        for _ in 0..rounds {
            beat.tick().await;
            writer.step().await?;
        }
        anyhow::Ok(())
    });
    futures::future::try_join_all(writing).await?;
    let joined = tokio::task::spawn_blocking(move || subscribers.join()).await?;
    let waits = joined.ok().context("the subscribers have died")??;
    ensure!(waits.len() as u64 == count as u64 * events, "not everybody has heard everything");
    Ok(Sample { waits, elapsed: began.elapsed() }.summarise())
}

async fn subscribe_all(
    address: SocketAddr,
    count: usize,
    positions: std::ops::Range<u64>,
    ready: oneshot::Sender<()>,
    mut started: watch::Receiver<Option<Instant>>,
) -> anyhow::Result<Vec<Duration>> {
    let mut readers = Vec::with_capacity(count);
    for _ in 0..count {
        readers.push(Reader::open(address, positions.start).await?);
    }
    ready.send(()).ok().context("nobody waits for subscribers")?;
    let began = started.wait_for(Option::is_some).await?.context("no beginning")?;
    let mut subscribers: JoinSet<_> =
        readers.into_iter().map(|reader| subscribe(reader, positions.clone(), began)).collect();
    let mut waits = Vec::new();
    while let Some(heard) = tokio::time::timeout(PATIENCE, subscribers.join_next()).await? {
        waits.extend(heard??);
    }
    Ok(waits)
}

async fn subscribe(
    mut reader: Reader,
    positions: std::ops::Range<u64>,
    began: Instant,
) -> anyhow::Result<Vec<Duration>> {
    let mut waits = Vec::new();
    while reader.last < positions.end {
        reader
            .read(|position| {
                let place = u32::try_from(position - positions.start - 1).unwrap_or(u32::MAX);
                waits.push(began.elapsed().saturating_sub(EVERY.saturating_mul(place)));
            })
            .await?;
    }
    Ok(waits)
}

/// Reads a stream and looks at nothing but the ids.
struct Reader {
    stream: TcpStream,
    /// What is left of a line that has not ended.
    line: Vec<u8>,
    buffer: Vec<u8>,
    /// The last position seen.
    last: u64,
}

impl Reader {
    async fn open(address: SocketAddr, after: u64) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!(
            "GET /api/v1/events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\nauthorization: Bearer {KEY}\r\n\
             last-event-id: {after}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut reader = Self { stream, line: Vec::new(), buffer: Vec::with_capacity(64 * 1024), last: after };
        // The stream is open when its greeting has come.
        reader.read(|_| {}).await?;
        Ok(reader)
    }

    /// Reads what is there and tells of each position in it.
    async fn read(&mut self, mut tell: impl FnMut(u64)) -> anyhow::Result<()> {
        self.buffer.clear();
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the stream has ended after {}: {}", self.last, String::from_utf8_lossy(&self.line));
        }
        let mut begin = 0;
        for end in memchr::memchr_iter(b'\n', &self.buffer) {
            let rest = &self.buffer[begin..end];
            begin = end + 1;
            let line = if self.line.is_empty() {
                rest
            } else {
                self.line.extend_from_slice(rest);
                &self.line
            };
            if let Some(id) = line.strip_prefix(b"id: ") {
                let position: u64 = std::str::from_utf8(id)?.parse()?;
                ensure!(position == self.last + 1, "{position} came after {}", self.last);
                self.last = position;
                tell(position);
            }
            self.line.clear();
        }
        self.line.extend_from_slice(&self.buffer[begin..]);
        Ok(())
    }
}
