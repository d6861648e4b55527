//! `import`: brings exported ledgers into an empty store. The file is read twice: first it is checked to its end, so that
//! nothing is written of one that is damaged; then each ledger goes in, in one transaction, checked again.
//!
//! Every ledger gets a new epoch: from its head on the copy is another history than the original, and who follows events
//! must be told so rather than be fed the one for the other. What stands beside the log is not in the file: sign-ins,
//! API keys, kept answers, e-mail addresses that are taken, the catalogue. A back-up is the way to move a service; this
//! is the way to hold a copy of its record.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Lines},
    path::Path,
};

use anyhow::Context;
use bordereau_domain::{Event, basket::BasketEvent, order::OrderEvent, quote::QuoteEvent};
use bordereau_store::{Arriving, Head, ImportPart, SealedField, StoredEvent};
use serde::Serialize;
use tokio::sync::mpsc;

use crate::{
    desk::{Desk, Verdict, refuse},
    lines::{FORMAT, Header, Line, VERSION, digest},
    progress::Progress,
};

/// How many rows are handed over at once.
const CHUNK: usize = 1_000;

/// What is wrong with the file.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}")]
struct Damaged {
    line: u64,
    what: String,
}

/// A ledger as its file holds it.
#[derive(Clone, Debug)]
struct Promised {
    header: Header,
    root: [u8; 32],
    /// The highest document number of each kind.
    numbers: BTreeMap<&'static str, u64>,
}

/// The answer.
#[derive(Debug, Serialize)]
struct Imported {
    ledgers: Vec<Entered>,
}

/// A ledger that was brought in.
#[derive(Debug, Serialize)]
struct Entered {
    ledger: String,
    events: u64,
    root: String,
    epoch: uuid::Uuid,
}

/// Brings in what a file holds.
pub(crate) async fn run(desk: &Desk, file: &Path) -> anyhow::Result<Verdict> {
    if !desk.store.heads().await?.is_empty() {
        return refuse("the store holds a ledger: only an empty one can be filled");
    }
    let progress = Progress::begin("checking", 0);
    let promised = check(file, &progress)?;
    progress.end();
    let progress = Progress::begin("importing", promised.iter().map(|promised| promised.header.count).sum());
    let mut source = Source::open(file)?;
    let mut ledgers = Vec::new();
    for promised in promised {
        let head = bring_in(desk, &mut source, &promised, &progress).await?;
        let Header { root, count, .. } = promised.header;
        ledgers.push(Entered { ledger: head.ledger, events: count, root, epoch: head.epoch });
    }
    progress.end();
    let imported = Imported { ledgers };
    desk.say(&imported, || {
        let of = |entered: &Entered| {
            let Entered { ledger, events, root, epoch } = entered;
            format!("{ledger}: {events} events, root {root}, epoch {epoch}")
        };
        imported.ledgers.iter().map(of).collect::<Vec<_>>().join("\n")
    })?;
    Ok(Verdict::Sound)
}

/// The lines of the file, with their numbers.
struct Source {
    lines: Lines<BufReader<File>>,
    line: u64,
}

impl Source {
    fn open(file: &Path) -> anyhow::Result<Self> {
        let opened = match File::open(file) {
            Ok(opened) => opened,
            Err(error) => return refuse(format!("{}: {error}", file.display())),
        };
        Ok(Self { lines: BufReader::with_capacity(1 << 20, opened).lines(), line: 0 })
    }

    fn next(&mut self) -> Result<Option<Line>, Damaged> {
        self.line += 1;
        let Some(text) = self.lines.next() else { return Ok(None) };
        let text = text.map_err(|error| self.damaged(error.to_string()))?;
        serde_json::from_str(&text).map(Some).map_err(|error| self.damaged(error.to_string()))
    }

    fn damaged(&self, what: impl Into<String>) -> Damaged {
        Damaged { line: self.line, what: what.into() }
    }

    /// The header with which the next ledger begins; `None` at the end of the file.
    fn header(&mut self) -> Result<Option<(Header, [u8; 32])>, Damaged> {
        let Some(line) = self.next()? else { return Ok(None) };
        let Line::Header(header) = line else { return Err(self.damaged("a header should stand here")) };
        if header.format != FORMAT || header.version != VERSION {
            return Err(self.damaged(format!("{} version {} is not known", header.format, header.version)));
        }
        let root = digest(&header.root).ok_or_else(|| self.damaged("the root is malformed"))?;
        Ok(Some((header, root)))
    }
}

/// Reads the file to its end; what it holds.
fn check(file: &Path, progress: &Progress) -> anyhow::Result<Vec<Promised>> {
    let mut source = Source::open(file)?;
    let mut ledgers: Vec<Promised> = Vec::new();
    while let Some((header, root)) = source.header()? {
        if ledgers.iter().any(|known| known.header.ledger == header.ledger) {
            return Err(source.damaged(format!("{} has come before", header.ledger)).into());
        }
        let mut promised = Promised { header, root, numbers: BTreeMap::new() };
        check_ledger(&mut source, &mut promised, progress)?;
        ledgers.push(promised);
    }
    if ledgers.is_empty() {
        return Err(source.damaged("the file is empty").into());
    }
    Ok(ledgers)
}

