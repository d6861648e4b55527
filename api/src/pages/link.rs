//! A page behind a link that was mailed. Looking at it does not use the link up (attack 59).

use axum::{
    http::{HeaderValue, header},
    response::Response,
};

use crate::{app::App, extract::Peer, problem::Problem};

/// Shows a page while its link is good, within what one address may try.
///
/// # Errors
/// 410 for a dead link; 429.
pub async fn behind<T>(
    app: &App,
    peer: Peer,
    link: impl Future<Output = Result<T, Problem>>,
    page: impl FnOnce() -> Response,
) -> Result<Response, Problem> {
    peer.check_links(app)?;
    link.await?;
    Ok(secret(page()))
}

/// A browser that follows a link from here tells our origin and no path: the path is a secret. (`no-referrer` would
/// tell less, but then browsers send `Origin: null` with the form, as a sealed frame of another site does.)
pub fn secret(mut response: Response) -> Response {
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    response
}
