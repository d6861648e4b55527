//! What people and the management system ask of a quote.

use bordereau_domain::{
    Context, InstitutionId, OrderId, QuoteId,
    order::{Order, OrderCommand},
    personal::Comment,
    quote::{AnsweredLine, OpenQuote, Quote, QuoteCommand, QuoteError},
};
use chrono::NaiveDate;
use serde_json::json;

use crate::{
    failed::Failed,
    follow::Follow,
    numbers::Numbered,
    placement::{Source, eans},
    request::{Answer, Request},
    scene::{Missing, Scene},
    seal::SealText,
    terms::RequestedTerms,
};

/// A quote to accept.
#[derive(Clone, Debug)]
pub struct AcceptQuote {
    /// The quote's id.
    pub quote_id: QuoteId,
    /// The order's id.
    pub order_id: OrderId,
    /// Where to, how, how paid.
    pub terms: RequestedTerms,
}

/// What people and the management system ask of a quote.
#[derive(Clone, Debug)]
pub enum QuoteRequest {
    /// It was collected.
    Acknowledge {
        /// Its number there.
        librisoft_number: Option<String>,
    },
    /// Answer it.
    Answer {
        /// Prices, of the lines that change.
        lines: Vec<AnsweredLine>,
        /// The last day on which they hold.
        valid_until: NaiveDate,
    },
    /// Accept it.
    Accept(AcceptQuote),
    /// Refuse it.
    Refuse {
        /// Why.
        comment: Option<SealText<Comment>>,
    },
    /// Let it expire.
    Expire,
    /// Put it away.
    Archive,
}

impl Request for QuoteRequest {
    type Decider = Quote;

    fn name(&self) -> &'static str {
        match self {
            Self::Acknowledge { .. } => "AcknowledgeQuote",
            Self::Answer { .. } => "AnswerQuote",
            Self::Accept(_) => "AcceptQuote",
            Self::Refuse { .. } => "RefuseQuote",
            Self::Expire => "ExpireQuote",
            Self::Archive => "ArchiveQuote",
        }
    }

    async fn prepare(&self, state: &Quote, scene: &mut Scene<'_>) -> Result<QuoteCommand, Failed<QuoteError>> {
        let Some(quote) = state.opened() else { return Err(Failed::NotFound) };
        Ok(self.complete(quote, scene).await?)
    }

    fn institution(&self, _: &str, state: &Quote, _: &QuoteCommand) -> Option<InstitutionId> {
        state.opened().map(|quote| quote.institution_id)
    }

    fn follow(&self, _: &Quote, command: &QuoteCommand, context: &Context) -> Result<Vec<Follow>, String> {
        let QuoteCommand::Accept { order_id, placement, .. } = command else { return Ok(Vec::new()) };
        let placement = placement.clone().map_err(|refused| refused.to_string())?;
        Ok(vec![Follow::born::<Order>(order_id.to_string(), &OrderCommand::Place(placement), context)?])
    }

    fn answer(&self, _: &Quote, command: &QuoteCommand) -> Answer {
        match command {
            QuoteCommand::Accept { order_id, number, .. } => {
                Answer::ok(json!({ "order_id": order_id, "number": number }))
            }
            QuoteCommand::Request { .. }
            | QuoteCommand::Acknowledge { .. }
            | QuoteCommand::Answer { .. }
            | QuoteCommand::Refuse { .. }
            | QuoteCommand::Expire { .. }
            | QuoteCommand::Archive => Answer::done(),
        }
    }
}

impl QuoteRequest {
    async fn complete(&self, quote: &OpenQuote, scene: &mut Scene<'_>) -> Result<QuoteCommand, Missing> {
        Ok(match self {
            Self::Acknowledge { librisoft_number } => {
                QuoteCommand::Acknowledge { librisoft_number: librisoft_number.clone() }
            }
            Self::Answer { lines, valid_until } => QuoteCommand::Answer {
                lines: lines.clone(),
                valid_until: *valid_until,
                today: scene.local_day().await?,
                french: scene.opened_shop().await?.is_some_and(|shop| shop.is_french()),
            },
            Self::Accept(accept) => accept.complete(quote, scene).await?,
            Self::Refuse { comment } => QuoteCommand::Refuse { comment: scene.seal_optional(comment.as_ref()).await? },
            Self::Expire => QuoteCommand::Expire { today: scene.local_day().await? },
            Self::Archive => QuoteCommand::Archive,
        })
    }
}

impl AcceptQuote {
    /// The order keeps the quote's lines and prices.
    async fn complete(&self, quote: &OpenQuote, scene: &mut Scene<'_>) -> Result<QuoteCommand, Missing> {
        let articles = scene.articles(&eans(&quote.lines)).await?;
        let likely = quote.status == bordereau_domain::quote::QuoteStatus::Answered;
        let number = if likely { scene.number(Numbered::Order).await? } else { 0 };
        let source = Source {
            number,
            basket: quote.basket,
            quote_id: Some(self.quote_id),
            institution_id: quote.institution_id,
            reference: &quote.reference,
            comment: quote.comment,
            lines: &quote.lines,
        };
        let placement = source.place(&self.terms, &articles, scene).await?;
        Ok(QuoteCommand::Accept {
            order_id: self.order_id,
            number,
            placement,
            standing: scene.rests_on_standing(quote.institution_id).await?,
            today: scene.local_day().await?,
        })
    }
}
