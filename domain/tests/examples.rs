//! One example of every event, with every optional field filled, and what the event says. The golden corpus and
//! docs/events.md are made of them. A new event does not compile without a sentence, nor pass without an example.

use bordereau_domain::{
    AccountId, Digest, Event, InstitutionId, Personal, Role,
    account::AccountEvent,
    article::Availability,
    basket::{BasketEvent, Level, ReturnedTo},
    institution::{InstitutionEvent, InstitutionKind, Profile},
    line::{Line, LineTerms, RepricedLine},
    order::{OrderEvent, Report, ReportedLine},
    personal::Field,
    pricing::{Discounts, Totals, price_line},
    quote::{BasketOrigin, QuoteEvent},
    shop::{Establishment, Released, ShopEvent},
    subject::SubjectEvent,
    terms::DeliveryMode,
};

use crate::fixture::*;

/// What an event says, for people.
pub(crate) const fn sentence(event: &Event) -> &'static str {
    match event {
        Event::Shop(event) => shop(event),
        Event::Institution(event) => institution(event),
        Event::Account(event) => of_account(event),
        Event::Subject(SubjectEvent::Erased { .. }) => {
            "A person's keys and sealed texts were destroyed. The id stays; the references in the log lead nowhere."
        }
        Event::Basket(event) => basket(event),
        Event::Quote(event) => quote(event),
        Event::Order(event) => order(event),
    }
}

const fn shop(event: &ShopEvent) -> &'static str {
    match event {
        ShopEvent::Opened { .. } => "The bookshop enterprise opened its ledger: always position 1.",
        ShopEvent::EstablishmentOpened { .. } => "The enterprise opened a point of sale.",
        ShopEvent::RegistrationOpened {} => "From now on people ask for accounts themselves.",
        ShopEvent::RegistrationClosed {} => "From now on only the bookshop and its institutions open accounts.",
        ShopEvent::BuyersGroupOpened { .. } => "The bookshop made a buyers' group.",
        ShopEvent::BuyersGroupRenamed { .. } => {
            "A buyers' group has another name. The first group was never made; its id follows from the shop's code."
        }
        ShopEvent::DefaultBuyersGroupSet { .. } => "Accounts that are opened from now on go into this buyers' group.",
        ShopEvent::RetentionApplied(_) => {
            "What had been kept its time was let go: how many persons and refused commands, and nobody's name."
        }
    }
}

const fn institution(event: &InstitutionEvent) -> &'static str {
    match event {
        InstitutionEvent::Synchronised { .. } => {
            "The management system sent the institution for the first time, changed, or after a withdrawal."
        }
        InstitutionEvent::Blocked {} => {
            "The management system blocked the client: its baskets are no longer sent, validated or converted."
        }
        InstitutionEvent::Unblocked {} => "The management system no longer blocks the client.",
        InstitutionEvent::Withdrawn {} => {
            "The management system no longer names the client: it stands like a blocked one."
        }
        InstitutionEvent::TwoPersonRuleSet { .. } => {
            "From now on two persons are demanded, or no longer: nobody validates or converts alone what is his own."
        }
        InstitutionEvent::PaymentAfterDeliverySet { .. } => {
            "From now on orders billed to the institution may be paid after delivery, or no longer."
        }
        InstitutionEvent::DiscountCapLifted { .. } => {
            "The bookshop lets the client have more off books than 9 %, and says why that is lawful."
        }
        InstitutionEvent::DiscountCapRestored {} => "The client is held to the 9 % again.",
    }
}

