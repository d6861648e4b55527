//! Lists of articles as people have them: pasted text, CSV with whatever separator, XLSX, ODS.
//!
//! [`read`] turns bytes into lines that say what each asks for and, where it cannot be, why not; nothing is guessed. What must
//! stay true: it does no I/O, ends in bounded time and memory whatever it is given, and never panics.

mod columns;
mod error;
mod file;
mod gather;
mod line;
mod ods;
mod package;
mod sheet;
mod text;
mod xlsx;
mod xml;

pub use columns::Columns;
pub use error::ListError;
pub use gather::{Gathered, gather};
pub use line::{BadEan, BadQuantity, BadReference, ListLine};

/// Most lines of a list, its header aside.
pub const MAX_LINES: usize = 5_000;
/// Most columns of a list.
pub const MAX_COLUMNS: usize = 200;

/// A list that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Where it has what.
    pub columns: Columns,
    /// Its lines, in its order; empty ones are passed over.
    pub lines: Vec<ListLine>,
}

/// Reads a list. What kind of file it is, is seen from its bytes, whatever it is called.
///
/// # Errors
/// [`ListError`]: why nothing can be made of the file as a whole, with the line where there is one.
pub fn read(bytes: &[u8]) -> Result<List, ListError> {
    let sheet = file::read(bytes)?;
    let (columns, first) = columns::find(&sheet)?;
    let rows = sheet.rows().get(first..).unwrap_or_default();
    if let Some(row) = rows.get(MAX_LINES) {
        return Err(ListError::TooManyLines { line: row.line });
    }
    let lines = rows.iter().map(|row| line::read(row, &columns)).collect::<Vec<_>>();
    if lines.is_empty() { Err(ListError::Empty) } else { Ok(List { columns, lines }) }
}
