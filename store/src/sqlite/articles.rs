//! The shared article table. The revision is taken from the ledger's head row inside the writer's transaction, so
//! revisions are in commit order and whoever asks for "after" misses nothing.

use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::Sqlite;
use super::failure::{Halt, integer, limit};
use crate::articles::{ArticlePrice, ArticlePut, ArticleVerdict, StoredArticle};
use crate::error::StoreError;
use crate::options::Micros;

const REVISION: &str = "SELECT article_revision FROM ledger_heads WHERE ledger = ?1";
const MOVE: &str = "UPDATE ledger_heads SET article_revision = ?2 WHERE ledger = ?1 AND article_revision <> ?2";
const PRESENT: &str = "SELECT body = ?3 AND price_incl_tax = ?4 AND vat_rate = ?5,
    price_incl_tax <> ?4 OR vat_rate <> ?5, withdrawn_at IS NOT NULL FROM articles WHERE ledger = ?1 AND ean = ?2";
const PUT: &str = "INSERT INTO articles (ledger, ean, body, price_incl_tax, vat_rate, revision)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (ledger, ean) DO UPDATE SET body = excluded.body, price_incl_tax = excluded.price_incl_tax,
        vat_rate = excluded.vat_rate, revision = excluded.revision, withdrawn_at = NULL";
const PUT_PRICE: &str = "INSERT INTO article_prices (ledger, ean, revision, price_incl_tax, vat_rate, at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const WITHDRAW: &str = "UPDATE articles SET withdrawn_at = ?3, revision = ?4
    WHERE ledger = ?1 AND ean = ?2 AND withdrawn_at IS NULL";
const FIND: &str = "SELECT ean, body, revision, withdrawn_at IS NOT NULL FROM articles WHERE ledger = ?1 AND ean = ?2";
const AFTER: &str = "SELECT ean, body, revision, withdrawn_at IS NOT NULL FROM articles
    WHERE ledger = ?1 AND revision > ?2 ORDER BY revision LIMIT ?3";
const EANS: &str = "SELECT ean FROM articles WHERE ledger = ?1 AND ean > ?2 AND withdrawn_at IS NULL
    ORDER BY ean LIMIT ?3";
const PRICES: &str = "SELECT revision, price_incl_tax, vat_rate, at FROM article_prices
    WHERE ledger = ?1 AND ean = ?2 ORDER BY revision";

impl Sqlite {
    pub(crate) async fn put_articles(
        &self,
        ledger: &str,
        articles: Vec<ArticlePut>,
        at: Micros,
    ) -> Result<Vec<ArticleVerdict>, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call_and_announce(move |connection| {
                let mut revision = take_revision(connection, &ledger)?;
                let verdicts = articles
                    .iter()
                    .map(|article| put(connection, &ledger, article, &mut revision, at))
                    .collect::<rusqlite::Result<_>>()?;
                connection.prepare_cached(MOVE)?.execute(params![ledger, revision])?;
                Ok(verdicts)
            })
            .await
    }

    pub(crate) async fn withdraw_articles(
        &self,
        ledger: &str,
        eans: Vec<String>,
        at: Micros,
    ) -> Result<u64, StoreError> {
        let ledger = ledger.to_owned();
        self.queue
            .call_and_announce(move |connection| {
                let before = take_revision(connection, &ledger)?;
                let mut revision = before;
                for ean in &eans {
                    let row = params![ledger, ean, at, revision + 1];
                    if connection.prepare_cached(WITHDRAW)?.execute(row)? > 0 {
                        revision += 1;
                    }
                }
                connection.prepare_cached(MOVE)?.execute(params![ledger, revision])?;
                Ok((revision - before).cast_unsigned())
            })
            .await
    }

    pub(crate) async fn find_articles(&self, ledger: &str, eans: &[&str]) -> Result<Vec<StoredArticle>, StoreError> {
        let ledger = ledger.to_owned();
        let mut eans: Vec<_> = eans.iter().map(|ean| (*ean).to_owned()).collect();
        eans.sort_unstable();
        eans.dedup();
        self.readers
            .query(move |connection| {
                let mut found = Vec::with_capacity(eans.len());
                let mut statement = connection.prepare_cached(FIND)?;
                for ean in eans {
                    found.extend(statement.query_row(params![ledger, ean], article).optional()?);
                }
                Ok(found)
            })
            .await
    }

    pub(crate) async fn articles_after(
        &self,
        ledger: &str,
        revision: u64,
        count: usize,
    ) -> Result<Vec<StoredArticle>, StoreError> {
        let ledger = ledger.to_owned();
        self.readers
            .query(move |connection| list(connection, AFTER, params![ledger, integer(revision), limit(count)], article))
            .await
    }

    pub(crate) async fn list_article_eans(
        &self,
        ledger: &str,
        after_ean: &str,
        count: usize,
    ) -> Result<Vec<String>, StoreError> {
        let (ledger, after_ean) = (ledger.to_owned(), after_ean.to_owned());
        self.readers
            .query(move |connection| list(connection, EANS, params![ledger, after_ean, limit(count)], |row| row.get(0)))
            .await
    }

    pub(crate) async fn list_article_prices(&self, ledger: &str, ean: &str) -> Result<Vec<ArticlePrice>, StoreError> {
        let (ledger, ean) = (ledger.to_owned(), ean.to_owned());
        self.readers.query(move |connection| list(connection, PRICES, params![ledger, ean], price)).await
    }
}

/// The revision before this change.
fn take_revision(connection: &Connection, ledger: &str) -> Result<i64, Halt<StoreError>> {
    let found = connection.prepare_cached(REVISION)?.query_row([ledger], |row| row.get(0)).optional()?;
    found.ok_or(Halt::Own(StoreError::UnknownLedger))
}

fn put(
    connection: &Connection,
    ledger: &str,
    article: &ArticlePut,
    revision: &mut i64,
    at: Micros,
) -> rusqlite::Result<ArticleVerdict> {
    let ArticlePut { ean, body, price_incl_tax, vat_rate } = article;
    let present: Option<(bool, bool, bool)> = connection
        .prepare_cached(PRESENT)?
        .query_row(params![ledger, ean, body, price_incl_tax, vat_rate], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (verdict, new_price) = match present {
        Some((true, _, false)) => return Ok(ArticleVerdict::Unchanged),
        Some((_, new_price, false)) => (ArticleVerdict::Changed, new_price),
        Some((_, new_price, true)) => (ArticleVerdict::Created, new_price),
        None => (ArticleVerdict::Created, true),
    };
    *revision += 1;
    connection.prepare_cached(PUT)?.execute(params![ledger, ean, body, price_incl_tax, vat_rate, *revision])?;
    if new_price {
        let row = params![ledger, ean, *revision, price_incl_tax, vat_rate, at];
        connection.prepare_cached(PUT_PRICE)?.execute(row)?;
    }
    Ok(verdict)
}

fn list<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params, row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn article(row: &Row<'_>) -> rusqlite::Result<StoredArticle> {
    Ok(StoredArticle {
        ean: row.get(0)?,
        body: row.get(1)?,
        revision: row.get::<_, i64>(2)?.cast_unsigned(),
        withdrawn: row.get(3)?,
    })
}

fn price(row: &Row<'_>) -> rusqlite::Result<ArticlePrice> {
    Ok(ArticlePrice {
        revision: row.get::<_, i64>(0)?.cast_unsigned(),
        price_incl_tax: row.get(1)?,
        vat_rate: row.get(2)?,
        at: row.get(3)?,
    })
}
