//! Where a request comes from, for whoever is not signed in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{StatusCode, request::Parts},
};

use crate::{app::App, problem::Problem};

/// The address a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(IpAddr);

impl FromRequestParts<App> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(info.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip())))
    }
}

impl Peer {
    /// Bounds what one address may try.
    ///
    /// # Errors
    /// 429.
    pub fn check(&self, app: &App) -> Result<(), Problem> {
        let busy = || Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests").arg("seconds", 1);
        app.sign_in_limits.check_key(&self.0).map_err(|_| Problem { retry_after: Some(1), ..busy() })
    }
}
