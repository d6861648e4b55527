//! How many streams an account or key has open at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use bordereau_domain::AccountId;

use crate::problem::Problem;

/// Open streams by account or key. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Places(Arc<Mutex<HashMap<AccountId, u32>>>);

/// A place for one stream; it is free again when this is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    account: AccountId,
}

impl Places {
    /// A place among the `most` that one account or key may have.
    ///
    /// # Errors
    /// 429 when it has them all.
    pub fn take(&self, account: AccountId, most: u32) -> Result<Place, Problem> {
        let mut open = self.lock();
        let count = open.entry(account).or_default();
        if *count >= most {
            let refusal = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams").arg("max", most);
            return Err(Problem { retry_after: Some(1), ..refusal });
        }
        *count += 1;
        metrics::gauge!("bordereau_streams_open").increment(1);
        Ok(Place { places: self.clone(), account })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.places.lock();
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
        metrics::gauge!("bordereau_streams_open").decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_place_is_refused_above_the_limit_and_free_again_when_it_is_left() {
        let places = Places::default();
        let [one, two] = [1, 2].map(|number| AccountId(Uuid::from_u128(number)));
        let first = places.take(one, 2).unwrap();
        let _second = places.take(one, 2).unwrap();
        assert_eq!(places.take(one, 2).unwrap_err().status, StatusCode::TOO_MANY_REQUESTS);
        let _other = places.take(two, 2).unwrap();
        drop(first);
        drop(places.take(one, 2).unwrap());
        assert_eq!(places.lock().len(), 2);
    }
}
