//! All that is known of one person, and of nobody else: what he is, what he wrote and what was written of him, what he
//! did, who got any of it. Texts of others are not his, also where they are about what is his; but what the bookshop wrote
//! to him, as the person of his account, is. What the bookshop gathers for him holds what the bookshop may see: an institution's inner affairs are not brought out by this door.

use std::collections::{BTreeMap, HashMap, HashSet};

use bordereau_commands::first_buyers_group;
use bordereau_domain::{
    AccountId, Digest, ShopCode,
    account::{Account, AccountStatus, OpenedAccount},
    shop::Shop,
};
use bordereau_integrations::retention::Retention;
use bordereau_projections::Scope;
use bordereau_store::{QueuedMail, Refusal, RefusalQuery, Session, StoredEvent};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{app::App, audit::GRANTED, auth, names, problem::Problem};

/// Events that are read at a time.
const STRETCH: usize = 1_000;
/// Most institutions that an export names.
const MANY: usize = 1_000;

/// The bookshop among the recipients.
pub const BOOKSHOP: &str = "bookshop";

/// All that is known of one person.
#[derive(Debug, Serialize)]
pub struct Dossier {
    /// The bookshop's name.
    pub shop: String,
    /// The id under which everything stands.
    pub person: AccountId,
    /// When this was gathered.
    pub made_at: DateTime<Utc>,
    /// Whether it is whole; else without what only the institution sees.
    pub whole: bool,
    /// The account as it is now.
    pub account: Option<AccountFacts>,
    /// Where he is signed in: his own affair.
    pub sessions: Vec<SessionFacts>,
    /// Every personal field of his in the log, and what the bookshop wrote to him, the oldest first; what was destroyed is null.
    pub fields: Vec<FieldFacts>,
    /// What he did, or what was done in his place.
    pub acts: Vec<ActFacts>,
    /// His baskets, quotes and orders.
    pub documents: Vec<DocumentFacts>,
    /// What he was refused.
    pub refusals: Vec<RefusalFacts>,
    /// Letters to him.
    pub letters: Vec<LetterFacts>,
    /// Who else got some of it.
    pub recipients: Vec<RecipientFacts>,
    /// How long it is kept, in days.
    pub retention: Retention,
}

/// An account as it is now.
#[derive(Debug, Serialize)]
pub struct AccountFacts {
    /// The login.
    pub email: Option<String>,
    /// The new login that waits for its confirmation.
    pub new_email: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The language of the letters to him, once it is known.
    pub language: Option<String>,
    /// Where it stands.
    pub status: Option<&'static str>,
    /// What it may do.
    pub role: Option<&'static str>,
    /// For whom.
    pub institutions: Vec<String>,
    /// Whether a code is asked for beside the password.
    pub second_factor: bool,
    /// Whom he lets act in his place, by id, with the days.
    pub delegations: Vec<String>,
    /// Whether he may act in the place of every colleague.
    pub substitutes: bool,
    /// His point of sale.
    pub establishment: Option<String>,
    /// His buyers' group.
    pub buyers_group: Option<String>,
    /// How he signs in: his own affair.
    pub sign_ins: Option<SignInFacts>,
}

/// What is kept of somebody's sign-ins.
#[derive(Debug, Serialize)]
pub struct SignInFacts {
    /// When he last signed in.
    pub last_at: Option<DateTime<Utc>>,
    /// When a letter told him that the account will be erased for want of use.
    pub warned_at: Option<DateTime<Utc>>,
    /// When a wrong password was given, as far as it still counts.
    pub failed_at: Vec<DateTime<Utc>>,
    /// Until when nobody can sign in.
    pub locked_until: Option<DateTime<Utc>>,
}

/// A session.
#[expect(clippy::struct_field_names, reason = "times are called so wherever they stand in JSON")]
#[derive(Debug, Serialize)]
pub struct SessionFacts {
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_seen_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A personal field in the log.
#[derive(Debug, Serialize)]
pub struct FieldFacts {
    /// The event's place in the ledger.
    pub position: u64,
    /// When the act took place.
    pub at: String,
    /// The event's name.
    pub event: String,
    /// What it is about: `basket/..`.
    pub object: String,
    /// The field: `comment`, `lines.2.line_reference`.
    pub field: String,
    /// The text; none once destroyed.
    pub text: Option<String>,
    #[serde(skip)]
    digest: [u8; 32],
}

/// For whom it is gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gathering {
    /// For the person himself, by himself.
    Own,
    /// For him, by the bookshop.
    ByBookshop,
}

