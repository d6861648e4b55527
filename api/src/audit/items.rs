//! Events, refusals and accesses in JSON, with names opened and reasons told in the reader's language.

use bordereau_domain::{AccountId, Digest};
use bordereau_projections::{Person as PersonRow, TrailRow};
use bordereau_store::Refusal;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{GRANTED, trail::Found};
use crate::{
    app::App,
    documents::references,
    extract::Reading,
    history::{StepJson, sealed, step},
    names::{self, Clear, Person},
    problem::Problem,
    texts::{self, Language},
};

/// An event or a refused command.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditItem {
    /// What happened.
    Event(EventJson),
    /// What was refused.
    Refusal(RefusalJson),
    /// What was looked at.
    Access(AccessJson),
}

/// What happened: a step as in a history, and where it comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventJson {
    #[serde(flatten)]
    step: StepJson,
    /// When it was recorded: the trail's order, and what `from` and `to` are compared with.
    recorded_at: DateTime<Utc>,
    /// For example `basket/ID`.
    aggregate: String,
    event_id: Uuid,
    /// The institution that the aggregate belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    institution: Option<Uuid>,
    /// The command, for example `ValidateBasket`.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    /// `api`, `page`, `cli`, `demo`, `reactor` or `foreign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    /// Ties together what one request caused: the `Bordereau-Trace` of its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation: Option<Uuid>,
    /// The event that caused the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    causation: Option<Uuid>,
}

/// Somebody looked at another's personal data: what the bookshop exported for a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessJson {
    at: DateTime<Utc>,
    actor: Person,
    /// The role at that moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// Method and path.
    command: String,
    /// Whose it is: `account/ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    aggregate: Option<String>,
}

/// What was refused. At most one is kept per account, command and second.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalJson {
    at: DateTime<Utc>,
    actor: Person,
    /// The role at that moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// Method and route.
    command: String,
    /// For example `basket/ID`.
    #[serde(skip_serializing_if = "Option::is_none")]
    aggregate: Option<String>,
    /// The stable slug of the refusal.
    reason: String,
    /// What it is, in the reader's language.
    title: String,
    /// What the caller was told to do about it; absent where that named a value, which is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// A page in clear.
pub async fn tell(
    app: &App,
    reading: &Reading,
    found: Vec<Found>,
    language: Language,
) -> Result<Vec<AuditItem>, Problem> {
    let people = app.projections.audit_trail().list_people(reading.shop(), refused_accounts(&found)).await?;
    let clear = names::open(app, reading.shop(), digests(&found, &people)).await?;
    let inner = reading.caller.reads_inner_comments(app).await?;
    let mut people = people.into_iter();
    let tell = |item| match item {
        Found::Event(row) => AuditItem::Event(event(*row, inner, &clear)),
        Found::Refusal(row) if row.reason == GRANTED => AuditItem::Access(accessed(row, people.next(), &clear)),
        Found::Refusal(refusal) => AuditItem::Refusal(refused(refusal, people.next(), language, &clear)),
    };
    Ok(found.into_iter().map(tell).collect())
}

/// Who was refused, refusal by refusal.
fn refused_accounts(found: &[Found]) -> Vec<AccountId> {
    let account = |item: &Found| match item {
        // What names no account finds nobody, as keys and processes do.
        Found::Refusal(refusal) => Some(AccountId(Uuid::parse_str(&refusal.account).unwrap_or_default())),
        Found::Event(_) => None,
    };
    found.iter().filter_map(account).collect()
}

/// What a page needs opened.
fn digests(found: &[Found], people: &[PersonRow]) -> Vec<Digest> {
    let steps = found.iter().flat_map(|item| match item {
        Found::Event(row) => sealed(&row.step),
        Found::Refusal(_) => Vec::new(),
    });
    steps.chain(people.iter().flat_map(references)).collect()
}

fn event(row: TrailRow, inner: bool, clear: &Clear) -> EventJson {
    EventJson {
        step: step(&row.step, inner, clear),
        recorded_at: row.recorded_at,
        aggregate: row.aggregate.to_string(),
        event_id: row.event_id,
        institution: row.institution.map(|institution| institution.0),
        command: row.command,
        channel: row.channel,
        correlation: row.correlation,
        causation: row.causation,
    }
}

fn somebody(person: Option<PersonRow>, clear: &Clear) -> Person {
    person.map_or(Person { id: Uuid::nil(), name: None }, |person| clear.person(&person))
}

fn accessed(row: Refusal, person: Option<PersonRow>, clear: &Clear) -> AccessJson {
    AccessJson {
        at: DateTime::from_timestamp_micros(row.at).unwrap_or_default(),
        actor: somebody(person, clear),
        role: row.role,
        command: row.command,
        aggregate: row.aggregate,
    }
}

fn refused(refusal: Refusal, person: Option<PersonRow>, language: Language, clear: &Clear) -> RefusalJson {
    let (title, detail) = texts::kept_problem(language, &refusal.reason);
    RefusalJson {
        at: DateTime::from_timestamp_micros(refusal.at).unwrap_or_default(),
        actor: somebody(person, clear),
        role: refusal.role,
        command: refusal.command,
        aggregate: refusal.aggregate,
        reason: refusal.reason,
        title,
        detail,
    }
}
