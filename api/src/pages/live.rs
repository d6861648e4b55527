//! What others do, told to the pages that stand open (`/live`): server-sent events with the session's cookie.
//!
//! A page says from which position on it wants to hear, and which document it shows. It hears of the documents that its
//! reader may see, in his language; nothing of it is kept. The stream has no queue, as that of the API: what is new is
//! looked up when the connection has room. It ends with the session, which it does not keep alive.

mod news;

use std::{convert::Infallible, fmt::Write, time::Duration};

use axum::{
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use bordereau_store::Head;
use bytes::Bytes;
use futures::{StreamExt, future::join_all, stream};
use serde::Deserialize;
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use uuid::Uuid;

use super::{
    doors::{Pages, Who},
    signed_in::SignedIn,
};
use crate::{
    app::{App, PATIENCE, Phase},
    events::{Batch, Following, Heard, Place, Tails},
    problem::Problem,
    texts::Language,
};

/// Where pages listen.
pub const PATH: &str = "/live";

/// Events that a page which is behind is told of one by one; of more it is told that it has missed something.
const NEAR: u64 = 100;
/// How often it is asked whether the reader's session still stands.
const CHECK: Duration = Duration::from_secs(2);
/// Tells how long to wait before connecting again, in ms.
const GREETING: &[u8] = b"retry: 3000\n\n";
/// The views that pages are made of: what they do not show yet is not told yet.
const VIEWS: [&str; 4] = ["basket_tray", "basket_detail", "quote_list", "order_list"];

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get(PATH, Who::PEOPLE, listen)
}

/// From where on, and for which page.
#[derive(Debug, Default, Deserialize)]
struct Listen {
    /// The position that the page shows.
    after: Option<u64>,
    /// The document that it shows.
    on: Option<Uuid>,
}

/// An open page.
struct Listener {
    app: App,
    signed_in: SignedIn,
    language: Language,
    on: Option<Uuid>,
    following: Following,
    phase: watch::Receiver<Phase>,
    /// The last position looked at.
    after: u64,
    check_at: Instant,
    word_at: Instant,
    _place: Place,
}

async fn listen(
    State(app): State<App>,
    signed_in: SignedIn,
    headers: HeaderMap,
    query: Result<Query<Listen>, QueryRejection>,
) -> Result<Response, Problem> {
    let place = app.places.take(signed_in.caller.actor.account, app.settings.streams_per_account)?;
    let listen = query.map(|Query(listen)| listen).unwrap_or_default();
    let head = app.store.head(signed_in.shop()).await?.ok_or_else(Problem::not_found)?;
    let listener = Listener::new(app, signed_in, &head, &listen, seen(&headers), place);
    let blocks = stream::unfold(listener, async |mut page| page.next().await.map(|bytes| (bytes, page)));
    let body = stream::iter([Bytes::from_static(GREETING)]).chain(blocks).map(Ok::<_, Infallible>);
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(([kind, unbuffered], Body::from_stream(body)).into_response())
}

/// The last position that the page has heard of before its connection broke.
fn seen(headers: &HeaderMap) -> Option<u64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

impl Listener {
    fn new(app: App, signed_in: SignedIn, head: &Head, listen: &Listen, seen: Option<u64>, place: Place) -> Self {
        let now = Instant::now();
        // A position of a history that was lost is passed over.
        let after = seen.or(listen.after).filter(|after| *after <= head.position).unwrap_or(head.position);
        Self {
            following: Tails::follow(&app, head),
            phase: app.phase.subscribe(),
            language: signed_in.reader.language,
            on: listen.on,
            after,
            check_at: now + CHECK,
            word_at: now + app.settings.keep_alive(),
            _place: place,
            app,
            signed_in,
        }
    }

    /// What is sent next; nothing when the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.is_over().await {
                return None;
            }
            let reached = *self.following.reached.borrow_and_update();
            if self.after < reached.position {
                if let Some(bytes) = self.read_on(reached.position).await? {
                    self.word_at = Instant::now() + self.app.settings.keep_alive();
                    return Some(bytes);
                }
                continue;
            }
            if Instant::now() >= self.word_at {
                self.word_at = Instant::now() + self.app.settings.keep_alive();
                // Heard by nobody, but a page that connects again begins here.
                return Some(Bytes::from(format!("id: {}\n\n", self.after)));
            }
            self.wait().await;
        }
    }

    /// Whether there is a reason to end: the service stops, the history is another one, the session has ended or is no
    /// longer what it was.
    async fn is_over(&mut self) -> bool {
        if self.following.reached.borrow().over || *self.phase.borrow() == Phase::Stopping {
            return true;
        }
        if Instant::now() < self.check_at {
            return false;
        }
        self.check_at = Instant::now() + CHECK;
        let now = self.signed_in.caller.look_again(&self.app).await;
        !matches!(now, Ok(Some(now)) if now.actor == self.signed_in.caller.actor)
    }

    /// News out of the next stretch of the log, if there are any for this page; nothing at all when it cannot be read.
    async fn read_on(&mut self, reached: u64) -> Option<Option<Bytes>> {
        let batch = match self.following.after(self.after) {
            Some(batch) => batch,
            None if reached - self.after > NEAR => {
                self.after = reached;
                return Some(Some(Bytes::from(format!("id: {reached}\ndata: {{}}\n\n"))));
            }
            None => self.read_log().await?.into(),
        };
        let heard: Vec<_> = batch.heard_after(self.after).into_iter().filter(|heard| self.concerns(heard)).collect();
        self.after = batch.last();
        if heard.is_empty() {
            return Some(None);
        }
        let (projections, shop) = (&self.app.projections, self.signed_in.shop());
        // A view that is behind shows it later: the page may ask again.
        join_all(VIEWS.map(|view| projections.wait_for(view, shop, self.after, PATIENCE))).await;
        // Meanwhile the reader may have become somebody who is told nothing.
        if self.is_over().await {
            return None;
        }
        let mut told = String::new();
        for heard in &heard {
            match news::tell(&self.app, &self.signed_in.caller, self.language, heard).await {
                Ok(Some(news)) => {
                    // Writing to a text never fails.
                    let _ = write!(told, "id: {}\ndata: {news}\n\n", heard.position);
                }
                Ok(None) => {}
                Err(problem) => tracing::warn!(slug = problem.slug, "a page is not told of an event"),
            }
        }
        Some((!told.is_empty()).then(|| Bytes::from(told)))
    }

    async fn read_log(&self) -> Option<Batch> {
        let shop = self.signed_in.shop();
        let most = usize::try_from(NEAR).unwrap_or(usize::MAX);
        let rows = self.app.store.read(shop, self.after, most).await;
        let rows = rows.inspect_err(|error| tracing::warn!(%error, shop, "a page hears nothing more")).ok()?;
        let batch = Batch::write(rows, &self.app.settings.base_url());
        batch.inspect_err(|error| tracing::error!(%error, shop, after = self.after, "an event cannot be told")).ok()?
    }

    /// Whether an event may change what this page shows: work on a document is only told to pages of that document.
    fn concerns(&self, heard: &Heard) -> bool {
        news::subject(heard).is_some_and(|subject| !subject.is_work || Some(subject.id) == self.on)
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
