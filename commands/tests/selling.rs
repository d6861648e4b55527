//! Prices, availability and standing at the moment of ordering.

use bordereau_commands::{BasketRequest, Failed};
use bordereau_domain::{Role, basket::BasketError};
use serde_json::Value;

use crate::bench::*;

async fn placed(bench: &Bench) -> Value {
    let log = bench.log().await;
    serde_json::from_str::<Value>(&log.last().unwrap().payload).unwrap()["OrderPlaced"].clone()
}

#[tokio::test]
async fn changed_prices_are_told_then_repriced_then_ordered() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    bench.put(ROAD, "26.00").await;
    let refused = bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap_err();
    let Failed::Refused(BasketError::PricesChanged(lines)) = refused else { panic!("{refused:?}") };
    let shown: Vec<_> = lines
        .iter()
        .map(|l| (l.line_id, l.old.unit_price_incl_tax.to_string(), l.new.unit_price_incl_tax.to_string()))
        .collect();
    assert_eq!(shown, [(line(1), "25.00".to_owned(), "26.00".to_owned())]);
    bench.ask(Role::Purchaser, 1, BasketRequest::Reprice).await.unwrap();
    bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap();
    let order = placed(&bench).await;
    assert_eq!(order["lines"][0]["price"]["unit_price_incl_tax"], "26.00");
    assert_eq!(order["lines"][0]["price"]["pricing_policy"], "line-ttc-2026");
    assert_eq!(order["totals"]["total_incl_tax"], "23.66");
}

#[tokio::test]
async fn an_article_gone_at_conversion_is_deferred_and_the_order_stands() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    bench.ask(Role::Purchaser, 1, adding(2, OTHER)).await.unwrap();
    bench.withdraw(OTHER).await;
    bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap();
    let order = placed(&bench).await;
    assert_eq!(order["deferred"], Value::from(vec![line(2).to_string()]));
    assert_eq!(order["lines"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_blocked_institution_drafts_and_orders_nothing() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    bench.act(by(Role::Librisoft), library().to_string(), sent_library(true)).await.unwrap();
    for (number, request) in [(1, placing(1)), (2, opening(2))] {
        let refused = bench.ask(Role::Purchaser, number, request).await.unwrap_err();
        assert!(matches!(refused, Failed::Refused(BasketError::InstitutionBlocked)), "{refused:?}");
    }
    bench.ask(Role::Purchaser, 1, adding(2, OTHER)).await.unwrap();
    bench.act(by(Role::Librisoft), library().to_string(), sent_library(false)).await.unwrap();
    bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap();
}

#[tokio::test]
async fn a_basket_is_converted_once_and_answers_with_its_document() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap();
    let again = bench.ask(Role::Purchaser, 1, placing(2)).await.unwrap_err();
    let Failed::Refused(BasketError::AlreadyConverted(document)) = again else { panic!("{again:?}") };
    assert_eq!(document, bordereau_domain::basket::Document::Order(order(1)));
}

#[tokio::test]
async fn another_institution_is_delivered_only_if_it_is_among_the_callers() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    let elsewhere = bordereau_commands::SentInstitution::id_of(&shop(), "9999");
    let BasketRequest::PlaceOrder(mut request) = placing(1) else { panic!("an order") };
    request.terms.deliver_to = Some(elsewhere);
    let refused = bench.ask(Role::Purchaser, 1, BasketRequest::PlaceOrder(request)).await.unwrap_err();
    let Failed::Refused(BasketError::Terms(refused)) = refused else { panic!("{refused:?}") };
    assert_eq!(refused, bordereau_domain::order::TermsError::UnknownInstitution);
}
