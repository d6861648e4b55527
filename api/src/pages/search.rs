//! The form over a list in which it is searched, and the way back to all of it: shown by `parts/search.html`.

use super::{field::Field, frame::Frame, query::address};

/// A form over a list.
pub struct Search {
    /// Where the list is.
    pub path: &'static str,
    /// What of the list is shown: it stays as it is.
    pub within: Vec<(&'static str, String)>,
    /// What is looked for.
    pub field: Field,
    /// The list without it, where something is looked for.
    pub clear: Option<String>,
}

impl Search {
    /// The form with what is looked for.
    pub fn new(frame: &Frame, path: &'static str, label: &str, within: &[(&'static str, &str)], q: &str) -> Self {
        let said = within.iter().filter(|(_, value)| !value.is_empty());
        Self {
            path,
            within: said.map(|(name, value)| (*name, (*value).to_owned())).collect(),
            field: Field { kind: "search", ..Field::text("q", frame.t(label)) }.quiet().holding(q),
            clear: (!q.is_empty()).then(|| address(path, within)),
        }
    }
}
