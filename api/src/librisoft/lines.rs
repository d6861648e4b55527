//! NDJSON, a line at a time: the body is never held whole, however many lines it has.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// Largest streamed body.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Longest line.
const MAX_LINE_BYTES: usize = 256 * 1024;

/// How a synchronisation is meant.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Sync {
    /// All there is: what is not named is withdrawn.
    #[serde(default)]
    pub complete: bool,
    /// Withdraw even more than a fifth.
    #[serde(default)]
    pub force: bool,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was new.
    Created,
    /// It was different.
    Changed,
    /// It was the same: nothing was written.
    Unchanged,
    /// It was not taken; see the reason.
    Refused,
}

/// The answer to one line; the answer as a whole is NDJSON, a line for a line.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineVerdict {
    /// Number of the line, from 1.
    pub line: u32,
    /// What it names: an EAN or a client number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What became of it.
    pub verdict: Verdict,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Refuses a body that is not announced as NDJSON, or as larger than may be.
///
/// # Errors
/// 413, 415.
pub fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(essence.as_str(), "application/x-ndjson" | "application/ndjson" | "application/jsonl") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-ndjson"));
    }
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BYTES) { Err(too_large()) } else { Ok(()) }
}

/// 413: more than [`MAX_BYTES`], or a line that is too long.
pub fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large").arg("max", MAX_BYTES)
}

/// The lines of a body, numbered from 1; blank ones are passed over.
pub struct Lines {
    body: futures::stream::BoxStream<'static, Result<Bytes, axum::Error>>,
    buffer: Vec<u8>,
    scanned: usize,
    taken: usize,
    number: u32,
    ended: bool,
}

impl Lines {
    /// Reads from `body`.
    pub fn new(body: Body) -> Self {
        let body = body.into_data_stream().boxed();
        Self { body, buffer: Vec::new(), scanned: 0, taken: 0, number: 0, ended: false }
    }

    /// The next line with its number; nothing at the end.
    ///
    /// # Errors
    /// 413 when the body or a line is too large, 400 when the connection broke off.
    pub async fn next(&mut self) -> Result<Option<(u32, Vec<u8>)>, Problem> {
        loop {
            if let Some(line) = self.cut() {
                self.number += 1;
                if line.iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Ok(Some((self.number, line)));
            }
            if self.ended {
                return Ok(None);
            }
            self.fill().await?;
        }
    }

    fn cut(&mut self) -> Option<Vec<u8>> {
        if let Some(at) = self.buffer[self.scanned..].iter().position(|byte| *byte == b'\n') {
            let rest = self.buffer.split_off(self.scanned + at + 1);
            let mut line = std::mem::replace(&mut self.buffer, rest);
            line.pop();
            self.scanned = 0;
            return Some(line);
        }
        self.scanned = self.buffer.len();
        (self.ended && !self.buffer.is_empty()).then(|| {
            self.scanned = 0;
            std::mem::take(&mut self.buffer)
        })
    }

    async fn fill(&mut self) -> Result<(), Problem> {
        match self.body.next().await {
            None => self.ended = true,
            Some(Err(_)) => return Err(Problem::new(StatusCode::BAD_REQUEST, "body-cut")),
            Some(Ok(bytes)) => {
                self.taken += bytes.len();
                if self.taken > MAX_BYTES || self.buffer.len() > MAX_LINE_BYTES {
                    return Err(too_large());
                }
                self.buffer.extend_from_slice(&bytes);
            }
        }
        Ok(())
    }
}

/// The answer: verdicts as NDJSON, written as they are read by the client.
pub fn answer(position: u64, verdicts: impl Stream<Item = LineVerdict> + Send + 'static) -> Response {
    let lines = verdicts.chunks(200).map(|verdicts| {
        let mut text = Vec::new();
        for verdict in verdicts {
            serde_json::to_writer(&mut text, &verdict).map_err(axum::Error::new)?;
            text.push(b'\n');
        }
        Ok::<_, axum::Error>(text)
    });
    let headers = [("content-type", "application/x-ndjson".to_owned()), ("bordereau-position", position.to_string())];
    (StatusCode::OK, headers, Body::from_stream(lines)).into_response()
}

/// Whether so many withdrawals need `force`: more than a fifth.
pub const fn is_suspicious(withdrawn: usize, known: usize) -> bool {
    withdrawn * 5 > known
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(chunks: Vec<&'static str>) -> Vec<(u32, String)> {
        let stream = futures::stream::iter(chunks.into_iter().map(|c| Ok::<_, axum::Error>(Bytes::from(c))));
        let mut lines = Lines::new(Body::from_stream(stream));
        let mut read = Vec::new();
        while let Some((number, line)) = lines.next().await.unwrap() {
            read.push((number, String::from_utf8(line).unwrap()));
        }
        read
    }

    #[tokio::test]
    async fn lines_are_cut_wherever_the_chunks_end() {
        let whole = vec![(1, "a".to_owned()), (3, "bc".to_owned()), (4, "d\r".to_owned()), (5, "e".to_owned())];
        assert_eq!(read(vec!["a\n\nbc\nd\r\ne"]).await, whole);
        assert_eq!(read(vec!["a", "\n", "\nb", "c\nd", "\r\n", "e", ""]).await, whole);
        assert_eq!(read(vec![]).await, vec![]);
    }

    #[test]
    fn more_than_a_fifth_is_suspicious() {
        assert!(!is_suspicious(2, 10) && is_suspicious(3, 10) && !is_suspicious(0, 0) && is_suspicious(1, 4));
    }
}
