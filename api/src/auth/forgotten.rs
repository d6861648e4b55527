//! *Mot de passe oublié*: asks for a link that sets a password. The answer and its time tell nobody whether the address is
//! known: what is to be done is done after the answer.

use bordereau_commands::{fold_email, stable_id};
use bordereau_domain::{AccountId, ShopCode, account::Account};
use bordereau_store::NewMail;

use super::sign_in::find_candidates;
use crate::{app::App, problem::Problem};

/// One link for an account in so long: nobody's letter box is flooded. In µs.
const APART: i64 = 5 * 60 * 1_000_000;

/// Asks for links for the active accounts of an address, in every shop that knows it.
pub fn ask_for_link(app: &App, email: &str) {
    let (app, email) = (app.clone(), fold_email(email));
    tokio::spawn(async move {
        if let Err(problem) = queue(&app, &email).await {
            tracing::warn!(slug = problem.slug, "a link was asked for and not queued");
        }
    });
}

async fn queue(app: &App, email: &str) -> Result<(), Problem> {
    for (shop, account) in find_candidates(app, email, None).await? {
        queue_for(app, &shop, account).await?;
    }
    Ok(())
}

async fn queue_for(app: &App, shop: &ShopCode, account: AccountId) -> Result<(), Problem> {
    let ask = |account: &Account| account.opened().is_some_and(|opened| opened.active);
    let id = account.to_string();
    if !app.commands.peek::<Account, _>(shop.as_str(), &id, ask).await?.value {
        return Ok(());
    }
    let now = app.clock.micros();
    let mail = NewMail {
        ledger: shop.to_string(),
        id: stable_id(&["reset-link", shop.as_str(), &id, &(now / APART).to_string()]),
        kind: "reset-link".to_owned(),
        account: account.0,
        args: "{}".to_owned(),
        queued_at: now,
    };
    app.store.queue_mail(mail).await?;
    Ok(())
}
