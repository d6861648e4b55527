//! The golden corpus: the bytes of every event ever written, in golden/. A line of it that changes is a history that can
//! no longer be read: a new shape gets a new version and an upcaster, and the old file stays.
//!
//! `UPDATE_GOLDEN=1 cargo test -p bordereau-domain catalogue` writes the files of new events, and docs/events.md anew. A
//! file that exists is never overwritten.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use bordereau_domain::{Event, catalogue};
use serde_json::Value;

use crate::examples::{examples, sentence};

const HOW_TO_WRITE: &str = "UPDATE_GOLDEN=1 cargo test -p bordereau-domain catalogue";

fn crate_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn golden_file(event_type: &str, version: &str) -> PathBuf {
    crate_root().join("tests/golden").join(format!("{event_type}.v{version}.json"))
}

fn events_page() -> PathBuf {
    crate_root().join("../docs/events.md")
}

fn is_updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Compares a file with what it should hold; a missing one is written when that was asked for.
fn check_golden(path: &Path, expected: &str) {
    if is_updating() && !path.exists() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, expected).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    let file = path.display();
    assert_eq!(found, expected, "{file} is not what is written today; for a new event: {HOW_TO_WRITE}");
}

fn payload_of(event: &Event) -> String {
    event.to_payload().unwrap()
}

fn value_of(event: &Event) -> Value {
    serde_json::from_str(&payload_of(event)).unwrap()
}

#[test]
fn every_event_of_the_catalogue_has_exactly_one_example() {
    let shown = examples();
    let shown: Vec<_> =
        shown.iter().map(|event| (event.aggregate_type(), event.wire_name(), event.version())).collect();
    let known: Vec<_> =
        catalogue::all().map(|(aggregate, name, version)| (aggregate, name, version.to_owned())).collect();
    assert_eq!(shown, known);
}

#[test]
fn wire_names_are_unique_in_the_whole_catalogue() {
    let names: BTreeSet<_> = catalogue::all().map(|(_, name, version)| (name, version)).collect();
    assert_eq!(names.len(), catalogue::all().count());
}

#[test]
fn every_event_is_written_as_it_always_was() {
    for event in examples() {
        let path = golden_file(event.wire_name(), &event.version());
        check_golden(&path, &format!("{}\n", payload_of(&event)));
    }
}

#[test]
fn every_file_of_the_corpus_is_read_and_written_again_byte_for_byte() {
    let aggregates: BTreeMap<_, _> =
        catalogue::all().map(|(aggregate, name, version)| ((name, version), aggregate)).collect();
    let mut count = 0;
    for file in fs::read_dir(crate_root().join("tests/golden")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        let (event_type, version) = name.strip_suffix(".json").and_then(|name| name.split_once(".v")).unwrap();
        let aggregate = aggregates.get(&(event_type, version)).unwrap_or_else(|| panic!("{name} is no event"));
        let stored = fs::read_to_string(&file).unwrap();
        let event = Event::decode(aggregate, event_type, version, stored.trim_end()).unwrap();
        assert_eq!(format!("{}\n", payload_of(&event)), stored, "{name}");
        count += 1;
    }
    assert_eq!(count, catalogue::all().count());
}

#[test]
fn the_payloads_one_key_is_the_events_name() {
    for event in examples() {
        let value = value_of(&event);
        let keys: Vec<_> = value.as_object().unwrap().keys().collect();
        assert_eq!(keys, [event.wire_name()]);
    }
}

#[test]
fn an_event_under_another_name_version_or_aggregate_is_not_read() {
    let all = examples();
    for (event, next) in all.iter().zip(all.iter().skip(1)) {
        let (payload, version) = (payload_of(event), event.version());
        let decode = |aggregate, name, version: &str| Event::decode(aggregate, name, version, &payload);
        assert_eq!(decode(event.aggregate_type(), event.wire_name(), &version).unwrap(), *event);
        decode("Basketball", event.wire_name(), &version).unwrap_err();
        decode(event.aggregate_type(), event.wire_name(), "99").unwrap_err();
        decode(next.aggregate_type(), next.wire_name(), &version).unwrap_err();
    }
}

#[test]
fn an_unknown_field_is_never_read_over() {
    for event in examples() {
        let mut value = value_of(&event);
        let body = value.get_mut(event.wire_name()).and_then(Value::as_object_mut).unwrap();
        body.insert("surprise".to_owned(), Value::from(1));
        let read = Event::decode(event.aggregate_type(), event.wire_name(), &event.version(), &value.to_string());
        assert!(read.is_err(), "{}", event.wire_name());
    }
}

/// What a leaf of a payload is, as far as its form tells.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "flag",
        Value::Number(_) => "number",
        Value::String(text) if text.len() == 36 && text.matches('-').count() == 4 => "id",
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit() || b"-.".contains(&b)) => "digits",
        Value::String(_) => "clear text",
        Value::Array(_) => "empty list",
        Value::Object(_) => "empty object",
    }
}

