//! What the management system is offered.

use bordereau_domain::{Role, order::OrderCommand, quote::QuoteCommand, terms::DeliveryMode};

use super::world::{Cast, World, sealed};

/// What is due, as (kind, revision).
async fn due(world: &World, cast: &Cast) -> Vec<(&'static str, u64)> {
    world.catch_up().await;
    let page = world.views.librisoft_queue().list(cast.shop, 0, 100).await.expect("queue");
    page.items.iter().map(|item| (item.document.kind(), item.revision)).collect()
}

fn acknowledge(number: &str) -> OrderCommand {
    OrderCommand::Acknowledge { librisoft_number: number.to_owned() }
}

// L02, L27
#[tokio::test(flavor = "multi_thread")]
async fn a_quote_is_due_until_it_was_pushed_whatever_else_happens() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let basket = world.filled_basket(&cast, 1, Role::Purchaser, 2).await;
    let id = world.request_quote(&cast, basket, 1, "Une").await;
    let requested = world.store.head(cast.shop).await.expect("head").expect("ledger").position;
    assert_eq!(due(&world, &cast).await, [("quote", requested)]);
    let today = world.now().date_naive();
    let answer = QuoteCommand::Answer { lines: vec![], valid_until: today, today, french: true };
    world.on_quote(&cast, id, Role::Bookseller, answer).await;
    assert_eq!(due(&world, &cast).await, [("quote", requested)]);
    world.on_quote(&cast, id, Role::Librisoft, QuoteCommand::Acknowledge { librisoft_number: None }).await;
    assert!(due(&world, &cast).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archived_quote_is_no_longer_due() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let basket = world.filled_basket(&cast, 1, Role::Purchaser, 2).await;
    let id = world.request_quote(&cast, basket, 1, "Une").await;
    let today = world.now().date_naive();
    let answer = QuoteCommand::Answer { lines: vec![], valid_until: today, today, french: true };
    world.on_quote(&cast, id, Role::Bookseller, answer).await;
    world.on_quote(&cast, id, Role::Bookseller, QuoteCommand::Archive).await;
    assert!(due(&world, &cast).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collected_order_is_never_offered_again_but_its_cancellation_is() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.order(&cast, 1, DeliveryMode::Pickup).await;
    let placed = world.store.head(cast.shop).await.expect("head").expect("ledger").position;
    let reason = sealed(cast.bookseller, 9);
    assert_eq!(due(&world, &cast).await, [("order", placed)]);
    world.on_order(&cast, id, Role::Bookseller, OrderCommand::MakeAvailable).await;
    assert_eq!(due(&world, &cast).await, [("order", placed)], "also while it is made available");
    world.on_order(&cast, id, Role::Librisoft, acknowledge("L-1")).await;
    assert!(due(&world, &cast).await.is_empty());
    let cancelled = world.on_order(&cast, id, Role::Bookseller, OrderCommand::Cancel { reason }).await;
    assert_eq!(due(&world, &cast).await, [("cancellation", cancelled)]);
    world.on_order(&cast, id, Role::Librisoft, OrderCommand::AcknowledgeCancellation).await;
    assert!(due(&world, &cast).await.is_empty());
    world.on_order(&cast, id, Role::Bookseller, OrderCommand::ResetStatus { reason }).await;
    assert!(due(&world, &cast).await.is_empty());
    let again = world.on_order(&cast, id, Role::Bookseller, OrderCommand::Cancel { reason }).await;
    assert_eq!(due(&world, &cast).await, [("cancellation", again)]);
    world.on_order(&cast, id, Role::Bookseller, OrderCommand::ResetStatus { reason }).await;
    assert!(due(&world, &cast).await.is_empty(), "a cancellation that was taken back is not offered");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_was_never_collected_is_due_again_after_a_reset() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.order(&cast, 1, DeliveryMode::Pickup).await;
    let reason = sealed(cast.bookseller, 9);
    world.on_order(&cast, id, Role::Bookseller, OrderCommand::Cancel { reason }).await;
    assert!(due(&world, &cast).await.is_empty());
    let reset = world.on_order(&cast, id, Role::Bookseller, OrderCommand::ResetStatus { reason }).await;
    assert_eq!(due(&world, &cast).await, [("order", reset)]);
    world.on_order(&cast, id, Role::Bookseller, OrderCommand::Cancel { reason }).await;
    let pushed = world.on_order(&cast, id, Role::Librisoft, acknowledge("L-1")).await;
    assert_eq!(due(&world, &cast).await, [("cancellation", pushed)], "cancelled between offer and collection");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_read_on_from_a_revision() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    for n in 1..=5 {
        world.order(&cast, n, DeliveryMode::Pickup).await;
    }
    world.catch_up().await;
    let (mut after, mut read) = (0, Vec::new());
    loop {
        let page = world.views.librisoft_queue().list(cast.shop, after, 2).await.expect("queue");
        read.extend(page.items.iter().map(|item| item.revision));
        let Some(next) = page.next else { break };
        after = next.parse().expect("revision");
        assert_eq!(read.last(), Some(&after));
    }
    assert_eq!(read.len(), 5);
    assert!(read.is_sorted());
}
