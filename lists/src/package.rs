//! A workbook's ZIP, opened within limits: what it announces is not believed, what comes out of it is counted.

use std::io::{Cursor, Read};

use zip::{ZipArchive, result::ZipError};

use crate::error::ListError;

/// Most bytes that may come out of a workbook in all.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Most files in it.
const MAX_FILES: usize = 1_000;

/// A workbook's ZIP.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens it.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, ListError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ListError::Damaged)?;
        if archive.len() > MAX_FILES { Err(ListError::Inflated) } else { Ok(Self { archive, left: MAX_BYTES }) }
    }

    /// Whether it has such a file.
    pub(crate) fn holds(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// The text of a file; nothing if there is none.
    pub(crate) fn find_text(&mut self, name: &str) -> Result<Option<String>, ListError> {
        let file = match self.archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::InvalidPassword) => return Err(ListError::Encrypted),
            Err(ZipError::UnsupportedArchive(why)) if why == ZipError::PASSWORD_REQUIRED => {
                return Err(ListError::Encrypted);
            }
            Err(_) => return Err(ListError::Damaged),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.left + 1).read_to_end(&mut bytes).map_err(|_| ListError::Damaged)?;
        self.left = self.left.checked_sub(read as u64).ok_or(ListError::Inflated)?;
        let text = String::from_utf8(bytes).map_err(|_| ListError::Damaged)?;
        Ok(Some(text))
    }

    /// The text of a file that must be there.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, ListError> {
        self.find_text(name)?.ok_or(ListError::Damaged)
    }
}
