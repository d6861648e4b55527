//! Reading the parts of a request: ids in paths, article numbers, personal texts.

use std::str::FromStr;

use bordereau_commands::SealText;
use bordereau_domain::{Ean, personal::Field};

use crate::{
    error::{bad_ean, bad_text},
    problem::Problem,
};

/// An id in a path. A malformed one names nothing: 404, and only after the body has been found good.
pub fn id<T: FromStr>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// An article number.
pub fn ean(text: &str) -> Result<Ean, Problem> {
    Ean::parse(text).map_err(|error| bad_ean(error, "ean"))
}

/// A personal text.
pub fn text<T: Field>(text: &str, field: &str) -> Result<SealText<T>, Problem> {
    SealText::new(text).map_err(|error| bad_text(error, field))
}

/// A personal text that may be absent; a blank one is absent.
pub fn optional_text<T: Field>(given: Option<&str>, field: &str) -> Result<Option<SealText<T>>, Problem> {
    given.filter(|given| !given.trim().is_empty()).map(|given| text(given, field)).transpose()
}

/// A personal text that is replaced where it is named at all: by another, or, null or blank, by none.
pub fn replaced_text<T: Field>(
    given: Option<&Option<String>>,
    field: &str,
) -> Result<Option<Option<SealText<T>>>, Problem> {
    given.map(|given| optional_text(given.as_deref(), field)).transpose()
}
