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
    /// Over https, up to the proxy in front of us.
    Https,
    /// In clear, from this machine to itself.
    Loopback,
    /// In clear over a network: nobody signs in here.
    Clear,
}

impl Transport {
    /// How this very request has come: a proxy that is believed says so, on this machine or a trusted one. Without its word
    /// only this machine itself is safe, and where people use another address a proxy stands before us: what reaches the
    /// loopback then may come from anywhere.
    pub fn of(app: &App, headers: &HeaderMap, uri: &Uri, extensions: &Extensions) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let from_here = peer.is_none_or(|ip| ip.to_canonical().is_loopback());
        let believed = from_here || peer.is_some_and(|ip| app.settings.trusted_proxies.trusts(ip));
        match forwarded_proto(headers).filter(|_| believed) {
            Some(proto) if proto.eq_ignore_ascii_case("https") => Self::Https,
            None if from_here && is_used_here(app) && is_loopback(host(headers, uri).unwrap_or_default()) => {
                Self::Loopback
            }
            // A proxy of this machine that was reached in clear may have been reached from anywhere.
            Some(_) | None => Self::Clear,
        }
    }
}

/// Whether people use the service on this machine itself: no other address of it is known.
fn is_used_here(app: &App) -> bool {
    let public = app.settings.public_url.as_deref();
    public.is_none_or(|url| authority(url).is_some_and(is_loopback))
}

/// How the proxy in front of us was reached, as it says itself. Only the nearest one's word counts: the last.
fn forwarded_proto(headers: &HeaderMap) -> Option<&str> {
    let told = headers.get_all("x-forwarded-proto").iter().next_back()?;
    // What cannot be read is not https.
    told.to_str().unwrap_or_default().rsplit(',').next().map(str::trim)
}

/// The host and port that the browser has asked for.
pub fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let named = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    named.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

/// Host and port of a web address.
pub fn authority(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty() && !host.contains('@'))
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
        assert_eq!(forwarded_proto(&headers), None);
        headers.append("x-forwarded-proto", "https".parse().unwrap());
        assert_eq!(forwarded_proto(&headers), Some("https"));
        headers.append("x-forwarded-proto", "https, http".parse().unwrap());
        assert_eq!(forwarded_proto(&headers), Some("http"));
        headers.append("x-forwarded-proto", axum::http::HeaderValue::from_bytes(b"\xe9").unwrap());
        assert_eq!(forwarded_proto(&headers), Some(""));
    }
}
