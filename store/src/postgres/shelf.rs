//! Articles in memory, so that pricing a line asks nothing of the database.
//!
//! What must stay true: what is taken from here is never older than what this node has written itself, nor, after what
//! another node has written, than [`Followers::edition`] promises.

use moka::sync::Cache;

use super::follow::Edition;
use crate::articles::StoredArticle;

/// Most articles that are kept.
const CAPACITY: u64 = 10_000;

/// Articles by ledger and EAN, each with the edition of the catalogue that it was read in or after.
pub(super) struct Shelf {
    articles: Cache<(String, String), (Edition, StoredArticle)>,
}

impl Shelf {
    pub(super) fn new() -> Self {
        Self { articles: Cache::new(CAPACITY) }
    }

    /// An article, if it was put here in this edition.
    pub(super) fn find(&self, ledger: &str, ean: &str, edition: Edition) -> Option<StoredArticle> {
        let (of, article) = self.articles.get(&(ledger.to_owned(), ean.to_owned()))?;
        (of == edition).then_some(article)
    }

    /// Keeps an article that was read after the edition was looked up.
    pub(super) fn put(&self, ledger: &str, edition: Edition, article: &StoredArticle) {
        self.articles.insert((ledger.to_owned(), article.ean.clone()), (edition, article.clone()));
    }
}
