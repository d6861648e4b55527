//! The disk's own limit: one page written and made durable, again and again.

use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

use crate::statistics::{Sample, Summary};

/// One page.
const PAGE: usize = 4096;
/// Pages of the file. It is written once before the measurement and then in place, as a write-ahead log that is
/// reused: no commit waits for the file to grow.
const PAGES: usize = 2048;

/// Writes pages with `fdatasync` after each for `span`.
///
/// # Errors
/// When the file cannot be written.
pub fn measure(folder: &Path, span: Duration) -> std::io::Result<Summary> {
    let path = folder.join("pages");
    let mut file = File::create(&path)?;
    let page = [0x5a; PAGE];
    for _ in 0..PAGES {
        file.write_all(&page)?;
    }
    file.sync_all()?;
    let mut waits = Vec::new();
    let began = Instant::now();
    while began.elapsed() < span {
        if waits.len() % PAGES == 0 {
            file.seek(SeekFrom::Start(0))?;
        }
        let asked = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        waits.push(asked.elapsed());
    }
    let elapsed = began.elapsed();
    std::fs::remove_file(path)?;
    Ok(Sample { waits, elapsed }.summarise())
}
