//! The shared article table. The revision is taken from the ledger's head row under its lock, so revisions are in commit
//! order and whoever asks for "after" misses nothing.

use std::collections::{BTreeMap, HashMap};

use sqlx::Row;
use sqlx::postgres::PgRow;

use super::Postgres;
use super::failure::{Fault, integer, limit};
use super::link::{Link, Turn};
use crate::articles::{ArticlePrice, ArticlePut, ArticleVerdict, StoredArticle};
use crate::error::StoreError;
use crate::options::Micros;

const LOCK: &str = "SELECT article_revision FROM ledger_heads WHERE ledger = $1 FOR UPDATE";
const MOVE: &str = "UPDATE ledger_heads SET article_revision = $2 WHERE ledger = $1 AND article_revision <> $2";
const PRESENT: &str = "SELECT ean, body::text, price_incl_tax, vat_rate, withdrawn_at IS NOT NULL FROM articles
    WHERE ledger = $1 AND ean = ANY($2)";
const PUT: &str = "INSERT INTO articles (ledger, ean, body, price_incl_tax, vat_rate, revision)
    SELECT $1, ean, body::json, price_incl_tax, vat_rate, revision
      FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) AS a(ean, body, price_incl_tax, vat_rate, revision)
    ON CONFLICT (ledger, ean) DO UPDATE SET body = excluded.body, price_incl_tax = excluded.price_incl_tax,
        vat_rate = excluded.vat_rate, revision = excluded.revision, withdrawn_at = NULL";
const PUT_PRICES: &str = "INSERT INTO article_prices (ledger, ean, revision, price_incl_tax, vat_rate, at)
    SELECT $1, ean, revision, price_incl_tax, vat_rate, $6
      FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) AS p(ean, revision, price_incl_tax, vat_rate)";
const WITHDRAW: &str = "UPDATE articles SET withdrawn_at = $3, revision = $4
    WHERE ledger = $1 AND ean = $2 AND withdrawn_at IS NULL";
const FIND: &str = "SELECT ean, body::text, revision, withdrawn_at IS NOT NULL FROM articles
    WHERE ledger = $1 AND ean = ANY($2)";
const AFTER: &str = "SELECT ean, body::text, revision, withdrawn_at IS NOT NULL FROM articles
    WHERE ledger = $1 AND revision > $2 ORDER BY revision LIMIT $3";
const EANS: &str = "SELECT ean FROM articles WHERE ledger = $1 AND ean > $2 AND withdrawn_at IS NULL
    ORDER BY ean LIMIT $3";
const PRICES: &str = "SELECT revision, price_incl_tax, vat_rate, at FROM article_prices
    WHERE ledger = $1 AND ean = $2 ORDER BY revision";

impl Postgres {
    pub(crate) async fn put_articles(
        &self,
        ledger: &str,
        articles: Vec<ArticlePut>,
        at: Micros,
    ) -> Result<Vec<ArticleVerdict>, StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = put_all(&mut turn, ledger, &articles, at).await;
        let (verdicts, revision) =
            turn.commit(done).await.map_err(Fault::of_writing)?.ok_or(StoreError::UnknownLedger)?;
        self.followers.tell(ledger, 0, revision.cast_unsigned());
        Ok(verdicts)
    }

    pub(crate) async fn withdraw_articles(
        &self,
        ledger: &str,
        eans: Vec<String>,
        at: Micros,
    ) -> Result<u64, StoreError> {
        let mut turn = self.links.begin().await.map_err(Fault::of_writing)?;
        let done = withdraw_all(&mut turn, ledger, &eans, at).await;
        let (count, revision) = turn.commit(done).await.map_err(Fault::of_writing)?.ok_or(StoreError::UnknownLedger)?;
        self.followers.tell(ledger, 0, revision.cast_unsigned());
        Ok(count.cast_unsigned())
    }

    pub(crate) async fn find_articles(&self, ledger: &str, eans: &[&str]) -> Result<Vec<StoredArticle>, StoreError> {
        // Looked up before the articles are: what is read then is of this edition or a later one.
        let edition = self.followers.edition(ledger);
        let mut found = BTreeMap::new();
        let mut missing = Vec::new();
        for &ean in eans {
            match edition.and_then(|edition| self.shelf.find(ledger, ean, edition)) {
                Some(article) => drop(found.insert(ean.to_owned(), article)),
                None => missing.push(ean),
            }
        }
        if !missing.is_empty() {
            for article in self.list(article, || sqlx::query(FIND).bind(ledger).bind(&missing)).await? {
                if let Some(edition) = edition {
                    self.shelf.put(ledger, edition, &article);
                }
                found.insert(article.ean.clone(), article);
            }
        }
        Ok(found.into_values().collect())
    }

    pub(crate) async fn articles_after(
        &self,
        ledger: &str,
        revision: u64,
        count: usize,
    ) -> Result<Vec<StoredArticle>, StoreError> {
        self.list(article, || sqlx::query(AFTER).bind(ledger).bind(integer(revision)).bind(limit(count))).await
    }

    pub(crate) async fn list_article_eans(
        &self,
        ledger: &str,
        after_ean: &str,
        count: usize,
    ) -> Result<Vec<String>, StoreError> {
        self.list(|row| row.try_get(0), || sqlx::query(EANS).bind(ledger).bind(after_ean).bind(limit(count))).await
    }

    pub(crate) async fn list_article_prices(&self, ledger: &str, ean: &str) -> Result<Vec<ArticlePrice>, StoreError> {
        self.list(price, || sqlx::query(PRICES).bind(ledger).bind(ean)).await
    }
}

