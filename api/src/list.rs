//! Lists: JSON, or the same list as CSV for a spreadsheet (`Accept: text/csv`).
//!
//! CSV is RFC 4180 with `;` and a byte order mark, as French and Belgian spreadsheets open it. No cell can start a formula.

use std::collections::HashSet;

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::problem::Problem;

/// Byte order mark: tells spreadsheets that the text is UTF-8.
pub const BOM: &[u8] = "\u{feff}".as_bytes();

/// Answers with a page `{items, next, ..}` in the form that the caller accepts.
///
/// # Errors
/// 500 when the page cannot be written: a defect.
pub fn answer<T: Serialize>(headers: &HeaderMap, page: &T) -> Result<Response, Problem> {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let csv = accepts.split(',').any(|kind| kind.split(';').next().unwrap_or_default().trim() == "text/csv");
    if !csv {
        return Ok(Json(page).into_response());
    }
    let page = serde_json::to_value(page).map_err(|error| Problem::internal(&error))?;
    let empty = Vec::new();
    let items = page["items"].as_array().unwrap_or(&empty);
    let text = write(items).map_err(|error| Problem::internal(&error))?;
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], text).into_response();
    if let Some(next) = page["next"].as_str().and_then(|next| HeaderValue::from_str(next).ok()) {
        response.headers_mut().insert("bordereau-next", next);
    }
    Ok(response)
}

fn write(items: &[Value]) -> Result<Vec<u8>, csv::Error> {
    let rows: Vec<Vec<(String, String)>> = items.iter().map(cells).collect();
    let mut known = HashSet::new();
    let columns: Vec<&str> =
        rows.iter().flatten().map(|(column, _)| column.as_str()).filter(|column| known.insert(*column)).collect();
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(BOM.to_vec());
    if !columns.is_empty() {
        writer.write_record(&columns)?;
    }
    for row in &rows {
        let cell = |column: &&str| row.iter().find(|(known, _)| known == column).map_or("", |(_, text)| text.as_str());
        writer.write_record(columns.iter().map(cell))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// An item as cells: what is nested gets a column of its own, `owner.name`.
fn cells(item: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    if let Value::Object(fields) = item {
        flatten("", fields, &mut cells);
    }
    cells
}

fn flatten(prefix: &str, fields: &Map<String, Value>, cells: &mut Vec<(String, String)>) {
    for (name, value) in fields {
        let column = format!("{prefix}{name}");
        match value {
            Value::Object(nested) => flatten(&format!("{column}."), nested, cells),
            Value::Array(values) => {
                let texts: Vec<_> = values.iter().map(plain).collect();
                cells.push((column, harmless(&texts.join(" | "))));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                cells.push((column, harmless(&plain(value))));
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// A text that no spreadsheet takes for a formula: what begins like one is set off by an apostrophe.
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test] // attack 63
    fn csv_quotes_nests_and_starts_no_formula() {
        let items = [
            json!({ "number": 1, "name": "=HYPERLINK(\"x\")", "owner": { "name": "Dupont; \"Anne\"" } }),
            json!({ "number": 2, "name": "\tx", "tags": ["a", "b"], "owner": { "name": null } }),
            json!({ "number": 3, "name": "-1" }),
        ];
        let text = String::from_utf8(write(&items).unwrap()).unwrap();
        let expected = "\u{feff}number;name;owner.name;tags\r\n\
            1;\"'=HYPERLINK(\"\"x\"\")\";\"Dupont; \"\"Anne\"\"\";\r\n2;'\tx;;a | b\r\n3;'-1;;\r\n";
        assert_eq!(text, expected);
        assert_eq!(write(&[]).unwrap(), BOM);
    }
}
