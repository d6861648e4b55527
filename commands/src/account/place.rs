//! What is asked of an account about acting in its place, and about its second factor. The sessions that rest on what
//! is taken back end in the same transaction.

use bordereau_domain::{
    AccountId, DelegationId,
    account::{Account, AccountCommand, Colleague, Delegation},
};
use bordereau_store::{Beside, Proof};
use chrono::NaiveDate;

use crate::scene::{Missing, Scene};

/// What is asked of an account about acting in its place, and about its second factor.
#[derive(Clone, Debug)]
pub enum PlaceRequest {
    /// Let a colleague act in its place for some days.
    Delegate {
        /// The new delegation.
        delegation_id: DelegationId,
        /// Who is to act.
        delegate_id: AccountId,
        /// His account. Looked at before the command: two accounts that wait for each other would wait for ever.
        delegate: Option<Colleague>,
        /// The first day.
        first_day: NaiveDate,
        /// The last day, included.
        last_day: NaiveDate,
    },
    /// Take a delegation back.
    RevokeDelegation {
        /// Which one.
        delegation_id: DelegationId,
    },
    /// Let it act in the place of every colleague of its institutions.
    GrantSubstitution,
    /// Withdraw that power.
    RevokeSubstitution {
        /// Which account.
        account_id: AccountId,
    },
    /// Demand a second factor, whose secret waits in the store; its other sessions end.
    EnableSecondFactor {
        /// Which account.
        account_id: AccountId,
        /// The secret that was proven, as it lies in the store.
        sealed: Vec<u8>,
        /// The time step of the code that has proven the secret.
        step: i64,
        /// SHA-256 of each recovery code.
        recovery: Vec<[u8; 32]>,
        /// Token hash of the session that goes on.
        session: Option<[u8; 32]>,
    },
    /// Demand none any more.
    DisableSecondFactor {
        /// Which account.
        account_id: AccountId,
        /// How its person has shown who he is; the bookshop needs not.
        proof: Option<Proof>,
    },
}

impl PlaceRequest {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Delegate { .. } => "DelegateAccount",
            Self::RevokeDelegation { .. } => "RevokeDelegation",
            Self::GrantSubstitution => "GrantSubstitution",
            Self::RevokeSubstitution { .. } => "RevokeSubstitution",
            Self::EnableSecondFactor { .. } => "EnableSecondFactor",
            Self::DisableSecondFactor { .. } => "DisableSecondFactor",
        }
    }

    pub(super) async fn complete(&self, state: &Account, scene: &mut Scene<'_>) -> Result<AccountCommand, Missing> {
        Ok(match self {
            Self::Delegate { delegation_id, delegate_id, delegate, first_day, last_day } => AccountCommand::Delegate {
                delegation_id: *delegation_id,
                delegate_id: *delegate_id,
                delegate: delegate.clone(),
                first_day: *first_day,
                last_day: *last_day,
                today: scene.local_day().await?,
            },
            Self::RevokeDelegation { delegation_id } => {
                let given = |account: &Delegation| account.id == *delegation_id;
                let known = state.opened().and_then(|account| account.delegations.iter().copied().find(given));
                scene.beside.extend(
                    known.map(|known| Beside::EndMandates {
                        account: known.delegate.0,
                        delegation: Some(delegation_id.0),
                    }),
                );
                AccountCommand::RevokeDelegation { delegation_id: *delegation_id }
            }
            Self::GrantSubstitution => AccountCommand::GrantSubstitution,
            Self::RevokeSubstitution { account_id } => {
                scene.beside.push(Beside::EndMandates { account: account_id.0, delegation: None });
                AccountCommand::RevokeSubstitution
            }
            Self::EnableSecondFactor { account_id, sealed, step, recovery, session } => {
                let (account, sealed, step, recovery) = (account_id.0, sealed.clone(), *step, recovery.clone());
                let at = scene.context.at.timestamp_micros();
                scene.beside.push(Beside::ConfirmSecondFactor { account, sealed, at, step, recovery });
                scene.beside.push(Beside::EndSessions { account, except: *session });
                AccountCommand::EnableSecondFactor
            }
            Self::DisableSecondFactor { account_id, proof } => {
                scene.beside.extend(proof.clone().map(Beside::Proven));
                scene.beside.push(Beside::DropSecondFactor { account: account_id.0 });
                AccountCommand::DisableSecondFactor
            }
        })
    }
}
