//! `?at=`: a document or a history as it was. A position of the ledger says it exactly; a time means the last position
//! that was recorded by then, since recorded times never fall as positions rise.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::{App, PATIENCE},
    extract::Reading,
    problem::Problem,
};

/// As of when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AtQuery {
    /// As it was then: a position of the shop's ledger, or a time (RFC 3339). Now, if it is absent.
    at: Option<String>,
}

/// As of when a document is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AsOf {
    /// The ledger's position then.
    pub position: u64,
    /// When that was recorded.
    pub at: DateTime<Utc>,
}

/// A moment as it was asked for.
enum Moment {
    Position(u64),
    Time(DateTime<Utc>),
}

impl AtQuery {
    /// As of a position of the ledger.
    pub fn position(position: u64) -> Self {
        Self { at: Some(position.to_string()) }
    }

    fn moment(&self) -> Result<Option<Moment>, Problem> {
        let Some(text) = self.at.as_deref().map(str::trim) else { return Ok(None) };
        let malformed = || Problem::invalid("invalid-field", "at");
        let moment = if text.bytes().all(|b| b.is_ascii_digit()) {
            Moment::Position(text.parse().map_err(|_| malformed())?)
        } else {
            Moment::Time(DateTime::parse_from_rfc3339(text).map_err(|_| malformed())?.to_utc())
        };
        Ok(Some(moment))
    }

    /// As of when the caller asks; nothing for now. The views that he is shown something of have got there.
    ///
    /// # Errors
    /// 422 for what is neither position nor time, and for a position above the head; 404 for a time before the ledger's
    /// first event, 503 while a view is behind.
    pub async fn find(&self, app: &App, reading: &Reading, views: &[&str]) -> Result<Option<AsOf>, Problem> {
        let Some(moment) = self.moment()? else { return Ok(None) };
        let head = app.store.head(reading.shop()).await?.map_or(0, |head| head.position);
        let position = match moment {
            Moment::Position(position) if position > head => {
                return Err(Problem::invalid("position-above-head", "at"));
            }
            Moment::Position(position) => position,
            Moment::Time(time) => app.store.position_at(reading.shop(), time.timestamp_micros()).await?,
        };
        if position == 0 {
            return Err(Problem::not_found());
        }
        for view in views {
            app.projections.wait_for(view, reading.shop(), position, PATIENCE).await?;
        }
        let event = app.store.read(reading.shop(), position - 1, 1).await?.pop().ok_or_else(Problem::not_found)?;
        let at = DateTime::from_timestamp_micros(event.recorded_at).unwrap_or_default();
        Ok(Some(AsOf { position, at }))
    }
}
