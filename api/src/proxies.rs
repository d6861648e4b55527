//! Whom to believe about a client's address: the peer itself, unless it is a proxy that the settings name.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// Networks whose proxies are believed. As text: addresses and CIDR blocks with commas between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TrustedProxies(Vec<IpNet>);

/// A text that names no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is neither an address nor a CIDR block")]
pub struct BadNetwork(String);

impl TryFrom<String> for TrustedProxies {
    type Error = BadNetwork;

    fn try_from(text: String) -> Result<Self, BadNetwork> {
        let network = |part: &str| {
            let alone = || part.parse::<IpAddr>().map(IpNet::from);
            part.parse::<IpNet>().or_else(|_| alone()).map_err(|_| BadNetwork(part.to_owned()))
        };
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl From<TrustedProxies> for String {
    fn from(proxies: TrustedProxies) -> Self {
        let parts: Vec<_> = proxies.0.iter().map(ToString::to_string).collect();
        parts.join(", ")
    }
}

impl TrustedProxies {
    /// Whether this address is a proxy's.
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address: of a trusted peer's `X-Forwarded-For` the rightmost that is not trusted itself. What stands
    /// left of it was written by whoever sent the request. A part that is no address ends the search.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        if !self.trusts(client) {
            return client;
        }
        let lines: Vec<_> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
        for part in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Some(address) = read(part.trim()) else { return client };
            client = address.to_canonical();
            if !self.trusts(client) {
                return client;
            }
        }
        client
    }
}

/// An address, with or without a port.
fn read(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &str, peer: &str, lines: &[&str]) -> String {
        let proxies = TrustedProxies::try_from(trusted.to_owned()).unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_only_the_peer_counts() {
        assert_eq!(client("", "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("10.0.0.0/8", "192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("10.0.0.0/8", "10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_a_client_writes_before_the_proxy_is_not_believed() {
        let trusted = "10.0.0.0/8, ::1";
        assert_eq!(client(trusted, "10.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(client(trusted, "10.0.0.1", &["203.0.113.9, 198.51.100.7, 10.9.9.9"]), "198.51.100.7");
        // Several headers are one list.
        assert_eq!(client(trusted, "::1", &["203.0.113.9", "198.51.100.7,10.9.9.9"]), "198.51.100.7");
        // Trusted addresses that the client made up, left of his own.
        assert_eq!(client(trusted, "10.0.0.1", &["10.6.6.6, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(client(trusted, "10.0.0.1", &["10.6.6.6, 10.7.7.7"]), "10.6.6.6");
        // Nonsense ends the search at the last proxy that is known.
        assert_eq!(client(trusted, "10.0.0.1", &["203.0.113.9, unknown, 10.9.9.9"]), "10.9.9.9");
        assert_eq!(client(trusted, "10.0.0.1", &["203.0.113.9, "]), "10.0.0.1");
    }

    #[test]
    fn addresses_are_read_with_ports_and_in_both_families() {
        assert_eq!(client("10.0.0.1", "10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", "10.0.0.1", &["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(client("10.0.0.1", "10.0.0.1", &["[2001:db8::7]"]), "2001:db8::7");
        assert_eq!(client("10.0.0.0/8", "::ffff:10.0.0.1", &["::ffff:198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn a_setting_that_names_no_network_is_refused() {
        for bad in ["proxy", "10.0.0.0/33", "10.0.0.1;10.0.0.2"] {
            TrustedProxies::try_from(bad.to_owned()).unwrap_err();
        }
        let proxies = TrustedProxies::try_from(" 10.0.0.0/8,192.0.2.1 ".to_owned()).unwrap();
        assert_eq!(String::from(proxies), "10.0.0.0/8, 192.0.2.1/32");
    }
}