/// Every leaf below `value`: path, and kind. A sealed text is one leaf.
fn leaves(path: &str, value: &Value, into: &mut BTreeMap<String, &'static str>) {
    match value {
        Value::Object(fields) if fields.contains_key("digest") || fields.contains_key("subject") => {
            assert_sealed(path, value);
            into.insert(path.to_owned(), "personal, sealed");
        }
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                leaves(&format!("{path}.{key}"), value, into);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                leaves(&format!("{path}[]"), item, into);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            into.insert(path.to_owned(), kind_of(value));
        }
    }
}

/// A sealed text is its person and the digest of its bytes, and nothing else.
fn assert_sealed(path: &str, value: &Value) {
    let fields = value.as_object().unwrap();
    let keys: Vec<_> = fields.keys().map(String::as_str).collect();
    assert_eq!(keys, ["subject", "digest"], "{path}");
    let text = |key: &str| fields[key].as_str().unwrap();
    assert!(text("subject").parse::<bordereau_domain::SubjectId>().is_ok(), "{path}");
    assert!(text("digest").parse::<bordereau_domain::Digest>().is_ok(), "{path}");
}

/// A person's name, e-mail, telephone and every free text must be sealed. Whoever adds a field sees it appear in this
/// list and has to say which it is.
#[test]
fn the_fields_of_every_event_are_registered_as_personal_or_not() {
    let mut all = BTreeMap::new();
    for event in examples() {
        let value = value_of(&event);
        leaves(event.wire_name(), &value[event.wire_name()], &mut all);
    }
    let text: String = all.iter().fold(String::new(), |mut text, (path, kind)| {
        writeln!(text, "{path}: {kind}").unwrap();
        text
    });
    insta::assert_snapshot!("fields", text);
}

/// Path and JSON pointer of every field below `value`.
fn fields(path: &str, pointer: &str, value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let (path, pointer) = (format!("{path}.{key}"), format!("{pointer}/{key}"));
                into.push((path.clone(), pointer.clone()));
                fields(&path, &pointer, value, into);
            }
        }
        Value::Array(items) => {
            let each = items.iter().enumerate();
            each.for_each(|(n, item)| fields(&format!("{path}[]"), &format!("{pointer}/{n}"), item, into));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The fields that an event may leave out: path, and the payload without it.
fn optional_fields(event: &Event) -> BTreeMap<String, String> {
    let value = value_of(event);
    let mut all = Vec::new();
    fields("", &format!("/{}", event.wire_name()), &value[event.wire_name()], &mut all);
    let without = |pointer: &str| {
        let mut value = value.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(key);
        value.to_string()
    };
    let decodes =
        |payload: &str| Event::decode(event.aggregate_type(), event.wire_name(), &event.version(), payload).is_ok();
    all.into_iter()
        .map(|(path, pointer)| (path.trim_start_matches('.').to_owned(), without(&pointer)))
        .filter(|(_, payload)| decodes(payload))
        .collect()
}

#[test]
fn what_may_be_absent_is_absent_and_never_null() {
    for event in examples() {
        for (path, payload) in optional_fields(&event) {
            let read = Event::decode(event.aggregate_type(), event.wire_name(), &event.version(), &payload).unwrap();
            assert_eq!(payload_of(&read), payload, "{} without {path}", event.wire_name());
            assert!(!payload.contains("null"), "{payload}");
        }
    }
}

fn events_text() -> String {
    let mut text = String::from(
        "# Events\n\nGenerated from the golden corpus (`domain/tests/golden/`); do not edit. Written anew by\n`",
    );
    text.push_str(HOW_TO_WRITE);
    text.push_str(
        "`.\n\nThe payload of an event is one object with one key, its name. Names, versions and shapes are frozen: a new \
         shape\ngets a new version. `{subject, digest}` stands for a sealed text: whose it is, and the SHA-256 of the \
         sealed bytes.\nMoney is text with two decimals, rates are text in percent, ids are UUIDs. What may be absent is \
         absent, never `null`.\n",
    );
    let mut aggregate = "";
    for event in examples() {
        if event.aggregate_type() != aggregate {
            aggregate = event.aggregate_type();
            write!(text, "\n## {aggregate}\n").unwrap();
        }
        write!(text, "\n### {} v{}\n\n{}\n", event.wire_name(), event.version(), sentence(&event)).unwrap();
        let optional: Vec<_> = optional_fields(&event).into_keys().map(|path| format!("`{path}`")).collect();
        if !optional.is_empty() {
            write!(text, "\nMay be absent: {}.\n", optional.join(", ")).unwrap();
        }
        let pretty = serde_json::to_string_pretty(&value_of(&event)).unwrap();
        write!(text, "\n```json\n{pretty}\n```\n").unwrap();
    }
    text
}

#[test]
fn the_page_of_events_is_the_one_that_is_generated() {
    if is_updating() {
        fs::write(events_page(), events_text()).unwrap();
    }
    let found = fs::read_to_string(events_page()).unwrap_or_default();
    assert_eq!(found, events_text(), "docs/events.md is out of date: {HOW_TO_WRITE}");
}
