//! A stretch of the log as a stream shows it: written once, cut to what each follower wants without being copied.

use std::collections::VecDeque;
use std::sync::Arc;

use bordereau_store::StoredEvent;
use bytes::Bytes;

use super::{cloud_event::CloudEvent, follow::Wanted};

/// Events of a ledger that follow one another, as blocks of `text/event-stream`.
#[derive(Debug)]
pub struct Batch {
    bytes: Bytes,
    blocks: Vec<Block>,
}

/// Where an event's block ends in the bytes, and what filters ask of it.
#[derive(Debug)]
struct Block {
    position: u64,
    end: usize,
    kind: String,
    subject: String,
    actor: Option<String>,
    on_behalf_of: Option<String>,
}

/// An event as far as pages ask: where it stands, what it was, of what, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Place in the shop's ledger.
    pub position: u64,
    /// Its `CloudEvents` type.
    pub kind: String,
    /// Its `CloudEvents` subject.
    pub subject: String,
    /// Who acted; a foreign program may not have said.
    pub actor: Option<String>,
    /// In whose place, where it was not in his own name.
    pub on_behalf_of: Option<String>,
}

/// What a follower gets of a batch.
#[derive(Debug)]
pub(super) struct Cut {
    /// The blocks, one after the other.
    pub(super) bytes: Bytes,
    /// How many there are.
    pub(super) events: usize,
    /// The position of the last one; 0 without any.
    pub(super) last: u64,
}

impl Batch {
    /// Writes events that stand in the order of their positions; nothing without any.
    ///
    /// # Errors
    /// When payload or metadata of one is not JSON of the known shape.
    pub fn write(events: Vec<StoredEvent>, base: &str) -> Result<Option<Self>, serde_json::Error> {
        let mut bytes = Vec::with_capacity(events.len() * 1_024);
        let mut blocks = Vec::with_capacity(events.len());
        for event in events {
            let event = CloudEvent::of(event, base)?;
            bytes.extend_from_slice(b"id: ");
            bytes.extend_from_slice(event.position.to_string().as_bytes());
            bytes.extend_from_slice(b"\ndata: ");
            let begin = bytes.len();
            serde_json::to_writer(&mut bytes, &event)?;
            one_line(&mut bytes[begin..]);
            bytes.extend_from_slice(b"\n\n");
            let CloudEvent { position, r#type: kind, subject, actor, on_behalf_of, .. } = event;
            blocks.push(Block { position, end: bytes.len(), kind, subject, actor, on_behalf_of });
        }
        Ok((!blocks.is_empty()).then(|| Self { bytes: Bytes::from(bytes), blocks }))
    }

    /// The first position; there is one.
    pub fn first(&self) -> u64 {
        self.blocks.first().map_or(0, |block| block.position)
    }

    /// The last position.
    pub fn last(&self) -> u64 {
        self.blocks.last().map_or(0, |block| block.position)
    }

    /// The events after a position.
    pub fn heard_after(&self, after: u64) -> Vec<Heard> {
        let skipped = self.blocks.partition_point(|block| block.position <= after);
        let heard = |block: &Block| Heard {
            position: block.position,
            kind: block.kind.clone(),
            subject: block.subject.clone(),
            actor: block.actor.clone(),
            on_behalf_of: block.on_behalf_of.clone(),
        };
        self.blocks[skipped..].iter().map(heard).collect()
    }

    /// What is wanted of the events after a position.
    pub(super) fn cut(&self, after: u64, wanted: &Wanted) -> Cut {
        let skipped = self.blocks.partition_point(|block| block.position <= after);
        let begin = if skipped == 0 { 0 } else { self.blocks[skipped - 1].end };
        let rest = &self.blocks[skipped..];
        if wanted.everything() {
            let last = rest.last().map_or(0, |block| block.position);
            return Cut { bytes: self.bytes.slice(begin..), events: rest.len(), last };
        }
        let (mut bytes, mut events, mut last, mut begin) = (Vec::new(), 0, 0, begin);
        for block in rest {
            if wanted.has(&block.kind, &block.subject) {
                bytes.extend_from_slice(&self.bytes[begin..block.end]);
                events += 1;
                last = block.position;
            }
            begin = block.end;
        }
        Cut { bytes: Bytes::from(bytes), events, last }
    }
}

/// A line end would end the field. In JSON it can only stand between tokens, where a space says the same: a program that
/// appends beside us may have laid out its payload.
fn one_line(json: &mut [u8]) {
    for byte in json.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}

/// Most events that the recent past holds.
const MOST_EVENTS: usize = 4_096;
/// Most bytes that it holds.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The recent past of a ledger, without gaps, bounded in events and bytes.
#[derive(Debug, Default)]
pub(super) struct Recent {
    batches: VecDeque<Arc<Batch>>,
    events: usize,
    bytes: usize,
}

impl Recent {
    /// Adds what follows and forgets what is too long ago.
    pub(super) fn push(&mut self, batch: Batch) {
        self.events += batch.blocks.len();
        self.bytes += batch.bytes.len();
        self.batches.push_back(Arc::new(batch));
        while self.batches.len() > 1 && (self.events > MOST_EVENTS || self.bytes > MOST_BYTES) {
            if let Some(old) = self.batches.pop_front() {
                self.events -= old.blocks.len();
                self.bytes -= old.bytes.len();
            }
        }
    }

