//! Signing in: the same answer, after the same time, whether the address is unknown, the password wrong or the account
//! locked.

use axum::http::StatusCode;
use bordereau_commands::{EMAIL_CLAIM, fold_email};
use bordereau_domain::{
    AccountId, ShopCode,
    account::{Account, AccountStatus},
};
use bordereau_store::{LockPolicy, Proof};
use sha2::{Digest, Sha256};

use super::{
    evenly::evenly_if,
    second_factor,
    session::{Shown, SignedIn, open_session},
};
use crate::{
    app::App,
    extract::{Caller, Peer},
    problem::Problem,
};

/// What somebody comes with who wants to sign in.
#[derive(Clone, Copy, Default)]
pub struct Attempt<'a> {
    /// The login, as typed.
    pub email: &'a str,
    /// The password, compared exactly.
    pub password: &'a str,
    /// The shop; without it the password is tried in each shop that knows the address.
    pub shop: Option<&'a ShopCode>,
    /// The second factor's code.
    pub code: Option<&'a str>,
    /// Token hash of the session that the same browser still holds: it ends.
    pub replaces: Option<[u8; 32]>,
}

/// 401: unknown, wrong or locked, which is not told.
pub(super) const INVALID: Problem = Problem::new(StatusCode::UNAUTHORIZED, "invalid-credentials");

/// 403: wrong or locked, which is not told.
pub(super) const WRONG_PASSWORD: Problem = Problem::new(StatusCode::FORBIDDEN, "wrong-password");

/// Opens a session.
///
/// # Errors
/// 401 `invalid-credentials`; with the right password 401 `second-factor-required` or `second-factor-wrong`, 403
/// `account-inactive`, 409 `choose-shop` when several fit; 429 when an address is tried too often.
pub async fn sign_in(app: &App, peer: Peer, attempt: &Attempt<'_>) -> Result<SignedIn, Problem> {
    let email = fold_email(attempt.email);
    let login = login_key(&email);
    // From wherever, whether it is known or not.
    app.limit_account(login)?;
    // Second: a school shares one address, and whoever tries one login too often takes nothing from the others.
    peer.check(app)?;
    // A failure of a known address is written down, which takes its time.
    let one_by_one = async {
        let _turn = app.passwords.turn(login).await;
        try_sign_in(app, attempt, &email).await
    };
    evenly_if(|tried| matches!(tried, Err(problem) if problem.slug == INVALID.slug), one_by_one).await
}

async fn try_sign_in(app: &App, attempt: &Attempt<'_>, email: &str) -> Result<SignedIn, Problem> {
    let candidates = find_candidates(app, email, attempt.shop).await?;
    if candidates.is_empty() {
        app.passwords.verify(attempt.password.to_owned(), None).await?;
        return Err(INVALID);
    }
    let (mut fitting, mut wrong, mut his) = (Vec::new(), Vec::new(), false);
    for (shop, account) in candidates {
        let Looked { kind, proven } = look(app, &shop, account, attempt.password).await?;
        his |= proven && !matches!(kind, Fit::Wrong);
        match kind {
            Fit::Right(password_hash) => fitting.push((shop, account, password_hash)),
            Fit::Locked => {}
            Fit::Wrong => wrong.push((shop, account)),
        }
    }
    // A password that is right in one shop is no attempt on the same person's account in another. It is where nobody has
    // shown that it is the same person: a stranger could guess under cover of an account that he has asked for.
    if !his {
        for (shop, account) in wrong {
            count_failure(app, &shop, account).await?;
        }
    }
    match fitting.as_slice() {
        [] => Err(INVALID),
        [(shop, account, password_hash)] => {
            let second_factor = prove(app, shop, *account, attempt.code).await?;
            // Who tried meanwhile may have locked the account: then this came too late.
            if !app.store.clear_failures_unless_locked(shop.as_str(), account.0, app.clock.micros()).await? {
                return Err(INVALID);
            }
            open_session(app, shop, *account, Shown { password_hash, second_factor }, attempt.replaces).await
        }
        several => {
            let shops: Vec<_> = several.iter().map(|(shop, ..)| shop.to_string()).collect();
            Err(Problem::new(StatusCode::CONFLICT, "choose-shop").member("shops", shops))
        }
    }
}

/// Bounds how often letters are asked for to one address, whether it is known or not.
///
/// # Errors
/// 429.
pub fn limit_letters(app: &App, email: &str) -> Result<(), Problem> {
    // Another count than that of sign-ins: who asks for letters in somebody's name keeps him from nothing.
    app.limit_account(login_key(&format!("letters to {}", fold_email(email))))
}

/// What stands for a login where it is counted and waited for.
fn login_key(email: &str) -> u64 {
    Sha256::digest(email.as_bytes()).iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte))
}

/// The accounts with this address: of the shop, or of every shop.
///
/// # Errors
/// When they cannot be looked up.
pub(super) async fn find_candidates(
    app: &App,
    email: &str,
    shop: Option<&ShopCode>,
) -> Result<Vec<(ShopCode, AccountId)>, Problem> {
    let found = match shop {
        Some(shop) => {
            let value = app.store.blind_index(shop.as_str(), EMAIL_CLAIM, email);
            let holder = app.store.find_claim(shop.as_str(), EMAIL_CLAIM, &value).await?;
            holder.map(|holder| (shop.to_string(), holder)).into_iter().collect()
        }
        None => app.store.find_claim_everywhere(EMAIL_CLAIM, email).await?,
    };
    found
        .into_iter()
        .map(|(shop, holder)| {
            let shop = shop.parse().map_err(|error| Problem::internal(&error))?;
            Ok((shop, holder.parse().map_err(|error| Problem::internal(&error))?))
        })
        .collect()
}

