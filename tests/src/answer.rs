//! An answer, as tests look at it.

use std::fmt;

use axum::http::{HeaderMap, response::Parts};
use serde_json::Value;
use uuid::Uuid;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    request: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as text.
    pub text: String,
    /// The body where it is JSON, else null.
    pub body: Value,
}

impl Answer {
    pub(crate) fn new(request: String, parts: &Parts, bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Self {
            request,
            status: parts.status.as_u16(),
            headers: parts.headers.clone(),
            bytes: bytes.to_vec(),
            text,
            body,
        }
    }

    /// Passes it on when it has this status.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often the status is all")]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Passes it on when it is 200 or 201.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often the success is all")]
    pub fn done(self) -> Self {
        assert!(matches!(self.status, 200 | 201), "{self}");
        self
    }

    /// Passes it on when it is a refusal with this status and slug.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often the refusal is all")]
    pub fn refused(self, status: u16, slug: &str) -> Self {
        assert_eq!((self.status, self.body["type"].as_str()), (status, Some(slug)), "{self}");
        self
    }

    /// A header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The sequence of the `ETag`.
    #[track_caller]
    pub fn etag(&self) -> u64 {
        let etag = self.header("etag");
        etag.trim_matches('"').parse().unwrap_or_else(|_| panic!("{self}: no ETag"))
    }

    /// `Bordereau-Position`.
    #[track_caller]
    pub fn position(&self) -> u64 {
        self.position_told().unwrap_or_else(|| panic!("{self}: no position"))
    }

    pub(crate) fn position_told(&self) -> Option<u64> {
        self.header("bordereau-position").parse().ok()
    }

    /// The value at a JSON pointer.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or_else(|| panic!("{self}: nothing at {pointer}"))
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub fn text_at(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_else(|| panic!("{self}: no text at {pointer}")).to_owned()
    }

    /// The number at a JSON pointer.
    #[track_caller]
    pub fn number_at(&self, pointer: &str) -> u64 {
        self.at(pointer).as_u64().unwrap_or_else(|| panic!("{self}: no number at {pointer}"))
    }

    /// The id at a JSON pointer.
    #[track_caller]
    pub fn id_at(&self, pointer: &str) -> Uuid {
        self.text_at(pointer).parse().unwrap_or_else(|_| panic!("{self}: no id at {pointer}"))
    }

    /// The items of a list.
    #[track_caller]
    pub fn items(&self) -> &[Value] {
        self.at("/items").as_array().unwrap_or_else(|| panic!("{self}: no items"))
    }

    /// One field of every item of a list, as text.
    #[track_caller]
    pub fn column(&self, field: &str) -> Vec<String> {
        self.items().iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The lines of an NDJSON answer.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{self}: not JSON: {line}"));
        self.text.lines().map(read).collect()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text: String = self.text.chars().take(2_000).collect();
        write!(f, "{} -> {} {text}", self.request, self.status)
    }
}
