//! Commands on baskets.

use axum::extract::{Path, State};
use bordereau_commands::{BasketRequest, OpenBasket, PlaceOrder, new_id};
use bordereau_domain::{BasketId, LineId};

use super::{
    bodies::{
        AddLineBody, ChangeLineBody, CommentBody, LineAdded, OpenBody, Opened, OrderMade, PlaceOrderBody, QuoteMade,
        RenameBody, RequestQuoteBody,
    },
    copy,
};
use crate::{
    app::App,
    extract::{Answered, Command, Nothing},
    form,
    openapi::{Done, Refused},
    problem::Problem,
    terms::requested_terms,
};

type Answer = Result<Answered, Problem>;

/// Opens a basket for one of the caller's institutions, empty or with the lines of a basket or an order that he may see.
#[utoipa::path(post, path = "/api/v1/baskets", tag = "baskets", request_body = OpenBody,
    responses((status = 201, body = Opened), Refused))]
pub async fn open(State(app): State<App>, command: Command<OpenBody>) -> Answer {
    command.caller.must_be_person()?;
    let name = form::optional_text(command.body.name.as_deref(), "name")?;
    let basket_id = BasketId(new_id());
    let caller = &command.caller;
    let open = app.projections.basket_tray().count_open(caller.shop.as_str(), caller.actor.principal()).await?;
    let request = OpenBasket {
        basket_id,
        institution_id: command.body.institution_id.into(),
        name,
        quota_reached: open >= app.settings.open_baskets,
    };
    let request = match command.body.copy_of {
        Some(source) => BasketRequest::Copy { open: request, lines: copy::lines(&app, caller, source).await? },
        None => BasketRequest::Open(request),
    };
    app.execute(command.envelope, basket_id, request).await
}

/// Adds an article.
#[utoipa::path(post, path = "/api/v1/baskets/{id}/lines", tag = "baskets", params(("id", description = "The basket")),
    request_body = AddLineBody, responses((status = 201, body = LineAdded), Refused))]
pub async fn add_line(State(app): State<App>, Path(id): Path<String>, command: Command<AddLineBody>) -> Answer {
    let body = &command.body;
    let request = BasketRequest::AddLine {
        line_id: LineId(new_id()),
        ean: form::ean(&body.ean)?,
        quantity: body.quantity,
        line_reference: form::optional_text(body.line_reference.as_deref(), "line_reference")?,
    };
    app.run(&id, command, request).await
}

/// Changes a line's quantity or reference; its price becomes that of the day.
#[utoipa::path(patch, path = "/api/v1/baskets/{id}/lines/{line_id}", tag = "baskets",
    params(("id", description = "The basket"), ("line_id", description = "The line")),
    request_body = ChangeLineBody, responses((status = 200, body = Done), Refused))]
pub async fn change_line(
    State(app): State<App>,
    Path((id, line_id)): Path<(String, String)>,
    command: Command<ChangeLineBody>,
) -> Answer {
    let body = &command.body;
    let line_reference = match &body.line_reference {
        Some(given) => Some(form::optional_text(given.as_deref(), "line_reference")?),
        None => None,
    };
    let request = BasketRequest::ChangeLine { line_id: form::id(&line_id)?, quantity: body.quantity, line_reference };
    app.run(&id, command, request).await
}

/// Takes a line out.
#[utoipa::path(delete, path = "/api/v1/baskets/{id}/lines/{line_id}", tag = "baskets",
    params(("id", description = "The basket"), ("line_id", description = "The line")),
    responses((status = 200, body = Done), Refused))]
pub async fn remove_line(
    State(app): State<App>,
    Path((id, line_id)): Path<(String, String)>,
    command: Command<Nothing>,
) -> Answer {
    let request = BasketRequest::RemoveLine { line_id: form::id(&line_id)? };
    app.run(&id, command, request).await
}

/// Brings all lines to the prices and discounts of the day.
#[utoipa::path(post, path = "/api/v1/baskets/{id}/reprice", tag = "baskets", params(("id", description = "The basket")),
    responses((status = 200, body = Done), Refused))]
pub async fn reprice(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, BasketRequest::Reprice).await
}

/// Gives the basket another name.
#[utoipa::path(post, path = "/api/v1/baskets/{id}/rename", tag = "baskets", params(("id", description = "The basket")),
    request_body = RenameBody, responses((status = 200, body = Done), Refused))]
