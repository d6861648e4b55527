//! Lists as people have them, and files that only look like lists.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, there and then")]

mod broken;
mod properties;
mod texts;
mod workbooks;

use std::io::{Cursor, Write};

use bordereau_lists::{BadEan, BadQuantity, List, ListError, ListLine, read};
use zip::{ZipWriter, write::SimpleFileOptions};

const ROAD: &str = "9782330150136";
const ALOUD: &str = "9782362210419";
const GUIDE: &str = "9791097284657";

/// What a list asks for, where every line is good: number, copies, reference.
fn asked(list: &List) -> Vec<(String, u32, Option<&str>)> {
    let good = |line: &ListLine| line.line_reference.as_ref().map(Option::is_some).is_ok();
    assert!(list.lines.iter().all(good));
    let asked = |line: &'_ ListLine| (line.ean.unwrap().to_string(), line.quantity.unwrap());
    list.lines
        .iter()
        .map(|line| {
            let (ean, quantity) = asked(line);
            (ean, quantity, line.line_reference.as_ref().unwrap().as_deref())
        })
        .collect()
}

/// A ZIP of these files.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An ODS with one table of these rows, as XML.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content
        xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
        xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
        xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
        <table:table table:name="Feuille1"><table:table-column/>{rows}</table:table>
        </office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
    ])
}

/// An XLSX whose only sheet has this data, as XML.
fn xlsx(shared: &str, data: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{data}</sheetData></worksheet>");
    let relations = r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>"#;
    zipped(&[
        ("xl/workbook.xml", br#"<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}
