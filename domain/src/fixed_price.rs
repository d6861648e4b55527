//! How far the law on the price of books lets a bookshop go down, and what it rests on: a warning, never a price.
//!
//! France: loi 81-766 of 10 August 1981. Article 1: at most 5 % off the publisher's price. Article 3: 91 % to 100 % of it for the
//! State, local authorities, teaching establishments, and libraries open to the public; school books are free for them.
//! Belgium follows the language of the book. Dutch: decree of 23 December 2016 of the Flemish Community, the first six months, 10 % at
//! most, 20 % for public libraries, 25 % for schools. French: decree of 19 October 2017 of the French Community (in Brussels since 5 April
//! 2019), the first twenty-four months, 5 % at most, 15 % for libraries and schools, 25 % on manuals for schools. Its
//! shorter terms for comics (twelve months) and dated books (six) ask for what a catalogue does not say: the long one is
//! taken, so that a warning may come too often there and never too seldom.

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;

use crate::{article::ArticleKind, institution::InstitutionKind, money::Rate};

/// Who buys, as far as the laws care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buyer {
    /// A library open to the public.
    Library,
    /// A school, college or university.
    School,
    /// The State, a local authority, another public body.
    PublicBody,
    /// Anybody else.
    Person,
}

impl From<InstitutionKind> for Buyer {
    fn from(kind: InstitutionKind) -> Self {
        match kind {
            InstitutionKind::Library => Self::Library,
            InstitutionKind::School => Self::School,
            InstitutionKind::Other => Self::PublicBody,
        }
    }
}

/// A sale that a discount is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'a> {
    /// ISO 3166 code of the bookshop's country.
    pub country: &'a str,
    /// What is sold.
    pub kind: ArticleKind,
    /// Its language, an ISO 639 code of two or three letters.
    pub language: Option<&'a str>,
    /// When it was published.
    pub published_on: Option<NaiveDate>,
    /// Who buys.
    pub buyer: Buyer,
    /// On which day.
    pub on: NaiveDate,
}

/// The law that caps a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Law {
    /// Loi 81-766, art. 1: everybody.
    FranceEverybody,
    /// Loi 81-766, art. 3: public bodies, teaching, libraries.
    FrancePublicBuyers,
    /// Flemish decree of 23 December 2016.
    Flanders,
    /// Decree of the French Community of 19 October 2017.
    FrenchCommunity,
}

impl Law {
    /// Its name in JSON; with dashes, part of the key of its words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FranceEverybody => "france_art_1",
            Self::FrancePublicBuyers => "france_art_3",
            Self::Flanders => "flanders",
            Self::FrenchCommunity => "french_community",
        }
    }
}

/// The most that may be taken off, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// In percent.
    pub percent: Decimal,
    /// The law.
    pub law: Law,
    /// The first day on which it holds no more, where that is known.
    pub until: Option<NaiveDate>,
}

impl Cap {
    const fn new(percent: u32, law: Law) -> Self {
        Self { percent: Decimal::from_parts(percent, 0, 0, false, 0), law, until: None }
    }

    /// Whether a discount goes beyond it.
    pub fn is_exceeded_by(&self, discount: Rate) -> bool {
        discount.percent() > self.percent
    }
}

/// How much may be taken off; nothing where no law says anything, where its term has passed, or where the catalogue does not
/// say enough to tell.
pub fn cap(sale: &Sale<'_>) -> Option<Cap> {
    match (sale.country, sale.kind) {
        (_, ArticleKind::Press | ArticleKind::Other) => None,
        ("FR", kind) => in_france(kind, sale.buyer),
        ("BE", kind) => in_belgium(kind, sale),
        _ => None,
    }
}

const fn in_france(kind: ArticleKind, buyer: Buyer) -> Option<Cap> {
    match (kind, buyer) {
        (ArticleKind::Press | ArticleKind::Other, _)
        | (ArticleKind::SchoolBook, Buyer::Library | Buyer::School | Buyer::PublicBody) => None,
        (ArticleKind::Book | ArticleKind::SchoolBook, Buyer::Person) => Some(Cap::new(5, Law::FranceEverybody)),
        (ArticleKind::Book, Buyer::Library | Buyer::School | Buyer::PublicBody) => {
            Some(Cap::new(9, Law::FrancePublicBuyers))
        }
    }
}

