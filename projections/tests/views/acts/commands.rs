//! What a try asks of which aggregate, in whose role.

use std::collections::BTreeMap;

use bordereau_domain::{
    BasketId, EstablishmentId, InstitutionId, LineId, OrderId, QuoteId, Role,
    article::Availability,
    basket::{Basket, BasketCommand, Conversion, Today},
    institution::{InstitutionCommand, Synchronisation},
    order::{LineReport, Order, OrderCommand, Report},
    quote::{AnsweredLine, Quote, QuoteCommand},
    shop::Establishment,
};

use super::{Act, Try};
use crate::views::world::{Cast, World, article, profile, sealed, uuid};

pub(super) fn basket_id(cast: &Cast, n: u8) -> BasketId {
    cast.id(u128::from(n)).into()
}

pub(super) fn quote_id(cast: &Cast, n: u8) -> QuoteId {
    cast.id(300 + u128::from(n)).into()
}

/// The order that a basket became, or that its quote became.
pub(super) fn order_id(cast: &Cast, n: u8, of_quote: bool) -> OrderId {
    cast.id(if of_quote { 700 } else { 600 } + u128::from(n)).into()
}

pub(super) fn establishment(cast: &Cast, n: u8) -> Establishment {
    Establishment {
        establishment_id: EstablishmentId(cast.id(900 + u128::from(n))),
        number: u32::from(n) + 1,
        name: format!("LIBRAIRIE {n}"),
        country: "FR".to_owned(),
        vat_number: None,
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    }
}

/// The catalogue as a basket meets it; now and then a price has risen.
pub(super) fn today(world: &World, cast: &Cast, one: Try) -> Today {
    let mut articles: BTreeMap<_, _> = (1..=6).map(article).map(|article| (article.ean, article)).collect();
    if one.dial.is_multiple_of(8) {
        for article in articles.values_mut() {
            article.price_incl_tax = "26.00".parse().expect("price");
        }
    }
    Today { articles, standing: world.standing(cast.institution) }
}

pub(super) fn conversion(world: &World, cast: &Cast, one: Try) -> Conversion {
    let comment = Some(sealed(cast.purchaser, one.dial));
    Conversion {
        reference: format!("REF-{}", one.n),
        comment,
        number: u64::from(one.n),
        today: today(world, cast, one),
    }
}

pub(super) fn basket_command(world: &World, cast: &Cast, one: Try) -> Option<BasketCommand> {
    let id = basket_id(cast, one.n);
    let account = cast.actor(one.role).account;
    let standing = world.standing(cast.institution);
    let comment = one.dial.is_multiple_of(2).then(|| sealed(account, one.dial));
    let line = || {
        let basket: Basket = world.state(&id.to_string());
        let lines = basket.opened().map(|basket| basket.lines.clone()).unwrap_or_default();
        lines.get(usize::from(one.dial) % lines.len().max(1)).map(|line| line.line_id)
    };
    Some(match one.act {
        Act::Open => BasketCommand::Open {
            basket_id: id,
            number: u64::from(one.n),
            institution_id: cast.institution,
            name: one.dial.is_multiple_of(2).then(|| sealed(account, one.dial)),
            standing: Some(standing),
            quota_reached: false,
        },
        Act::AddLine => BasketCommand::AddLine {
            line_id: LineId(uuid(id.0.as_u128() << 8 | u128::from(one.dial))),
            article: Some(article(1 + one.dial % 6)),
            quantity: u32::from(one.dial % 9) + 1,
            line_reference: one.dial.is_multiple_of(3).then(|| sealed(account, one.dial)),
            standing,
        },
        Act::ChangeLine => BasketCommand::ChangeLine {
            line_id: line()?,
            quantity: Some(u32::from(one.dial % 20) + 1),
            line_reference: one.dial.is_multiple_of(5).then_some(None),
            today: today(world, cast, one),
        },
        Act::RemoveLine => BasketCommand::RemoveLine { line_id: line()?, standing },
        Act::Reprice => {
            BasketCommand::Reprice { today: today(world, cast, Try { dial: one.dial.wrapping_mul(4), ..one }) }
        }
        Act::Rename => BasketCommand::Rename { name: sealed(account, one.dial) },
        Act::Send => BasketCommand::SendToApprover { comment, standing },
        Act::Validate => BasketCommand::Validate { comment, standing },
        Act::Unlock => BasketCommand::Unlock,
        Act::Return => BasketCommand::Return { comment },
        Act::Discard => BasketCommand::Discard,
        Act::TakeOver => BasketCommand::TakeOver,
        Act::RequestQuote
        | Act::PlaceOrder
        | Act::OnQuote
        | Act::OnOrder
        | Act::OnAccount
        | Act::OnInstitution
        | Act::OnCatalogue
        | Act::OpenEstablishment
        | Act::Erase => return None,
    })
}

