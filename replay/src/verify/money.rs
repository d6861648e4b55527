//! Whether amounts follow: each line from its quantity, price, tax and discount by the policy that the event names, each
//! total from its lines. A replay never prices again; this asks whether what was written then is what the policy says.

use bordereau_domain::{
    Event,
    basket::BasketEvent,
    line::Line,
    order::OrderEvent,
    pricing::{LinePrice, Policy, Totals, price_line},
    quote::QuoteEvent,
};

use super::states::State;

/// What is wrong with the amounts that an event carries, as far as it can be told without what was before.
pub(super) fn wrong_by_itself(event: &Event) -> Option<String> {
    match event {
        Event::Basket(BasketEvent::LineAdded { line } | BasketEvent::LineRemoved { line }) => {
            wrong_price(&line.title, line.quantity, &line.price)
        }
        Event::Basket(BasketEvent::LineChanged { title, before, after, .. }) => {
            wrong_price(title, before.quantity, &before.price)
                .or_else(|| wrong_price(title, after.quantity, &after.price))
        }
        Event::Quote(QuoteEvent::Requested { lines, totals, .. })
        | Event::Order(OrderEvent::Placed { lines, totals, .. }) => wrong_lines(lines, totals),
        Event::Basket(_)
        | Event::Quote(_)
        | Event::Order(_)
        | Event::Shop(_)
        | Event::Institution(_)
        | Event::Account(_)
        | Event::Subject(_) => None,
    }
}

/// What is wrong with the amounts of an event that speaks of lines by their ids, after the state before it.
pub(super) fn wrong_after(state: &State, event: &Event) -> Option<String> {
    match (state, event) {
        (State::Basket(basket), Event::Basket(BasketEvent::LinesRepriced { lines })) => {
            let basket = basket.opened()?;
            lines.iter().find_map(|repriced| {
                let line = basket.find_line(repriced.line_id)?;
                wrong_price(&line.title, line.quantity, &repriced.after)
            })
        }
        (State::Quote(quote), Event::Quote(QuoteEvent::Answered { lines: priced, totals, .. })) => {
            let mut lines = quote.opened()?.lines.clone();
            for repriced in priced {
                let Some(line) = lines.iter_mut().find(|line| line.line_id == repriced.line_id) else {
                    return Some(format!("the quote has no line {}", repriced.line_id));
                };
                if line.price != repriced.before {
                    return Some(format!("« {} » was different before", line.title));
                }
                line.price = repriced.after;
            }
            wrong_lines(&lines, totals)
        }
        _ => None,
    }
}

fn wrong_lines(lines: &[Line], totals: &Totals) -> Option<String> {
    if let Some(wrong) = lines.iter().find_map(|line| wrong_price(&line.title, line.quantity, &line.price)) {
        return Some(wrong);
    }
    let sums = Totals::of(lines.iter().map(|line| &line.price));
    (sums != *totals).then(|| {
        let (sum, written) = (sums.total_incl_tax, totals.total_incl_tax);
        format!(
            "the totals are not the sums of the lines: {sum} in all, {written} is written, or one beside it differs"
        )
    })
}

fn wrong_price(title: &str, quantity: u32, price: &LinePrice) -> Option<String> {
    let exempt = match price.pricing_policy {
        Policy::LineTtc2026 => false,
        Policy::LineTtc2026Exempt => true,
    };
    let right = price_line(quantity, price.unit_price_incl_tax, price.vat_rate, price.discount_rate, exempt);
    (right != *price).then(|| {
        let (total, written) = (right.total_incl_tax, price.total_incl_tax);
        format!("« {title} » times {quantity}: its amounts do not follow, {total} in all, {written} is written")
    })
}
