//! Query parameters, read as strictly as bodies: an unknown one is refused, not ignored.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::{app::App, problem::Problem};

/// Items on a page when nothing is said.
const USUAL_LIMIT: usize = 50;
/// Most items on a page.
const MAX_LIMIT: usize = 200;

/// Typed query parameters.
#[derive(Clone, Debug)]
pub struct Filters<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Filters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri)
            .map(|query| Self(query.0))
            .map_err(|error| Problem::invalid("invalid-field", "query").arg("reason", error.body_text()))
    }
}

/// The wanted size of a page.
///
/// # Errors
/// 422 when it is not 1 to 200.
pub fn page_size(limit: Option<usize>) -> Result<usize, Problem> {
    match limit {
        None => Ok(USUAL_LIMIT),
        Some(limit) if (1..=MAX_LIMIT).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::invalid("limit-out-of-range", "limit").arg("max", MAX_LIMIT)),
    }
}
