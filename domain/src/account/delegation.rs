//! Acting in an account's place: the delegations it gives, the power of substitution that the bookseller grants, and
//! the second factor, which is a person's own affair like these.
//!
//! What must stay true: nobody passes on what was passed on to him; who acts in another's place never acts for more
//! institutions than he has himself, the bookseller excepted.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    command::AccountCommand,
    error::AccountError,
    event::AccountEvent,
    state::{Account, OpenedAccount},
};
use crate::{
    actor::{Actor, Role},
    ids::{AccountId, DelegationId, InstitutionId, SubjectId},
};

/// Days of a delegation, the first and the last included, and of what is given to one delegate without a gap, at most.
pub const MAX_DAYS: u64 = 90;
/// Days from today to the first of a delegation, at most.
pub const MAX_AHEAD_DAYS: u64 = 365;
/// Delegations that are still to end, at most.
pub const MAX_DELEGATIONS: usize = 50;

/// A delegation that was given and not revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// Who may act.
    pub delegate: AccountId,
    /// The first day.
    pub first_day: NaiveDate,
    /// The last day, included.
    pub last_day: NaiveDate,
}

impl Delegation {
    /// Whether it is valid on this day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.first_day <= day && day <= self.last_day
    }

    /// Both as one, where no day lies between them.
    fn with(self, other: &Self) -> Option<Self> {
        let follows = |one: &Self, next: &Self| one.last_day.succ_opt().is_none_or(|day| next.first_day <= day);
        (follows(&self, other) && follows(other, &self)).then(|| Self {
            first_day: self.first_day.min(other.first_day),
            last_day: self.last_day.max(other.last_day),
            ..self
        })
    }

    fn is_too_long(&self) -> bool {
        self.first_day.checked_add_days(Days::new(MAX_DAYS)).is_some_and(|day| day <= self.last_day)
    }
}

/// Another account, as far as a delegation looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// The institutions that it acts for; none for the bookshop's people.
    pub institutions: Vec<InstitutionId>,
    /// Whether its owner may sign in.
    pub active: bool,
}

/// What somebody may do in another's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    /// The delegation that it rests on; without one on the power of substitution or the bookseller's.
    pub delegation: Option<DelegationId>,
    /// For which institutions.
    pub institutions: Vec<InstitutionId>,
    /// The last day; without one it has no end of its own.
    pub last_day: Option<NaiveDate>,
}

type Decision = Result<Vec<AccountEvent>, AccountError>;

impl Account {
    /// What `me`, the account with this id, may do in this account's place today. Nobody acts for somebody inactive or
    /// for the bookshop's people.
    pub fn mandate(&self, id: AccountId, me: &OpenedAccount, today: NaiveDate) -> Option<Mandate> {
        let other = self.opened()?;
        if !me.active || !other.active || !other.role.is_institutional() || other.is_of(id) {
            return None;
        }
        if me.role == Role::Bookseller {
            return Some(Mandate { delegation: None, institutions: other.institutions.clone(), last_day: None });
        }
        let institutions = other.shared_with(&me.institutions);
        if institutions.is_empty() {
            return None;
        }
        if me.substitutes {
            return Some(Mandate { delegation: None, institutions, last_day: None });
        }
        // What he gave before he became a requester holds no more: requesters delegate nothing.
        if !other.role.is_above_requester() {
            return None;
        }
        let valid = other.delegations.iter().filter(|given| given.delegate == id && given.covers(today));
        let longest = valid.max_by_key(|given| given.last_day)?;
        Some(Mandate { delegation: Some(longest.id), institutions, last_day: Some(longest.last_day) })
    }

