//! Institutions over HTTP.

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use bordereau_commands::InstitutionRequest;
use bordereau_domain::{InstitutionId, Role, institution::Institution, pricing::Discounts, terms::Address};
use bordereau_projections::{InstitutionRow, Lacking, Scope};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Answered, Caller, Command, Filters, Nothing, Reading, page_size},
    form, list,
    openapi::{Done, Refused},
    problem::Problem,
};

/// The routes of institutions.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(index))
        .routes(routes!(lacking))
        .routes(routes!(set_two_person_rule))
        .routes(routes!(set_payment_after_delivery))
        .routes(routes!(lift_discount_cap, restore_discount_cap))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// Items on a page, 1 to 200; 50 by default.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A page of institutions.
#[derive(Debug, Serialize, ToSchema)]
struct InstitutionPage {
    /// By name.
    items: Vec<InstitutionJson>,
    /// The next page's cursor.
    next: Option<String>,
    /// How many are on this page.
    counts: Counts,
}

/// How many institutions a page holds.
#[derive(Debug, Serialize, ToSchema)]
struct Counts {
    items: usize,
}

/// An institution.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the JSON names")]
#[derive(Debug, Serialize, ToSchema)]
struct InstitutionJson {
    id: Uuid,
    /// *N° Librisoft*.
    librisoft_number: String,
    name: String,
    city: String,
    /// In percent: on school books, and by VAT rate.
    discounts: DiscountsJson,
    /// *Client bloqué*.
    blocked: bool,
    vat_exempt: bool,
    /// Whether nobody may validate or convert alone a basket of his own.
    two_persons: bool,
    /// *Payer après la livraison permis*: whether orders billed to it may be paid by invoice.
    payment_after_delivery: bool,
    /// Whether it may have more off books than the law allows most clients.
    discount_cap_lifted: bool,
    addresses: Vec<AddressJson>,
}

/// Permanent discounts, in percent.
#[derive(Debug, Serialize, ToSchema)]
struct DiscountsJson {
    school: String,
    #[serde(rename = "2.1")]
    reduced_2_1: String,
    #[serde(rename = "5.5")]
    reduced_5_5: String,
    #[serde(rename = "20")]
    normal_20: String,
}

impl From<&Discounts> for DiscountsJson {
    fn from(discounts: &Discounts) -> Self {
        Self {
            school: discounts.school.to_string(),
            reduced_2_1: discounts.reduced_2_1.to_string(),
            reduced_5_5: discounts.reduced_5_5.to_string(),
            normal_20: discounts.normal_20.to_string(),
        }
    }
}

/// An address.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressJson {
    id: Uuid,
    label: String,
    lines: Vec<String>,
    postcode: String,
    city: String,
    country: String,
}

impl From<&Address> for AddressJson {
    fn from(address: &Address) -> Self {
        Self {
            id: address.id.0,
            label: address.label.clone(),
            lines: address.lines.clone(),
            postcode: address.postcode.clone(),
            city: address.city.clone(),
            country: address.country.clone(),
        }
    }
}

impl From<&InstitutionRow> for InstitutionJson {
    fn from(row: &InstitutionRow) -> Self {
        let profile = &row.known.profile;
        Self {
            id: row.id.0,
            librisoft_number: profile.librisoft_number.clone(),
            name: profile.name.clone(),
            city: profile.city.clone(),
            discounts: (&profile.discounts).into(),
            blocked: row.known.blocked,
            vat_exempt: profile.vat_exempt,
            two_persons: row.known.two_persons,
            payment_after_delivery: row.known.pays_after_delivery,
            discount_cap_lifted: row.known.discount_justification.is_some(),
            addresses: profile.addresses.iter().map(Into::into).collect(),
        }
    }
}

/// Those the caller acts for; the bookshop's people and the auditor see all of the shop.
#[utoipa::path(get, path = "/api/v1/institutions", tag = "institutions", params(Query),
    responses((status = 200, content((InstitutionPage = "application/json"), (String = "text/csv"))), Refused))]
async fn index(
    State(app): State<App>,
    reading: Reading,
    headers: HeaderMap,
    Filters(query): Filters<Query>,
) -> Result<Response, Problem> {
    reading.caller.must_be_person()?;
    let limit = page_size(query.limit)?;
    reading.settle(&app, "institutions").await?;
    let actor = &reading.caller.actor;
    let all = matches!(actor.role, Role::Bookseller | Role::Auditor);
    let scope = if all { Scope::All } else { Scope::Institutions(actor.institutions.clone()) };
    let institutions = app.projections.institutions();
    let page = institutions.list(reading.shop(), &scope, false, limit, query.cursor.as_deref()).await?;
    let items: Vec<InstitutionJson> = page.items.iter().map(Into::into).collect();
    let counts = Counts { items: items.len() };
    list::answer(&headers, &InstitutionPage { items, next: page.next, counts })
}

/// The institutions whose users lack the role above them.
#[derive(Debug, Serialize, ToSchema)]
struct LackingPage {
    /// By name.
    items: Vec<LackingJson>,
}

