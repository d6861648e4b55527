//! What a purchaser makes of an answered quote: an order at its prices, or nothing.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use bordereau_commands::{AcceptQuote, QuoteRequest, new_id};
use bordereau_domain::{OrderId, QuoteId, personal::Comment};
use serde::Deserialize;

use super::{
    super::{
        clients::narrows,
        field::{Form, refuse as stand_beside},
        notice::Notice,
        order_terms::{CLIENTS, TermsFields, TermsSent},
        redirect::SeeOther,
        sent::Sent,
        signed_in::SignedIn,
    },
    detail::QuotePage,
};
use crate::{app::App, extract::Answered, form, problem::Problem};

/// Accepts a quote: it becomes an order.
pub async fn accept(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    sent: Sent,
) -> Result<Response, Problem> {
    let known: Vec<_> = TermsSent::FIELDS.into_iter().chain(["sequence"]).collect();
    sent.only(&known)?;
    let sequence = sent.get("sequence")?.parse().map_err(|_| Problem::invalid("invalid-field", "sequence"))?;
    let terms = TermsSent::of(&sent)?;
    if narrows(&sent, &CLIENTS) {
        let mut page = QuotePage::read(&app, &signed_in, &id, &terms).await?;
        page.accepting = true;
        return Ok(page.frame.answer(StatusCode::OK, &page));
    }
    let order_id = OrderId(new_id());
    match try_accept(&app, &signed_in, &id, sequence, order_id, &terms).await {
        Ok(done) => Ok(SeeOther::to(&format!("/orders/{order_id}"), signed_in.reader.transport)
            .written(signed_in.shop(), done.position)
            .saying(Notice::QuoteAccepted)
            .into_response()),
        Err(problem) => {
            let mut page = QuotePage::read(&app, &signed_in, &id, &terms).await?;
            let frame = page.frame.clone();
            let mut fields: Vec<_> = page.terms.iter_mut().flat_map(TermsFields::all).collect();
            page.told = stand_beside(&frame, &mut fields, None, &problem);
            page.accepting = true;
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
            let mut page = QuotePage::read(&app, &signed_in, &id, &TermsSent::default()).await?;
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