/// Something that he did.
#[derive(Debug, Serialize)]
pub struct ActFacts {
    /// The event's place in the ledger.
    pub position: u64,
    /// When.
    pub at: String,
    /// The event's name.
    pub event: String,
    /// What it is about.
    pub object: String,
    /// Whether it was done in his place, by somebody else.
    pub in_his_place: bool,
}

/// A basket, quote or order of his.
#[derive(Debug, Serialize)]
pub struct DocumentFacts {
    /// `basket/..`, `quote/..`, `order/..`.
    pub object: String,
    /// Its number.
    pub number: Option<u64>,
    /// Since when.
    pub at: String,
}

/// A refused command.
#[derive(Debug, Serialize)]
pub struct RefusalFacts {
    /// When.
    pub at: DateTime<Utc>,
    /// Which command.
    pub command: String,
    /// Why.
    pub reason: String,
}

/// A letter.
#[derive(Debug, Serialize)]
pub struct LetterFacts {
    /// When it was asked for.
    pub at: DateTime<Utc>,
    /// Which kind.
    pub kind: String,
    /// What became of it.
    pub state: &'static str,
}

/// Somebody else who got some of it.
#[derive(Debug, Serialize)]
pub struct RecipientFacts {
    /// Who.
    pub recipient: &'static str,
    /// What.
    pub object: String,
    /// When.
    pub at: String,
}

/// Gathers it.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn gather(app: &App, shop: &ShopCode, person: AccountId, gathering: Gathering) -> Result<Dossier, Problem> {
    let (code, now) = (shop.as_str(), app.clock.now());
    let mut found = Found::default();
    let mut after = 0;
    loop {
        let events = app.store.read(code, after, STRETCH).await?;
        let Some(last) = events.last() else { break };
        after = last.position;
        found.look(&events, &person.to_string())?;
    }
    let refusals = RefusalQuery { account: Some(person.to_string()), ..RefusalQuery::default() };
    found.refusals = app.store.list_refusals(code, refusals).await?;
    found.refusals.retain(|row| row.reason != GRANTED);
    if gathering == Gathering::ByBookshop {
        found.hide_inner(app, code).await?;
    }
    found.open(app, code).await?;
    found.recipients.extend(readers(app, code, person).await?);
    let ask = |shop: &Shop| shop.opened().map(|opened| opened.name.clone());
    let name = app.commands.peek::<Shop, _>(code, code, ask).await?.value;
    let sessions = match gathering {
        Gathering::Own => app.store.list_sessions(code, person.0, app.clock.micros(), auth::seen_after(app)).await?,
        Gathering::ByBookshop => Vec::new(),
    };
    let letters = app.store.list_mails_to(code, person.0).await?;
    Ok(Dossier {
        shop: name.unwrap_or_else(|| code.to_owned()),
        person,
        made_at: now,
        whole: gathering == Gathering::Own,
        account: account(app, code, person, gathering).await?,
        sessions: sessions.iter().map(session).collect(),
        fields: found.fields,
        acts: found.acts,
        documents: found.documents.into_values().collect(),
        refusals: found
            .refusals
            .into_iter()
            .map(|refusal| RefusalFacts { at: time(refusal.at), command: refusal.command, reason: refusal.reason })
            .collect(),
        letters: letters.iter().map(letter).collect(),
        recipients: found.recipients,
        retention: app.settings.retention,
    })
}

