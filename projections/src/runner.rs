//! The log reader's task: wakes when something was appended, feeds the views that are level, and lets those that are
//! behind (new, slow, of another history) read for themselves until they are level too.

use std::{sync::Arc, time::Duration};

use bordereau_store::Store;
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
    time::MissedTickBehavior,
};

use crate::{
    feed::{Feed, Round, Seat, seat},
    view::Item,
};

/// How often the heads are looked at although nobody woke the reader: other processes write too.
const POLL: Duration = Duration::from_millis(200);

/// Feeds views until `stop` changes or its sender is gone.
pub(crate) async fn run<I: Item>(
    store: Store,
    seats: Vec<Seat<I>>,
    nudge: Arc<Notify>,
    mut stop: watch::Receiver<bool>,
) {
    let mut runner = Runner { live: Feed::empty(&store), behind: JoinSet::new(), waiting: seats, store };
    tokio::select! {
        _ = stop.changed() => {}
        () = runner.work(nudge) => {}
    }
}

struct Runner<I> {
    store: Store,
    /// Views that are level.
    live: Feed<I>,
    /// Views that read for themselves.
    behind: JoinSet<Result<Feed<I>, Feed<I>>>,
    /// Views whose checkpoints are to be compared with the log.
    waiting: Vec<Seat<I>>,
}

impl<I: Item> Runner<I> {
    async fn work(&mut self, nudge: Arc<Notify>) {
        let mut appended = self.store.appended();
        let mut poll = tokio::time::interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut open = true;
        loop {
            tokio::select! {
                changed = appended.changed(), if open => open = changed.is_ok(),
                () = nudge.notified() => {}
                Some(joined) = self.behind.join_next() => self.rejoin(joined),
                _ = poll.tick() => {
                    // What a rebuilt file holds is compared with the log like any file that was opened.
                    self.waiting.extend(self.live.take_offered().await);
                    self.seat_waiting().await;
                }
            }
            self.round().await;
        }
    }

    fn rejoin(&mut self, joined: Result<Result<Feed<I>, Feed<I>>, tokio::task::JoinError>) {
        match joined {
            Ok(Ok(feed)) => self.live.merge(feed),
            // The store could not be read, or the history is another one: compared again at the next poll.
            Ok(Err(feed)) => self.waiting.extend(feed.into_seats()),
            Err(error) => tracing::error!(%error, "a feed of views has ended"),
        }
    }

    async fn seat_waiting(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        match seat(&self.store, std::mem::take(&mut self.waiting)).await {
            Ok(feeds) => feeds.into_iter().for_each(|feed| {
                self.behind.spawn(feed.catch_up());
            }),
            Err(seats) => self.waiting = seats,
        }
    }

    async fn round(&mut self) {
        match self.live.round().await {
            Ok(Round::Level(slow)) => {
                for feed in slow {
                    self.behind.spawn(feed.catch_up());
                }
            }
            Ok(Round::OtherHistory) => {
                let live = std::mem::replace(&mut self.live, Feed::empty(&self.store));
                self.waiting.extend(live.into_seats());
            }
            Err(error) => tracing::warn!(%error, "the log cannot be read: trying again"),
        }
    }
}
