//! What a purchaser makes of an answered quote: an order at its prices, or nothing.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bordereau_commands::{AcceptQuote, QuoteRequest, new_id};
use bordereau_domain::{OrderId, QuoteId, personal::Comment};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        field::{Form, blank, refuse as stand_beside},
        notice::Notice,
        order_terms::TermsSent,
        redirect::SeeOther,
        signed_in::SignedIn,
    },
    detail::QuotePage,
};
use crate::{app::App, extract::Answered, form, problem::Problem};

/// How a quote is accepted. Its fields are those of [`TermsSent`]: serde refuses no unknown field beside a flattened one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptForm {
    sequence: u64,
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
}

impl AcceptForm {
    fn terms(self) -> (u64, TermsSent) {
        let Self { sequence, delivery_mode, payment_mode, cost_centre, deliver_to, delivery_address_id, bill_to } =
            self;
        (sequence, TermsSent { delivery_mode, payment_mode, cost_centre, deliver_to, delivery_address_id, bill_to })
    }
}

/// Accepts a quote: it becomes an order.
pub async fn accept(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<AcceptForm>,
) -> Result<Response, Problem> {
    let (sequence, terms) = sent.terms();
    let order_id = OrderId(new_id());
    match try_accept(&app, &signed_in, &id, sequence, order_id, &terms).await {
        Ok(done) => Ok(SeeOther::to(&format!("/orders/{order_id}"), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::QuoteAccepted)
            .into_response()),
        Err(problem) => {
            let mut page = QuotePage::read(&app, &signed_in, &id).await?;
            let frame = page.frame.clone();
            let mut fields = page.terms.take().map(|fields| fields.holding(&terms));
            page.told = match &mut fields {
                Some(fields) => stand_beside(&frame, &mut fields.all(), None, &problem),
                None => stand_beside(&frame, &mut [], None, &problem),
            };
            (page.terms, page.accepting) = (fields, true);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_accept(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    sequence: u64,
    order_id: OrderId,
    terms: &TermsSent,
) -> Result<Answered, Problem> {
    let quote_id: QuoteId = form::id(id)?;
    let request = QuoteRequest::Accept(AcceptQuote { quote_id, order_id, terms: terms.requested()? });
    // What he accepts is what he has seen: the bookshop may have answered again.
    let mut envelope = signed_in.envelope(app);
    envelope.if_match = Some(sequence);
    app.execute(envelope, quote_id, request).await
}

/// Why a quote is refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefuseForm {
    #[serde(default)]
    comment: String,
}

/// Refuses a quote.
pub async fn refuse(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    Form(sent): Form<RefuseForm>,
) -> Result<Response, Problem> {
    match try_refuse(&app, &signed_in, &id, &sent).await {
        Ok(done) => Ok(SeeOther::to(&format!("/quotes/{id}"), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::QuoteRefused)
            .into_response()),
        Err(problem) => {
            let mut page = QuotePage::read(&app, &signed_in, &id).await?;
            let frame = page.frame.clone();
            if let Some(comment) = &mut page.refusal {
                comment.value = sent.comment;
            }
            page.refusing = true;
            let mut fields: Vec<_> = page.refusal.iter_mut().collect();
            page.told = stand_beside(&frame, &mut fields, None, &problem);
            Ok(frame.answer_refused(&problem, &page))
        }
    }
}

async fn try_refuse(app: &App, signed_in: &SignedIn, id: &str, sent: &RefuseForm) -> Result<Answered, Problem> {
    let quote_id: QuoteId = form::id(id)?;
    let comment = form::optional_text::<Comment>(Some(&sent.comment), "comment")?;
    app.execute(signed_in.envelope(app), quote_id, QuoteRequest::Refuse { comment }).await
}
