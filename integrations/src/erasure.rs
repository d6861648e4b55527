//! The erasure of a person, or of what he was for an organisation, from the event to the last byte: noted where no back-up
//! reaches, keys and sealed bytes destroyed, the account of an erased person closed. Each step may be done again, so that
//! whoever comes after a crash, or after a restore, completes it.

use bordereau_commands::{AccountRequest, Commands, ERASED_AT_ONCE, Envelope, Failed, SubjectRequest};
use bordereau_domain::{
    AccountId, Actor, Decider, Digest, Event, ShopCode,
    account::{Account, AccountEvent},
};
use bordereau_projections::Recorded;
use bordereau_store::{Erasure, StoreError};
use chrono::{DateTime, Utc};

mod again;
mod reactor;

pub use reactor::ErasureReactor;

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
        self.forget_messages(shop, account_id, at).await?;
        store.erase_purposes(shop.as_str(), subject, &ERASED_AT_ONCE).await?;
        let envelope = Envelope::new(shop.clone(), Actor::system(), at, "reactor");
        match self.commands.execute(envelope, account_id.to_string(), AccountRequest::Close).await {
            // A person without an account, or whose account a restore has taken back.
            Ok(_) | Err(Failed::NotFound) => {}
            Err(failed) => return Err(failed.into()),
        }
        // Sessions, links, claims, letters of whoever had begun something before the event, and was slower.
        Ok(store.forget_account(shop.as_str(), subject).await?)
    }

    /// What the bookshop has written to a person goes with him: it calls him by his name, under its writers' keys.
    async fn forget_messages(&self, shop: &ShopCode, account_id: AccountId, at: DateTime<Utc>) -> anyhow::Result<()> {
        let messages = self.history(shop, account_id).await?.into_iter().filter_map(|recorded| match recorded.event {
            Event::Account(AccountEvent::MessageSent { message }) => Some(message.digest.0),
            Event::Account(_)
            | Event::Subject(_)
            | Event::Shop(_)
            | Event::Institution(_)
            | Event::Basket(_)
            | Event::Quote(_)
            | Event::Order(_) => None,
        });
        self.forget_texts(shop, account_id, &messages.collect::<Vec<_>>(), at).await
    }

    /// Notes texts in the ledger of erasures and destroys them, whoever sealed them.
    async fn forget_texts(
        &self,
        shop: &ShopCode,
        account_id: AccountId,
        digests: &[[u8; 32]],
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        if digests.is_empty() {
            return Ok(());
        }
        for texts in digests.chunks(TEXTS) {
            let noted = noted(shop, account_id, ErasureReason::Requested, at);
            self.commands.store().note_erasure(Erasure { digests: texts.to_vec(), ..noted }).await?;
        }
        Ok(self.commands.store().forget_sealed(shop.as_str(), digests).await?)
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
        for Deletion { digests, at: deleted_at } in self.list_deletions(shop, account_id).await? {
            // Of an account of which nobody had written anything no text tells a restore.
            let noted = noted(shop, account_id, ErasureReason::Requested, deleted_at);
            self.commands.store().note_erasure(Erasure { organisation: true, ..noted }).await?;
            self.forget_texts(shop, account_id, &digests, at).await?;
        }
        Ok(())
    }

    /// When a person gave up what he was for an organisation, the oldest first.
    async fn list_deletions(&self, shop: &ShopCode, account_id: AccountId) -> anyhow::Result<Vec<Deletion>> {
        let mut deletions = Vec::new();
        for Recorded { event, at, .. } in self.history(shop, account_id).await? {
            if let Event::Account(AccountEvent::OrganisationDeleted { digests }) = event {
                let digests = digests.iter().map(|Digest(digest)| *digest).collect();
                deletions.push(Deletion { digests, at });
            }
        }
        Ok(deletions)
    }

    /// All that happened to an account.
    async fn history(&self, shop: &ShopCode, account_id: AccountId) -> anyhow::Result<Vec<Recorded>> {
        let stored = self.commands.store().load(shop.as_str(), Account::TYPE, &account_id.to_string(), 0).await?;
        Ok(stored.into_iter().map(Recorded::decode).collect::<Result<_, _>>()?)
    }
}

/// The end of what somebody was for an organisation.
struct Deletion {
    /// The texts that went.
    digests: Vec<[u8; 32]>,
    at: DateTime<Utc>,
}

fn noted(shop: &ShopCode, AccountId(subject): AccountId, reason: ErasureReason, at: DateTime<Utc>) -> Erasure {
    Erasure {
        ledger: shop.to_string(),
        subject,
        purposes: Vec::new(),
        organisation: false,
        digests: Vec::new(),
        key_ids: Vec::new(),
        reason: reason.as_str().to_owned(),
        at: at.timestamp_micros(),
    }
}