/// « Le compte client 16 comporte un utilisateur sans approbateur, ou un approbateur sans collectivité. »
#[derive(Debug, Serialize, ToSchema)]
struct LackingJson {
    id: Uuid,
    /// *N° Librisoft*.
    librisoft_number: String,
    name: String,
    /// It has active requesters and no active approver.
    without_approver: bool,
    /// It has active approvers and no active purchaser.
    without_purchaser: bool,
}

impl From<Lacking> for LackingJson {
    fn from(lacking: Lacking) -> Self {
        let Lacking { institution, without_approver, without_purchaser } = lacking;
        Self {
            id: institution.id.0,
            librisoft_number: institution.librisoft_number,
            name: institution.name,
            without_approver,
            without_purchaser,
        }
    }
}

/// The institutions of which the administration warns: users without the role above them. The bookshop's and the
/// auditor's.
#[utoipa::path(get, path = "/api/v1/institutions/lacking", tag = "institutions",
    responses((status = 200, body = LackingPage), Refused))]
async fn lacking(State(app): State<App>, reading: Reading) -> Result<Json<LackingPage>, Problem> {
    reading.caller.must_be(&[Role::Bookseller, Role::Auditor])?;
    reading.settle(&app, "institutions").await?;
    let lacking = app.projections.institutions().list_lacking(reading.shop()).await?;
    Ok(Json(LackingPage { items: lacking.into_iter().map(Into::into).collect() }))
}

/// The institution of a path, for the bookshop: whoever may not see it is told that there is none, whoever sees it and is
/// somebody else that he may not.
///
/// # Errors
/// 403 or 404.
async fn bookshops(app: &App, caller: &Caller, id: &str) -> Result<(), Problem> {
    caller.must_be_person()?;
    check_visible(app, caller, form::id(id)?).await?;
    caller.must_be(&[Role::Bookseller])
}

/// Looks whether there is such an institution, for this caller.
///
/// # Errors
/// 404; 503 when the store is not to be reached.
pub async fn check_visible(app: &App, caller: &Caller, id: InstitutionId) -> Result<(), Problem> {
    let all = matches!(caller.actor.role, Role::Bookseller | Role::Auditor);
    if !all && !caller.actor.acts_for(id) {
        return Err(Problem::not_found());
    }
    let ask = |institution: &Institution| institution.known().is_some();
    let known = app.commands.peek::<Institution, _>(caller.shop.as_str(), &id.to_string(), ask).await?.value;
    if known { Ok(()) } else { Err(Problem::not_found()) }
}

/// Whether two persons are demanded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TwoPersonRuleBody {
    /// From now on.
    demanded: bool,
}

/// Demands two persons for each basket of an institution, or no longer. The bookshop's alone: whom the rule binds cannot
/// lift it.
#[utoipa::path(put, path = "/api/v1/institutions/{id}/two-person-rule", tag = "institutions",
    params(("id", description = "The institution")), request_body = TwoPersonRuleBody,
    responses((status = 200, body = Done), Refused))]
async fn set_two_person_rule(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<TwoPersonRuleBody>,
) -> Result<Answered, Problem> {
    bookshops(&app, &command.caller, &id).await?;
    let demanded = command.body.demanded;
    app.run(&id, command, InstitutionRequest::SetTwoPersonRule { demanded }).await
}

/// Whether payment after delivery is allowed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PaymentAfterDeliveryBody {
    /// From now on.
    allowed: bool,
}

/// Lets orders be billed to an institution by invoice, or no longer. What was placed runs on.
#[utoipa::path(put, path = "/api/v1/institutions/{id}/payment-after-delivery", tag = "institutions",
    params(("id", description = "The institution")), request_body = PaymentAfterDeliveryBody,
    responses((status = 200, body = Done), Refused))]
async fn set_payment_after_delivery(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<PaymentAfterDeliveryBody>,
) -> Result<Answered, Problem> {
    bookshops(&app, &command.caller, &id).await?;
    let allowed = command.body.allowed;
    app.run(&id, command, InstitutionRequest::SetPaymentAfterDelivery { allowed }).await
}

/// Why a discount above the law's cap is lawful for this client.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JustificationBody {
    /// At most 2000 characters.
    justification: String,
}

/// Lets a client have more than 9 % off books that are no school books, from its next synchronisation on. Its orders carry
/// the justification.
#[utoipa::path(put, path = "/api/v1/institutions/{id}/discount-override", tag = "institutions",
    params(("id", description = "The institution")), request_body = JustificationBody,
    responses((status = 200, body = Done), Refused))]
async fn lift_discount_cap(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<JustificationBody>,
) -> Result<Answered, Problem> {
    bookshops(&app, &command.caller, &id).await?;
    let justification = form::text(&command.body.justification, "justification")?;
    app.run(&id, command, InstitutionRequest::LiftDiscountCap { justification }).await
}

/// Holds a client to the 9 % again, from its next synchronisation on.
#[utoipa::path(delete, path = "/api/v1/institutions/{id}/discount-override", tag = "institutions",
    params(("id", description = "The institution")), responses((status = 200, body = Done), Refused))]
async fn restore_discount_cap(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<Nothing>,
) -> Result<Answered, Problem> {
    bookshops(&app, &command.caller, &id).await?;
    app.run(&id, command, InstitutionRequest::RestoreDiscountCap).await
}
