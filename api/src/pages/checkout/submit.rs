//! A basket becomes a quote request or an order: once, however often the form is sent.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bordereau_commands::{BasketRequest, PlaceOrder, new_id};
use bordereau_domain::BasketId;
use serde::Deserialize;
use uuid::Uuid;

use super::{Kind, page::CheckoutPage};
use crate::{
    app::App,
    baskets::{OrderMade, QuoteMade},
    extract::Answered,
    form,
    pages::{
        baskets::BasketPage,
        conditions::conditioned,
        field::{Form, blank},
        notice::Notice,
        order_terms::TermsSent,
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    problem::Problem,
};

/// A quote to request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteForm {
    reference: String,
    #[serde(default)]
    comment: String,
    /// The sequence on the page from which it was sent.
    seen: Option<u64>,
    /// The form counts once.
    key: Option<String>,
}

/// An order to place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderForm {
    reference: String,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    delivery_mode: String,
    #[serde(default)]
    payment_mode: String,
    #[serde(default)]
    cost_centre: String,
    #[serde(default, deserialize_with = "blank")]
    deliver_to: Option<Uuid>,
    #[serde(default, deserialize_with = "blank")]
    delivery_address_id: Option<Uuid>,
    #[serde(default, deserialize_with = "blank")]
    bill_to: Option<Uuid>,
    seen: Option<u64>,
    key: Option<String>,
}

impl OrderForm {
    fn terms(&self) -> TermsSent {
        TermsSent {
            delivery_mode: self.delivery_mode.clone(),
            payment_mode: self.payment_mode.clone(),
            cost_centre: self.cost_centre.clone(),
            deliver_to: self.deliver_to,
            delivery_address_id: self.delivery_address_id,
            bill_to: self.bill_to,
        }
    }

    /// What it says, for the key.
    fn said(&self) -> Vec<String> {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let ids = [id(self.deliver_to), id(self.delivery_address_id), id(self.bill_to)];
        let texts = [&self.reference, &self.comment, &self.delivery_mode, &self.payment_mode, &self.cost_centre];
        texts.into_iter().cloned().chain(ids).collect()
    }
}

async fn send(
    app: &App,
    signed_in: &SignedIn,
    id: BasketId,
    request: BasketRequest,
    conditions: (Option<u64>, Option<&str>),
    said: Vec<String>,
) -> Result<Answered, Problem> {
    let said: Vec<_> = std::iter::once(id.to_string()).chain(said).collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    let (seen, key) = conditions;
    app.execute(conditioned(signed_in.envelope(app), seen, key, &said), id, request).await
}

/// Leads to the document that was made.
fn lead(signed_in: &SignedIn, done: &Answered, path: &str, notice: Notice) -> Response {
    SeeOther::to(path, signed_in.reader.transport)
        .written(signed_in.shop(), done.position)
        .saying(notice)
        .into_response()
}

/// The page again with what was typed; the basket's own page where it cannot become a document any more.
async fn refused(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    kind: Kind,
    problem: &Problem,
    keep: impl FnOnce(CheckoutPage) -> CheckoutPage,
) -> Result<Response, Problem> {
    let mut now = signed_in.clone();
    if let Some(head) = app.store.head(signed_in.shop()).await? {
        now.has_written(head.position);
    }
    if let Some(page) = CheckoutPage::read(app, &now, id, kind).await? {
        let mut page = keep(page);
        page.tell(problem);
        return Ok(page.frame.answer_refused(problem, &page));
    }
    let mut page = BasketPage::read(app, &now, id, 1).await?;
    page.tell(problem);
    Ok(page.frame.answer_refused(problem, &page))
}

/// *Valider la demande de devis collectivité*.
pub async fn request_quote(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<QuoteForm>,
) -> Result<Response, Problem> {
    match try_quote(&app, &signed_in, &id, &sent).await {
        Ok(done) => {
            let made: QuoteMade = read(&done)?;
            Ok(lead(&signed_in, &done, &format!("/quotes/{}", made.quote_id), Notice::QuoteRequested))
        }
        Err(problem) => {
            let keep = |mut page: CheckoutPage| {
                page.reference.value.clone_from(&sent.reference);
                page.comment.value.clone_from(&sent.comment);
                page
            };
            refused(&app, &signed_in, &id, Kind::Quote, &problem, keep).await
        }
    }
}

async fn try_quote(app: &App, signed_in: &SignedIn, id: &str, sent: &QuoteForm) -> Result<Answered, Problem> {
    let basket_id: BasketId = form::id(id)?;
    let request = BasketRequest::RequestQuote {
        quote_id: new_id().into(),
        basket_id,
        reference: sent.reference.clone(),
        comment: form::optional_text(Some(&sent.comment), "comment")?,
    };
    let said = vec![sent.reference.clone(), sent.comment.clone()];
    send(app, signed_in, basket_id, request, (sent.seen, sent.key.as_deref()), said).await
}

/// *Valider la commande collectivité*.
pub async fn place_order(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<OrderForm>,
) -> Result<Response, Problem> {
    match try_order(&app, &signed_in, &id, &sent).await {
        Ok(done) => {
            let made: OrderMade = read(&done)?;
            Ok(lead(&signed_in, &done, &format!("/orders/{}", made.order_id), Notice::OrderPlaced))
        }
        Err(problem) => {
            let keep = |mut page: CheckoutPage| {
                page.reference.value.clone_from(&sent.reference);
                page.comment.value.clone_from(&sent.comment);
                page.terms = page.terms.map(|terms| terms.holding(&sent.terms()));
                page
            };
            refused(&app, &signed_in, &id, Kind::Order, &problem, keep).await
        }
    }
}

async fn try_order(app: &App, signed_in: &SignedIn, id: &str, sent: &OrderForm) -> Result<Answered, Problem> {
    let basket_id: BasketId = form::id(id)?;
    let order = PlaceOrder {
        order_id: new_id().into(),
        basket_id,
        reference: sent.reference.clone(),
        comment: form::optional_text(Some(&sent.comment), "comment")?,
        terms: sent.terms().requested()?,
    };
    let conditions = (sent.seen, sent.key.as_deref());
    send(app, signed_in, basket_id, BasketRequest::PlaceOrder(order), conditions, sent.said()).await
}

/// What the command has answered.
fn read<T: serde::de::DeserializeOwned>(done: &Answered) -> Result<T, Problem> {
    serde_json::from_str(&done.body).map_err(|error| Problem::internal(&error))
}