    /// Refuses what the actor may never do here, of what this file is about.
    pub(super) fn may_place(&self, command: &AccountCommand, actor: &Actor) -> Result<(), AccountError> {
        if matches!(self, Self::Unopened) {
            return Ok(());
        }
        if actor.on_behalf_of.is_some() {
            return Err(AccountError::InAnothersPlace);
        }
        let own = self.is_of(actor.account);
        let bookshop = matches!(actor.role, Role::Bookseller | Role::System);
        let allowed = match command {
            AccountCommand::Delegate { .. } => {
                own && self.opened().is_none_or(|account| account.role.is_above_requester())
            }
            AccountCommand::EnableSecondFactor => own,
            AccountCommand::RevokeDelegation { .. } | AccountCommand::DisableSecondFactor => own || bookshop,
            AccountCommand::GrantSubstitution | AccountCommand::RevokeSubstitution => bookshop,
            AccountCommand::Open { .. }
            | AccountCommand::Assign { .. }
            | AccountCommand::Deactivate
            | AccountCommand::Reactivate
            | AccountCommand::Close
            | AccountCommand::DeleteOrganisation
            | AccountCommand::Request(_)
            | AccountCommand::Approve { .. }
            | AccountCommand::Decline { .. }
            | AccountCommand::SendMessage { .. }
            | AccountCommand::Change(_)
            | AccountCommand::ConfirmEmail { .. }
            | AccountCommand::Join { .. } => true,
        };
        if allowed { Ok(()) } else { Err(AccountError::RoleMayNot) }
    }
}

impl OpenedAccount {
    /// Whether this account is the one with this id.
    pub fn is_of(&self, id: AccountId) -> bool {
        // The person behind an account has the account's own id.
        self.email.subject == SubjectId::from(id)
    }

    fn shared_with(&self, institutions: &[InstitutionId]) -> Vec<InstitutionId> {
        self.institutions.iter().copied().filter(|institution| institutions.contains(institution)).collect()
    }

    /// The answer to what this file is about; nothing to anything else.
    pub(super) fn decide_place(&self, command: &AccountCommand) -> Decision {
        match command {
            AccountCommand::Delegate { delegation_id, delegate_id, delegate, first_day, last_day, today } => {
                let (first_day, last_day) = (*first_day, *last_day);
                let given = Delegation { id: *delegation_id, delegate: *delegate_id, first_day, last_day };
                self.delegate(given, delegate.as_ref(), *today)
            }
            AccountCommand::RevokeDelegation { delegation_id } => self.revoke_delegation(*delegation_id),
            AccountCommand::GrantSubstitution => self.grant_substitution(),
            AccountCommand::RevokeSubstitution if self.substitutes => Ok(vec![AccountEvent::SubstitutionRevoked {}]),
            AccountCommand::EnableSecondFactor => enable_second_factor(self.second_factor),
            AccountCommand::DisableSecondFactor => disable_second_factor(self.second_factor),
            AccountCommand::RevokeSubstitution
            | AccountCommand::Open { .. }
            | AccountCommand::Assign { .. }
            | AccountCommand::Deactivate
            | AccountCommand::Reactivate
            | AccountCommand::Close
            | AccountCommand::DeleteOrganisation
            | AccountCommand::Request(_)
            | AccountCommand::Approve { .. }
            | AccountCommand::Decline { .. }
            | AccountCommand::SendMessage { .. }
            | AccountCommand::Change(_)
            | AccountCommand::ConfirmEmail { .. }
            | AccountCommand::Join { .. } => Ok(vec![]),
        }
    }

    fn delegate(&self, given: Delegation, to: Option<&Colleague>, today: NaiveDate) -> Decision {
        let Delegation { id, delegate, first_day, last_day } = given;
        if self.delegations.iter().any(|known| known.id == id) {
            return Ok(vec![]);
        }
        if first_day < today {
            return Err(AccountError::FirstDayPast);
        }
        if today.checked_add_days(Days::new(MAX_AHEAD_DAYS)).is_some_and(|latest| latest < first_day) {
            return Err(AccountError::FirstDayTooFar);
        }
        if last_day < first_day || self.in_a_row(given).is_too_long() {
            return Err(AccountError::LastDayOutOfRange);
        }
        let fits = |colleague: &Colleague| colleague.active && !self.shared_with(&colleague.institutions).is_empty();
        if self.is_of(delegate) || !to.is_some_and(fits) {
            return Err(AccountError::UnknownDelegate);
        }
        if self.delegations.iter().filter(|known| known.last_day >= today).count() >= MAX_DELEGATIONS {
            return Err(AccountError::TooManyDelegations);
        }
        Ok(vec![AccountEvent::Delegated { delegation_id: id, delegate_id: delegate, first_day, last_day }])
    }

    /// A delegation with what was given to the same delegate just before, meanwhile and just after.
    fn in_a_row(&self, given: Delegation) -> Delegation {
        let mut known: Vec<_> = self.delegations.iter().filter(|known| known.delegate == given.delegate).collect();
        known.sort_by_key(|known| known.first_day);
        let grown = |row: Delegation, known: &&Delegation| row.with(known).unwrap_or(row);
        let forth = known.iter().fold(given, grown);
        known.iter().rev().fold(forth, grown)
    }

