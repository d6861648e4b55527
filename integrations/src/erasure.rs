//! The erasure of a person, or of what he was for an organisation, from the event to the last byte: noted where no back-up
//! reaches, keys and sealed bytes destroyed, the account of an erased person closed. Each step may be done again, so that
//! whoever comes after a crash, or after a restore, completes it.

use bordereau_commands::{AccountRequest, Commands, ERASED_AT_ONCE, Envelope, Failed, SubjectRequest};
use bordereau_domain::{
    AccountId, Actor, Decider, Digest, Event, ShopCode,
    account::{Account, AccountEvent},
    subject::SubjectEvent,
};
use bordereau_projections::Recorded;
use bordereau_store::{Clock, Erasure, StoreError};
use chrono::{DateTime, Utc};

use crate::reactor::{Reactor, Trouble};

/// Most texts in a line of the ledger of erasures: the line is a key of its index.
const TEXTS: usize = 16;

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
        self.ask(shop, account_id, reason, at).await?;
        let envelope = Envelope::new(shop.clone(), Actor::system(), at, "reactor");
        self.commands.execute(envelope, account_id.to_string(), SubjectRequest::Erase { account_id }).await?;
        self.complete(shop, account_id, at).await
    }

    /// Notes why a person is to be erased: to be called before the event, so that whoever completes the erasure knows it.
    /// Where no event follows, because it is refused or a crash comes in between, nothing follows from the note.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn ask(
        &self,
        shop: &ShopCode,
        AccountId(subject): AccountId,
        reason: ErasureReason,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (store, code) = (self.commands.store(), shop.as_str());
        let is_gone = |line: &Erasure| line.ledger == code && line.subject == subject && line.is_of_person();
        if store.list_erasures().await?.iter().any(is_gone) {
            return Ok(());
        }
        store.ask_for_erasure(code, subject, reason.as_str(), at.timestamp_micros()).await
    }

    /// Does what `SubjectErased` promises: to be called once the event is durable, and again after a crash. The reason is
    /// the one that was asked with.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn complete(&self, shop: &ShopCode, account_id: AccountId, at: DateTime<Utc>) -> anyhow::Result<()> {
        let (store, subject) = (self.commands.store(), account_id.0);
        let reason = store.find_asked_reason(shop.as_str(), subject).await?;
        let noted = noted(shop, account_id, ErasureReason::default(), at);
        let keys = store.list_subject_keys(shop.as_str(), subject).await?;
        let gone = keys.iter().filter(|key| ERASED_AT_ONCE.contains(&key.purpose));
        // First of all: from here on a restore knows of it.
        let erasure = Erasure {
            purposes: ERASED_AT_ONCE.to_vec(),
            key_ids: gone.map(|key| key.key_id).collect(),
            reason: reason.unwrap_or(noted.reason),
            ..noted
        };
        store.note_erasure(erasure).await?;
        store.erase_purposes(shop.as_str(), subject, &ERASED_AT_ONCE).await?;
        let envelope = Envelope::new(shop.clone(), Actor::system(), at, "reactor");
        match self.commands.execute(envelope, account_id.to_string(), AccountRequest::Close).await {
            // A person without an account, or whose account a restore has taken back.
            Ok(_) | Err(Failed::NotFound) => Ok(()),
            Err(failed) => Err(failed.into()),
        }
    }

    /// Does what `AccountOrganisationDeleted` promises: to be called once the event is durable, and again after a crash.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn complete_organisation(
        &self,
        shop: &ShopCode,
        account_id: AccountId,
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let store = self.commands.store();
        for stored in store.load(shop.as_str(), Account::TYPE, &account_id.to_string(), 0).await? {
            let Event::Account(AccountEvent::OrganisationDeleted { digests }) = Recorded::decode(stored)?.event else {
                continue;
            };
            let digests: Vec<[u8; 32]> = digests.iter().map(|Digest(digest)| *digest).collect();
            for texts in digests.chunks(TEXTS) {
                let noted = noted(shop, account_id, ErasureReason::Requested, at);
                store.note_erasure(Erasure { digests: texts.to_vec(), ..noted }).await?;
            }
            store.forget_sealed(shop.as_str(), &digests).await?;
        }
        Ok(())
    }

    /// Deletes again what somebody was for an organisation, and the texts that a restore has brought back.
    async fn delete_organisation_again(
        &self,
        shop: &ShopCode,
        account_id: AccountId,
        texts: &[[u8; 32]],
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let envelope = Envelope::new(shop.clone(), Actor::system(), at, "reactor");
        let request = AccountRequest::DeleteOrganisation { account_id };
        match self.commands.execute(envelope, account_id.to_string(), request).await {
            // An account that the restore has taken back, that is closed, or whose person was erased: the texts go.
            Ok(_) | Err(Failed::NotFound | Failed::Refused(_) | Failed::Erased) => {}
            Err(failed) => return Err(failed.into()),
        }
        self.complete_organisation(shop, account_id, at).await?;
        self.commands.store().forget_sealed(shop.as_str(), texts).await?;
        Ok(())
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
            let (shop, account_id) = (ledger.parse()?, AccountId(*subject));
            // The ledger of erasures has its line; the event may be lost with the age of the back-up.
            if erasure.is_of_person() {
                self.erase(&shop, account_id, ErasureReason::Requested, at).await?;
            } else if digests.is_empty() {
                store.erase_purposes(ledger, *subject, purposes).await?;
            } else {
                self.delete_organisation_again(&shop, account_id, digests, at).await?;
            }
            tracing::warn!(shop = ledger, %subject, "erased again: the store had brought the person back");
        }
        Ok(undone.len())
    }
}

fn noted(shop: &ShopCode, AccountId(subject): AccountId, reason: ErasureReason, at: DateTime<Utc>) -> Erasure {
    Erasure {
        ledger: shop.to_string(),
        subject,
        purposes: Vec::new(),
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
        let whole = match &event.event {
            Event::Subject(SubjectEvent::Erased { .. }) => true,
            Event::Account(AccountEvent::OrganisationDeleted { .. }) => false,
            Event::Account(_)
            | Event::Shop(_)
            | Event::Institution(_)
            | Event::Basket(_)
            | Event::Quote(_)
            | Event::Order(_) => return Ok(()),
        };
        let never = |what: &str| Trouble::Never(what.to_owned());
        let shop = event.shop.parse().map_err(|_| never("no shop's code"))?;
        let subject = AccountId(event.aggregate_id.parse().map_err(|_| never("no id of a person"))?);
        let at = DateTime::from_timestamp_micros((self.clock)()).unwrap_or(event.at);
        let done = if whole {
            self.eraser.complete(&shop, subject, at).await
        } else {
            self.eraser.complete_organisation(&shop, subject, at).await
        };
        done.map_err(|error| Trouble::NotNow(format!("{error:#}")))
    }
}
