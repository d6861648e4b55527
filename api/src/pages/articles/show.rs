//! The search for articles and the page of one, with the institution's own price.

use askama::Template;
use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{
    Money, Rate,
    article::Article,
    pricing::{LinePrice, price_article},
};
use bordereau_projections::ArticleRow;
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::target::Target;
use crate::{
    app::App,
    articles::MAX_QUERY_CHARS,
    form,
    pages::{
        clients::Looked,
        conditions::new_key,
        field::{Field, Told, blank},
        frame::Frame,
        query::address,
        signed_in::SignedIn,
    },
    problem::Problem,
};

/// Articles on a page.
const PAGE: usize = 20;

/// An article with the form that puts it into the basket.
pub struct ArticleView {
    /// Its number.
    pub ean: String,
    title: String,
    /// *Auteur* and *Éditeur*.
    by: String,
    author: String,
    publisher: String,
    kind: String,
    language: Option<String>,
    published_on: Option<NaiveDate>,
    /// By the codes of the FEL, in words.
    availability: String,
    orderable: bool,
    public_price: Money,
    vat_rate: Rate,
    /// What the institution pays, where there is one.
    price: Option<LinePrice>,
    /// How many, as typed.
    pub quantity: String,
    /// The requester's own reference, as typed.
    pub reference: String,
    /// What is wrong with either.
    pub error: Option<String>,
    key: String,
}

impl ArticleView {
    fn of(frame: &Frame, row: &ArticleRow, target: Option<&Target>) -> Self {
        let Article { author, publisher, availability, .. } = &row.article;
        let by = [author.as_str(), publisher.as_str()];
        let availability = if row.withdrawn {
            frame.t("availability-withdrawn")
        } else {
            frame.t(&format!("line-availability-{}", availability.code()))
        };
        Self {
            ean: row.article.ean.to_string(),
            title: row.article.title.clone(),
            by: by.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            author: author.clone(),
            publisher: publisher.clone(),
            kind: frame.t(&format!("article-kind-{}", row.article.kind.as_str())),
            language: row.article.language.as_deref().map(|code| language(frame, code)),
            published_on: row.article.published_on,
            availability,
            orderable: row.article.availability.is_orderable() && !row.withdrawn,
            public_price: row.article.price_incl_tax,
            vat_rate: row.article.vat_rate,
            price: target.map(|target| price_article(&row.article, 1, &target.conditions)),
            quantity: "1".to_owned(),
            reference: String::new(),
            error: None,
            key: new_key(),
        }
    }

    fn is_discounted(&self) -> bool {
        self.price.as_ref().is_some_and(|price| price.total_incl_tax != self.public_price)
    }
}

/// Languages that have a name of their own in the texts.
const LANGUAGES: [&str; 6] = ["fr", "nl", "en", "de", "es", "it"];

/// A language by its ISO 639 code, in words where we have them.
fn language(frame: &Frame, code: &str) -> String {
    if LANGUAGES.contains(&code) { frame.t(&format!("article-language-{code}")) } else { code.to_owned() }
}

/// What is looked for, and for which basket.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SearchQuery {
    /// An EAN, or words.
    #[serde(default)]
    pub q: String,
    /// The basket.
    pub basket: Option<String>,
    /// The institution of a basket to be opened.
    #[serde(default, deserialize_with = "blank")]
    pub institution: Option<Uuid>,
    /// What was looked for to choose it.
    #[serde(default, rename = "find.institution")]
    pub find: String,
    /// What had been looked for before.
    #[serde(default, rename = "seen.institution")]
    pub seen: String,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl SearchQuery {
    /// Which institution, and what was looked for to find it.
    fn wanted(&self) -> (Option<Uuid>, Looked) {
        (self.institution, Looked::new(&self.find, &self.seen))
    }

    /// The same with the institution that was chosen or found alone.
    fn leading_on(&self, target: Option<&Target>) -> Self {
        Self { institution: target.and_then(|target| target.chosen).map(|chosen| chosen.0), ..self.clone() }
    }

    /// Where this is asked.
    pub fn address(&self, cursor: Option<&str>) -> String {
        let institution = self.institution.map(|id| id.to_string()).unwrap_or_default();
        let basket = self.basket.as_deref().unwrap_or_default();
        let fields =
            [("basket", basket), ("institution", &institution), ("q", self.q.trim()), ("cursor", cursor.unwrap_or(""))];
        address("/articles", &fields)
    }
}

