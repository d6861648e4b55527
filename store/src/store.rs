//! The front of the store: a closed enum over the back ends. Every method says what holds on all of them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use tokio::sync::watch;
use uuid::Uuid;

use crate::error::{AppendError, OpenError, StoreError};
use crate::log::{Append, Head, Outcome, Receipt, StoredEvent};
use crate::options::{Micros, Options};
use crate::postgres::Postgres;
use crate::refusals::{Refusal, RefusalQuery};
use crate::sqlite::Sqlite;
use crate::vault::{Purpose, SealedField};

mod access;
mod articles;
mod erasures;
mod mail_queue;
mod pending_emails;
mod reactors;
mod retention;
mod second_factors;
mod transfer;

const POSTGRES_TOOLS: &str = "a PostgreSQL store is backed up and restored with PostgreSQL's own tools";

/// Where facts are kept. Clones share one store.
#[derive(Clone, Debug)]
pub enum Store {
    /// One file in the data folder.
    Sqlite(Arc<Sqlite>),
    /// A database that several nodes share.
    Postgres(Arc<Postgres>),
}

impl Store {
    /// Opens the store, makes what is missing and runs the migrations. Takes no lock: several processes may write.
    ///
    /// `url` is `sqlite` (the file `bordereau.db` in `data`) or `sqlite://path`, with `keys.db` beside that file; or
    /// `postgres://user:password@host/database`, where nothing is kept in `data`.
    pub async fn open(url: &str, data: &Path, options: Options) -> Result<Self, OpenError> {
        if Postgres::is_named_by(url) {
            return Ok(Self::Postgres(Arc::new(Postgres::open(url, options).await?)));
        }
        Ok(Self::Sqlite(Arc::new(Sqlite::open(url, data, options).await?)))
    }

    /// Appends what one command writes, in one transaction. Answers once it is durable.
    pub async fn append(&self, append: Append) -> Result<Receipt, AppendError> {
        match self {
            Self::Sqlite(store) => store.append(append).await,
            Self::Postgres(store) => store.append(append).await,
        }
    }

    /// The events of one stream after a sequence, by sequence.
    pub async fn load(
        &self,
        ledger: &str,
        aggregate_type: &str,
        aggregate_id: &str,
        after: u64,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        match self {
            Self::Sqlite(store) => store.load(ledger, aggregate_type, aggregate_id, after).await,
            Self::Postgres(store) => store.load(ledger, aggregate_type, aggregate_id, after).await,
        }
    }

    /// At most `limit` events of one ledger after a position, by position. Misses nothing, whoever is writing.
    pub async fn read(&self, ledger: &str, after: u64, limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        match self {
            Self::Sqlite(store) => store.read(ledger, after, limit).await,
            Self::Postgres(store) => store.read(ledger, after, limit).await,
        }
    }

    /// The last position of a ledger that was recorded at a time or before it; 0 when there is none. Recorded times never
    /// fall as the position rises, so that a few single events are looked at, however long the ledger is.
    pub async fn position_at(&self, ledger: &str, time: Micros) -> Result<u64, StoreError> {
        let (mut known, mut beyond) = (0, self.head(ledger).await?.map_or(0, |head| head.position) + 1);
        while known + 1 < beyond {
            let middle = known.midpoint(beyond);
            match self.read(ledger, middle - 1, 1).await?.first() {
                Some(event) if event.recorded_at <= time => known = middle,
                Some(_) | None => beyond = middle,
            }
        }
        Ok(known)
    }

    /// Where a ledger stands.
    pub async fn head(&self, ledger: &str) -> Result<Option<Head>, StoreError> {
        match self {
            Self::Sqlite(store) => store.head(ledger).await,
            Self::Postgres(store) => store.head(ledger).await,
        }
    }

    /// Where every ledger stands, by ledger.
    pub async fn heads(&self) -> Result<Vec<Head>, StoreError> {
        match self {
            Self::Sqlite(store) => store.heads().await,
            Self::Postgres(store) => store.heads().await,
        }
    }

    /// Gives every ledger a new epoch, after a restore, so that followers of a lost history are told so. Sessions and
    /// links that were mailed end: those that had ended since the back-up must not live again.
    pub async fn renew_epochs(&self) -> Result<Vec<Head>, StoreError> {
        match self {
            Self::Sqlite(store) => store.renew_epochs().await,
            Self::Postgres(store) => store.renew_epochs().await,
        }
    }

    /// Changes after each commit that wrote events or articles. SQLite: of this process; writes of other processes do
    /// not show, poll the heads every 200 ms beside it. PostgreSQL: of every node, usually within milliseconds, within
    /// 200 ms when a notification is lost; there it may also change for nothing.
    pub fn appended(&self) -> watch::Receiver<u64> {
        match self {
            Self::Sqlite(store) => store.appended(),
            Self::Postgres(store) => store.appended(),
        }
    }

