//! What an account answers to each command.

use super::{
    command::AccountCommand,
    delegation::Delegation,
    error::AccountError,
    event::AccountEvent,
    state::{Account, OpenedAccount},
};
use crate::{
    actor::{Actor, Role},
    decider::{Context, Decider, Illegal},
    ids::InstitutionId,
};

type Decision = Result<Vec<AccountEvent>, AccountError>;

impl Decider for Account {
    const TYPE: &'static str = "Account";
    type Command = AccountCommand;
    type Event = AccountEvent;
    type Error = AccountError;

    fn decide(&self, command: &AccountCommand, _: &Context) -> Decision {
        let account = match (self, command) {
            (Self::Unopened, AccountCommand::Open { email, name, phone, role, institutions, known, establishment }) => {
                check_role(*role, institutions, *known)?;
                return Ok(vec![AccountEvent::Opened {
                    email: *email,
                    name: *name,
                    phone: *phone,
                    role: *role,
                    institution_ids: institutions.clone(),
                    establishment_id: *establishment,
                }]);
            }
            (Self::Unopened, _) => return Err(AccountError::NotOpened),
            (Self::Opened(account), _) => account,
        };
        match command {
            AccountCommand::Delegate { delegation_id, delegate_id, delegate, first_day, last_day, today } => {
                let (first_day, last_day) = (*first_day, *last_day);
                let given = Delegation { id: *delegation_id, delegate: *delegate_id, first_day, last_day };
                account.delegate(given, delegate.as_ref(), *today)
            }
            AccountCommand::RevokeDelegation { delegation_id } => account.revoke_delegation(*delegation_id),
            AccountCommand::GrantSubstitution => account.grant_substitution(),
            AccountCommand::RevokeSubstitution if account.substitutes => Ok(vec![AccountEvent::SubstitutionRevoked {}]),
            AccountCommand::EnableSecondFactor => account.enable_second_factor(),
            AccountCommand::DisableSecondFactor => account.disable_second_factor(),
            AccountCommand::Open { role, institutions, .. } => account.open_again(*role, institutions),
            AccountCommand::Assign { role, institutions, known } => account.assign(*role, institutions, *known),
            AccountCommand::Deactivate if account.active => Ok(vec![AccountEvent::Deactivated {}]),
            AccountCommand::Reactivate if !account.active => Ok(vec![AccountEvent::Reactivated {}]),
            AccountCommand::RevokeSubstitution | AccountCommand::Deactivate | AccountCommand::Reactivate => Ok(vec![]),
        }
    }

    fn evolve(&mut self, event: &AccountEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &AccountEvent) -> Result<(), Illegal> {
        match (self, event) {
            (Self::Unopened, AccountEvent::Opened { .. }) | (Self::Opened(_), AccountEvent::Assigned { .. }) => Ok(()),
            (Self::Unopened, _) => Err(Illegal::new(event, "the account is not open")),
            (
                Self::Opened(account),
                AccountEvent::Delegated { .. }
                | AccountEvent::DelegationRevoked { .. }
                | AccountEvent::SubstitutionGranted {}
                | AccountEvent::SubstitutionRevoked {}
                | AccountEvent::SecondFactorEnabled {}
                | AccountEvent::SecondFactorDisabled {},
            ) => account.allows_place(event).map_err(|reason| Illegal::new(event, reason)),
            (Self::Opened(_), AccountEvent::Opened { .. }) => Err(Illegal::new(event, "the account is open already")),
            (Self::Opened(account), AccountEvent::Deactivated {}) if account.active => Ok(()),
            (Self::Opened(account), AccountEvent::Reactivated {}) if !account.active => Ok(()),
            (Self::Opened(_), AccountEvent::Deactivated {} | AccountEvent::Reactivated {}) => {
                Err(Illegal::new(event, "it is so already"))
            }
        }
    }

    fn may_see(&self, context: &Context) -> bool {
        let Some(account) = self.opened() else { return false };
        if account.is_of(context.actor.account) || account.is_of(context.actor.principal()) {
            return true;
        }
        match context.actor.role {
            Role::Bookseller | Role::Auditor | Role::System => true,
            Role::Approver | Role::Purchaser => shares_institution(&context.actor, &account.institutions),
            Role::Requester | Role::Integrator | Role::Librisoft | Role::Buyer => false,
        }
    }

    fn may(&self, command: &AccountCommand, context: &Context) -> Result<(), AccountError> {
        let now = self.opened().map(|account| (account.role, account.institutions.as_slice()));
        let wanted = match command {
            AccountCommand::Open { role, institutions, .. } | AccountCommand::Assign { role, institutions, .. } => {
                Some((*role, institutions.as_slice()))
            }
            AccountCommand::Delegate { .. }
            | AccountCommand::RevokeDelegation { .. }
            | AccountCommand::GrantSubstitution
            | AccountCommand::RevokeSubstitution
            | AccountCommand::EnableSecondFactor
            | AccountCommand::DisableSecondFactor => {
                return self.opened().map_or(Ok(()), |account| account.may_place(command, &context.actor));
            }
            AccountCommand::Deactivate | AccountCommand::Reactivate => None,
        };
        let allowed = now.into_iter().chain(wanted).all(|(role, of)| may_administer(&context.actor, role, of));
        if allowed { Ok(()) } else { Err(AccountError::RoleMayNot) }
    }
}

/// Booksellers administer every account; purchasers the requesters and approvers, approvers the requesters of their
/// own institutions (L12-L15).
fn may_administer(actor: &Actor, role: Role, institutions: &[InstitutionId]) -> bool {
    let within = institutions.iter().all(|institution| actor.acts_for(*institution));
    match actor.role {
        Role::Bookseller | Role::System => true,
        Role::Purchaser => within && matches!(role, Role::Requester | Role::Approver),
        Role::Approver => within && role == Role::Requester,
        Role::Requester | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer => false,
    }
}

fn shares_institution(actor: &Actor, institutions: &[InstitutionId]) -> bool {
    institutions.iter().any(|institution| actor.acts_for(*institution))
}

fn check_role(role: Role, institutions: &[InstitutionId], known: bool) -> Result<(), AccountError> {
    match role {
        Role::Requester | Role::Approver | Role::Purchaser if institutions.is_empty() || !known => {
            Err(AccountError::InstitutionMissing)
        }
        Role::Bookseller | Role::Auditor if !institutions.is_empty() => Err(AccountError::InstitutionTooMuch),
        Role::Requester | Role::Approver | Role::Purchaser | Role::Bookseller | Role::Auditor => Ok(()),
        Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => Err(AccountError::NotAPersonsRole),
    }
}

impl OpenedAccount {
    fn open_again(&self, role: Role, institutions: &[InstitutionId]) -> Decision {
        let same = self.role == role && self.institutions == institutions;
        if same { Ok(vec![]) } else { Err(AccountError::AlreadyOpened) }
    }

    fn assign(&self, role: Role, institutions: &[InstitutionId], known: bool) -> Decision {
        if self.role == role && self.institutions == institutions {
            return Ok(vec![]);
        }
        check_role(role, institutions, known)?;
        Ok(vec![AccountEvent::Assigned { role, institution_ids: institutions.to_vec() }])
    }
}