/// The search.
#[derive(Template)]
#[template(path = "articles/search.html")]
pub struct SearchPage {
    /// What surrounds it.
    pub frame: Frame,
    search: Field,
    target: Option<Target>,
    /// What was found.
    pub articles: Vec<ArticleView>,
    /// Whether something was looked for.
    asked: bool,
    next: Option<String>,
    /// Where a form leads back to.
    here: String,
    /// A refusal that is about no single field.
    pub told: Option<Told>,
}

impl SearchPage {
    fn within(&self) -> String {
        within(self.target.as_ref())
    }

    /// What is looked for.
    fn q(&self) -> &str {
        &self.search.value
    }

    /// Where an institution is chosen.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    const fn path(&self) -> &'static str {
        "/articles"
    }

    /// The page for what is looked for.
    ///
    /// # Errors
    /// 404 for a basket that the reader may not see; 422 for too long a question; 503.
    pub async fn read(app: &App, signed_in: &SignedIn, query: &SearchQuery) -> Result<Self, Problem> {
        if query.q.chars().count() > MAX_QUERY_CHARS {
            return Err(Problem::invalid("text-too-long", "q").arg("max", MAX_QUERY_CHARS));
        }
        let frame = Frame::of(signed_in);
        let target = Target::find(app, signed_in, &frame, query.basket.as_deref(), query.wanted()).await?;
        let q = query.q.trim();
        let search = app.projections.article_search();
        let found = search.search(signed_in.shop(), q, PAGE, query.cursor.as_deref()).await?;
        let query = query.leading_on(target.as_ref());
        let here = query.address(query.cursor.as_deref());
        let field = Field { kind: "search", ..Field::text("q", frame.t("search-label")) };
        Ok(Self {
            search: field.within("articles").holding(q).hinting(frame.t("search-hint")).focused(),
            articles: found.items.iter().map(|row| ArticleView::of(&frame, row, target.as_ref())).collect(),
            asked: !q.is_empty(),
            next: found.next.map(|cursor| query.address(Some(&cursor))),
            told: None,
            target,
            frame: frame.on(&here),
            here,
        })
    }
}

/// How the addresses of articles name the basket, or the institution of one to be opened, where it was named.
fn within(target: Option<&Target>) -> String {
    let basket = target.filter(|target| target.named).map(Target::basket_id).unwrap_or_default();
    let institution = target.map(Target::chosen_id).unwrap_or_default();
    address("", &[("basket", &basket), ("institution", &institution)])
}

/// The page of an article.
#[derive(Template)]
#[template(path = "articles/article.html")]
pub struct ArticlePage {
    /// What surrounds it.
    pub frame: Frame,
    target: Option<Target>,
    /// The article.
    pub article: ArticleView,
    here: String,
    /// A refusal that is about no single field.
    pub told: Option<Told>,
}

impl ArticlePage {
    fn within(&self) -> String {
        within(self.target.as_ref())
    }

    /// What is looked for: nothing.
    #[expect(clippy::unused_self, reason = "templates call methods")]
    const fn q(&self) -> &'static str {
        ""
    }

    /// Where an institution is chosen.
    fn path(&self) -> String {
        format!("/articles/{}", self.article.ean)
    }

    /// The page of an article.
    ///
    /// # Errors
    /// 404 for an article that is not in the catalogue, or a basket that the reader may not see; 503.
    pub async fn read(app: &App, signed_in: &SignedIn, ean: &str, query: &SearchQuery) -> Result<Self, Problem> {
        let ean = form::ean(ean).map_err(|_| Problem::not_found())?;
        let row = app.projections.article_search().find(signed_in.shop(), ean).await?;
        let row = row.ok_or_else(Problem::not_found)?;
        let frame = Frame::of(signed_in);
        let target = Target::find(app, signed_in, &frame, query.basket.as_deref(), query.wanted()).await?;
        let here = format!("/articles/{ean}{}", within(target.as_ref()));
        Ok(Self {
            article: ArticleView::of(&frame, &row, target.as_ref()),
            told: None,
            target,
            frame: frame.on(&here),
            here,
        })
    }
}

/// The search.
pub async fn index(
    State(app): State<App>,
    signed_in: SignedIn,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let page = SearchPage::read(&app, &signed_in, &query).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// An article.
pub async fn show(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(ean): Path<String>,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let query = query.map(|Query(query)| query).unwrap_or_default();
    let page = ArticlePage::read(&app, &signed_in, &ean, &query).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}
