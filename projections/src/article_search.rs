//! The catalogue by EAN and by words. Fed by revisions of articles, not by the log: its positions are revisions.
//!
//! Title, author and publisher are folded before they are indexed, and so is what people type; every word typed must
//! begin a word of the article. What matches by its title alone comes first, then the rest, each by EAN: the same order
//! on every node. Withdrawn articles are found by their EAN only.

use std::sync::Arc;

use bordereau_domain::{Ean, article::Article};
use bordereau_store::{Head, Store, StoreError, StoredArticle};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    error::{ApplyError, ReadError},
    fold::fold,
    page::{Page, bounded, read_cursor},
    reader::Reader,
    sql::{int, json, limit, uint},
    view::{Item, Read, View},
};

/// Article rows of one shop stand together: `row = shop's number << 44 | EAN`, so that a shop's search is a range of rows
/// in the list's own order. `prefix` holds single letters too, because « l'été » is typed as two words.
const DDL: &str = "
CREATE TABLE shops (number INTEGER PRIMARY KEY, shop TEXT NOT NULL CONSTRAINT one_number UNIQUE) STRICT;
CREATE TABLE articles (
  row INTEGER PRIMARY KEY, shop TEXT NOT NULL, ean INTEGER NOT NULL, revision INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL, title TEXT NOT NULL, author TEXT NOT NULL, publisher TEXT NOT NULL, body TEXT NOT NULL,
  CONSTRAINT one_article UNIQUE (shop, ean)
) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (
  title, author, publisher, content = '', contentless_delete = 1, prefix = '1 2 3',
  tokenize = 'unicode61 remove_diacritics 0'
);
";

const SHOP: &str = "INSERT INTO shops (shop) VALUES (?1) ON CONFLICT DO UPDATE SET shop = shop RETURNING number";
const FIND_SHOP: &str = "SELECT number FROM shops WHERE shop = ?1";
const STORED: &str = "SELECT withdrawn, title, author, publisher FROM articles WHERE row = ?1";
const PUT: &str = "INSERT INTO articles (row, shop, ean, revision, withdrawn, title, author, publisher, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (row) DO UPDATE SET revision = excluded.revision,
    withdrawn = excluded.withdrawn, title = excluded.title, author = excluded.author, publisher = excluded.publisher,
    body = excluded.body";
const INDEX: &str = "INSERT INTO words (rowid, title, author, publisher) VALUES (?1, ?2, ?3, ?4)";
const FORGET: &str = "DELETE FROM words WHERE rowid = ?1";
const FIND: &str = "SELECT ean, revision, withdrawn, body FROM articles WHERE shop = ?1 AND ean = ?2";
const SEARCH: &str = "SELECT a.ean, a.revision, a.withdrawn, a.body FROM words w
    CROSS JOIN articles a ON a.row = w.rowid WHERE w.words MATCH ?1 AND w.rowid > ?2 AND w.rowid <= ?3
    ORDER BY w.rowid LIMIT ?4";

/// An EAN is below 10^13, which is below 2^44.
const EAN_BITS: u32 = 44;

/// Longest question, in words; what is beyond is not looked at.
const MAX_WORDS: usize = 20;

/// An article of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleRow {
    /// The article as Librisoft last sent it.
    pub article: Article,
    /// Whether it is no longer in the catalogue.
    pub withdrawn: bool,
    /// Revision of its last change.
    pub revision: u64,
}

/// Reads the catalogue.
#[derive(Clone, Debug)]
pub struct ArticleSearch {
    reader: Reader,
}

/// Where a page of a search ends: among those that match by title, or after them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Place {
    title: bool,
    ean: i64,
}

impl ArticleSearch {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// What a question finds: the article of an EAN or ISBN-10, hyphens or not, withdrawn or not; else those in which
    /// every word of the question begins a word. A question without letters or digits finds nothing.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn search(
        &self,
        shop: &str,
        q: &str,
        limit: usize,
        cursor: Option<&str>,
    ) -> Result<Page<ArticleRow>, ReadError> {
        let after: Option<Place> = read_cursor(cursor)?;
        let size = bounded(limit);
        if let Ok(ean) = Ean::parse(q) {
            let items = self.find(shop, ean).await?.into_iter().collect();
            return Ok(Page { items, next: None });
        }
        let Some(words) = question(q) else { return Ok(Page { items: Vec::new(), next: None }) };
        self.reader.read(shop, move |connection, shop| page(connection, shop, &words, size, after)).await
    }

    /// The article of an EAN, withdrawn or not.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find(&self, shop: &str, ean: Ean) -> Result<Option<ArticleRow>, ReadError> {
        self.reader
            .read(shop, move |connection, shop| {
                let mut statement = connection.prepare_cached(FIND)?;
                Ok(statement.query_row(params![shop, int(ean.to_u64())], article_row).optional()?.map(|(_, row)| row))
            })
            .await
    }
}

/// The question in the index's language. Folding leaves letters, digits and spaces: nothing that a person types is
/// syntax there.
fn question(q: &str) -> Option<String> {
    let folded = fold(q);
    let words: Vec<String> = folded.split(' ').take(MAX_WORDS).map(|word| format!("\"{word}\"*")).collect();
    if folded.is_empty() { None } else { Some(words.join(" AND ")) }
}

