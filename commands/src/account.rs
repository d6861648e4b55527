//! What people ask of an account.

use bordereau_domain::{
    AccountId, Decider, Digest, EstablishmentId, InstitutionId, Role,
    account::{Account, AccountCommand, AccountError},
    personal::{Email, Message, PersonName, Phone},
};
use bordereau_store::{Beside, NewCredential};
use serde_json::json;

use crate::{
    failed::Failed,
    request::{Answer, Request},
    scene::{Missing, Scene},
    seal::SealText,
};

mod change;
mod place;
mod registration;

pub use change::{SentChange, hold_email};
pub use place::PlaceRequest;
pub use registration::{Application, Approval, Organisation};

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
    /// Close it behind a person who was erased.
    Close,
    /// Delete what it is for an organisation. Its sessions go on without institutions; those in another's place, and
    /// others' in its place, end.
    DeleteOrganisation {
        /// Which account.
        account_id: AccountId,
    },
    /// Ask for it, for oneself or as the bookshop.
    Request(Box<Application>),
    /// Ask once more, to complete what was said or after a refusal.
    AskAgain(Box<Organisation>),
    /// Grant it; its sessions follow.
    Approve(Box<Approval>),
    /// Refuse it.
    Decline {
        /// A word to its person.
        message: Option<SealText<Message>>,
    },
    /// Write to its person.
    SendMessage {
        /// What is written.
        message: SealText<Message>,
    },
    /// Change what is known of it.
    Change(Box<SentChange>),
    /// The new login was confirmed.
    ConfirmEmail {
        /// Digest of the sealed address, in the vault already.
        digest: Digest,
        /// Blind index of the address.
        claim: [u8; 32],
    },
    /// Let it act for one institution more; its sessions follow.
    Join {
        /// Which account.
        account_id: AccountId,
        /// The institution.
        institution: InstitutionId,
        /// The role from now on; as it is if nothing is said.
        role: Option<Role>,
    },
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
            Self::Close => "CloseAccount",
            Self::DeleteOrganisation { .. } => "DeleteOrganisation",
            Self::Request(_) | Self::AskAgain(_) => "RequestAccount",
            Self::Approve(_) => "ApproveAccount",
            Self::Decline { .. } => "DeclineAccount",
            Self::SendMessage { .. } => "SendAccountMessage",
            Self::Change(_) => "ChangeAccount",
            Self::ConfirmEmail { .. } => "ConfirmAccountEmail",
            Self::Join { .. } => "AddAccountToInstitution",
        }
    }

    fn creates(&self) -> bool {
        // Whoever adds somebody by his address has not seen the account before either (B17).
        matches!(self, Self::Open { .. } | Self::Request(_) | Self::Join { .. })
    }

    async fn prepare(&self, state: &Account, scene: &mut Scene<'_>) -> Result<AccountCommand, Failed<AccountError>> {
        self.refuse_what_was_erased(state, scene).await?;
        self.complete(state, scene).await?.ok_or(Failed::NotFound)
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
            Self::Request(asked) => Answer::created(json!({ "id": asked.account_id })),
            Self::Join { account_id, .. } => Answer::ok(json!({ "id": account_id })),
            Self::Place(_)
            | Self::Assign { .. }
            | Self::Deactivate { .. }
            | Self::Reactivate
            | Self::Close
            | Self::DeleteOrganisation { .. }
            | Self::AskAgain(_)
            | Self::Approve(_)
            | Self::Decline { .. }
            | Self::SendMessage { .. }
            | Self::Change(_)
            | Self::ConfirmEmail { .. } => Answer::done(),
        }
    }
}

impl AccountRequest {
    /// An account whose person was erased stays closed; who may not see it is told what he is told of every other.
    async fn refuse_what_was_erased(&self, state: &Account, scene: &Scene<'_>) -> Result<(), Failed<AccountError>> {
        let Some(email) = state.email().filter(|_| !matches!(self, Self::Close)) else { return Ok(()) };
        if !scene.is_erased(email.subject).await? {
            return Ok(());
        }
        if !state.may_see(&scene.context) {
            return Err(Failed::NotFound);
        }
        match scene.context.actor.role {
            Role::Bookseller | Role::System | Role::Approver | Role::Purchaser => Err(Failed::Erased),
            Role::Requester | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer => {
                Err(Failed::Refused(AccountError::RoleMayNot))
            }
        }
    }

    /// The command; nothing when it is about an account that does not exist.
    async fn complete(&self, state: &Account, scene: &mut Scene<'_>) -> Result<Option<AccountCommand>, Missing> {
        Ok(Some(match self {
            Self::Place(request) => request.complete(state, scene).await?,
            Self::Open { .. } => self.open(scene).await?,
            Self::Assign { account_id, role, institutions } => {
                scene.beside.push(Beside::UpdateSessions {
                    account: account_id.0,
                    role: role.to_string(),
                    institutions: institutions.iter().map(|institution| institution.0).collect(),
                });
                let already = state.opened().map(|opened| opened.institutions.as_slice()).unwrap_or_default();
                let known = scene.are_known(institutions, already).await?;
                AccountCommand::Assign { role: *role, institutions: institutions.clone(), known }
            }
            Self::Deactivate { account_id } => {
                scene.beside.push(Beside::EndSessions { account: account_id.0, except: None });
                scene.beside.push(Beside::EndPendingEmail { account: account_id.0, keeps: None });
                AccountCommand::Deactivate
            }
            Self::Reactivate => AccountCommand::Reactivate,
            Self::Close => AccountCommand::Close,
            Self::DeleteOrganisation { account_id } => {
                scene.beside.push(Beside::UpdateSessions {
                    account: account_id.0,
                    role: Role::Requester.to_string(),
                    institutions: Vec::new(),
                });
                AccountCommand::DeleteOrganisation
            }
            Self::Request(application) => registration::request(application, scene).await?,
            Self::AskAgain(organisation) => return registration::ask_again(state, organisation, scene).await,
            Self::Approve(approval) => registration::approve(approval, scene).await?,
            Self::Decline { message } => {
                AccountCommand::Decline { message: scene.seal_optional(message.as_ref()).await? }
            }
            Self::SendMessage { message } => AccountCommand::SendMessage { message: scene.seal(message).await? },
            Self::Change(sent) => return change::change(state, sent, scene).await,
            Self::ConfirmEmail { digest, claim } => return change::confirm(state, *digest, *claim, scene).await,
            Self::Join { account_id, institution, role } => {
                change::join(state, *account_id, *institution, *role, scene).await?
            }
        }))
    }

    async fn open(&self, scene: &mut Scene<'_>) -> Result<AccountCommand, Missing> {
        let Self::Open { account_id, email, name, phone, role, institutions, establishment, password_hash } = self
        else {
            return Err(Missing::Broken("this opens no account".to_owned()));
        };
        scene.claim_email(*account_id, email);
        let credential = NewCredential { account: account_id.0, password_hash: password_hash.clone(), proven: true };
        scene.beside.push(Beside::Credential(credential));
        let person = (*account_id).into();
        Ok(AccountCommand::Open {
            email: scene.seal_for(person, email).await?,
            name: scene.seal_for(person, name).await?,
            phone: match phone {
                Some(phone) => Some(scene.seal_for(person, phone).await?),
                None => None,
            },
            role: *role,
            institutions: institutions.clone(),
            known: scene.are_known(institutions, &[]).await?,
            typed_for_two: password_hash.is_some() && scene.demands_two_persons(institutions).await?,
            establishment: scene.chosen_establishment(*establishment).await?,
            group: scene.group_of_newcomers().await?,
        })
    }
}
