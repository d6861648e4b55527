//! Somebody who sends requests. Each answer is compared with the OpenAPI document; a refusal must have moved nothing and
//! queued no letter.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header, response::Parts},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::{answer::Answer, app::TestApp, openapi::contract, stream::EventStream};

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Client {
    /// The service.
    pub app: TestApp,
    token: Option<String>,
    shop: String,
}

/// A request on its way to be sent.
#[must_use = "a call is made by `send`"]
pub struct Call {
    client: Client,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Body,
}

impl Client {
    /// A client of a shop with this token.
    pub fn new(app: TestApp, token: Option<String>, shop: &str) -> Self {
        Self { app, token, shop: shop.to_owned() }
    }

    /// Its token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Its shop.
    pub fn shop(&self) -> &str {
        &self.shop
    }

    /// A request to be completed.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let (client, path) = (self.clone(), path.to_owned());
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("en"));
        if let Some(token) = &self.token {
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        if method == Method::GET
            && let Some(position) = self.app.seen.told(&self.shop)
        {
            headers.insert("bordereau-position", position.into());
        }
        Call { client, method, path, headers, body: Body::empty() }
    }

    /// Reads; sees everything that was written through this harness.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path).send().await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path).json(body).send().await
    }

    /// Puts JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path).json(body).send().await
    }

    /// Patches with JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PATCH, path).json(body).send().await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path).send().await
    }

    /// Follows the events of the client's shop; the query may be empty.
    pub fn follow(&self, query: &str) -> Call {
        let path = format!("/api/v1/events?{query}");
        self.call(Method::GET, &path).header("accept", "text/event-stream")
    }

    /// Puts lines of JSON.
    pub async fn put_lines(&self, path: &str, lines: &[Value]) -> Answer {
        let lines: Vec<_> = lines.iter().map(Value::to_string).collect();
        self.call(Method::PUT, path).content("application/x-ndjson", lines.join("\n")).send().await
    }
}

impl Call {
    /// Sets a header, in place of what the client would send.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        self.headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value);
        self
    }

    /// Leaves a header out that the client would send.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// The sequence that the client has seen.
    pub fn if_match(self, sequence: u64) -> Self {
        self.header("if-match", &format!("\"{sequence}\""))
    }

    /// An idempotency key.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// A JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.content("application/json", body.to_string())
    }

    /// A body of any kind.
    pub fn content(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Sends it and leaves the body to be read as it comes; its head is checked against the document.
    pub async fn open(self) -> EventStream {
        let (method, path) = (self.method.clone(), self.path.clone());
        let (request, parts, body) = self.respond().await;
        let answer = Answer::new(request, &parts, b"").expect(200);
        assert_eq!(answer.header("content-type"), "text/event-stream", "{answer}");
        contract().check(&method, &path, &answer);
        EventStream::new(parts.headers, body)
    }

    /// Sends it and looks at the status alone: the body goes unread.
    pub async fn status(self) -> u16 {
        self.respond().await.1.status.as_u16()
    }

    /// Sends it with nothing before it: of many that are polled in an order, the first to be polled is the first to come.
    pub async fn send_at_once(self) -> Answer {
        let (method, path) = (self.method.clone(), self.path.clone());
        let (request, parts, body) = self.respond().await;
        let answer = Answer::new(request, &parts, &body.collect().await.unwrap().to_bytes());
        contract().check(&method, &path, &answer);
        answer
    }

    async fn respond(self) -> (String, Parts, Body) {
        let Self { client, method, path, headers, body } = self;
        let mut request = Request::builder().method(method.clone()).uri(&path).body(body).unwrap();
        *request.headers_mut() = headers;
        let response = client.app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (format!("{method} {path}"), parts, body)
    }

    /// Sends it, and checks the answer against the document.
    pub async fn send(self) -> Answer {
        let Self { client, method, path, headers, body } = self;
        let app = &client.app;
        let turn = app.seen.begin();
        let before = if method.is_safe() { None } else { Some(app.written().await) };
        let mut request = Request::builder().method(method.clone()).uri(&path).body(body).unwrap();
        *request.headers_mut() = headers;
        let response = app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let answer = Answer::new(format!("{method} {path}"), &parts, &bytes);
        if let Some(position) = answer.position_told() {
            app.seen.tell(&client.shop, position);
        }
        contract().check(&method, &path, &answer);
        let after = app.written().await;
        let undisturbed = app.seen.end(turn);
        if let Some(before) = before
            && undisturbed
            && answer.status >= 400
        {
            before.is_still(&after, &answer);
        }
        answer
    }
}
