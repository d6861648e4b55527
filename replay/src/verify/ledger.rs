//! One ledger, event after event: what each must be after those before it.

use std::collections::HashMap;

use anyhow::Context;
use bordereau_domain::{Event, line::Line, order::OrderEvent, quote::QuoteEvent};
use bordereau_store::{Head, MerkleTree, Store};

use super::{
    Finding, Kind, Seen,
    look::{Chunk, Looked, look_through},
    money,
    states::State,
};
use crate::progress::Progress;

/// What was read of a ledger.
pub(super) struct Read {
    pub(super) tree: MerkleTree,
    pub(super) aggregates: usize,
    pub(super) findings: Vec<Finding>,
}

/// A stream as far as it was read.
struct Stream {
    sequence: u64,
    /// The state, as long as every event of the stream was read, decoded and legal: what comes after is not judged.
    state: Option<State>,
}

/// A ledger under way.
struct Reading<'a> {
    /// Of all ledgers that are verified; this one's place among them.
    names: &'a [String],
    number: usize,
    seen: &'a mut Seen,
    streams: HashMap<String, Stream>,
    position: u64,
    recorded_at: i64,
    tree: MerkleTree,
    findings: Vec<Finding>,
}

/// Reads a ledger to its end.
pub(super) async fn read(
    store: &Store,
    head: &Head,
    number: usize,
    names: &[String],
    seen: &mut Seen,
    progress: &Progress,
) -> anyhow::Result<Read> {
    let mut reading = Reading {
        names,
        number,
        seen,
        streams: HashMap::new(),
        position: 0,
        recorded_at: i64::MIN,
        tree: MerkleTree::default(),
        findings: Vec::new(),
    };
    let mut chunks = look_through(store, &head.ledger);
    while let Some(chunk) = chunks.recv().await {
        let Chunk { events, unreadable } =
            chunk.with_context(|| format!("{}, after position {}", head.ledger, reading.position))?;
        progress.advance(u64::try_from(events.len())?);
        for event in events {
            reading.take(event);
        }
        if let Some((position, reason)) = unreadable {
            reading.position = position;
            reading.find(position, Kind::Event, format!("it cannot be read: {reason}"));
        }
    }
    // The service may have written since: nothing may be missing of what was there, nor stand above the head now.
    let now = store.head(&head.ledger).await?.map_or(0, |head| head.position);
    reading.end(head.position, now);
    Ok(Read { tree: reading.tree, aggregates: reading.streams.len(), findings: reading.findings })
}

impl Reading<'_> {
    fn find(&mut self, position: u64, kind: Kind, what: String) {
        self.findings.push(Finding { position, kind, what });
    }

    fn take(&mut self, looked: Looked) {
        self.place(&looked);
        self.tree.push(looked.leaf);
        let Looked { position, stream, sequence, event, complaints, .. } = looked;
        for (kind, what) in complaints {
            self.find(position, kind, what);
        }
        self.step(position, stream, sequence, event);
    }

    /// Position, time and id.
    fn place(&mut self, looked: &Looked) {
        let (expected, found) = (self.position + 1, looked.position);
        if found > expected + 1 {
            self.find(expected, Kind::Position, format!("positions {expected} to {} are missing", found - 1));
        } else if found == expected + 1 {
            self.find(expected, Kind::Position, format!("position {expected} is missing"));
        } else if found != expected {
            self.find(found, Kind::Position, format!("the position came where {expected} was expected"));
        }
        self.position = found;
        if looked.recorded_at < self.recorded_at {
            let early = self.recorded_at - looked.recorded_at;
            self.find(found, Kind::Time, format!("it was recorded {early} µs before the event before it"));
        }
        self.recorded_at = looked.recorded_at;
        match self.seen.get(&looked.event_id) {
            Some((ledger, position)) => {
                let what = format!("its id is that of position {position} of {}", self.names[*ledger]);
                self.find(found, Kind::EventId, what);
            }
            None => drop(self.seen.insert(looked.event_id, (self.number, found))),
        }
    }

    /// Sequence, legality and what amounts rest on.
    fn step(&mut self, position: u64, name: String, sequence: u64, event: Option<Event>) {
        let known = self.streams.remove(&name);
        let mut stream = known.unwrap_or_else(|| Stream { sequence: 0, state: event.as_ref().map(State::before) });
        let expected = stream.sequence + 1;
        if sequence != expected {
            self.find(position, Kind::Sequence, format!("sequence {sequence} of {name} came where {expected} should"));
            stream.state = None;
        }
        stream.sequence = sequence;
        stream.state = match (stream.state, event) {
            (Some(state), Some(event)) => self.judge(position, state, &event),
            _ => None,
        };
        self.streams.insert(name, stream);
    }

    /// The state after the event, if it may follow.
    fn judge(&mut self, position: u64, mut state: State, event: &Event) -> Option<State> {
        if let Err(what) = state.allows(event) {
            self.find(position, Kind::Step, what);
            return None;
        }
        if let Some(what) = money::wrong_after(&state, event).or_else(|| self.other_lines(event)) {
            self.find(position, Kind::Money, what);
        }
        state.evolve(event);
        Some(state)
    }

    /// Whether a document carries other lines than what it was made of.
    fn other_lines(&self, event: &Event) -> Option<String> {
        let (origin, lines) = match event {
            Event::Quote(QuoteEvent::Requested { basket, lines, .. }) => {
                (format!("Basket {}", basket.basket_id), lines)
            }
            Event::Order(OrderEvent::Placed { quote_id: Some(quote), lines, .. }) => (format!("Quote {quote}"), lines),
            Event::Order(OrderEvent::Placed { basket, lines, .. }) => (format!("Basket {}", basket.basket_id), lines),
            Event::Quote(_)
            | Event::Order(_)
            | Event::Basket(_)
            | Event::Shop(_)
            | Event::Institution(_)
            | Event::Account(_)
            | Event::Subject(_) => return None,
        };
        // What cannot be judged has been told where it began.
        let before = lines_of(self.streams.get(&origin)?.state.as_ref()?)?;
        (before != lines).then(|| format!("its lines are not those of {origin}"))
    }

    fn end(&mut self, before: u64, now: u64) {
        let last = self.position;
        if last < before {
            let first = last + 1;
            self.find(first, Kind::Position, format!("the log ends before it: the head stands at {before}"));
        }
        if last > now {
            self.find(now + 1, Kind::Position, format!("the log goes on above the head, which stands at {now}"));
        }
    }
}

fn lines_of(state: &State) -> Option<&[Line]> {
    match state {
        State::Basket(basket) => basket.opened().map(|basket| basket.lines.as_slice()),
        State::Quote(quote) => quote.opened().map(|quote| quote.lines.as_slice()),
        State::Shop(_) | State::Institution(_) | State::Account(_) | State::Subject(_) | State::Order(_) => None,
    }
}
