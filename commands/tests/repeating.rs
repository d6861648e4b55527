//! Idempotency keys: the same answer again, whatever happened in between.

use bordereau_commands::{BasketRequest, Failed};
use bordereau_domain::{Role, basket::BasketError};

use crate::bench::*;

#[tokio::test]
async fn a_repeated_command_gets_its_answer_again_and_writes_nothing() {
    let bench = Bench::new().await;
    let send = || bench.act(keyed(Role::Requester, "k1", 1), basket(1).to_string(), opening(1));
    let first = send().await.unwrap();
    bench.ask(Role::Requester, 1, adding(1, ROAD)).await.unwrap();
    let before = bench.head().await;
    assert_eq!(send().await.unwrap(), first);
    assert_eq!(bench.head().await, before);
}

#[tokio::test]
async fn the_answer_outlives_a_restart() {
    let bench = Bench::new().await;
    bench.filled(Role::Purchaser, 1).await;
    let place = |bench: &Bench, number| {
        let commands = bench.commands.clone();
        async move { commands.execute(keyed(Role::Purchaser, "k1", 1), basket(1).to_string(), placing(number)).await }
    };
    let first = place(&bench, 1).await.unwrap();
    let bench = bench.restarted().await;
    // The door made another id for the order: the first answer stands all the same.
    assert_eq!(place(&bench, 2).await.unwrap(), first);
    assert_eq!(field(&first, "order_id"), order(1).to_string());
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let bench = Bench::new().await;
    bench.act(keyed(Role::Requester, "k1", 1), basket(1).to_string(), opening(1)).await.unwrap();
    let reused = bench.act(keyed(Role::Requester, "k1", 2), basket(2).to_string(), opening(2)).await.unwrap_err();
    assert!(matches!(reused, Failed::KeyReused), "{reused:?}");
}

#[tokio::test]
async fn a_key_belongs_to_its_account() {
    let bench = Bench::new().await;
    bench.act(keyed(Role::Requester, "k1", 1), basket(1).to_string(), opening(1)).await.unwrap();
    let other = bench.act(keyed(Role::Purchaser, "k1", 2), basket(2).to_string(), opening(2)).await.unwrap();
    assert_eq!(field(&other, "id"), basket(2).to_string());
}

#[tokio::test]
async fn a_refusal_is_not_kept_under_the_key() {
    let bench = Bench::new().await;
    bench.ask(Role::Requester, 1, opening(1)).await.unwrap();
    let send = || {
        let request = BasketRequest::SendToApprover { comment: None };
        bench.act(keyed(Role::Requester, "k1", 1), basket(1).to_string(), request)
    };
    let refused = send().await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(BasketError::Empty)), "{refused:?}");
    bench.ask(Role::Requester, 1, adding(1, ROAD)).await.unwrap();
    assert!(send().await.unwrap().position.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_one_acts_and_both_get_its_answer() {
    let bench = Bench::new().await;
    let before = bench.head().await;
    // The door makes an id for each request; the key says that they are one.
    let (left, right) = tokio::join!(
        bench.act(keyed(Role::Requester, "k1", 1), basket(1).to_string(), opening(1)),
        bench.act(keyed(Role::Requester, "k1", 1), basket(2).to_string(), opening(2)),
    );
    assert_eq!(left.unwrap(), right.unwrap());
    assert_eq!(bench.names_after(before).await, ["BasketOpened"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_on_two_nodes_one_acts_and_both_get_its_answer() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    let other = bench.another_node();
    let before = bench.head().await;
    let envelope = || keyed(Role::Requester, "k1", 1);
    let (left, right) = tokio::join!(
        bench.act(envelope(), basket(1).to_string(), adding(2, ROAD)),
        other.execute(envelope(), basket(1).to_string(), adding(3, ROAD)),
    );
    assert_eq!(left.unwrap(), right.unwrap());
    assert_eq!(bench.names_after(before).await, ["BasketLineAdded"]);
}
