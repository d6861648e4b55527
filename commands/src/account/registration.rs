//! Accounts that their persons ask for or the bookshop writes down, and its answers.

use bordereau_domain::{
    AccountId, EstablishmentId, InstitutionId, Role,
    account::{Account, AccountCommand, Applicant, Registration},
    personal::{ChamberNumber, Company, Department, Email, Message, PersonName, Phone, VatNumber},
};
use bordereau_store::{Beside, NewCredential};

use crate::{
    scene::{Missing, Scene},
    seal::SealText,
};

/// What somebody says of his organisation.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// *Nom de l'entreprise*.
    pub company: SealText<Company>,
    /// *Numéro de TVA*.
    pub vat_number: Option<SealText<VatNumber>>,
    /// *Chambre de commerce*.
    pub chamber_number: Option<SealText<ChamberNumber>>,
    /// *Département*.
    pub department: Option<SealText<Department>>,
}

/// Somebody who asks for an account, or is written down by the bookshop.
#[derive(Clone, Debug)]
pub struct Application {
    /// The new account's id, which is also its person's.
    pub account_id: AccountId,
    /// The login, unique in the shop.
    pub email: SealText<Email>,
    /// His name.
    pub name: SealText<PersonName>,
    /// His telephone number.
    pub phone: Option<SealText<Phone>>,
    /// His organisation.
    pub organisation: Organisation,
    /// The hash of the password that he chose; none where the bookshop writes him down.
    pub password_hash: Option<String>,
}

/// What the bookshop grants.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Which account.
    pub account_id: AccountId,
    /// What it may do.
    pub role: Role,
    /// For whom.
    pub institutions: Vec<InstitutionId>,
    /// Its point of sale.
    pub establishment: Option<EstablishmentId>,
    /// A word to its person.
    pub message: Option<SealText<Message>>,
}

pub(super) async fn request(asked: &Application, scene: &mut Scene<'_>) -> Result<AccountCommand, Missing> {
    let person = asked.account_id.into();
    scene.claim_email(asked.account_id, &asked.email);
    let password_hash = asked.password_hash.clone();
    // Whoever types an address may be a stranger to it.
    let credential = NewCredential { account: asked.account_id.0, password_hash, proven: false };
    scene.beside.push(Beside::Credential(credential));
    Ok(AccountCommand::Request(Applicant {
        email: scene.seal_for(person, &asked.email).await?,
        name: scene.seal_for(person, &asked.name).await?,
        phone: match &asked.phone {
            Some(phone) => Some(scene.seal_for(person, phone).await?),
            None => None,
        },
        registration: seal(&asked.organisation, None, asked.account_id, scene).await?,
    }))
}

/// Asks again as the same person; nothing when there is no account.
pub(super) async fn ask_again(
    state: &Account,
    organisation: &Organisation,
    scene: &mut Scene<'_>,
) -> Result<Option<AccountCommand>, Missing> {
    let (Some(email), Some(details)) = (state.email(), state.details()) else { return Ok(None) };
    let registration = seal(organisation, state.registration(), AccountId(email.subject.0), scene).await?;
    Ok(Some(AccountCommand::Request(Applicant { email, name: details.name, phone: details.phone, registration })))
}

/// What is the same as before keeps its seal: said again it is no news.
async fn seal(
    organisation: &Organisation,
    before: Option<Registration>,
    person: AccountId,
    scene: &mut Scene<'_>,
) -> Result<Registration, Missing> {
    let Organisation { company, vat_number, chamber_number, department } = organisation;
    let (was, before) = (before.map(|said| said.company), before.as_ref());
    let company = scene.seal_unless_same(person, was, company).await?;
    let was = before.and_then(|said| said.vat_number);
    let vat_number = scene.seal_optional_unless_same(person, was, vat_number.as_ref()).await?;
    let was = before.and_then(|said| said.chamber_number);
    let chamber_number = scene.seal_optional_unless_same(person, was, chamber_number.as_ref()).await?;
    let was = before.and_then(|said| said.department);
    let department = scene.seal_optional_unless_same(person, was, department.as_ref()).await?;
    Ok(Registration { company, vat_number, chamber_number, department })
}

pub(super) async fn approve(granted: &Approval, scene: &mut Scene<'_>) -> Result<AccountCommand, Missing> {
    let Approval { account_id, role, institutions, establishment, message } = granted;
    scene.beside.push(Beside::DropUnproven { account: account_id.0 });
    scene.beside.push(Beside::UpdateSessions {
        account: account_id.0,
        role: role.to_string(),
        institutions: institutions.iter().map(|institution| institution.0).collect(),
    });
    Ok(AccountCommand::Approve {
        role: *role,
        institutions: institutions.clone(),
        known: scene.are_known(institutions, &[]).await?,
        establishment: scene.chosen_establishment(*establishment).await?,
        group: scene.group_of_newcomers().await?,
        message: scene.seal_optional(message.as_ref()).await?,
    })
}
