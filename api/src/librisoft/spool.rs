//! A long body set aside in a file before anything is written: an import that is refused must have changed nothing, and
//! memory stays flat however long the body is.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
};

use axum::{body::Body, http::StatusCode};
use futures::StreamExt;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;

use super::lines::{Lines, MAX_BYTES, too_large};
use crate::problem::Problem;

/// A body in a file that has no name and goes with its handle.
pub struct Spool(File);

impl Spool {
    /// Sets a whole body aside.
    ///
    /// # Errors
    /// 413 when it is too large, 400 when the connection broke off, 503 when there is no room for it.
    pub async fn of(body: Body) -> Result<Self, Problem> {
        let kept = tempfile::tempfile().map_err(no_room)?;
        let mut file = tokio::fs::File::from_std(kept.try_clone().map_err(no_room)?);
        let mut chunks = body.into_data_stream();
        let mut taken = 0;
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "body-cut"))?;
            taken += chunk.len();
            if taken > MAX_BYTES {
                return Err(too_large());
            }
            file.write_all(&chunk).await.map_err(no_room)?;
        }
        file.flush().await.map_err(no_room)?;
        Ok(Self(kept))
    }

    /// Its lines from the first on. One reader at a time: all share the file's place.
    ///
    /// # Errors
    /// 503 when the file cannot be read.
    pub fn lines(&self) -> Result<Lines, Problem> {
        let mut file = self.0.try_clone().map_err(no_room)?;
        file.seek(SeekFrom::Start(0)).map_err(no_room)?;
        Ok(Lines::new(Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)))))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err, which passes by value")]
fn no_room(error: std::io::Error) -> Problem {
    tracing::warn!(%error, "a body could not be set aside");
    Problem::unavailable("store-unavailable")
}
