//! The shared article table on every back end.

use super::Store;
use crate::articles::{ArticlePrice, ArticlePut, ArticleVerdict, StoredArticle};
use crate::error::StoreError;
use crate::options::Micros;

impl Store {
    /// Takes in articles, all in one transaction; a verdict for each, in order.
    pub async fn put_articles(
        &self,
        ledger: &str,
        articles: Vec<ArticlePut>,
        at: Micros,
    ) -> Result<Vec<ArticleVerdict>, StoreError> {
        match self {
            Self::Sqlite(store) => store.put_articles(ledger, articles, at).await,
            Self::Postgres(store) => store.put_articles(ledger, articles, at).await,
        }
    }

    /// Takes articles out of the catalogue; each takes a revision. Returns how many were in it.
    pub async fn withdraw_articles(&self, ledger: &str, eans: Vec<String>, at: Micros) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.withdraw_articles(ledger, eans, at).await,
            Self::Postgres(store) => store.withdraw_articles(ledger, eans, at).await,
        }
    }

    /// The articles of these EANs, withdrawn ones too, by EAN; unknown ones are absent.
    pub async fn find_articles(&self, ledger: &str, eans: &[&str]) -> Result<Vec<StoredArticle>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_articles(ledger, eans).await,
            Self::Postgres(store) => store.find_articles(ledger, eans).await,
        }
    }

    /// At most `limit` articles changed after a revision, by revision. An article shows once, as it is now.
    pub async fn articles_after(
        &self,
        ledger: &str,
        revision: u64,
        limit: usize,
    ) -> Result<Vec<StoredArticle>, StoreError> {
        match self {
            Self::Sqlite(store) => store.articles_after(ledger, revision, limit).await,
            Self::Postgres(store) => store.articles_after(ledger, revision, limit).await,
        }
    }

    /// At most `limit` EANs of the catalogue after an EAN (`""` for the first), in order; withdrawn ones are left out.
    pub async fn list_article_eans(
        &self,
        ledger: &str,
        after_ean: &str,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_article_eans(ledger, after_ean, limit).await,
            Self::Postgres(store) => store.list_article_eans(ledger, after_ean, limit).await,
        }
    }

    /// Every price that an article has had, by revision.
    pub async fn list_article_prices(&self, ledger: &str, ean: &str) -> Result<Vec<ArticlePrice>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_article_prices(ledger, ean).await,
            Self::Postgres(store) => store.list_article_prices(ledger, ean).await,
        }
    }
}