const fn of_account(event: &AccountEvent) -> &'static str {
    match event {
        AccountEvent::Opened { .. } => "An account was opened, active.",
        AccountEvent::Assigned { .. } => "The account has another role or other institutions; its sessions follow.",
        AccountEvent::Deactivated {} => "The account was closed to its owner; its sessions ended with this event.",
        AccountEvent::Reactivated {} => "The account is open to its owner again.",
        AccountEvent::Requested { .. } => {
            "A person asked for an account, completed what he said, or asked again; or the bookshop wrote him down. He can sign in \
             and act for nobody."
        }
        AccountEvent::Approved { .. } => {
            "The bookshop granted an account that was asked for, or somebody added a person without B2B account to his \
             institution: it is active."
        }
        AccountEvent::Declined {} => "The bookshop refused an account that was asked for.",
        AccountEvent::MessageSent { .. } => {
            "The bookshop wrote to the account's person: with an approval, with a refusal, or alone."
        }
        AccountEvent::DetailsChanged { .. } => "The person's name or telephone number is another.",
        AccountEvent::EmailChanged { .. } => {
            "The login is another; links that were sent to the former one are dead with this event."
        }
        AccountEvent::EstablishmentSet { .. } => "The account belongs to another point of sale, or to none.",
        AccountEvent::BuyersGroupSet { .. } => {
            "The account is in another buyers' group. Without this event it is in the shop's first one."
        }
        AccountEvent::Delegated { .. } => {
            "The owner let a colleague act in his place, from the first day to the last, both included."
        }
        AccountEvent::DelegationRevoked { .. } => {
            "A delegation was taken back; the sessions that rested on it ended with this event."
        }
        AccountEvent::SubstitutionGranted {} => {
            "The bookseller let the account act in the place of the other accounts of its institutions."
        }
        AccountEvent::SubstitutionRevoked {} => {
            "That power was withdrawn; the sessions that rested on it ended with this event."
        }
        AccountEvent::SecondFactorEnabled {} => "The account's sign-ins demand a code beside the password.",
        AccountEvent::SecondFactorDisabled {} => "They demand no code any more.",
        AccountEvent::OrganisationDeleted { .. } => {
            "The person deleted his B2B account. He signs in as before and acts for no institution; the texts of these \
             digests were destroyed after this event."
        }
    }
}

const fn basket(event: &BasketEvent) -> &'static str {
    match event {
        BasketEvent::Opened { .. } => "A basket was opened by its owner. `level` is his role and never changes.",
        BasketEvent::Renamed { .. } => "The basket has another name.",
        BasketEvent::LineAdded { .. } => "An article was put into the basket, at the price of the moment.",
        BasketEvent::LineChanged { .. } => "A line has another quantity or reference; its price was computed anew.",
        BasketEvent::LineRemoved { .. } => "A line was taken out. It stands here as it was.",
        BasketEvent::LinesRepriced { .. } => {
            "Lines were brought to the prices of the day: those whose amounts changed."
        }
        BasketEvent::SentToApprover { .. } => "The owner sent the basket to the approvers, where it is locked.",
        BasketEvent::Unlocked { .. } => "Somebody at whom the basket is opened its lines to changes.",
        BasketEvent::ReturnedToPreviousRole { .. } => "The basket went back one role, `to` its owner or the approvers.",
        BasketEvent::Validated { .. } => {
            "The basket was found good and passed on to the purchasers, where it is locked."
        }
        BasketEvent::ConvertedToQuote { .. } => {
            "The basket became a quote request: `QuoteRequested`, same transaction."
        }
        BasketEvent::ConvertedToOrder { .. } => "The basket became an order: `OrderPlaced`, same transaction.",
        BasketEvent::TakenOver { .. } => "A colleague took the basket over from an owner who has gone.",
        BasketEvent::Discarded {} => "The owner deleted his draft.",
    }
}

const fn quote(event: &QuoteEvent) -> &'static str {
    match event {
        QuoteEvent::Requested { .. } => "A basket became a quote request. Its lines stand here as they were.",
        QuoteEvent::PushedToLibrisoft { .. } => "The management system collected the request.",
        QuoteEvent::Answered { .. } => {
            "The bookshop priced the quote: the lines whose prices changed, the sums, the last day on which they hold."
        }
        QuoteEvent::Accepted { .. } => {
            "The purchaser accepted the answer: `OrderPlaced`, same transaction, same prices."
        }
        QuoteEvent::Refused { .. } => "The purchaser refused the answer.",
        QuoteEvent::Expired {} => "The last day of the answer went by.",
        QuoteEvent::Archived {} => "The bookshop put the quote away.",
    }
}

