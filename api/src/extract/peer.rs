//! The address a request comes from, by which what is open to everybody is bounded.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use crate::{app::App, problem::Problem};

/// The address a request comes from: the client's own where a trusted proxy tells it.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl FromRequestParts<App> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = info.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
        Ok(Self(app.settings.trusted_proxies.client(peer, &parts.headers)))
    }
}

impl Peer {
    /// Bounds how often one address may try to sign in.
    ///
    /// # Errors
    /// 429.
    pub fn check(&self, app: &App) -> Result<(), Problem> {
        app.limit_address(network(self.0))
    }

    /// Bounds what one address may do with links, and ask for.
    ///
    /// # Errors
    /// 429.
    pub fn check_links(&self, app: &App) -> Result<(), Problem> {
        app.limit_links(network(self.0))
    }
}

/// The bits of an IPv6 address by which networks are told apart: what stands behind them is one customer's to choose.
const NETWORK_BITS: u32 = 64;

/// What counts as one address: an IPv4 address, also where it is written as IPv6; of IPv6 the network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> NETWORK_BITS))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_ipv6_the_network_counts_and_of_ipv4_each_address() {
        for (address, counted) in [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
            ("198.51.100.7", "198.51.100.7"),
            ("::ffff:198.51.100.8", "198.51.100.8"),
        ] {
            assert_eq!(network(address.parse().unwrap()).to_string(), counted);
        }
    }
}
