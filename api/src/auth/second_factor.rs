//! The second factor at a sign-in: a code of the moment, or a recovery code; each is good once.

use bordereau_domain::{AccountId, ShopCode};

use super::{token_hash, totp};
use crate::{app::App, problem::Problem};

/// Whether a code is good for an account, and uses it up.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn accepts(app: &App, shop: &ShopCode, account: AccountId, code: &str) -> Result<bool, Problem> {
    let (shop, code) = (shop.as_str(), totp::plain(code));
    let Some(factor) = app.store.find_second_factor(shop, account.0).await?.filter(|factor| factor.confirmed) else {
        return Ok(false);
    };
    match totp::step_of(&factor.secret, &code, app.clock.now().timestamp()) {
        Some(step) => Ok(app.store.use_second_factor_step(shop, account.0, step).await?),
        None => Ok(app.store.use_recovery_code(shop, account.0, &token_hash(&code)).await?),
    }
}
