//! Who asks for what cannot be undone shows once more who he is. A session is not enough, an e-mail address is nothing.

use axum::http::StatusCode;
use bordereau_domain::account::Account;
use bordereau_store::Micros;

use crate::{app::App, auth, extract::Caller, problem::Problem};

/// Failed proofs a day.
const TRIES: usize = 3;
const DAY: Micros = 24 * 3_600 * 1_000_000;

/// Asks for the present password, and for the second factor's code where the account has one.
///
/// # Errors
/// 403 `in-anothers-place`, `wrong-password`, `second-factor-required` or `second-factor-wrong`; 429 after three wrong
/// ones within a day.
pub async fn prove(app: &App, caller: &Caller, password: &str, code: Option<&str>) -> Result<(), Problem> {
    caller.must_be_person()?;
    caller.must_be_himself()?;
    let (shop, account, now) = (caller.shop.as_str(), caller.actor.account, app.clock.micros());
    let failed = app.store.list_identity_checks(shop, account.0, now - DAY).await?;
    if let Some(first) = failed.get(failed.len().wrapping_sub(TRIES)) {
        return Err(too_many(first + DAY - now));
    }
    let ask = Account::demands_second_factor;
    let demanded = app.commands.peek_now::<Account, _>(shop, &account.to_string(), ask).await?.value;
    let proven = match code.filter(|_| demanded) {
        None if demanded => return Err(Problem::new(StatusCode::FORBIDDEN, "second-factor-required")),
        None => auth::confirm_password(app, &caller.shop, account, password).await,
        Some(code) => auth::confirm_with_code(app, &caller.shop, account, password, code).await,
    };
    if proven.as_ref().is_err_and(|problem| problem.status == StatusCode::FORBIDDEN) {
        app.store.note_identity_check(shop, account.0, now).await?;
    }
    proven
}

fn too_many(wait: Micros) -> Problem {
    let seconds = u32::try_from(wait / 1_000_000).unwrap_or(u32::MAX).max(1);
    let busy = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").arg("seconds", seconds);
    Problem { retry_after: Some(seconds), ..busy }
}
