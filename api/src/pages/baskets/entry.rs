//! Filling a basket by keyboard or scanner: an EAN, Enter, how many, Enter, the next. Words lead to the search.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bordereau_commands::{BasketRequest, new_id};
use bordereau_domain::{
    BasketId, Ean, LineId, article::Article, line::is_quantity, personal::LineReference, pricing::price_article,
};
use bordereau_projections::BasketDetail;
use serde::Deserialize;

use super::show::BasketPage;
use crate::{
    app::App,
    extract::Answered,
    form,
    pages::{
        conditions::{conditioned, new_key},
        field::{Field, Form, refuse},
        frame::Frame,
        notice::Notice,
        query::address,
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    problem::Problem,
};

/// The block of the page in which articles are entered.
pub struct Entry {
    /// Where an EAN or words are typed.
    pub asked: Field,
    /// The article that was found, to be added.
    pub found: Option<Found>,
}

/// An article that was found, to be added.
pub struct Found {
    /// Its number.
    pub ean: String,
    /// Its title.
    pub title: String,
    /// What the institution pays for one copy.
    pub price: String,
    /// That it cannot be ordered now, and why.
    pub warning: Option<String>,
    /// How many.
    pub quantity: Field,
    /// The requester's own reference.
    pub reference: Field,
    /// The form counts once.
    pub key: String,
}

/// An article to be added.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddForm {
    /// Its number.
    pub ean: String,
    /// How many.
    pub quantity: String,
    /// The requester's own reference.
    #[serde(default)]
    pub line_reference: String,
    /// The form counts once.
    pub key: Option<String>,
}

impl AddForm {
    /// Reads what was typed: the article's number.
    ///
    /// # Errors
    /// 422 about the field that can never be.
    pub fn check(&self) -> Result<Ean, Problem> {
        form::optional_text::<LineReference>(Some(&self.line_reference), "line_reference")?;
        if !is_quantity(quantity(&self.quantity)?) {
            return Err(super::edits::bad_quantity());
        }
        form::ean(&self.ean)
    }
}

impl Entry {
    /// Waits for an EAN.
    pub fn empty(frame: &Frame) -> Self {
        let asked = Field::text("add", frame.t("entry-ask")).hinting(frame.t("entry-hint"));
        Self { asked: asked.focused(), found: None }
    }

    /// What was typed, and why nothing is found.
    fn refused(frame: &Frame, typed: &str, problem: &Problem) -> Self {
        let mut entry = Self::empty(frame);
        typed.trim().clone_into(&mut entry.asked.value);
        entry.asked.error = Some(frame.refusal(problem));
        entry
    }
}

impl Found {
    fn of(frame: &Frame, article: &Article, withdrawn: bool, detail: &BasketDetail) -> Self {
        let price = price_article(article, 1, &detail.standing.conditions).total_incl_tax;
        Self {
            ean: article.ean.to_string(),
            title: article.title.clone(),
            price: frame.amount(&price),
            warning: warning(frame, article, withdrawn),
            quantity: Field::text("quantity", frame.t("line-quantity")).within("add").otherwise("1").focused(),
            reference: Field::text("line_reference", frame.t("line-reference")).within("add").optional(),
            key: new_key(),
        }
    }
}

/// That an article cannot be ordered now, and why: it may be put into a basket all the same.
pub fn warning(frame: &Frame, article: &Article, withdrawn: bool) -> Option<String> {
    if withdrawn {
        return Some(frame.t("availability-withdrawn"));
    }
    let availability = article.availability;
    (!availability.is_orderable()).then(|| frame.t(&format!("line-availability-{}", availability.code())))
}

/// Whether something typed is meant as an article number: digits, hyphens, blanks, and an X at the end.
pub fn is_number(typed: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | ' ' | '\u{a0}' | '\u{2010}' | '\u{2011}' | 'x' | 'X');
    typed.chars().any(|c| c.is_ascii_digit()) && typed.chars().all(plain)
}

/// Reads a quantity as it was typed; nothing typed is one copy.
pub fn quantity(typed: &str) -> Result<u32, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(1);
    }
    typed.parse().map_err(|_| super::edits::bad_quantity())
}

/// Where words lead to: the search, which adds to this basket.
pub fn search_path(basket: BasketId, words: &str) -> String {
    address("/articles", &[("basket", &basket.to_string()), ("q", words.trim())])
}

/// The block for what was typed, and the refusal if nothing is found.
pub async fn find(
    app: &App,
    frame: &Frame,
    detail: &BasketDetail,
    shop: &str,
    typed: &str,
) -> Result<(Entry, Option<Problem>), Problem> {
    let found = match form::ean(typed) {
        Ok(ean) => article(app, shop, ean).await?.ok_or_else(|| Problem::invalid("unknown-article", "ean")),
        Err(problem) => Err(problem),
    };
    Ok(match found {
        Ok((article, withdrawn)) => {
            let found = Some(Found::of(frame, &article, withdrawn, detail));
            (Entry { found, ..Entry::empty(frame) }, None)
        }
        Err(problem) => (Entry::refused(frame, typed, &problem), Some(problem)),
    })
}

async fn article(app: &App, shop: &str, ean: Ean) -> Result<Option<(Article, bool)>, Problem> {
    let row = app.projections.article_search().find(shop, ean).await?;
    Ok(row.map(|row| (row.article, row.withdrawn)))
}

/// Adds an article to a basket, once however often the form is sent.
///
/// # Errors
/// The refusal.
pub async fn put(app: &App, signed_in: &SignedIn, basket: BasketId, sent: &AddForm) -> Result<Answered, Problem> {
    let request = BasketRequest::AddLine {
        line_id: LineId(new_id()),
        ean: form::ean(&sent.ean)?,
        quantity: quantity(&sent.quantity)?,
        line_reference: form::optional_text(Some(&sent.line_reference), "line_reference")?,
    };
    let said = [basket.to_string(), sent.ean.clone(), sent.quantity.clone(), sent.line_reference.clone()];
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    app.execute(conditioned(signed_in.envelope(app), None, sent.key.as_deref(), &said), basket, request).await
}

/// Adds an article.
pub async fn add(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<AddForm>,
) -> Result<Response, Problem> {
    let basket: BasketId = form::id(&id)?;
    match put(&app, &signed_in, basket, &sent).await {
        Ok(done) => Ok(SeeOther::to(&BasketPage::path(basket, 1), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::LineAdded)
            .into_response()),
        Err(problem) => {
            let mut page = BasketPage::read(&app, &signed_in, &id, 1).await?;
            let frame = page.frame.clone();
            page.ask(&app, &signed_in, &sent.ean).await?;
            match &mut page.entry.found {
                Some(found) => {
                    found.quantity.value = sent.quantity;
                    found.reference.value = sent.line_reference;
                    page.told = refuse(&frame, &mut [&mut found.quantity, &mut found.reference], None, &problem);
                }
                None => page.tell(&problem),
            }
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}
