//! What somebody should know of a basket's lines before he goes on. A warning hinders nothing.
//!
//! What must stay true: nobody learns here of a basket that he could not open, nor gets a link to an order that he
//! may not read. That his institution has ordered a title, and when, everybody who acts for it may know.

pub mod json;
mod words;

use std::collections::BTreeMap;

use bordereau_domain::{
    Actor, BasketId, Ean, InstitutionId, LineId, Role,
    article::{Article, Availability},
    basket::{Opened, Stage, Today},
    fixed_price::{Cap, Sale, cap},
    institution::{Institution, Known},
    line::Line,
    pricing::LinePrice,
    shop::{OpenedShop, Shop},
};
use bordereau_projections::{BasketUse, OrderUse, TitleQuestion, TitleUse};
use chrono_tz::Tz;

pub use json::{DiscountCapJson, reads_orders};
pub use words::{Told, Words, sealed};

use crate::{app::App, problem::Problem};

/// Something to know of a line.
#[derive(Clone, Debug)]
pub enum Warning {
    /// The institution has ordered the title, and perhaps received it.
    Ordered(OrderUse),
    /// It stands in another basket that the reader may open.
    InBasket(BasketUse),
    /// It cannot be had now.
    NotOrderable(Availability),
    /// The catalogue has it no more.
    Gone,
    /// Its price or discount is another today.
    PriceChanged {
        /// As the basket has it.
        old: LinePrice,
        /// As it would be today.
        new: LinePrice,
    },
    /// More is taken off than a law allows.
    AboveCap(Cap),
}

/// What there is to know of a basket.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Lines of which there is something to know, in the basket's order.
    pub lines: Vec<(LineId, Vec<Warning>)>,
    /// The caps that discounts of its lines just reach: the reason of their rate.
    pub reached: Vec<Cap>,
}

/// Whose shop it is: what its days and its laws depend on.
#[derive(Clone, Debug)]
pub struct Home {
    /// ISO 3166 code.
    pub country: String,
    /// The time zone of its days.
    pub zone: Tz,
}

/// The shop's country and time zone.
///
/// # Errors
/// 503.
pub async fn home(app: &App, shop: &str) -> Result<Home, Problem> {
    let of = |opened: &OpenedShop| Home { country: opened.country.clone(), zone: opened.zone() };
    let ask = |shop: &Shop| shop.opened().map(of);
    let found = app.commands.peek::<Shop, _>(shop, shop, ask).await?.value;
    Ok(found.unwrap_or_else(|| Home { country: String::new(), zone: Tz::UTC }))
}

/// Where an institution has titles already, as far as the actor may know.
///
/// # Errors
/// 503.
pub async fn find_uses(
    app: &App,
    shop: &str,
    actor: &Actor,
    (institution, basket): (InstitutionId, BasketId),
    eans: Vec<Ean>,
) -> Result<BTreeMap<Ean, TitleUse>, Problem> {
    let everywhere = matches!(actor.role, Role::Auditor | Role::Bookseller);
    if !everywhere && !actor.acts_for(institution) {
        return Ok(BTreeMap::new());
    }
    let (account, sees_sent) = (actor.principal(), TitleQuestion::sees_sent(actor.role));
    let question = TitleQuestion { institution, basket, account, sees_sent, eans };
    Ok(app.projections.title_uses().find(shop, question).await?)
}

/// What there is to know of where a title is already.
pub fn of_uses(uses: Option<&TitleUse>) -> Vec<Warning> {
    let Some(uses) = uses else { return Vec::new() };
    let orders = uses.orders.iter().cloned().map(Warning::Ordered);
    orders.chain(uses.baskets.iter().cloned().map(Warning::InBasket)).collect()
}