fn check_ledger(source: &mut Source, promised: &mut Promised, progress: &Progress) -> Result<(), Damaged> {
    let Promised { header, root, numbers } = promised;
    let mut arriving = Arriving::new(&header.ledger);
    let (mut last, mut sealed) = (None, 0);
    loop {
        match source.next()?.ok_or_else(|| source.damaged("the file ends before the ledger does"))? {
            Line::Header(_) => return Err(source.damaged("the ledger before has no end")),
            Line::Event(_) if sealed > 0 => return Err(source.damaged("an event after sealed data")),
            Line::Event(line) => {
                let event = StoredEvent::from(line);
                arriving.admit(&event).map_err(|error| source.damaged(error.to_string()))?;
                count_number(numbers, &event);
                progress.advance(1);
            }
            Line::Sealed(line) => {
                let field = line.into_field(&header.ledger).ok_or_else(|| source.damaged("it is malformed"))?;
                arriving.admit_sealed(&field).map_err(|error| source.damaged(error.to_string()))?;
                if last.is_some_and(|last| last >= field.digest) {
                    return Err(source.damaged("sealed data comes by digest, each once"));
                }
                last = Some(field.digest);
                sealed += 1;
            }
            Line::End(end) => {
                let events = arriving.position();
                let agrees = end.ledger == header.ledger
                    && (end.events, end.sealed, header.count, header.head) == (events, sealed, events, events);
                if !agrees {
                    return Err(
                        source.damaged(format!("{events} events and {sealed} sealed data came, not what is told"))
                    );
                }
                return arriving.end(*root).map_err(|error| source.damaged(error.to_string()));
            }
        }
    }
}

/// Remembers the number that a document was given. What cannot be decoded is brought in as it is, and `verify` says so.
fn count_number(numbers: &mut BTreeMap<&'static str, u64>, stored: &StoredEvent) {
    let event = Event::decode(&stored.aggregate_type, &stored.event_type, &stored.event_version, &stored.payload).ok();
    let given = match event {
        Some(Event::Basket(BasketEvent::Opened { number, .. })) => Some(("basket", number)),
        Some(Event::Quote(QuoteEvent::Requested { number, .. })) => Some(("quote", number)),
        Some(Event::Order(OrderEvent::Placed { number, .. })) => Some(("order", number)),
        Some(
            Event::Basket(_)
            | Event::Quote(_)
            | Event::Order(_)
            | Event::Shop(_)
            | Event::Institution(_)
            | Event::Account(_)
            | Event::Subject(_),
        )
        | None => None,
    };
    if let Some((kind, number)) = given {
        let highest = numbers.entry(kind).or_default();
        *highest = number.max(*highest);
    }
}

async fn bring_in(desk: &Desk, source: &mut Source, promised: &Promised, progress: &Progress) -> anyhow::Result<Head> {
    let (parts, received) = mpsc::channel(4);
    let (written, sent) = tokio::join!(
        desk.store.import_ledger(&promised.header.ledger, received),
        send(source, promised, parts, progress)
    );
    // Where the store refuses, nobody listens to what is still to be sent.
    let head = written.with_context(|| format!("{} was not brought in", promised.header.ledger))?;
    sent?;
    Ok(head)
}

/// Sends a ledger's lines; the end only after all of them.
async fn send(
    source: &mut Source,
    promised: &Promised,
    parts: mpsc::Sender<ImportPart>,
    progress: &Progress,
) -> anyhow::Result<()> {
    source.header()?;
    let (mut events, mut sealed): (Vec<StoredEvent>, Vec<SealedField>) = Default::default();
    loop {
        let line = source.next()?;
        let ends = matches!(line, Some(Line::End(_)) | None);
        if events.len() >= CHUNK || ends {
            progress.advance(u64::try_from(events.len())?);
            parts.send(ImportPart::Events(std::mem::take(&mut events))).await?;
        }
        if sealed.len() >= CHUNK || ends {
            parts.send(ImportPart::Sealed(std::mem::take(&mut sealed))).await?;
        }
        match line {
            Some(Line::Event(line)) => events.push(line.into()),
            Some(Line::Sealed(line)) => sealed.extend(line.into_field(&promised.header.ledger)),
            Some(Line::End(_)) => {
                let numbers = promised.numbers.iter().map(|(kind, last)| ((*kind).to_owned(), *last)).collect();
                return Ok(parts.send(ImportPart::End { root: promised.root, numbers }).await?);
            }
            Some(Line::Header(_)) | None => return Err(source.damaged("the file has changed").into()),
        }
    }
}
