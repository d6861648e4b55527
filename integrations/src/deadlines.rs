//! What happens because time goes by: answered quotes expire when their last day is over.
//!
//! Asked for again it is not done again, so that two nodes that look at once do no harm.

use bordereau_commands::{Commands, Envelope, Failed, QuoteRequest};
use bordereau_domain::{
    Actor, ShopCode,
    quote::QuoteError,
    shop::{OpenedShop, Shop},
};
use bordereau_projections::Projections;
use chrono::{DateTime, Utc};

/// Names the lease.
pub const NAME: &str = "deadlines";
/// Quotes that expire in one look at a shop.
const AT_ONCE: usize = 500;

/// Lets the quotes of one shop expire whose last day, in the shop's time zone, is over at `now`; how many did.
///
/// # Errors
/// When the store or the list of quotes cannot be read.
pub async fn expire_quotes(
    commands: &Commands,
    projections: &Projections,
    shop: &ShopCode,
    now: DateTime<Utc>,
) -> anyhow::Result<usize> {
    let code = shop.as_str();
    let ask = |shop: &Shop| shop.opened().map(OpenedShop::zone);
    let zone = commands.peek::<Shop, _>(code, code, ask).await?.value.unwrap_or(chrono_tz::UTC);
    let today = now.with_timezone(&zone).date_naive();
    let mut expired = 0;
    for quote in projections.quote_list().list_overdue(code, today, AT_ONCE).await? {
        let envelope = Envelope::new(shop.clone(), Actor::system(), now, "reactor");
        match commands.execute(envelope, quote.to_string(), QuoteRequest::Expire).await {
            Ok(done) => expired += usize::from(done.position.is_some()),
            // Accepted or refused a moment ago: the list has not seen it yet.
            Err(Failed::Refused(QuoteError::WrongStatus { .. } | QuoteError::StillValid)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(expired)
}
