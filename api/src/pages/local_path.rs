//! Where a form leads after it is done: a path of our own and nothing else, whatever `?next=` says.

use serde::{Deserialize, Deserializer};

/// A path with its query on this very service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// The start.
    pub fn start() -> Self {
        Self("/".to_owned())
    }

    /// Reads a path. Browsers take `//host`, `/\host` and `/<tab>/host` for other hosts: those are none of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let local = text.starts_with('/') && !text.starts_with("//") && text.len() <= 2_000;
        // The API answers in JSON, and a form's end is no page.
        (plain && local && !text.starts_with("/api/")).then(|| Self(text.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is no path of ours leads to the start: nobody is refused for it.
impl<'de> Deserialize<'de> for LocalPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Self::parse(&text).unwrap_or_else(Self::start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // attack 100
    fn only_paths_of_our_own_are_followed() {
        for good in ["/", "/baskets?tray=mine", "/a//b", "/quotes/1?q=%C3%A9#x", "/@x", "/a:b"] {
            assert_eq!(LocalPath::parse(good).map(|path| path.0), Some(good.to_owned()));
        }
        for bad in [
            "",
            "baskets",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https:evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " /x",
            "/x y",
            "/é",
            "\u{0}/x",
            "/api/v1/me",
            "http:/x",
            "//",
            "/\r\nSet-Cookie: a=b",
        ] {
            assert_eq!(LocalPath::parse(bad), None, "{bad:?}");
        }
    }
}
