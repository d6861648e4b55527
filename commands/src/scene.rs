//! What a request may look at and set aside while it is turned into a command.

use std::collections::BTreeMap;

use bordereau_domain::{
    AccountId, Context, Ean, InstitutionId, Personal, ShopCode,
    account::Account,
    article::Article,
    basket::Today,
    institution::{Institution, Known, Standing},
    personal::Field,
    shop::{OpenedShop, Shop},
};
use bordereau_store::{Beside, Store, StoreError};
use chrono::NaiveDate;

use crate::{
    failed::Failed,
    live::Kinds,
    numbers::{Numbered, Numbers},
    seal::SealText,
};

/// The surroundings of one command: facts of others to read, sealed texts and claims to store with it.
pub struct Scene<'a> {
    pub(crate) store: &'a Store,
    pub(crate) kinds: &'a Kinds,
    pub(crate) numbers: &'a Numbers,
    pub(crate) shop: &'a ShopCode,
    pub(crate) context: Context,
    pub(crate) beside: Vec<Beside>,
}

/// A fact could not be had: the store fails, or the log cannot be read.
pub(crate) enum Missing {
    Store(StoreError),
    Broken(String),
}

impl<E: std::error::Error> From<Missing> for Failed<E> {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Store(error) => error.into(),
            Missing::Broken(why) => Self::Broken(why),
        }
    }
}

impl From<StoreError> for Missing {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

fn missing<E: std::error::Error>(failed: Failed<E>) -> Missing {
    let said = failed.to_string();
    match failed {
        Failed::Unavailable(why) => Missing::Store(StoreError::Unavailable(why)),
        Failed::UnknownShop => Missing::Store(StoreError::UnknownLedger),
        Failed::NotFound
        | Failed::Refused(_)
        | Failed::Stale { .. }
        | Failed::KeyReused
        | Failed::ClaimTaken { .. }
        | Failed::Contended
        | Failed::ShopExists
        | Failed::Unknown(_)
        | Failed::Broken(_) => Missing::Broken(said),
    }
}

impl Scene<'_> {
    /// Seals a text under the acting person's key and keeps the bytes for the transaction.
    pub(crate) async fn seal<T: Field>(&mut self, text: &SealText<T>) -> Result<Personal<T>, Missing> {
        let subject = self.context.actor.account.into();
        self.seal_for(subject, text).await
    }

    /// Seals a text under a person's key and keeps the bytes for the transaction.
    pub(crate) async fn seal_for<T: Field>(
        &mut self,
        subject: bordereau_domain::SubjectId,
        text: &SealText<T>,
    ) -> Result<Personal<T>, Missing> {
        let (personal, sealed) = text.seal(self.store, self.shop.as_str(), subject).await?;
        self.beside.push(Beside::Sealed(sealed));
        Ok(personal)
    }

    /// The same for a text that may be absent.
    pub(crate) async fn seal_optional<T: Field>(
        &mut self,
        text: Option<&SealText<T>>,
    ) -> Result<Option<Personal<T>>, Missing> {
        match text {
            Some(text) => self.seal(text).await.map(Some),
            None => Ok(None),
        }
    }

    /// The next number of this kind.
    pub(crate) async fn number(&self, kind: Numbered) -> Result<u64, Missing> {
        Ok(self.numbers.next(self.store, self.shop.as_str(), kind).await?)
    }

    /// An institution of the shop, once synchronised.
    pub(crate) async fn institution(&self, id: InstitutionId) -> Result<Option<Known>, Missing> {
        let ask = |institution: &Institution| institution.known().cloned();
        let live = &self.kinds.institutions;
        live.peek(self.store, self.shop.as_str(), &id.to_string(), ask).await.map(|p| p.value).map_err(missing)
    }

    /// An institution's standing, if it is known.
    pub(crate) async fn find_standing(&self, id: InstitutionId) -> Result<Option<Standing>, Missing> {
        let ask = |institution: &Institution| institution.known().map(Known::standing);
        let live = &self.kinds.institutions;
        live.peek(self.store, self.shop.as_str(), &id.to_string(), ask).await.map(|p| p.value).map_err(missing)
    }

    /// An institution's standing; one that is not known stands like a withdrawn one.
    pub(crate) async fn standing(&self, id: InstitutionId) -> Result<Standing, Missing> {
        let unknown = Standing { withdrawn: true, ..Standing::default() };
        Ok(self.find_standing(id).await?.unwrap_or(unknown))
    }

    /// Whether each of these institutions was synchronised, be it blocked or withdrawn since.
    pub(crate) async fn are_known(&self, ids: &[InstitutionId]) -> Result<bool, Missing> {
        for id in ids {
            if self.find_standing(*id).await?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether an account is inactive or gone.
    pub(crate) async fn is_inactive(&self, id: AccountId) -> Result<bool, Missing> {
        if id == self.context.actor.account {
            return Ok(false);
        }
        let ask = |account: &Account| account.opened().is_none_or(|opened| !opened.active);
        let live = &self.kinds.accounts;
        live.peek(self.store, self.shop.as_str(), &id.to_string(), ask).await.map(|p| p.value).map_err(missing)
    }

    /// The point of sale that an account belongs to, else the shop's first.
    pub(crate) async fn establishment_of(
        &self,
        id: AccountId,
    ) -> Result<Option<bordereau_domain::EstablishmentId>, Missing> {
        let ask = |account: &Account| account.opened().and_then(|opened| opened.establishment);
        let live = &self.kinds.accounts;
        let own = live.peek(self.store, self.shop.as_str(), &id.to_string(), ask).await.map_err(missing)?.value;
        if own.is_some() {
            return Ok(own);
        }
        let shop = self.opened_shop().await?;
        Ok(shop.and_then(|shop| shop.establishments.first().map(|first| first.establishment_id)))
    }

    /// The shop.
    pub(crate) async fn opened_shop(&self) -> Result<Option<OpenedShop>, Missing> {
        let ask = |shop: &Shop| shop.opened().cloned();
        let code = self.shop.as_str();
        self.kinds.shops.peek(self.store, code, code, ask).await.map(|p| p.value).map_err(missing)
    }

    /// The day of the act in the shop's time zone.
    pub(crate) async fn local_day(&self) -> Result<NaiveDate, Missing> {
        let zone = self.opened_shop().await?.map_or(chrono_tz::UTC, |shop| shop.zone());
        Ok(self.context.at.with_timezone(&zone).date_naive())
    }

    /// Articles of today's catalogue; what is unknown or withdrawn is absent.
    pub(crate) async fn articles(&self, eans: &[Ean]) -> Result<BTreeMap<Ean, Article>, Missing> {
        if eans.is_empty() {
            return Ok(BTreeMap::new());
        }
        let wanted: Vec<String> = eans.iter().map(ToString::to_string).collect();
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let stored = self.store.find_articles(self.shop.as_str(), &wanted).await?;
        let read = |body: &str| serde_json::from_str::<Article>(body).map_err(|e| Missing::Broken(e.to_string()));
        stored
            .iter()
            .filter(|article| !article.withdrawn)
            .map(|article| read(&article.body).map(|article| (article.ean, article)))
            .collect()
    }

    /// Today's prices for lines of an institution.
    pub(crate) async fn today(&self, institution: InstitutionId, eans: &[Ean]) -> Result<Today, Missing> {
        Ok(Today { articles: self.articles(eans).await?, standing: self.standing(institution).await? })
    }
}
