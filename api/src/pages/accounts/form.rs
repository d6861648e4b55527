//! The fields of *Ajouter un compte collectivité* (L22) that several forms have: role, institutions, point of sale.

use std::collections::BTreeSet;

use bordereau_domain::{InstitutionId, Role, shop::Shop};

use super::super::{
    clients::{Found, Looked, Question, SHOWN, scope, ticked},
    field::{Choice, Field},
    frame::Frame,
    sent::Sent,
    signed_in::SignedIn,
};
use crate::{accounts::RoleName, app::App, problem::Problem};

/// The field of *Client(s) affecté(s)*.
pub const INSTITUTIONS: &str = "institution_ids";

/// The roles that somebody may give.
pub const fn roles(actor: Role) -> &'static [Role] {
    match actor {
        Role::Bookseller => &[Role::Requester, Role::Approver, Role::Purchaser],
        Role::Purchaser => &[Role::Requester, Role::Approver],
        Role::Approver => &[Role::Requester],
        Role::Requester | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => &[],
    }
}

/// The field that a refusal is about without naming it: somebody else has the address.
pub fn taken(problem: &Problem) -> Option<&'static str> {
    (problem.slug == "email-taken" || problem.slug == "value-taken").then_some("email")
}

/// *Droits \**.
pub fn role_field(frame: &Frame, actor: Role) -> Field {
    let choices = roles(actor).iter().map(|role| Choice::new(role, frame.role(role))).collect();
    let only: Vec<_> = roles(actor).iter().filter(|_| roles(actor).len() == 1).map(ToString::to_string).collect();
    Field::radio("role", frame.t("account-form-role"), choices).choosing(&only)
}

/// *Client(s) affecté(s) \**: those of the caller, or of the shop, with what was ticked, or else what is the case.
///
/// # Errors
/// 503 when the view is behind or stopped.
pub async fn institutions_field(
    app: &App,
    signed_in: &SignedIn,
    frame: &Frame,
    sent: &Sent,
    before: &[InstitutionId],
) -> Result<Field, Problem> {
    let now = if sent.is_empty() { before.to_vec() } else { ticked(sent, INSTITUTIONS, before).unwrap_or_default() };
    let (was, is): (BTreeSet<_>, BTreeSet<_>) = (before.iter().copied().collect(), now.iter().copied().collect());
    let mut kept: BTreeSet<_> = was.symmetric_difference(&is).copied().collect();
    let looked = Looked::of(sent, INSTITUTIONS);
    if looked == Looked::default() {
        kept.extend(before.iter().take(SHOWN));
    }
    let question = Question { scope: scope(&signed_in.caller.actor), withdrawn_too: false, looked, kept };
    let found = Found::find(app, signed_in, frame, question).await?;
    let field = found.checkboxes(INSTITUTIONS, frame.t("account-form-institutions"), &now);
    let only: Vec<_> = field.choices.iter().map(|choice| choice.value.clone()).collect();
    Ok(if sent.is_empty() && only.len() == 1 { field.choosing(&only) } else { field })
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
