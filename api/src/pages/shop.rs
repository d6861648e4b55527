//! *Ma librairie*: whether people ask for accounts themselves (B01), the buyers' groups (W28), the points of sale.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{ShopRequest, first_buyers_group, new_id};
use bordereau_domain::{
    BuyersGroupId, Role,
    shop::{BuyersGroup, OpenedShop, Shop},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    doors::{Pages, Who},
    field::{Field, Form, Told, refuse},
    frame::Frame,
    notice::Notice,
    redirect::SeeOther,
    signed_in::SignedIn,
};
use crate::{app::App, form, problem::Problem};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    let bookseller = Who::Roles(&[Role::Bookseller]);
    pages
        .get("/shop", bookseller, show)
        .post("/shop/registration", bookseller, set_registration)
        .post("/shop/groups", bookseller, open_group)
        .post("/shop/groups/{id}/rename", bookseller, rename_group)
        .post("/shop/groups/{id}/make-default", bookseller, prefer_group)
}

/// A buyers' group.
struct Group {
    id: Uuid,
    name: String,
    /// Whether new accounts go into it.
    is_default: bool,
}

#[derive(Template)]
#[template(path = "shop.html")]
struct ShopPage {
    frame: Frame,
    told: Option<Told>,
    name: String,
    registration_open: bool,
    groups: Vec<Group>,
    new_group: Field,
    /// Number and name.
    establishments: Vec<(u32, String)>,
}

impl ShopPage {
    async fn read(app: &App, signed_in: &SignedIn) -> Result<Self, Problem> {
        let (code, first) = (signed_in.shop(), first_buyers_group(&signed_in.caller.shop));
        let ask = |shop: &Shop| shop.opened().cloned();
        let found = app.commands.peek::<Shop, _>(code, code, ask).await?.value.ok_or_else(Problem::not_found)?;
        let OpenedShop { name, registration_open, groups, establishments, .. } = found;
        let default = groups.default_beside(first).unwrap_or(first);
        let frame = Frame::of(signed_in);
        let group = |BuyersGroup { id, name }: BuyersGroup| Group { id: id.0, is_default: id == default, name };
        Ok(Self {
            told: None,
            name,
            registration_open,
            groups: groups.all(first).into_iter().map(group).collect(),
            new_group: Field::text("name", frame.t("shop-group-name")),
            establishments: establishments.into_iter().map(|of| (of.number, of.name)).collect(),
            frame,
        })
    }
}

async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Problem> {
    let page = ShopPage::read(&app, &signed_in).await?;
    Ok(page.frame.answer(StatusCode::OK, &page))
}

/// Carries out what a form asks for and leads back, or shows what was refused.
async fn run(app: &App, signed_in: &SignedIn, request: ShopRequest) -> Result<Response, Problem> {
    match app.execute(signed_in.envelope(app), signed_in.shop(), request).await {
        Ok(done) => Ok(SeeOther::to("/shop", signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::ShopChanged)
            .into_response()),
        Err(problem) => {
            let mut page = ShopPage::read(app, signed_in).await?;
            page.told = refuse(&page.frame, &mut [], None, &problem);
            Ok(page.frame.answer_refused(&problem, &page))
        }
    }
}

/// Whether people ask for accounts themselves from now on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationForm {
    open: bool,
}

async fn set_registration(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(RegistrationForm { open }): Form<RegistrationForm>,
) -> Result<Response, Problem> {
    run(&app, &signed_in, ShopRequest::SetRegistration { open }).await
}

/// A buyers' group's name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupForm {
    name: String,
}

async fn open_group(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(GroupForm { name }): Form<GroupForm>,
) -> Result<Response, Problem> {
    let request = ShopRequest::OpenBuyersGroup { group_id: BuyersGroupId(new_id()), name: name.trim().to_owned() };
    run(&app, &signed_in, request).await
}

async fn rename_group(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(GroupForm { name }): Form<GroupForm>,
) -> Result<Response, Problem> {
    let request = ShopRequest::RenameBuyersGroup { group_id: form::id(&id)?, name: name.trim().to_owned() };
    run(&app, &signed_in, request).await
}

async fn prefer_group(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    run(&app, &signed_in, ShopRequest::SetDefaultBuyersGroup { group_id: form::id(&id)? }).await
}
