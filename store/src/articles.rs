//! The shared article table: latest body by EAN. Every change takes a revision from the ledger's head, so that each node
//! can follow; prices are kept for ever.

use crate::options::Micros;

/// An article as Librisoft tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticlePut {
    /// Thirteen digits.
    pub ean: String,
    /// JSON, kept as given.
    pub body: String,
    /// Public price with tax, e.g. `25.00`.
    pub price_incl_tax: String,
    /// VAT rate in percent, e.g. `5.5`.
    pub vat_rate: String,
}

/// What a put did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleVerdict {
    /// New, or back after having been withdrawn.
    Created,
    /// Another body or price than before.
    Changed,
    /// As before: nothing written, no revision taken.
    Unchanged,
}

/// The latest state of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredArticle {
    /// Thirteen digits.
    pub ean: String,
    /// JSON, as given.
    pub body: String,
    /// Revision of its last change.
    pub revision: u64,
    /// No longer in the catalogue.
    pub withdrawn: bool,
}

/// A price that an article had from a revision on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticlePrice {
    /// Revision that brought it.
    pub revision: u64,
    /// Public price with tax.
    pub price_incl_tax: String,
    /// VAT rate in percent.
    pub vat_rate: String,
    /// When it came.
    pub at: Micros,
}
