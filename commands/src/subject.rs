//! What is asked about a person's data.

use bordereau_domain::{
    AccountId, InstitutionId,
    subject::{Subject, SubjectCommand, SubjectError},
};
use bordereau_store::{Beside, Purpose};

use crate::{failed::Failed, request::Request, scene::Scene};

/// What an erasure destroys at once. What invoices must show is kept its legal term.
pub const ERASED_AT_ONCE: [Purpose; 2] = [Purpose::Account, Purpose::Campaign];

/// What is asked about a person's data.
#[derive(Clone, Debug)]
pub enum SubjectRequest {
    /// Destroy it. What the account signs in with, its sessions, letters and claims go in the same transaction; keys and
    /// sealed bytes are destroyed after it.
    Erase {
        /// The person's account.
        account_id: AccountId,
    },
    /// The same by a bookseller himself, who is not the last one.
    EraseBookseller {
        /// The bookseller's account.
        account_id: AccountId,
        /// Those who may run the shop after him: one of them still does when it is written, or nothing is.
        others: Vec<AccountId>,
    },
}

impl Request for SubjectRequest {
    type Decider = Subject;

    fn name(&self) -> &'static str {
        match self {
            Self::Erase { .. } | Self::EraseBookseller { .. } => "EraseSubject",
        }
    }

    fn creates(&self) -> bool {
        // Whether the account may be seen is asked of the account, before.
        true
    }

    async fn prepare(&self, state: &Subject, scene: &mut Scene<'_>) -> Result<SubjectCommand, Failed<SubjectError>> {
        let (account_id, others) = match self {
            Self::Erase { account_id } => (account_id, None),
            Self::EraseBookseller { account_id, others } => (account_id, Some(others)),
        };
        if let (Subject::Present, Some(others)) = (state, others)
            && !scene.rests_on_a_bookseller(others).await?
        {
            return Err(Failed::Refused(SubjectError::LastBookseller));
        }
        let keys = scene.store.list_subject_keys(scene.shop.as_str(), account_id.0).await?;
        let at_once = keys.iter().filter(|key| ERASED_AT_ONCE.contains(&key.purpose));
        scene.beside.push(Beside::ForgetAccount { account: account_id.0 });
        let actor = &scene.context.actor;
        Ok(SubjectCommand::Erase {
            key_ids: at_once.map(|key| key.key_id.simple().to_string()).collect(),
            own: actor.account == *account_id && actor.on_behalf_of.is_none(),
        })
    }

    fn institution(&self, _: &str, _: &Subject, _: &SubjectCommand) -> Option<InstitutionId> {
        None
    }
}
