//! A clock that stands still until it is told to move.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use bordereau_api::Clock;
use chrono::{DateTime, TimeDelta, Utc};

/// A clock that stands still until it is told to move. Clones tell the same time.
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    /// A clock that stands at `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Arc::new(AtomicI64::new(now.timestamp_micros())))
    }

    /// What it tells.
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }

    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    /// The same clock as the service knows it.
    pub fn edge(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || clock.now())
    }
}