fn time(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

fn session(session: &Session) -> SessionFacts {
    SessionFacts {
        created_at: time(session.created_at),
        last_seen_at: time(session.last_seen_at),
        expires_at: time(session.expires_at),
    }
}

fn letter(letter: &QueuedMail) -> LetterFacts {
    LetterFacts { at: time(letter.mail.queued_at), kind: letter.mail.kind.clone(), state: letter.state.as_str() }
}

async fn account(
    app: &App,
    shop: &str,
    person: AccountId,
    gathering: Gathering,
) -> Result<Option<AccountFacts>, Problem> {
    let state = app.commands.peek_now::<Account, _>(shop, &person.to_string(), Clone::clone).await?.value;
    let Some((email, details)) = state.email().zip(state.details()) else { return Ok(None) };
    // The bookshop hears of a new login once its person has confirmed it.
    let waiting = if gathering == Gathering::Own { app.store.find_pending_email(shop, person.0).await? } else { None };
    let new_email = waiting.map(|found| Digest(found.pending.digest));
    let wanted = [Some(email.digest), new_email, Some(details.name.digest), details.phone.map(|phone| phone.digest)];
    let clear = names::open(app, shop, wanted.into_iter().flatten()).await?;
    let opened = state.opened();
    let institutions = opened.map(|opened| opened.institutions.clone()).unwrap_or_default();
    let page = app.projections.institutions().list(shop, &Scope::Institutions(institutions), true, MANY, None).await?;
    let delegations = opened.map(|opened| opened.delegations.as_slice()).unwrap_or_default();
    let (establishment, buyers_group) = surroundings(app, shop, opened).await?;
    let told = |given: &bordereau_domain::account::Delegation| {
        format!("{} {} - {}", given.delegate, given.first_day, given.last_day)
    };
    Ok(Some(AccountFacts {
        email: clear.field(Some(email)),
        new_email: new_email.and_then(|digest| clear.text(digest)),
        name: clear.field(Some(details.name)),
        phone: clear.field(details.phone),
        language: app.store.find_language(shop, person.0).await?,
        status: state.status().map(AccountStatus::as_str),
        role: opened.map(|opened| opened.role.as_str()),
        institutions: page.items.into_iter().map(|row| row.known.profile.name).collect(),
        second_factor: state.demands_second_factor(),
        delegations: delegations.iter().map(told).collect(),
        substitutes: opened.is_some_and(|opened| opened.substitutes),
        establishment,
        buyers_group,
        sign_ins: if gathering == Gathering::Own { Some(sign_ins(app, shop, person).await?) } else { None },
    }))
}

/// The names of the point of sale and of the buyers' group that an account is in.
async fn surroundings(
    app: &App,
    shop: &str,
    opened: Option<&OpenedAccount>,
) -> Result<(Option<String>, Option<String>), Problem> {
    let Some((establishment, group)) = opened.map(|opened| (opened.establishment, opened.group)) else {
        return Ok((None, None));
    };
    let ask = |shop: &Shop| {
        let shop = shop.opened()?;
        let first = first_buyers_group(&shop.code);
        let place = shop.establishments.iter().find(|known| Some(known.establishment_id) == establishment);
        let group = shop.groups.all(first).into_iter().find(|known| known.id == group.unwrap_or(first));
        Some((place.map(|place| place.name.clone()), group.map(|group| group.name)))
    };
    Ok(app.commands.peek::<Shop, _>(shop, shop, ask).await?.value.unwrap_or_default())
}

async fn sign_ins(app: &App, shop: &str, person: AccountId) -> Result<SignInFacts, Problem> {
    let usage = app.store.find_usage(shop, person.0).await?;
    let credential = app.store.find_credential(shop, person.0).await?;
    Ok(SignInFacts {
        last_at: usage.and_then(|usage| usage.last_sign_in_at).map(time),
        warned_at: usage.and_then(|usage| usage.warned_at).map(time),
        failed_at: credential.iter().flat_map(|credential| &credential.failures).map(|at| time(*at)).collect(),
        locked_until: credential.and_then(|credential| credential.locked_until).map(time),
    })
}

/// What the log holds of a person.
#[derive(Default)]
struct Found {
    fields: Vec<FieldFacts>,
    acts: Vec<ActFacts>,
    documents: BTreeMap<String, DocumentFacts>,
    refusals: Vec<Refusal>,
    recipients: Vec<RecipientFacts>,
}

impl Found {
    fn look(&mut self, events: &[StoredEvent], person: &str) -> Result<(), Problem> {
        for stored in events {
            let object = format!("{}/{}", stored.aggregate_type.to_lowercase(), stored.aggregate_id);
            let by_him = stored.metadata.contains(person);
            let of_him = stored.payload.contains(person);
            let his_own = self.documents.contains_key(&object) || stored.aggregate_id == person;
            if !by_him && !of_him && !his_own {
                continue;
            }
            let broken = |error: serde_json::Error| Problem::internal(&error);
            let metadata: HashMap<String, String> = serde_json::from_str(&stored.metadata).map_err(broken)?;
            let payload: Value = serde_json::from_str(&stored.payload).map_err(broken)?;
            self.take(stored, &object, person, &metadata, payload.get(&stored.event_type).unwrap_or(&payload));
        }
        Ok(())
    }

    fn take(
        &mut self,
        stored: &StoredEvent,
        object: &str,
        person: &str,
        metadata: &HashMap<String, String>,
        payload: &Value,
    ) {
        let is = |key: &str| metadata.get(key).is_some_and(|value| value == person);
        let at = metadata.get("at").cloned().unwrap_or_else(|| time(stored.recorded_at).to_rfc3339());
        let (position, event) = (stored.position, stored.event_type.clone());
        // Sealed under the key of who wrote it.
        let written_to_him = event == "AccountMessageSent" && object == format!("account/{person}");
        references("", payload, &mut |field, subject, digest| {
            if subject == person || written_to_him {
                let (at, event, object) = (at.clone(), event.clone(), object.to_owned());
                self.fields.push(FieldFacts {
                    position,
                    at,
                    event,
                    object,
                    field: field.to_owned(),
                    text: None,
                    digest,
                });
            }
        });
        let in_his_place = is("on_behalf_of");
        if in_his_place || is("actor") {
            let (at, event, object) = (at.clone(), event.clone(), object.to_owned());
            self.acts.push(ActFacts { position, at, event, object, in_his_place });
        }
        let principal = in_his_place || (is("actor") && !metadata.contains_key("on_behalf_of"));
        if principal && matches!(event.as_str(), "BasketOpened" | "QuoteRequested" | "OrderPlaced") {
            let number = payload.get("number").and_then(Value::as_u64);
            let document = DocumentFacts { object: object.to_owned(), number, at: at.clone() };
            self.documents.insert(object.to_owned(), document);
        }
        if self.documents.contains_key(object) && event.ends_with("PushedToLibrisoft") {
            self.recipients.push(RecipientFacts { recipient: "Librisoft", object: object.to_owned(), at });
        }
    }

    /// Leaves out what the bookshop may not see, by the rule of histories and of the audit trail: baskets that have not
    /// become its documents, and what an institution's people said to each other about those that have.
    async fn hide_inner(&mut self, app: &App, shop: &str) -> Result<(), Problem> {
        let objects = self.fields.iter().map(|row| &row.object).chain(self.acts.iter().map(|row| &row.object));
        let about = self.refusals.iter().filter_map(|row| row.aggregate.as_ref());
        let baskets: HashSet<Uuid> =
            objects.chain(self.documents.keys()).chain(about).filter_map(|object| basket(object)).collect();
        let converted = app.projections.audit_trail().list_converted(shop, baskets).await?;
        let is_shown = |object: &String| {
            !object.starts_with(BASKET) || basket(object).is_some_and(|basket| converted.contains(&basket))
        };
        let is_inner = |row: &FieldFacts| row.object.starts_with(BASKET) && row.field == "comment";
        self.fields.retain(|row| is_shown(&row.object) && !is_inner(row));
        self.acts.retain(|row| is_shown(&row.object));
        self.documents.retain(|object, _| is_shown(object));
        self.refusals.retain(|row| row.aggregate.as_ref().is_none_or(is_shown));
        Ok(())
    }

    /// Opens what was found, a stretch at a time.
    async fn open(&mut self, app: &App, shop: &str) -> Result<(), Problem> {
        for fields in self.fields.chunks_mut(STRETCH) {
            let digests: Vec<_> = fields.iter().map(|field| field.digest).collect();
            let texts = app.store.open_sealed(shop, &digests).await?;
            for field in fields {
                // The same reference may stand in several events.
                field.text = texts.get(&field.digest).cloned();
            }
        }
        Ok(())
    }
}

/// Before the id in the name of a basket.
const BASKET: &str = "basket/";

fn basket(object: &str) -> Option<Uuid> {
    object.strip_prefix(BASKET)?.parse().ok()
}

/// When the bookshop made an export of this person's data.
async fn readers(app: &App, shop: &str, person: AccountId) -> Result<Vec<RecipientFacts>, Problem> {
    let object = format!("account/{person}");
    let about = RefusalQuery { aggregate: Some(object.clone()), ..RefusalQuery::default() };
    let rows = app.store.list_refusals(shop, about).await?.into_iter().filter(|row| row.reason == GRANTED);
    let told =
        |row: Refusal| RecipientFacts { recipient: BOOKSHOP, object: object.clone(), at: time(row.at).to_rfc3339() };
    Ok(rows.map(told).collect())
}

/// Visits every reference to sealed data with its place: an object of a subject and a digest and nothing else.
fn references(place: &str, value: &Value, visit: &mut impl FnMut(&str, &str, [u8; 32])) {
    match value {
        Value::Object(entries) => {
            let text = |name: &str| entries.get(name).and_then(Value::as_str);
            let digest = text("digest").and_then(|digest| digest.parse::<bordereau_domain::Digest>().ok());
            if let (2, Some(subject), Some(digest)) = (entries.len(), text("subject"), digest) {
                visit(place, subject, digest.0);
                return;
            }
            for (name, value) in entries {
                references(&join(place, name), value, visit);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                references(&join(place, &(index + 1).to_string()), value, visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn join(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}
