//! Who may come in: credentials, sessions and API keys. Only hashes of secrets are kept.

use uuid::Uuid;

use crate::options::Micros;

/// A signed-in account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the bearer token.
    pub token_hash: [u8; 32],
    /// Code of the ledger.
    pub ledger: String,
    /// Names it in lists; opens nothing.
    pub id: Uuid,
    /// The account.
    pub account: Uuid,
    /// The account in whose place it acts.
    pub on_behalf_of: Option<Uuid>,
    /// The delegation that this rests on; in another's place without one, it rests on the power of substitution.
    pub delegation: Option<Uuid>,
    /// The role in which it acts, as text.
    pub role: String,
    /// The institutions that it acts for.
    pub institutions: Vec<Uuid>,
    /// When it began.
    pub created_at: Micros,
    /// When it was last used, to the minute.
    pub last_seen_at: Micros,
    /// From when on the session is dead.
    pub expires_at: Micros,
}

/// A session to be created has the shape of one that exists.
pub type NewSession = Session;

/// The second factor of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, in clear.
    pub secret: String,
    /// The same as it lies in the store: names it where it is taken into use.
    pub sealed: Vec<u8>,
    /// Whether a first code has proven it; until then sign-ins do not ask for it.
    pub confirmed: bool,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("confirmed", &self.confirmed).finish_non_exhaustive()
    }
}

/// How long a secret waits for the code that proves it, in µs.
pub(crate) const WAITS: Micros = 10 * 60 * 1_000_000;

/// The field under which a second factor's secret is sealed.
pub(crate) const SECRET_FIELD: &str = "account.second_factor";

/// What an account signs in with from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// The account.
    pub account: Uuid,
    /// Hash of the password; `None`: no password opens it.
    pub password_hash: Option<String>,
    /// Whether the login is known to be its person's: a letter has reached him, or whoever answers for him says so. What is
    /// known once stays known.
    pub proven: bool,
}

/// How somebody has shown who he is: it counts while the password is the same and the session lives.
#[derive(Clone, PartialEq, Eq)]
pub struct Proof {
    /// The account.
    pub account: Uuid,
    /// Hash of the password that he knew.
    pub password_hash: String,
    /// Token hash of the session in which he showed it.
    pub session: [u8; 32],
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proof").field("account", &self.account).finish_non_exhaustive()
    }
}

/// What an account signs in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The account.
    pub account: Uuid,
    /// Hash of the password, if one has been set.
    pub password_hash: Option<String>,
    /// Whether the login is known to be its person's.
    pub proven: bool,
    /// Times of the successive failures that still count.
    pub failures: Vec<Micros>,
    /// The account is locked before this time.
    pub locked_until: Option<Micros>,
    /// The outstanding or last used reset link.
    pub reset: Option<ResetLink>,
}

/// A link that lets a person set a password, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetLink {
    /// Code of the ledger.
    pub ledger: String,
    /// The account.
    pub account: Uuid,
    /// From when on the link is dead.
    pub expires_at: Micros,
    /// It has been used.
    pub used: bool,
}

/// What became of a reset link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResetUse {
    /// The password is set and the account's sessions are ended.
    Done {
        /// Code of the ledger.
        ledger: String,
        /// The account.
        account: Uuid,
    },
    /// Unknown, replaced, used or too old: nothing was changed.
    UsedOrExpired,
}

/// When failures lock an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockPolicy {
    /// How many failures within the window lock.
    pub failures: u32,
    /// The window, in µs.
    pub window: Micros,
    /// How long the lock holds, in µs.
    pub lock: Micros,
}

impl LockPolicy {
    /// The rule of the trade: the 4th failure within ten minutes locks for thirty (product rows W06, W07).
    pub const USUAL: Self = Self { failures: 4, window: 10 * 60 * 1_000_000, lock: 30 * 60 * 1_000_000 };
}

/// How an account stands after a failed sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockState {
    /// Failures that count at the moment.
    pub failures: u32,
    /// The account is locked before this time.
    pub locked_until: Option<Micros>,
    /// Whether this failure was counted: none is while the account is locked.
    pub counted: bool,
}

/// Whether somebody may try once more to prove who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityTry {
    /// He may, and it counts as failed until it is given back: its time names it.
    Taken(Micros),
    /// As many as may fail have failed, or are on their way; the first of them that counts was then.
    Spent(Micros),
}

/// A key for a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiKey {
    /// Code of the ledger.
    pub ledger: String,
    /// Names the key in lists and in metadata.
    pub id: Uuid,
    /// SHA-256 of the key.
    pub key_hash: [u8; 32],
    /// Its role, as text.
    pub role: String,
    /// What people call it.
    pub label: String,
    /// When it was made.
    pub created_at: Micros,
}

/// A stored key that has not been revoked has the shape of a new one.
pub type ApiKey = NewApiKey;

/// The failures that count, and how the account stands, after one more failure. A lock is never lengthened, so that
/// nobody can keep an account locked for ever; when it begins the count starts anew.
pub(crate) fn after_failure(before: Option<Credential>, at: Micros, policy: LockPolicy) -> (Vec<Micros>, LockState) {
    let (mut failures, locked_until) =
        before.map_or_else(Default::default, |credential| (credential.failures, credential.locked_until));
    let state = |failures: &[Micros], locked_until, counted| LockState {
        failures: u32::try_from(failures.len()).unwrap_or(u32::MAX),
        locked_until,
        counted,
    };
    if locked_until.is_some_and(|until| at < until) {
        let state = state(&failures, locked_until, false);
        return (failures, state);
    }
    failures.retain(|failure| *failure > at.saturating_sub(policy.window));
    failures.push(at);
    if failures.len() >= usize::try_from(policy.failures).unwrap_or(usize::MAX) {
        return (Vec::new(), state(&[], Some(at.saturating_add(policy.lock)), true));
    }
    let state = state(&failures, None, true);
    (failures, state)
}

/// The place of one more try among the times of those before it, the oldest first.
pub(crate) fn identity_try(before: &[Micros], at: Micros, most: usize) -> IdentityTry {
    match before.len().checked_sub(most).and_then(|first| before.get(first)) {
        Some(first) => IdentityTry::Spent(*first),
        // Two of one moment are two.
        None => IdentityTry::Taken(before.last().map_or(at, |last| at.max(last + 1))),
    }
}

/// Times as a JSON array.
pub(crate) fn failures_text(times: &[Micros]) -> String {
    let texts: Vec<_> = times.iter().map(ToString::to_string).collect();
    format!("[{}]", texts.join(","))
}

/// Ids as a JSON array of texts.
pub(crate) fn institutions_text(ids: &[Uuid]) -> String {
    let texts: Vec<_> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", texts.join(","))
}
