//! Which column holds what: by the words of a header in French, Dutch or English, else by what stands in it.

use unicode_normalization::UnicodeNormalization;

use crate::{
    error::ListError,
    line::{is_ean_like, quantity},
    sheet::{MAX_ABOVE, Row, Sheet},
};

/// Rows that are looked at to find columns by what stands in them.
const LOOKED_AT: usize = 200;

const EANS: [&str; 19] = [
    "ean",
    "ean13",
    "codeean",
    "codeean13",
    "numeroean",
    "isbn",
    "isbn13",
    "isbn10",
    "isbnean",
    "eanisbn",
    "codeisbn",
    "gencod",
    "gencode",
    "gtin",
    "codebarre",
    "codebarres",
    "codeabarres",
    "barcode",
    "streepjescode",
];
const QUANTITIES: [&str; 22] = [
    "quantite",
    "quantites",
    "qte",
    "qt",
    "qty",
    "quantity",
    "nb",
    "nbre",
    "nombre",
    "nbex",
    "nbexemplaires",
    "nombredexemplaires",
    "exemplaires",
    "exemplaire",
    "ex",
    "aantal",
    "aantalexemplaren",
    "exemplaren",
    "hoeveelheid",
    "stuks",
    "copies",
    "count",
];
const REFERENCES: [&str; 20] = [
    "reference",
    "ref",
    "referenceligne",
    "referencedeligne",
    "refligne",
    "votrereference",
    "mareference",
    "linereference",
    "lineref",
    "yourreference",
    "lijnreferentie",
    "referentie",
    "uwreferentie",
    "note",
    "notes",
    "remarque",
    "remarques",
    "opmerking",
    "opmerkingen",
    "commentaire",
];

/// Where a list has what. Columns count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The line of the header, if there is one.
    pub header_line: Option<u32>,
    /// Article numbers.
    pub ean: usize,
    /// Copies; one of each where there is no such column.
    pub quantity: Option<usize>,
    /// The requester's own references.
    pub line_reference: Option<usize>,
}

/// The columns, and the first row of the list proper.
pub(crate) fn find(sheet: &Sheet) -> Result<(Columns, usize), ListError> {
    let rows = sheet.rows();
    if rows.is_empty() {
        return Err(ListError::Empty);
    }
    match rows.iter().take(MAX_ABOVE).position(is_header) {
        Some(at) => Ok((named(rows, at)?, at + 1)),
        None => Ok((unnamed(rows)?, 0)),
    }
}

/// Letters and digits of a word, without accents, in small letters.
fn fold(text: &str) -> String {
    text.nfd().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn position(row: &Row, names: &[&str]) -> Option<usize> {
    row.cells.iter().position(|cell| names.contains(&fold(cell).as_str()))
}

/// Whether a row says what the columns hold: it has no article number, and the word for it, or two others.
fn is_header(row: &Row) -> bool {
    if row.cells.iter().any(|cell| is_ean_like(cell)) {
        return false;
    }
    let others = [&QUANTITIES[..], &REFERENCES].iter().filter(|names| position(row, names).is_some()).count();
    position(row, &EANS).is_some() || (others > 0 && row.cells.iter().filter(|cell| !cell.is_empty()).count() > 1)
}

fn named(rows: &[Row], at: usize) -> Result<Columns, ListError> {
    let (header, below) = (rows.get(at), rows.get(at + 1..).unwrap_or_default());
    let header = header.ok_or(ListError::Empty)?;
    if below.is_empty() {
        return Err(ListError::Empty);
    }
    let ean = position(header, &EANS).or_else(|| fullest(below)).ok_or(ListError::NoEanColumn)?;
    Ok(Columns {
        header_line: Some(header.line),
        ean,
        quantity: position(header, &QUANTITIES),
        line_reference: position(header, &REFERENCES).filter(|column| *column != ean),
    })
}

/// Without a header: article numbers are recognised, then a column of small whole numbers, the next one on the right
/// first; what remains of three columns at most is the reference.
fn unnamed(rows: &[Row]) -> Result<Columns, ListError> {
    let width = width(rows);
    let ean = fullest(rows).or((width == 1).then_some(0)).ok_or(ListError::NoEanColumn)?;
    let others = || (ean + 1..width).chain(0..ean);
    let quantity = others().find(|column| {
        let mut cells = rows.iter().take(LOOKED_AT).map(|row| row.cell(*column)).filter(|cell| !cell.is_empty());
        cells.clone().next().is_some() && cells.all(|cell| cell.len() <= 7 && quantity(cell).is_ok())
    });
    let rest = others().find(|column| Some(*column) != quantity);
    Ok(Columns { header_line: None, ean, quantity, line_reference: rest.filter(|_| width <= 3) })
}

fn width(rows: &[Row]) -> usize {
    rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
}

/// The column with the most article numbers, the first of equals; nothing if none has any.
fn fullest(rows: &[Row]) -> Option<usize> {
    let count = |column| rows.iter().take(LOOKED_AT).filter(|row| is_ean_like(row.cell(column))).count();
    let best = (0..width(rows)).rev().map(|column| (count(column), column)).max_by_key(|(count, _)| *count)?;
    (best.0 > 0).then_some(best.1)
}
