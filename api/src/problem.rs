//! A refusal on its way to the caller: RFC 9457, told in the caller's language by the outermost layer.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

/// A refusal: a status, a stable slug, and what the caller needs to go on.
#[derive(Clone, Debug)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// The stable `type`.
    pub slug: &'static str,
    /// What the texts speak of.
    pub args: Vec<(&'static str, String)>,
    /// Further members of the body.
    pub members: Vec<(String, Value)>,
    /// Seconds after which it may be tried again.
    pub retry_after: Option<u32>,
    /// The present sequence, where the caller had another.
    pub etag: Option<u64>,
}

impl Problem {
    /// A refusal without further words.
    pub const fn new(status: StatusCode, slug: &'static str) -> Self {
        Self { status, slug, args: Vec::new(), members: Vec::new(), retry_after: None, etag: None }
    }

    /// 404: there is none, or the caller may not know of it.
    pub const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// 401: nobody is signed in.
    pub const fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated")
    }

    /// 403: this role never may.
    pub const fn role_may_not() -> Self {
        Self::new(StatusCode::FORBIDDEN, "role-may-not")
    }

    /// 422 about one field.
    pub fn invalid(slug: &'static str, field: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, slug).arg("field", field).member("field", field)
    }

    /// 429: again after so many seconds.
    pub fn too_many_requests(seconds: u32) -> Self {
        let busy = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").arg("seconds", seconds);
        Self { retry_after: Some(seconds), ..busy }
    }

    /// 503: nothing was done; try again.
    pub fn unavailable(slug: &'static str) -> Self {
        Self { retry_after: Some(1), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, slug) }
    }

    /// 500: a defect of ours. The cause is logged here, once, and never told.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// Says what a text speaks of.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "numbers and texts alike are named in passing")]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds a member to the body.
    #[must_use]
    pub fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.push((name.to_owned(), value.into()));
        self
    }

    /// The same about a line of a list, which counts from 0: `lines[3].ean`.
    #[must_use]
    pub fn in_list(mut self, at: usize) -> Self {
        let field = self.find_member("field").map_or_else(String::new, |field| format!(".{field}"));
        let field = format!("lines[{at}]{field}");
        self.args.retain(|(name, _)| *name != "field");
        self.members.retain(|(name, _)| name != "field");
        self.arg("field", &field).member("field", field).arg("line", at + 1).member("line", at + 1)
    }

    /// A member of the body.
    pub fn find_member(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_str())
    }

    /// The response, in `language`, under the trace of the request.
    pub fn render(&self, language: crate::texts::Language, trace_id: &str) -> Response {
        let (title, detail) = crate::texts::problem(language, self.slug, &self.args);
        let mut body = Map::from_iter([
            ("type".to_owned(), Value::from(self.slug)),
            ("title".to_owned(), Value::from(title)),
            ("status".to_owned(), Value::from(self.status.as_u16())),
            ("detail".to_owned(), Value::from(detail)),
            ("trace_id".to_owned(), Value::from(trace_id)),
        ]);
        body.extend(self.members.clone());
        let mut response = Response::new(Body::from(Value::Object(body).to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(value) = self.etag.and_then(|sequence| HeaderValue::try_from(format!("\"{sequence}\"")).ok()) {
            headers.insert(header::ETAG, value);
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Leaves the words to the outermost layer, which knows the request's language and trace.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}
