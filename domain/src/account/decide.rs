//! What an account answers to each command.

use super::{
    change::ChosenEstablishment,
    command::AccountCommand,
    error::AccountError,
    event::AccountEvent,
    state::{Account, OpenedAccount},
};
use crate::{
    actor::{Actor, Role},
    decider::{Context, Decider, Illegal},
    ids::InstitutionId,
};

pub(super) type Decision = Result<Vec<AccountEvent>, AccountError>;

impl Decider for Account {
    const TYPE: &'static str = "Account";
    type Command = AccountCommand;
    type Event = AccountEvent;
    type Error = AccountError;

    fn decide(&self, command: &AccountCommand, context: &Context) -> Decision {
        match (self, command) {
            (Self::Unopened, AccountCommand::Open { role, institutions, known, typed_for_two, establishment, .. }) => {
                check_role(*role, institutions, *known)?;
                if *typed_for_two && !is_bookshop(&context.actor) {
                    return Err(AccountError::PasswordByLinkOnly);
                }
                open(command, *establishment)
            }
            (Self::Unopened, AccountCommand::Request(applicant)) => Ok(vec![applicant.asks()]),
            (Self::Unopened, AccountCommand::Close) => Ok(vec![]),
            (Self::Unopened, _) => Err(AccountError::NotOpened),
            (Self::Ungranted(account), _) => account.decide(command),
            (Self::Opened(account), _) => {
                account.decide(command).map(|events| account.within_its_power(events, &context.actor))
            }
        }
    }

    fn evolve(&mut self, event: &AccountEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &AccountEvent) -> Result<(), Illegal> {
        let legal = match (self, event) {
            (Self::Unopened, AccountEvent::Opened { .. } | AccountEvent::Requested { .. }) => Ok(()),
            (Self::Unopened, _) => Err("the account is not open"),
            (Self::Ungranted(account), _) => account.allows(event),
            (Self::Opened(account), _) => account.allows(event),
        };
        legal.map_err(|reason| Illegal::new(event, reason))
    }

    fn may_see(&self, context: &Context) -> bool {
        let actor = &context.actor;
        if self.is_of(actor.account) || self.is_of(actor.principal()) {
            return true;
        }
        match actor.role {
            Role::Bookseller | Role::Auditor | Role::System => self.status().is_some(),
            Role::Approver | Role::Purchaser => {
                self.opened().is_some_and(|account| shares_institution(actor, &account.institutions))
            }
            Role::Requester | Role::Integrator | Role::Librisoft | Role::Buyer => false,
        }
    }

    fn may(&self, command: &AccountCommand, context: &Context) -> Result<(), AccountError> {
        let actor = &context.actor;
        let is_own = self.is_of(actor.account);
        // A delegate of some days would make himself a colleague for good.
        let gives_power = matches!(
            command,
            AccountCommand::Open { .. } | AccountCommand::Assign { .. } | AccountCommand::Join { .. }
        );
        if gives_power && actor.on_behalf_of.is_some() {
            return Err(AccountError::InAnothersPlace);
        }
        let now = self.opened().map(|account| (account.role, account.institutions.as_slice()));
        let allowed = match command {
            AccountCommand::Open { role, institutions, .. } => now
                .into_iter()
                .chain([(*role, institutions.as_slice())])
                .all(|(role, of)| may_administer(actor, role, of)),
            AccountCommand::Assign { role, institutions, .. } => {
                let stays = actor.role == Role::System || self.may_turn_into(*role);
                stays && self.may_move(actor, is_own) && may_administer(actor, *role, institutions)
            }
            AccountCommand::Delegate { .. }
            | AccountCommand::RevokeDelegation { .. }
            | AccountCommand::GrantSubstitution
            | AccountCommand::RevokeSubstitution
            | AccountCommand::EnableSecondFactor
            | AccountCommand::DisableSecondFactor => return self.may_place(command, actor),
            AccountCommand::DeleteOrganisation => return self.may_delete_organisation(actor),
            AccountCommand::Deactivate | AccountCommand::Reactivate => self.may_move(actor, is_own),
            AccountCommand::Close => actor.role == Role::System,
            // The bookshop writes down what somebody has told it (B02, B06).
            AccountCommand::Request(_) => is_own || self.status().is_none() || actor.role == Role::Bookseller,
            AccountCommand::Approve { .. } | AccountCommand::Decline { .. } | AccountCommand::SendMessage { .. } => {
                is_bookshop(actor)
            }
            AccountCommand::Change(change) => change.may(actor, is_own, now),
            AccountCommand::ConfirmEmail { .. } => is_own,
            AccountCommand::Join { institution, role, .. } => self.may_join(actor, *institution, *role),
        };
        if allowed { Ok(()) } else { Err(AccountError::RoleMayNot) }
    }
}

fn is_bookshop(actor: &Actor) -> bool {
    matches!(actor.role, Role::Bookseller | Role::System)
}

