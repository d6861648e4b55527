//! One institution: what Librisoft says of it, whether it is blocked, and which rules the bookshop has set.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use bordereau_domain::{Role, institution::InstitutionKind};
use bordereau_projections::InstitutionRow;
use uuid::Uuid;

use super::{
    super::{clients::find_visible, frame::Frame, order_terms::on_one_line, signed_in::SignedIn},
    discounts,
    rule::Rule,
    state, title,
};
use crate::{app::App, problem::Problem};

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the page tells")]
#[derive(Template)]
#[template(path = "institution.html")]
struct InstitutionPage {
    frame: Frame,
    back: String,
    id: Uuid,
    name: String,
    class: &'static str,
    state: String,
    /// What a blocked or withdrawn one may still do.
    closed: bool,
    librisoft_number: String,
    kind: String,
    city: String,
    discounts: Vec<String>,
    /// Whether it may have more off books than the law allows most clients.
    cap_lifted: bool,
    vat_exempt: bool,
    addresses: Vec<String>,
    rules: [Rule; 2],
    /// Whether the reader sets them.
    sets_rules: bool,
    /// Whether he looks at its accounts.
    sees_accounts: bool,
    /// Whether its users lack the role above them (L18).
    lacking: bool,
}

const fn kind(kind: InstitutionKind) -> &'static str {
    match kind {
        InstitutionKind::Library => "institution-kind-library",
        InstitutionKind::School => "institution-kind-school",
        InstitutionKind::Other => "institution-kind-other",
    }
}

impl InstitutionPage {
    async fn read(app: &App, signed_in: &SignedIn, id: &str) -> Result<Self, Problem> {
        let InstitutionRow { id, known } = find_visible(app, signed_in, id).await?;
        let role = signed_in.caller.actor.role;
        let sees_accounts = !matches!(role, Role::Requester);
        let lacking = app.projections.institutions().list_lacking(signed_in.shop()).await?;
        let frame = Frame::of(signed_in);
        let (class, state) = state(&frame, &known);
        Ok(Self {
            back: title(&frame, role),
            id: id.0,
            class,
            state,
            closed: !known.standing().is_open(),
            kind: frame.t(kind(known.profile.kind)),
            discounts: discounts(&frame, &known),
            cap_lifted: known.discount_justification.is_some(),
            vat_exempt: known.profile.vat_exempt,
            addresses: known.profile.addresses.iter().map(on_one_line).collect(),
            rules: Rule::of(&known),
            sets_rules: role == Role::Bookseller,
            sees_accounts,
            lacking: sees_accounts && lacking.iter().any(|of| of.institution.id == id),
            name: known.profile.name,
            librisoft_number: known.profile.librisoft_number,
            city: known.profile.city,
            frame,
        })
    }
}

/// The page.
pub async fn show(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let page = InstitutionPage::read(&app, &signed_in, &id).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}
