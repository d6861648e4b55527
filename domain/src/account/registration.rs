//! Accounts of people who act for nobody: they ask for it themselves (B07-B14) or the bookshop writes them down (B02), and
//! it grants or refuses the account.

use serde::{Deserialize, Serialize};

use super::{
    command::AccountCommand,
    decide::{Decision, check_role},
    delegation::{disable_second_factor, enable_second_factor},
    error::AccountError,
    event::AccountEvent,
    state::{AccountStatus, OpenedAccount},
};
use crate::{
    actor::Role,
    ids::{BuyersGroupId, EstablishmentId, InstitutionId},
    personal::{ChamberNumber, Company, Department, Digest, Email, Message, PersonName, Personal, Phone, VatNumber},
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

/// Why somebody who signs in acts for nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// He asked for it, and waits.
    Requested,
    /// He asked for it, and was refused.
    Declined,
    /// He has deleted what he was for an organisation.
    Private,
}

/// An account whose person signs in and acts for nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UngrantedAccount {
    /// The login.
    pub email: Personal<Email>,
    /// The person's name.
    pub name: Personal<PersonName>,
    /// The person's telephone number.
    pub phone: Option<Personal<Phone>>,
    /// What was said of the organisation; nothing once it was deleted.
    pub registration: Option<Registration>,
    /// The bookshop's last message.
    pub message: Option<Personal<Message>>,
    /// Why it acts for nobody.
    pub standing: Standing,
    /// Every text about the organisation: what goes with it.
    pub about: Vec<Digest>,
    /// Whether its sign-ins demand a second factor.
    pub second_factor: bool,
}

impl Registration {
    /// What a request says of it.
    pub(super) fn said(event: &AccountEvent) -> Option<Self> {
        if let AccountEvent::Requested { company, vat_number, chamber_number, department, .. } = event {
            let (company, vat_number) = (*company, *vat_number);
            Some(Self { company, vat_number, chamber_number: *chamber_number, department: *department })
        } else {
            None
        }
    }

    /// The sealed texts.
    pub fn digests(&self) -> impl Iterator<Item = Digest> {
        let Self { company, vat_number, chamber_number, department } = *self;
        let rest = [
            vat_number.map(|text| text.digest),
            chamber_number.map(|text| text.digest),
            department.map(|text| text.digest),
        ];
        [Some(company.digest)].into_iter().chain(rest).flatten()
    }
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

impl UngrantedAccount {
    /// Requested, declined or private.
    pub const fn status(&self) -> AccountStatus {
        match self.standing {
            Standing::Requested => AccountStatus::Requested,
            Standing::Declined => AccountStatus::Declined,
            Standing::Private => AccountStatus::Private,
        }
    }

    /// Whether all of it was said before.
    fn says(&self, applicant: &Applicant) -> bool {
        let Applicant { email, name, phone, registration } = *applicant;
        (self.email, self.name, self.phone, self.registration) == (email, name, phone, Some(registration))
    }

    /// The account that comes of it.
    fn approved(
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
            registration: self.registration,
            message: self.message,
            about: self.about.clone(),
            delegations: Vec::new(),
            substitutes: false,
            second_factor: self.second_factor,
        }
    }

    pub(super) fn decide(&self, command: &AccountCommand) -> Decision {
        let wrong_status = Err(AccountError::WrongStatus { status: self.status() });
        match (command, self.standing) {
            (AccountCommand::Open { .. }, _) => Err(AccountError::AlreadyOpened),
            (AccountCommand::Request(applicant), Standing::Requested) if self.says(applicant) => Ok(vec![]),
            // Whoever waits completes what was missing (B11).
            (AccountCommand::Request(applicant), _) => Ok(vec![applicant.asks()]),
            (AccountCommand::Approve { .. }, Standing::Requested | Standing::Private) => approve(command),
            (AccountCommand::Decline { .. }, Standing::Declined) => Ok(vec![]),
            // Unless the bookshop has written since.
            (AccountCommand::DeleteOrganisation, Standing::Private) if self.about.is_empty() => Ok(vec![]),
            (AccountCommand::Decline { message }, Standing::Requested) => {
                Ok([AccountEvent::Declined {}].into_iter().chain(sent(*message)).collect())
            }
            (AccountCommand::Close, standing) => Ok(self.close(standing)),
            (AccountCommand::DeleteOrganisation, _) => {
                Ok(vec![AccountEvent::OrganisationDeleted { digests: self.about.clone() }])
            }
            (AccountCommand::Join { institution, known, role, group }, Standing::Private) => {
                admit(*institution, *known, *role, *group)
            }
            (AccountCommand::SendMessage { message }, _) => Ok(sent(Some(*message)).into_iter().collect()),
            (AccountCommand::Change(change), _) if change.establishment.is_none() && change.group.is_none() => {
                Ok(change.of_person(self.name, self.phone, self.email))
            }
            (AccountCommand::ConfirmEmail { email }, _) if self.email == *email => Ok(vec![]),
            (AccountCommand::ConfirmEmail { email }, _) => Ok(vec![AccountEvent::EmailChanged { email: *email }]),
            (AccountCommand::EnableSecondFactor, _) => enable_second_factor(self.second_factor),
            (AccountCommand::DisableSecondFactor, _) => disable_second_factor(self.second_factor),
            (
                AccountCommand::Approve { .. }
                | AccountCommand::Decline { .. }
                | AccountCommand::Change(_)
                | AccountCommand::Assign { .. }
                | AccountCommand::Deactivate
                | AccountCommand::Reactivate
                | AccountCommand::Join { .. }
                | AccountCommand::Delegate { .. }
                | AccountCommand::RevokeDelegation { .. }
                | AccountCommand::GrantSubstitution
                | AccountCommand::RevokeSubstitution,
                _,
            ) => wrong_status,
        }
    }

