//! Erasures and what they leave, on every back end.

use uuid::Uuid;

use super::Store;
use crate::access::IdentityTry;
use crate::erasures::{Erasure, SubjectKey};
use crate::error::StoreError;
use crate::options::Micros;

impl Store {
    /// Writes an erasure into the ledger of erasures, which no back-up takes with it; whether it was not there before.
    /// Answers once it is durable.
    pub async fn note_erasure(&self, erasure: Erasure) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.note_erasure(erasure).await,
            Self::Postgres(store) => store.note_erasure(erasure).await,
        }
    }

    /// All erasures so far, the oldest first; without those that were only asked for.
    pub async fn list_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        Ok(self.list_noted_erasures().await?.into_iter().filter(|erasure| !erasure.is_asked()).collect())
    }

    async fn list_noted_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_erasures().await,
            Self::Postgres(store) => store.list_erasures().await,
        }
    }

    /// Writes into the ledger of erasures why a person is to be erased, and nothing else: it destroys nothing, now or
    /// after a restore. Answers once it is durable; whoever asks again for another reason changes his mind.
    pub async fn ask_for_erasure(
        &self,
        ledger: &str,
        subject: Uuid,
        reason: &str,
        at: Micros,
    ) -> Result<(), StoreError> {
        let asked = Erasure {
            ledger: ledger.to_owned(),
            subject,
            purposes: Vec::new(),
            organisation: false,
            digests: Vec::new(),
            key_ids: Vec::new(),
            reason: reason.to_owned(),
            at,
        };
        self.note_erasure(asked).await.map(|_| ())
    }

    /// Why a person's erasure was last asked for.
    pub async fn find_asked_reason(&self, ledger: &str, subject: Uuid) -> Result<Option<String>, StoreError> {
        let noted = self.list_noted_erasures().await?.into_iter();
        let mut asked = noted.filter(|line| line.is_asked() && line.ledger == ledger && line.subject == subject);
        Ok(asked.next_back().map(|line| line.reason))
    }

    /// Erasures of which keys or texts live: a back-up has brought them back, or a crash came in between. Whether
    /// somebody is for an organisation again stands in the log, which is for others to read.
    pub async fn list_undone_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let mut undone = Vec::new();
        for erasure in self.list_erasures().await? {
            let keys = self.list_subject_keys(&erasure.ledger, erasure.subject).await?;
            let lives = keys.iter().any(|key| !key.destroyed && erasure.purposes.contains(&key.purpose));
            let opens =
                !erasure.digests.is_empty() && !self.open_sealed(&erasure.ledger, &erasure.digests).await?.is_empty();
            if lives || opens {
                undone.push(erasure);
            }
        }
        Ok(undone)
    }

    /// The keys that a subject has or had, those that are gone too; by purpose.
    pub async fn list_subject_keys(&self, ledger: &str, subject: Uuid) -> Result<Vec<SubjectKey>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_subject_keys(ledger, subject).await,
            Self::Postgres(store) => store.list_subject_keys(ledger, subject).await,
        }
    }

    /// Destroys sealed bytes one by one, for ever, whoever sealed them; their keys stay.
    pub async fn forget_sealed(&self, ledger: &str, digests: &[[u8; 32]]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.forget_sealed(ledger, digests).await,
            Self::Postgres(store) => store.forget_sealed(ledger, digests).await,
        }
    }

    /// Forgets all that stands beside the log of an account whose person is erased, as `Beside::ForgetAccount` does, once
    /// more: for what was written meanwhile by whoever had begun before.
    pub async fn forget_account(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.forget_account(ledger, account).await,
            Self::Postgres(store) => store.forget_account(ledger, account).await,
        }
    }

    /// Empties the write-ahead logs, in which erased bytes are still to be found; whether it could be done. It waits for
    /// no reader: while there is one, whoever promised it asks again. PostgreSQL sees to it by itself.
    pub async fn empty_write_ahead_logs(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.empty_wals().await,
            Self::Postgres(_) => Ok(true),
        }
    }

    /// Takes a place among the `most` proofs of identity that may fail between `since` and `at`, before the proof is looked
    /// at: however many come at once, on whichever node, no more are. It counts as failed until it is given back.
    pub async fn take_identity_try(
        &self,
        ledger: &str,
        account: Uuid,
        (since, at): (Micros, Micros),
        most: usize,
    ) -> Result<IdentityTry, StoreError> {
        match self {
            Self::Sqlite(store) => store.take_identity_try(ledger, account, (since, at), most).await,
            Self::Postgres(store) => store.take_identity_try(ledger, account, (since, at), most).await,
        }
    }

    /// Gives a place back: the proof did not fail.
    pub async fn give_back_identity_try(&self, ledger: &str, account: Uuid, at: Micros) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.give_back_identity_try(ledger, account, at).await,
            Self::Postgres(store) => store.give_back_identity_try(ledger, account, at).await,
        }
    }

    /// When proofs of identity of this account failed, or were begun, since `since`, the oldest first.
    pub async fn list_identity_checks(
        &self,
        ledger: &str,
        account: Uuid,
        since: Micros,
    ) -> Result<Vec<Micros>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_identity_checks(ledger, account, since).await,
            Self::Postgres(store) => store.list_identity_checks(ledger, account, since).await,
        }
    }
}
