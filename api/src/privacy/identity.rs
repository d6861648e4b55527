//! Who asks for what cannot be undone shows once more who he is. A session is not enough, an e-mail address is nothing.

use axum::http::StatusCode;
use bordereau_domain::account::Account;
use bordereau_store::{IdentityTry, Micros};

use crate::{app::App, auth, extract::Caller, problem::Problem};

/// Failed proofs a day.
const TRIES: usize = 3;
const DAY: Micros = 24 * 3_600 * 1_000_000;

/// Asks for the present password, and for the second factor's code where the account has one.
///
/// # Errors
/// 403 `in-anothers-place`, `wrong-password`, `second-factor-required` or `second-factor-wrong`; 429 after three wrong
/// ones within a day, those included that are being looked at.
pub async fn prove(app: &App, caller: &Caller, password: &str, code: Option<&str>) -> Result<(), Problem> {
    caller.must_be_person()?;
    caller.must_be_himself()?;
    let (shop, account, now) = (caller.shop.as_str(), caller.actor.account, app.clock.micros());
    let ask = Account::demands_second_factor;
    let demanded = app.commands.peek_now::<Account, _>(shop, &account.to_string(), ask).await?.value;
    let code = code.filter(|_| demanded);
    if demanded && code.is_none() {
        return Err(Problem::new(StatusCode::FORBIDDEN, "second-factor-required"));
    }
    // Before it is looked at: of many at once no more are looked at than one after another.
    let place = match app.store.take_identity_try(shop, account.0, (now - DAY, now), TRIES).await? {
        IdentityTry::Taken(place) => place,
        IdentityTry::Spent(first) => return Err(too_many(first + DAY - now)),
    };
    let proven = match code {
        None => auth::confirm_password(app, caller, password).await,
        Some(code) => auth::confirm_with_code(app, caller, password, code).await,
    };
    if !proven.as_ref().is_err_and(|problem| problem.status == StatusCode::FORBIDDEN) {
        app.store.give_back_identity_try(shop, account.0, place).await?;
    }
    proven.map(|_| ())
}

fn too_many(wait: Micros) -> Problem {
    Problem::too_many_requests(u32::try_from(wait / 1_000_000).unwrap_or(u32::MAX).max(1))
}
