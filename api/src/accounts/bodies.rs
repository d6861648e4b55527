//! What requests about accounts say. Unknown fields are refused: nobody gives himself what he was not asked for.

use bordereau_commands::Organisation;
use bordereau_domain::{InstitutionId, Role};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{form, problem::Problem};

/// A role of a person.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleName {
    /// *Utilisateur*.
    Requester,
    /// *Approbateur*.
    Approver,
    /// *Collectivité*.
    Purchaser,
    /// *Libraire*.
    Bookseller,
    /// Reads everything.
    Auditor,
}

impl RoleName {
    /// The name of a person's role; machines have none.
    pub const fn of(role: Role) -> Option<Self> {
        Some(match role {
            Role::Requester => Self::Requester,
            Role::Approver => Self::Approver,
            Role::Purchaser => Self::Purchaser,
            Role::Bookseller => Self::Bookseller,
            Role::Auditor => Self::Auditor,
            Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => return None,
        })
    }
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Requester => Self::Requester,
            RoleName::Approver => Self::Approver,
            RoleName::Purchaser => Self::Purchaser,
            RoleName::Bookseller => Self::Bookseller,
            RoleName::Auditor => Self::Auditor,
        }
    }
}

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBody {
    /// The login.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// *Droits*.
    pub role: RoleName,
    /// *Client(s) affecté(s)*; none for the bookshop's people.
    #[serde(default)]
    pub institution_ids: Vec<Uuid>,
    /// *Librairie affectée*.
    pub establishment_id: Option<Uuid>,
    /// The first password; without it a link is mailed to the person.
    pub password: Option<String>,
}

/// Another role, other institutions.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    /// *Droits*.
    pub role: RoleName,
    /// *Client(s) affecté(s)*.
    pub institution_ids: Vec<Uuid>,
}

/// What should be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeBody {
    /// The person's name.
    pub name: Option<String>,
    /// The telephone number; null takes it away.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    /// The login; the bookseller's to change.
    pub email: Option<String>,
    /// *Librairie affectée*, the bookseller's to change; null takes it away.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Uuid>)]
    pub establishment_id: Option<Option<Uuid>>,
    /// The buyers' group; the bookseller's to change.
    pub group_id: Option<Uuid>,
}

/// What should be different of oneself; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnBody {
    /// The name.
    pub name: Option<String>,
    /// The telephone number; null takes it away.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
}

/// Somebody who has an account, by his address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinBody {
    /// The login.
    pub email: String,
    /// The role from now on, for all his institutions; as it is if nothing is said.
    pub role: Option<RoleName>,
}

/// Somebody who asks for an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationBody {
    /// The shop's code.
    pub shop: String,
    /// The login.
    pub email: String,
    /// The name.
    pub name: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// *Nom de l'entreprise*.
    pub company: String,
    /// *Numéro de TVA*.
    pub vat_number: String,
    /// *Chambre de commerce*.
    pub chamber_number: Option<String>,
    /// *Département*.
    pub department: Option<String>,
    /// The password, 10 to 200 characters.
    pub password: String,
}

/// Somebody whom the bookshop writes down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewcomerBody {
    /// The login.
    pub email: String,
    /// The name.
    pub name: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// *Nom de l'entreprise*.
    pub company: String,
    /// *Numéro de TVA*.
    pub vat_number: String,
    /// *Chambre de commerce*.
    pub chamber_number: Option<String>,
    /// *Département*.
    pub department: Option<String>,
}

/// An organisation, by one of its people or by the bookshop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganisationBody {
    /// *Nom de l'entreprise*.
    pub company: String,
    /// *Numéro de TVA*.
    pub vat_number: String,
    /// *Chambre de commerce*.
    pub chamber_number: Option<String>,
    /// *Département*.
    pub department: Option<String>,
}

impl OrganisationBody {
    /// The organisation, its texts checked.
    ///
    /// # Errors
    /// 422 about a text.
    pub fn read(&self) -> Result<Organisation, Problem> {
        let Self { company, vat_number, chamber_number, department } = self;
        organisation(company, vat_number, chamber_number.as_deref(), department.as_deref())
    }
}

/// An organisation, its texts checked.
pub fn organisation(
    company: &str,
    vat_number: &str,
    chamber_number: Option<&str>,
    department: Option<&str>,
) -> Result<Organisation, Problem> {
    Ok(Organisation {
        company: form::text(company, "company")?,
        vat_number: Some(form::text(vat_number, "vat_number")?),
        chamber_number: form::optional_text(chamber_number, "chamber_number")?,
        department: form::optional_text(department, "department")?,
    })
}

/// What the bookshop grants.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveBody {
    /// *Droits*: an institution's role.
    pub role: RoleName,
    /// *Client(s) affecté(s)*.
    pub institution_ids: Vec<Uuid>,
    /// *Librairie affectée*.
    pub establishment_id: Option<Uuid>,
    /// A word to the person.
    pub message: Option<String>,
}

/// A word with a refusal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineBody {
    /// A word to the person: why.
    pub message: Option<String>,
}

/// A word.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageBody {
    /// The word.
    pub text: String,
}

/// Ids as the domain's, each once, in the order in which they were named.
pub fn institutions(ids: &[Uuid]) -> Vec<InstitutionId> {
    let mut named = Vec::with_capacity(ids.len());
    for id in ids.iter().copied().map(InstitutionId) {
        if !named.contains(&id) {
            named.push(id);
        }
    }
    named
}

/// A field that is there, be it null.
fn named<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(field).map(Some)
}
