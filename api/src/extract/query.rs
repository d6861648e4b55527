//! Query parameters, read as strictly as bodies: an unknown one is refused, not ignored.

use std::{collections::HashSet, sync::LazyLock};

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{Method, Uri, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{app::App, problem::Problem, router};

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
            .map_err(|error| refused(&error.body_text()))
    }
}

/// Methods, in capitals, and paths of the routes that have query parameters: those look at them themselves.
static ASKING: LazyLock<HashSet<(String, String)>> = LazyLock::new(|| {
    let document = serde_json::to_value(router::document()).unwrap_or_default();
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    let asks = |operation: &Value| {
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        parameters.into_iter().any(|parameter| parameter.get("in").is_some_and(|place| place == "query"))
    };
    operations.filter(|(.., operation)| asks(operation)).map(|(method, path, _)| (method, path)).collect()
});

/// Refuses query parameters where none is known.
///
/// # Errors
/// 422.
pub(super) fn check_query(method: &Method, route: Option<&MatchedPath>, uri: &Uri) -> Result<(), Problem> {
    let (Some(query), Some(route)) = (uri.query().filter(|query| !query.is_empty()), route) else { return Ok(()) };
    if ASKING.contains(&(method.to_string(), route.as_str().to_owned())) {
        return Ok(());
    }
    let name = query.split(['&', '=']).next().unwrap_or_default();
    Err(refused(&format!("unknown field `{name}`")))
}

fn refused(reason: &str) -> Problem {
    Problem::invalid("invalid-field", "query").arg("reason", reason).member("reason", reason)
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
