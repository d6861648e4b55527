//! A shop's code, which is the name of its ledger.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A shop's code: 2 to 32 of `A-Z`, `0-9` and `-`. Never changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ShopCode(String);

/// A text that is no shop code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shop's code is 2 to 32 of A-Z, 0-9 and -")]
pub struct MalformedCode;

impl ShopCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShopCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ShopCode {
    type Err = MalformedCode;

    fn from_str(text: &str) -> Result<Self, MalformedCode> {
        let good = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        if (2..=32).contains(&text.len()) && text.bytes().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedCode)
        }
    }
}

impl TryFrom<String> for ShopCode {
    type Error = MalformedCode;
    fn try_from(text: String) -> Result<Self, MalformedCode> {
        text.parse()
    }
}

impl From<ShopCode> for String {
    fn from(code: ShopCode) -> Self {
        code.0
    }
}
