//! A basket as the log has it now, for what is done with it in one request after another: no view has to follow first.

use bordereau_domain::{
    AccountId, BasketId, Context,
    account::Account,
    basket::{Basket, Opened},
};

use crate::{app::App, auth::hidden_evenly, extract::Caller, problem::Problem};

/// A basket that the caller may see.
///
/// # Errors
/// 403 for machines, 404 when there is none or he may not know of it, 503.
pub async fn find_visible(app: &App, caller: &Caller, id: BasketId) -> Result<Opened, Problem> {
    hidden_evenly(async {
        caller.must_be_person()?;
        let shop = caller.shop.as_str();
        let ask = |basket: &Basket| basket.opened().cloned();
        let found = app.commands.peek_now::<Basket, _>(shop, &id.to_string(), ask).await?.value;
        let basket = found.ok_or(Problem::not_found())?;
        let mut context = Context::new(caller.actor.clone(), app.clock.now());
        context.owner_inactive = is_inactive(app, shop, basket.owner).await?;
        if basket.is_seen_by(&context) { Ok(basket) } else { Err(Problem::not_found()) }
    })
    .await
}

async fn is_inactive(app: &App, shop: &str, owner: AccountId) -> Result<bool, Problem> {
    let ask = |account: &Account| account.opened().is_none_or(|opened| !opened.active);
    Ok(app.commands.peek::<Account, _>(shop, &owner.to_string(), ask).await?.value)
}
