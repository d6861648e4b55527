//! The lines of a basket or an order that somebody wants again.

use bordereau_commands::{CopiedLine, new_id};
use bordereau_domain::{Context, OrderId, line::Line, order::Order};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::now;
use crate::{app::App, extract::Caller, problem::Problem};

/// What is copied: one of them.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CopyOf {
    /// A basket that the caller may see.
    Basket(Uuid),
    /// An order that the caller may see.
    Order(Uuid),
}

/// The lines of what is copied, as the log has them now.
///
/// # Errors
/// 403 for machines, 404 when there is none or the caller may not know of it, 503.
pub async fn lines(app: &App, caller: &Caller, source: CopyOf) -> Result<Vec<CopiedLine>, Problem> {
    match source {
        CopyOf::Basket(id) => {
            let basket = now::find_visible(app, caller, id.into()).await?;
            Ok(basket.lines.iter().map(copied).collect())
        }
        CopyOf::Order(id) => {
            caller.must_be_person()?;
            let context = Context::new(caller.actor.clone(), app.clock.now());
            let ask = |order: &Order| {
                let seen = order.opened().filter(|opened| opened.is_seen_by(&context));
                seen.map(|opened| opened.lines.iter().map(|line| copied(&line.line)).collect())
            };
            let (shop, id) = (caller.shop.as_str(), OrderId(id).to_string());
            app.commands.peek_now::<Order, _>(shop, &id, ask).await?.value.ok_or_else(Problem::not_found)
        }
    }
}

fn copied(line: &Line) -> CopiedLine {
    CopiedLine { line_id: new_id().into(), ean: line.ean, title: line.title.clone(), quantity: line.quantity }
}
