//! What can be said of an event by itself: its leaf, whether it decodes, its metadata, the amounts it carries. Events are
//! read, then looked at on every core, while those before them are held against each other.

use std::{borrow::Cow, fmt, thread};

use bordereau_domain::{Event, Role};
use bordereau_store::{Store, StoreError, StoredEvent, leaf};
use chrono::{DateTime, Utc};
use serde::{
    Deserialize,
    de::{MapAccess, Visitor},
};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{Kind, money};

/// How many events are read at once.
const CHUNK: usize = 4_000;
/// How many chunks may wait: memory is bounded by these, not by the ledger.
const WAITING: usize = 2;
/// Fewer events than this are not worth a thread.
const PART: usize = 256;

/// An event that was looked at by itself.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) position: u64,
    pub(super) event_id: Uuid,
    pub(super) recorded_at: i64,
    /// Type and id of its aggregate.
    pub(super) stream: String,
    pub(super) sequence: u64,
    pub(super) leaf: [u8; 32],
    /// The event, if it decodes.
    pub(super) event: Option<Event>,
    /// What is wrong with it by itself.
    pub(super) complaints: Vec<(Kind, String)>,
}

/// Events in a row that were looked at and, where the next one cannot even be read, its position and why.
pub(super) struct Chunk<T> {
    pub(super) events: Vec<T>,
    pub(super) unreadable: Option<(u64, String)>,
}

/// The events of a ledger, looked at one by one, in order. The channel ends with the ledger.
pub(super) fn look_through(store: &Store, ledger: &str) -> mpsc::Receiver<Result<Chunk<Looked>, StoreError>> {
    let (read, mut rows) = mpsc::channel(WAITING);
    let (tell, looked) = mpsc::channel(WAITING);
    let (store, ledger) = (store.clone(), ledger.to_owned());
    tokio::spawn(async move {
        let mut after = Some(0);
        while let Some(from) = after {
            let chunk = read_chunk(&store, &ledger, from).await;
            after = chunk.as_ref().ok().and_then(last_position);
            // Nobody listens: the command has ended.
            if read.send(chunk).await.is_err() {
                return;
            }
        }
    });
    tokio::spawn(async move {
        while let Some(chunk) = rows.recv().await {
            let looked = match chunk {
                Ok(Chunk { events, unreadable }) => tokio::task::spawn_blocking(move || look_at_all(&events))
                    .await
                    .map(|events| Chunk { events, unreadable })
                    .map_err(|stopped| StoreError::Unavailable(stopped.to_string())),
                Err(error) => Err(error),
            };
            if tell.send(looked).await.is_err() {
                return;
            }
        }
    });
    looked
}

fn last_position(chunk: &Chunk<StoredEvent>) -> Option<u64> {
    let unreadable = chunk.unreadable.as_ref().map(|(position, _)| *position);
    unreadable.or_else(|| chunk.events.last().map(|event| event.position))
}

async fn read_chunk(store: &Store, ledger: &str, after: u64) -> Result<Chunk<StoredEvent>, StoreError> {
    match store.read(ledger, after, CHUNK).await {
        Ok(events) => Ok(Chunk { events, unreadable: None }),
        // A row among them is no row of ours: they are read one by one, to tell which.
        Err(StoreError::Refused(_)) => one_by_one(store, ledger, after).await,
        Err(error) => Err(error),
    }
}

async fn one_by_one(store: &Store, ledger: &str, after: u64) -> Result<Chunk<StoredEvent>, StoreError> {
    let (mut last, mut events) = (after, Vec::new());
    while events.len() < CHUNK {
        match store.read(ledger, last, 1).await {
            Ok(row) if row.is_empty() => break,
            Ok(row) => {
                last = row.last().map_or(last, |event| event.position);
                events.extend(row);
            }
            Err(StoreError::Refused(reason)) => return Ok(Chunk { events, unreadable: Some((last + 1, reason)) }),
            Err(error) => return Err(error),
        }
    }
    Ok(Chunk { events, unreadable: None })
}

/// Looks at events on every core, in their order.
fn look_at_all(rows: &[StoredEvent]) -> Vec<Looked> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let part = rows.len().div_ceil(cores).max(PART);
    thread::scope(|scope| {
        let parts: Vec<_> =
            rows.chunks(part).map(|rows| scope.spawn(move || rows.iter().map(look).collect::<Vec<_>>())).collect();
        let joined = parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.flatten().collect()
    })
}

