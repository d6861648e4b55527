//! Personal texts at reading time: all of a page's references opened in one look-up. What was erased is absent.

use std::collections::HashMap;

use bordereau_domain::{Digest, Personal};
use bordereau_projections::{Person as PersonRow, SealedRef};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{app::App, problem::Problem};

/// Texts by the digest of their sealed bytes.
#[derive(Clone, Debug, Default)]
pub struct Clear(HashMap<[u8; 32], String>);

/// Opens references of one shop.
///
/// # Errors
/// 503 when the store is not to be reached, 500 when a seal is broken.
pub async fn open(app: &App, shop: &str, digests: impl IntoIterator<Item = Digest>) -> Result<Clear, Problem> {
    let mut wanted: Vec<[u8; 32]> = digests.into_iter().map(|digest| digest.0).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(Clear::default());
    }
    Ok(Clear(app.store.open_sealed(shop, &wanted).await?))
}

impl Clear {
    /// The text behind a digest, unless it was erased.
    pub fn text(&self, digest: Digest) -> Option<String> {
        self.0.get(&digest.0).cloned()
    }

    /// The text behind a reference that may be absent.
    pub fn field<T>(&self, personal: Option<Personal<T>>) -> Option<String> {
        personal.and_then(|personal| self.text(personal.digest))
    }

    /// The text behind a read model's reference.
    pub fn sealed(&self, reference: Option<SealedRef>) -> Option<String> {
        reference.and_then(|reference| self.text(reference.digest))
    }

    /// Takes over what else was opened.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// A person, by the row that a read model keeps of him.
    pub fn person(&self, row: &PersonRow) -> Person {
        Person { id: row.id.0, name: self.sealed(row.name) }
    }
}

/// A person in JSON. The name is null once it was erased, and for keys and processes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Person {
    /// The account.
    pub id: Uuid,
    /// The name.
    pub name: Option<String>,
}