/// Booksellers administer every account; purchasers the requesters and approvers, approvers the requesters of their
/// own institutions (L12-L15).
pub(super) fn may_administer(actor: &Actor, role: Role, institutions: &[InstitutionId]) -> bool {
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

pub(super) fn check_role(role: Role, institutions: &[InstitutionId], known: bool) -> Result<(), AccountError> {
    match role {
        Role::Requester | Role::Approver | Role::Purchaser if institutions.is_empty() || !known => {
            Err(AccountError::InstitutionMissing)
        }
        Role::Bookseller | Role::Auditor if !institutions.is_empty() => Err(AccountError::InstitutionTooMuch),
        Role::Requester | Role::Approver | Role::Purchaser | Role::Bookseller | Role::Auditor => Ok(()),
        Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => Err(AccountError::NotAPersonsRole),
    }
}

fn open(command: &AccountCommand, establishment: ChosenEstablishment) -> Decision {
    let AccountCommand::Open { email, name, phone, role, institutions, group, .. } = command else {
        return Ok(vec![]);
    };
    let opened = AccountEvent::Opened {
        email: *email,
        name: *name,
        phone: *phone,
        role: *role,
        institution_ids: institutions.clone(),
        establishment_id: establishment.check()?,
    };
    let group = group.filter(|_| role.is_institutional());
    Ok([opened].into_iter().chain(group.map(|group_id| AccountEvent::BuyersGroupSet { group_id })).collect())
}

impl Account {
    /// Whether the actor may give it another role, close it or open it. Nobody does that to himself, so that no shop
    /// shuts itself out; the bookshop's own people are closed by whoever runs the service (W08).
    fn may_move(&self, actor: &Actor, is_own: bool) -> bool {
        let is_own = is_own || self.is_of(actor.principal());
        match self.opened() {
            Some(_) if actor.role == Role::System => true,
            Some(account) if is_own || account.role == Role::Bookseller => false,
            Some(account) => may_administer(actor, account.role, &account.institutions),
            None => is_bookshop(actor),
        }
    }
}

impl OpenedAccount {
    /// Whoever is moved by others than the bookshop loses the power of substitution with it: the bookshop gave it for what
    /// he was then.
    fn within_its_power(&self, mut events: Vec<AccountEvent>, actor: &Actor) -> Vec<AccountEvent> {
        let moved = events.iter().any(|event| matches!(event, AccountEvent::Assigned { .. }));
        if moved && self.substitutes && !is_bookshop(actor) {
            events.push(AccountEvent::SubstitutionRevoked {});
        }
        events
    }

    fn decide(&self, command: &AccountCommand) -> Decision {
        match command {
            AccountCommand::Open { role, institutions, .. } => self.open_again(*role, institutions),
            AccountCommand::Assign { role, institutions, known } => self.assign(*role, institutions, *known),
            AccountCommand::Deactivate if self.active => Ok(vec![AccountEvent::Deactivated {}]),
            AccountCommand::Reactivate if !self.active => Ok(vec![AccountEvent::Reactivated {}]),
            AccountCommand::Deactivate | AccountCommand::Reactivate => Ok(vec![]),
            AccountCommand::Close => Ok(self.close()),
            AccountCommand::Approve { role, institutions, .. } if self.was_approved_as(*role, institutions) => {
                Ok(vec![])
            }
            AccountCommand::Request(_) | AccountCommand::Approve { .. } | AccountCommand::Decline { .. } => {
                Err(AccountError::WrongStatus { status: self.status() })
            }
            AccountCommand::SendMessage { message } => Ok(vec![AccountEvent::MessageSent { message: *message }]),
            AccountCommand::Change(change) => self.change(change),
            AccountCommand::ConfirmEmail { email } if self.email == *email => Ok(vec![]),
            AccountCommand::ConfirmEmail { email } => Ok(vec![AccountEvent::EmailChanged { email: *email }]),
            AccountCommand::Join { institution, known, role, .. } => self.join(*institution, *known, *role),
            AccountCommand::DeleteOrganisation => self.delete_organisation(),
            AccountCommand::Delegate { .. }
            | AccountCommand::RevokeDelegation { .. }
            | AccountCommand::GrantSubstitution
            | AccountCommand::RevokeSubstitution
            | AccountCommand::EnableSecondFactor
            | AccountCommand::DisableSecondFactor => self.decide_place(command),
        }
    }

    fn allows(&self, event: &AccountEvent) -> Result<(), &'static str> {
        let legal = match event {
            AccountEvent::Opened { .. } | AccountEvent::Requested { .. } => return Err("the account is open already"),
            AccountEvent::Approved { .. } | AccountEvent::Declined {} => return Err("the account was not asked for"),
            AccountEvent::Delegated { .. }
            | AccountEvent::DelegationRevoked { .. }
            | AccountEvent::SubstitutionGranted {}
            | AccountEvent::SubstitutionRevoked {}
            | AccountEvent::SecondFactorEnabled {}
            | AccountEvent::SecondFactorDisabled {} => return self.allows_place(event),
            AccountEvent::Deactivated {} => self.active,
            AccountEvent::Reactivated {} => !self.active,
            AccountEvent::EstablishmentSet { establishment_id } => self.establishment != *establishment_id,
            AccountEvent::BuyersGroupSet { group_id } => self.group != Some(*group_id),
            AccountEvent::Assigned { .. }
            | AccountEvent::MessageSent { .. }
            | AccountEvent::DetailsChanged { .. }
            | AccountEvent::EmailChanged { .. } => true,
            AccountEvent::OrganisationDeleted { .. } => self.active && self.role.is_institutional(),
        };
        if legal { Ok(()) } else { Err("it is so already") }
    }

    /// What ends with its person: his mandates, his power, his second factor, his activity.
    fn close(&self) -> Vec<AccountEvent> {
        let factor = self.second_factor.then_some(AccountEvent::SecondFactorDisabled {});
        let activity = self.active.then_some(AccountEvent::Deactivated {});
        self.end_mandates().chain(factor).chain(activity).collect()
    }

    fn was_approved_as(&self, role: Role, institutions: &[InstitutionId]) -> bool {
        self.registration.is_some() && self.role == role && self.institutions == institutions
    }

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
