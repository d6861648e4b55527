//! The contract's table of baskets, rule by rule.

use bordereau_domain::{
    Context, Decider, Es, Role,
    article::{Article, Availability},
    basket::{
        Action, Basket, BasketCommand, BasketError, BasketEvent, ChangedPrice, Document, Level, ReturnedTo, Stage,
    },
    institution::Standing,
    line::{LineTerms, MAX_LINES, RepricedLine},
    order::TermsError,
    personal::{BasketName, Comment, LineReference},
    pricing::{Conditions, Discounts, Policy, price_article},
};
use cqrs_es::test::{AggregateResultValidator, TestFramework};

use crate::fixture::*;

mod conversion;
mod lines;
mod names;
mod opening;
mod ownership;
mod sight;
mod steps;
mod two_persons_demanded;

fn when(given: Vec<BasketEvent>, command: BasketCommand, context: Context) -> AggregateResultValidator<Es<Basket>> {
    TestFramework::<Es<Basket>>::with(()).given(given).when((command, context))
}

fn state(given: &[BasketEvent]) -> Basket {
    let mut basket = Basket::default();
    for event in given {
        assert_eq!(basket.allows(event), Ok(()));
        basket.evolve(event);
    }
    basket
}

fn then(mut given: Vec<BasketEvent>, more: impl IntoIterator<Item = BasketEvent>) -> Vec<BasketEvent> {
    given.extend(more);
    given
}

/// Sent by its requester, locked at the approvers.
fn at_approver() -> Vec<BasketEvent> {
    then(filled(Level::Requester), [sent(&by(Role::Requester))])
}

/// Validated by an approver, locked at the purchasers.
fn at_purchaser() -> Vec<BasketEvent> {
    then(at_approver(), [validated(&by(Role::Approver))])
}

fn add(number: u128, article: Option<Article>, quantity: u32) -> BasketCommand {
    BasketCommand::AddLine { line_id: line_id(number), article, quantity, line_reference: None, standing: open() }
}

fn send(standing: Standing) -> BasketCommand {
    BasketCommand::SendToApprover { comment: None, standing }
}

fn validate(standing: Standing) -> BasketCommand {
    BasketCommand::Validate { comment: None, standing }
}

fn give_back() -> BasketCommand {
    BasketCommand::Return { comment: None }
}

fn change(quantity: u32, price: &str) -> BasketCommand {
    let articles = [article("9782330150136", price)];
    let today = today(&articles, open());
    BasketCommand::ChangeLine { line_id: line_id(1), quantity: Some(quantity), line_reference: None, today }
}

fn order() -> BasketCommand {
    let article = cemetery_road();
    place_order(std::slice::from_ref(&article), vec![line(1, &article, 1)], open())
}

fn returned(by: &Context, to: ReturnedTo) -> BasketEvent {
    BasketEvent::ReturnedToPreviousRole { by: by.actor.account, to, comment: None }
}

fn wrong(stage: Stage) -> BasketError {
    BasketError::WrongStage { stage: stage.as_str() }
}

const AT_APPROVER: Stage = Stage::AwaitingApprover { locked: true };
const AT_PURCHASER: Stage = Stage::AwaitingPurchaser { locked: true, by_approver: true };

fn converted() -> Vec<BasketEvent> {
    let by = account_of(Role::Purchaser);
    then(at_purchaser(), [BasketEvent::ConvertedToOrder { by, order_id: ORDER, number: 42 }])
}
