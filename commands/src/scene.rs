//! What a request may look at and set aside while it is turned into a command.

use std::{collections::BTreeMap, time::Duration};

use bordereau_domain::{
    AccountId, BuyersGroupId, Context, Decider, Ean, EstablishmentId, InstitutionId, Personal, Role, ShopCode,
    account::{Account, ChosenEstablishment, ChosenGroup, OpenedAccount},
    article::Article,
    basket::Today,
    institution::{Institution, Known, Standing},
    personal::{Email, Field},
    shop::{OpenedShop, Shop},
    subject::Subject,
};
use bordereau_store::{Beside, Store, StoreError, StreamAppend};
use chrono::NaiveDate;

use crate::{
    failed::Failed,
    live::{Entry, Housed, Kinds},
    numbers::{Numbered, Numbers},
    seal::{EMAIL_CLAIM, SealText, fold_email},
    shop::first_buyers_group,
};

/// The surroundings of one command: facts of others to read, sealed texts and claims to store with it.
pub struct Scene<'a> {
    pub(crate) store: &'a Store,
    pub(crate) kinds: &'a Kinds,
    pub(crate) numbers: &'a Numbers,
    pub(crate) shop: &'a ShopCode,
    pub(crate) context: Context,
    pub(crate) beside: Vec<Beside>,
    /// Streams that must not have moved when the command is written: without events, at the sequence that was seen.
    pub(crate) rests_on: Vec<StreamAppend>,
}

/// A fact could not be had: the store fails, or the log cannot be read.
pub(crate) enum Missing {
    Store(StoreError),
    Erased,
    Broken(String),
}

