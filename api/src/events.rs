//! The events for other programs: the log itself, as CloudEvents 1.0, from any position on.
//!
//! One address, two forms: JSON, page after page, and `text/event-stream`, which catches up and then stays live. Both read
//! by position only, so nothing is missed and nothing comes twice, whoever is writing. What a live stream shows is read
//! and written once for all who follow a ledger (`tail`); who falls behind reads the log by himself until he is level.

mod asyncapi;
mod batch;
mod cloud_event;
mod feed;
mod follow;
mod places;
mod schemas;
mod stream;
mod tail;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue},
    response::Response,
};
use bordereau_domain::Role;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use batch::{Batch, Heard};
pub use cloud_event::cloud_type;
pub use places::{Place, Places};
pub use tail::{Following, Tails};

use crate::{
    app::App,
    extract::{Filters, Reading},
    openapi::Refused,
    problem::Problem,
};
use follow::{Follow, accepts_stream};

/// Who may follow the events.
const FOLLOWERS: [Role; 2] = [Role::Integrator, Role::Auditor];
/// Names the history that an answer is about.
const EPOCH_HEADER: &str = "bordereau-epoch";

/// The routes of the events.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(events)).merge(schemas::routes()).merge(asyncapi::routes())
}

/// Events after a position, read from the log itself. With `Accept: text/event-stream` the same as server-sent events:
/// `id:` is the position, `data:` a `CloudEvent`; it catches up, stays live, and is resumed by `Last-Event-ID`. The header
/// `Bordereau-Epoch` names the history.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(Follow),
    responses((status = 200, content((feed::Feed = "application/json"), (String = "text/event-stream")),
        headers(("Bordereau-Epoch" = uuid::Uuid, description = "Names this history; after a restore it is another"))),
        Refused))]
async fn events(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(follow): Filters<Follow>,
) -> Result<Response, Problem> {
    reading.caller.must_be(&FOLLOWERS)?;
    reading.check_head(&app).await?;
    let streamed = accepts_stream(&headers);
    let start = follow.start(&app, &reading, streamed.then_some(&headers)).await?;
    let epoch = HeaderValue::try_from(start.head.epoch.to_string()).map_err(|error| Problem::internal(&error))?;
    let mut response = if streamed {
        stream::open(app, reading.caller, start)?
    } else {
        feed::answer(&app, reading.shop(), start).await?
    };
    response.headers_mut().insert(EPOCH_HEADER, epoch);
    Ok(response)
}