pub(super) fn quote_command(world: &World, cast: &Cast, one: Try) -> (Role, QuoteCommand) {
    let quote: Quote = world.state(&quote_id(cast, one.n).to_string());
    let today = world.now().date_naive();
    match one.dial % 7 {
        0 => (Role::Librisoft, QuoteCommand::Acknowledge { librisoft_number: Some(format!("Q-{}", one.n)) }),
        1 => (Role::Purchaser, QuoteCommand::Refuse { comment: Some(sealed(cast.purchaser, one.dial)) }),
        2 => (Role::System, QuoteCommand::Expire { today: today.succ_opt().expect("tomorrow") }),
        3 => (Role::Bookseller, QuoteCommand::Archive),
        _ => {
            let line = quote.opened().and_then(|quote| quote.lines.first().map(|line| line.line_id));
            let unit_price_incl_tax = "25.00".parse().expect("money");
            let discount_rate = if one.dial.is_multiple_of(2) { "5" } else { "3" }.parse().expect("rate");
            let lines = line.map(|line_id| AnsweredLine { line_id, unit_price_incl_tax, discount_rate });
            let lines = lines.into_iter().collect();
            (Role::Bookseller, QuoteCommand::Answer { lines, valid_until: today, today, french: true })
        }
    }
}

pub(super) fn order_command(world: &World, cast: &Cast, id: OrderId, one: Try) -> (Role, OrderCommand) {
    let order: Order = world.state(&id.to_string());
    match one.dial % 11 {
        0 | 1 => (Role::Librisoft, OrderCommand::Acknowledge { librisoft_number: format!("L-{}", one.n) }),
        2 => (Role::Bookseller, OrderCommand::MakeAvailable),
        3 => (Role::Bookseller, OrderCommand::Ship { tracking: Some(format!("8J{}", one.n)) }),
        4 => (Role::Bookseller, OrderCommand::Close),
        5 => (Role::Bookseller, OrderCommand::Cancel { reason: sealed(cast.bookseller, one.dial) }),
        6 => (Role::Bookseller, OrderCommand::ResetStatus { reason: sealed(cast.bookseller, one.dial) }),
        7 | 8 => (Role::Librisoft, OrderCommand::AcknowledgeCancellation),
        9 => (Role::Bookseller, OrderCommand::SendMessage { text: sealed(cast.bookseller, one.dial) }),
        _ => {
            let availability = Availability::Available;
            let expected = one.dial.is_multiple_of(2).then(|| world.now().date_naive());
            let report = Report { availability, in_stock: u32::from(one.dial % 4), expected };
            let lines = order.opened().map(|order| order.lines.clone()).unwrap_or_default();
            let lines = lines.iter().map(|line| LineReport { line_id: line.line.line_id, report }).collect();
            (Role::Librisoft, OrderCommand::ReportLines { lines })
        }
    }
}

/// The institution beside that of the cast.
pub(super) fn second(cast: &Cast) -> InstitutionId {
    InstitutionId(uuid(cast.institution.0.as_u128() + 1))
}

pub(super) fn institution_command(cast: &Cast, one: Try) -> (InstitutionId, InstitutionCommand) {
    let institution = if one.n.is_multiple_of(2) { cast.institution } else { second(cast) };
    let command = match one.dial % 6 {
        0 if one.dial.is_multiple_of(4) => InstitutionCommand::Withdraw,
        0 if one.dial % 24 == 18 => InstitutionCommand::RestoreDiscountCap,
        0 => InstitutionCommand::LiftDiscountCap { justification: sealed(cast.bookseller, one.dial) },
        1 => InstitutionCommand::SetTwoPersonRule { demanded: one.dial % 4 == 1 },
        2 => InstitutionCommand::SetPaymentAfterDelivery { allowed: one.dial.is_multiple_of(4) },
        _ => {
            let mut profile = profile(&format!("ÉCOLE {}", one.dial % 4), "8010000696914");
            profile.discounts.reduced_5_5 = if one.n > 4 { "9" } else { "5" }.parse().expect("rate");
            InstitutionCommand::Synchronise(Synchronisation { profile, blocked: one.dial % 32 == 3, french: true })
        }
    };
    (institution, command)
}