    /// The answer kept under an idempotency key, for 7 days.
    pub async fn find_outcome(&self, ledger: &str, account: &str, key: &str) -> Result<Option<Outcome>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_outcome(ledger, account, key).await,
            Self::Postgres(store) => store.find_outcome(ledger, account, key).await,
        }
    }

    /// Takes `count` document numbers of a kind and returns the first. Unique, never given twice; gaps are possible.
    pub async fn take_numbers(&self, ledger: &str, kind: &str, count: u64) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.take_numbers(ledger, kind, count).await,
            Self::Postgres(store) => store.take_numbers(ledger, kind, count).await,
        }
    }

    /// Who holds a unique value.
    pub async fn find_claim(&self, ledger: &str, kind: &str, value: &[u8; 32]) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_claim(ledger, kind, value).await,
            Self::Postgres(store) => store.find_claim(ledger, kind, value).await,
        }
    }

    /// Who holds a value in each ledger, as (ledger, holder) by ledger. `text` is the value itself: its blind index
    /// differs from ledger to ledger.
    pub async fn find_claim_everywhere(&self, kind: &str, text: &str) -> Result<Vec<(String, String)>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_claim_everywhere(kind, text).await,
            Self::Postgres(store) => store.find_claim_everywhere(kind, text).await,
        }
    }

    /// Notes a refused command. Does not wait until it is durable; a crash may lose the last ones.
    pub async fn record_refusal(&self, refusal: Refusal) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.record_refusal(refusal).await,
            Self::Postgres(store) => store.record_refusal(refusal).await,
        }
    }

    /// Refusals of a ledger by time, account and command.
    pub async fn list_refusals(&self, ledger: &str, query: RefusalQuery) -> Result<Vec<Refusal>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_refusals(ledger, query).await,
            Self::Postgres(store) => store.list_refusals(ledger, query).await,
        }
    }

    /// Seals a text under the subject's key, which is durable before this returns. Nothing is in the vault yet: the
    /// bytes go there with [`Beside::Sealed`](crate::Beside::Sealed).
    pub async fn seal(
        &self,
        ledger: &str,
        subject: Uuid,
        purpose: Purpose,
        field: &str,
        text: &str,
    ) -> Result<SealedField, StoreError> {
        match self {
            Self::Sqlite(store) => store.seal(ledger, subject, purpose, field, text).await,
            Self::Postgres(store) => store.seal(ledger, subject, purpose, field, text).await,
        }
    }

    /// Opens sealed texts, in one look-up. Erased or unknown ones are absent; one that does not fit its digest, key or
    /// surroundings is [`StoreError::Broken`].
    pub async fn open_sealed(
        &self,
        ledger: &str,
        digests: &[[u8; 32]],
    ) -> Result<HashMap<[u8; 32], String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.open_sealed(ledger, digests).await,
            Self::Postgres(store) => store.open_sealed(ledger, digests).await,
        }
    }

    /// Destroys all keys and sealed bytes of a subject, for ever. Returns the ids of all its destroyed keys, the same
    /// when asked again.
    pub async fn erase_subject(&self, ledger: &str, subject: Uuid) -> Result<Vec<Uuid>, StoreError> {
        self.erase_purposes(ledger, subject, &Purpose::ALL).await
    }

    /// Destroys the keys and sealed bytes that a subject has for these purposes (accounting may have to stay its legal
    /// term). Returns the ids of the destroyed keys.
    pub async fn erase_purposes(
        &self,
        ledger: &str,
        subject: Uuid,
        purposes: &[Purpose],
    ) -> Result<Vec<Uuid>, StoreError> {
        match self {
            Self::Sqlite(store) => store.erase_purposes(ledger, subject, purposes).await,
            Self::Postgres(store) => store.erase_purposes(ledger, subject, purposes).await,
        }
    }

    /// HMAC-SHA-256 of a value under the store's look-up key: equal values of one ledger and kind have equal indexes,
    /// and nobody without the key can try values.
    pub fn blind_index(&self, ledger: &str, kind: &str, value: &str) -> [u8; 32] {
        match self {
            Self::Sqlite(store) => store.blind_index(ledger, kind, value),
            Self::Postgres(store) => store.blind_index(ledger, kind, value),
        }
    }

    /// Whether a URL names a PostgreSQL database, which is backed up and restored with its own tools.
    pub fn is_on_postgres(url: &str) -> bool {
        Postgres::is_named_by(url)
    }

    /// Whether a store is where `open` with the same arguments would look for it. Of PostgreSQL only the server knows.
    pub fn is_there(url: &str, data: &Path) -> Result<bool, OpenError> {
        if Self::is_on_postgres(url) { Ok(true) } else { Sqlite::is_there(url, data) }
    }

    /// Copies the store as it is at one moment into new files, while it is written to: the log and the shared tables to
    /// `file`, the keys to `file.keys`, the digests of both to `file.sha256`. The master key is not copied. Answers
    /// where the ledgers stand in the copy. PostgreSQL has tools of its own: refused there.
    pub async fn back_up(&self, file: &Path) -> Result<Vec<Head>, StoreError> {
        match self {
            Self::Sqlite(store) => store.back_up(file).await,
            Self::Postgres(_) => Err(StoreError::Refused(POSTGRES_TOOLS.to_owned())),
        }
    }

    /// How many bytes of a back-up under way have been written, of about how many.
    pub fn backed_up(&self, file: &Path) -> (u64, u64) {
        match self {
            Self::Sqlite(store) => store.backed_up(file),
            Self::Postgres(_) => (0, 0),
        }
    }

    /// Puts a back-up where `open` with the same arguments will find it, each ledger with a new epoch; nothing may be
    /// there but the master key, which must be the one of the store that was backed up. What differs from what was
    /// written is refused, and then nothing is left behind. Erase again who was erased since the back-up.
    pub async fn restore(url: &str, data: &Path, file: &Path, options: Options) -> Result<(), OpenError> {
        if Self::is_on_postgres(url) {
            return Err(OpenError::Database(POSTGRES_TOOLS.to_owned()));
        }
        Sqlite::restore(url, data, file, options).await
    }

    /// Answers if the store can be read.
    pub async fn ping(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.ping().await,
            Self::Postgres(store) => store.ping().await,
        }
    }

    /// Writes what is waiting and stops the writer; appends are unavailable from then on.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}
