//! The erasure of a person, from the event to the last byte: noted where no back-up reaches, keys and sealed bytes
//! destroyed, the account closed. Each step may be done again, so that whoever comes after a crash, or after a restore,
//! completes it.

use bordereau_commands::{AccountRequest, Commands, ERASED_AT_ONCE, Envelope, Failed, SubjectRequest};
use bordereau_domain::{AccountId, Actor, Event, ShopCode, subject::SubjectEvent};
use bordereau_projections::Recorded;
use bordereau_store::{Clock, Erasure, Purpose};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::reactor::{Reactor, Trouble};

/// Why a person was erased, as the ledger of erasures keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErasureReason {
    /// The person asked for it.
    #[default]
    Requested,
    /// The person objects to what is done with his data.
    Objection,
    /// The data should never have been kept.
    Unlawful,
    /// The time is over for which it may be kept.
    Retention,
}

impl ErasureReason {
    /// The word in the ledger of erasures.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Objection => "objection",
            Self::Unlawful => "unlawful",
            Self::Retention => "retention",
        }
    }
}

/// Erases persons of one store.
#[derive(Clone, Debug)]
pub struct Eraser {
    commands: Commands,
}

impl Eraser {
    /// On the store beneath `commands`.
    pub fn new(commands: Commands) -> Self {
        Self { commands }
    }

    /// Erases a person as the service: the event, then all that follows from it.
    ///
    /// # Errors
    /// When the store cannot be reached; asked again it goes on where it was.
    pub async fn erase(
        &self,
        shop: &ShopCode,
        account_id: AccountId,
        reason: ErasureReason,
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let envelope = Envelope::new(shop.clone(), Actor::system(), at, "reactor");
        self.commands.execute(envelope, account_id.to_string(), SubjectRequest::Erase { account_id }).await?;
        self.complete(shop, account_id, reason, at).await
    }

    /// Does what `SubjectErased` promises: to be called once the event is durable, and again after a crash.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn complete(
        &self,
        shop: &ShopCode,
        account_id: AccountId,
        reason: ErasureReason,
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let (store, subject) = (self.commands.store(), account_id.0);
        let keys = store.list_subject_keys(shop.as_str(), subject).await?;
        let gone = keys.iter().filter(|key| ERASED_AT_ONCE.contains(&key.purpose));
        // First of all: from here on a restore knows of it.
        let erasure = Erasure { key_ids: gone.map(|key| key.key_id).collect(), ..noted(shop, subject, reason, at) };
        store.note_erasure(erasure).await?;
        store.erase_purposes(shop.as_str(), subject, &ERASED_AT_ONCE).await?;
        let envelope = Envelope::new(shop.clone(), Actor::system(), at, "reactor");
        match self.commands.execute(envelope, account_id.to_string(), AccountRequest::Close).await {
            // A person without an account, or whose account a restore has taken back.
            Ok(_) | Err(Failed::NotFound) => Ok(()),
            Err(failed) => Err(failed.into()),
        }
    }

    /// Destroys again what a restore has brought back, and completes what a crash has cut off; how many persons.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn reapply(&self, at: DateTime<Utc>) -> anyhow::Result<usize> {
        let store = self.commands.store();
        let undone = store.list_undone_erasures().await?;
        for erasure in &undone {
            let Erasure { ledger, subject, purposes, digests, .. } = erasure;
            if purposes.contains(&Purpose::Account) {
                // The ledger of erasures has its line; the event may be lost with the age of the back-up.
                self.erase(&ledger.parse()?, AccountId(*subject), ErasureReason::Requested, at).await?;
            } else {
                store.erase_purposes(ledger, *subject, purposes).await?;
                store.forget_sealed(ledger, *subject, digests).await?;
            }
            tracing::warn!(shop = ledger, %subject, "erased again: the store had brought the person back");
        }
        Ok(undone.len())
    }
}

fn noted(shop: &ShopCode, subject: Uuid, reason: ErasureReason, at: DateTime<Utc>) -> Erasure {
    Erasure {
        ledger: shop.to_string(),
        subject,
        purposes: ERASED_AT_ONCE.to_vec(),
        digests: Vec::new(),
        key_ids: Vec::new(),
        reason: reason.as_str().to_owned(),
        at: at.timestamp_micros(),
    }
}

/// Completes erasures that a crash has cut off between the event and the last byte.
pub struct ErasureReactor {
    eraser: Eraser,
    clock: Clock,
}

impl std::fmt::Debug for ErasureReactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ErasureReactor")
    }
}

impl ErasureReactor {
    /// Completes with `eraser`.
    pub fn new(eraser: Eraser, clock: Clock) -> Self {
        Self { eraser, clock }
    }
}

impl Reactor for ErasureReactor {
    const NAME: &'static str = "erasure";

    async fn react(&self, event: &Recorded) -> Result<(), Trouble> {
        let Event::Subject(SubjectEvent::Erased { .. }) = &event.event else { return Ok(()) };
        let never = |what: &str| Trouble::Never(what.to_owned());
        let shop = event.shop.parse().map_err(|_| never("no shop's code"))?;
        let subject = event.aggregate_id.parse().map_err(|_| never("no id of a person"))?;
        let at = DateTime::from_timestamp_micros((self.clock)()).unwrap_or(event.at);
        let done = self.eraser.complete(&shop, AccountId(subject), ErasureReason::Requested, at).await;
        done.map_err(|error| Trouble::NotNow(format!("{error:#}")))
    }
}
