//! *Copier dans un nouveau panier*, *Commander de nouveau*: a basket or an order again, and what of it there is no more.

use askama::Template;
use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{BasketRequest, CopiedLine, OpenBasket, SealText, new_id};
use bordereau_domain::{BasketId, Ean, InstitutionId};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    doors::{Pages, Who},
    frame::Frame,
    notice::Notice,
    redirect::SeeOther,
    signed_in::SignedIn,
};
use crate::{
    app::App,
    baskets::{self, CopyOf},
    error::bad_text,
    form, orders,
    problem::Problem,
};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .post("/baskets/{id}/copy", Who::INSTITUTIONS, copy_basket)
        .post("/orders/{id}/copy", Who::INSTITUTIONS, copy_order)
        .get("/baskets/{id}/copied", Who::INSTITUTIONS, missing)
}

/// What a new basket is made of.
struct Source {
    of: CopyOf,
    /// The source in the address of the page that tells what is missing.
    told: String,
    institution: InstitutionId,
    /// The new basket's name.
    name: String,
}

async fn copy_basket(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let basket = baskets::find_now(&app, &signed_in.caller, form::id(&id)?).await?;
    let number = basket.number.to_string();
    let source = Source {
        of: CopyOf::Basket(form::id(&id)?),
        told: format!("basket={id}"),
        institution: basket.institution_id,
        name: Frame::of(&signed_in).t_with("copy-of-basket", "number", &number),
    };
    copy(&app, &signed_in, source).await
}

async fn copy_order(State(app): State<App>, signed_in: SignedIn, Path(id): Path<String>) -> Result<Response, Problem> {
    let order = orders::find_visible(&app, &signed_in.reading(), &id).await?.order;
    let number = order.number.to_string();
    let source = Source {
        of: CopyOf::Order(form::id(&id)?),
        told: format!("order={id}"),
        institution: order.institution_id,
        name: Frame::of(&signed_in).t_with("copy-of-order", "number", &number),
    };
    copy(&app, &signed_in, source).await
}

async fn copy(app: &App, signed_in: &SignedIn, source: Source) -> Result<Response, Problem> {
    let lines = baskets::copied_lines(app, &signed_in.caller, source.of).await?;
    let complete = find_missing(app, signed_in, &lines).await?.is_empty();
    let account = signed_in.caller.actor.principal();
    let opened = app.projections.basket_tray().count_open(signed_in.shop(), account).await?;
    let basket_id = BasketId(new_id());
    let open = OpenBasket {
        basket_id,
        institution_id: source.institution,
        name: Some(SealText::new(&source.name).map_err(|error| bad_text(error, "name"))?),
        quota_reached: opened >= app.settings.open_baskets,
    };
    let done = app.execute(signed_in.envelope(app), basket_id, BasketRequest::Copy { open, lines }).await?;
    let to =
        if complete { format!("/baskets/{basket_id}") } else { format!("/baskets/{basket_id}/copied?{}", source.told) };
    let lead = SeeOther::to(&to, signed_in.reader.transport).written(signed_in.shop(), done.position);
    Ok(if complete { lead.saying(Notice::BasketCopied) } else { lead }.into_response())
}

/// The lines whose articles the catalogue has no more.
async fn find_missing(app: &App, signed_in: &SignedIn, lines: &[CopiedLine]) -> Result<Vec<Missing>, Problem> {
    let eans: Vec<Ean> = lines.iter().map(|line| line.ean).collect();
    let known = app.commands.articles(signed_in.shop(), &eans).await?;
    let gone = lines.iter().filter(|line| !known.contains_key(&line.ean));
    let missing = |line: &CopiedLine| Missing {
        ean: line.ean.to_string(),
        title: line.title.clone(),
        quantity: u64::from(line.quantity),
    };
    Ok(gone.map(missing).collect())
}

/// A line that was not copied.
struct Missing {
    ean: String,
    title: String,
    quantity: u64,
}

#[derive(Template)]
#[template(path = "copied.html")]
struct CopiedPage {
    frame: Frame,
    id: BasketId,
    missing: Vec<Missing>,
}

/// What was copied.
#[derive(Debug, Deserialize)]
struct OfQuery {
    basket: Option<Uuid>,
    order: Option<Uuid>,
}

async fn missing(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    query: Result<Query<OfQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let source = match query.map_err(|_| Problem::not_found())?.0 {
        OfQuery { basket: Some(basket), order: None } => CopyOf::Basket(basket),
        OfQuery { basket: None, order: Some(order) } => CopyOf::Order(order),
        OfQuery { .. } => return Err(Problem::not_found()),
    };
    let lines = baskets::copied_lines(&app, &signed_in.caller, source).await?;
    let missing = find_missing(&app, &signed_in, &lines).await?;
    let page = CopiedPage { frame: Frame::of(&signed_in), id: form::id(&id)?, missing };
    Ok(page.frame.answer(StatusCode::OK, &page))
}
