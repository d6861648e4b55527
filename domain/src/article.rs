//! Articles as the bookshop's management system sends them: catalogue facts, never events.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ean::Ean,
    money::{Money, Rate},
};

/// What an article is, as far as discounts care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArticleKind {
    /// A book under the fixed price.
    Book,
    /// A school book (Code de l'éducation D314-128): the institution's school rate applies, and no other.
    SchoolBook,
    /// Press, 2.1 % VAT in France.
    Press,
    /// Anything else.
    Other,
}

impl ArticleKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Book, Self::SchoolBook, Self::Press, Self::Other];

    /// The kind's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::SchoolBook => "school_book",
            Self::Press => "press",
            Self::Other => "other",
        }
    }
}

/// Availability by the codes of the *Fichier exhaustif du livre* (Dilicom): `"1"` to `"9"` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Availability {
    /// Disponible.
    #[serde(rename = "1")]
    Available,
    /// Pas encore paru.
    #[serde(rename = "2")]
    NotYetPublished,
    /// Réimpression en cours.
    #[serde(rename = "3")]
    Reprinting,
    /// Provisoirement non disponible.
    #[serde(rename = "4")]
    TemporarilyUnavailable,
    /// Ne sera plus distribué par nous.
    #[serde(rename = "5")]
    NoLongerDistributed,
    /// Arrêt définitif de commercialisation.
    #[serde(rename = "6")]
    Discontinued,
    /// Manque sans date.
    #[serde(rename = "7")]
    MissingWithoutDate,
    /// À reparaître.
    #[serde(rename = "8")]
    ToReappear,
    /// Abandon de parution.
    #[serde(rename = "9")]
    PublicationAbandoned,
}

impl Availability {
    /// The code of the trade.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Available => "1",
            Self::NotYetPublished => "2",
            Self::Reprinting => "3",
            Self::TemporarilyUnavailable => "4",
            Self::NoLongerDistributed => "5",
            Self::Discontinued => "6",
            Self::MissingWithoutDate => "7",
            Self::ToReappear => "8",
            Self::PublicationAbandoned => "9",
        }
    }

    /// Whether it can be ordered now. Others may be put into a basket all the same, with a warning.
    pub const fn is_orderable(self) -> bool {
        matches!(self, Self::Available)
    }
}

/// An article of a bookshop's catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// Its number.
    pub ean: Ean,
    /// Title.
    pub title: String,
    /// Author or authors, as one text.
    pub author: String,
    /// Publisher.
    pub publisher: String,
    /// Public price, tax included.
    pub price_incl_tax: Money,
    /// VAT rate in percent.
    pub vat_rate: Rate,
    /// What it is.
    pub kind: ArticleKind,
    /// Whether it can be had.
    pub availability: Availability,
    /// ISO 639 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Date of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_on: Option<NaiveDate>,
}

/// Longest title, author or publisher, in characters.
pub const MAX_TEXT_CHARS: usize = 500;

/// Why an article is not taken into the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArticleError {
    /// No title.
    #[error("the title is missing")]
    NoTitle,
    /// A text is longer than [`MAX_TEXT_CHARS`] or holds control characters.
    #[error("a text is too long or holds control characters")]
    BadText,
    /// A price below zero or above [`Money::MAX_UNIT_PRICE`].
    #[error("the price is out of range")]
    PriceOutOfRange,
}

impl Article {
    /// Checks what the types do not: texts and the range of the price.
    ///
    /// # Errors
    /// [`ArticleError`], the first that applies.
    pub fn check(&self) -> Result<(), ArticleError> {
        if self.title.trim().is_empty() {
            return Err(ArticleError::NoTitle);
        }
        let bad = |text: &str| text.chars().count() > MAX_TEXT_CHARS || text.chars().any(char::is_control);
        if [&self.title, &self.author, &self.publisher].into_iter().any(|t| bad(t))
            || self.language.as_deref().is_some_and(|l| l.len() > 8 || bad(l))
        {
            return Err(ArticleError::BadText);
        }
        if self.price_incl_tax < Money::ZERO || self.price_incl_tax > Money::MAX_UNIT_PRICE {
            return Err(ArticleError::PriceOutOfRange);
        }
        Ok(())
    }
}
