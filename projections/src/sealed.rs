//! A reference to a sealed text, whatever field it is: what read models keep of personal data. Views never hold the
//! text; whoever shows it opens it with `Store::open_sealed` by the digest, and finds nothing once its subject is erased.

use bordereau_domain::{Digest, Personal, SubjectId};
use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose text it is, and the digest of its sealed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SealedRef {
    /// The person whose erasure destroys it.
    pub subject: SubjectId,
    /// Finds the sealed bytes: `Store::open_sealed(shop, &[reference.digest.0])`.
    pub digest: Digest,
}

impl<T> From<Personal<T>> for SealedRef {
    fn from(personal: Personal<T>) -> Self {
        Self { subject: personal.subject, digest: personal.digest }
    }
}

impl<T> From<&Personal<T>> for SealedRef {
    fn from(personal: &Personal<T>) -> Self {
        Self { subject: personal.subject, digest: personal.digest }
    }
}

/// Stored as 48 bytes: subject, then digest.
impl ToSql for SealedRef {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let mut bytes = Vec::with_capacity(48);
        bytes.extend_from_slice(self.subject.0.as_bytes());
        bytes.extend_from_slice(&self.digest.0);
        Ok(ToSqlOutput::from(bytes))
    }
}

impl FromSql for SealedRef {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        let (subject, digest) = bytes.split_first_chunk::<16>().ok_or(FromSqlError::InvalidType)?;
        let digest = digest.try_into().map_err(|_| FromSqlError::InvalidType)?;
        Ok(Self { subject: SubjectId(Uuid::from_bytes(*subject)), digest: Digest(digest) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_survives_its_column() {
        let reference = SealedRef { subject: SubjectId(Uuid::from_u128(7)), digest: Digest([9; 32]) };
        let connection = rusqlite::Connection::open_in_memory().expect("memory");
        let read: SealedRef = connection.query_row("SELECT ?1", [reference], |row| row.get(0)).expect("column");
        assert_eq!(read, reference);
    }
}
