//! The OpenAPI document as a judge: the route must stand in it, with the status, the content type and the body's shape.
//!
//! Schemas are closed before they are used: a field that the document does not name is an error too.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, Mutex},
};

use axum::http::Method;
use bordereau_api::router;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::answer::Answer;

/// A route of the document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// Upper case.
    pub method: String,
    /// With `{parameters}`.
    pub path: String,
}

/// Every route of the document, in order.
pub fn operations() -> Vec<Operation> {
    let paths = contract().document["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for method in item.as_object().expect("operations").keys() {
            all.push(Operation { method: method.to_uppercase(), path: path.clone() });
        }
    }
    all.sort();
    all
}

/// The document with what was compiled of it.
pub(crate) struct Contract {
    document: Value,
    components: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

/// The document of the router under test.
pub(crate) fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
        let document = serde_json::to_value(router::document()).expect("a document");
        let mut components = document["components"].clone();
        let parts = parts_of_compositions(&document);
        for (name, schema) in components["schemas"].as_object_mut().expect("schemas") {
            close(schema, parts.contains(name.as_str()));
        }
        Contract { document, components, compiled: Mutex::default() }
    });
    &CONTRACT
}

/// Names of schemas that stand in an `allOf`: they must stay open to what their siblings bring.
fn parts_of_compositions(value: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    if let Some(object) = value.as_object() {
        for part in object.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            let name = part["$ref"].as_str().and_then(|path| path.rsplit('/').next());
            names.extend(name.map(str::to_owned));
        }
    }
    let inner = value.as_object().into_iter().flat_map(|object| object.values());
    for inner in inner.chain(value.as_array().into_iter().flatten()) {
        names.extend(parts_of_compositions(inner));
    }
    names
}

/// Forbids fields that are not named, unless the schema says something about them.
fn close(schema: &mut Value, part: bool) {
    let Some(object) = schema.as_object_mut() else { return };
    for (key, inner) in object.iter_mut() {
        match (key.as_str(), inner) {
            ("properties", Value::Object(fields)) => fields.values_mut().for_each(|field| close(field, false)),
            ("items" | "additionalProperties", inner) => close(inner, false),
            ("oneOf" | "anyOf", Value::Array(choices)) => choices.iter_mut().for_each(|choice| close(choice, part)),
            ("allOf", Value::Array(parts)) => parts.iter_mut().for_each(|inner| close(inner, true)),
            _ => {}
        }
    }
    if part {
        return;
    }
    if object.contains_key("allOf") {
        object.insert("unevaluatedProperties".to_owned(), false.into());
    } else if object.contains_key("properties") && !object.contains_key("additionalProperties") {
        object.insert("additionalProperties".to_owned(), false.into());
    }
}

impl Contract {
    /// Panics when the answer is not what the document promises.
    pub fn check(&self, method: &Method, path: &str, answer: &Answer) {
        let path = path.split('?').next().unwrap_or_default();
        let Some(template) = self.find(path) else {
            assert_eq!(answer.status, 404, "{answer}: the path is not in the document");
            return self.check_body("#/components/schemas/ProblemJson", answer, &answer.body);
        };
        let operation = &self.document["paths"][template][method.as_str().to_lowercase()];
        if operation.is_null() {
            assert_eq!(answer.status, 405, "{answer}: the method is not in the document");
            return self.check_body("#/components/schemas/ProblemJson", answer, &answer.body);
        }
        let response = &operation["responses"][answer.status.to_string()];
        assert!(response.is_object(), "{answer}: the status is not in the document");
        let Some(content) = response["content"].as_object().filter(|content| !content.is_empty()) else {
            assert!(answer.text.is_empty(), "{answer}: the document promises no body");
            return;
        };
        let essence = answer.header("content-type").split(';').next().unwrap_or_default();
        let described = content.get(essence).unwrap_or_else(|| panic!("{answer}: {essence} is not in the document"));
        let schema = &described["schema"];
        if essence == "application/x-ndjson" {
            answer.lines().iter().for_each(|line| self.check_schema(schema, answer, line));
        } else if essence.ends_with("json") {
            self.check_schema(schema, answer, &answer.body);
        }
    }

    /// The template that a path fits: one with fewer parameters goes first.
    fn find(&self, path: &str) -> Option<&str> {
        let fits = |template: &str| {
            let (mut wanted, mut given) = (template.split('/'), path.split('/'));
            loop {
                match (wanted.next(), given.next()) {
                    (None, None) => return true,
                    (Some(wanted), Some(given)) if wanted == given => {}
                    (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
                    _ => return false,
                }
            }
        };
        let paths = self.document["paths"].as_object().expect("paths");
        let fitting = paths.keys().map(String::as_str).filter(|template| fits(template));
        fitting.min_by_key(|template| template.matches('{').count())
    }

    fn check_body(&self, reference: &str, answer: &Answer, body: &Value) {
        self.check_schema(&json!({ "$ref": reference }), answer, body);
    }

    fn check_schema(&self, schema: &Value, answer: &Answer, body: &Value) {
        let validator = self.validator(schema);
        let errors: Vec<_> = validator.iter_errors(body).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{answer}: not as the document says: {errors:#?}");
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let key = schema.to_string();
        if let Some(known) = self.compiled.lock().expect("not poisoned").get(&key) {
            return Arc::clone(known);
        }
        let mut schema = schema.clone();
        close(&mut schema, false);
        schema["components"] = self.components.clone();
        let options = jsonschema::options().should_validate_formats(true);
        let validator = Arc::new(options.build(&schema).expect("a schema"));
        self.compiled.lock().expect("not poisoned").insert(key, Arc::clone(&validator));
        validator
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{Response, response::Parts};

    use super::*;

    fn answered(status: u16, content_type: &str, body: &Value) {
        let response = Response::builder().status(status).header("content-type", content_type).body(()).unwrap();
        let (parts, ()): (Parts, ()) = response.into_parts();
        let answer = Answer::new("GET /api/v1/me".to_owned(), &parts, body.to_string().as_bytes());
        contract().check(&Method::GET, "/api/v1/me", &answer);
    }

    fn me() -> Value {
        let id = "00000000-0000-0000-0000-000000000001";
        json!({
            "shop": "DLIVRE", "account": id, "role": "auditor", "institutions": [id], "name": null, "email": null,
            "second_factor": false, "substitution": false, "delegations": [],
        })
    }

    #[test]
    fn an_answer_as_the_document_says_is_accepted() {
        answered(200, "application/json; charset=utf-8", &me());
    }

    #[test]
    #[should_panic(expected = "not as the document says")]
    fn a_field_that_the_document_does_not_name_is_seen() {
        let mut body = me();
        body["password_hash"] = "x".into();
        answered(200, "application/json", &body);
    }

    #[test]
    #[should_panic(expected = "not as the document says")]
    fn a_field_of_another_type_or_format_is_seen() {
        let mut body = me();
        body["account"] = "no id".into();
        answered(200, "application/json", &body);
    }

    #[test]
    #[should_panic(expected = "the status is not in the document")]
    fn a_status_that_the_document_does_not_name_is_seen() {
        answered(202, "application/json", &me());
    }

    #[test]
    #[should_panic(expected = "text/html is not in the document")]
    fn a_content_type_that_the_document_does_not_name_is_seen() {
        answered(200, "text/html", &me());
    }
}
