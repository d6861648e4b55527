//! What each event of a basket, a quote or an order says and changes, field by field.

use bordereau_domain::{
    AccountId, Ean, LineId,
    basket::BasketEvent,
    line::{Line, LineTerms, RepricedLine},
    order::{OrderEvent, Report, ReportedLine},
    pricing::LinePrice,
    quote::QuoteEvent,
};

use super::{Change, ChangeValue, Said};
use crate::sealed::SealedRef;

fn text(value: &impl ToString) -> ChangeValue {
    ChangeValue::Text(value.to_string())
}

fn count(value: u32) -> ChangeValue {
    ChangeValue::Number(u64::from(value))
}

fn person(id: AccountId) -> ChangeValue {
    ChangeValue::Person { id, name: None }
}

fn said(comment: Option<impl Into<SealedRef>>) -> Said {
    Said { comment: comment.map(Into::into), ..Said::default() }
}

/// Among an institution's own people.
fn inner(comment: Option<impl Into<SealedRef>>) -> Said {
    Said { inner: true, ..said(comment) }
}

fn changed(changes: Vec<Change>) -> Said {
    Said { changes, ..Said::default() }
}

/// A change of the whole document.
fn whole(field: &str, before: Option<ChangeValue>, after: Option<ChangeValue>) -> Change {
    Change { line_id: None, ean: None, title: None, field: field.to_owned(), before, after }
}

/// A line whose fields are compared.
struct OfLine<'a> {
    line_id: LineId,
    ean: Ean,
    title: &'a str,
    changes: Vec<Change>,
}

impl<'a> OfLine<'a> {
    const fn new(line_id: LineId, ean: Ean, title: &'a str) -> Self {
        Self { line_id, ean, title, changes: Vec::new() }
    }

    /// Notes a field if it changed.
    fn note(&mut self, field: &str, before: Option<ChangeValue>, after: Option<ChangeValue>) {
        if before != after {
            self.changes.push(Change {
                line_id: Some(self.line_id),
                ean: Some(self.ean),
                title: Some(self.title.to_owned()),
                ..whole(field, before, after)
            });
        }
    }

    fn note_prices(&mut self, before: &LinePrice, after: &LinePrice) {
        let amounts = |price: &LinePrice| {
            [
                ("unit_price_incl_tax", text(&price.unit_price_incl_tax)),
                ("discount_rate", text(&price.discount_rate)),
                ("total_incl_tax", text(&price.total_incl_tax)),
            ]
        };
        for ((field, before), (_, after)) in amounts(before).into_iter().zip(amounts(after)) {
            self.note(field, Some(before), Some(after));
        }
    }
}

fn line_added(line: &Line) -> Vec<Change> {
    let mut of = OfLine::new(line.line_id, line.ean, &line.title);
    of.note("quantity", None, Some(count(line.quantity)));
    of.note("line_reference", None, line.line_reference.map(|reference| ChangeValue::Sealed(reference.into())));
    of.changes
}

fn line_changed(line_id: LineId, ean: Ean, title: &str, before: &LineTerms, after: &LineTerms) -> Vec<Change> {
    let mut of = OfLine::new(line_id, ean, title);
    let reference = |terms: &LineTerms| terms.line_reference.map(|reference| ChangeValue::Sealed(reference.into()));
    of.note("quantity", Some(count(before.quantity)), Some(count(after.quantity)));
    of.note("line_reference", reference(before), reference(after));
    of.note_prices(&before.price, &after.price);
    of.changes
}

fn line_removed(line: &Line) -> Vec<Change> {
    let mut of = OfLine::new(line.line_id, line.ean, &line.title);
    of.note("quantity", Some(count(line.quantity)), None);
    of.changes
}

fn repriced(lines: &[RepricedLine]) -> Vec<Change> {
    let each = |line: &RepricedLine| {
        let mut of = OfLine::new(line.line_id, line.ean, &line.title);
        of.note_prices(&line.before, &line.after);
        of.changes
    };
    lines.iter().flat_map(each).collect()
}

