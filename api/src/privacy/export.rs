//! One's own data as a file: `data.json` for programs, `data.csv` for spreadsheets, `index.html` for people.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use bordereau_domain::{AccountId, Context, Decider, Role, account::Account};
use bordereau_store::Refusal;

use super::{
    gather::{Gathering, gather},
    written::write,
};
use crate::{
    app::App,
    audit::GRANTED,
    extract::{Caller, Reading},
    form,
    openapi::Refused,
    problem::Problem,
    texts::Language,
};

/// Everything that is known of oneself: a ZIP of `data.json`, `data.csv` and `index.html`, the last in the language of
/// `Accept-Language`. Of what others wrote only
/// the bookshop's messages to oneself are in it.
#[utoipa::path(get, path = "/api/v1/me/export", tag = "privacy",
    responses((status = 200, body = [u8], content_type = "application/zip"), Refused))]
pub async fn own(State(app): State<App>, reading: Reading, headers: HeaderMap) -> Result<Response, Problem> {
    let caller = &reading.caller;
    export_oneself(&app, caller, language(&headers)).await
}

/// The same about somebody who has asked the bookshop in writing, as far as the bookshop may see it: without baskets that
/// have not become quotes or orders, and without inner comments. Each export is an `access` of the audit trail.
#[utoipa::path(get, path = "/api/v1/accounts/{id}/export", tag = "privacy", params(("id", description = "The account")),
    responses((status = 200, body = [u8], content_type = "application/zip"), Refused))]
pub async fn of_another(
    State(app): State<App>,
    reading: Reading,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let caller = &reading.caller;
    caller.must_be_person()?;
    let account: AccountId = form::id(&id)?;
    let context = Context::new(caller.actor.clone(), app.clock.now());
    let ask = |account: &Account| account.may_see(&context);
    if !app.commands.peek::<Account, _>(reading.shop(), &account.to_string(), ask).await?.value {
        return Err(Problem::not_found());
    }
    caller.must_be(&[Role::Bookseller])?;
    caller.must_be_himself()?;
    reading.settle(&app, "audit_trail").await?;
    keep_access(&app, caller, account).await?;
    tracing::info!(%account, by = %caller.actor.account, "a person's data was exported for him");
    export(&app, caller, account, Gathering::ByBookshop, language(&headers)).await
}

/// Keeps for the audit trail who looked, before he sees anything. The path is told whole: of one command a second one row
/// is kept.
async fn keep_access(app: &App, caller: &Caller, account: AccountId) -> Result<(), Problem> {
    let access = Refusal {
        ledger: caller.shop.to_string(),
        account: caller.actor.account.to_string(),
        command: format!("GET /api/v1/accounts/{account}/export"),
        reason: GRANTED.to_owned(),
        aggregate: Some(format!("account/{account}")),
        role: Some(caller.actor.role.to_string()),
        institution: None,
        at: app.clock.micros(),
    };
    Ok(app.store.record_refusal(access).await?)
}

fn language(headers: &HeaderMap) -> Language {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::negotiate(accept.unwrap_or_default())
}

/// The caller's own data, in his own name.
///
/// # Errors
/// 403 for keys and whoever acts in another's place; 429 while some of his wait; 503.
pub async fn export_oneself(app: &App, caller: &Caller, language: Language) -> Result<Response, Problem> {
    caller.must_be_person()?;
    caller.must_be_himself()?;
    export(app, caller, caller.actor.account, Gathering::Own, language).await
}

async fn export(
    app: &App,
    caller: &Caller,
    person: AccountId,
    gathering: Gathering,
    language: Language,
) -> Result<Response, Problem> {
    let _turn = app.exports.take(caller.actor.account).await?;
    let dossier = gather(app, &caller.shop, person, gathering).await?;
    let name = format!("attachment; filename=\"bordereau-{}.zip\"", dossier.made_at.format("%Y-%m-%d"));
    let bytes = tokio::task::spawn_blocking(move || write(&dossier, language)).await;
    let bytes = bytes.map_err(|died| Problem::internal(&died))?.map_err(|error| Problem::internal(&error))?;
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
