//! One line of a list: what it asks for, or what is wrong with it. Nothing is guessed.

use std::borrow::Cow;

use bordereau_domain::{
    Ean,
    ean::EanError,
    line::is_quantity,
    personal::{Field, LineReference},
};

use crate::{columns::Columns, sheet::Row};

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLine {
    /// Its number in the file, from 1.
    pub line: u32,
    /// What stands where the article number should.
    pub given: String,
    /// The article number.
    pub ean: Result<Ean, BadEan>,
    /// What stands where the quantity should; empty where nothing does.
    pub given_quantity: String,
    /// Copies; one where nothing is said.
    pub quantity: Result<u32, BadQuantity>,
    /// The requester's own reference.
    pub line_reference: Result<Option<String>, BadReference>,
}

/// Why a text is no article number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadEan {
    /// There is none.
    Missing,
    /// A spreadsheet has rounded it: `9,78233E+12`. The digits are lost.
    Damaged,
    /// Neither 13 digits nor 10.
    Malformed,
    /// The check digit is wrong.
    WrongCheckDigit {
        /// The one that the others call for.
        expected: char,
    },
}

/// Why a text is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadQuantity {
    /// No whole number.
    NotWhole,
    /// Not 1 to 9999.
    OutOfRange,
}

/// A reference is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadReference;

/// What a row asks for.
pub(crate) fn read(row: &Row, columns: &Columns) -> ListLine {
    let given = row.cell(columns.ean);
    let given_quantity = columns.quantity.map_or("", |column| row.cell(column));
    let reference = columns.line_reference.map_or("", |column| row.cell(column));
    ListLine {
        line: row.line,
        given: given.to_owned(),
        ean: ean(given),
        given_quantity: given_quantity.to_owned(),
        quantity: if given_quantity.is_empty() { Ok(1) } else { quantity(given_quantity) },
        line_reference: if reference.chars().count() > LineReference::MAX_CHARS {
            Err(BadReference)
        } else {
            Ok(Some(reference).filter(|text| !text.is_empty()).map(ToOwned::to_owned))
        },
    }
}

/// The number itself, without what spreadsheets and people put around it: `="978..."`, `'978...`, `ISBN 978...`, dashes
/// of every length, `978....0`.
fn bare(text: &str) -> Cow<'_, str> {
    let mut rest = text.trim().trim_start_matches('\'');
    rest = rest.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(rest);
    for word in ["ISBN", "EAN"] {
        if rest.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)) {
            rest = rest.get(word.len()..).unwrap_or_default();
            rest = rest.rsplit_once(':').map_or(rest, |(_, number)| number);
        }
    }
    rest = rest.trim();
    if let Some((whole, decimals)) = rest.split_once(['.', ','])
        && whole.len() >= 10
        && decimals.bytes().all(|byte| byte == b'0')
    {
        rest = whole;
    }
    let plain = |c| match c {
        '\u{2012}' | '\u{2013}' | '\u{2014}' | '\u{2212}' | '\u{ad}' => '-',
        c if char::is_whitespace(c) => ' ',
        c => c,
    };
    if rest.is_ascii() { Cow::Borrowed(rest) } else { Cow::Owned(rest.chars().map(plain).collect()) }
}

/// The digits of a number, hyphens and spaces aside; nothing where anything else stands.
fn digits(number: &str) -> Option<String> {
    let mut kept = String::new();
    for c in number.chars() {
        match c {
            '0'..='9' | 'X' | 'x' => kept.push(c),
            '-' | ' ' | '\u{2010}' | '\u{2011}' => {}
            _ => return None,
        }
        if kept.len() > 13 {
            return None;
        }
    }
    Some(kept)
}

/// `9,78233E+12`, as spreadsheets show a long number in a narrow column.
fn is_scientific(number: &str) -> bool {
    let Some((mantissa, exponent)) = number.split_once(['E', 'e']) else { return false };
    let exponent = exponent.trim_start_matches('+');
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = mantissa.split_once([',', '.']).unwrap_or((mantissa, "0"));
    all_digits(whole) && all_digits(decimals) && all_digits(exponent)
}

/// Whether a text may have been meant as an article number, good or not.
pub(crate) fn is_ean_like(text: &str) -> bool {
    let number = bare(text);
    is_scientific(&number) || digits(&number).is_some_and(|digits| matches!(digits.len(), 10 | 13))
}

/// The article number in a text.
fn ean(text: &str) -> Result<Ean, BadEan> {
    let number = bare(text);
    if number.is_empty() {
        return Err(BadEan::Missing);
    }
    if is_scientific(&number) {
        return Err(BadEan::Damaged);
    }
    Ean::parse(&number).map_err(|error| match error {
        EanError::Malformed => BadEan::Malformed,
        EanError::WrongCheckDigit { .. } if digits(&number).is_some_and(|d| d.len() == 13 && d.ends_with("000000")) => {
            BadEan::Damaged
        }
        EanError::WrongCheckDigit { expected } => BadEan::WrongCheckDigit { expected },
    })
}

/// The quantity in a text: `2`, `2,00`, `1 000`, `x 2`, `2 ex.`
pub(crate) fn quantity(text: &str) -> Result<u32, BadQuantity> {
    let rest = text.trim().trim_start_matches('\'').trim_start_matches(['x', 'X', '×', '*']);
    let rest =
        ["exemplaires", "exemplaire", "ex.", "ex", "x"].iter().find_map(|unit| rest.strip_suffix(unit)).unwrap_or(rest);
    let (whole, decimals) = rest.split_once([',', '.']).unwrap_or((rest, "0"));
    if decimals.is_empty() || !decimals.bytes().all(|byte| byte == b'0') {
        return Err(BadQuantity::NotWhole);
    }
    let (negative, whole) = match whole.trim().strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, whole.trim()),
    };
    let number: String = whole.chars().filter(|c| !c.is_whitespace()).collect();
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BadQuantity::NotWhole);
    }
    match number.parse() {
        Ok(quantity) if !negative && is_quantity(quantity) => Ok(quantity),
        Ok(_) | Err(_) => Err(BadQuantity::OutOfRange),
    }
}