pub async fn rename(State(app): State<App>, Path(id): Path<String>, command: Command<RenameBody>) -> Answer {
    let name = form::text(&command.body.name, "name")?;
    app.run(&id, command, BasketRequest::Rename { name }).await
}

/// Sends a basket to the approvers: « Envoyer ce panier à l'approbateur ».
#[utoipa::path(post, path = "/api/v1/baskets/{id}/send-to-approver", tag = "baskets",
    params(("id", description = "The basket")), request_body = CommentBody,
    responses((status = 200, body = Done), Refused))]
pub async fn send_to_approver(State(app): State<App>, Path(id): Path<String>, command: Command<CommentBody>) -> Answer {
    let comment = form::optional_text(command.body.comment.as_deref(), "comment")?;
    app.run(&id, command, BasketRequest::SendToApprover { comment }).await
}

/// Passes a basket on to the purchasers: « Transmettre ce panier à la collectivité ».
#[utoipa::path(post, path = "/api/v1/baskets/{id}/validate", tag = "baskets", params(("id", description = "The basket")),
    request_body = CommentBody, responses((status = 200, body = Done), Refused))]
pub async fn validate(State(app): State<App>, Path(id): Path<String>, command: Command<CommentBody>) -> Answer {
    let comment = form::optional_text(command.body.comment.as_deref(), "comment")?;
    app.run(&id, command, BasketRequest::Validate { comment }).await
}

/// Unlocks a basket for changes: « Déverrouiller le panier ».
#[utoipa::path(post, path = "/api/v1/baskets/{id}/unlock", tag = "baskets", params(("id", description = "The basket")),
    responses((status = 200, body = Done), Refused))]
pub async fn unlock(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, BasketRequest::Unlock).await
}

/// Returns a basket: « Retourner ce panier au rôle précédent ».
#[utoipa::path(post, path = "/api/v1/baskets/{id}/return", tag = "baskets", params(("id", description = "The basket")),
    request_body = CommentBody, responses((status = 200, body = Done), Refused))]
pub async fn return_to_previous_role(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<CommentBody>,
) -> Answer {
    let comment = form::optional_text(command.body.comment.as_deref(), "comment")?;
    app.run(&id, command, BasketRequest::Return { comment }).await
}

/// Makes a quote request of a basket: « Transformer ce panier en demande de devis ».
#[utoipa::path(post, path = "/api/v1/baskets/{id}/request-quote", tag = "baskets",
    params(("id", description = "The basket")), request_body = RequestQuoteBody,
    responses((status = 200, body = QuoteMade), Refused))]
pub async fn request_quote(
    State(app): State<App>,
    Path(id): Path<String>,
    command: Command<RequestQuoteBody>,
) -> Answer {
    let request = BasketRequest::RequestQuote {
        quote_id: new_id().into(),
        comment: form::optional_text(command.body.comment.as_deref(), "comment")?,
        basket_id: form::id(&id)?,
        reference: command.body.reference.clone(),
    };
    app.run(&id, command, request).await
}

/// Makes an order of a basket: « Transformer ce panier en commande ».
#[utoipa::path(post, path = "/api/v1/baskets/{id}/place-order", tag = "baskets",
    params(("id", description = "The basket")), request_body = PlaceOrderBody,
    responses((status = 200, body = OrderMade), Refused))]
pub async fn place_order(State(app): State<App>, Path(id): Path<String>, command: Command<PlaceOrderBody>) -> Answer {
    let order = PlaceOrder {
        order_id: new_id().into(),
        comment: form::optional_text(command.body.comment.as_deref(), "comment")?,
        basket_id: form::id(&id)?,
        reference: command.body.reference.clone(),
        terms: requested_terms!(&command.body),
    };
    app.run(&id, command, BasketRequest::PlaceOrder(order)).await
}

/// Takes over a basket whose owner has gone.
#[utoipa::path(post, path = "/api/v1/baskets/{id}/take-over", tag = "baskets",
    params(("id", description = "The basket")), responses((status = 200, body = Done), Refused))]
pub async fn take_over(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, BasketRequest::TakeOver).await
}

/// Deletes a draft.
#[utoipa::path(delete, path = "/api/v1/baskets/{id}", tag = "baskets", params(("id", description = "The basket")),
    responses((status = 200, body = Done), Refused))]
pub async fn discard(State(app): State<App>, Path(id): Path<String>, command: Command<Nothing>) -> Answer {
    app.run(&id, command, BasketRequest::Discard).await
}
