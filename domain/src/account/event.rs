//! What can have happened to an account. Names and shapes are frozen in the log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actor::Role,
    ids::{EstablishmentId, InstitutionId},
    personal::{Email, PersonName, Personal, Phone},
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
}

wire_names!(AccountEvent {
    Opened = "AccountOpened" v "1",
    Assigned = "AccountAssigned" v "1",
    Deactivated = "AccountDeactivated" v "1",
    Reactivated = "AccountReactivated" v "1",
});
