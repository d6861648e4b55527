//! Races: between clients with `If-Match`, between nodes, and against callers who go away.

use bordereau_commands::{BasketRequest, Commands, Envelope, Failed};
use bordereau_domain::{
    Role,
    basket::{Basket, BasketError, Stage},
};

use crate::bench::*;

fn seen(role: Role, sequence: u64) -> Envelope {
    Envelope { if_match: Some(sequence), ..by(role) }
}

async fn stage(commands: &Commands, number: u128) -> Stage {
    let ask = |basket: &Basket| basket.opened().unwrap().stage;
    commands.peek::<Basket, _>("DLIVRE", &basket(number).to_string(), ask).await.unwrap().value
}

/// Lets 32 clients of these nodes add a line at the same sequence, for some rounds.
async fn race(bench: &Bench, nodes: &[Commands]) {
    bench.filled(Role::Requester, 1).await;
    for round in 0..8u64 {
        let sequence = 2 + round;
        let clients: Vec<_> = (0..32u128)
            .zip(nodes.iter().cycle().cloned())
            .map(|(client, commands)| {
                let request = adding(100 + u128::from(round) * 100 + client, ROAD);
                let id = basket(1).to_string();
                tokio::spawn(async move { commands.execute(seen(Role::Requester, sequence), id, request).await })
            })
            .collect();
        let mut winners = 0;
        for client in clients {
            match client.await.unwrap() {
                Ok(done) => {
                    assert_eq!(done.sequence, sequence + 1);
                    winners += 1;
                }
                Err(Failed::Stale { current }) => assert_eq!(current, sequence + 1),
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(winners, 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_32_clients_at_one_sequence_exactly_one_wins_and_the_others_learn_the_present_one() {
    let bench = Bench::new().await;
    race(&bench, std::slice::from_ref(&bench.commands)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_32_clients_on_two_nodes_exactly_one_wins_too() {
    let bench = Bench::new().await;
    race(&bench, &[bench.commands.clone(), bench.another_node()]).await;
}

#[tokio::test]
async fn a_wrong_sequence_is_told_before_the_state_is_judged_and_after_the_right() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    let id = || basket(1).to_string();
    let stale = bench.act(seen(Role::Requester, 1), id(), BasketRequest::Reprice).await.unwrap_err();
    assert!(matches!(stale, Failed::Stale { current: 2 }), "{stale:?}");
    let ahead = bench.act(seen(Role::Requester, 3), id(), BasketRequest::Reprice).await.unwrap_err();
    assert!(matches!(ahead, Failed::Stale { current: 2 }), "{ahead:?}");
    let forbidden = bench.act(seen(Role::Requester, 1), id(), BasketRequest::Unlock).await.unwrap_err();
    assert!(matches!(forbidden, Failed::Refused(BasketError::RoleMayNot)), "{forbidden:?}");
}

#[tokio::test]
async fn a_refusal_is_confirmed_against_what_another_node_wrote() {
    let bench = Bench::new().await;
    bench.ask(Role::Requester, 1, opening(1)).await.unwrap();
    let other = bench.another_node();
    other.execute(by(Role::Requester), basket(1).to_string(), adding(1, ROAD)).await.unwrap();
    // In this node's memory the basket is empty, which would refuse the step.
    let done = bench.ask(Role::Requester, 1, BasketRequest::SendToApprover { comment: None }).await.unwrap();
    assert_eq!(done.sequence, 3);
}

#[tokio::test]
async fn an_empty_result_is_confirmed_against_what_another_node_wrote() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    let send = || BasketRequest::SendToApprover { comment: None };
    bench.ask(Role::Requester, 1, send()).await.unwrap();
    bench.ask(Role::Approver, 1, BasketRequest::Unlock).await.unwrap();
    let other = bench.another_node();
    let id = || basket(1).to_string();
    other.execute(by(Role::Purchaser), id(), BasketRequest::Return { comment: None }).await.unwrap();
    other.execute(by(Role::Requester), id(), send()).await.unwrap();
    // In this node's memory it is unlocked still; in the log it was sent again, which locked it.
    let done = bench.ask(Role::Approver, 1, BasketRequest::Unlock).await.unwrap();
    assert!(done.position.is_some());
    assert_eq!(stage(&bench.commands, 1).await, Stage::AwaitingApprover { locked: false });
}

#[tokio::test]
async fn a_conflict_is_decided_again_on_what_the_log_holds() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    let other = bench.another_node();
    other.execute(by(Role::Requester), basket(1).to_string(), adding(2, OTHER)).await.unwrap();
    let done = bench.ask(Role::Requester, 1, adding(3, ROAD)).await.unwrap();
    assert_eq!(done.sequence, 4);
    other.execute(by(Role::Requester), basket(1).to_string(), BasketRequest::Discard).await.unwrap();
    let refused = bench.ask(Role::Requester, 1, adding(4, ROAD)).await.unwrap_err();
    assert!(matches!(refused, Failed::Refused(BasketError::WrongStage { stage: "discarded" })), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_validate_and_return_at_once_the_first_wins_and_the_second_is_refused() {
    let bench = Bench::new().await;
    bench.filled(Role::Requester, 1).await;
    bench.ask(Role::Requester, 1, BasketRequest::SendToApprover { comment: None }).await.unwrap();
    let other = bench.another_node();
    let (validated, returned) = tokio::join!(
        bench.ask(Role::Approver, 1, BasketRequest::Validate { comment: None }),
        other.execute(by(Role::Approver), basket(1).to_string(), BasketRequest::Return { comment: None }),
    );
    let (winner, loser) = if validated.is_ok() { (validated, returned) } else { (returned, validated) };
    assert_eq!(winner.unwrap().sequence, 4);
    let refused = loser.unwrap_err();
    assert!(matches!(refused, Failed::Refused(BasketError::WrongStage { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_cancel_his_command() {
    let bench = Bench::new().await;
    let mut appended = bench.commands.store().appended();
    appended.mark_unchanged();
    let before = bench.head().await;
    {
        let leaving = bench.ask(Role::Requester, 1, opening(1));
        tokio::select! {
            biased;
            done = leaving => panic!("it was not to be awaited: {done:?}"),
            () = std::future::ready(()) => {}
        }
    }
    let patience = std::time::Duration::from_secs(5);
    tokio::time::timeout(patience, appended.changed()).await.unwrap().unwrap();
    assert_eq!(bench.names_after(before).await, ["BasketOpened"]);
}
