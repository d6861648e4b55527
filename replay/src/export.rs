//! `export`: ledgers as lines of a file, byte for byte as they are stored, up to where each stands when it is begun.
//!
//! The sealed data goes along, the keys do not: without `keys.db` (on PostgreSQL the schema `bordereau_keys`) and the
//! master key what people wrote cannot be read, and reads as erased where the file is brought in.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use bordereau_store::{Head, MerkleTree, Store, StoredEvent, leaf};
use serde::Serialize;

use crate::{
    desk::{Desk, Verdict, refuse},
    lines::{End, FORMAT, Header, Line, VERSION},
    progress::Progress,
};

/// How many rows are read at once.
const CHUNK: usize = 2_000;

/// The answer.
#[derive(Debug, Serialize)]
struct Exported {
    file: PathBuf,
    ledgers: Vec<Header>,
}

/// Writes all ledgers, or one, to a file that must not exist.
pub(crate) async fn run(desk: &Desk, file: &Path, code: Option<&str>) -> anyhow::Result<Verdict> {
    if file.exists() {
        return refuse(format!("{} exists", file.display()));
    }
    let heads = desk.ledgers(code).await?;
    let progress = Progress::begin("exporting", heads.iter().map(|head| 2 * head.position).sum());
    // Half a file never has the name of a whole one.
    let mut draft = OsString::from(file);
    draft.push(".partial");
    let written = write(desk, &heads, Path::new(&draft), &progress).await;
    let ledgers = match written {
        Ok(ledgers) => ledgers,
        Err(error) => {
            fs::remove_file(&draft).ok();
            return Err(error);
        }
    };
    fs::rename(&draft, file).with_context(|| file.display().to_string())?;
    progress.end();
    let exported = Exported { file: file.to_owned(), ledgers };
    desk.say(&exported, || {
        let of = |header: &Header| format!("{}: {} events, root {}", header.ledger, header.count, header.root);
        exported.ledgers.iter().map(of).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Verdict::Sound)
}

async fn write(desk: &Desk, heads: &[Head], draft: &Path, progress: &Progress) -> anyhow::Result<Vec<Header>> {
    // Sealed data is for those alone who may read the store.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(draft);
    let mut out = BufWriter::with_capacity(1 << 20, file.with_context(|| draft.display().to_string())?);
    let mut ledgers = Vec::new();
    for head in heads {
        ledgers.push(write_ledger(&desk.store, head, &mut out, progress).await?);
    }
    let file: File = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(ledgers)
}

async fn write_ledger(store: &Store, head: &Head, out: &mut impl Write, progress: &Progress) -> anyhow::Result<Header> {
    let Head { ledger, position, epoch, .. } = head;
    let mut tree = MerkleTree::default();
    each_chunk(store, head, progress, |events| {
        for event in &events {
            tree.push(leaf(event));
        }
        Ok(())
    })
    .await?;
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        ledger: ledger.clone(),
        epoch: *epoch,
        head: *position,
        count: tree.size(),
        root: hex::encode(tree.root()),
    };
    put(out, &Line::Header(header.clone()))?;
    each_chunk(store, head, progress, |events| {
        events.into_iter().try_for_each(|event| put(out, &Line::Event(event.into())))
    })
    .await?;
    let sealed = write_sealed(store, ledger, out).await?;
    put(out, &Line::End(End { ledger: ledger.clone(), events: header.count, sealed }))?;
    Ok(header)
}

/// Hands out the events of a ledger up to its head.
async fn each_chunk(
    store: &Store,
    head: &Head,
    progress: &Progress,
    mut take: impl FnMut(Vec<StoredEvent>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut after = 0;
    while after < head.position {
        let mut events = store.read(&head.ledger, after, CHUNK).await?;
        events.retain(|event| event.position <= head.position);
        let dense = (after + 1..).zip(&events).all(|(expected, event)| event.position == expected);
        ensure!(dense && !events.is_empty(), "{}: a position is missing after {after}: verify it first", head.ledger);
        let count = u64::try_from(events.len())?;
        after += count;
        take(events)?;
        progress.advance(count);
    }
    Ok(())
}

async fn write_sealed(store: &Store, ledger: &str, out: &mut impl Write) -> anyhow::Result<u64> {
    let (mut after, mut count) = (Vec::new(), 0);
    loop {
        let fields = store.list_sealed(ledger, &after, CHUNK).await?;
        let Some(last) = fields.last() else { return Ok(count) };
        after = last.digest.to_vec();
        for field in fields {
            put(out, &Line::Sealed(field.into()))?;
            count += 1;
        }
    }
}

fn put(out: &mut impl Write, line: &Line) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    Ok(out.write_all(b"\n")?)
}
