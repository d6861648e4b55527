//! The language that a person reads in: known from his browser, kept beside his credential for the letters to him, gone
//! with it. It is no event: it is nobody's business but the mail's.

use axum::http::{HeaderMap, header};
use bordereau_domain::{AccountId, ShopCode};

use crate::{app::App, texts::Language};

/// The language that a program asks for in so many words; nothing is concluded from silence.
pub fn asked_language(headers: &HeaderMap) -> Option<Language> {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| Language::asked_for(value.to_str().ok()?))
}

/// Keeps it. What was asked for does not fail with it: a letter in another language is still a letter.
pub async fn remember_language(app: &App, shop: &ShopCode, account: AccountId, language: Language) {
    if let Err(error) = app.store.note_language(shop.as_str(), account.0, language.tag()).await {
        tracing::warn!(%error, "the language of a reader was not kept");
    }
}
