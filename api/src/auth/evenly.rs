//! Answers that take as long whether there is something to do or not.

use std::{future::Future, time::Duration};

/// How long such an answer takes at least: longer than the work behind it does on a small machine.
const FLOOR: Duration = Duration::from_millis(400);

/// Does the work, and answers no sooner than [`FLOOR`]: from the time nobody learns whether an address is known.
#[expect(clippy::disallowed_methods, reason = "the wait itself is what is wanted; there is no signal to wait for")]
pub async fn evenly<T>(work: impl Future<Output = T>) -> T {
    let (done, ()) = tokio::join!(work, tokio::time::sleep(FLOOR));
    done
}
