//! What a quote answers to each command.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    command::{AnsweredLine, QuoteCommand},
    error::QuoteError,
    event::QuoteEvent,
    state::{OpenQuote, Quote, QuoteStatus},
};
use crate::{
    actor::Role,
    article::ArticleKind,
    decider::{Context, Decider, Illegal},
    ids::OrderId,
    institution::Standing,
    line::RepricedLine,
    money::Money,
    order::{TermsError, is_librisoft_number},
    pricing::{FRENCH_BOOK_DISCOUNT_CAP, Policy, Totals, price_line},
};

type Decision = Result<Vec<QuoteEvent>, QuoteError>;

impl Decider for Quote {
    const TYPE: &'static str = "Quote";
    type Command = QuoteCommand;
    type Event = QuoteEvent;
    type Error = QuoteError;

    fn decide(&self, command: &QuoteCommand, _: &Context) -> Decision {
        let quote = match (self, command) {
            (
                Self::Unrequested,
                QuoteCommand::Request { number, basket, institution_id, reference, comment, lines },
            ) => {
                return Ok(vec![QuoteEvent::Requested {
                    number: *number,
                    basket: *basket,
                    institution_id: *institution_id,
                    reference: reference.clone(),
                    comment: *comment,
                    totals: Totals::of(lines.iter().map(|line| &line.price)),
                    lines: lines.clone(),
                }]);
            }
            (Self::Unrequested, _) => return Err(QuoteError::NotRequested),
            (Self::Requested(quote), _) => quote,
        };
        match command {
            QuoteCommand::Request { .. } => Err(QuoteError::AlreadyRequested),
            QuoteCommand::Acknowledge { librisoft_number } => quote.acknowledge(librisoft_number.as_deref()),
            QuoteCommand::Answer { lines, valid_until, today, french } => {
                quote.answer(lines, *valid_until, *today, *french)
            }
            QuoteCommand::Accept { order_id, number, placement, standing, today } => {
                let terms = placement.as_ref().map(|_| ()).map_err(|refused| *refused);
                quote.accept(*order_id, *number, standing, *today, terms)
            }
            QuoteCommand::Refuse { .. } if quote.status == QuoteStatus::Refused => Ok(vec![]),
            QuoteCommand::Refuse { comment } => {
                quote.can_refuse()?;
                Ok(vec![QuoteEvent::Refused { comment: *comment }])
            }
            QuoteCommand::Expire { today } => quote.expire(*today),
            QuoteCommand::Archive if quote.status == QuoteStatus::Archived => Ok(vec![]),
            QuoteCommand::Archive => {
                quote.can_archive()?;
                Ok(vec![QuoteEvent::Archived {}])
            }
        }
    }

    fn evolve(&mut self, event: &QuoteEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &QuoteEvent) -> Result<(), Illegal> {
        match (self, event) {
            (Self::Unrequested, QuoteEvent::Requested { .. }) => Ok(()),
            (Self::Unrequested, _) => Err(Illegal::new(event, "the quote was not requested")),
            (Self::Requested(quote), _) if quote.allows(event) => Ok(()),
            (Self::Requested(_), _) => Err(Illegal::new(event, "not in this status")),
        }
    }

    fn may_see(&self, context: &Context) -> bool {
        self.opened().is_some_and(|quote| quote.is_seen_by(context))
    }

    fn may(&self, command: &QuoteCommand, context: &Context) -> Result<(), QuoteError> {
        let wanted = match command {
            QuoteCommand::Request { .. } | QuoteCommand::Accept { .. } | QuoteCommand::Refuse { .. } => Role::Purchaser,
            QuoteCommand::Acknowledge { .. } => Role::Librisoft,
            QuoteCommand::Answer { .. } | QuoteCommand::Archive => Role::Bookseller,
            QuoteCommand::Expire { .. } => Role::System,
        };
        if context.actor.role == wanted { Ok(()) } else { Err(QuoteError::RoleMayNot) }
    }
}

