//! Passwords: Argon2id, off the async threads, a few at a time.

use std::sync::Arc;

use argon2::{Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{Mutex, MutexGuard, Semaphore};

use crate::problem::Problem;

/// How many hashes are computed at once: more would take the cores from everybody else.
const AT_ONCE: usize = 2;
/// How many may wait; beyond that the caller is told to come back.
const WAITING: usize = 200;
/// Lanes in which those stand who try passwords of somebody: enough that strangers seldom share one.
const LANES: usize = 1_024;

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 10;
/// Most characters of a password.
pub const MAX_CHARS: usize = 200;

/// Hashes and checks passwords, bounded.
#[derive(Clone, Debug)]
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    lanes: Arc<[Mutex<()>]>,
    dummy: Arc<str>,
}

/// RFC 9106's second recommendation, with less memory and more passes for small machines (OWASP: 19 MiB, 2 passes).
fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    argon2().hash_password(password.as_bytes()).map(|hash| hash.to_string())
}

impl Passwords {
    /// Ready to hash and to check.
    pub fn new() -> Self {
        let dummy = hash("nobody has this password").unwrap_or_default();
        Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(WAITING)),
            lanes: (0..LANES).map(|_| Mutex::default()).collect(),
            dummy: dummy.into(),
        }
    }

    /// Waits until nobody else on this node tries a password of the same person, by a hash of who he is: of many tries at
    /// once each is counted before the next is looked at. Whoever waits stands in no other lane.
    pub async fn turn(&self, whose: u64) -> MutexGuard<'_, ()> {
        let lane = usize::try_from(whose).unwrap_or(usize::MAX) % LANES;
        #[expect(clippy::indexing_slicing, reason = "the remainder is less than their number")]
        self.lanes[lane].lock().await
    }

    /// Work that has begun runs to its end, whoever has hung up: it keeps its place and its turn until then.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let place = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| Problem::unavailable("too-busy"))?;
        let turn = Arc::clone(&self.running).acquire_owned().await.map_err(|error| Problem::internal(&error))?;
        let kept = move || {
            let done = work();
            drop((place, turn));
            done
        };
        tokio::task::spawn_blocking(kept).await.map_err(|error| Problem::internal(&error))
    }

    /// The hash of a new password, to be kept.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.run(move || hash(&password)).await?.map_err(|error| Problem::internal(&error))
    }

    /// Whether `password` is the one behind `kept`. Takes as long without a hash as with one.
    ///
    /// # Errors
    /// 503 when too many wait.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<bool, Problem> {
        let dummy = Arc::clone(&self.dummy);
        self.run(move || {
            let text = kept.as_deref().unwrap_or(&dummy);
            let right =
                PasswordHash::new(text).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
            right && kept.is_some()
        })
        .await
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Mutex, PoisonError,
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        task::{Context, Waker},
    };

    use super::*;

    #[tokio::test]
    async fn whoever_hangs_up_leaves_no_more_than_the_bound_at_work() {
        let passwords = Passwords::new();
        let (begun, most) = (Arc::new(AtomicUsize::new(0)), 3 * AT_ONCE);
        let (release, wait) = mpsc::channel::<()>();
        let wait = Arc::new(Mutex::new(wait));
        let work = || {
            let (begun, wait) = (Arc::clone(&begun), Arc::clone(&wait));
            move || {
                begun.fetch_add(1, Ordering::SeqCst);
                let _ = wait.lock().unwrap_or_else(PoisonError::into_inner).recv();
            }
        };
        for _ in 0..most {
            let mut asked = Box::pin(passwords.run(work()));
            // As far as it gets without waiting, and then the client is gone.
            assert!(asked.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert_eq!(passwords.running.available_permits(), 0, "work that runs keeps its turn");
        for _ in 0..AT_ONCE {
            release.send(()).unwrap();
        }
        drop(release);
        passwords.run(|| ()).await.unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), AT_ONCE);
        assert_eq!(passwords.waiting.available_permits(), WAITING, "who hung up while waiting waits no more");
    }
}
