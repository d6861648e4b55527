//! People, articles and standings that the tests share. Ids are small numbers, so that a failure can be read.

use std::collections::BTreeMap;

use bordereau_domain::{
    AccountId, Actor, AddressId, BasketId, BuyersGroupId, Context, DelegationId, Digest, Ean, EstablishmentId,
    InstitutionId, LineId, Money, OrderId, Personal, QuoteId, Rate, Role, SubjectId,
    account::{Applicant, Registration},
    article::{Article, ArticleKind, Availability},
    basket::{BasketCommand, BasketEvent, Conversion, Level, NewLine, Today},
    institution::Standing,
    line::Line,
    order::Placement,
    personal::{Comment, Field},
    pricing::{Conditions, Discounts},
    quote::BasketOrigin,
    terms::{Address, DeliveryMode, OrderTerms, PaymentMode},
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The institution that most tests are about.
pub(crate) const LIBRARY: InstitutionId = InstitutionId(Uuid::from_u128(0x1001));
/// Another institution of the same shop.
pub(crate) const SCHOOL: InstitutionId = InstitutionId(Uuid::from_u128(0x1002));
/// The basket that most tests are about.
pub(crate) const BASKET: BasketId = BasketId(Uuid::from_u128(0x2001));
/// A quote that it becomes.
pub(crate) const QUOTE: QuoteId = QuoteId(Uuid::from_u128(0x3001));
/// An order that it becomes.
pub(crate) const ORDER: OrderId = OrderId(Uuid::from_u128(0x4001));
/// A point of sale.
pub(crate) const ESTABLISHMENT: EstablishmentId = EstablishmentId(Uuid::from_u128(0x5001));
/// A buyers' group that was made.
pub(crate) const GROUP: BuyersGroupId = BuyersGroupId(Uuid::from_u128(0x8001));
/// The buyers' group that every shop has.
pub(crate) const FIRST_GROUP: BuyersGroupId = BuyersGroupId(Uuid::from_u128(0x8000));
/// A delegation.
pub(crate) const DELEGATION: DelegationId = DelegationId(Uuid::from_u128(0x8001));
/// An address of the library.
pub(crate) const ANNEX: AddressId = AddressId(Uuid::from_u128(0x6001));

/// The line with this number.
pub(crate) const fn line_id(number: u128) -> LineId {
    LineId(Uuid::from_u128(0x7000 + number))
}

/// The account with this number.
pub(crate) const fn account(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(0xa000 + number))
}

/// The first account of a role.
pub(crate) fn account_of(role: Role) -> AccountId {
    account(role as u128)
}

/// The time of all acts.
pub(crate) fn at() -> DateTime<Utc> {
    "2026-03-16T09:30:00Z".parse().unwrap()
}

/// Whoever has this role at the library, or at the bookshop.
pub(crate) fn actor(role: Role) -> Actor {
    let institutions = if role.is_institutional() { vec![LIBRARY] } else { Vec::new() };
    Actor::new(account_of(role), role, institutions)
}

/// Acting as the first account of a role.
pub(crate) fn by(role: Role) -> Context {
    Context::new(actor(role), at())
}

/// Acting as a second account of that role, in the same institution.
pub(crate) fn by_another(role: Role) -> Context {
    let mut actor = actor(role);
    actor.account = account(0x100 + role as u128);
    Context::new(actor, at())
}

/// Acting in that role for the other institution.
pub(crate) fn by_a_stranger(role: Role) -> Context {
    Context::new(Actor::new(account(0x200 + role as u128), role, vec![SCHOOL]), at())
}

/// The same person in the place of a colleague, in his role; the bookshop's people for the colleague's institutions.
pub(crate) fn instead_of(mut me: Context, other: &Context) -> Context {
    if me.actor.institutions.is_empty() {
        me.actor.institutions.clone_from(&other.actor.institutions);
    }
    me.actor.on_behalf_of = Some(other.actor.account);
    me.actor.role = other.actor.role;
    me
}

/// The same act, on something whose owner has gone.
pub(crate) fn owner_gone(mut context: Context) -> Context {
    context.owner_inactive = true;
    context
}

