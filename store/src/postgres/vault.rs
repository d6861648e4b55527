//! Sealed data: put in beside the events, opened in one look-up, erased with its keys.

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::Postgres;
use crate::erasures::SubjectKey;
use crate::error::StoreError;
use crate::vault::{self, DataKey, Purpose, SealedBytes, SealedField, Surroundings};

const FIND: &str = "SELECT digest, subject, purpose, field, bytes FROM vault WHERE ledger = $1 AND digest = ANY($2)";
const FORGET: &str = "DELETE FROM vault WHERE ledger = $1 AND digest = ANY($2)";
const ERASE: &str = "DELETE FROM vault WHERE ledger = $1 AND subject = $2 AND purpose = ANY($3)";

impl Postgres {
    pub(crate) async fn seal(
        &self,
        ledger: &str,
        subject: Uuid,
        purpose: Purpose,
        field: &str,
        text: &str,
    ) -> Result<SealedField, StoreError> {
        let key = self.keys.find_or_make(ledger, subject, purpose, (self.options.clock)()).await?;
        let bytes = vault::seal(&key, Surroundings { ledger, subject, purpose, field }, text)
            .ok_or_else(|| StoreError::Refused("the text is too long to be sealed".to_owned()))?;
        let digest = Sha256::digest(&bytes).into();
        Ok(SealedField { ledger: ledger.to_owned(), digest, subject, purpose, field: field.to_owned(), bytes })
    }

    pub(crate) async fn open_sealed(
        &self,
        ledger: &str,
        digests: &[[u8; 32]],
    ) -> Result<HashMap<[u8; 32], String>, StoreError> {
        let wanted: Vec<&[u8]> = digests.iter().map(<[u8; 32]>::as_slice).collect();
        let rows: Vec<Row> = self.list(row, || sqlx::query(FIND).bind(ledger).bind(&wanted)).await?;
        let mut sealed = Vec::with_capacity(rows.len());
        for row in &rows {
            sealed.push((row, row.sealed()?));
        }
        let key_ids: Vec<_> = sealed.iter().map(|(_, sealed)| sealed.key_id).collect();
        let keys = self.keys.find(ledger, &key_ids).await?;
        let mut opened = HashMap::with_capacity(sealed.len());
        for (row, sealed) in sealed {
            if let Some(key) = keys.get(&sealed.key_id) {
                opened.insert(row.digest, row.open(ledger, &sealed, key.as_ref())?);
            }
        }
        Ok(opened)
    }

    pub(crate) async fn erase_purposes(
        &self,
        ledger: &str,
        subject: Uuid,
        purposes: &[Purpose],
    ) -> Result<Vec<Uuid>, StoreError> {
        // Keys first: from then on the bytes are noise, whatever stops the rest.
        let destroyed = self.keys.destroy(ledger, subject, purposes, (self.options.clock)()).await?;
        let names: Vec<_> = purposes.iter().map(|purpose| purpose.as_str()).collect();
        self.write(sqlx::query(ERASE).bind(ledger).bind(subject).bind(names)).await?;
        Ok(destroyed)
    }

    pub(crate) async fn list_subject_keys(&self, ledger: &str, subject: Uuid) -> Result<Vec<SubjectKey>, StoreError> {
        self.keys.of_subject(ledger, subject).await
    }

    pub(crate) async fn forget_sealed(&self, ledger: &str, digests: &[[u8; 32]]) -> Result<(), StoreError> {
        let digests: Vec<&[u8]> = digests.iter().map(<[u8; 32]>::as_slice).collect();
        self.write(sqlx::query(FORGET).bind(ledger).bind(digests)).await.map(|_| ())
    }

    /// Opens a text of purpose account that lies sealed outside of the vault; nothing once it was erased.
    pub(super) async fn open_apart(
        &self,
        ledger: &str,
        subject: Uuid,
        field: &str,
        bytes: Vec<u8>,
    ) -> Result<Option<String>, StoreError> {
        let digest = Sha256::digest(&bytes).into();
        let row =
            Row { digest, subject, purpose: Purpose::Account.as_str().to_owned(), field: field.to_owned(), bytes };
        let sealed = row.sealed()?;
        let keys = self.keys.find(ledger, &[sealed.key_id]).await?;
        match keys.get(&sealed.key_id) {
            Some(key) => row.open(ledger, &sealed, key.as_ref()).map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn blind_index(&self, ledger: &str, kind: &str, value: &str) -> [u8; 32] {
        self.keys.blind_index(ledger, kind, value)
    }
}

/// A row of the vault.
struct Row {
    digest: [u8; 32],
    subject: Uuid,
    purpose: String,
    field: String,
    bytes: Vec<u8>,
}

fn row(row: &PgRow) -> Result<Row, sqlx::Error> {
    Ok(Row {
        digest: row.try_get(0)?,
        subject: row.try_get(1)?,
        purpose: row.try_get(2)?,
        field: row.try_get(3)?,
        bytes: row.try_get(4)?,
    })
}

impl Row {
    fn sealed(&self) -> Result<SealedBytes<'_>, StoreError> {
        if <[u8; 32]>::from(Sha256::digest(&self.bytes)) != self.digest {
            return Err(self.broken("it does not fit its digest"));
        }
        SealedBytes::parse(&self.bytes).map_err(|malformed| self.broken(&malformed.to_string()))
    }

    fn open(&self, ledger: &str, sealed: &SealedBytes<'_>, key: Option<&Arc<DataKey>>) -> Result<String, StoreError> {
        let key = key.ok_or_else(|| self.broken("its key does not fit the master key"))?;
        let purpose = Purpose::parse(&self.purpose).ok_or_else(|| self.broken("it has no known purpose"))?;
        let around = Surroundings { ledger, subject: self.subject, purpose, field: &self.field };
        vault::open(key, around, sealed).map_err(|reason| self.broken(reason))
    }

    fn broken(&self, reason: &str) -> StoreError {
        StoreError::Broken { digest: self.digest, reason: reason.to_owned() }
    }
}
