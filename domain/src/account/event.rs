//! What can have happened to an account. Names and shapes are frozen in the log.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actor::Role,
    ids::{AccountId, BuyersGroupId, DelegationId, EstablishmentId, InstitutionId},
    personal::{ChamberNumber, Company, Department, Digest, Email, Message, PersonName, Personal, Phone, VatNumber},
    wire::wire_names,
};

/// What can have happened to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum AccountEvent {
    /// It was opened, active.
    #[serde(rename = "AccountOpened")]
    Opened {
        /// The login.
        email: Personal<Email>,
        /// The person's name.
        name: Personal<PersonName>,
        /// The person's telephone number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Personal<Phone>>,
        /// *Droits*.
        role: Role,
        /// *Client(s) affecté(s)*; empty for the bookshop's people.
        institution_ids: Vec<InstitutionId>,
        /// *Librairie affectée*.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        establishment_id: Option<EstablishmentId>,
    },
    /// It got another role or other institutions.
    #[serde(rename = "AccountAssigned")]
    Assigned {
        /// The role from now on.
        role: Role,
        /// The institutions from now on.
        institution_ids: Vec<InstitutionId>,
    },
    /// *Compte inactivé*: its sessions ended with this.
    #[serde(rename = "AccountDeactivated")]
    Deactivated {},
    /// Active again.
    #[serde(rename = "AccountReactivated")]
    Reactivated {},
    /// Its person asked for it, or the bookshop wrote him down: `actor` in the metadata tells.
    #[serde(rename = "AccountRequested")]
    Requested {
        /// The login.
        email: Personal<Email>,
        /// The person's name.
        name: Personal<PersonName>,
        /// The person's telephone number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Personal<Phone>>,
        /// The organisation.
        company: Personal<Company>,
        /// Its VAT number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        vat_number: Option<Personal<VatNumber>>,
        /// Its number at the chamber of commerce.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chamber_number: Option<Personal<ChamberNumber>>,
        /// Its department.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        department: Option<Personal<Department>>,
    },
    /// The bookshop granted it, or somebody added its person to his institution: active.
    #[serde(rename = "AccountApproved")]
    Approved {
        /// *Droits*.
        role: Role,
        /// *Client(s) affecté(s)*.
        institution_ids: Vec<InstitutionId>,
        /// *Librairie affectée*.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        establishment_id: Option<EstablishmentId>,
    },
    /// The bookshop refused it.
    #[serde(rename = "AccountDeclined")]
    Declined {},
    /// The bookshop wrote to its person.
    #[serde(rename = "AccountMessageSent")]
    MessageSent {
        /// What it wrote.
        message: Personal<Message>,
    },
    /// The person's name or telephone number changed.
    #[serde(rename = "AccountDetailsChanged")]
    DetailsChanged {
        /// The name from now on.
        name: Personal<PersonName>,
        /// The telephone number from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<Personal<Phone>>,
    },
    /// The login changed.
    #[serde(rename = "AccountEmailChanged")]
    EmailChanged {
        /// The login from now on.
        email: Personal<Email>,
    },
    /// It belongs to another point of sale, or to none.
    #[serde(rename = "AccountEstablishmentSet")]
    EstablishmentSet {
        /// *Librairie affectée*.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        establishment_id: Option<EstablishmentId>,
    },
    /// It belongs to another buyers' group.
    #[serde(rename = "AccountBuyersGroupSet")]
    BuyersGroupSet {
        /// The group from now on.
        group_id: BuyersGroupId,
    },
    /// A colleague may act in its place, from the first day to the last.
    #[serde(rename = "AccountDelegated")]
    Delegated {
        /// Names the delegation.
        delegation_id: DelegationId,
        /// Who may act.
        delegate_id: AccountId,
        /// The first day, in the shop's time zone.
        first_day: NaiveDate,
        /// The last day, included.
        last_day: NaiveDate,
    },
    /// A delegation was taken back: the sessions that rested on it ended with this.
    #[serde(rename = "AccountDelegationRevoked")]
    DelegationRevoked {
        /// Which one.
        delegation_id: DelegationId,
    },
    /// *Pouvoir de substitution*: it may act in the place of its institutions' other accounts.
    #[serde(rename = "AccountSubstitutionGranted")]
    SubstitutionGranted {},
    /// The power was withdrawn: the sessions that rested on it ended with this.
    #[serde(rename = "AccountSubstitutionRevoked")]
    SubstitutionRevoked {},
    /// Its sign-ins demand a second factor.
    #[serde(rename = "AccountSecondFactorEnabled")]
    SecondFactorEnabled {},
    /// They demand none any more.
    #[serde(rename = "AccountSecondFactorDisabled")]
    SecondFactorDisabled {},
    /// Its person has deleted his B2B account: he signs in as before, and acts for no institution.
    #[serde(rename = "AccountOrganisationDeleted")]
    OrganisationDeleted {
        /// The sealed texts that were destroyed, in the order in which they came.
        digests: Vec<Digest>,
    },
}

wire_names!(AccountEvent {
    Opened = "AccountOpened" v "1",
    Assigned = "AccountAssigned" v "1",
    Deactivated = "AccountDeactivated" v "1",
    Reactivated = "AccountReactivated" v "1",
    Requested = "AccountRequested" v "1",
    Approved = "AccountApproved" v "1",
    Declined = "AccountDeclined" v "1",
    MessageSent = "AccountMessageSent" v "1",
    DetailsChanged = "AccountDetailsChanged" v "1",
    EmailChanged = "AccountEmailChanged" v "1",
    EstablishmentSet = "AccountEstablishmentSet" v "1",
    BuyersGroupSet = "AccountBuyersGroupSet" v "1",
    Delegated = "AccountDelegated" v "1",
    DelegationRevoked = "AccountDelegationRevoked" v "1",
    SubstitutionGranted = "AccountSubstitutionGranted" v "1",
    SubstitutionRevoked = "AccountSubstitutionRevoked" v "1",
    SecondFactorEnabled = "AccountSecondFactorEnabled" v "1",
    SecondFactorDisabled = "AccountSecondFactorDisabled" v "1",
    OrganisationDeleted = "AccountOrganisationDeleted" v "1",
});
