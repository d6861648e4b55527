//! Addresses of pages with what they are asked for.

use form_urlencoded::Serializer;

/// A path with those of the fields that say something.
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_left_out_and_the_rest_is_escaped() {
        assert_eq!(address("/quotes", &[("tab", ""), ("q", "")]), "/quotes");
        assert_eq!(address("/quotes", &[("tab", "current"), ("q", "A&B é")]), "/quotes?tab=current&q=A%26B+%C3%A9");
    }
}
