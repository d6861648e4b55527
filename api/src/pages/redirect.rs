//! After a form: 303 to a page, with what the browser keeps until then.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{cookies::Cookie, notice::Notice, transport::Transport};

/// Leads to a page of ours by GET.
#[derive(Debug)]
pub struct SeeOther {
    to: String,
    transport: Transport,
    cookies: Vec<HeaderValue>,
}

impl SeeOther {
    /// Leads to a path of ours.
    pub fn to(path: &str, transport: Transport) -> Self {
        Self { to: path.to_owned(), transport, cookies: Vec::new() }
    }

    /// Lets the page say what was done.
    #[must_use]
    pub fn saying(self, notice: Notice) -> Self {
        self.keeping(Cookie::Notice, notice.code())
    }

    /// Lets the page wait for what was written.
    #[must_use]
    pub fn written(self, shop: &str, position: u64) -> Self {
        self.keeping(Cookie::Position, &format!("{shop}:{position}"))
    }

    /// Sets a cookie.
    #[must_use]
    pub fn keeping(mut self, cookie: Cookie, value: &str) -> Self {
        self.cookies.push(cookie.set(self.transport, value));
        self
    }

    /// Clears a cookie.
    #[must_use]
    pub fn forgetting(mut self, cookie: Cookie) -> Self {
        self.cookies.push(cookie.clear(self.transport));
        self
    }
}

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        headers.insert(header::LOCATION, HeaderValue::try_from(self.to).unwrap_or(HeaderValue::from_static("/")));
        for cookie in self.cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }
}
