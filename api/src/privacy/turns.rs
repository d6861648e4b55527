//! Whose turn it is to have an export made: each caller's go one after another, so that nobody's many keep others waiting.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bordereau_domain::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// Exports of one caller under way: one that is made and those that wait for it.
const MOST: usize = 3;
/// Seconds after which one that was refused may be asked for again.
const AGAIN: u32 = 5;

/// Exports under way. Clones count together.
#[derive(Clone, Debug)]
pub struct Turns {
    /// Of this node: the log is read from its beginning.
    one: Arc<Semaphore>,
    callers: Arc<Mutex<HashMap<AccountId, Waiting>>>,
}

#[derive(Debug)]
struct Waiting {
    own: Arc<Semaphore>,
    count: usize,
}

/// A place in the queue, left when it is dropped.
#[derive(Debug)]
struct Place {
    turns: Turns,
    caller: AccountId,
}

/// The turn to have an export made, until it is dropped.
#[derive(Debug)]
pub struct Turn {
    // In this order: a caller's next one comes behind those of others that wait already.
    _one: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
    _place: Place,
}

impl Default for Turns {
    fn default() -> Self {
        Self { one: Arc::new(Semaphore::new(1)), callers: Arc::default() }
    }
}

impl Turns {
    /// Waits for the caller's turn.
    ///
    /// # Errors
    /// 429 when some of his wait already.
    pub async fn take(&self, caller: AccountId) -> Result<Turn, Problem> {
        let (place, own) = self.queue(caller)?;
        let never = |closed| Problem::internal(&closed);
        let own = own.acquire_owned().await.map_err(never)?;
        let one = Arc::clone(&self.one).acquire_owned().await.map_err(never)?;
        Ok(Turn { _one: one, _own: own, _place: place })
    }

    fn queue(&self, caller: AccountId) -> Result<(Place, Arc<Semaphore>), Problem> {
        let mut callers = self.lock();
        let fresh = || Waiting { own: Arc::new(Semaphore::new(1)), count: 0 };
        let waiting = callers.entry(caller).or_insert_with(fresh);
        if waiting.count >= MOST {
            return Err(Problem::too_many_requests(AGAIN));
        }
        waiting.count += 1;
        Ok((Place { turns: self.clone(), caller }, Arc::clone(&waiting.own)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, Waiting>> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut callers = self.turns.lock();
        if let Some(waiting) = callers.get_mut(&self.caller) {
            waiting.count -= 1;
            if waiting.count == 0 {
                callers.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn another_caller_waits_for_one_export_of_the_first_and_a_fourth_of_his_is_refused() {
        let turns = Turns::default();
        let [one, two] = [1, 2].map(|number| AccountId(Uuid::from_u128(number)));
        let first = turns.take(one).await.unwrap();
        let mut mine: Vec<_> = (0..2).map(|_| Box::pin(turns.take(one))).collect();
        let mut other = Box::pin(turns.take(two));
        for waiting in &mut mine {
            assert!(futures::poll!(waiting).is_pending());
        }
        assert!(futures::poll!(&mut other).is_pending());
        assert_eq!(turns.take(one).await.unwrap_err().slug, "too-many-requests");
        drop(first);
        assert!(futures::poll!(&mut mine[0]).is_pending(), "the other one came first");
        let others = other.await.unwrap();
        drop(others);
        drop(mine.remove(0).await.unwrap());
        drop(mine.remove(0).await.unwrap());
        drop(mine);
        assert!(turns.lock().is_empty());
    }
}
