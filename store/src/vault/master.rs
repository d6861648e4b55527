//! The master key: 32 bytes in hexadecimal in a file that only its owner may read. Without it nothing that is sealed
//! can ever be opened.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use zeroize::Zeroizing;

use super::Secret;
use crate::error::OpenError;

/// Reads the master key; a missing file is an error.
pub(crate) fn read(path: &Path) -> Result<Secret, OpenError> {
    let text = Zeroizing::new(fs::read_to_string(path).map_err(|source| io_error(path, source))?);
    parse(&text).ok_or_else(|| OpenError::Key(format!("{} does not hold 64 hexadecimal digits", path.display())))
}

/// Reads the master key; makes it if the file is missing.
pub(crate) fn read_or_make(path: &Path) -> Result<Secret, OpenError> {
    if !path.exists() {
        make(path).map_err(|source| io_error(path, source))?;
    }
    read(path)
}

fn parse(text: &str) -> Option<Secret> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    hex::decode_to_slice(text.trim(), bytes.as_mut_slice()).ok()?;
    Some(Secret::from_bytes(*bytes))
}

/// Writes a fresh key under another name and links it into place: whoever starts at the same time sees all of it or
/// nothing, and the first one wins.
fn make(path: &Path) -> io::Result<()> {
    let unique: u64 = rand::random();
    let draft = path.with_extension(format!("{unique:016x}"));
    let mut file = private_file(&draft)?;
    let text = Zeroizing::new(hex::encode(Secret::random().as_bytes()));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => sync_folder(path),
    }
}

/// A new file that only its owner may read; an error if it exists.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names in the folder of a file durable.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        Some(_) | None => Ok(()),
    }
}

fn io_error(path: &Path, source: io::Error) -> OpenError {
    OpenError::Io { path: path.display().to_string(), source }
}
