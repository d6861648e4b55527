//! The negative control of the crash tests: a writer that answers before it commits. It is compiled only into debug
//! builds with the feature `answer-before-commit`, and asked for by `ANSWER_BEFORE_COMMIT` in the environment.

use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

/// Between the answer and the commit.
const DELAY: Duration = Duration::from_millis(10);

static ASKED_FOR: LazyLock<bool> = LazyLock::new(|| std::env::var_os("ANSWER_BEFORE_COMMIT").is_some());

/// Whether the answers go out before the commit.
pub(super) fn is_on() -> bool {
    *ASKED_FOR
}

/// Commits what has been answered for already.
pub(super) fn commit_at_last(connection: Option<&Connection>) {
    if let Some(connection) = connection.filter(|connection| is_on() && !connection.is_autocommit()) {
        thread::sleep(DELAY);
        if let Err(error) = connection.execute_batch("COMMIT") {
            tracing::error!(%error, "what was answered for was not committed");
        }
    }
}
