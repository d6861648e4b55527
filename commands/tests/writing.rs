//! What a command writes: where, in which order, with which metadata, and what a refused one leaves untouched.

use bordereau_commands::{BasketRequest, Failed, QuoteRequest, stable_id};
use bordereau_domain::{QuoteId, Role, basket::BasketError, shop::ShopError};
use serde_json::Value;
use uuid::Uuid;

use crate::bench::*;

#[tokio::test]
async fn opening_a_shop_makes_its_ledger_with_the_opening_at_position_one() {
    let bench = Bench::empty().await;
    let done = bench.act(by(Role::System), "DLIVRE".to_owned(), opening_shop()).await.unwrap();
    assert_eq!((done.status, done.sequence, done.position), (201, 2, Some(2)));
    let log = bench.log().await;
    let places: Vec<_> = log.iter().map(|e| (e.position, e.sequence, e.event_type.as_str())).collect();
    assert_eq!(places, [(1, 1, "ShopOpened"), (2, 2, "EstablishmentOpened")]);
    assert_eq!((log[0].aggregate_type.as_str(), log[0].aggregate_id.as_str()), ("Shop", "DLIVRE"));
}

#[tokio::test]
async fn a_shop_opens_once() {
    let bench = Bench::empty().await;
    bench.act(by(Role::System), "DLIVRE".to_owned(), opening_shop()).await.unwrap();
    let again = bench.act(by(Role::System), "DLIVRE".to_owned(), opening_shop()).await.unwrap_err();
    assert!(matches!(again, Failed::Refused(ShopError::AlreadyOpened)), "{again:?}");
    let bench = bench.restarted().await;
    let again = bench.act(by(Role::System), "DLIVRE".to_owned(), opening_shop()).await.unwrap_err();
    assert!(matches!(again, Failed::ShopExists), "{again:?}");
    assert_eq!(bench.head().await, 2);
}

#[tokio::test]
async fn placing_an_order_writes_both_streams_in_one_transaction() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    let before = bench.head().await;
    let done = bench.ask(Role::Purchaser, 1, placing(1)).await.unwrap();
    assert_eq!((done.status, done.sequence, done.position), (200, 3, Some(before + 2)));
    let log = bench.log().await;
    let [converted, placed] = &log[log.len() - 2..] else { panic!("two events") };
    assert_eq!((converted.event_type.as_str(), converted.position), ("BasketConvertedToOrder", before + 1));
    assert_eq!((placed.event_type.as_str(), placed.position, placed.sequence), ("OrderPlaced", before + 2, 1));
    assert_eq!((placed.aggregate_type.as_str(), &placed.aggregate_id), ("Order", &order(1).to_string()));
    assert_eq!((&converted.metadata, converted.recorded_at), (&placed.metadata, placed.recorded_at));
    assert_eq!(field(&done, "order_id"), order(1).to_string());
    let number = serde_json::from_str::<Value>(&placed.payload).unwrap()["OrderPlaced"]["number"].clone();
    assert_eq!(field(&done, "number"), number);
}

#[tokio::test]
async fn an_accepted_quote_and_its_order_stand_in_one_transaction_at_the_quotes_prices() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    let quote_id = QuoteId(Uuid::from_u128(0xd001));
    let request =
        BasketRequest::RequestQuote { quote_id, basket_id: basket(1), reference: " BC-9 ".to_owned(), comment: None };
    bench.ask(Role::Purchaser, 1, request).await.unwrap();
    let answered = bordereau_domain::quote::AnsweredLine {
        line_id: line(1),
        unit_price_incl_tax: "24.00".parse().unwrap(),
        discount_rate: "9".parse().unwrap(),
    };
    let answer = QuoteRequest::Answer { lines: vec![answered], valid_until: "2026-04-15".parse().unwrap() };
    bench.act(by(Role::Bookseller), quote_id.to_string(), answer).await.unwrap();
    bench.put(ROAD, "99.00").await;
    let before = bench.head().await;
    let accept = bordereau_commands::AcceptQuote {
        quote_id,
        order_id: order(1),
        terms: terms(bordereau_domain::terms::DeliveryMode::Delivery),
    };
    bench.act(by(Role::Purchaser), quote_id.to_string(), QuoteRequest::Accept(accept)).await.unwrap();
    assert_eq!(bench.names_after(before).await, ["QuoteAccepted", "OrderPlaced"]);
    let log = bench.log().await;
    let placed: Value = serde_json::from_str(&log.last().unwrap().payload).unwrap();
    let placed = &placed["OrderPlaced"];
    assert_eq!(placed["lines"][0]["price"]["unit_price_incl_tax"], "24.00");
    assert_eq!((&placed["reference"], &placed["quote_id"]), (&"BC-9".into(), &quote_id.to_string().into()));
    assert_eq!(placed["terms"]["address"]["label"], "ANNEXE");
}