impl OpenQuote {
    /// Collecting twice is harmless; a quote collected late keeps the status it has reached.
    fn acknowledge(&self, librisoft_number: Option<&str>) -> Decision {
        if self.collected {
            let same = librisoft_number.is_none() || librisoft_number == self.librisoft_number.as_deref();
            return if same { Ok(vec![]) } else { Err(QuoteError::NumberDiffers) };
        }
        if librisoft_number.is_some_and(|number| !is_librisoft_number(number)) {
            return Err(QuoteError::BadNumber);
        }
        Ok(vec![QuoteEvent::PushedToLibrisoft { librisoft_number: librisoft_number.map(str::to_owned) }])
    }

    fn answer(&self, answered: &[AnsweredLine], valid_until: NaiveDate, today: NaiveDate, french: bool) -> Decision {
        self.can_answer()?;
        if valid_until < today {
            return Err(QuoteError::ValidityInThePast);
        }
        let named: BTreeSet<_> = answered.iter().map(|line| line.line_id).collect();
        if named.len() != answered.len() {
            return Err(QuoteError::UnknownLine);
        }
        let lines = answered.iter().map(|line| self.price(line, french)).collect::<Result<Vec<_>, _>>()?;
        let after = |line: &crate::line::Line| {
            lines.iter().find(|priced| priced.line_id == line.line_id).map_or(line.price, |priced| priced.after)
        };
        let prices: Vec<_> = self.lines.iter().map(after).collect();
        let lines: Vec<_> = lines.iter().filter(|line| line.before != line.after).cloned().collect();
        if lines.is_empty() && self.status == QuoteStatus::Answered && self.valid_until == Some(valid_until) {
            return Ok(vec![]);
        }
        Ok(vec![QuoteEvent::Answered { lines, totals: Totals::of(&prices), valid_until }])
    }

    fn price(&self, answered: &AnsweredLine, french: bool) -> Result<RepricedLine, QuoteError> {
        let line = self.lines.iter().find(|line| line.line_id == answered.line_id).ok_or(QuoteError::UnknownLine)?;
        let price = answered.unit_price_incl_tax;
        if price < Money::ZERO || price > Money::MAX_UNIT_PRICE {
            return Err(QuoteError::PriceOutOfRange);
        }
        if french && line.kind == ArticleKind::Book && answered.discount_rate.percent() > FRENCH_BOOK_DISCOUNT_CAP {
            return Err(QuoteError::DiscountAboveCap);
        }
        let exempt = line.price.pricing_policy == Policy::LineTtc2026Exempt;
        let after = price_line(line.quantity, price, line.price.vat_rate, answered.discount_rate, exempt);
        Ok(RepricedLine { line_id: line.line_id, ean: line.ean, title: line.title.clone(), before: line.price, after })
    }

    fn accept(
        &self,
        order_id: OrderId,
        number: u64,
        standing: &Standing,
        today: NaiveDate,
        terms: Result<(), TermsError>,
    ) -> Decision {
        self.can_accept(standing, today)?;
        terms?;
        Ok(vec![QuoteEvent::Accepted { order_id, number }])
    }

    fn expire(&self, today: NaiveDate) -> Decision {
        match self.status {
            QuoteStatus::Expired => Ok(vec![]),
            QuoteStatus::Answered if self.valid_until.is_some_and(|last| today > last) => {
                Ok(vec![QuoteEvent::Expired {}])
            }
            QuoteStatus::Answered => Err(QuoteError::StillValid),
            QuoteStatus::Requested
            | QuoteStatus::Collected
            | QuoteStatus::Accepted
            | QuoteStatus::Refused
            | QuoteStatus::Archived => Err(self.wrong_status()),
        }
    }

    fn allows(&self, event: &QuoteEvent) -> bool {
        match event {
            QuoteEvent::Requested { .. } => false,
            QuoteEvent::PushedToLibrisoft { .. } => !self.collected,
            QuoteEvent::Answered { .. } => {
                matches!(self.status, QuoteStatus::Requested | QuoteStatus::Collected | QuoteStatus::Answered)
            }
            QuoteEvent::Accepted { .. } | QuoteEvent::Refused { .. } | QuoteEvent::Expired {} => {
                self.status == QuoteStatus::Answered
            }
            QuoteEvent::Archived {} => !matches!(self.status, QuoteStatus::Requested | QuoteStatus::Archived),
        }
    }
}
