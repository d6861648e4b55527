//! Answers that take as long whether there is something to do or not.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, sleep_until};

/// How long such an answer takes at least: longer than the work behind it does on a small machine.
const FLOOR: Duration = Duration::from_millis(400);

/// Does the work, and answers no sooner than [`FLOOR`]: from the time nobody learns whether an address is known.
pub async fn evenly<T>(work: impl Future<Output = T>) -> T {
    evenly_if(|_| true, work).await
}

/// The same for some outcomes only: the others tell nothing that is not known already.
pub async fn evenly_if<T>(even: impl FnOnce(&T) -> bool, work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = work.await;
    if even(&done) {
        sleep_until(begun + FLOOR).await;
    }
    done
}
