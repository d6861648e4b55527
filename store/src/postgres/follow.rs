//! The signal to followers: at once for what this process wrote, by NOTIFY for what other nodes wrote, and by a poll
//! for whatever a notification missed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::Row;
use sqlx::postgres::PgListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior};
use uuid::Uuid;

use super::append::OUTCOMES_KEPT;
use super::failure::Fault;
use super::link::{Door, Links};
use crate::options::Clock;

/// At most one notification per ledger in this time: each NOTIFY locks the whole database for its commit.
const QUIET: Duration = Duration::from_millis(5);
/// What a lost notification costs.
const POLL: Duration = Duration::from_millis(200);
/// For how long what was seen at a look is trusted: two polls.
const TRUSTED: Duration = Duration::from_millis(400);
/// Between two attempts to listen.
const LISTEN_AGAIN: Duration = Duration::from_secs(1);
/// Polls between two rounds that take old outcomes away: a minute.
const POLLS_PER_ROUND: u32 = 300;

const CHANNEL: &str = "bordereau";
// A notification lives no longer than the server: nobody waits until its commit is on the disk, and no append waits for
// that either.
const NOTIFY: &str = "SELECT set_config('synchronous_commit', 'off', true), pg_notify('bordereau', p)
    FROM unnest($1::text[]) AS p";
const HEADS: &str = "SELECT ledger, position, article_revision, epoch FROM ledger_heads ORDER BY ledger";
const PURGE: &str = "DELETE FROM outcomes WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM outcomes WHERE recorded_at < $1 ORDER BY recorded_at LIMIT 10000 FOR UPDATE SKIP LOCKED))";

/// Who is told when something was written.
pub(super) struct Followers {
    appended: watch::Sender<u64>,
    seen: Mutex<HashMap<String, Seen>>,
    /// What other nodes are to be told: position and article revision by ledger.
    news: Mutex<BTreeMap<String, (u64, u64)>>,
    has_news: Notify,
    /// When the last look began that went well.
    looked_at: Mutex<Option<Instant>>,
}

/// What tells one state of a ledger's catalogue from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edition {
    revision: u64,
    epoch: Option<Uuid>,
}

/// How far followers have been told.
#[derive(Clone, Copy, Default)]
struct Seen {
    position: u64,
    revision: u64,
    /// Another epoch is another history: its positions may be lower.
    epoch: Option<Uuid>,
}

impl Followers {
    pub(super) fn new() -> Self {
        Self {
            appended: watch::Sender::new(0),
            seen: Mutex::default(),
            news: Mutex::default(),
            has_news: Notify::new(),
            looked_at: Mutex::default(),
        }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.appended.subscribe()
    }

    /// Tells of something that this process has committed: here at once, elsewhere soon. 0: not moved.
    pub(super) fn tell(&self, ledger: &str, position: u64, revision: u64) {
        self.hear(ledger, position, revision, None);
        let mut news = lock(&self.news);
        let entry = news.entry(ledger.to_owned()).or_default();
        *entry = (entry.0.max(position), entry.1.max(revision));
        drop(news);
        self.has_news.notify_one();
    }

    /// The present edition of a ledger's catalogue: never older than what this process has written, and at most
    /// [`TRUSTED`] older than what others have, usually milliseconds. `None`: not known, the database must be asked.
    pub(super) fn edition(&self, ledger: &str) -> Option<Edition> {
        let looked_at = *lock(&self.looked_at);
        looked_at.filter(|at| at.elapsed() < TRUSTED)?;
        lock(&self.seen).get(ledger).map(|seen| Edition { revision: seen.revision, epoch: seen.epoch })
    }

    /// Takes in where a ledger stands; followers are told if that is news.
    fn hear(&self, ledger: &str, position: u64, revision: u64, epoch: Option<Uuid>) {
        let mut seen = lock(&self.seen);
        let known = seen.get(ledger).copied().unwrap_or_default();
        let replaced = known.epoch.is_some() && epoch.is_some() && known.epoch != epoch;
        let next = if replaced {
            Seen { position, revision, epoch }
        } else {
            Seen {
                position: known.position.max(position),
                revision: known.revision.max(revision),
                epoch: epoch.or(known.epoch),
            }
        };
        let news = replaced || next.position > known.position || next.revision > known.revision;
        seen.insert(ledger.to_owned(), next);
        drop(seen);
        if news {
            self.appended.send_modify(|count| *count += 1);
        }
    }

    /// Starts what keeps followers informed; it ends when the set is dropped.
    pub(super) fn start(self: &Arc<Self>, door: &Door, readers: &Links, clock: Clock) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        tasks.spawn(notify(Arc::clone(self), readers.clone()));
        tasks.spawn(poll(Arc::clone(self), readers.clone(), clock));
        // A pooler hands notifications to whoever has the connection at that moment: polling alone serves there.
        if !door.is_behind_a_pooler() {
            tasks.spawn(listen(Arc::clone(self), door.for_listening()));
        }
        tasks
    }

    /// Reads where every ledger stands.
    pub(super) async fn look(&self, readers: &Links) -> Result<(), Fault> {
        let began = Instant::now();
        for row in readers.all(sqlx::query(HEADS)).await? {
            let (position, revision): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
            let ledger: String = row.try_get(0)?;
            self.hear(&ledger, position.cast_unsigned(), revision.cast_unsigned(), row.try_get(3)?);
        }
        *lock(&self.looked_at) = Some(began);
        Ok(())
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn notify(followers: Arc<Followers>, links: Links) {
    let mut ticks = every(QUIET);
    loop {
        followers.has_news.notified().await;
        ticks.tick().await;
        let news = std::mem::take(&mut *lock(&followers.news));
        let texts: Vec<_> =
            news.iter().map(|(ledger, (position, revision))| format!("{ledger} {position} {revision}")).collect();
        if let Err(fault) = links.all(sqlx::query(NOTIFY).bind(texts)).await {
            tracing::debug!(reason = fault.reason(), "a notification was lost; the other nodes will poll");
        }
    }
}

async fn listen(followers: Arc<Followers>, pool: sqlx::PgPool) {
    let mut ticks = every(LISTEN_AGAIN);
    loop {
        ticks.tick().await;
        if let Err(error) = listen_once(&followers, &pool).await {
            tracing::debug!(%error, "not listening to other nodes for a moment; polling goes on");
        }
    }
}

async fn listen_once(followers: &Followers, pool: &sqlx::PgPool) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let notification = listener.recv().await?;
        let mut parts = notification.payload().split(' ');
        let ledger = parts.next().unwrap_or_default();
        let mut number = || parts.next().and_then(|part| part.parse().ok()).unwrap_or_default();
        followers.hear(ledger, number(), number(), None);
    }
}

async fn poll(followers: Arc<Followers>, links: Links, clock: Clock) {
    let (mut ticks, mut polls) = (every(POLL), 0_u32);
    loop {
        ticks.tick().await;
        polls = polls.wrapping_add(1);
        let mut done = followers.look(&links).await;
        if done.is_ok() && polls.is_multiple_of(POLLS_PER_ROUND) {
            done = links.all(sqlx::query(PURGE).bind(clock() - OUTCOMES_KEPT)).await.map(|_| ());
        }
        if let Err(fault) = done {
            tracing::debug!(reason = fault.reason(), "the store could not be polled");
        }
    }
}