const fn order(event: &OrderEvent) -> &'static str {
    match event {
        OrderEvent::Placed { .. } => {
            "A purchaser placed an order, from a basket or by accepting a quote. `deferred` lines could not be ordered \
             on that day."
        }
        OrderEvent::PushedToLibrisoft { .. } => "The management system collected the order and gave it its number.",
        OrderEvent::LinesReported { .. } => "The management system reported on lines: those whose report changed.",
        OrderEvent::MadeAvailable {} => "The order waits at the bookshop to be picked up.",
        OrderEvent::Shipped { .. } => "The order was sent.",
        OrderEvent::Closed {} => "The order is done.",
        OrderEvent::Cancelled { .. } => "The bookshop cancelled the order.",
        OrderEvent::CancellationPushedToLibrisoft {} => "The management system collected the cancellation.",
        OrderEvent::StatusReset { .. } => {
            "The bookshop put the order back: to processing where it has a number there, else to pending."
        }
        OrderEvent::MessageSent { .. } => "The bookshop sent the client a message about the order.",
    }
}

/// The example of every event, in the catalogue's order.
pub(crate) fn examples() -> Vec<Event> {
    let mut all: Vec<Event> = shops().into_iter().map(Event::Shop).collect();
    all.extend(institutions().into_iter().map(Event::Institution));
    all.extend(accounts().into_iter().map(Event::Account));
    all.push(Event::Subject(SubjectEvent::Erased { key_ids: vec!["8f1b7a52c0de4e0fa9d3b6e5f4c3d2e1".to_owned()] }));
    all.extend(baskets().into_iter().map(Event::Basket));
    all.extend(quotes().into_iter().map(Event::Quote));
    all.extend(orders().into_iter().map(Event::Order));
    all
}

pub(crate) fn sealed<T: Field>(of: AccountId, seed: u8) -> Personal<T> {
    Personal::new(of.into(), Digest([seed; 32]))
}

fn requester() -> AccountId {
    account_of(Role::Requester)
}

fn approver() -> AccountId {
    account_of(Role::Approver)
}

fn purchaser() -> AccountId {
    account_of(Role::Purchaser)
}

fn first_line() -> Line {
    Line { line_reference: Some(sealed(requester(), 0x11)), ..line(1, &cemetery_road(), 1) }
}

fn repriced() -> RepricedLine {
    let Line { line_id, ean, title, price: before, .. } = first_line();
    RepricedLine { line_id, ean, title, before, after: price_line(1, money("26.00"), rate("5.5"), rate("9"), false) }
}

fn basket_origin() -> BasketOrigin {
    BasketOrigin { name: Some(sealed(requester(), 0x12)), ..origin() }
}

fn shops() -> Vec<ShopEvent> {
    let establishment = Establishment {
        establishment_id: ESTABLISHMENT,
        number: 1,
        name: "DLIVRE".to_owned(),
        country: "FR".to_owned(),
        vat_number: Some("FR00000000000".to_owned()),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    };
    let opened = ShopEvent::Opened {
        code: "DLIVRE".parse().unwrap(),
        name: "DLIVRE".to_owned(),
        country: "FR".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    };
    vec![
        opened,
        ShopEvent::EstablishmentOpened { establishment },
        ShopEvent::RegistrationOpened {},
        ShopEvent::RegistrationClosed {},
        ShopEvent::BuyersGroupOpened { group_id: GROUP, name: "Écoles".to_owned() },
        ShopEvent::BuyersGroupRenamed { group_id: GROUP, name: "Écoles et collèges".to_owned() },
        ShopEvent::DefaultBuyersGroupSet { group_id: GROUP },
        ShopEvent::RetentionApplied(Released { accounts: 2, registrations: 1, accounting: 0, refusals: 340 }),
    ]
}