/// What a password is to an account, and whether the account's login is known to be its person's.
struct Looked {
    kind: Fit,
    proven: bool,
}

/// What a password is to an account.
enum Fit {
    /// Its own, with the hash that it fits.
    Right(String),
    /// Its own, and the account is locked.
    Locked,
    /// Not its own.
    Wrong,
}

/// Looks at a password. Nothing is counted. A success does not forget the failures before it: that is for who has come
/// through, the second factor included.
///
/// Tries on several nodes are settled in the order in which they end, as if they had come one after another: the lock is
/// asked once the password has been looked at, so that of many at once a right one counts only if it ends before the lock.
///
/// # Errors
/// 503 when the store is not to be reached or too many wait.
async fn look(app: &App, shop: &ShopCode, account: AccountId, password: &str) -> Result<Looked, Problem> {
    let credential = app.store.find_credential(shop.as_str(), account.0).await?;
    let proven = credential.as_ref().is_some_and(|credential| credential.proven);
    let hash = credential.and_then(|credential| credential.password_hash);
    let kind = if app.passwords.verify(password.to_owned(), hash.clone()).await? {
        let free = is_free(app, shop, account).await?;
        hash.filter(|_| free).map_or(Fit::Locked, Fit::Right)
    } else {
        Fit::Wrong
    };
    Ok(Looked { kind, proven })
}

/// Whether an account is not locked now.
pub(super) async fn is_free(app: &App, shop: &ShopCode, account: AccountId) -> Result<bool, Problem> {
    let credential = app.store.find_credential(shop.as_str(), account.0).await?;
    let until = credential.and_then(|credential| credential.locked_until);
    Ok(until.is_none_or(|until| until <= app.clock.micros()))
}

/// Counts a failure; whether it was: none is while the account is locked, when nothing is told of what was tried.
pub(super) async fn count_failure(app: &App, shop: &ShopCode, account: AccountId) -> Result<bool, Problem> {
    let at = app.clock.micros();
    let state = app.store.record_sign_in_failure(shop.as_str(), account.0, at, LockPolicy::USUAL).await?;
    Ok(state.counted)
}

/// Asks for the second factor where the account demands one, and tells whether it does. A wrong code is a failure like a
/// wrong password.
async fn prove(app: &App, shop: &ShopCode, account: AccountId, code: Option<&str>) -> Result<bool, Problem> {
    let ask = |account: &Account| account.demands_second_factor() && account.status() != Some(AccountStatus::Inactive);
    let demanded = app.commands.peek_now::<Account, _>(shop.as_str(), &account.to_string(), ask).await?.value;
    match code {
        _ if !demanded => Ok(false),
        None => Err(Problem::new(StatusCode::UNAUTHORIZED, "second-factor-required")),
        Some(code) if second_factor::accepts(app, shop, account, code).await? => Ok(true),
        Some(_) if count_failure(app, shop, account).await? => {
            Err(Problem::new(StatusCode::UNAUTHORIZED, "second-factor-wrong"))
        }
        Some(_) => Err(INVALID),
    }
}

/// Refuses whoever does not know the present password of his account: 403, and it counts as a failure. What he has shown
/// counts for as long as the password stays and his session lives: whoever writes upon it says so to the store.
///
/// # Errors
/// 403 `wrong-password`; 503 when the store is not to be reached or too many wait.
pub async fn confirm_password(app: &App, caller: &Caller, password: &str) -> Result<Proof, Problem> {
    let _turn = app.passwords.turn(caller.actor.account.0.as_u64_pair().1).await;
    confirm(app, caller, password).await
}

async fn confirm(app: &App, caller: &Caller, password: &str) -> Result<Proof, Problem> {
    let session = caller.session.ok_or_else(Problem::role_may_not)?;
    let account = caller.actor.account;
    let password_hash = match look(app, &caller.shop, account, password).await?.kind {
        Fit::Right(password_hash) => password_hash,
        Fit::Locked => return Err(WRONG_PASSWORD),
        Fit::Wrong => {
            count_failure(app, &caller.shop, account).await?;
            return Err(WRONG_PASSWORD);
        }
    };
    Ok(Proof { account: account.0, password_hash, session })
}

/// The same with the second factor's code.
///
/// # Errors
/// 403 `wrong-password` or `second-factor-wrong`.
pub async fn confirm_with_code(app: &App, caller: &Caller, password: &str, code: &str) -> Result<Proof, Problem> {
    let (shop, account) = (&caller.shop, caller.actor.account);
    let _turn = app.passwords.turn(account.0.as_u64_pair().1).await;
    let proof = confirm(app, caller, password).await?;
    let answered = if second_factor::accepts(app, shop, account, code).await? {
        is_free(app, shop, account).await?.then_some(Ok(proof))
    } else {
        let wrong = Problem::new(StatusCode::FORBIDDEN, "second-factor-wrong");
        count_failure(app, shop, account).await?.then_some(Err(wrong))
    };
    // Under a lock a right code and a wrong one are told the same.
    answered.unwrap_or(Err(WRONG_PASSWORD))
}
