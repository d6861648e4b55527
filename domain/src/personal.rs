//! Personal data as the log sees it: whose it is and the digest of its sealed bytes, never the text.
//!
//! The bytes themselves are in the vault. Erasing a person destroys them and their keys; the digest stays, so no
//! proof over the log breaks.

mod address;

use std::{borrow::Cow, fmt, marker::PhantomData, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ids::SubjectId;

/// SHA-256 of a field's sealed bytes; 64 lower-case hex digits in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A text that is not 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 lower-case hex digits")]
pub struct MalformedDigest;

impl FromStr for Digest {
    type Err = MalformedDigest;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.as_bytes();
        if digits.len() != 64 || digits.iter().any(|d| !matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(MalformedDigest);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| MalformedDigest)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| MalformedDigest)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Why a person's data is kept: a key per (subject, purpose), so that each can be destroyed in its own time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Working with the service: names, addresses, comments.
    Account,
    /// A grouped order's pupils and parents.
    Campaign,
    /// What an invoice must show for the legal term. No field has it yet: invoices name institutions. One that will must have
    /// a key of its own from its first day.
    Accounting,
}

/// A kind of personal field: its name is bound into the cipher, so bytes cannot be moved to another field.
pub trait Field: Send + Sync + 'static {
    /// The field's name in the vault.
    const NAME: &'static str;
    /// Why it is kept.
    const PURPOSE: Purpose;
    /// Longest text accepted, in characters.
    const MAX_CHARS: usize;

    /// Whether a text can be such a field, whatever its length.
    fn accepts(_text: &str) -> bool {
        true
    }
}

macro_rules! fields {
    ($(#[$doc:meta] $name:ident = $wire:literal, $purpose:ident, $max:literal $(, $accepts:path)?;)+) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl Field for $name {
            const NAME: &'static str = $wire;
            const PURPOSE: Purpose = Purpose::$purpose;
            const MAX_CHARS: usize = $max;

            $(fn accepts(text: &str) -> bool {
                $accepts(text)
            })?
        }
    )+};
}

fields! {
    /// A basket's name.
    BasketName = "basket_name", Account, 200;
    /// A line's own reference (*Lijnreferentie*).
    LineReference = "line_reference", Account, 200;
    /// A comment given with a step, a quote or an order.
    Comment = "comment", Account, 4000;
    /// Why an order was cancelled or reset.
    Reason = "reason", Account, 2000;
    /// A bookseller's message about an order.
    Message = "message", Account, 4000;
    /// A person's name as it is shown.
    PersonName = "person_name", Account, 200;
    /// A person's e-mail address, which is also the login.
    Email = "email", Account, 254, address::is_address;
    /// A person's telephone number.
    Phone = "phone", Account, 40;
    /// The organisation of a person who asks for an account.
    Company = "company", Account, 200;
    /// Its VAT number.
    VatNumber = "vat_number", Account, 40;
    /// Its number at the chamber of commerce.
    ChamberNumber = "chamber_number", Account, 40;
    /// Its department.
    Department = "department", Account, 200;
}

/// A personal field: whose it is, and the digest of its sealed bytes.
pub struct Personal<T> {
    /// The person whose erasure destroys it.
    pub subject: SubjectId,
    /// Finds the sealed bytes in the vault, and proves them.
    pub digest: Digest,
    kind: PhantomData<fn() -> T>,
}

impl<T: Field> Personal<T> {
    /// A reference to bytes that were sealed as a field of kind `T`.
    pub const fn new(subject: SubjectId, digest: Digest) -> Self {
        Self { subject, digest, kind: PhantomData }
    }
}

impl<T> Clone for Personal<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Personal<T> {}
impl<T> PartialEq for Personal<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.subject, self.digest) == (other.subject, other.digest)
    }
}
impl<T> Eq for Personal<T> {}
impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Personal({})", self.digest)
    }
}

/// A sealed personal text: whose it is, and the SHA-256 of its sealed bytes.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reference {
    /// The person whose erasure destroys it.
    subject: SubjectId,
    /// SHA-256 of the sealed bytes.
    digest: Digest,
}

impl<T> JsonSchema for Personal<T> {
    fn schema_name() -> Cow<'static, str> {
        "Personal".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Reference::json_schema(generator)
    }
}

impl<T> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Reference { subject: self.subject, digest: self.digest }.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Reference { subject, digest } = Reference::deserialize(deserializer)?;
        Ok(Self { subject, digest, kind: PhantomData })
    }
}