fn institutions() -> Vec<InstitutionEvent> {
    let profile = Profile {
        librisoft_number: "8010000696914".to_owned(),
        kind: InstitutionKind::Library,
        name: "MEDIATHÈQUE DE L'ORANGERIE".to_owned(),
        city: "NANCY".to_owned(),
        discounts: Discounts {
            school: rate("20"),
            reduced_2_1: rate("5"),
            reduced_5_5: rate("9"),
            normal_20: rate("10.5"),
        },
        vat_exempt: false,
        addresses: vec![annex()],
    };
    vec![
        InstitutionEvent::Synchronised { profile },
        InstitutionEvent::Blocked {},
        InstitutionEvent::Unblocked {},
        InstitutionEvent::Withdrawn {},
        InstitutionEvent::TwoPersonRuleSet { demanded: true },
        InstitutionEvent::PaymentAfterDeliverySet { allowed: false },
        InstitutionEvent::DiscountCapLifted { justification: sealed(account_of(Role::Bookseller), 0x21) },
        InstitutionEvent::DiscountCapRestored {},
    ]
}

fn accounts() -> Vec<AccountEvent> {
    let institution_ids: Vec<InstitutionId> = vec![LIBRARY, SCHOOL];
    vec![
        AccountEvent::Opened {
            email: sealed(requester(), 0x21),
            name: sealed(requester(), 0x22),
            phone: Some(sealed(requester(), 0x23)),
            role: Role::Requester,
            institution_ids: vec![LIBRARY],
            establishment_id: Some(ESTABLISHMENT),
        },
        AccountEvent::Assigned { role: Role::Approver, institution_ids },
        AccountEvent::Deactivated {},
        AccountEvent::Reactivated {},
        AccountEvent::Requested {
            email: sealed(requester(), 0x24),
            name: sealed(requester(), 0x25),
            phone: Some(sealed(requester(), 0x26)),
            company: sealed(requester(), 0x27),
            vat_number: Some(sealed(requester(), 0x28)),
            chamber_number: Some(sealed(requester(), 0x29)),
            department: Some(sealed(requester(), 0x2a)),
        },
        AccountEvent::Approved {
            role: Role::Purchaser,
            institution_ids: vec![LIBRARY],
            establishment_id: Some(ESTABLISHMENT),
        },
        AccountEvent::Declined {},
        AccountEvent::MessageSent { message: sealed(account_of(Role::Bookseller), 0x2b) },
        AccountEvent::DetailsChanged { name: sealed(requester(), 0x2c), phone: Some(sealed(requester(), 0x2d)) },
        AccountEvent::EmailChanged { email: sealed(requester(), 0x2e) },
        AccountEvent::EstablishmentSet { establishment_id: Some(ESTABLISHMENT) },
        AccountEvent::BuyersGroupSet { group_id: GROUP },
        AccountEvent::Delegated {
            delegation_id: DELEGATION,
            delegate_id: requester(),
            first_day: "2026-04-01".parse().unwrap(),
            last_day: "2026-04-15".parse().unwrap(),
        },
        AccountEvent::DelegationRevoked { delegation_id: DELEGATION },
        AccountEvent::SubstitutionGranted {},
        AccountEvent::SubstitutionRevoked {},
        AccountEvent::SecondFactorEnabled {},
        AccountEvent::SecondFactorDisabled {},
        AccountEvent::OrganisationDeleted { digests: vec![Digest([0x2f; 32]), Digest([0x30; 32])] },
    ]
}

