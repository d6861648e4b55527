//! Pages of lists: keyset pages with opaque cursors, so that a deep page costs what the first one costs.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bordereau_domain::InstitutionId;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::ReadError;

/// Longest page that is served, in items.
pub const MAX_PAGE: usize = 1_000;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Given back as `cursor`, leads to the next page; nothing on the last one.
    pub next: Option<String>,
}

/// Whose documents a reader may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of the shop: booksellers and auditors.
    All,
    /// Those of these institutions: purchasers.
    Institutions(Vec<InstitutionId>),
}

impl Scope {
    /// Whether the documents of an institution are seen.
    pub fn holds(&self, institution: InstitutionId) -> bool {
        match self {
            Self::All => true,
            Self::Institutions(institutions) => institutions.contains(&institution),
        }
    }
}

impl<T> Page<T> {
    /// The page of at most `limit` items out of rows of which one too many was asked for.
    pub(crate) fn cut<K: Serialize>(
        mut items: Vec<T>,
        limit: usize,
        key: impl Fn(&T) -> K,
    ) -> Result<Self, serde_json::Error> {
        let more = items.len() > limit;
        items.truncate(limit);
        let next = match items.last() {
            Some(last) if more => Some(write_cursor(&key(last))?),
            Some(_) | None => None,
        };
        Ok(Self { items, next })
    }

    /// The page with other items.
    pub(crate) fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}

/// A page's size within its bounds.
pub(crate) fn bounded(limit: usize) -> usize {
    limit.clamp(1, MAX_PAGE)
}

/// A key as an opaque cursor.
///
/// # Errors
/// Never for plain keys; JSON's error otherwise.
pub fn write_cursor<K: Serialize>(key: &K) -> Result<String, serde_json::Error> {
    Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(key)?))
}

/// The key after which a page begins; nothing for the first page.
///
/// # Errors
/// [`ReadError::BadCursor`] for one that was not made of such a key.
pub fn read_cursor<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>, ReadError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| ReadError::BadCursor)?;
    serde_json::from_slice(&bytes).map(Some).map_err(|_| ReadError::BadCursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_on_and_a_strange_one_is_refused() {
        let page = Page::cut(vec![1u64, 2, 3], 2, |n| *n).expect("page");
        assert_eq!(page.items, [1, 2]);
        assert_eq!(read_cursor::<u64>(page.next.as_deref()).expect("cursor"), Some(2));
        for strange in ["", "%%", "Mg==", "eyJhIjoxfQ", "éé"] {
            assert!(matches!(read_cursor::<u64>(Some(strange)), Err(ReadError::BadCursor)), "{strange}");
        }
        assert_eq!(Page::cut(vec![1u64, 2], 2, |n| *n).expect("page").next, None);
    }
}
