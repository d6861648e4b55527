//! *Mot de passe oublié*: asks for a link that sets a password. The answer and its time tell nobody whether the address is
//! known.

use bordereau_commands::{fold_email, stable_id};
use bordereau_domain::{AccountId, ShopCode, account::Account};
use bordereau_integrations::mail::{MailArgs, MailKind};
use chrono::TimeDelta;

use super::{
    evenly::evenly,
    sign_in::{find_candidates, limit_letters},
};
use crate::{app::App, letters, problem::Problem};

/// Within this time an account is sent one link, however often it is asked for.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

/// Asks for a link for each active account with an address, in one shop or in all.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn ask_for_link(app: &App, email: &str, shop: Option<&ShopCode>) -> Result<(), Problem> {
    limit_letters(app, email)?;
    evenly(async {
        for (shop, account) in find_candidates(app, &fold_email(email), shop).await? {
            let ask = |account: &Account| account.opened().is_none_or(|opened| opened.active);
            if app.commands.peek::<Account, _>(shop.as_str(), &account.to_string(), ask).await?.value {
                queue(app, &shop, account, MailKind::ResetPassword).await?;
            }
        }
        Ok(())
    })
    .await
}

/// Has a link for a password mailed to an account's person, because who administers it asks: the one for a first password,
/// which lives longer, where none was ever set.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn queue_link(app: &App, shop: &ShopCode, account: AccountId) -> Result<(), Problem> {
    let credential = app.store.find_credential(shop.as_str(), account.0).await?;
    let has_password = credential.is_some_and(|credential| credential.password_hash.is_some());
    let kind = if has_password { MailKind::ResetPassword } else { MailKind::FirstPassword };
    queue(app, shop, account, kind).await
}

async fn queue(app: &App, shop: &ShopCode, account: AccountId, kind: MailKind) -> Result<(), Problem> {
    let minute = app.clock.now().timestamp() / PAUSE.num_seconds();
    let because = stable_id(&["link-asked-for", &minute.to_string()]);
    letters::queue(app, shop.as_str(), kind, account, because, &MailArgs::default()).await
}
