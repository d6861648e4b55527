//! `show`: what an aggregate was, and the way it had come, at a position or a time. States are folded from the events;
//! read models are not asked.
//!
//! A time means what had been recorded by then: `at` of an act may lie before that of an earlier one, `recorded_at` never.

use std::collections::HashMap;

use bordereau_domain::{
    Decider, Digest, Event, account::Account, basket::Basket, catalogue, institution::Institution, order::Order,
    quote::Quote, shop::Shop, subject::Subject,
};
use bordereau_store::StoredEvent;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::desk::{Desk, Verdict, refuse};

/// What to show.
#[derive(clap::Args)]
pub(crate) struct ShowFlags {
    /// The kind of aggregate: shop, institution, account, subject, basket, quote, order
    #[arg(value_name = "TYPE")]
    aggregate_type: String,
    /// Its id; of a shop its code
    id: String,
    /// As it was at this position of its ledger, or at this time (RFC 3339)
    #[arg(long, value_name = "POSITION|TIME")]
    at: Option<String>,
    /// Open sealed texts
    #[arg(long)]
    open: bool,
}

/// Up to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Now,
    Position(u64),
    Time(DateTime<Utc>),
}

impl Until {
    fn parse(text: Option<&str>) -> anyhow::Result<Self> {
        let Some(text) = text else { return Ok(Self::Now) };
        if let Ok(position) = text.parse() {
            return Ok(Self::Position(position));
        }
        match DateTime::parse_from_rfc3339(text) {
            Ok(time) => Ok(Self::Time(time.to_utc())),
            Err(_) => refuse(format!("{text} is neither a position nor a time such as 2026-12-31T23:59:59Z")),
        }
    }

    fn holds(self, event: &StoredEvent) -> bool {
        match self {
            Self::Now => true,
            Self::Position(position) => event.position <= position,
            Self::Time(time) => event.recorded_at <= time.timestamp_micros(),
        }
    }
}

/// The answer.
#[derive(Debug, Serialize)]
struct Shown {
    ledger: String,
    #[serde(rename = "type")]
    aggregate_type: &'static str,
    id: String,
    /// Of the last event that counts.
    position: u64,
    sequence: u64,
    state: Value,
    timeline: Vec<Step>,
}

/// One event of the way.
#[derive(Debug, Serialize)]
struct Step {
    position: u64,
    sequence: u64,
    recorded_at: String,
    at: Option<String>,
    #[serde(rename = "type")]
    event_type: String,
    actor: Option<String>,
    role: Option<String>,
    on_behalf_of: Option<String>,
    data: Value,
}

/// Shows an aggregate.
pub(crate) async fn run(desk: &Desk, flags: &ShowFlags) -> anyhow::Result<Verdict> {
    let until = Until::parse(flags.at.as_deref())?;
    let mut kinds = catalogue::all().map(|(kind, _, _)| kind);
    let Some(kind) = kinds.find(|kind| kind.eq_ignore_ascii_case(&flags.aggregate_type)) else {
        return refuse(format!("there is no aggregate called {}", flags.aggregate_type));
    };
    for head in desk.ledgers(None).await? {
        let mut events = desk.store.load(&head.ledger, kind, &flags.id, 0).await?;
        if events.is_empty() {
            continue;
        }
        events.retain(|event| until.holds(event));
        let Some(last) = events.last() else { return refuse(format!("there was no {kind} {} yet", flags.id)) };
        let (position, sequence) = (last.position, last.sequence);
        let mut shown = Shown {
            state: fold(kind, &events)?,
            timeline: events.iter().map(step).collect::<Result<_, _>>()?,
            ledger: head.ledger,
            aggregate_type: kind,
            id: flags.id.clone(),
            position,
            sequence,
        };
        unseal(desk, flags.open, &mut shown).await?;
        desk.say(&shown, || in_words(&shown))?;
        return Ok(Verdict::Sound);
    }
    refuse(format!("there is no {kind} {} in any ledger", flags.id))
}

/// Folds the events of an aggregate of this kind into its state.
fn fold(kind: &str, events: &[StoredEvent]) -> anyhow::Result<Value> {
    macro_rules! by_kind {
        ($($aggregate:ident),+) => {
            match kind {
                $(<$aggregate as Decider>::TYPE => {
                    let mut state = <$aggregate as Default>::default();
                    for stored in events {
                        if let Event::$aggregate(event) = decode(stored)? {
                            state.evolve(&event);
                        }
                    }
                    Ok(serde_json::to_value(&state)?)
                })+
                other => refuse(format!("nothing is known of {other}")),
            }
        };
    }
    by_kind!(Shop, Institution, Account, Subject, Basket, Quote, Order)
}