fn in_belgium(kind: ArticleKind, sale: &Sale<'_>) -> Option<Cap> {
    let (law, months) = match sale.language? {
        "nl" | "nld" | "dut" => (Law::Flanders, 6),
        "fr" | "fra" | "fre" => (Law::FrenchCommunity, 24),
        _ => return None,
    };
    let until = sale.published_on?.checked_add_months(Months::new(months))?;
    let percent = match (law, sale.buyer, kind) {
        (Law::Flanders, Buyer::School, _) | (_, Buyer::School, ArticleKind::SchoolBook) => 25,
        (Law::Flanders, Buyer::Library, _) => 20,
        (Law::Flanders, Buyer::PublicBody | Buyer::Person, _) => 10,
        (_, Buyer::School | Buyer::Library, _) => 15,
        (_, Buyer::PublicBody | Buyer::Person, _) => 5,
    };
    (sale.on < until).then(|| Cap { until: Some(until), ..Cap::new(percent, law) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(country: &str, language: &str, kind: ArticleKind, age: &str, buyer: Buyer) -> Option<(u32, Law)> {
        let published_on = (!age.is_empty()).then(|| day(age));
        let language = Some(language).filter(|language| !language.is_empty());
        let sale = Sale { country, kind, language, published_on, buyer, on: day("2026-11-22") };
        cap(&sale).map(|cap| (cap.percent.try_into().unwrap(), cap.law))
    }

    #[test]
    fn each_law_caps_what_it_speaks_of() {
        use ArticleKind::{Book, Other, Press, SchoolBook};
        use Buyer::{Library, Person, PublicBody, School};
        let (new, old) = ("2026-10-01", "2020-01-01");
        let cases = [
            // France: age and language play no part.
            (("FR", "fr", Book, new, Library), Some((9, Law::FrancePublicBuyers))),
            (("FR", "en", Book, old, School), Some((9, Law::FrancePublicBuyers))),
            (("FR", "", Book, "", PublicBody), Some((9, Law::FrancePublicBuyers))),
            (("FR", "", Book, "", Person), Some((5, Law::FranceEverybody))),
            (("FR", "fr", SchoolBook, new, School), None),
            (("FR", "fr", SchoolBook, new, Person), Some((5, Law::FranceEverybody))),
            (("FR", "fr", Press, new, Library), None),
            (("FR", "fr", Other, new, Person), None),
            // Belgium, in Dutch: six months.
            (("BE", "nl", Book, new, PublicBody), Some((10, Law::Flanders))),
            (("BE", "nl", Book, new, Library), Some((20, Law::Flanders))),
            (("BE", "dut", SchoolBook, new, School), Some((25, Law::Flanders))),
            (("BE", "nl", Book, "2026-05-22", Library), None),
            (("BE", "nl", Book, "2026-05-23", Library), Some((20, Law::Flanders))),
            // In French: twenty-four months.
            (("BE", "fr", Book, new, PublicBody), Some((5, Law::FrenchCommunity))),
            (("BE", "fr", Book, new, Library), Some((15, Law::FrenchCommunity))),
            (("BE", "fre", Book, new, School), Some((15, Law::FrenchCommunity))),
            (("BE", "fr", SchoolBook, new, School), Some((25, Law::FrenchCommunity))),
            (("BE", "fr", SchoolBook, new, Library), Some((15, Law::FrenchCommunity))),
            (("BE", "fr", Book, "2024-11-22", School), None),
            (("BE", "fr", Book, "2024-11-23", School), Some((15, Law::FrenchCommunity))),
            // What is not known is not claimed.
            (("BE", "en", Book, new, Library), None),
            (("BE", "", Book, new, Library), None),
            (("BE", "fr", Book, "", Library), None),
            (("LU", "fr", Book, new, Library), None),
        ];
        for ((country, language, kind, age, buyer), expected) in cases {
            let seen = told(country, language, kind, age, buyer);
            assert_eq!(seen, expected, "{country} {language} {kind:?} {age} {buyer:?}");
        }
    }

    #[test]
    fn a_cap_is_exceeded_from_its_first_hundredth_on() {
        let cap = Cap::new(9, Law::FrancePublicBuyers);
        let exceeded = |rate: &str| cap.is_exceeded_by(rate.parse().unwrap());
        assert_eq!(["0", "9", "9.00", "9.01", "25"].map(exceeded), [false, false, false, true, true]);
    }
}
