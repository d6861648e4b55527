//! What every answer tells a browser: what the page may load, that it stands in no frame, that https is kept.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::transport::Transport;
use crate::app::App;

/// Pages load our own files and nothing else; no script and no style stands in them.
const PAGES: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// What is no page loads nothing.
const DATA: &str = "default-src 'none'; frame-ancestors 'none'";
/// The page that shows the API's document draws itself by script, with styles inside and images as data.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Powers of a browser that no page of ours asks for.
const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), display-capture=()";

/// A year of https, once it was seen.
const STRICT: &str = "max-age=31536000";

/// Sets the headers of every answer. What a handler has set itself stays.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let transport = Transport::of(&app, request.headers(), request.uri(), request.extensions());
    let path = request.uri().path();
    let policy = if path.starts_with("/api/docs") {
        DOCS
    } else if path.starts_with("/api/") {
        DATA
    } else {
        PAGES
    };
    let mut response = next.run(request).await;
    let mut usual = |name: HeaderName, value: &'static str| {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    };
    usual(header::CONTENT_SECURITY_POLICY, policy);
    usual(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    usual(header::X_FRAME_OPTIONS, "DENY");
    usual(header::REFERRER_POLICY, "same-origin");
    usual(header::CACHE_CONTROL, "no-store");
    usual(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    usual(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    usual(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if transport == Transport::Https {
        usual(header::STRICT_TRANSPORT_SECURITY, STRICT);
    }
    response
}
