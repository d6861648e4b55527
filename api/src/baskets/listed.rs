//! A list of articles, judged line by line before anything is added: what each line would become, or what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use bordereau_domain::{
    Ean, InstitutionId, Money,
    article::{Article, Availability},
    basket::Opened,
    institution::{Institution, Known},
    line::MAX_LINES,
    pricing::{Conditions, LinePrice, price_article},
};
use bordereau_lists::{BadEan, BadQuantity, Columns, Gathered, ListError, gather};

use crate::{
    app::App,
    problem::Problem,
    texts::{self, Language, Value},
};

/// What becomes of a line of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It can be added.
    Ready,
    /// It can be added; the article cannot be had now.
    NotOrderable(Availability),
    /// Its copies count with those of an earlier line.
    AddedTo(u32),
    /// No article number.
    EanMissing,
    /// A spreadsheet has rounded the number.
    EanDamaged,
    /// No article number of any kind.
    EanMalformed,
    /// Mistyped: the last digit should be this one.
    WrongCheckDigit(char),
    /// The catalogue has no such article.
    UnknownArticle,
    /// The quantity is no whole number.
    QuantityNotWhole,
    /// Not 1 to 9999 copies, alone or together with other lines.
    QuantityOutOfRange,
    /// The reference is too long.
    ReferenceTooLong,
    /// The basket would have too many lines.
    NoRoom,
}

impl Verdict {
    /// The verdict's name in JSON; with dashes, part of the key of its text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotOrderable(_) => "not_orderable",
            Self::AddedTo(_) => "added_to_another",
            Self::EanMissing => "ean_missing",
            Self::EanDamaged => "ean_damaged",
            Self::EanMalformed => "ean_malformed",
            Self::WrongCheckDigit(_) => "wrong_check_digit",
            Self::UnknownArticle => "unknown_article",
            Self::QuantityNotWhole => "quantity_not_whole",
            Self::QuantityOutOfRange => "quantity_out_of_range",
            Self::ReferenceTooLong => "reference_too_long",
            Self::NoRoom => "no_room",
        }
    }

    /// Whether the line can be added.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Ready | Self::NotOrderable(_))
    }

    /// Whether the line has to be mended.
    pub const fn is_bad(self) -> bool {
        !self.is_good() && !matches!(self, Self::AddedTo(_))
    }

    /// What it means, in words.
    pub fn say(self, language: Language) -> String {
        let key = format!("list-{}", self.as_str().replace('_', "-"));
        match self {
            Self::NotOrderable(availability) => {
                let why = say_availability(language, availability);
                texts::say(language, &key, &[("availability", Value::Text(&why))])
            }
            Self::AddedTo(line) => texts::say(language, &key, &[("line", Value::Count(line.into()))]),
            Self::WrongCheckDigit(expected) => {
                texts::say(language, &key, &[("expected", Value::Text(expected.encode_utf8(&mut [0; 4])))])
            }
            Self::Ready
            | Self::EanMissing
            | Self::EanDamaged
            | Self::EanMalformed
            | Self::UnknownArticle
            | Self::QuantityNotWhole
            | Self::QuantityOutOfRange
            | Self::ReferenceTooLong
            | Self::NoRoom => texts::say(language, &key, &[]),
        }
    }
}

/// An availability in the words of the trade.
pub fn say_availability(language: Language, availability: Availability) -> String {
    texts::say(language, &format!("line-availability-{}", availability.code()), &[])
}

/// A line of a list with its verdict.
#[derive(Clone, Debug)]
pub struct ListedLine {
    /// What the line says.
    pub said: Gathered,
    /// What becomes of it.
    pub verdict: Verdict,
    /// The article, where the number is one of the catalogue.
    pub article: Option<Article>,
    /// Its price for the basket's institution, where the line can be added.
    pub price: Option<LinePrice>,
}

/// A list with its verdicts.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where the file has what.
    pub columns: Columns,
    /// Its lines.
    pub lines: Vec<ListedLine>,
}

impl Listed {
    /// What the lines that can be added would cost together.
    pub fn total(&self) -> Money {
        let prices = self.lines.iter().filter_map(|line| line.price);
        prices.fold(Money::ZERO, |sum, price| sum + price.total_incl_tax)
    }

