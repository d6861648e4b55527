//! Who reads a page, before it is known who he is: language, way of coming here, and what the last form had to say.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, Method, Uri, header, request::Parts},
};

use super::{
    cookies::Cookie,
    notice::Notice,
    transport::{Transport, authority, host},
};
use crate::{app::App, texts::Language};

/// Who reads a page.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The language of the page: the chosen one (row W02), else the browser's, else French.
    pub language: Language,
    /// How the browser has come here.
    pub transport: Transport,
    /// Path and query of the page.
    pub here: String,
    /// What the page says first.
    pub notice: Option<Notice>,
}

impl Reader {
    /// The reader behind a request.
    pub fn of(app: &App, method: &Method, headers: &HeaderMap, uri: &Uri, extensions: &Extensions) -> Self {
        let transport = Transport::of(app, headers, uri, extensions);
        let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let chosen = Cookie::Language.read(headers, transport).and_then(Language::from_tag);
        Self {
            language: chosen.unwrap_or_else(|| Language::negotiate(accept)),
            transport,
            here: here(method, headers, uri),
            notice: Cookie::Notice.read(headers, transport).and_then(Notice::find),
        }
    }
}

/// The page that is read: of a form that was sent, the one it stood on, which may be asked for again.
fn here(method: &Method, headers: &HeaderMap, uri: &Uri) -> String {
    let asked = uri.path_and_query().map_or("/", |path| path.as_str());
    let page = if method.is_safe() { None } else { form_page(headers, uri) };
    page.unwrap_or(asked).to_owned()
}

/// Path and query of the page of ours on which a form stood; a page whose address is a secret tells none.
fn form_page<'a>(headers: &'a HeaderMap, uri: &Uri) -> Option<&'a str> {
    let from = headers.get(header::REFERER)?.to_str().ok()?;
    let place = authority(from)?;
    let page = from.split_once(place)?.1;
    let ours = host(headers, uri).is_some_and(|host| host.eq_ignore_ascii_case(place));
    (ours && page.starts_with('/') && page.len() > 1).then_some(page)
}

impl FromRequestParts<App> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, &parts.method, &parts.headers, &parts.uri, &parts.extensions))
    }
}
