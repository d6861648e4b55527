//! A browser without a window: it keeps cookies, says where its requests come from, and follows nothing by itself.

use std::{
    collections::BTreeMap,
    fmt::Write,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header, response::Parts},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::{answer::Answer, app::TestApp, client::Client, stream::EventStream};

/// Somebody who looks at pages. Clones share their cookies.
#[derive(Clone)]
pub struct Browser {
    /// The service.
    pub app: TestApp,
    /// The host that stands in the address bar.
    pub host: String,
    language: String,
    proto: Option<&'static str>,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
}

/// A request on its way to be sent.
#[must_use = "a visit is made by `send`"]
pub struct Visit {
    browser: Browser,
    method: Method,
    path: String,
    headers: HeaderMap,
    peer: Option<SocketAddr>,
    body: Body,
}

impl Browser {
    /// A fresh browser on the service's own machine, set to a language.
    pub fn new(app: &TestApp, language: &str) -> Self {
        let (host, language) = ("localhost:8080".to_owned(), language.to_owned());
        Self { app: app.clone(), host, language, proto: None, jar: Arc::default() }
    }

    /// The same behind a proxy on the service's machine, which it reaches over `https` or `http`.
    #[must_use]
    pub fn behind_a_proxy(self, proto: &'static str) -> Self {
        Self { proto: Some(proto), ..self }
    }

    /// The same with another host in the address bar.
    #[must_use]
    pub fn at(self, host: &str) -> Self {
        Self { host: host.to_owned(), ..self }
    }

    /// The host that it asks.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// A browser that has signed in with the demonstration's password.
    pub async fn signed_in(app: &TestApp, language: &str, email: &str) -> Self {
        let browser = Self::new(app, language);
        browser.sign_in(email, bordereau_api::demo::PASSWORD).await.leads_to("/");
        browser
    }

    /// A browser of somebody who is signed in already.
    pub fn of(client: &Client, language: &str) -> Self {
        let browser = Self::new(&client.app, language);
        if let Some(token) = client.token() {
            browser.keep("bordereau", token);
        }
        browser
    }

    /// Fills in the sign-in form.
    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/sign-in", &[("email", email), ("password", password), ("next", "/")]).await
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.visit(Method::GET, path).send().await
    }

    /// Sends a form of a page of ours.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.visit(Method::POST, path).form(fields).header("sec-fetch-site", "same-origin").send().await
    }

    /// Listens as an open page does; the query may be empty.
    pub async fn listen(&self, query: &str) -> EventStream {
        self.visit(Method::GET, &format!("/live?{query}")).open().await
    }

    /// A cookie that it keeps.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).cloned()
    }

    /// Keeps a cookie.
    pub fn keep(&self, name: &str, value: &str) {
        self.jar.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// A request to be completed; it says nothing of where it comes from.
    pub fn visit(&self, method: Method, path: &str) -> Visit {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, self.host.parse().unwrap());
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8"));
        headers.insert(header::ACCEPT_LANGUAGE, self.language.parse().unwrap());
        if let Some(proto) = self.proto {
            headers.insert("x-forwarded-proto", HeaderValue::from_static(proto));
        }
        let cookies: Vec<_> = self.jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            headers.insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        Visit { browser: self.clone(), method, path: path.to_owned(), headers, peer: None, body: Body::empty() }
    }

    fn store(&self, headers: &HeaderMap) {
        let mut jar = self.jar.lock().unwrap();
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                // What was written by a form, clients that ask afterwards see too.
                if name.ends_with("bordereau-position")
                    && let Some((shop, position)) = value.split_once(':')
                {
                    self.app.seen.tell(shop, position.parse().unwrap());
                }
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Visit {
    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        self
    }

    /// Comes from another machine.
    pub fn from(mut self, address: &str) -> Self {
        self.peer = Some((address.parse::<IpAddr>().unwrap(), 4711).into());
        self
    }

    /// A form, as a browser sends it.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        self.content("application/x-www-form-urlencoded", &fields.join("&"))
    }

    /// A body of any kind.
    pub fn content(mut self, content_type: &str, body: &str) -> Self {
        self.body = Body::from(body.to_owned());
        self.header("content-type", content_type)
    }

    /// Sends it and looks at the head of the answer alone: the body, which may have no end, goes unread.
    pub async fn unread(self) -> Answer {
        let request = format!("{} {}", self.method, self.path);
        let (parts, _) = self.respond().await;
        Answer::new(request, &parts, b"")
    }

    /// Sends it and leaves the body to be read as it comes.
    pub async fn open(self) -> EventStream {
        let (parts, body) = self.header("accept", "text/event-stream").respond().await;
        assert_eq!(parts.status, 200);
        assert_eq!(parts.headers["content-type"], "text/event-stream");
        EventStream::new(parts.headers, body)
    }

    async fn respond(self) -> (Parts, Body) {
        let Self { browser, method, path, headers, peer, body } = self;
        let mut request = Request::builder().method(method).uri(&path).body(body).unwrap();
        if let Some(peer) = peer {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        *request.headers_mut() = headers;
        let response = browser.app.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        browser.store(&parts.headers);
        (parts, body)
    }

    /// Sends it. What is refused must have moved no position and queued no letter.
    pub async fn send(self) -> Answer {
        let (app, request) = (self.browser.app.clone(), format!("{} {}", self.method, self.path));
        let before = app.written().await;
        let (parts, body) = self.respond().await;
        let bytes = body.collect().await.unwrap().to_bytes();
        let answer = Answer::new(request, &parts, &bytes);
        if answer.status >= 400 {
            before.is_still(&app.written().await, &answer);
        }
        answer
    }
}

impl Answer {
    /// Passes it on when it is a redirection to this path after a form.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often the redirection is all")]
    pub fn leads_to(self, path: &str) -> Self {
        assert_eq!((self.status, self.header("location")), (303, path), "{self}");
        self
    }
}

/// A value as it stands in an address or a form.
pub fn percent(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap();
        }
    }
    text
}
