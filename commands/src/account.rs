//! What people ask of an account.

use bordereau_domain::{
    AccountId, EstablishmentId, InstitutionId, Role,
    account::{Account, AccountCommand, AccountError},
    personal::{Email, PersonName, Phone},
};
use bordereau_store::{Beside, NewCredential};
use serde_json::json;

use crate::{
    failed::Failed,
    request::{Answer, Request},
    scene::{Missing, Scene},
    seal::{EMAIL_CLAIM, SealText, fold_email},
};

mod place;

pub use place::PlaceRequest;

/// What people ask of an account. Sessions and credentials change in the same transaction.
#[derive(Clone, Debug)]
pub enum AccountRequest {
    /// Who acts in its place, and its second factor.
    Place(PlaceRequest),
    /// Open it.
    Open {
        /// Its id, which is also its person's.
        account_id: AccountId,
        /// The login, unique in the shop.
        email: SealText<Email>,
        /// The person's name.
        name: SealText<PersonName>,
        /// The person's telephone number.
        phone: Option<SealText<Phone>>,
        /// What it may do.
        role: Role,
        /// For whom.
        institutions: Vec<InstitutionId>,
        /// Its point of sale.
        establishment: Option<EstablishmentId>,
        /// The hash of its first password; without one it cannot sign in before a reset link was used.
        password_hash: Option<String>,
    },
    /// Give it another role or other institutions.
    Assign {
        /// Which account.
        account_id: AccountId,
        /// The role from now on.
        role: Role,
        /// The institutions from now on.
        institutions: Vec<InstitutionId>,
    },
    /// Close it to its owner; its sessions end.
    Deactivate {
        /// Which account.
        account_id: AccountId,
    },
    /// Open it to its owner again.
    Reactivate,
}

impl Request for AccountRequest {
    type Decider = Account;

    fn name(&self) -> &'static str {
        match self {
            Self::Place(request) => request.name(),
            Self::Open { .. } => "OpenAccount",
            Self::Assign { .. } => "AssignAccount",
            Self::Deactivate { .. } => "DeactivateAccount",
            Self::Reactivate => "ReactivateAccount",
        }
    }

    fn creates(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    async fn prepare(&self, state: &Account, scene: &mut Scene<'_>) -> Result<AccountCommand, Failed<AccountError>> {
        Ok(self.complete(state, scene).await?)
    }

    fn institution(&self, _: &str, _: &Account, _: &AccountCommand) -> Option<InstitutionId> {
        None
    }

    fn answer(&self, _: &Account, _: &AccountCommand) -> Answer {
        match self {
            Self::Place(PlaceRequest::Delegate { delegation_id, .. }) => {
                Answer::created(json!({ "id": delegation_id }))
            }
            Self::Open { account_id, .. } => Answer::created(json!({ "id": account_id })),
            Self::Place(_) | Self::Assign { .. } | Self::Deactivate { .. } | Self::Reactivate => Answer::done(),
        }
    }
}

impl AccountRequest {
    async fn complete(&self, state: &Account, scene: &mut Scene<'_>) -> Result<AccountCommand, Missing> {
        Ok(match self {
            Self::Place(request) => request.complete(state, scene).await?,
            Self::Open { account_id, email, name, phone, role, institutions, establishment, password_hash } => {
                let value = scene.store.blind_index(scene.shop.as_str(), EMAIL_CLAIM, &fold_email(email.clear()));
                scene.beside.push(Beside::Claim {
                    kind: EMAIL_CLAIM.to_owned(),
                    value,
                    holder: account_id.to_string(),
                });
                let credential = NewCredential { account: account_id.0, password_hash: password_hash.clone() };
                scene.beside.push(Beside::Credential(credential));
                let person = (*account_id).into();
                AccountCommand::Open {
                    email: scene.seal_for(person, email).await?,
                    name: scene.seal_for(person, name).await?,
                    phone: match phone {
                        Some(phone) => Some(scene.seal_for(person, phone).await?),
                        None => None,
                    },
                    role: *role,
                    institutions: institutions.clone(),
                    known: scene.are_known(institutions).await?,
                    establishment: *establishment,
                }
            }
            Self::Assign { account_id, role, institutions } => {
                scene.beside.push(Beside::UpdateSessions {
                    account: account_id.0,
                    role: role.to_string(),
                    institutions: institutions.iter().map(|institution| institution.0).collect(),
                });
                let known = scene.are_known(institutions).await?;
                AccountCommand::Assign { role: *role, institutions: institutions.clone(), known }
            }
            Self::Deactivate { account_id } => {
                scene.beside.push(Beside::EndSessions { account: account_id.0, except: None });
                AccountCommand::Deactivate
            }
            Self::Reactivate => AccountCommand::Reactivate,
        })
    }
}
