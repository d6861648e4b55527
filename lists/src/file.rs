//! What kind of file it is: seen from its first bytes, never from its name.

use crate::{error::ListError, ods, package::Package, sheet::Sheet, text, xlsx};

/// How a ZIP begins, which XLSX and ODS are; an empty one has no entry.
const ZIPS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// A compound file: a workbook of before 2007, or a newer one that is encrypted.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// What people take for a list, and is none.
const OTHERS: [&[u8]; 9] =
    [b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"RIFF"];
/// How pages and other documents of marks begin, in small letters.
const MARKED: [&str; 4] = ["<!doctype", "<html", "<?xml", "<svg"];

/// The rows of a file.
pub(crate) fn read(bytes: &[u8]) -> Result<Sheet, ListError> {
    if ZIPS.iter().any(|begin| bytes.starts_with(begin)) {
        let mut package = Package::open(bytes)?;
        return if package.holds("content.xml") {
            ods::read(&mut package)
        } else if package.holds("xl/workbook.xml") {
            xlsx::read(&mut package)
        } else {
            Err(ListError::NotAList)
        };
    }
    if bytes.starts_with(COMPOUND) {
        return Err(if holds_encrypted_package(bytes) { ListError::Encrypted } else { ListError::OldWorkbook });
    }
    // A list of pasted words may begin like a bitmap: that has NULs soon.
    let bitmap = bytes.starts_with(b"BM") && bytes.iter().take(32).any(|byte| *byte == 0);
    if bitmap || OTHERS.iter().any(|begin| bytes.starts_with(begin)) {
        return Err(ListError::NotAList);
    }
    let text = text::decode(bytes)?;
    let begin: String = text.trim_start().chars().take(9).collect::<String>().to_ascii_lowercase();
    if MARKED.iter().any(|mark| begin.starts_with(mark)) { Err(ListError::NotAList) } else { text::read(&text) }
}

/// Whether a compound file has the stream of that name, which stands in its directory in UTF-16.
fn holds_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}