/// A personal field of somebody; equal seeds make equal fields.
pub(crate) fn personal<T: Field>(role: Role, seed: u8) -> Personal<T> {
    Personal::new(SubjectId::from(account_of(role)), Digest([seed; 32]))
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// An article of the catalogue: a book at 5.5 % VAT.
pub(crate) fn article(ean: &str, price: &str) -> Article {
    Article {
        ean: Ean::parse(ean).unwrap(),
        title: "CEMETERY ROAD".to_owned(),
        author: "ILES GREG".to_owned(),
        publisher: "ACTES SUD".to_owned(),
        price_incl_tax: money(price),
        vat_rate: rate("5.5"),
        kind: ArticleKind::Book,
        availability: Availability::Available,
        language: Some("fr".to_owned()),
        published_on: None,
    }
}

/// The article of the manual (L45).
pub(crate) fn cemetery_road() -> Article {
    article("9782330150136", "25.00")
}

/// 9 % on books, as the law allows at most.
pub(crate) fn conditions() -> Conditions {
    Conditions { discounts: Discounts { reduced_5_5: rate("9"), ..Discounts::default() }, vat_exempt: false }
}

/// In good standing.
pub(crate) fn open() -> Standing {
    Standing { conditions: conditions(), ..Standing::default() }
}

/// In good standing, and two persons are demanded.
pub(crate) fn two_persons() -> Standing {
    Standing { two_persons: true, ..open() }
}

/// *Client bloqué*.
pub(crate) fn blocked() -> Standing {
    Standing { blocked: true, ..open() }
}

/// The catalogue of the day.
pub(crate) fn today(articles: &[Article], standing: Standing) -> Today {
    let articles: BTreeMap<_, _> = articles.iter().map(|article| (article.ean, article.clone())).collect();
    Today { articles, standing }
}

/// A line for an article at the library's conditions.
pub(crate) fn line(number: u128, article: &Article, quantity: u32) -> Line {
    Line::new(line_id(number), article, quantity, &conditions(), None)
}

/// Reference, comment, number and prices of the day.
pub(crate) fn conversion(articles: &[Article], standing: Standing) -> Conversion {
    Conversion {
        reference: "BC-2026-17".to_owned(),
        comment: Some(personal::<Comment>(Role::Purchaser, 9)),
        number: 42,
        today: today(articles, standing),
    }
}

/// Where the library is delivered to.
pub(crate) fn annex() -> Address {
    Address {
        id: ANNEX,
        label: "ANNEXE".to_owned(),
        lines: vec!["2, rue des jonquilles".to_owned()],
        postcode: "54000".to_owned(),
        city: "NANCY".to_owned(),
        country: "FR".to_owned(),
    }
}

pub(crate) fn terms(delivery_mode: DeliveryMode) -> OrderTerms {
    OrderTerms {
        delivered_to: LIBRARY,
        billed_to: LIBRARY,
        address: (delivery_mode == DeliveryMode::Delivery).then(annex),
        delivery_mode,
        payment_mode: PaymentMode::Chorus,
        cost_centre: Some("KST-7".to_owned()),
    }
}

/// The basket as its documents name it.
pub(crate) fn origin() -> BasketOrigin {
    BasketOrigin { basket_id: BASKET, number: 27, name: None, owner: account_of(Role::Requester) }
}

/// All that an order is made of, with these lines.
pub(crate) fn placement(lines: Vec<Line>, delivery_mode: DeliveryMode) -> Placement {
    Placement {
        number: 42,
        basket: origin(),
        quote_id: None,
        institution_id: LIBRARY,
        terms: terms(delivery_mode),
        establishment_id: Some(ESTABLISHMENT),
        created_by: account_of(Role::Purchaser),
        reference: "BC-2026-17".to_owned(),
        comment: None,
        lines,
        deferred: Vec::new(),
        shipping_incl_tax: Money::ZERO,
        discount_justification: None,
    }
}

/// Opens the basket for the library.
pub(crate) fn open_basket(standing: Option<Standing>) -> BasketCommand {
    BasketCommand::Open {
        basket_id: BASKET,
        number: 27,
        institution_id: LIBRARY,
        name: None,
        standing,
        quota_reached: false,
    }
}

/// A line of a list.
pub(crate) fn new_line(number: u128, article: Option<Article>, quantity: u32) -> NewLine {
    NewLine { line_id: line_id(number), article, quantity, line_reference: None }
}

/// Puts a list in.
pub(crate) fn add_lines(lines: Vec<NewLine>, standing: Standing) -> BasketCommand {
    BasketCommand::AddLines { lines, standing }
}

/// Opens the basket for the library with the lines of another.
pub(crate) fn copy_basket(lines: Vec<NewLine>, standing: Option<Standing>) -> BasketCommand {
    BasketCommand::Copy {
        basket_id: BASKET,
        number: 27,
        institution_id: LIBRARY,
        name: None,
        standing,
        quota_reached: false,
        lines,
    }
}

/// Places an order on prices that have not changed.
pub(crate) fn place_order(articles: &[Article], lines: Vec<Line>, standing: Standing) -> BasketCommand {
    BasketCommand::PlaceOrder {
        order_id: ORDER,
        conversion: conversion(articles, standing),
        placement: Ok(Box::new(placement(lines, DeliveryMode::Pickup))),
    }
}

/// Asks for a quote on prices that have not changed.
pub(crate) fn request_quote(articles: &[Article], standing: Standing) -> BasketCommand {
    BasketCommand::RequestQuote { quote_id: QUOTE, conversion: conversion(articles, standing) }
}

/// The role that opens baskets of a level.
pub(crate) const fn role_of(level: Level) -> Role {
    match level {
        Level::Requester => Role::Requester,
        Level::Approver => Role::Approver,
        Level::Purchaser => Role::Purchaser,
    }
}

/// A basket of this level was opened by the first account of its role.
pub(crate) fn opened(level: Level) -> BasketEvent {
    BasketEvent::Opened { number: 27, institution_id: LIBRARY, owner: account_of(role_of(level)), level, name: None }
}

/// The article of the manual was put into it, once.
pub(crate) fn line_added() -> BasketEvent {
    BasketEvent::LineAdded { line: line(1, &cemetery_road(), 1) }
}

/// Opened and filled.
pub(crate) fn filled(level: Level) -> Vec<BasketEvent> {
    vec![opened(level), line_added()]
}

pub(crate) fn sent(by: &Context) -> BasketEvent {
    BasketEvent::SentToApprover { by: by.actor.account, comment: None }
}

pub(crate) fn validated(by: &Context) -> BasketEvent {
    BasketEvent::Validated { by: by.actor.account, role: by.actor.role, comment: None }
}

pub(crate) fn unlocked(by: &Context) -> BasketEvent {
    BasketEvent::Unlocked { by: by.actor.account }
}

/// Somebody who asks for an account; the requester, should he be granted it.
pub(crate) fn applicant() -> Applicant {
    Applicant {
        email: personal(Role::Requester, 1),
        name: personal(Role::Requester, 2),
        phone: None,
        registration: Registration {
            company: personal(Role::Requester, 5),
            vat_number: Some(personal(Role::Requester, 6)),
            chamber_number: None,
            department: None,
        },
    }
}
