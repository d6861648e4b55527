//! Answers that take as long whether there is something to do or not.

use std::{future::Future, time::Duration};

use axum::http::StatusCode;
use tokio::time::{Instant, sleep_until};

use crate::problem::Problem;

/// How long such an answer takes at least: longer than the work behind it does on a small machine.
const FLOOR: Duration = Duration::from_millis(400);

/// How long it takes at least to tell that there is no such thing, or none that one may see: longer than finding it does.
const HIDDEN: Duration = Duration::from_millis(20);

/// Looks for something, and tells no sooner than [`HIDDEN`] that it is not there: from the time nobody learns whether it is
/// somebody else's (attack 15).
pub async fn hidden_evenly<T>(work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let begun = Instant::now();
    let found = work.await;
    if found.as_ref().is_err_and(|problem| problem.status == StatusCode::NOT_FOUND) {
        sleep_until(begun + HIDDEN).await;
    }
    found
}

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
