//! A refusal as a page: what happened and what to do, in the reader's language, and nothing of our insides.

use askama::Template;
use axum::extract::Request;
use axum::{
    http::{HeaderValue, header},
    response::Response,
};

use super::{frame::Frame, reader::Reader};
use crate::{app::App, problem::Problem, texts};

/// Stands on a page that has told a refusal already: it is kept for the audit trail and not told again.
#[derive(Clone, Debug)]
pub struct Shown(pub Problem);

#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage<'a> {
    frame: Frame,
    title: String,
    detail: String,
    status: u16,
    trace_id: &'a str,
}

/// The reader of a request that a browser has sent for a page; programs and the API are told in JSON.
pub fn wants_html(app: &App, request: &Request) -> Option<Reader> {
    let path = request.uri().path();
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let page = !path.starts_with("/api/") && !matches!(path, "/healthz" | "/readyz" | "/metrics");
    (page && accept.contains("text/html"))
        .then(|| Reader::of(app, request.method(), request.headers(), request.uri(), request.extensions()))
}

/// The page of a refusal, under the trace of the request.
pub fn refused(reader: &Reader, problem: &Problem, trace_id: &str) -> Response {
    let (title, detail) = texts::problem(reader.language, problem.slug, &problem.args);
    // The message of the last form waits for a page that is whole.
    let frame = Frame::open(&Reader { notice: None, ..reader.clone() });
    let page = RefusedPage { frame: frame.clone(), title, detail, status: problem.status.as_u16(), trace_id };
    let mut response = frame.answer(problem.status, &page);
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;
    use crate::{pages::transport::Transport, texts::Language};

    #[tokio::test] // attack 104
    async fn a_defect_of_ours_is_told_without_its_cause() {
        for language in Language::ALL {
            let reader = Reader { language, transport: Transport::Https, here: "/x".to_owned(), notice: None };
            let problem = Problem::internal(&"no such table: SELECT secret FROM vault at store.rs:12");
            let response = refused(&reader, &problem, "a-trace");
            assert_eq!(response.status(), 500);
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            assert!(text.contains("a-trace") && !text.contains("secret") && !text.contains(".rs"), "{text}");
        }
    }
}
