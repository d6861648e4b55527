//! The events as JSON, page after page.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    cloud_event::CloudEvent,
    follow::{Start, Wanted},
};
use crate::{app::App, problem::Problem};

/// Rows that are read at once when one request filters.
const CHUNK: usize = 1_000;
/// Most rows of the log that one request looks at when it filters.
const MAX_SCAN: usize = 20_000;

/// A part of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feed {
    /// In order of position.
    events: Vec<CloudEvent>,
    /// Continue after this position: with a filter it may be beyond the last event shown.
    next: u64,
    /// The last position there is.
    head: u64,
    /// Names this history; after a restore it is another.
    epoch: Uuid,
}

/// One page.
///
/// # Errors
/// 503 when the log cannot be read.
pub(super) async fn answer(app: &App, shop: &str, start: Start) -> Result<Response, Problem> {
    let (events, next) = scan(app, shop, start.after, start.limit, &start.wanted).await?;
    let head = start.head.position.max(next);
    Ok(Json(Feed { events, next, head, epoch: start.head.epoch }).into_response())
}

/// Reads on until enough is found, the log ends, or as much was looked at as one request may.
async fn scan(
    app: &App,
    shop: &str,
    after: u64,
    limit: usize,
    wanted: &Wanted,
) -> Result<(Vec<CloudEvent>, u64), Problem> {
    let base = app.settings.base_url();
    let chunk = if wanted.everything() { limit } else { CHUNK };
    let (mut found, mut next, mut looked) = (Vec::new(), after, 0);
    loop {
        let rows = app.store.read(shop, next, chunk).await?;
        let complete = rows.len() < chunk;
        looked += rows.len();
        for row in rows {
            next = row.position;
            let event = CloudEvent::of(row, &base).map_err(|error| Problem::internal(&error))?;
            if wanted.has_event(&event) {
                found.push(event);
            }
            if found.len() == limit {
                return Ok((found, next));
            }
        }
        if complete || looked >= MAX_SCAN {
            return Ok((found, next));
        }
    }
}