fn baskets() -> Vec<BasketEvent> {
    let Line { line_id, ean, title, .. } = first_line();
    let before = LineTerms { line_reference: Some(sealed(requester(), 0x10)), ..first_line().terms() };
    let price = price_line(3, money("25.00"), rate("5.5"), rate("9"), false);
    let after = LineTerms { quantity: 3, price, line_reference: Some(sealed(requester(), 0x11)) };
    vec![
        BasketEvent::Opened {
            number: 27,
            institution_id: LIBRARY,
            owner: requester(),
            level: Level::Requester,
            name: Some(sealed(requester(), 0x12)),
        },
        BasketEvent::Renamed { name: sealed(approver(), 0x13) },
        BasketEvent::LineAdded { line: first_line() },
        BasketEvent::LineChanged { line_id, ean, title, before, after },
        BasketEvent::LineRemoved { line: first_line() },
        BasketEvent::LinesRepriced { lines: vec![repriced()] },
        BasketEvent::SentToApprover { by: requester(), comment: Some(sealed(requester(), 0x14)) },
        BasketEvent::Unlocked { by: approver() },
        BasketEvent::ReturnedToPreviousRole {
            by: approver(),
            to: ReturnedTo::Drafting,
            comment: Some(sealed(approver(), 0x15)),
        },
        BasketEvent::Validated { by: approver(), role: Role::Approver, comment: Some(sealed(approver(), 0x16)) },
        BasketEvent::ConvertedToQuote { by: purchaser(), quote_id: QUOTE, number: 8 },
        BasketEvent::ConvertedToOrder { by: purchaser(), order_id: ORDER, number: 42 },
        BasketEvent::TakenOver { from: requester(), to: approver() },
        BasketEvent::Discarded {},
    ]
}

fn quotes() -> Vec<QuoteEvent> {
    let lines = vec![first_line()];
    vec![
        QuoteEvent::Requested {
            number: 8,
            basket: basket_origin(),
            institution_id: LIBRARY,
            reference: "BC-2026-17".to_owned(),
            comment: Some(sealed(purchaser(), 0x31)),
            totals: Totals::of(lines.iter().map(|line| &line.price)),
            lines,
        },
        QuoteEvent::PushedToLibrisoft { librisoft_number: Some("D-1207".to_owned()) },
        QuoteEvent::Answered {
            lines: vec![repriced()],
            totals: Totals::of(&[repriced().after]),
            valid_until: "2026-04-15".parse().unwrap(),
        },
        QuoteEvent::Accepted { order_id: ORDER, number: 42 },
        QuoteEvent::Refused { comment: Some(sealed(purchaser(), 0x32)) },
        QuoteEvent::Expired {},
        QuoteEvent::Archived {},
    ]
}

fn orders() -> Vec<OrderEvent> {
    let lines = vec![first_line()];
    let Line { line_id, ean, title, .. } = first_line();
    let report = |in_stock, expected: Option<&str>| Report {
        availability: Availability::Reprinting,
        in_stock,
        expected: expected.map(|day| day.parse().unwrap()),
    };
    let reported = ReportedLine {
        line_id,
        ean,
        title,
        before: Some(report(0, Some("2026-04-02"))),
        after: report(1, Some("2026-03-25")),
    };
    vec![
        OrderEvent::Placed {
            number: 42,
            basket: basket_origin(),
            quote_id: Some(QUOTE),
            institution_id: LIBRARY,
            terms: terms(DeliveryMode::Delivery),
            establishment_id: Some(ESTABLISHMENT),
            created_by: purchaser(),
            reference: "BC-2026-17".to_owned(),
            comment: Some(sealed(purchaser(), 0x41)),
            deferred: vec![line_id],
            shipping_incl_tax: money("4.90"),
            totals: Totals::of(lines.iter().map(|line| &line.price)),
            lines,
            discount_justification: None,
        },
        OrderEvent::PushedToLibrisoft { librisoft_number: "C-77".to_owned() },
        OrderEvent::LinesReported { lines: vec![reported] },
        OrderEvent::MadeAvailable {},
        OrderEvent::Shipped { tracking: Some("6A12345678901".to_owned()) },
        OrderEvent::Closed {},
        OrderEvent::Cancelled { reason: sealed(account_of(Role::Bookseller), 0x42) },
        OrderEvent::CancellationPushedToLibrisoft {},
        OrderEvent::StatusReset { reason: sealed(account_of(Role::Bookseller), 0x43) },
        OrderEvent::MessageSent { text: sealed(account_of(Role::Bookseller), 0x44) },
    ]
}
