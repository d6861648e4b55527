//! What a follower asks for: from where on, of which history, and what of it.

use axum::http::{HeaderMap, StatusCode, header};
use bordereau_store::Head;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::cloud_event::CloudEvent;
use crate::{app::App, extract::Reading, problem::Problem};

/// Most events of one JSON answer.
const MAX_LIMIT: usize = 1_000;
/// Events of one JSON answer when nothing is said.
const USUAL_LIMIT: usize = 100;
/// The last `id:` that a follower has seen, sent when he connects again.
const LAST_EVENT_ID: &str = "last-event-id";

/// What to follow.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Follow {
    /// The last position already seen; 0 from the beginning. Of a stream, the header `Last-Event-ID` goes before it.
    #[serde(default)]
    after: u64,
    /// The epoch the follower knows; another history is refused with 409.
    epoch: Option<Uuid>,
    /// At most so many events, 1 to 1000; 100 by default. A stream has no end.
    limit: Option<usize>,
    /// CloudEvents types, with commas; all when empty.
    #[serde(default)]
    types: String,
    /// A CloudEvents subject, for example `basket/ID`; all when empty.
    #[serde(default)]
    aggregate: String,
}

/// Where following begins.
#[derive(Debug)]
pub(super) struct Start {
    /// Where the ledger stands.
    pub(super) head: Head,
    /// The last position seen.
    pub(super) after: u64,
    /// Events of one JSON answer.
    pub(super) limit: usize,
    /// What of the log is wanted.
    pub(super) wanted: Wanted,
}

impl Follow {
    /// Compares what is asked for with the ledger. A stream has headers to look at, too.
    ///
    /// # Errors
    /// 400 for a `Last-Event-ID` that is none of ours, 409 for another history, 422 for an impossible limit.
    pub(super) async fn start(
        self,
        app: &App,
        reading: &Reading,
        stream: Option<&HeaderMap>,
    ) -> Result<Start, Problem> {
        let limit = self.limit.unwrap_or(USUAL_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::invalid("limit-out-of-range", "limit").arg("max", MAX_LIMIT));
        }
        let resumed = stream.and_then(|headers| headers.get(LAST_EVENT_ID));
        let after = match resumed.map(|value| value.to_str().unwrap_or("not a number").trim()) {
            // The standard lets a follower send an empty one: it has seen no id yet.
            None | Some("") => self.after,
            Some(id) => id
                .parse()
                .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "bad-header").arg("header", "Last-Event-ID"))?,
        };
        let head = app.store.head(reading.shop()).await?.ok_or_else(Problem::not_found)?;
        if self.epoch.is_some_and(|epoch| epoch != head.epoch) || after > head.position {
            return Err(Problem::new(StatusCode::CONFLICT, "other-history").member("epoch", head.epoch.to_string()));
        }
        Ok(Start { head, after, limit, wanted: Wanted::new(&self.types, &self.aggregate) })
    }
}

/// What of the log a follower wants.
#[derive(Debug)]
pub(super) struct Wanted {
    types: Vec<String>,
    subject: String,
}

impl Wanted {
    /// CloudEvents types with commas, and a subject; an empty text asks for everything.
    pub(super) fn new(types: &str, aggregate: &str) -> Self {
        let types = types.split(',').map(str::trim).filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
        Self { types, subject: aggregate.trim().to_owned() }
    }

    /// Whether nothing is left out.
    pub(super) fn everything(&self) -> bool {
        self.types.is_empty() && self.subject.is_empty()
    }

    /// Whether an event of this CloudEvents type and subject is wanted.
    pub(super) fn has(&self, kind: &str, subject: &str) -> bool {
        (self.subject.is_empty() || subject == self.subject)
            && (self.types.is_empty() || self.types.iter().any(|wanted| wanted == kind))
    }

    /// The same of an event.
    pub(super) fn has_event(&self, event: &CloudEvent) -> bool {
        self.has(&event.r#type, &event.subject)
    }
}

/// Whether a stream is asked for. What names other forms first still gets a stream: nobody names this one in passing.
pub(super) fn accepts_stream(headers: &HeaderMap) -> bool {
    let kinds = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    kinds
        .flat_map(|value| value.split(','))
        .any(|kind| kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/event-stream"))
}