    /// The batch that holds the event right after a position; nothing when that is too long ago, or still to come.
    pub(super) fn after(&self, position: u64) -> Option<Arc<Batch>> {
        let index = self.batches.partition_point(|batch| batch.last() <= position);
        self.batches.get(index).filter(|batch| batch.first() <= position + 1).map(Arc::clone)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn event(position: u64, payload: &str) -> StoredEvent {
        StoredEvent {
            ledger: "DLIVRE".to_owned(),
            position,
            event_id: Uuid::from_u128(u128::from(position)),
            aggregate_type: "Basket".to_owned(),
            aggregate_id: (position % 2).to_string(),
            sequence: position,
            event_type: "BasketDiscarded".to_owned(),
            event_version: "1".to_owned(),
            recorded_at: 0,
            payload: payload.to_owned(),
            metadata: "{}".to_owned(),
        }
    }

    fn batch(positions: std::ops::RangeInclusive<u64>) -> Batch {
        let events = positions.map(|position| event(position, r#"{"BasketDiscarded":{}}"#)).collect();
        Batch::write(events, "http://x").unwrap().unwrap()
    }

    fn ids(cut: &Cut) -> Vec<u64> {
        let text = std::str::from_utf8(&cut.bytes).unwrap();
        let ids: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("id: ")?.parse().ok()).collect();
        assert_eq!(ids.len(), cut.events);
        assert_eq!(text.matches("\n\n").count(), cut.events);
        ids
    }

    #[test]
    fn a_batch_is_cut_after_any_position_and_by_any_filter() {
        let batch = batch(5..=8);
        let (all, odd) = (Wanted::new("", ""), Wanted::new("", "basket/1"));
        assert_eq!(ids(&batch.cut(0, &all)), [5, 6, 7, 8]);
        assert_eq!(ids(&batch.cut(6, &all)), [7, 8]);
        assert_eq!(ids(&batch.cut(8, &all)), [0; 0]);
        assert_eq!(ids(&batch.cut(5, &odd)), [7]);
        let other = Wanted::new("bordereau.basket.opened.v1", "");
        assert_eq!(ids(&batch.cut(0, &other)), [0; 0]);
    }

    #[test]
    fn a_payload_that_is_laid_out_stays_one_line() {
        let laid_out = event(1, "{\n  \"BasketDiscarded\": {\r\n }}");
        let batch = Batch::write(vec![laid_out], "http://x").unwrap().unwrap();
        let text = String::from_utf8(batch.bytes.to_vec()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        let data: serde_json::Value = serde_json::from_str(lines[1].strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(data["data"], serde_json::json!({ "BasketDiscarded": {} }));
    }

    #[test]
    fn the_recent_past_has_no_gaps_and_forgets_the_oldest() {
        let mut recent = Recent::default();
        assert!(recent.after(0).is_none());
        for first in (1..=20_000).step_by(100) {
            recent.push(batch(first..=first + 99));
        }
        assert!(recent.events <= MOST_EVENTS && recent.bytes <= MOST_BYTES);
        assert!(recent.after(0).is_none(), "too long ago");
        assert!(recent.after(20_000).is_none(), "still to come");
        let oldest = recent.batches.front().unwrap().first();
        assert!(recent.after(oldest - 2).is_none());
        for position in [oldest - 1, oldest, 19_950, 19_999] {
            let found = recent.after(position).unwrap();
            assert!(found.first() <= position + 1 && position < found.last(), "{position}");
        }
    }
}
