//! ODS (OASIS `OpenDocument` 1.2): the first table that is not empty. Rows and cells may say that they stand there many times.
#![expect(clippy::wildcard_enum_match_arm, reason = "most of what XML can hold is passed over")]

use quick_xml::events::{BytesStart, Event};

use crate::{
    error::ListError,
    package::Package,
    sheet::{Cell, Sheet, cell},
    xml::{Xml, attribute, said},
};

/// Columns that are read: one more than a list may have, to see that there are too many.
const COLUMNS: usize = crate::MAX_COLUMNS + 1;

/// The rows of the first table that has any.
pub(crate) fn read(package: &mut Package<'_>) -> Result<Sheet, ListError> {
    if let Some(manifest) = package.find_text("META-INF/manifest.xml")?
        && is_encrypted(&manifest)?
    {
        return Err(ListError::Encrypted);
    }
    let content = package.text("content.xml")?;
    let mut xml = Xml::new(&content);
    loop {
        match xml.next()? {
            Event::Start(element) if element.name().as_ref() == "table:table" => {
                let sheet = table(&mut xml)?;
                if !sheet.rows().is_empty() {
                    return Ok(sheet);
                }
            }
            Event::Eof => return Ok(Sheet::default()),
            _ => {}
        }
    }
}

fn is_encrypted(manifest: &str) -> Result<bool, ListError> {
    let mut xml = Xml::new(manifest);
    loop {
        match xml.next()? {
            Event::Start(element) if element.local_name().as_ref() == "encryption-data" => return Ok(true),
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// How often something stands there.
fn repeated(element: &BytesStart<'_>, name: &str) -> Result<u32, ListError> {
    Ok(attribute(element, name)?.and_then(|times| times.parse().ok()).unwrap_or(1))
}

/// A table, up to its end. A table within a cell is no part of the list.
fn table(xml: &mut Xml<'_>) -> Result<Sheet, ListError> {
    let mut sheet = Sheet::default();
    let (mut line, mut times) = (1u32, 1u32);
    let mut cells: Vec<Cell> = Vec::new();
    loop {
        match xml.next()? {
            Event::Start(element) => match element.name().as_ref() {
                "table:table-row" => times = repeated(&element, "table:number-rows-repeated")?,
                "table:table-cell" | "table:covered-table-cell" => {
                    let columns = repeated(&element, "table:number-columns-repeated")?;
                    let value = value(xml, &element)?;
                    let room = COLUMNS.saturating_sub(cells.len());
                    let wanted = usize::try_from(columns).unwrap_or(usize::MAX);
                    cells.extend(std::iter::repeat_n(value, wanted.min(room)));
                }
                _ => {}
            },
            Event::End(element) => match element.name().as_ref() {
                "table:table-row" => {
                    push(&mut sheet, line, times, &cells)?;
                    cells.clear();
                    line = line.saturating_add(times);
                    times = 1;
                }
                "table:table" => return Ok(sheet),
                _ => {}
            },
            Event::Eof => return Err(ListError::Damaged),
            _ => {}
        }
    }
}

/// Takes in a row as often as it stands there; an empty one is passed over however often.
fn push(sheet: &mut Sheet, line: u32, times: u32, cells: &[Cell]) -> Result<(), ListError> {
    if cells.iter().all(|cell| cell.is_empty()) {
        return Ok(());
    }
    for again in 0..times {
        sheet.push(line.saturating_add(again), cells.to_vec())?;
    }
    Ok(())
}

/// What a cell holds: its number in full where it has one, else its paragraphs. Notes beside it are passed over.
fn value(xml: &mut Xml<'_>, element: &BytesStart<'_>) -> Result<Cell, ListError> {
    let number = match attribute(element, "office:value-type")?.as_deref() {
        Some("float" | "currency" | "percentage") => attribute(element, "office:value")?,
        Some(_) | None => None,
    };
    let name = element.name();
    let (mut text, mut aside, mut depth) = (String::new(), 0u32, 0u32);
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(inner) if inner.name() == name => depth += 1,
            Event::Start(inner) if inner.name().as_ref() == "office:annotation" => aside += 1,
            Event::Start(inner) if matches!(inner.name().as_ref(), "text:p" | "text:s" | "text:tab") => text.push(' '),
            Event::End(inner) if inner.name() == name && depth == 0 => break,
            Event::End(inner) if inner.name() == name => depth -= 1,
            Event::End(inner) if inner.name().as_ref() == "office:annotation" => aside = aside.saturating_sub(1),
            Event::Eof => return Err(ListError::Damaged),
            _ if aside == 0 => said(&event, &mut text)?,
            _ => {}
        }
    }
    Ok(cell(number.as_deref().unwrap_or(&text)))
}
