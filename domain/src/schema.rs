//! JSON Schemas (2020-12) of the events as they are stored, made of the very types that write them.
//!
//! What must stay true: a schema takes what the catalogue reads, and refuses a field more, a field less, or another type. A
//! field that may be absent is never `null`.

use std::collections::BTreeSet;

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::SchemaSettings,
    json_schema,
    transform::{RecursiveTransform, Transform},
};
use serde_json::{Map, Value};

use crate::{catalogue, ean::Ean, money::Money, money::Rate, personal::Digest, shop::ShopCode};

/// The shape of one event.
#[derive(Clone, Debug)]
pub struct EventSchema {
    /// The aggregate's name in the log.
    pub aggregate_type: &'static str,
    /// The event's name in the log.
    pub event_type: &'static str,
    /// Version of the shape.
    pub version: &'static str,
    /// The payload: an object with one key, the event's name.
    pub payload: Value,
}

/// The shapes of all events, and what they share.
#[derive(Clone, Debug)]
pub struct Schemas {
    /// In the order of the catalogue.
    pub events: Vec<EventSchema>,
    /// By name; the events, and these among themselves, refer to them below the path that was given.
    pub shared: Map<String, Value>,
}

/// The shapes of all events of the catalogue. What they share is referred to as `#` + `path` + `/` + name.
pub fn all(path: &'static str) -> Schemas {
    let mut settings = SchemaSettings::draft2020_12().for_serialize();
    settings.definitions_path = path.into();
    let mut generator = settings.into_generator();
    let choices: Vec<Value> = catalogue::shapes(&mut generator).iter().flat_map(choices).collect();
    let mut shared = generator.take_definitions(true);
    shared.values_mut().for_each(tidy);
    let events = catalogue::all().map(|(aggregate_type, event_type, version)| {
        let mut payload = choices.iter().find(|choice| names(choice, event_type)).cloned().unwrap_or_default();
        tidy(&mut payload);
        EventSchema { aggregate_type, event_type, version, payload }
    });
    Schemas { events: events.collect(), shared }
}

impl Schemas {
    /// One event's shape as a document of its own, with what it refers to in `$defs`: for [`all`] of `"/$defs"`.
    pub fn document(&self, event_type: &str, version: &str) -> Option<Value> {
        let event = self.events.iter().find(|event| (event.event_type, event.version) == (event_type, version))?;
        let mut document = Map::new();
        document.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
        document.insert("title".to_owned(), format!("{event_type} v{version}").into());
        document.extend(event.payload.as_object()?.clone());
        let mut needed = BTreeSet::new();
        self.follow(&event.payload, &mut needed);
        let defs: Map<_, _> =
            needed.into_iter().filter_map(|name| Some((name.clone(), self.shared.get(&name)?.clone()))).collect();
        if !defs.is_empty() {
            document.insert("$defs".to_owned(), defs.into());
        }
        Some(document.into())
    }

    /// Gathers the names of all that a schema refers to, directly or not.
    fn follow(&self, schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
                if let Some(name) = name
                    && found.insert(name.to_owned())
                    && let Some(shared) = self.shared.get(name)
                {
                    self.follow(shared, found);
                }
                members.values().for_each(|inner| self.follow(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| self.follow(inner, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// The choices of an aggregate's events.
fn choices(shape: &Schema) -> Vec<Value> {
    shape.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Whether a choice is the event of this name: its one key.
fn names(choice: &Value, event_type: &str) -> bool {
    choice["required"].as_array().is_some_and(|keys| keys.iter().eq([event_type]))
}

/// Says in JSON Schema's own words what the generator says in Rust's, and takes `null` away.
fn tidy(schema: &mut Value) {
    if let Ok(schema) = <&mut Schema>::try_from(schema) {
        RecursiveTransform(plain_number).transform(schema);
        RecursiveTransform(never_null).transform(schema);
    }
}

fn plain_number(schema: &mut Schema) {
    if let Some(format @ ("uint32" | "uint64")) = schema.get("format").and_then(Value::as_str) {
        if format == "uint32" {
            schema.insert("maximum".to_owned(), u32::MAX.into());
        }
        schema.remove("format");
    }
}

fn never_null(schema: &mut Schema) {
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            schema.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.remove("anyOf");
            for (key, value) in only {
                schema.insert(key, value);
            }
        }
    }
}

macro_rules! texts {
    ($($name:ident: $pattern:literal, $description:literal;)+) => {$(
        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $description })
            }
        }
    )+};
}

texts! {
    Money: r"^-?(0|[1-9][0-9]*)\.[0-9]{2}$", "An amount with two decimals, in the currency of the establishment.";
    Rate: r"^(100|(0|[1-9][0-9]?)(\.[0-9]?[1-9])?)$", "A rate in percent, without trailing zeros.";
    Ean: "^[0-9]{13}$", "An EAN-13 with a valid check digit.";
    Digest: "^[0-9a-f]{64}$", "SHA-256 of a field's sealed bytes.";
    ShopCode: "^[A-Z0-9-]{2,32}$", "A shop's code, also the name of its ledger.";
}
