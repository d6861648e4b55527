//! The address a request comes from, by which what is open to everybody is bounded.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

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
    /// Bounds what one address may try.
    ///
    /// # Errors
    /// 429.
    pub fn check(&self, app: &App) -> Result<(), Problem> {
        app.limit_address(self.0)
    }
}
