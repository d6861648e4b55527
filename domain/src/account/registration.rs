//! Accounts that their persons ask for themselves (B07-B14): the bookshop grants or refuses them.

use serde::{Deserialize, Serialize};

use super::{
    command::AccountCommand,
    decide::{Decision, check_role},
    error::AccountError,
    event::AccountEvent,
    state::{AccountStatus, OpenedAccount},
};
use crate::{
    actor::Role,
    ids::{EstablishmentId, InstitutionId},
    personal::{ChamberNumber, Company, Department, Email, Message, PersonName, Personal, Phone, VatNumber},
};

/// What an organisation says of itself when one of its people asks for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Its name.
    pub company: Personal<Company>,
    /// Its VAT number.
    pub vat_number: Option<Personal<VatNumber>>,
    /// Its number at the chamber of commerce.
    pub chamber_number: Option<Personal<ChamberNumber>>,
    /// Its department.
    pub department: Option<Personal<Department>>,
}

/// Whoever asks for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The login.
    pub email: Personal<Email>,
    /// The person's name.
    pub name: Personal<PersonName>,
    /// The person's telephone number.
    pub phone: Option<Personal<Phone>>,
    /// His organisation.
    pub registration: Registration,
}

/// An account that was asked for and is not granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedAccount {
    /// The login.
    pub email: Personal<Email>,
    /// The person's name.
    pub name: Personal<PersonName>,
    /// The person's telephone number.
    pub phone: Option<Personal<Phone>>,
    /// What was said of the organisation.
    pub registration: Registration,
    /// The bookshop's last message.
    pub message: Option<Personal<Message>>,
    /// Whether it was refused since.
    pub declined: bool,
}

impl Applicant {
    /// What happens when he asks.
    pub(super) fn asks(&self) -> AccountEvent {
        let Registration { company, vat_number, chamber_number, department } = self.registration;
        AccountEvent::Requested {
            email: self.email,
            name: self.name,
            phone: self.phone,
            company,
            vat_number,
            chamber_number,
            department,
        }
    }
}

impl RequestedAccount {
    /// Requested or declined.
    pub const fn status(&self) -> AccountStatus {
        if self.declined { AccountStatus::Declined } else { AccountStatus::Requested }
    }

    /// The account that comes of it.
    pub(super) fn approved(
        &self,
        role: Role,
        institutions: &[InstitutionId],
        establishment: Option<EstablishmentId>,
    ) -> OpenedAccount {
        OpenedAccount {
            email: self.email,
            name: self.name,
            phone: self.phone,
            role,
            institutions: institutions.to_vec(),
            establishment,
            active: true,
            group: None,
            registration: Some(self.registration),
            message: self.message,
            delegations: Vec::new(),
            substitutes: false,
            second_factor: false,
        }
    }

    pub(super) fn decide(&self, command: &AccountCommand) -> Decision {
        let wrong_status = Err(AccountError::WrongStatus { status: self.status() });
        match command {
            AccountCommand::Open { .. } => Err(AccountError::AlreadyOpened),
            AccountCommand::Request(applicant) if self.declined => Ok(vec![applicant.asks()]),
            AccountCommand::Approve { .. } if !self.declined => approve(command),
            AccountCommand::Decline { .. } | AccountCommand::Close if self.declined => Ok(vec![]),
            AccountCommand::Decline { message } => {
                Ok([AccountEvent::Declined {}].into_iter().chain(sent(*message)).collect())
            }
            AccountCommand::Close => Ok(vec![AccountEvent::Declined {}]),
            AccountCommand::SendMessage { message } => Ok(sent(Some(*message)).into_iter().collect()),
            AccountCommand::Change(change) if change.establishment.is_none() && change.group.is_none() => {
                Ok(change.of_person(self.name, self.phone, self.email))
            }
            AccountCommand::ConfirmEmail { email } if self.email == *email => Ok(vec![]),
            AccountCommand::ConfirmEmail { email } => Ok(vec![AccountEvent::EmailChanged { email: *email }]),
            AccountCommand::Request(_)
            | AccountCommand::Approve { .. }
            | AccountCommand::Change(_)
            | AccountCommand::Assign { .. }
            | AccountCommand::Deactivate
            | AccountCommand::Reactivate
            | AccountCommand::Join { .. }
            | AccountCommand::Delegate { .. }
            | AccountCommand::RevokeDelegation { .. }
            | AccountCommand::GrantSubstitution
            | AccountCommand::RevokeSubstitution
            | AccountCommand::EnableSecondFactor
            | AccountCommand::DisableSecondFactor => wrong_status,
        }
    }

    pub(super) fn allows(&self, event: &AccountEvent) -> Result<(), &'static str> {
        match event {
            AccountEvent::Requested { .. } if self.declined => Ok(()),
            AccountEvent::Approved { .. } | AccountEvent::Declined {} if !self.declined => Ok(()),
            AccountEvent::MessageSent { .. }
            | AccountEvent::DetailsChanged { .. }
            | AccountEvent::EmailChanged { .. } => Ok(()),
            AccountEvent::Requested { .. } => Err("it is asked for already"),
            AccountEvent::Approved { .. } | AccountEvent::Declined {} => Err("it was declined"),
            AccountEvent::Opened { .. }
            | AccountEvent::Assigned { .. }
            | AccountEvent::Deactivated {}
            | AccountEvent::Reactivated {}
            | AccountEvent::EstablishmentSet { .. }
            | AccountEvent::BuyersGroupSet { .. }
            | AccountEvent::Delegated { .. }
            | AccountEvent::DelegationRevoked { .. }
            | AccountEvent::SubstitutionGranted {}
            | AccountEvent::SubstitutionRevoked {}
            | AccountEvent::SecondFactorEnabled {}
            | AccountEvent::SecondFactorDisabled {} => Err("it is not granted"),
        }
    }

    pub(super) fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Declined {} => self.declined = true,
            AccountEvent::MessageSent { message } => self.message = Some(*message),
            AccountEvent::DetailsChanged { name, phone } => (self.name, self.phone) = (*name, *phone),
            AccountEvent::EmailChanged { email } => self.email = *email,
            AccountEvent::Opened { .. }
            | AccountEvent::Assigned { .. }
            | AccountEvent::Deactivated {}
            | AccountEvent::Reactivated {}
            | AccountEvent::Requested { .. }
            | AccountEvent::Approved { .. }
            | AccountEvent::EstablishmentSet { .. }
            | AccountEvent::BuyersGroupSet { .. }
            | AccountEvent::Delegated { .. }
            | AccountEvent::DelegationRevoked { .. }
            | AccountEvent::SubstitutionGranted {}
            | AccountEvent::SubstitutionRevoked {}
            | AccountEvent::SecondFactorEnabled {}
            | AccountEvent::SecondFactorDisabled {} => {}
        }
    }
}

/// The message as an event, where there is one.
fn sent(message: Option<Personal<Message>>) -> Option<AccountEvent> {
    message.map(|message| AccountEvent::MessageSent { message })
}

fn approve(command: &AccountCommand) -> Decision {
    let AccountCommand::Approve { role, institutions, known, establishment, group, message } = command else {
        return Ok(vec![]);
    };
    if !role.is_institutional() {
        return Err(AccountError::NotAPersonsRole);
    }
    check_role(*role, institutions, *known)?;
    let approved = AccountEvent::Approved {
        role: *role,
        institution_ids: institutions.clone(),
        establishment_id: establishment.check()?,
    };
    let grouped = group.map(|group_id| AccountEvent::BuyersGroupSet { group_id });
    Ok([approved].into_iter().chain(grouped).chain(sent(*message)).collect())
}