/// The revision before this change; the head stays locked. `None`: no such ledger.
async fn take_revision(link: &mut Link, ledger: &str) -> Result<Option<i64>, Fault> {
    let rows = link.rows(sqlx::query(LOCK).bind(ledger)).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// What is known of an article while a call is worked through.
#[derive(Clone)]
struct Present {
    body: String,
    price_incl_tax: String,
    vat_rate: String,
    withdrawn: bool,
    /// The revision that this call gave it last.
    revision: Option<i64>,
}

/// The articles and prices that a call changes, and the revision that it has reached.
struct Changes {
    present: HashMap<String, Present>,
    prices: Vec<(String, i64, String, String)>,
    revision: i64,
}

async fn put_all(
    turn: &mut Turn,
    ledger: &str,
    articles: &[ArticlePut],
    at: Micros,
) -> Result<Option<(Vec<ArticleVerdict>, i64)>, Fault> {
    let link = turn.link().await?;
    let Some(revision) = take_revision(link, ledger).await? else { return Ok(None) };
    let eans: Vec<_> = articles.iter().map(|article| article.ean.as_str()).collect();
    let mut present = HashMap::new();
    for row in link.rows(sqlx::query(PRESENT).bind(ledger).bind(eans)).await? {
        present.insert(row.try_get(0)?, known(&row)?);
    }
    let mut changes = Changes { present, prices: Vec::new(), revision };
    let verdicts = articles.iter().map(|article| changes.put(article)).collect();
    changes.write(link, ledger, at).await?;
    link.execute(sqlx::query(MOVE).bind(ledger).bind(changes.revision)).await?;
    Ok(Some((verdicts, changes.revision)))
}

fn known(row: &PgRow) -> Result<Present, sqlx::Error> {
    Ok(Present {
        body: row.try_get(1)?,
        price_incl_tax: row.try_get(2)?,
        vat_rate: row.try_get(3)?,
        withdrawn: row.try_get(4)?,
        revision: None,
    })
}

impl Changes {
    fn put(&mut self, article: &ArticlePut) -> ArticleVerdict {
        let before = self.present.get(&article.ean);
        let same_price = before.is_some_and(|before| {
            before.price_incl_tax == article.price_incl_tax && before.vat_rate == article.vat_rate
        });
        let same = same_price && before.is_some_and(|before| before.body == article.body);
        let verdict = match before.map(|before| before.withdrawn) {
            Some(false) if same => return ArticleVerdict::Unchanged,
            Some(false) => ArticleVerdict::Changed,
            Some(true) | None => ArticleVerdict::Created,
        };
        self.revision += 1;
        let ArticlePut { ean, body, price_incl_tax, vat_rate } = article.clone();
        if !same_price {
            self.prices.push((ean.clone(), self.revision, price_incl_tax.clone(), vat_rate.clone()));
        }
        let revision = Some(self.revision);
        self.present.insert(ean, Present { body, price_incl_tax, vat_rate, withdrawn: false, revision });
        verdict
    }

    /// Writes the last state of each changed article, and every price.
    async fn write(&self, link: &mut Link, ledger: &str, at: Micros) -> Result<(), Fault> {
        let (mut eans, mut bodies, mut prices, mut rates, mut revisions) = (vec![], vec![], vec![], vec![], vec![]);
        for (ean, present) in &self.present {
            if let Some(revision) = present.revision {
                eans.push(ean.as_str());
                bodies.push(present.body.as_str());
                prices.push(present.price_incl_tax.as_str());
                rates.push(present.vat_rate.as_str());
                revisions.push(revision);
            }
        }
        if eans.is_empty() {
            return Ok(());
        }
        let put = sqlx::query(PUT).bind(ledger).bind(eans).bind(bodies).bind(prices).bind(rates).bind(revisions);
        link.execute(put).await?;
        let eans: Vec<_> = self.prices.iter().map(|price| price.0.as_str()).collect();
        let revisions: Vec<_> = self.prices.iter().map(|price| price.1).collect();
        let prices: Vec<_> = self.prices.iter().map(|price| price.2.as_str()).collect();
        let rates: Vec<_> = self.prices.iter().map(|price| price.3.as_str()).collect();
        let put = sqlx::query(PUT_PRICES).bind(ledger).bind(eans).bind(revisions).bind(prices).bind(rates).bind(at);
        link.execute(put).await.map(|_| ())
    }
}

async fn withdraw_all(turn: &mut Turn, ledger: &str, eans: &[String], at: Micros) -> Result<Option<(i64, i64)>, Fault> {
    let link = turn.link().await?;
    let Some(before) = take_revision(link, ledger).await? else { return Ok(None) };
    let mut revision = before;
    for ean in eans {
        let query = sqlx::query(WITHDRAW).bind(ledger).bind(ean).bind(at).bind(revision + 1);
        if link.execute(query).await? > 0 {
            revision += 1;
        }
    }
    link.execute(sqlx::query(MOVE).bind(ledger).bind(revision)).await?;
    Ok(Some((revision - before, revision)))
}

fn article(row: &PgRow) -> Result<StoredArticle, sqlx::Error> {
    Ok(StoredArticle {
        ean: row.try_get(0)?,
        body: row.try_get(1)?,
        revision: row.try_get::<i64, _>(2)?.cast_unsigned(),
        withdrawn: row.try_get(3)?,
    })
}

fn price(row: &PgRow) -> Result<ArticlePrice, sqlx::Error> {
    Ok(ArticlePrice {
        revision: row.try_get::<i64, _>(0)?.cast_unsigned(),
        price_incl_tax: row.try_get(1)?,
        vat_rate: row.try_get(2)?,
        at: row.try_get(3)?,
    })
}
