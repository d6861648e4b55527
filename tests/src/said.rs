//! What the service logs while a test runs, as it writes it for people.
//!
//! One subscriber serves all tests of the process, since what a callsite costs is decided once for all: it passes on what is
//! logged on threads that listen.

use std::{
    cell::RefCell,
    io,
    sync::{Arc, Mutex, Once},
};

use tracing_subscriber::{Layer, filter::dynamic_filter_fn, fmt, layer::SubscriberExt, util::SubscriberInitExt};

thread_local! {
    static LISTENING: RefCell<Option<Said>> = const { RefCell::new(None) };
}

/// What is logged on this thread.
#[derive(Clone, Debug, Default)]
pub struct Said(Arc<Mutex<Vec<u8>>>);

/// Writes where this thread listens.
struct Pen;

impl io::Write for Pen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LISTENING.with_borrow(|listening| {
            if let Some(Said(text)) = listening {
                text.lock().unwrap().extend(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Said {
    /// Listens to all that is logged on this thread from now on: of a test whose runtime has no other.
    pub fn listen() -> Self {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let listened_to = dynamic_filter_fn(|_, _| LISTENING.with_borrow(Option::is_some));
            let layer = fmt::layer().with_ansi(false).with_writer(|| Pen).with_filter(listened_to);
            tracing_subscriber::registry().with(layer).init();
        });
        let said = Self::default();
        LISTENING.set(Some(said.clone()));
        said
    }

    /// What was logged so far.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}
