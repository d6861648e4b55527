//! The shop's settings and its buyers' groups over HTTP.

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use bordereau_commands::{ShopRequest, first_buyers_group, new_id};
use bordereau_domain::{
    BuyersGroupId, Role,
    shop::{BuyersGroup, Establishment, OpenedShop, Shop},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    app::App,
    extract::{Answered, Caller, Command, Nothing, Reading},
    form,
    openapi::{Done, Refused},
    problem::Problem,
};

/// The routes of the shop.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show, set))
        .routes(routes!(groups, open_group))
        .routes(routes!(rename_group))
        .routes(routes!(prefer_group))
}

/// A shop.
#[derive(Debug, Serialize, ToSchema)]
struct ShopJson {
    code: String,
    name: String,
    /// ISO 3166 code.
    country: String,
    /// ISO 4217 code.
    currency: String,
    /// IANA name: days end and dates are shown in it.
    time_zone: String,
    /// Whether people ask for accounts themselves.
    registration: RegistrationName,
    /// Its points of sale.
    establishments: Vec<EstablishmentJson>,
}

/// Whether people ask for accounts themselves.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum RegistrationName {
    /// They do; the bookshop grants or refuses.
    Open,
    /// The bookshop and its institutions open accounts, nobody else.
    Closed,
}

/// A point of sale.
#[derive(Debug, Serialize, ToSchema)]
struct EstablishmentJson {
    id: Uuid,
    /// Its number in the enterprise.
    number: u32,
    name: String,
}

impl From<&Establishment> for EstablishmentJson {
    fn from(establishment: &Establishment) -> Self {
        let Establishment { establishment_id, number, name, .. } = establishment;
        Self { id: establishment_id.0, number: *number, name: name.clone() }
    }
}

impl From<&OpenedShop> for ShopJson {
    fn from(shop: &OpenedShop) -> Self {
        Self {
            code: shop.code.to_string(),
            name: shop.name.clone(),
            country: shop.country.clone(),
            currency: shop.currency.clone(),
            time_zone: shop.time_zone.clone(),
            registration: if shop.registration_open { RegistrationName::Open } else { RegistrationName::Closed },
            establishments: shop.establishments.iter().map(Into::into).collect(),
        }
    }
}

/// The shop as its own aggregate has it, with its sequence.
async fn find(app: &App, reading: &Reading) -> Result<(OpenedShop, u64), Problem> {
    reading.caller.must_be_person()?;
    reading.check_head(app).await?;
    let ask = |shop: &Shop| shop.opened().cloned();
    let found = app.commands.peek::<Shop, _>(reading.shop(), reading.shop(), ask).await?;
    Ok((found.value.ok_or_else(Problem::not_found)?, found.sequence))
}

/// The caller's shop.
#[utoipa::path(get, path = "/api/v1/shop", tag = "shop", responses((status = 200, body = ShopJson), Refused))]
async fn show(State(app): State<App>, reading: Reading) -> Result<Response, Problem> {
    let (shop, sequence) = find(&app, &reading).await?;
    Ok(([(header::ETAG, format!("\"{sequence}\""))], Json(ShopJson::from(&shop))).into_response())
}

/// The shop's settings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShopBody {
    /// Whether people ask for accounts themselves.
    registration: RegistrationName,
}

/// The group of a path, for the bookshop: another shop's is none.
async fn bookshops(app: &App, caller: &Caller, id: &str) -> Result<BuyersGroupId, Problem> {
    caller.must_be_person()?;
    let (code, group_id) = (caller.shop.as_str(), form::id(id)?);
    let first = first_buyers_group(&caller.shop);
    let ask = |shop: &Shop| shop.opened().is_some_and(|shop| shop.groups.holds(group_id, first));
    if !app.commands.peek::<Shop, _>(code, code, ask).await?.value {
        return Err(Problem::not_found());
    }
    caller.must_be(&[Role::Bookseller])?;
    Ok(group_id)
}

async fn run<T>(app: &App, command: Command<T>, request: ShopRequest) -> Result<Answered, Problem> {
    command.caller.must_be(&[Role::Bookseller])?;
    let shop = command.caller.shop.clone();
    app.execute(command.envelope, shop, request).await
}

/// Changes the shop's settings. The bookseller's.
#[utoipa::path(patch, path = "/api/v1/shop", tag = "shop", request_body = ShopBody,
    responses((status = 200, body = Done), Refused))]
async fn set(State(app): State<App>, command: Command<ShopBody>) -> Result<Answered, Problem> {
    let open = matches!(command.body.registration, RegistrationName::Open);
    run(&app, command, ShopRequest::SetRegistration { open }).await
}

/// A shop's buyers' groups.
#[derive(Debug, Serialize, ToSchema)]
struct GroupPage {
    /// The first one first, then as they were made.
    items: Vec<GroupJson>,
}

/// A buyers' group.
#[derive(Debug, Serialize, ToSchema)]
struct GroupJson {
    id: Uuid,
    name: String,
    /// Whether new accounts go into it.
    default: bool,
}

/// The buyers' groups. The bookshop's and the auditor's.
#[utoipa::path(get, path = "/api/v1/buyers-groups", tag = "shop",
    responses((status = 200, body = GroupPage), Refused))]
async fn groups(State(app): State<App>, reading: Reading) -> Result<Json<GroupPage>, Problem> {
    reading.caller.must_be(&[Role::Bookseller, Role::Auditor])?;
    let (shop, _) = find(&app, &reading).await?;
    let first = first_buyers_group(&shop.code);
    let default = shop.groups.default_beside(first).unwrap_or(first);
    let item = |group: BuyersGroup| GroupJson { id: group.id.0, name: group.name, default: group.id == default };
    Ok(Json(GroupPage { items: shop.groups.all(first).into_iter().map(item).collect() }))
}

/// A buyers' group's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GroupBody {
    /// The name.
    name: String,
}

/// The group that was made.
#[derive(Debug, Serialize, ToSchema)]
struct GroupMade {
    id: Uuid,
}

/// Makes a buyers' group.
#[utoipa::path(post, path = "/api/v1/buyers-groups", tag = "shop", request_body = GroupBody,
    responses((status = 201, body = GroupMade), Refused))]
async fn open_group(State(app): State<App>, command: Command<GroupBody>) -> Result<Answered, Problem> {
    let name = command.body.name.trim().to_owned();
    run(&app, command, ShopRequest::OpenBuyersGroup { group_id: BuyersGroupId(new_id()), name }).await
}

/// Gives a buyers' group another name.
#[utoipa::path(patch, path = "/api/v1/buyers-groups/{id}", tag = "shop", params(("id", description = "The group")),
    request_body = GroupBody, responses((status = 200, body = Done), Refused))]
async fn rename_group(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<GroupBody>,
) -> Result<Answered, Problem> {
    let group_id = bookshops(&app, &command.caller, &id).await?;
    let name = command.body.name.trim().to_owned();
    run(&app, command, ShopRequest::RenameBuyersGroup { group_id, name }).await
}

/// Puts new accounts into a buyers' group from now on.
#[utoipa::path(post, path = "/api/v1/buyers-groups/{id}/make-default", tag = "shop",
    params(("id", description = "The group")), responses((status = 200, body = Done), Refused))]
async fn prefer_group(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<Nothing>,
) -> Result<Answered, Problem> {
    let group_id = bookshops(&app, &command.caller, &id).await?;
    run(&app, command, ShopRequest::SetDefaultBuyersGroup { group_id }).await
}
