//! How a browser has come here: over https, or in clear on this very machine, or in clear over a network.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, Uri, header},
};

use crate::app::App;

/// How a browser has come here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Over https, as far as the browser knows.
    Https,
    /// In clear, from this machine to itself.
    Loopback,
    /// In clear over a network: nobody signs in here.
    Clear,
}

impl Transport {
    /// How this request has come: the public address says so, or a proxy in front of us.
    pub fn of(app: &App, headers: &HeaderMap, uri: &Uri, extensions: &Extensions) -> Self {
        let public = app.settings.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let from_here = peer.is_none_or(|ip| ip.to_canonical().is_loopback());
        let proxy = from_here || peer.is_some_and(|ip| app.settings.trusted_proxies.trusts(ip));
        if public || (proxy && forwarded_https(headers)) {
            return Self::Https;
        }
        let host = host(headers, uri).unwrap_or_default();
        if from_here && is_loopback(host) { Self::Loopback } else { Self::Clear }
    }
}

/// Whether the proxy in front of us was reached over https. Only the nearest one's word counts: the last.
fn forwarded_https(headers: &HeaderMap) -> bool {
    let told = headers.get_all("x-forwarded-proto").iter().next_back().and_then(|value| value.to_str().ok());
    told.and_then(|told| told.rsplit(',').next()).is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
}

/// The host and port that the browser has asked for.
pub fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let named = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    named.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_a_name_or_an_address_of_this_machine() {
        for host in
            ["localhost", "localhost:8080", "LOCALHOST.", "127.0.0.1:1", "127.8.9.1", "[::1]:80", "a.localhost:1"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "example.org", "localhost.example", "10.0.0.1", "[::2]:80", "127.0.0.1.example", "1270.0.0.1"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn only_the_nearest_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        assert!(!forwarded_https(&headers));
        headers.append("x-forwarded-proto", "https".parse().unwrap());
        assert!(forwarded_https(&headers));
        headers.append("x-forwarded-proto", "https, http".parse().unwrap());
        assert!(!forwarded_https(&headers));
    }
}
