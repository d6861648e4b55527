//! What other programs make of our events: the schemas take every event and nothing else, the document of the stream is
//! sound, and other people's libraries read what is streamed.

use std::{collections::BTreeMap, fs, path::Path};

use bordereau_api::{Settings, cloud_type};
use bordereau_domain::catalogue;
use bordereau_tests::{Answer, Sdk, TestApp};
use chrono::DateTime;
use jsonschema::Validator;
use serde_json::{Value, json};

async fn schema(app: &TestApp, name: &str, version: &str) -> Answer {
    app.anonymous().get(&format!("/api/v1/schemas/{name}/{version}")).await
}

fn compile(schema: &Value) -> Validator {
    jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("{error}: {schema}"));
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap()
}

/// The golden example of an event.
fn golden(name: &str, version: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/golden");
    let text = fs::read_to_string(folder.join(format!("{name}.v{version}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// JSON pointers of every object and every leaf of a value.
fn places(pointer: &str, value: &Value, objects: &mut Vec<String>, leaves: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            objects.push(pointer.to_owned());
            for (key, inner) in members {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(&format!("{pointer}/{key}"), inner, objects, leaves);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                places(&format!("{pointer}/{index}"), inner, objects, leaves);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => leaves.push(pointer.to_owned()),
    }
}

/// Whether the service itself would read this payload.
fn is_read(aggregate: &str, name: &str, version: &str, payload: &Value) -> bool {
    bordereau_domain::Event::decode(aggregate, name, version, &payload.to_string()).is_ok()
}

#[tokio::test]
async fn every_event_has_a_schema_that_takes_it_and_nothing_else() {
    let app = TestApp::empty().await;
    for (aggregate, name, version) in catalogue::all() {
        let answer = schema(&app, name, version).await.expect(200);
        assert_eq!(answer.header("content-type"), "application/schema+json");
        let validator = compile(&answer.body);
        let event = golden(name, version);
        let errors: Vec<_> = validator.iter_errors(&event).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");

        let (mut objects, mut leaves) = (Vec::new(), Vec::new());
        places("", &event, &mut objects, &mut leaves);
        for object in &objects {
            let mut more = event.clone();
            more.pointer_mut(object).unwrap()["surprise"] = 1.into();
            assert!(!validator.is_valid(&more), "{name}: a field more at {object}");
            let keys: Vec<_> = event.pointer(object).unwrap().as_object().unwrap().keys().cloned().collect();
            for key in keys {
                let mut less = event.clone();
                less.pointer_mut(object).unwrap().as_object_mut().unwrap().shift_remove(&key);
                // Some may be absent: the schema says what the service itself reads.
                let read = is_read(aggregate, name, version, &less);
                assert_eq!(validator.is_valid(&less), read, "{name}: without {object}/{key}");
            }
        }
        for leaf in &leaves {
            for other in [Value::Null, json!([]), json!(-1), json!("~")] {
                let mut mistyped = event.clone();
                *mistyped.pointer_mut(leaf).unwrap() = other.clone();
                let read = is_read(aggregate, name, version, &mistyped) && !other.is_null();
                assert_eq!(validator.is_valid(&mistyped), read, "{name}: {other} at {leaf}");
            }
        }
    }
}

#[tokio::test]
async fn amounts_rates_and_numbers_have_the_very_form_that_is_written() {
    let app = TestApp::empty().await;
    let validator = compile(&schema(&app, "BasketLineAdded", "1").await.expect(200).body);
    let with = |pointer: &str, value: &str| {
        let mut event = golden("BasketLineAdded", "1");
        *event.pointer_mut(&format!("/BasketLineAdded/line{pointer}")).unwrap() = value.into();
        validator.is_valid(&event)
    };
    for (pointer, good, bad) in [
        ("/price/total_incl_tax", &["0.00", "-0.50", "100000.00"][..], &["1", "1.0", "01.00", "1,00", "1.000", ""][..]),
        ("/price/vat_rate", &["0", "5.5", "20", "100", "19.25", "0.05"], &["5.50", "101", "-1", "100.5", "05", "5."]),
        ("/ean", &["9782330150136"], &["978", "978-2330150136", "978233015013X"]),
        ("/kind", &["school_book"], &["Book", ""]),
        ("/line_reference/digest", &[&*"0f".repeat(32)], &[&*"0F".repeat(32), "0f"]),
    ] {
        for value in good {
            assert!(with(pointer, value), "{pointer}: {value}");
        }
        for value in bad {
            assert!(!with(pointer, value), "{pointer}: {value}");
        }
    }
}

#[tokio::test]
async fn there_is_no_schema_of_what_never_happened() {
    let app = TestApp::empty().await;
    for (name, version) in [("BasketLineAdded", "2"), ("basketlineadded", "1"), ("Basket", "1"), ("Line", "1")] {
        schema(&app, name, version).await.refused(404, "not-found");
    }
}

#[tokio::test]
async fn dataschema_leads_to_the_schema_that_takes_the_data() {
    let base = "https://commandes.example";
    let app = TestApp::demo_with(Settings { public_url: Some(format!("{base}/")), ..Settings::default() }).await;
    let mut compiled: BTreeMap<String, Validator> = BTreeMap::new();
    let feed = app.auditor().get("/api/v1/events?limit=1000").await.expect(200);
    for event in feed.at("/events").as_array().unwrap() {
        let address = event["dataschema"].as_str().unwrap();
        if !compiled.contains_key(address) {
            let answer = app.anonymous().get(address.strip_prefix(base).unwrap()).await.expect(200);
            assert_eq!(answer.at("/$id"), address);
            compiled.insert(address.to_owned(), compile(&answer.body));
        }
        assert!(compiled[address].is_valid(&event["data"]), "{event}");
    }
    assert!(compiled.len() > 10, "the demonstration has many kinds of events");
}

#[tokio::test]
async fn the_asyncapi_document_is_sound_and_names_every_event() {
    let app = TestApp::empty().await;
    let document = app.anonymous().get("/api/asyncapi.json").await.expect(200);
    let text = document.text.clone();
    let told = tokio::task::spawn_blocking(move || Sdk::installed().node("asyncapi.mjs", &text)).await.unwrap();
    let told = &told[0];
    // 0 and 1 are errors and warnings; advice such as "there is a newer version" is not about the document.
    let complaints: Vec<_> =
        told["complaints"].as_array().unwrap().iter().filter(|said| said["severity"].as_u64() < Some(2)).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    let expected: Vec<_> =
        catalogue::all().map(|(aggregate, name, version)| cloud_type(aggregate, name, version)).collect();
    assert_eq!((&told["version"], &told["messages"]), (&json!("3.0.0"), &json!(expected)));
    assert_eq!(told["channels"], json!(["/api/v1/events"]));
}

#[tokio::test]
async fn a_sound_document_is_not_what_the_parser_calls_everything() {
    let told = tokio::task::spawn_blocking(|| {
        Sdk::installed()
            .node("asyncapi.mjs", r#"{"asyncapi":"3.0.0","info":{"title":"x"},"channels":{"a":{"adress":1}}}"#)
    });
    let told = told.await.unwrap();
    assert!(told[0]["complaints"].as_array().unwrap().iter().any(|said| said["severity"] == 0), "{told:?}");
}

#[tokio::test]
async fn the_sdks_of_python_and_javascript_read_what_is_streamed() {
    let app = TestApp::demo().await;
    let head = app.head("DLIVRE").await;
    app.requester().filled_basket().await;
    let events = app.auditor().follow("").open().await.take(head + 4).await;
    let lines: Vec<_> = events.iter().map(|(_, event)| event.to_string()).collect();
    let told = tokio::task::spawn_blocking(move || {
        let (sdk, text) = (Sdk::installed(), lines.join("\n"));
        [sdk.python("events.py", &text), sdk.node("events.mjs", &text)]
    });
    let [python, javascript] = told.await.unwrap();
    for (sdk, told) in [("Python", python), ("JavaScript", javascript)] {
        assert_eq!(told.len(), events.len(), "{sdk}");
        for ((id, event), mut told) in events.iter().zip(told) {
            let at = DateTime::parse_from_rfc3339(event["time"].as_str().unwrap()).unwrap();
            let micros = told.as_object_mut().unwrap().shift_remove("micros").unwrap();
            // JavaScript's dates have milliseconds.
            assert_eq!(micros.as_i64().map(|micros| micros / 1_000), Some(at.timestamp_millis()), "{sdk}");
            for (field, value) in told.as_object().unwrap() {
                assert_eq!(value, &event[field], "{sdk}: {field} at {id}");
            }
            assert_eq!(told.as_object().unwrap().len(), 8);
        }
    }
}
