//! Nothing unsafe for another site: a form of ours is sent from a page of ours.
//!
//! Browsers say themselves where a request comes from (`Sec-Fetch-Site`), and no page can make them lie. Those that do
//! not know that header still send `Origin` or `Referer` with a form. What says nothing at all is no form of ours.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::transport::{authority, host};
use crate::{app::App, problem::Problem};

/// Refuses what another site has sent (attack 97).
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let ours = app.settings.public_url.as_deref();
    if request.method().is_safe() || is_from_us(ours, request.headers(), request.uri()) {
        return next.run(request).await;
    }
    Problem::new(StatusCode::FORBIDDEN, "cross-site").into_response()
}

fn is_from_us(public_url: Option<&str>, headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let origin = text(header::ORIGIN.as_str());
    if origin == Some("null") {
        return false;
    }
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(told) = origin.or_else(|| text(header::REFERER.as_str())) else { return false };
    let Some(theirs) = authority(told) else { return false };
    let ours = [public_url.and_then(authority), host(headers, uri)];
    ours.into_iter().flatten().any(|ours| ours.eq_ignore_ascii_case(theirs))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    fn judge(told: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "shop.example:8080".parse().unwrap());
        for (name, value) in told {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        is_from_us(Some("https://books.example/"), &headers, &Uri::from_static("/sign-in"))
    }

    #[test] // attack 97
    fn a_form_comes_from_a_page_of_ours_or_not_at_all() {
        for good in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://shop.example:8080")],
            &[("origin", "https://books.example")],
            &[("origin", "https://BOOKS.example"), ("referer", "https://evil.example/")],
            &[("referer", "https://books.example/sign-in?next=/")],
            // A proxy may rewrite the host: what the browser itself says counts.
            &[("sec-fetch-site", "same-origin"), ("origin", "https://inner.example")],
        ] {
            assert!(judge(good), "{good:?}");
        }
        for bad in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "SAME-ORIGIN ")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://books.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("origin", "null")],
            &[("origin", "null"), ("referer", "https://books.example/")],
            &[("origin", "https://evil.example")],
            &[("origin", "https://evil.example"), ("referer", "https://books.example/")],
            &[("origin", "https://books.example.evil.example")],
            &[("origin", "https://books.example:444")],
            &[("origin", "books.example")],
            &[("referer", "https://evil.example/https://books.example/")],
            &[("referer", "https://books.example@evil.example/")],
            &[("referer", "")],
        ] {
            assert!(!judge(bad), "{bad:?}");
        }
    }
}
