//! How far long work has come: a bar on a terminal, a log line now and then elsewhere.

use std::{
    io::IsTerminal,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Between two log lines.
const PAUSE: Duration = Duration::from_secs(5);

/// Work under way.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    total: u64,
    done: AtomicU64,
    began: Instant,
    told: AtomicU64,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins work on `total` events.
    pub(crate) fn begin(what: &'static str, total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(5));
            let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(what);
            bar
        });
        Self { what, total, done: AtomicU64::new(0), began: Instant::now(), told: AtomicU64::new(0), bar }
    }

    /// So many more are done.
    pub(crate) fn advance(&self, by: u64) {
        let done = self.done.fetch_add(by, Ordering::Relaxed) + by;
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            return;
        }
        let pauses = self.began.elapsed().as_secs() / PAUSE.as_secs();
        if self.told.swap(pauses, Ordering::Relaxed) < pauses {
            tracing::info!(done, total = self.total, "{}", self.what);
        }
    }

    /// All is done.
    pub(crate) fn end(self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            return;
        }
        let (done, ms) = (self.done.load(Ordering::Relaxed), self.began.elapsed().as_millis().max(1));
        let per_second = u128::from(done) * 1000 / ms;
        tracing::info!(done, ms, per_second, "{}: done", self.what);
    }
}
