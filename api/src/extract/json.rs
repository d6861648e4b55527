//! JSON read strictly: broken text and keys that stand twice are 400, fields that do not fit are 422.

use std::{collections::HashSet, fmt};

use axum::http::StatusCode;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};

use crate::problem::Problem;

/// Reads a body.
///
/// # Errors
/// 400 `malformed-json` or `duplicate-key`; 422 `invalid-field` with the field's path.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if let Err(error) = serde_json::from_slice::<NoKeyTwice>(bytes) {
        let slug = if error.is_data() { "duplicate-key" } else { "malformed-json" };
        let at = Problem::new(StatusCode::BAD_REQUEST, slug).arg("line", error.line()).arg("column", error.column());
        return Err(at.member("line", error.line()).member("column", error.column()));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let field = error.path().to_string();
        let reason = error.into_inner().to_string();
        // The position in the text is of no use beside the field's name.
        let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
        Problem::invalid("invalid-field", &field).arg("reason", &reason).member("reason", reason)
    })
}

/// Any JSON in which no object has the same key twice.
struct NoKeyTwice;

impl<'de> Deserialize<'de> for NoKeyTwice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Walk)
    }
}

struct Walk;

impl<'de> Visitor<'de> for Walk {
    type Value = NoKeyTwice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<NoKeyTwice, E> {
        Ok(NoKeyTwice)
    }
    fn visit_i64<E>(self, _: i64) -> Result<NoKeyTwice, E> {
        Ok(NoKeyTwice)
    }
    fn visit_u64<E>(self, _: u64) -> Result<NoKeyTwice, E> {
        Ok(NoKeyTwice)
    }
    #[expect(clippy::disallowed_types, reason = "a number is only passed over, never computed with")]
    fn visit_f64<E>(self, _: f64) -> Result<NoKeyTwice, E> {
        Ok(NoKeyTwice)
    }
    fn visit_str<E>(self, _: &str) -> Result<NoKeyTwice, E> {
        Ok(NoKeyTwice)
    }
    fn visit_unit<E>(self) -> Result<NoKeyTwice, E> {
        Ok(NoKeyTwice)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<NoKeyTwice, A::Error> {
        while items.next_element::<NoKeyTwice>()?.is_some() {}
        Ok(NoKeyTwice)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<NoKeyTwice, A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if !seen.insert(key) {
                return Err(A::Error::custom("a key stands twice"));
            }
            entries.next_value::<NoKeyTwice>()?;
        }
        Ok(NoKeyTwice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its reading is tested")]
        quantity: u32,
    }

    fn refusal(text: &str) -> (u16, &'static str) {
        let problem = parse::<Sample>(text.as_bytes()).unwrap_err();
        (problem.status.as_u16(), problem.slug)
    }

    #[test]
    fn broken_text_and_doubled_keys_are_400_and_wrong_fields_422() {
        assert!(parse::<Sample>(br#"{"quantity": 3}"#).is_ok());
        for text in ["", "{", r#"{"quantity": 3} x"#, "{'quantity': 3}", "\u{feff}{}", "[1,]"] {
            assert_eq!(refusal(text), (400, "malformed-json"), "{text}");
        }
        for text in [r#"{"quantity": 3, "quantity": 4}"#, r#"{"a": {"b": 1, "b": 1}}"#, r#"[{"x":1,"\u0078":2}]"#] {
            assert_eq!(refusal(text), (400, "duplicate-key"), "{text}");
        }
        for text in [
            "{}",
            "[]",
            "null",
            r#"{"quantity": "3"}"#,
            r#"{"quantity": 0.5}"#,
            r#"{"quantity": -1}"#,
            r#"{"quantity": 9223372036854775808}"#,
            r#"{"quantity": 3, "price": "1"}"#,
        ] {
            assert_eq!(refusal(text), (422, "invalid-field"), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_rather_than_followed() {
        let deep = "[".repeat(100_000);
        assert_eq!(refusal(&deep), (400, "malformed-json"));
    }
}
