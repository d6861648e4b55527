//! The events as `text/event-stream` (HTML standard, server-sent events): catches up, then stays live.
//!
//! Each event is a block of `id:` (its position) and `data:` (a `CloudEvent` on one line), without `event:`, so that a
//! plain `onmessage` hears it. A block of `id:` alone is heard by nobody, but moves what is sent as `Last-Event-ID`: so a
//! follower with a filter does not begin again far back. A stream has no task and no queue: the next stretch of the log is
//! asked for when the connection has room for it, so that a slow reader costs one stretch, and is resumed without loss.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use super::{
    FOLLOWERS,
    batch::{Batch, Cut},
    follow::{Start, Wanted},
    places::Place,
    tail::{Following, Tails},
};
use crate::{
    app::{App, Phase},
    extract::Caller,
    problem::Problem,
};

/// Events that a follower who is behind reads at once.
const CHUNK: usize = 200;
/// Positions that may pass unheard before the follower is told where he stands.
const UNHEARD: u64 = 10_000;
/// How often it is asked whether the follower may still follow.
const CHECK: Duration = Duration::from_secs(2);
/// Tells how long to wait before connecting again, in ms.
const GREETING: &[u8] = b"retry: 2000\n\n";
/// Heard by nobody: keeps the connection open.
const WORD: &[u8] = b":\n\n";
/// Asks a proxy not to collect what is sent.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

/// One open stream.
struct Stream {
    app: App,
    caller: Caller,
    base: String,
    wanted: Wanted,
    following: Following,
    phase: watch::Receiver<Phase>,
    /// The last position looked at.
    after: u64,
    /// The last position told.
    told: u64,
    /// When the caller is looked at next.
    check_at: Instant,
    /// When something is said although nothing happened.
    word_at: Instant,
    _place: Place,
}

/// Answers with a stream that ends when the follower goes, may follow no longer, the history becomes another one, or the
/// service stops.
///
/// # Errors
/// 429 when the caller has as many open as he may.
pub(super) fn open(app: App, caller: Caller, start: Start) -> Result<Response, Problem> {
    let place = app.places.take(caller.actor.account, app.settings.streams_per_account)?;
    let now = Instant::now();
    let stream = Stream {
        following: Tails::follow(&app, &start.head),
        base: app.settings.base_url(),
        phase: app.phase.subscribe(),
        wanted: start.wanted,
        after: start.after,
        told: start.after,
        check_at: now + CHECK,
        word_at: now + app.settings.keep_alive(),
        _place: place,
        app,
        caller,
    };
    let blocks = stream::unfold(stream, async |mut stream| stream.next().await.map(|bytes| (bytes, stream)));
    let body = stream::iter([Bytes::from_static(GREETING)]).chain(blocks).map(Ok::<_, Infallible>);
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    Ok(([kind, UNBUFFERED], Body::from_stream(body)).into_response())
}

impl Stream {
    /// What is sent next; nothing when the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.is_over().await {
                return None;
            }
            let reached = *self.following.reached.borrow_and_update();
            if self.after < reached.position {
                let cut = self.read_on().await?;
                if let Some(bytes) = self.tell(cut) {
                    return Some(bytes);
                }
                continue;
            }
            if Instant::now() >= self.word_at {
                return Some(self.say_where());
            }
            self.wait().await;
        }
    }

    /// Whether there is a reason to end. Who cannot be looked at is not served either: he finds out by asking again.
    async fn is_over(&mut self) -> bool {
        if self.following.reached.borrow().over || *self.phase.borrow() == Phase::Stopping {
            return true;
        }
        if Instant::now() < self.check_at {
            return false;
        }
        self.check_at = Instant::now() + CHECK;
        !self.caller.is_still(&self.app, &FOLLOWERS).await
    }

    /// The next stretch of the log, from the recent past where it is there; nothing when it cannot be had.
    async fn read_on(&mut self) -> Option<Cut> {
        let batch = match self.following.after(self.after) {
            Some(batch) => batch,
            None => self.read_log().await?.into(),
        };
        let cut = batch.cut(self.after, &self.wanted);
        self.after = batch.last();
        Some(cut)
    }

    async fn read_log(&self) -> Option<Batch> {
        let shop = self.caller.shop.as_str();
        let rows = self.app.store.read(shop, self.after, CHUNK).await;
        let rows =
            rows.inspect_err(|error| tracing::warn!(%error, shop, "a stream ends: the log cannot be read")).ok()?;
        let batch = Batch::write(rows, &self.base);
        batch.inspect_err(|error| tracing::error!(%error, shop, after = self.after, "an event cannot be shown")).ok()?
    }

    /// The events of a stretch; where it ended when nothing of it, and nothing for long before, was wanted.
    fn tell(&mut self, cut: Cut) -> Option<Bytes> {
        if cut.events == 0 {
            return (self.after - self.told >= UNHEARD).then(|| self.say_where());
        }
        metrics::counter!("bordereau_stream_events_sent").increment(cut.events as u64);
        self.told = cut.last;
        self.word_at = Instant::now() + self.app.settings.keep_alive();
        Some(cut.bytes)
    }

    /// A block that nobody hears: the position where the follower stands, if it is news to him.
    fn say_where(&mut self) -> Bytes {
        self.word_at = Instant::now() + self.app.settings.keep_alive();
        if self.told == self.after {
            return Bytes::from_static(WORD);
        }
        self.told = self.after;
        Bytes::from(format!("id: {}\n\n", self.after))
    }

    /// Waits for news, for the service to stop, or for the time of the next look or word.
    async fn wait(&mut self) {
        let deadline = self.check_at.min(self.word_at);
        let news = async {
            tokio::select! {
                _ = self.following.reached.changed() => {}
                _ = self.phase.changed() => {}
            }
        };
        // Either way it is looked again.
        let _ = timeout_at(deadline, news).await;
    }
}
