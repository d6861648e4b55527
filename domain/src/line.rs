//! A line of a basket; quotes and orders carry it on under the same id.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    article::{Article, ArticleKind},
    ean::Ean,
    ids::LineId,
    personal::{LineReference, Personal},
    pricing::{Conditions, LinePrice, price_article},
};

/// Most lines that a basket may have.
pub const MAX_LINES: usize = 2_000;
/// Fewest copies on a line.
pub const MIN_QUANTITY: u32 = 1;
/// Most copies on a line.
pub const MAX_QUANTITY: u32 = 9_999;

/// Whether a line may have so many copies.
pub const fn is_quantity(quantity: u32) -> bool {
    quantity >= MIN_QUANTITY && quantity <= MAX_QUANTITY
}

/// A line: an article, how many copies, at which price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its id, made by whoever asked for the line.
    pub line_id: LineId,
    /// The article.
    pub ean: Ean,
    /// The article's title when the line was added.
    pub title: String,
    /// Its author.
    pub author: String,
    /// Its publisher.
    pub publisher: String,
    /// What it is, which decides on the discount.
    pub kind: ArticleKind,
    /// Copies.
    pub quantity: u32,
    /// The amounts, as computed when the line was added, changed or repriced.
    pub price: LinePrice,
    /// The requester's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_reference: Option<Personal<LineReference>>,
}

impl Line {
    /// A line for `article` at today's price.
    pub fn new(
        line_id: LineId,
        article: &Article,
        quantity: u32,
        conditions: &Conditions,
        line_reference: Option<Personal<LineReference>>,
    ) -> Self {
        Self {
            line_id,
            ean: article.ean,
            title: article.title.clone(),
            author: article.author.clone(),
            publisher: article.publisher.clone(),
            kind: article.kind,
            quantity,
            price: price_article(article, quantity, conditions),
            line_reference,
        }
    }

    /// What may change on a line.
    pub fn terms(&self) -> LineTerms {
        LineTerms { quantity: self.quantity, price: self.price, line_reference: self.line_reference }
    }
}

/// What may change on a line: stands twice in a change, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineTerms {
    /// Copies.
    pub quantity: u32,
    /// The amounts.
    pub price: LinePrice,
    /// The requester's own reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_reference: Option<Personal<LineReference>>,
}

/// A line whose amounts were computed anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepricedLine {
    /// The line.
    pub line_id: LineId,
    /// Its article.
    pub ean: Ean,
    /// Its title.
    pub title: String,
    /// The amounts until now.
    pub before: LinePrice,
    /// The amounts from now on.
    pub after: LinePrice,
}
