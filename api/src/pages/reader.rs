//! Who reads a page, before it is known who he is: language, way of coming here, and what the last form had to say.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, Uri, header, request::Parts},
};

use super::{cookies::Cookie, notice::Notice, transport::Transport};
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
    pub fn of(app: &App, headers: &HeaderMap, uri: &Uri, extensions: &Extensions) -> Self {
        let transport = Transport::of(app, headers, uri, extensions);
        let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let chosen = Cookie::Language.read(headers, transport).and_then(Language::from_tag);
        Self {
            language: chosen.unwrap_or_else(|| Language::negotiate(accept)),
            transport,
            here: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            notice: Cookie::Notice.read(headers, transport).and_then(Notice::find),
        }
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::of(app, &parts.headers, &parts.uri, &parts.extensions))
    }
}