fn decode(stored: &StoredEvent) -> anyhow::Result<Event> {
    Event::decode(&stored.aggregate_type, &stored.event_type, &stored.event_version, &stored.payload)
        .map_err(|error| anyhow::Error::new(error).context(format!("position {}", stored.position)))
}

fn step(stored: &StoredEvent) -> anyhow::Result<Step> {
    let mut metadata: HashMap<String, String> = serde_json::from_str(&stored.metadata)?;
    let payload: Value = serde_json::from_str(&stored.payload)?;
    let recorded_at = DateTime::from_timestamp_micros(stored.recorded_at).unwrap_or_default();
    Ok(Step {
        position: stored.position,
        sequence: stored.sequence,
        recorded_at: recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        at: metadata.remove("at"),
        event_type: stored.event_type.clone(),
        actor: metadata.remove("actor"),
        role: metadata.remove("role"),
        on_behalf_of: metadata.remove("on_behalf_of"),
        data: payload.get(&stored.event_type).cloned().unwrap_or(payload),
    })
}

/// Puts a word, or the text, in the place of every reference to sealed data.
async fn unseal(desk: &Desk, open: bool, shown: &mut Shown) -> anyhow::Result<()> {
    let mut digests = Vec::new();
    let mut values: Vec<&mut Value> = vec![&mut shown.state];
    values.extend(shown.timeline.iter_mut().map(|step| &mut step.data));
    for value in &mut values {
        each_reference(value, &mut |_, digest| digests.push(digest.0));
    }
    digests.sort_unstable();
    digests.dedup();
    let texts = if open { desk.store.open_sealed(&shown.ledger, &digests).await? } else { HashMap::new() };
    for value in values {
        each_reference(value, &mut |value, digest| {
            let word = if open { "(erased)" } else { "(sealed)" };
            *value = Value::String(texts.get(&digest.0).cloned().unwrap_or_else(|| word.to_owned()));
        });
    }
    Ok(())
}

/// Visits every reference to sealed data: an object of a subject and a digest and nothing else.
fn each_reference(value: &mut Value, visit: &mut impl FnMut(&mut Value, Digest)) {
    if let Some(digest) = value.as_object().and_then(digest_of) {
        visit(value, digest);
        return;
    }
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| each_reference(value, visit)),
        Value::Object(entries) => entries.values_mut().for_each(|value| each_reference(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn digest_of(object: &Map<String, Value>) -> Option<Digest> {
    let of_two = object.len() == 2 && object.contains_key("subject");
    object.get("digest").filter(|_| of_two)?.as_str()?.parse().ok()
}

fn in_words(shown: &Shown) -> String {
    let Shown { ledger, aggregate_type, id, position, sequence, state, timeline } = shown;
    let mut words = vec![format!("{aggregate_type} {id} of {ledger}, sequence {sequence}, position {position}")];
    let state = serde_json::to_string_pretty(state).unwrap_or_default();
    words.extend(state.lines().map(|line| format!("  {line}")));
    for step in timeline {
        let by = [step.role.as_deref(), step.actor.as_deref()].map(|word| word.unwrap_or("-"));
        let at = step.at.as_deref().unwrap_or(&step.recorded_at);
        words
            .push(format!("{:>8} {:>5}  {at}  {}  {} {}", step.position, step.sequence, step.event_type, by[0], by[1]));
    }
    words.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_position_or_a_time() {
        assert_eq!(Until::parse(None).unwrap(), Until::Now);
        assert_eq!(Until::parse(Some("17")).unwrap(), Until::Position(17));
        let time = Until::parse(Some("2026-12-31T23:59:59+01:00")).unwrap();
        assert_eq!(time, Until::Time("2026-12-31T22:59:59Z".parse().unwrap()));
        assert!(Until::parse(Some("yesterday")).is_err());
    }

    #[test]
    fn references_are_found_wherever_they_stand_and_nothing_else_is() {
        let digest = "ab".repeat(32);
        let mut value = serde_json::json!({
            "name": { "subject": "s", "digest": digest },
            "lines": [{ "line_reference": { "subject": "s", "digest": digest }, "quantity": 1 }],
            "other": { "subject": "s", "digest": digest, "more": 1 },
            "no": { "subject": "s", "digest": "x" },
        });
        let mut found = 0;
        each_reference(&mut value, &mut |value, _| {
            found += 1;
            *value = Value::from("text");
        });
        assert_eq!((found, &value["name"], &value["lines"][0]["line_reference"]), (2, &"text".into(), &"text".into()));
        assert!(value["other"].is_object() && value["no"].is_object());
    }
}