    /// How many lines can be added, and how many have to be mended.
    pub fn counts(&self) -> (usize, usize) {
        let count = |wanted: fn(Verdict) -> bool| self.lines.iter().filter(|line| wanted(line.verdict)).count();
        (count(Verdict::is_good), count(Verdict::is_bad))
    }
}

/// Reads a list and judges it for a basket.
///
/// # Errors
/// 422 when nothing can be made of it as a whole, 503.
pub async fn judge(app: &App, shop: &str, basket: &Opened, bytes: Vec<u8>) -> Result<Listed, Problem> {
    // A large workbook takes a while: not on a thread that others wait for.
    let read = tokio::task::spawn_blocking(move || bordereau_lists::read(&bytes));
    let list = read.await.map_err(|error| Problem::internal(&error))?.map_err(unreadable)?;
    let eans: BTreeSet<Ean> = list.lines.iter().filter_map(|line| line.ean.ok()).collect();
    let articles = app.commands.articles(shop, &eans.into_iter().collect::<Vec<_>>()).await?;
    let conditions = conditions(app, shop, basket.institution_id).await?;
    let mut room = MAX_LINES.saturating_sub(basket.lines.len());
    let lines = gather(list.lines).into_iter().map(|said| judge_line(said, &conditions, &articles, &mut room));
    let lines = lines.collect();
    Ok(Listed { columns: list.columns, lines })
}

/// What an institution's prices depend on, today.
async fn conditions(app: &App, shop: &str, institution: InstitutionId) -> Result<Conditions, Problem> {
    let ask = |institution: &Institution| institution.known().map(Known::standing).unwrap_or_default();
    Ok(app.commands.peek::<Institution, _>(shop, &institution.to_string(), ask).await?.value.conditions)
}

fn judge_line(
    said: Gathered,
    conditions: &Conditions,
    articles: &BTreeMap<Ean, Article>,
    room: &mut usize,
) -> ListedLine {
    let article = said.line.ean.ok().and_then(|ean| articles.get(&ean)).cloned();
    let verdict = match (said.added_to, said.line.ean, said.line.quantity, &said.line.line_reference, &article) {
        (Some(line), ..) => Verdict::AddedTo(line),
        (_, Err(BadEan::Missing), ..) => Verdict::EanMissing,
        (_, Err(BadEan::Damaged), ..) => Verdict::EanDamaged,
        (_, Err(BadEan::Malformed), ..) => Verdict::EanMalformed,
        (_, Err(BadEan::WrongCheckDigit { expected }), ..) => Verdict::WrongCheckDigit(expected),
        (.., None) => Verdict::UnknownArticle,
        (_, _, Err(BadQuantity::NotWhole), ..) => Verdict::QuantityNotWhole,
        (_, _, Err(BadQuantity::OutOfRange), ..) => Verdict::QuantityOutOfRange,
        (_, _, _, Err(_), _) => Verdict::ReferenceTooLong,
        _ if *room == 0 => Verdict::NoRoom,
        (.., Some(article)) if article.availability.is_orderable() => Verdict::Ready,
        (.., Some(article)) => Verdict::NotOrderable(article.availability),
    };
    let mut price = None;
    if let (true, Some(article), Ok(quantity)) = (verdict.is_good(), &article, said.line.quantity) {
        *room -= 1;
        price = Some(price_article(article, quantity, conditions));
    }
    ListedLine { said, verdict, article, price }
}

/// 422: why nothing can be made of a list, with its line.
fn unreadable(error: ListError) -> Problem {
    let refused = |slug| Problem::invalid(slug, "list");
    let at = |slug, line: u32| refused(slug).arg("line", line).member("line", line);
    match error {
        ListError::Empty => refused("list-empty"),
        ListError::TooManyLines { line } => at("list-too-long", line).arg("max", bordereau_lists::MAX_LINES),
        ListError::TooManyColumns { line } => at("list-too-wide", line).arg("max", bordereau_lists::MAX_COLUMNS),
        ListError::NoEanColumn => refused("list-without-eans"),
        ListError::NoText { line } => at("list-no-text", line),
        ListError::OpenQuote { line } => at("list-open-quote", line),
        ListError::NotAList => refused("not-a-list"),
        ListError::Encrypted => refused("list-encrypted"),
        ListError::OldWorkbook => refused("list-old-workbook"),
        ListError::Damaged => refused("list-damaged"),
        ListError::Inflated => refused("list-inflated"),
        ListError::Entities => refused("list-entities"),
    }
}
