//! Changes to an account: its person's name, telephone and login, its point of sale and group, one institution more.

use bordereau_domain::{
    AccountId, BuyersGroupId, Digest, EstablishmentId, InstitutionId, Personal, Role, ShopCode,
    account::{Account, AccountChange, AccountCommand, AccountError, Details},
    personal::{Email, PersonName, Phone},
};
use bordereau_store::{Append, Beside, NewPendingEmail, Proof, Store};

use crate::{
    failed::{Failed, Setback},
    scene::{Missing, Scene},
    seal::{EMAIL_CLAIM, SealText, fold_email},
};

/// What should be different; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct SentChange {
    /// The person's name.
    pub name: Option<SealText<PersonName>>,
    /// The telephone number; `Some(None)` takes it away.
    pub phone: Option<Option<SealText<Phone>>>,
    /// The login, without a confirmation: the bookshop's word.
    pub email: Option<SealText<Email>>,
    /// The point of sale; `Some(None)` takes it away.
    pub establishment: Option<Option<EstablishmentId>>,
    /// The buyers' group.
    pub group: Option<BuyersGroupId>,
}

/// The change as a command; nothing when there is no account. What is as it should be is not sealed anew.
pub(super) async fn change(
    state: &Account,
    sent: &SentChange,
    scene: &mut Scene<'_>,
) -> Result<Option<AccountCommand>, Missing> {
    let (Some(email), Some(now)) = (state.email(), state.details()) else { return Ok(None) };
    let account = AccountId(email.subject.0);
    let mut change = AccountChange::default();
    if sent.name.is_some() || sent.phone.is_some() {
        let name = match &sent.name {
            Some(name) => scene.seal_unless_same(account, Some(now.name), name).await?,
            None => now.name,
        };
        let phone = match &sent.phone {
            Some(Some(phone)) => Some(scene.seal_unless_same(account, now.phone, phone).await?),
            Some(None) => None,
            None => now.phone,
        };
        change.details = Some(Details { name, phone });
    }
    if let Some(wanted) = &sent.email {
        let sealed = scene.seal_unless_same(account, Some(email), wanted).await?;
        let claim = scene.store.blind_index(scene.shop.as_str(), EMAIL_CLAIM, &fold_email(wanted.clear()));
        replace_login(account, email, (claim, sealed.digest), scene).await?;
        change.email = Some(sealed);
    }
    if let Some(establishment) = sent.establishment {
        change.establishment = Some(scene.chosen_establishment(establishment).await?);
    }
    if let Some(group) = sent.group {
        change.group = Some(scene.chosen_group(group).await?);
    }
    Ok(Some(AccountCommand::Change(change)))
}

/// The login that was confirmed; nothing when there is no account.
pub(super) async fn confirm(
    state: &Account,
    digest: Digest,
    claim: [u8; 32],
    scene: &mut Scene<'_>,
) -> Result<Option<AccountCommand>, Missing> {
    let Some(before) = state.email() else { return Ok(None) };
    replace_login(AccountId(before.subject.0), before, (claim, digest), scene).await?;
    Ok(Some(AccountCommand::ConfirmEmail { email: Personal::new(before.subject, digest) }))
}

/// With the login its claim changes hands, and what was sent to the former address dies.
async fn replace_login(
    account: AccountId,
    before: Personal<Email>,
    (claim, Digest(digest)): ([u8; 32], Digest),
    scene: &mut Scene<'_>,
) -> Result<(), Missing> {
    let shop = scene.shop.as_str();
    let former = scene.text(before).await?.map(|text| scene.store.blind_index(shop, EMAIL_CLAIM, &fold_email(&text)));
    let kind = EMAIL_CLAIM.to_owned();
    scene.beside.push(Beside::Claim { kind: kind.clone(), value: claim, holder: account.to_string() });
    if let Some(value) = former.filter(|former| *former != claim) {
        scene.beside.push(Beside::Release { kind, value });
    }
    scene.beside.push(Beside::EndResetLink { account: account.0 });
    scene.beside.push(Beside::EndPendingEmail { account: account.0, keeps: Some(digest) });
    Ok(())
}

/// One institution more, the first for somebody who acted for nobody. Its sessions follow.
pub(super) async fn join(
    state: &Account,
    account: AccountId,
    institution: InstitutionId,
    role: Option<Role>,
    scene: &mut Scene<'_>,
) -> Result<AccountCommand, Missing> {
    let (as_role, institutions) = match state.opened() {
        Some(opened) => opened.joined(institution, role),
        None => (role.unwrap_or(Role::Requester), vec![institution]),
    };
    if state.opened().is_none() {
        scene.beside.push(Beside::DropUnproven { account: account.0 });
    }
    scene.beside.push(Beside::UpdateSessions {
        account: account.0,
        role: as_role.to_string(),
        institutions: institutions.iter().map(|institution| institution.0).collect(),
    });
    let (known, group) = (scene.are_known(&[institution], &[]).await?, scene.group_of_newcomers().await?);
    Ok(AccountCommand::Join { institution, known, role, group })
}

/// Keeps a new login until its person has shown that the address is his, and tells the digest of its sealed text. No
/// event: nothing has changed yet. Whether the address is another account's is asked when it becomes the login.
///
/// # Errors
/// [`Failed::Unproven`], when whoever asks has another password by now.
pub async fn hold_email(
    store: &Store,
    shop: &ShopCode,
    account: AccountId,
    email: &SealText<Email>,
    expires_at: i64,
    proof: Proof,
) -> Result<Digest, Failed<AccountError>> {
    let claim = store.blind_index(shop.as_str(), EMAIL_CLAIM, &fold_email(email.clear()));
    let (personal, sealed) = email.seal(store, shop.as_str(), account.into()).await?;
    let digest = personal.digest.0;
    let pending = Beside::PendingEmail(NewPendingEmail { account: account.0, digest, claim, expires_at });
    let beside = vec![Beside::Proven(proof), Beside::Sealed(sealed), pending];
    let append = Append { ledger: shop.to_string(), beside, ..Append::default() };
    match store.append(append).await.map_err(Setback::from) {
        Ok(_) => Ok(personal.digest),
        Err(Setback::Failed(failed)) => Err(failed),
        Err(Setback::Conflict | Setback::KeyTaken) => Err(Failed::Contended),
    }
}
