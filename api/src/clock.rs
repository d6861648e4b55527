//! The edge: the one place where the wall clock is read. Everything else is told the time.

use std::{fmt, sync::Arc};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// Tells the time, in whole microseconds as the log writes them.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[expect(clippy::disallowed_methods, reason = "this is the edge")]
    pub fn wall() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// A clock of one's own: for tests and replays.
    pub fn new(tell: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// Now.
    pub fn now(&self) -> DateTime<Utc> {
        let now = (self.0)();
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// Now, in microseconds since the epoch.
    pub fn micros(&self) -> i64 {
        self.now().timestamp_micros()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