fn page(
    connection: &Connection,
    shop: &str,
    words: &str,
    size: usize,
    after: Option<Place>,
) -> Result<Page<ArticleRow>, ReadError> {
    let number: Option<i64> = connection.prepare_cached(FIND_SHOP)?.query_row([shop], |row| row.get(0)).optional()?;
    let Some(number) = number else { return Ok(Page { items: Vec::new(), next: None }) };
    let (first, last) = (number << EAN_BITS, ((number + 1) << EAN_BITS) - 1);
    let by_title = format!("{{title}} : ({words})");
    let elsewhere = format!("({words}) NOT ({by_title})");
    let mut found: Vec<(Place, ArticleRow)> = Vec::new();
    for (title, expression) in [(true, by_title), (false, elsewhere)] {
        let from = match after {
            Some(place) if title && !place.title => continue,
            Some(place) if title == place.title => first | place.ean,
            Some(_) | None => first,
        };
        let wanted = (size + 1).saturating_sub(found.len());
        if wanted == 0 {
            break;
        }
        let mut statement = connection.prepare_cached(SEARCH)?;
        let rows = statement.query_map(params![expression, from, last, limit(wanted)], article_row)?;
        for row in rows {
            let (ean, article) = row?;
            found.push((Place { title, ean }, article));
        }
    }
    Ok(Page::cut(found, size, |(place, _)| *place)?.map(|(_, row)| row))
}

fn article_row(row: &Row<'_>) -> rusqlite::Result<(i64, ArticleRow)> {
    let article =
        ArticleRow { article: json(row, "body")?, withdrawn: row.get("withdrawn")?, revision: uint(row, "revision")? };
    Ok((row.get("ean")?, article))
}

impl Item for StoredArticle {
    fn position(&self) -> u64 {
        self.revision
    }

    fn mark(&self, epoch: Uuid) -> Uuid {
        epoch
    }

    fn head(head: &Head) -> u64 {
        head.article_revision
    }

    async fn read(store: &Store, shop: &str, after: u64, limit: usize) -> Result<Read<Self>, StoreError> {
        Ok(Read { items: store.articles_after(shop, after, limit).await?, poison: None })
    }

    async fn mark_at(_: &Store, head: &Head, position: u64) -> Result<Option<Uuid>, StoreError> {
        Ok(if position <= head.article_revision { Some(head.epoch) } else { None })
    }
}

/// Writes the catalogue.
#[derive(Debug, Default)]
pub(crate) struct ArticleSearchView {
    /// What came since the last commit: the index wants its rows in rising order.
    pending: Vec<StoredArticle>,
}

impl View for ArticleSearchView {
    type Item = StoredArticle;
    const NAME: &'static str = "article_search";
    const VERSION: u32 = 1;
    const DDL: &'static [&'static str] = &[DDL];

    fn apply(&mut self, _: &Transaction<'_>, _: &Arc<str>, stored: &StoredArticle) -> Result<(), ApplyError> {
        self.pending.push(stored.clone());
        Ok(())
    }

    fn flush(&mut self, tx: &Transaction<'_>, shop: &Arc<str>) -> Result<(), ApplyError> {
        // An article that came twice is as it came last.
        self.pending.sort_by(|a, b| (&a.ean, a.revision).cmp(&(&b.ean, b.revision)));
        let number: i64 = tx.prepare_cached(SHOP)?.query_row(params![shop], |row| row.get(0))?;
        for stored in self.pending.drain(..) {
            put(tx, shop, number << EAN_BITS, &stored)?;
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.pending.clear();
    }
}

fn put(tx: &Connection, shop: &str, first: i64, stored: &StoredArticle) -> Result<(), ApplyError> {
    let article: Article = serde_json::from_str(&stored.body)?;
    let words = [&article.title, &article.author, &article.publisher].map(|text| fold(text));
    let ean = int(article.ean.to_u64());
    let row = first | ean;
    let before: Option<(bool, [String; 3])> = tx
        .prepare_cached(STORED)?
        .query_row([row], |row| {
            Ok((row.get("withdrawn")?, [row.get("title")?, row.get("author")?, row.get("publisher")?]))
        })
        .optional()?;
    let was_found = before.as_ref().is_some_and(|(withdrawn, _)| !withdrawn);
    let same_words = before.is_some_and(|(_, before)| before == words);
    let is_found = !stored.withdrawn;
    if was_found && !(is_found && same_words) {
        tx.prepare_cached(FORGET)?.execute([row])?;
    }
    let [title, author, publisher] = &words;
    if is_found && !(was_found && same_words) {
        tx.prepare_cached(INDEX)?.execute(params![row, title, author, publisher])?;
    }
    let revision = int(stored.revision);
    tx.prepare_cached(PUT)?.execute(params![
        row,
        shop,
        ean,
        revision,
        stored.withdrawn,
        title,
        author,
        publisher,
        stored.body
    ])?;
    Ok(())
}
