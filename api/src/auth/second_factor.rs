//! The second factor: a code of the moment, or at a sign-in a recovery code; each is good once.

use bordereau_domain::{AccountId, ShopCode};

use super::{
    sign_in::{WRONG_PASSWORD, count_failure, is_free},
    token_hash, totp,
};
use crate::{app::App, extract::Caller, problem::Problem};

/// Whether a code is good for an account, and uses it up.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn accepts(app: &App, shop: &ShopCode, account: AccountId, code: &str) -> Result<bool, Problem> {
    let (shop, code, now) = (shop.as_str(), totp::plain(code), app.clock.micros());
    let Some(factor) = app.store.find_second_factor(shop, account.0, now).await?.filter(|factor| factor.confirmed)
    else {
        return Ok(false);
    };
    match totp::step_of(&factor.secret, &code, app.clock.now().timestamp()) {
        Some(step) => Ok(app.store.use_second_factor_step(shop, account.0, step).await?),
        None => Ok(app.store.use_recovery_code(shop, account.0, &token_hash(&code)).await?),
    }
}

/// The time step of the code that proves a secret which is not in use yet. A wrong one is a failure like a wrong password.
///
/// # Errors
/// 422 `second-factor-wrong`; while the account is locked 403 `wrong-password`, whatever the code.
pub async fn prove_first_code(app: &App, caller: &Caller, secret: &str, code: &str) -> Result<i64, Problem> {
    let (shop, account) = (&caller.shop, caller.actor.account);
    let _turn = app.passwords.turn(account.0.as_u64_pair().1).await;
    let proven = totp::step_of(secret, &totp::plain(code), app.clock.now().timestamp());
    let answered = if let Some(step) = proven {
        is_free(app, shop, account).await?.then_some(Ok(step))
    } else {
        let wrong = Problem::invalid("second-factor-wrong", "code");
        count_failure(app, shop, account).await?.then_some(Err(wrong))
    };
    // Under a lock a right code and a wrong one are told the same.
    answered.unwrap_or(Err(WRONG_PASSWORD))
}
