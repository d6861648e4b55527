//! Letters that requests ask for; those about what happened follow the log.

use bordereau_domain::AccountId;
use bordereau_integrations::mail::{MailArgs, MailKind, new_mail};
use uuid::Uuid;

use crate::{app::App, problem::Problem};

/// Queues a letter to an account's person; one that was queued for the same reason is not queued again.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn queue(
    app: &App,
    shop: &str,
    kind: MailKind,
    account: AccountId,
    because: Uuid,
    args: &MailArgs,
) -> Result<(), Problem> {
    let mail = new_mail(shop, kind, account, because, args, app.clock.micros());
    app.store.queue_mail(mail.map_err(|error| Problem::internal(&error))?).await?;
    Ok(())
}
