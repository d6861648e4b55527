//! Erasure: the event first, durable; then all that it promises. What a crash cuts off, a reactor completes.

use axum::extract::{Path, State};
use bordereau_commands::{Envelope, SubjectRequest};
use bordereau_domain::{
    AccountId, Context, Decider, Role,
    account::{Account, AccountStatus},
};
use bordereau_integrations::erasure::{Eraser, ErasureReason};
use bordereau_projections::{AccountFilter, Scope};
use serde::Deserialize;
use utoipa::ToSchema;

use super::identity::prove;
use crate::{
    app::App,
    extract::{Answered, Caller, Command},
    form,
    openapi::{Done, Refused},
    problem::Problem,
};

/// Most booksellers of a shop that are asked whether one of them stays.
const MANY: usize = 50;

type Answer = Result<Answered, Problem>;

/// Why somebody is erased by the bookshop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonName {
    /// The person has asked for it.
    #[default]
    Requested,
    /// The person objects to what is done with his data.
    Objection,
    /// The data should never have been kept.
    Unlawful,
}

impl ReasonName {
    /// All of the list, the usual one first.
    pub const ALL: [Self; 3] = [Self::Requested, Self::Objection, Self::Unlawful];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        ErasureReason::from(self).as_str()
    }
}

impl From<ReasonName> for ErasureReason {
    fn from(name: ReasonName) -> Self {
        match name {
            ReasonName::Requested => Self::Requested,
            ReasonName::Objection => Self::Objection,
            ReasonName::Unlawful => Self::Unlawful,
        }
    }
}

/// Why somebody is erased.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseBody {
    /// A word of the list: texts about people are what is to go. `requested` if nothing is said.
    #[serde(default)]
    reason: ReasonName,
}

/// Erases the person behind an account, for ever: names, addresses, comments, sessions, letters. What happened stays,
/// under an id that leads to nobody. The bookshop's own people are erased by themselves or by whoever runs the service.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/erase", tag = "privacy", params(("id", description = "The account")),
    request_body = EraseBody, responses((status = 200, body = Done), Refused))]
pub async fn erase(State(app): State<App>, Path(id): Path<String>, command: Command<EraseBody>) -> Answer {
    let Command { caller, envelope, body } = command;
    erase_other(&app, &caller, envelope, form::id(&id)?, body.reason).await
}

/// Erases somebody else's account and person for him.
///
/// # Errors
/// 403 for machines, for whoever may not, and for people of the bookshop; 404 when the caller may not know of it.
pub async fn erase_other(
    app: &App,
    caller: &Caller,
    envelope: Envelope,
    account: AccountId,
    reason: ReasonName,
) -> Answer {
    caller.must_be_person()?;
    let context = Context::new(caller.actor.clone(), app.clock.now());
    let ask = |account: &Account| account.may_see(&context).then(|| account.may_erase(&context.actor));
    let answer = app.commands.peek::<Account, _>(caller.shop.as_str(), &account.to_string(), ask).await?;
    answer.value.ok_or_else(Problem::not_found)??;
    erase_person(app, envelope, account, SubjectRequest::Erase { account_id: account }, reason.into()).await
}

/// Proof of who asks.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseOwnBody {
    /// The present password.
    pub(super) current_password: String,
    /// The second factor's code, or a recovery code, where the account has one.
    pub(super) code: Option<String>,
}

/// Erases oneself, for ever. Password and second factor are asked for; three wrong ones a day, then 429.
#[utoipa::path(delete, path = "/api/v1/me", tag = "privacy", request_body = EraseOwnBody,
    responses((status = 200, body = Done), Refused))]
pub async fn erase_own(State(app): State<App>, command: Command<EraseOwnBody>) -> Answer {
    let Command { caller, envelope, body } = command;
    erase_oneself(&app, &caller, envelope, &body.current_password, body.code.as_deref()).await
}

/// Erases the caller, once he has shown who he is.
///
/// # Errors
/// 403, 429 as of the proof; 409 `last-bookseller`.
pub async fn erase_oneself(
    app: &App,
    caller: &Caller,
    envelope: Envelope,
    password: &str,
    code: Option<&str>,
) -> Answer {
    prove(app, caller, password, code).await?;
    let account_id = caller.actor.account;
    let request = if caller.actor.role == Role::Bookseller {
        let others = other_booksellers(app, caller.shop.as_str(), account_id).await?;
        SubjectRequest::EraseBookseller { account_id, others }
    } else {
        SubjectRequest::Erase { account_id }
    };
    erase_person(app, envelope, account_id, request, ErasureReason::Requested).await
}

/// Who may run the shop when this bookseller is gone, as far as the list knows: the command asks the log.
async fn other_booksellers(app: &App, shop: &str, own: AccountId) -> Result<Vec<AccountId>, Problem> {
    let filter = AccountFilter {
        role: Some(Role::Bookseller),
        status: Some(AccountStatus::Active),
        scope: Scope::All,
        institution: None,
    };
    let (page, _) = app.projections.account_list().list(shop, &filter, MANY, None).await?;
    Ok(page.items.iter().map(|row| row.id).filter(|account| *account != own).collect())
}

async fn erase_person(
    app: &App,
    envelope: Envelope,
    account_id: AccountId,
    request: SubjectRequest,
    reason: ErasureReason,
) -> Answer {
    let shop = envelope.shop.clone();
    let eraser = Eraser::new(app.commands.clone());
    eraser.ask(&shop, account_id, reason, app.clock.now()).await?;
    let answered = app.execute(envelope, account_id, request).await?;
    if let Err(error) = eraser.complete(&shop, account_id, app.clock.now()).await {
        // The promise is in the log: the reactor comes by until it is kept.
        tracing::warn!(subject = %account_id, "an erasure is not complete yet: {error:#}");
    }
    let position = app.store.head(shop.as_str()).await?.map_or(answered.position, |head| head.position);
    Ok(Answered { position, ..answered })
}
