//! A dossier as files in a ZIP.

use std::io::{Cursor, Write};

use askama::Template;
use chrono::DateTime;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::gather::Dossier;
use crate::{
    list::{BOM, harmless},
    texts::{self, Language, Value},
};

/// Why a dossier cannot be written: a defect.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// As JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// As CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// As HTML.
    #[error(transparent)]
    Html(#[from] askama::Error),
    /// As a ZIP.
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    /// To memory.
    #[error(transparent)]
    Memory(#[from] std::io::Error),
}

/// The ZIP.
///
/// # Errors
/// A defect.
pub fn write(dossier: &Dossier, language: Language) -> Result<Vec<u8>, Unwritten> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let files = [
        ("index.html", IndexPage { dossier, language }.render()?.into_bytes()),
        ("data.csv", csv(dossier)?),
        ("data.json", serde_json::to_vec_pretty(dossier)?),
    ];
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Fields first, then acts: one table, as a spreadsheet opens it.
fn csv(dossier: &Dossier) -> Result<Vec<u8>, Unwritten> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(BOM.to_vec());
    writer.write_record(["position", "at", "event", "object", "field", "text"])?;
    for row in &dossier.fields {
        let (position, text) = (row.position.to_string(), harmless(row.text.as_deref().unwrap_or_default()));
        writer.write_record([&position, &row.at, &row.event, &row.object, &row.field, &text])?;
    }
    for row in &dossier.acts {
        writer.write_record([&row.position.to_string(), &row.at, &row.event, &row.object, "", ""])?;
    }
    writer.into_inner().map_err(|error| Unwritten::Memory(error.into_error()))
}

#[derive(Template)]
#[template(path = "export/index.html")]
struct IndexPage<'a> {
    dossier: &'a Dossier,
    language: Language,
}

impl IndexPage<'_> {
    fn t(&self, key: &str) -> String {
        texts::say(self.language, key, &[])
    }

    fn t_with(&self, key: &str, name: &'static str, value: &str) -> String {
        texts::say(self.language, key, &[(name, Value::Text(value))])
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes what it finds by reference")]
    fn days(&self, days: &u32) -> String {
        texts::say(self.language, "export-days", &[("count", Value::Count(u64::from(*days)))])
    }

    /// A time as the language writes it, in UTC; the log keeps no other.
    fn time(&self, at: &str) -> String {
        let known = DateTime::parse_from_rfc3339(at);
        known.map_or_else(|_| at.to_owned(), |at| at.format(self.pattern()).to_string())
    }

    fn moment(&self, at: &DateTime<chrono::Utc>) -> String {
        at.format(self.pattern()).to_string()
    }

    fn perhaps(&self, at: Option<&DateTime<chrono::Utc>>) -> String {
        at.map_or_else(|| "-".to_owned(), |at| self.moment(at))
    }

    const fn pattern(&self) -> &'static str {
        match self.language {
            Language::French | Language::English => "%d/%m/%Y %H:%M UTC",
            Language::Dutch => "%d-%m-%Y %H:%M UTC",
        }
    }
}