/// What there is to know of a basket's lines. Of a basket that is a document or was deleted there is nothing any more.
///
/// # Errors
/// 503.
pub async fn find(app: &App, shop: &str, actor: &Actor, (id, basket): (BasketId, &Opened)) -> Result<Found, Problem> {
    match basket.stage {
        Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } => {}
        Stage::Converted(_) | Stage::Discarded => return Ok(Found::default()),
    }
    let mut eans: Vec<Ean> = basket.lines.iter().map(|line| line.ean).collect();
    eans.sort_unstable();
    eans.dedup();
    let home = home(app, shop).await?;
    let ask = |institution: &Institution| institution.known().cloned();
    let known = app.commands.peek::<Institution, _>(shop, &basket.institution_id.to_string(), ask).await?.value;
    let standing = known.as_ref().map(Known::standing).unwrap_or_default();
    let today = Today { articles: app.commands.articles(shop, &eans).await?, standing };
    let uses = find_uses(app, shop, actor, (basket.institution_id, id), eans).await?;
    let changed: BTreeMap<_, _> = basket.changed_prices(&today).into_iter().map(|new| (new.line_id, new)).collect();
    let day = app.clock.now().with_timezone(&home.zone).date_naive();
    let mut found = Found::default();
    for line in &basket.lines {
        let article = today.articles.get(&line.ean);
        let mut warnings = of_uses(uses.get(&line.ean));
        warnings.extend(of_article(article));
        let new = changed.get(&line.line_id);
        warnings.extend(new.map(|new| Warning::PriceChanged { old: new.old, new: new.new }));
        let cap = find_cap(&home, known.as_ref(), line, article, day);
        warnings.extend(cap.filter(|cap| cap.is_exceeded_by(line.price.discount_rate)).map(Warning::AboveCap));
        note_reached(&mut found.reached, cap, line);
        if !warnings.is_empty() {
            found.lines.push((line.line_id, warnings));
        }
    }
    Ok(found)
}

/// What the laws on the price of books say today of a document's discounts.
#[derive(Clone, Debug, Default)]
pub struct Caps {
    /// The lines that have more off than a law allows.
    pub above: Vec<(LineId, Cap)>,
    /// The caps that discounts of its lines just reach: the reason of their rate.
    pub reached: Vec<Cap>,
}

/// What the laws say today of the discounts of a document's lines.
///
/// # Errors
/// 503.
pub async fn find_caps(app: &App, shop: &str, institution: InstitutionId, lines: &[Line]) -> Result<Caps, Problem> {
    let eans: Vec<Ean> = lines.iter().map(|line| line.ean).collect();
    let articles = app.commands.articles(shop, &eans).await?;
    let home = home(app, shop).await?;
    let ask = |institution: &Institution| institution.known().cloned();
    let known = app.commands.peek::<Institution, _>(shop, &institution.to_string(), ask).await?.value;
    let day = app.clock.now().with_timezone(&home.zone).date_naive();
    let mut caps = Caps::default();
    for line in lines {
        let cap = find_cap(&home, known.as_ref(), line, articles.get(&line.ean), day);
        let above = cap.filter(|cap| cap.is_exceeded_by(line.price.discount_rate));
        caps.above.extend(above.map(|cap| (line.line_id, cap)));
        note_reached(&mut caps.reached, cap, line);
    }
    Ok(caps)
}

/// Takes in a cap that a line's discount just reaches, once.
fn note_reached(reached: &mut Vec<Cap>, cap: Option<Cap>, line: &Line) {
    let just = cap.filter(|cap| cap.percent == line.price.discount_rate.percent());
    reached.extend(just.filter(|cap| !reached.iter().any(|of| (of.law, of.percent) == (cap.law, cap.percent))));
}

fn of_article(article: Option<&Article>) -> Option<Warning> {
    match article {
        None => Some(Warning::Gone),
        Some(article) if article.availability.is_orderable() => None,
        Some(article) => Some(Warning::NotOrderable(article.availability)),
    }
}

/// The cap on a line's discount.
fn find_cap(
    home: &Home,
    known: Option<&Known>,
    line: &Line,
    article: Option<&Article>,
    on: chrono::NaiveDate,
) -> Option<Cap> {
    let sale = Sale {
        country: &home.country,
        kind: line.kind,
        language: article.and_then(|article| article.language.as_deref()),
        published_on: article.and_then(|article| article.published_on),
        buyer: known?.profile.kind.into(),
        on,
    };
    cap(&sale)
}