impl<E: std::error::Error> From<Missing> for Failed<E> {
    fn from(missing: Missing) -> Self {
        match missing {
            Missing::Store(error) => error.into(),
            Missing::Erased => Self::Erased,
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
        Failed::Erased => Missing::Erased,
        Failed::NotFound
        | Failed::Refused(_)
        | Failed::Stale { .. }
        | Failed::KeyReused
        | Failed::ClaimTaken { .. }
        | Failed::Unproven
        | Failed::Contended
        | Failed::ShopExists
        | Failed::Unknown(_)
        | Failed::Broken(_) => Missing::Broken(said),
    }
}

/// Articles of today's catalogue; what is unknown or withdrawn is absent.
pub(crate) async fn find_articles(store: &Store, shop: &str, eans: &[Ean]) -> Result<BTreeMap<Ean, Article>, Missing> {
    if eans.is_empty() {
        return Ok(BTreeMap::new());
    }
    let wanted: Vec<String> = eans.iter().map(ToString::to_string).collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let stored = store.find_articles(shop, &wanted).await?;
    let read = |body: &str| serde_json::from_str::<Article>(body).map_err(|e| Missing::Broken(e.to_string()));
    stored
        .iter()
        .filter(|article| !article.withdrawn)
        .map(|article| read(&article.body).map(|article| (article.ean, article)))
        .collect()
}

/// A stream that must not have moved.
fn stays<D: Decider>(id: &impl ToString, expected: u64) -> StreamAppend {
    StreamAppend { aggregate_type: D::TYPE.to_owned(), aggregate_id: id.to_string(), expected, events: Vec::new() }
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

    /// Whether a person was erased.
    pub(crate) async fn is_erased(&self, person: bordereau_domain::SubjectId) -> Result<bool, Missing> {
        let ask = |subject: &Subject| *subject == Subject::Erased;
        let live = &self.kinds.subjects;
        live.peek(self.store, self.shop.as_str(), &person.to_string(), ask).await.map(|p| p.value).map_err(missing)
    }

    /// Has the command rest on one of these being an active bookseller, who stays one until it is written; whether one is.
    pub(crate) async fn rests_on_a_bookseller(&mut self, ids: &[AccountId]) -> Result<bool, Missing> {
        for id in ids {
            let account = self.written::<Account>(&id.to_string()).await?;
            let subject = self.written::<Subject>(&id.to_string()).await?;
            let runs = |opened: &OpenedAccount| opened.active && opened.role == Role::Bookseller;
            if account.state.opened().is_some_and(runs) && subject.state == Subject::Present {
                self.rests_on.extend([stays::<Account>(id, account.sequence), stays::<Subject>(id, subject.sequence)]);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// An aggregate as the log has it now. It is not taken from memory: two commands that wait for each other's lock would
    /// never end.
    async fn written<D: Housed>(&self, id: &str) -> Result<Entry<D>, Missing> {
        let mut entry = Entry::default();
        entry.catch_up(self.store, self.shop.as_str(), id).await.map_err(missing)?;
        Ok(entry)
    }

    /// The text behind a sealed field, unless its person was erased.
    pub(crate) async fn text<T: Field>(&self, personal: Personal<T>) -> Result<Option<String>, Missing> {
        let digest = personal.digest.0;
        Ok(self.store.open_sealed(self.shop.as_str(), &[digest]).await?.remove(&digest))
    }

    /// Seals a text of a person, or keeps the seal it has: the same text again is no change.
    pub(crate) async fn seal_unless_same<T: Field>(
        &mut self,
        person: AccountId,
        before: Option<Personal<T>>,
        text: &SealText<T>,
    ) -> Result<Personal<T>, Missing> {
        if let Some(before) = before
            && self.text(before).await?.as_deref() == Some(text.clear())
        {
            return Ok(before);
        }
        self.seal_for(person.into(), text).await
    }

    /// The same for a text that may be absent.
    pub(crate) async fn seal_optional_unless_same<T: Field>(
        &mut self,
        person: AccountId,
        before: Option<Personal<T>>,
        text: Option<&SealText<T>>,
    ) -> Result<Option<Personal<T>>, Missing> {
        match text {
            Some(text) => self.seal_unless_same(person, before, text).await.map(Some),
            None => Ok(None),
        }
    }

    /// Takes an address for an account: no two of a shop have the same.
    pub(crate) fn claim_email(&mut self, account: AccountId, email: &SealText<Email>) {
        let value = self.store.blind_index(self.shop.as_str(), EMAIL_CLAIM, &fold_email(email.clear()));
        self.beside.push(Beside::Claim { kind: EMAIL_CLAIM.to_owned(), value, holder: account.to_string() });
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

    /// An institution of the shop, once synchronised, as the log has it now: the command rests on its staying so until it
    /// is written, whatever another node has been told meanwhile.
    pub(crate) async fn rests_on_institution(&mut self, id: InstitutionId) -> Result<Option<Known>, Missing> {
        let ask = |institution: &Institution| institution.known().cloned();
        let (live, id) = (&self.kinds.institutions, id.to_string());
        let found = live.peek_since(self.store, self.shop.as_str(), &id, Duration::ZERO, ask).await.map_err(missing)?;
        let stays = stays::<Institution>(&id, found.sequence);
        if !self.rests_on.contains(&stays) {
            self.rests_on.push(stays);
        }
        Ok(found.value)
    }

    /// The same of its standing; one that is not known stands like a withdrawn one.
    pub(crate) async fn rests_on_standing(&mut self, id: InstitutionId) -> Result<Standing, Missing> {
        let unknown = Standing { withdrawn: true, ..Standing::default() };
        Ok(self.rests_on_institution(id).await?.map_or(unknown, |known| known.standing()))
    }

    /// Whether each of these institutions was synchronised, be it blocked since; only those that an account acts for
    /// `already` may have been withdrawn (L16).
    pub(crate) async fn are_known(&self, ids: &[InstitutionId], already: &[InstitutionId]) -> Result<bool, Missing> {
        for id in ids {
            match self.find_standing(*id).await? {
                Some(standing) if !standing.withdrawn || already.contains(id) => {}
                Some(_) | None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Whether one of these institutions demands two persons.
    pub(crate) async fn demands_two_persons(&self, ids: &[InstitutionId]) -> Result<bool, Missing> {
        for id in ids {
            if self.find_standing(*id).await?.is_some_and(|standing| standing.two_persons) {
                return Ok(true);
            }
        }
        Ok(false)
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
    pub(crate) async fn establishment_of(&self, id: AccountId) -> Result<Option<EstablishmentId>, Missing> {
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

    /// A point of sale, and whether the shop has it.
    pub(crate) async fn chosen_establishment(
        &self,
        id: Option<EstablishmentId>,
    ) -> Result<ChosenEstablishment, Missing> {
        let shop = if id.is_some() { self.opened_shop().await? } else { None };
        let holds = |shop: OpenedShop| shop.establishments.iter().any(|known| Some(known.establishment_id) == id);
        Ok(ChosenEstablishment { id, known: shop.is_some_and(holds) })
    }

    /// A buyers' group, and whether the shop has it.
    pub(crate) async fn chosen_group(&self, id: BuyersGroupId) -> Result<ChosenGroup, Missing> {
        let first = first_buyers_group(self.shop);
        let shop = self.opened_shop().await?;
        Ok(ChosenGroup { id, known: shop.is_some_and(|shop| shop.groups.holds(id, first)) })
    }

    /// The buyers' group that new accounts go into, where it is not the shop's first.
    pub(crate) async fn group_of_newcomers(&self) -> Result<Option<BuyersGroupId>, Missing> {
        let first = first_buyers_group(self.shop);
        Ok(self.opened_shop().await?.and_then(|shop| shop.groups.default_beside(first)))
    }

    /// The day of the act in the shop's time zone.
    pub(crate) async fn local_day(&self) -> Result<NaiveDate, Missing> {
        let zone = self.opened_shop().await?.map_or(chrono_tz::UTC, |shop| shop.zone());
        Ok(self.context.at.with_timezone(&zone).date_naive())
    }

    /// Articles of today's catalogue; what is unknown or withdrawn is absent.
    pub(crate) async fn articles(&self, eans: &[Ean]) -> Result<BTreeMap<Ean, Article>, Missing> {
        find_articles(self.store, self.shop.as_str(), eans).await
    }

    /// Today's prices for lines of an institution.
    pub(crate) async fn today(&self, institution: InstitutionId, eans: &[Ean]) -> Result<Today, Missing> {
        Ok(Today { articles: self.articles(eans).await?, standing: self.standing(institution).await? })
    }
}