fn look(row: &StoredEvent) -> Looked {
    let mut complaints = Vec::new();
    if let Err(what) = check_metadata(row) {
        complaints.push((Kind::Metadata, what));
    }
    let event = match Event::decode(&row.aggregate_type, &row.event_type, &row.event_version, &row.payload) {
        Ok(event) => Some(event),
        Err(error) => {
            complaints.push((Kind::Event, in_full(&error)));
            None
        }
    };
    if let Some(what) = event.as_ref().and_then(money::wrong_by_itself) {
        complaints.push((Kind::Money, what));
    }
    Looked {
        position: row.position,
        event_id: row.event_id,
        recorded_at: row.recorded_at,
        stream: format!("{} {}", row.aggregate_type, row.aggregate_id),
        sequence: row.sequence,
        leaf: leaf(row),
        event,
        complaints,
    }
}

/// An error with what it came from.
fn in_full(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", in_full(source)),
        None => error.to_string(),
    }
}

/// A flat object of strings with its keys in order, each once.
struct Metadata<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'de> Deserialize<'de> for Metadata<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Metadata<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a flat object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::with_capacity(10);
                while let Some((Text(key), Text(value))) = map.next_entry()? {
                    entries.push((key, value));
                }
                Ok(Metadata(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// A text, borrowed where it holds no escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// Programs on plain `postgres-es` may leave keys out; those that are there have one meaning and form.
fn check_metadata(row: &StoredEvent) -> Result<(), String> {
    let Metadata(entries) =
        serde_json::from_str(&row.metadata).map_err(|error| format!("the metadata cannot be read: {error}"))?;
    if !entries.is_sorted_by(|(one, _), (next, _)| one < next) {
        return Err("the keys of the metadata are not in order, each once".to_owned());
    }
    for (key, value) in &entries {
        let well_formed = match key.as_ref() {
            "ledger" if *value != row.ledger => return Err(format!("the metadata names the ledger {value}")),
            "at" => value.parse::<DateTime<Utc>>().is_ok(),
            "actor" | "on_behalf_of" => Uuid::parse_str(value).is_ok(),
            "role" => value.parse::<Role>().is_ok(),
            _ => true,
        };
        if !well_formed {
            return Err(format!("{key} in the metadata cannot be read: {value}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(metadata: &str) -> StoredEvent {
        StoredEvent {
            ledger: "DLIVRE".to_owned(),
            position: 1,
            event_id: Uuid::nil(),
            aggregate_type: "Basket".to_owned(),
            aggregate_id: Uuid::nil().to_string(),
            sequence: 1,
            event_type: "BasketDiscarded".to_owned(),
            event_version: "1".to_owned(),
            recorded_at: 0,
            payload: r#"{"BasketDiscarded":{}}"#.to_owned(),
            metadata: metadata.to_owned(),
        }
    }

    #[test]
    fn metadata_is_a_flat_object_of_strings_in_order_and_of_this_ledger() {
        for good in ["{}", r#"{"at":"2026-01-01T00:00:00.000000Z","ledger":"DLIVRE","note":"\u00e9","role":"system"}"#]
        {
            assert_eq!(check_metadata(&with(good)), Ok(()));
        }
        for (bad, word) in [
            (r#"{"ledger":"PARVIS"}"#, "PARVIS"),
            (r#"{"role":"system","ledger":"DLIVRE"}"#, "order"),
            (r#"{"role":"system","role":"system"}"#, "order"),
            (r#"{"role":"king"}"#, "king"),
            (r#"{"at":"yesterday"}"#, "yesterday"),
            (r#"{"actor":1}"#, "read"),
            (r#"{"actor":{"id":"1"}}"#, "read"),
            ("[]", "read"),
        ] {
            let what = check_metadata(&with(bad)).unwrap_err();
            assert!(what.contains(word), "{bad}: {what}");
        }
    }

    #[test]
    fn many_events_are_looked_at_in_their_order() {
        let rows: Vec<_> = (1..2_000).map(|position| StoredEvent { position, ..with("{}") }).collect();
        let looked = look_at_all(&rows);
        assert!(looked.iter().map(|one| one.position).eq(1..2_000));
        assert!(looked.iter().zip(&rows).all(|(one, row)| one.leaf == leaf(row) && one.complaints.is_empty()));
    }
}
