//! A stream of events, as tests read it: block by block, each within a time that a busy machine needs.

use std::time::Duration;

use axum::{body::Body, http::HeaderMap};
use futures::StreamExt;
use serde_json::Value;

/// How long the next block may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open stream.
pub struct EventStream {
    /// The headers of the answer.
    pub headers: HeaderMap,
    body: axum::body::BodyDataStream,
    unread: Vec<u8>,
}

/// A block of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// `id:`.
    pub id: Option<u64>,
    /// `data:`, read as JSON.
    pub data: Option<Value>,
    /// Names of all its fields; a comment has an empty one.
    pub fields: Vec<String>,
}

impl Block {
    /// Reads the lines of a block.
    #[track_caller]
    pub fn read(text: &str) -> Self {
        let mut block = Self::default();
        for line in text.lines().filter(|line| !line.is_empty()) {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "id" => block.id = Some(value.parse().unwrap()),
                "data" => {
                    assert!(block.data.is_none(), "an event is one line: {text}");
                    block.data = Some(serde_json::from_str(value).unwrap());
                }
                _ => {}
            }
            block.fields.push(field.to_owned());
        }
        block
    }
}

impl EventStream {
    pub(crate) fn new(headers: HeaderMap, body: Body) -> Self {
        Self { headers, body: body.into_data_stream(), unread: Vec::new() }
    }

    /// The next block; none when the stream has ended.
    pub async fn next_block(&mut self) -> Option<Block> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.unread.drain(..end + 2).collect();
                return Some(Block::read(std::str::from_utf8(&block).unwrap()));
            }
            let more = tokio::time::timeout(PATIENCE, self.body.next()).await.expect("nothing comes any more");
            self.unread.extend(more?.expect("a sound body"));
        }
    }

    /// The next event, as (id, event).
    pub async fn next_event(&mut self) -> (u64, Value) {
        loop {
            let block = self.next_block().await.expect("the stream has ended");
            if let Some(event) = block.data {
                return (block.id.expect("every event has an id"), event);
            }
        }
    }

    /// The next events, as many as are asked for.
    pub async fn take(&mut self, count: u64) -> Vec<(u64, Value)> {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(self.next_event().await);
        }
        events
    }

    /// Reads until the stream ends; how long that took.
    pub async fn drain(mut self) -> Duration {
        let began = std::time::Instant::now();
        while self.next_block().await.is_some() {}
        began.elapsed()
    }
}