#[tokio::test]
async fn metadata_says_who_acted_for_whom_and_how_in_sorted_strings() {
    let bench = Bench::new().await;
    let mut envelope = by(Role::Requester);
    envelope.actor.on_behalf_of = Some(account(Role::Purchaser));
    envelope.causation = Some(Uuid::from_u128(7));
    bench.act(envelope.clone(), basket(1).to_string(), opening(1)).await.unwrap();
    let log = bench.log().await;
    let metadata: serde_json::Map<String, Value> = serde_json::from_str(&log.last().unwrap().metadata).unwrap();
    let keys: Vec<_> = metadata.keys().map(String::as_str).collect();
    let all = [
        "actor",
        "at",
        "causation",
        "channel",
        "command",
        "correlation",
        "institution",
        "ledger",
        "on_behalf_of",
        "role",
    ];
    assert_eq!(keys, all);
    assert!(metadata.values().all(Value::is_string));
    let shown = |key: &str| metadata[key].as_str().unwrap().to_owned();
    assert_eq!(shown("actor"), account(Role::Requester).to_string());
    assert_eq!(shown("on_behalf_of"), account(Role::Purchaser).to_string());
    assert_eq!(shown("institution"), library().to_string());
    assert_eq!(shown("correlation"), envelope.correlation.to_string());
    assert_eq!(shown("at"), "2026-03-16T09:30:00.000000Z");
    assert_eq!(
        [shown("command"), shown("channel"), shown("role"), shown("ledger")],
        ["OpenBasket", "api", "requester", "DLIVRE"]
    );
}

#[tokio::test]
async fn a_refused_command_moves_no_position() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    let before = bench.head().await;
    let refused = bench.ask(Role::Requester, 1, placing(1)).await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(BasketError::RoleMayNot)), "{refused:?}");
    let hidden = bench.ask(Role::Purchaser, 1, BasketRequest::Unlock).await.unwrap_err();
    assert!(matches!(hidden, Failed::NotFound), "{hidden:?}");
    let unknown = bench.ask(Role::Requester, 99, BasketRequest::Discard).await.unwrap_err();
    assert!(matches!(unknown, Failed::NotFound), "{unknown:?}");
    let article = bench.ask(Role::Requester, 1, adding(2, "9791097284657")).await.unwrap_err();
    assert!(matches!(article, Failed::Refused(BasketError::UnknownArticle)), "{article:?}");
    assert_eq!(bench.head().await, before);
}

#[tokio::test]
async fn what_is_done_already_is_answered_without_a_position() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    let before = bench.head().await;
    let again = bench.ask(Role::Requester, 1, opening(1)).await.unwrap();
    assert_eq!((again.status, again.sequence, again.position), (201, 2, None));
    assert_eq!(bench.head().await, before);
}

#[tokio::test]
async fn a_refused_command_burns_no_number() {
    let bench = Bench::new().await;
    let first = bench.ask(Role::Requester, 1, opening(1)).await.unwrap();
    let mut elsewhere = by(Role::Requester);
    elsewhere.actor.institutions.clear();
    bench.act(elsewhere, basket(2).to_string(), opening(2)).await.unwrap_err();
    bench.act(by(Role::Requester), basket(1).to_string(), opening(1)).await.unwrap();
    let second = bench.ask(Role::Requester, 2, opening(2)).await.unwrap();
    assert_eq!(field(&second, "number").as_u64(), field(&first, "number").as_u64().map(|number| number + 1));

    bench.filled(Role::Purchaser, 3).await;
    bench.filled(Role::Purchaser, 4).await;
    let empty = bench.ask(Role::Purchaser, 5, opening(5)).await.unwrap();
    assert_eq!(empty.sequence, 1);
    let third = bench.ask(Role::Purchaser, 3, placing(3)).await.unwrap();
    bench.ask(Role::Purchaser, 5, placing(5)).await.unwrap_err();
    bench.ask(Role::Purchaser, 3, placing(33)).await.unwrap_err();
    let fourth = bench.ask(Role::Purchaser, 4, placing(4)).await.unwrap();
    assert_eq!(field(&fourth, "number").as_u64(), field(&third, "number").as_u64().map(|number| number + 1));
}

#[tokio::test]
async fn numbers_are_never_given_twice_also_after_a_restart() {
    let bench = Bench::new().await;
    let first = bench.ask(Role::Requester, 1, opening(1)).await.unwrap();
    let bench = bench.restarted().await;
    let second = bench.ask(Role::Requester, 2, opening(2)).await.unwrap();
    assert!(field(&second, "number").as_u64() > field(&first, "number").as_u64());
}

/// Frozen: other values would make a second institution, address or establishment of each one that is in a log.
#[tokio::test]
async fn the_ids_that_follow_from_names_are_the_same_for_ever() {
    let (institution, address, establishment) = (
        "d5961c77-5698-5ae9-aa50-f71294e3f8c5",
        "9cb07bcf-d494-54c6-9311-b7cefaa45674",
        "f29f2a6a-8fb5-5d38-9225-203a2ae80354",
    );
    assert_eq!(stable_id(&["institution", "DLIVRE", LIBRARY]).to_string(), institution);
    assert_eq!(stable_id(&["address", institution, "ANNEXE"]).to_string(), address);
    assert_eq!(stable_id(&["establishment", "DLIVRE", "1"]).to_string(), establishment);
    let bench = Bench::new().await;
    let log = bench.log().await;
    let payload = |name: &str| &log.iter().find(|event| event.event_type == name).unwrap().payload;
    assert!(payload("EstablishmentOpened").contains(establishment));
    assert!(payload("InstitutionSynchronised").contains(address));
    assert!(log.iter().any(|event| event.aggregate_type == "Institution" && event.aggregate_id == institution));
}
