//! The fields of *Ajouter un compte collectivité* (L22) that several forms have: role, institutions, point of sale.

use bordereau_domain::{Role, shop::Shop};
use bordereau_projections::Scope;

use super::super::{
    field::{Choice, Field},
    frame::Frame,
    sent::Sent,
    signed_in::SignedIn,
};
use crate::{accounts::RoleName, app::App, problem::Problem};

/// Most institutions to choose from: the bookshop of more clients moves their accounts by the API.
const MOST: usize = 200;

/// The roles that somebody may give.
pub const fn roles(actor: Role) -> &'static [Role] {
    match actor {
        Role::Bookseller => &[Role::Requester, Role::Approver, Role::Purchaser],
        Role::Purchaser => &[Role::Requester, Role::Approver],
        Role::Approver => &[Role::Requester],
        Role::Requester | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => &[],
    }
}

/// *Droits \**.
pub fn role_field(frame: &Frame, actor: Role) -> Field {
    let choices = roles(actor).iter().map(|role| Choice::new(role, frame.role(role))).collect();
    let only: Vec<_> = roles(actor).iter().filter(|_| roles(actor).len() == 1).map(ToString::to_string).collect();
    Field::radio("role", frame.t("account-form-role"), choices).choosing(&only)
}

/// *Client(s) affecté(s) \**: those of the caller, or of the shop.
///
/// # Errors
/// 503 when the view is behind or stopped.
pub async fn institutions_field(app: &App, signed_in: &SignedIn, frame: &Frame) -> Result<Field, Problem> {
    let actor = &signed_in.caller.actor;
    let all = matches!(actor.role, Role::Bookseller | Role::Auditor);
    let scope = if all { Scope::All } else { Scope::Institutions(actor.institutions.clone()) };
    let found = app.projections.institutions().list(signed_in.shop(), &scope, false, MOST, None).await?.items;
    let label = |number: &str, name: &str| format!("{name} ({number})");
    let choices: Vec<_> = found
        .iter()
        .map(|row| Choice::new(row.id, label(&row.known.profile.librisoft_number, &row.known.profile.name)))
        .collect();
    let only: Vec<_> = choices.iter().filter(|_| choices.len() == 1).map(|choice| choice.value.clone()).collect();
    Ok(Field::checkboxes("institution_ids", frame.t("account-form-institutions"), choices).choosing(&only))
}

/// *Librairie affectée \**: the shop's points of sale; none where it has none.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn establishment_field(app: &App, signed_in: &SignedIn, frame: &Frame) -> Result<Option<Field>, Problem> {
    let shop = signed_in.shop();
    let ask = |shop: &Shop| shop.opened().map(|opened| opened.establishments.clone()).unwrap_or_default();
    let found = app.commands.peek::<Shop, _>(shop, shop, ask).await?.value;
    let choices: Vec<_> = found.into_iter().map(|of| Choice::new(of.establishment_id, of.name)).collect();
    let field = |choices| Field::select("establishment_id", frame.t("account-form-establishment"), choices);
    Ok((!choices.is_empty()).then(|| field(choices)))
}

/// The role that was chosen.
///
/// # Errors
/// 422 `not-chosen`.
pub fn chosen_role(sent: &Sent) -> Result<RoleName, Problem> {
    let role: Role = sent.chosen("role")?.ok_or_else(|| Problem::invalid("not-chosen", "role"))?;
    RoleName::of(role).ok_or_else(|| Problem::invalid("not-chosen", "role"))
}
