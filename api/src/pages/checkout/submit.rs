//! A basket becomes a quote request or an order: once, however often the form is sent.

use axum::{
    extract::{Path, State},
    http::StatusCode,
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
        clients::narrows,
        conditions::conditioned,
        field::Form,
        notice::Notice,
        order_terms::{CLIENTS, TermsSent},
        redirect::SeeOther,
        sent::Sent,
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
#[derive(Clone, Debug)]
struct OrderSent {
    reference: String,
    comment: String,
    terms: TermsSent,
    seen: Option<u64>,
    key: Option<String>,
}

impl OrderSent {
    fn of(sent: &Sent) -> Result<Self, Problem> {
        let known: Vec<_> = TermsSent::FIELDS.into_iter().chain(["reference", "comment", "seen", "key"]).collect();
        sent.only(&known)?;
        Ok(Self {
            reference: sent.get("reference")?.to_owned(),
            comment: sent.text("comment").to_owned(),
            terms: TermsSent::of(sent)?,
            seen: sent.chosen("seen")?,
            key: Some(sent.text("key").to_owned()).filter(|key| !key.is_empty()),
        })
    }

    /// What it says, for the key.
    fn said(&self) -> Vec<String> {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let terms = &self.terms;
        let ids = [id(terms.deliver_to), id(terms.delivery_address_id), id(terms.bill_to)];
        let texts = [&self.reference, &self.comment, &terms.delivery_mode, &terms.payment_mode, &terms.cost_centre];
        texts.into_iter().cloned().chain(ids).collect()
    }

    /// The page with what it says.
    fn on(&self, mut page: CheckoutPage) -> CheckoutPage {
        page.reference.value.clone_from(&self.reference);
        page.comment.value.clone_from(&self.comment);
        page
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
    (kind, terms): (Kind, &TermsSent),
    problem: &Problem,
    keep: impl FnOnce(CheckoutPage) -> CheckoutPage,
) -> Result<Response, Problem> {
    let mut now = signed_in.clone();
    if let Some(head) = app.store.head(signed_in.shop()).await? {
        now.has_written(head.position);
    }
    if let Some(page) = CheckoutPage::read(app, &now, id, kind, terms).await? {
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
            refused(&app, &signed_in, &id, (Kind::Quote, &TermsSent::default()), &problem, keep).await
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
    form: Sent,
) -> Result<Response, Problem> {
    let sent = OrderSent::of(&form)?;
    if narrows(&form, &CLIENTS)
        && let Some(page) = CheckoutPage::read(&app, &signed_in, &id, Kind::Order, &sent.terms).await?
    {
        let page = sent.on(page);
        return Ok(page.frame.answer(StatusCode::OK, &page));
    }
    match try_order(&app, &signed_in, &id, &sent).await {
        Ok(done) => {
            let made: OrderMade = read(&done)?;
            Ok(lead(&signed_in, &done, &format!("/orders/{}", made.order_id), Notice::OrderPlaced))
        }
        Err(problem) => {
            refused(&app, &signed_in, &id, (Kind::Order, &sent.terms), &problem, |page| sent.on(page)).await
        }
    }
}

async fn try_order(app: &App, signed_in: &SignedIn, id: &str, sent: &OrderSent) -> Result<Answered, Problem> {
    let basket_id: BasketId = form::id(id)?;
    let order = PlaceOrder {
        order_id: new_id().into(),
        basket_id,
        reference: sent.reference.clone(),
        comment: form::optional_text(Some(&sent.comment), "comment")?,
        terms: sent.terms.requested()?,
    };
    let conditions = (sent.seen, sent.key.as_deref());
    send(app, signed_in, basket_id, BasketRequest::PlaceOrder(order), conditions, sent.said()).await
}

/// What the command has answered.
fn read<T: serde::de::DeserializeOwned>(done: &Answered) -> Result<T, Problem> {
    serde_json::from_str(&done.body).map_err(|error| Problem::internal(&error))
}
