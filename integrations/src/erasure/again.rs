//! After a restore: what the ledger of erasures knows and the store has again is destroyed again, before anybody is served.

use bordereau_commands::{AccountRequest, Envelope, Failed};
use bordereau_domain::{AccountId, Actor, Digest, ShopCode, account::Account};
use bordereau_store::{Erasure, Micros};
use chrono::{DateTime, Utc};

use super::{Eraser, ErasureReason};

impl Eraser {
    /// Destroys again what a restore has brought back, and completes what a crash has cut off; how many lines of the
    /// ledger of erasures had to be carried out.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn reapply(&self, at: DateTime<Utc>) -> anyhow::Result<usize> {
        let store = self.commands.store();
        let mut undone = store.list_undone_erasures().await?;
        // Whoever is gone has no texts to be deleted from his account any more.
        undone.sort_by_key(|erasure| !erasure.is_of_person());
        for erasure in &undone {
            let Erasure { ledger, subject, purposes, digests, .. } = erasure;
            let (shop, account_id) = (ledger.parse()?, AccountId(*subject));
            // The ledger of erasures has its line; the event may be lost with the age of the back-up.
            if erasure.is_of_person() {
                self.erase(&shop, account_id, ErasureReason::Requested, at).await?;
            } else if digests.is_empty() {
                store.erase_purposes(ledger, *subject, purposes).await?;
            } else {
                self.forget_texts_again(&shop, account_id, digests, at).await?;
            }
            tracing::warn!(shop = ledger, %subject, "erased again: the store had brought the person back");
        }
        Ok(undone.len() + self.delete_organisations_again(at).await?)
    }

    /// Texts that a restore has brought back. Where they are the account's present ones, its organisation is back too.
    async fn forget_texts_again(
        &self,
        shop: &ShopCode,
        account_id: AccountId,
        texts: &[[u8; 32]],
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let ask = |account: &Account| account.about().iter().any(|Digest(text)| texts.contains(text));
        let id = account_id.to_string();
        if self.commands.peek_now::<Account, _>(shop.as_str(), &id, ask).await?.value {
            self.delete_organisation(shop, account_id, at).await?;
        }
        self.commands.store().forget_sealed(shop.as_str(), texts).await?;
        Ok(())
    }

    /// Organisations that were given up, by people whose account says nothing of it any more.
    async fn delete_organisations_again(&self, at: DateTime<Utc>) -> anyhow::Result<usize> {
        let mut again = 0;
        for Erasure { ledger, subject, at: deleted_at, .. } in
            self.commands.store().list_erasures().await?.iter().filter(|line| line.organisation)
        {
            let (shop, account_id) = (ledger.parse()?, AccountId(*subject));
            if self.was_deleted_since(&shop, account_id, *deleted_at).await? {
                continue;
            }
            // Never before the line: else it would look undone again at the next start.
            let at = DateTime::from_timestamp_micros(*deleted_at).map_or(at, |deleted_at| at.max(deleted_at));
            if self.delete_organisation(&shop, account_id, at).await? {
                tracing::warn!(shop = ledger, %subject, "deleted again: the store had brought the organisation back");
                again += 1;
            }
        }
        Ok(again)
    }

    async fn was_deleted_since(&self, shop: &ShopCode, account_id: AccountId, since: Micros) -> anyhow::Result<bool> {
        let deletions = self.list_deletions(shop, account_id).await?;
        Ok(deletions.iter().any(|deletion| deletion.at.timestamp_micros() >= since))
    }

    /// As the service, for a person who has done it himself before; whether there was something to delete.
    async fn delete_organisation(
        &self,
        shop: &ShopCode,
        account_id: AccountId,
        at: DateTime<Utc>,
    ) -> anyhow::Result<bool> {
        let envelope = Envelope::new(shop.clone(), Actor::system(), at, "reactor");
        let request = AccountRequest::DeleteOrganisation { account_id };
        let deleted = match self.commands.execute(envelope, account_id.to_string(), request).await {
            Ok(done) => done.position.is_some(),
            // An account that the restore has taken back, that is closed, or whose person was erased.
            Err(Failed::NotFound | Failed::Refused(_) | Failed::Erased) => false,
            Err(failed) => return Err(failed.into()),
        };
        self.complete_organisation(shop, account_id, at).await?;
        Ok(deleted)
    }
}
