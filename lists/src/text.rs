//! Pasted text and CSV: in UTF-8, UTF-16 or Windows-1252, with tabs, semicolons, commas or bars, or nothing between.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::{
    error::ListError,
    line::{is_ean_like, quantity},
    sheet::{Cell, Sheet, cell},
};

/// What may stand between columns, the surest first: a comma also stands in titles and prices.
const SEPARATORS: [char; 4] = ['\t', ';', '|', ','];
/// Lines that are looked at to find the separator.
const LOOKED_AT: usize = 50;
/// More line breaks within one cell than anybody means.
const MAX_BREAKS: usize = 10;

/// The characters of a file. Without a mark, and not in UTF-8, it is Windows-1252, in which every byte means something.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ListError> {
    let (encoding, rest) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (Some(encoding), bytes.get(mark..).unwrap_or_default()),
        None => (guess_utf_16(bytes), bytes),
    };
    let text = match encoding {
        Some(encoding) => encoding.decode_without_bom_handling(rest).0,
        None => match std::str::from_utf8(rest) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(rest).0,
        },
    };
    // Old systems end a line with a return alone.
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text };
    let mut line = 1;
    for c in text.chars() {
        match c {
            '\n' => line += 1,
            '\t' => {}
            c if c.is_control() || c == '\u{fffd}' => return Err(ListError::NoText { line }),
            _ => {}
        }
    }
    Ok(text)
}

/// UTF-16 without a mark: every other byte of digits and Latin letters is NUL.
fn guess_utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..bytes.len().min(400))?;
    let nuls = |first: usize| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (high_first, low_first) = (nuls(0), nuls(1));
    let many = start.len() / 4;
    if low_first > many && high_first == 0 {
        Some(UTF_16LE)
    } else if high_first > many && low_first == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The rows of a text.
pub(crate) fn read(text: &str) -> Result<Sheet, ListError> {
    match find_separator(text) {
        Some(separator) => read_columns(text, separator),
        None => read_words(text),
    }
}

/// The surest separator that more than half of the first lines have.
fn find_separator(text: &str) -> Option<char> {
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).take(LOOKED_AT).collect();
    SEPARATORS.into_iter().find(|separator| {
        let having = lines.iter().filter(|line| has_outside_quotes(line, *separator)).count();
        having * 2 > lines.len()
    })
}

fn has_outside_quotes(line: &str, wanted: char) -> bool {
    let mut quoted = false;
    line.chars().any(|c| {
        quoted ^= c == '"';
        c == wanted && !quoted
    })
}

fn read_columns(text: &str, separator: char) -> Result<Sheet, ListError> {
    let separator = u8::try_from(separator).unwrap_or(b';');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = csv::StringRecord::new();
    // The text is UTF-8 and may have any number of cells: nothing is left to fail.
    while reader.read_record(&mut record).map_err(|_| ListError::Damaged)? {
        let line = record.position().map_or(0, |position| line_at(text, position));
        if record.len() > crate::MAX_COLUMNS {
            return Err(ListError::TooManyColumns { line });
        }
        if record.iter().any(|field| field.matches('\n').count() > MAX_BREAKS) {
            return Err(ListError::OpenQuote { line });
        }
        sheet.push(line, record.iter().map(cell).collect())?;
    }
    Ok(sheet)
}

/// The line on which a record begins: the reader counts the empty ones above it to the record.
fn line_at(text: &str, position: &csv::Position) -> u32 {
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| **byte == b'\n').count();
    u32::try_from(position.line()).unwrap_or(u32::MAX).saturating_add(u32::try_from(empty).unwrap_or(u32::MAX))
}

/// One number a line, and perhaps how many: `9782330150136`, `978-2-330-15013-6 x 2`.
fn read_words(text: &str) -> Result<Sheet, ListError> {
    let mut sheet = Sheet::default();
    for (line, words) in (1..).zip(text.lines()) {
        let words = words.trim();
        let words = words.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(words);
        sheet.push(line, split(words).unwrap_or_else(|| vec![cell(words)]))?;
    }
    Ok(sheet)
}

/// Takes a number and a quantity apart, where a line is not a number as a whole.
fn split(words: &str) -> Option<Vec<Cell>> {
    if is_ean_like(words) {
        return None;
    }
    let (number, count) = words.rsplit_once(char::is_whitespace).or_else(|| words.rsplit_once(['x', '×', '*']))?;
    let number = number.trim_end().trim_end_matches(['x', 'X', '×', '*']);
    (is_ean_like(number) && quantity(count).is_ok()).then(|| vec![cell(number), cell(count)])
}
