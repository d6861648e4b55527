//! A read, with the position that the caller has written and wants to see.

use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, StatusCode, request::Parts},
};

use super::caller::Caller;
use crate::{
    app::{App, PATIENCE},
    problem::Problem,
};

/// A read: who asks, and what he must see.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Who asks.
    pub caller: Caller,
    /// `Bordereau-Position`: the answer must not be older.
    pub position: Option<u64>,
}

impl FromRequestParts<App> for Reading {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let bad = || Problem::new(StatusCode::BAD_REQUEST, "bad-header").arg("header", "Bordereau-Position");
        let read = |value: &HeaderValue| value.to_str().ok()?.trim().parse().ok();
        let header = parts.headers.get("bordereau-position");
        let position = header.map(|value| read(value).ok_or_else(bad)).transpose()?;
        Ok(Self { caller, position })
    }
}

impl Reading {
    /// The shop's code.
    pub fn shop(&self) -> &str {
        self.caller.shop.as_str()
    }

    /// Waits until `view` shows what the caller has written.
    ///
    /// # Errors
    /// 422 above the head, 503 when the view is too far behind or stopped.
    pub async fn settle(&self, app: &App, view: &str) -> Result<(), Problem> {
        match self.position {
            Some(position) => Ok(app.projections.wait_for(view, self.shop(), position, PATIENCE).await?),
            None => Ok(()),
        }
    }

    /// For reads of the log itself: nothing to wait for, but a position above the head is refused all the same.
    ///
    /// # Errors
    /// 422 above the head.
    pub async fn check_head(&self, app: &App) -> Result<(), Problem> {
        let Some(position) = self.position else { return Ok(()) };
        let head = app.store.head(self.shop()).await?.map_or(0, |head| head.position);
        if position > head { Err(bordereau_projections::WaitError::AboveHead.into()) } else { Ok(()) }
    }
}