    /// What ends with its person.
    fn close(&self, standing: Standing) -> Vec<AccountEvent> {
        let factor = self.second_factor.then_some(AccountEvent::SecondFactorDisabled {});
        let request = (standing == Standing::Requested).then_some(AccountEvent::Declined {});
        factor.into_iter().chain(request).collect()
    }

    pub(super) fn allows(&self, event: &AccountEvent) -> Result<(), &'static str> {
        let check = |legal: bool, reason: &'static str| if legal { Ok(()) } else { Err(reason) };
        match event {
            AccountEvent::Approved { .. } => check(self.standing != Standing::Declined, "it was declined"),
            AccountEvent::Declined {} => check(self.standing == Standing::Requested, "nobody asks for it"),
            AccountEvent::OrganisationDeleted { .. } => {
                check(self.standing != Standing::Private || !self.about.is_empty(), "it is so already")
            }
            AccountEvent::SecondFactorEnabled {} => check(!self.second_factor, "it is so already"),
            AccountEvent::SecondFactorDisabled {} => check(self.second_factor, "it is so already"),
            AccountEvent::Requested { .. }
            | AccountEvent::MessageSent { .. }
            | AccountEvent::DetailsChanged { .. }
            | AccountEvent::EmailChanged { .. } => Ok(()),
            AccountEvent::Opened { .. }
            | AccountEvent::Assigned { .. }
            | AccountEvent::Deactivated {}
            | AccountEvent::Reactivated {}
            | AccountEvent::EstablishmentSet { .. }
            | AccountEvent::BuyersGroupSet { .. }
            | AccountEvent::Delegated { .. }
            | AccountEvent::DelegationRevoked { .. }
            | AccountEvent::SubstitutionGranted {}
            | AccountEvent::SubstitutionRevoked {} => Err("it is not granted"),
        }
    }

    /// The state after an event; the account that was granted, where it was.
    pub(super) fn apply(&mut self, event: &AccountEvent) -> Option<OpenedAccount> {
        match event {
            AccountEvent::Requested { email, name, phone, .. } => {
                (self.email, self.name, self.phone) = (*email, *name, *phone);
                self.registration = Registration::said(event);
                let said = self.registration.iter().flat_map(Registration::digests);
                let fresh: Vec<_> = said.filter(|digest| !self.about.contains(digest)).collect();
                self.about.extend(fresh);
                self.standing = Standing::Requested;
            }
            AccountEvent::Approved { role, institution_ids, establishment_id } => {
                return Some(self.approved(*role, institution_ids, *establishment_id));
            }
            AccountEvent::Declined {} => self.standing = Standing::Declined,
            AccountEvent::OrganisationDeleted { .. } => {
                (self.registration, self.message, self.standing) = (None, None, Standing::Private);
                self.about.clear();
            }
            AccountEvent::MessageSent { message } => {
                self.message = Some(*message);
                self.about.push(message.digest);
            }
            AccountEvent::DetailsChanged { name, phone } => (self.name, self.phone) = (*name, *phone),
            AccountEvent::EmailChanged { email } => self.email = *email,
            AccountEvent::SecondFactorEnabled {} => self.second_factor = true,
            AccountEvent::SecondFactorDisabled {} => self.second_factor = false,
            AccountEvent::Opened { .. }
            | AccountEvent::Assigned { .. }
            | AccountEvent::Deactivated {}
            | AccountEvent::Reactivated {}
            | AccountEvent::EstablishmentSet { .. }
            | AccountEvent::BuyersGroupSet { .. }
            | AccountEvent::Delegated { .. }
            | AccountEvent::DelegationRevoked { .. }
            | AccountEvent::SubstitutionGranted {}
            | AccountEvent::SubstitutionRevoked {} => {}
        }
        None
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
    let granted = grant(*role, institutions.clone(), establishment.check()?, *group);
    Ok(granted.into_iter().chain(sent(*message)).collect())
}

/// Somebody who acts for nobody is added to an institution (B17).
fn admit(institution: InstitutionId, known: bool, role: Option<Role>, group: Option<BuyersGroupId>) -> Decision {
    let (role, institutions) = (role.unwrap_or(Role::Requester), vec![institution]);
    check_role(role, &institutions, known)?;
    Ok(grant(role, institutions, None, group))
}

fn grant(
    role: Role,
    institution_ids: Vec<InstitutionId>,
    establishment_id: Option<EstablishmentId>,
    group: Option<BuyersGroupId>,
) -> Vec<AccountEvent> {
    let approved = AccountEvent::Approved { role, institution_ids, establishment_id };
    [approved].into_iter().chain(group.map(|group_id| AccountEvent::BuyersGroupSet { group_id })).collect()
}