    fn revoke_delegation(&self, id: DelegationId) -> Decision {
        if self.delegations.iter().any(|known| known.id == id) {
            Ok(vec![AccountEvent::DelegationRevoked { delegation_id: id }])
        } else {
            Err(AccountError::UnknownDelegation)
        }
    }

    fn grant_substitution(&self) -> Decision {
        if self.substitutes {
            return Ok(vec![]);
        }
        if !self.role.is_institutional() {
            return Err(AccountError::NoInstitutionsAccount);
        }
        Ok(vec![AccountEvent::SubstitutionGranted {}])
    }

    /// The state after an event of this file's matters.
    pub(super) fn apply_place(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Delegated { delegation_id, delegate_id, first_day, last_day } => {
                self.delegations.push(Delegation {
                    id: *delegation_id,
                    delegate: *delegate_id,
                    first_day: *first_day,
                    last_day: *last_day,
                });
            }
            AccountEvent::DelegationRevoked { delegation_id } => {
                self.delegations.retain(|known| known.id != *delegation_id);
            }
            AccountEvent::SubstitutionGranted {} => self.substitutes = true,
            AccountEvent::SubstitutionRevoked {} => self.substitutes = false,
            AccountEvent::SecondFactorEnabled {} => self.second_factor = true,
            AccountEvent::SecondFactorDisabled {} => self.second_factor = false,
            AccountEvent::Opened { .. }
            | AccountEvent::Assigned { .. }
            | AccountEvent::Deactivated {}
            | AccountEvent::Reactivated {}
            | AccountEvent::Requested { .. }
            | AccountEvent::Approved { .. }
            | AccountEvent::Declined {}
            | AccountEvent::MessageSent { .. }
            | AccountEvent::DetailsChanged { .. }
            | AccountEvent::EmailChanged { .. }
            | AccountEvent::EstablishmentSet { .. }
            | AccountEvent::BuyersGroupSet { .. }
            | AccountEvent::OrganisationDeleted { .. } => {}
        }
    }

    /// What the state says against an event of this file's matters.
    pub(super) fn allows_place(&self, event: &AccountEvent) -> Result<(), &'static str> {
        let check = |legal: bool, reason: &'static str| if legal { Ok(()) } else { Err(reason) };
        let known = |id: &DelegationId| self.delegations.iter().any(|known| known.id == *id);
        match event {
            AccountEvent::Delegated { delegation_id, first_day, last_day, .. } => {
                check(!known(delegation_id), "the delegation is there already")?;
                check(first_day <= last_day, "it ends before it begins")
            }
            AccountEvent::DelegationRevoked { delegation_id } => check(known(delegation_id), "no such delegation"),
            AccountEvent::SubstitutionGranted {} => check(!self.substitutes, "it is so already"),
            AccountEvent::SubstitutionRevoked {} => check(self.substitutes, "it is so already"),
            AccountEvent::SecondFactorEnabled {} => check(!self.second_factor, "it is so already"),
            AccountEvent::SecondFactorDisabled {} => check(self.second_factor, "it is so already"),
            AccountEvent::Opened { .. }
            | AccountEvent::Assigned { .. }
            | AccountEvent::Deactivated {}
            | AccountEvent::Reactivated {}
            | AccountEvent::Requested { .. }
            | AccountEvent::Approved { .. }
            | AccountEvent::Declined {}
            | AccountEvent::MessageSent { .. }
            | AccountEvent::DetailsChanged { .. }
            | AccountEvent::EmailChanged { .. }
            | AccountEvent::EstablishmentSet { .. }
            | AccountEvent::BuyersGroupSet { .. }
            | AccountEvent::OrganisationDeleted { .. } => Ok(()),
        }
    }
}

/// Demands it, unless it is demanded already.
pub(super) fn enable_second_factor(demanded: bool) -> Decision {
    if demanded { Err(AccountError::SecondFactorEnabled) } else { Ok(vec![AccountEvent::SecondFactorEnabled {}]) }
}

/// Demands it no longer.
pub(super) fn disable_second_factor(demanded: bool) -> Decision {
    if demanded { Ok(vec![AccountEvent::SecondFactorDisabled {}]) } else { Err(AccountError::SecondFactorMissing) }
}