fn reported(lines: &[ReportedLine]) -> Vec<Change> {
    let each = |line: &ReportedLine| {
        let mut of = OfLine::new(line.line_id, line.ean, &line.title);
        let before = |read: fn(&Report) -> ChangeValue| line.before.as_ref().map(read);
        let expected = |report: &Report| report.expected.as_ref().map(text);
        let availability = |report: &Report| text(&report.availability.code());
        let in_stock = |report: &Report| count(report.in_stock);
        of.note("availability", before(availability), Some(availability(&line.after)));
        of.note("in_stock", before(in_stock), Some(in_stock(&line.after)));
        of.note("expected", line.before.as_ref().and_then(expected), expected(&line.after));
        of.changes
    };
    lines.iter().flat_map(each).collect()
}

/// `named` is the name that the basket had before the event.
pub(super) fn of_basket(event: &BasketEvent, named: Option<SealedRef>) -> Said {
    match event {
        BasketEvent::Renamed { name } => {
            let sealed = |name| ChangeValue::Sealed(name);
            changed(vec![whole("name", named.map(sealed), Some(sealed(name.into())))])
        }
        BasketEvent::Opened { name, .. } => {
            let name = name.map(|name| whole("name", None, Some(ChangeValue::Sealed(name.into()))));
            changed(name.into_iter().collect())
        }
        BasketEvent::LineAdded { line } => changed(line_added(line)),
        BasketEvent::LineChanged { line_id, ean, title, before, after } => {
            changed(line_changed(*line_id, *ean, title, before, after))
        }
        BasketEvent::LineRemoved { line } => changed(line_removed(line)),
        BasketEvent::LinesRepriced { lines } => changed(repriced(lines)),
        BasketEvent::SentToApprover { comment, .. }
        | BasketEvent::ReturnedToPreviousRole { comment, .. }
        | BasketEvent::Validated { comment, .. } => inner(*comment),
        BasketEvent::TakenOver { from, to } => changed(vec![whole("owner", Some(person(*from)), Some(person(*to)))]),
        BasketEvent::Unlocked { .. }
        | BasketEvent::ConvertedToQuote { .. }
        | BasketEvent::ConvertedToOrder { .. }
        | BasketEvent::Discarded {} => Said::default(),
    }
}

pub(super) fn of_quote(event: &QuoteEvent) -> Said {
    match event {
        QuoteEvent::Requested { comment, .. } | QuoteEvent::Refused { comment } => said(*comment),
        QuoteEvent::PushedToLibrisoft { librisoft_number } => {
            let number = librisoft_number.as_ref().map(|number| whole("librisoft_number", None, Some(text(number))));
            changed(number.into_iter().collect())
        }
        QuoteEvent::Answered { lines, valid_until, .. } => {
            let mut changes = repriced(lines);
            changes.push(whole("valid_until", None, Some(text(valid_until))));
            changed(changes)
        }
        QuoteEvent::Accepted { .. } | QuoteEvent::Expired {} | QuoteEvent::Archived {} => Said::default(),
    }
}

pub(super) fn of_order(event: &OrderEvent) -> Said {
    match event {
        OrderEvent::Placed { comment, .. } => said(*comment),
        OrderEvent::PushedToLibrisoft { librisoft_number } => {
            changed(vec![whole("librisoft_number", None, Some(text(librisoft_number)))])
        }
        OrderEvent::LinesReported { lines } => changed(reported(lines)),
        OrderEvent::Shipped { tracking } => {
            let tracking = tracking.as_ref().map(|number| whole("tracking", None, Some(text(number))));
            changed(tracking.into_iter().collect())
        }
        OrderEvent::Cancelled { reason } | OrderEvent::StatusReset { reason } => said(Some(*reason)),
        OrderEvent::MessageSent { text } => said(Some(*text)),
        OrderEvent::MadeAvailable {} | OrderEvent::Closed {} | OrderEvent::CancellationPushedToLibrisoft {} => {
            Said::default()
        }
    }
}
