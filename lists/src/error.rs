//! Why nothing can be made of a file: one case per reason, with the line where there is one.

/// Why nothing can be made of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It has no line.
    #[error("the list is empty")]
    Empty,
    /// More than [`MAX_LINES`](crate::MAX_LINES).
    #[error("too many lines, from line {line} on")]
    TooManyLines {
        /// The first line too many.
        line: u32,
    },
    /// More than [`MAX_COLUMNS`](crate::MAX_COLUMNS).
    #[error("too many columns on line {line}")]
    TooManyColumns {
        /// The first line that has too many.
        line: u32,
    },
    /// No column holds article numbers.
    #[error("no column holds article numbers")]
    NoEanColumn,
    /// Something that is no text stands in a text.
    #[error("line {line} holds what is no text")]
    NoText {
        /// Where.
        line: u32,
    },
    /// A quotation mark that is never closed swallows lines.
    #[error("a quotation mark on line {line} is not closed")]
    OpenQuote {
        /// Where it is opened.
        line: u32,
    },
    /// A PDF, a picture, a page: no list at all.
    #[error("the file is no list")]
    NotAList,
    /// A workbook that wants a password.
    #[error("the file is protected by a password")]
    Encrypted,
    /// A workbook as it was written before 2007.
    #[error("the file is of an old kind")]
    OldWorkbook,
    /// A workbook that was cut or damaged.
    #[error("the file is damaged")]
    Damaged,
    /// A workbook that becomes far larger than it looks.
    #[error("the file is far larger than it looks")]
    Inflated,
    /// A workbook whose XML declares entities.
    #[error("the file declares entities")]
    Entities,
}
