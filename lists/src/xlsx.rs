//! XLSX (ECMA-376): the first sheet that is not empty. A cell is its text, or its number as it is written in the file, in full.
#![expect(clippy::wildcard_enum_match_arm, reason = "most of what XML can hold is passed over")]

use quick_xml::events::{BytesStart, Event};

use crate::{
    error::ListError,
    package::Package,
    sheet::{Cell, Sheet, cell},
    xml::{Xml, attribute, said},
};

/// Most texts that cells may share.
const MAX_TEXTS: usize = 200_000;
/// Columns that are read: one more than a list may have, to see that there are too many.
const COLUMNS: usize = crate::MAX_COLUMNS + 1;

/// The rows of the first sheet that has any.
pub(crate) fn read(package: &mut Package<'_>) -> Result<Sheet, ListError> {
    let texts = match package.find_text("xl/sharedStrings.xml")? {
        Some(xml) => texts(&xml)?,
        None => Vec::new(),
    };
    for path in sheets(package)? {
        let sheet = rows(&package.text(&path)?, &texts)?;
        if !sheet.rows().is_empty() {
            return Ok(sheet);
        }
    }
    Ok(Sheet::default())
}

/// Where the sheets are, in the order of the tabs.
fn sheets(package: &mut Package<'_>) -> Result<Vec<String>, ListError> {
    let (workbook, relations) = (package.text("xl/workbook.xml")?, package.text("xl/_rels/workbook.xml.rels")?);
    let mut wanted = Vec::new();
    elements(&workbook, "sheet", |element| {
        for found in element.attributes().flatten() {
            if found.key.local_name().as_ref() == "id" {
                wanted.push(found.value.into_owned());
            }
        }
        Ok(())
    })?;
    let mut targets = Vec::new();
    elements(&relations, "Relationship", |element| {
        if let (Some(id), Some(target)) = (attribute(element, "Id")?, attribute(element, "Target")?) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), ToOwned::to_owned);
            targets.push((id, path));
        }
        Ok(())
    })?;
    let path = |id: &String| targets.iter().find(|(known, _)| known == id).map(|(_, path)| path.clone());
    Ok(wanted.iter().filter_map(path).collect())
}

/// Shows each element of this name.
fn elements(
    xml: &str,
    name: &str,
    mut show: impl FnMut(&BytesStart<'_>) -> Result<(), ListError>,
) -> Result<(), ListError> {
    let mut xml = Xml::new(xml);
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == name => show(&element)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// The texts that cells share. What is read aloud beside (`rPh`) is no part of a text.
fn texts(xml: &str) -> Result<Vec<Cell>, ListError> {
    let mut xml = Xml::new(xml);
    let mut texts = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                if texts.len() >= MAX_TEXTS {
                    return Err(ListError::Inflated);
                }
                texts.push(cell(&rich(&mut xml, "si")?));
            }
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

/// The text of an element of text runs, up to its end.
fn rich(xml: &mut Xml<'_>, end: &str) -> Result<String, ListError> {
    let mut text = String::new();
    let (mut within, mut aloud) = (false, false);
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" => within = !aloud,
                "rPh" => aloud = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "t" => within = false,
                "rPh" => aloud = false,
                name if name == end => return Ok(text),
                _ => {}
            },
            Event::Eof => return Err(ListError::Damaged),
            _ if within => said(&event, &mut text)?,
            _ => {}
        }
    }
}

/// The rows of a sheet.
fn rows(xml: &str, texts: &[Cell]) -> Result<Sheet, ListError> {
    let mut xml = Xml::new(xml);
    let mut sheet = Sheet::default();
    let mut line = 0;
    let mut cells: Vec<Cell> = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "row" => {
                let told = attribute(&element, "r")?.and_then(|r| r.parse().ok());
                line = told.unwrap_or(line + 1);
            }
            Event::End(element) if element.local_name().as_ref() == "row" => {
                sheet.push(line, std::mem::take(&mut cells))?;
            }
            Event::Start(element) if element.local_name().as_ref() == "c" => {
                let told = attribute(&element, "r")?.and_then(|r| column(&r));
                let kind = attribute(&element, "t")?;
                let value = value(&mut xml, kind.as_deref(), texts)?;
                let at = told.unwrap_or(cells.len()).min(COLUMNS - 1);
                if !value.is_empty() && at >= crate::MAX_COLUMNS {
                    return Err(ListError::TooManyColumns { line });
                }
                if cells.len() <= at {
                    cells.resize(at + 1, cell(""));
                }
                if let Some(place) = cells.get_mut(at) {
                    *place = value;
                }
            }
            Event::Eof => return Ok(sheet),
            _ => {}
        }
    }
}

/// The column of `AB12`, from 0; nothing for what is no place, a far one for what is beyond every list.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    let number = letters.fold(0usize, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    number.checked_sub(1)
}

/// What a cell holds. A formula counts by its last result; an error in a cell is what the cell shows.
fn value(xml: &mut Xml<'_>, kind: Option<&str>, texts: &[Cell]) -> Result<Cell, ListError> {
    let (mut text, mut within) = (String::new(), false);
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(element) => match element.local_name().as_ref() {
                "v" => within = true,
                "is" => text = rich(xml, "is")?,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "v" => within = false,
                "c" => break,
                _ => {}
            },
            Event::Eof => return Err(ListError::Damaged),
            _ if within => said(&event, &mut text)?,
            _ => {}
        }
    }
    Ok(match kind {
        Some("s") => {
            let shared = text.trim().parse::<usize>().ok().and_then(|at| texts.get(at));
            shared.cloned().ok_or(ListError::Damaged)?
        }
        Some(_) => cell(&text),
        None => cell(&plain(&text)),
    })
}

/// A number of the file without its exponent, which writers put there for long ones: `9.782330150136E12`. No digit is
/// added that was not told, but zeros.
fn plain(number: &str) -> String {
    let Some((mantissa, exponent)) = number.trim().split_once(['E', 'e']) else { return number.to_owned() };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match exponent.trim_start_matches('+').parse::<usize>() {
        Ok(places) if places <= 20 && decimals.len() <= places && digits(whole) && digits(decimals) => {
            format!("{whole}{decimals}{}", "0".repeat(places - decimals.len()))
        }
        Ok(_) | Err(_) => number.to_owned(),
    }
}
