//! Leases and what is written under them.

use bordereau_store::{Lease, Parked, Store};
use uuid::Uuid;

use super::bench::{Bench, LEDGER, OTHER, SECOND, START};

fn wanted(node: u128, until: i64) -> Lease {
    Lease {
        ledger: LEDGER.to_owned(),
        name: "mail".to_owned(),
        holder: Uuid::from_u128(node),
        epoch: 0,
        expires_at: until,
    }
}

async fn take(store: &Store, node: u128, now: i64) -> Option<Lease> {
    store.take_lease(wanted(node, now + 30 * SECOND), now).await.unwrap()
}

pub(crate) async fn one_node_holds_a_lease_until_it_ends(bench: Bench) {
    let (here, there) = (bench.open().await, bench.open().await);
    let first = take(&here, 1, START).await.unwrap();
    assert_eq!(first.epoch, 1);
    assert_eq!(take(&there, 2, START + 29 * SECOND).await, None);
    let longer = take(&here, 1, START + 20 * SECOND).await.unwrap();
    assert_eq!(longer.epoch, 1, "one's own lease is made longer under the same epoch");
    assert_eq!(take(&there, 2, START + 49 * SECOND).await, None);
    let taken_over = take(&there, 2, START + 50 * SECOND).await.unwrap();
    assert_eq!(taken_over.epoch, 2);
    assert_eq!(take(&here, 1, START + 51 * SECOND).await, None);

    here.give_back_lease(longer).await.unwrap();
    assert_eq!(take(&here, 1, START + 52 * SECOND).await, None, "what was lost cannot be given back");
    there.give_back_lease(taken_over).await.unwrap();
    assert_eq!(take(&here, 1, START + 53 * SECOND).await.unwrap().epoch, 3);
}

pub(crate) async fn nothing_is_written_under_a_lost_lease(bench: Bench) {
    let (here, there) = (bench.open().await, bench.open().await);
    let lost = take(&here, 1, START).await.unwrap();
    assert!(here.move_checkpoint(&lost, 5, START + SECOND).await.unwrap());
    let held = take(&there, 2, START + 31 * SECOND).await.unwrap();
    let now = START + 32 * SECOND;
    assert!(!here.move_checkpoint(&lost, 9, now).await.unwrap());
    assert!(!here.park(&lost, parked(9), now).await.unwrap());
    assert_eq!(here.find_checkpoint(LEDGER, "mail").await.unwrap(), 5);
    assert!(there.move_checkpoint(&held, 6, now).await.unwrap());
    assert!(!there.move_checkpoint(&held, 7, START + 61 * SECOND).await.unwrap(), "an expired lease is no lease");
    let here = bench.reopen(here).await;
    assert_eq!(here.find_checkpoint(LEDGER, "mail").await.unwrap(), 6);
    assert_eq!(here.find_checkpoint(OTHER, "mail").await.unwrap(), 0);
    assert!(here.list_parked(LEDGER).await.unwrap().is_empty());
}

fn parked(position: u64) -> Parked {
    Parked {
        ledger: LEDGER.to_owned(),
        name: "mail".to_owned(),
        aggregate_type: "Order".to_owned(),
        aggregate_id: "o1".to_owned(),
        position,
        reason: "no such template".to_owned(),
        since: START,
    }
}

pub(crate) async fn what_is_set_aside_is_seen_until_it_is_taken_back(bench: Bench) {
    let store = bench.open().await;
    let lease = take(&store, 1, START).await.unwrap();
    assert!(store.park(&lease, parked(7), START).await.unwrap());
    let again = Parked { reason: "still none".to_owned(), since: START + SECOND, ..parked(7) };
    assert!(store.park(&lease, again.clone(), START + SECOND).await.unwrap());
    let store = bench.reopen(store).await;
    let kept = Parked { since: START, ..again };
    assert_eq!(store.list_parked(LEDGER).await.unwrap(), std::slice::from_ref(&kept));
    assert!(store.list_parked(OTHER).await.unwrap().is_empty());
    assert!(store.unpark(&lease, kept, START + SECOND).await.unwrap());
    assert!(store.list_parked(LEDGER).await.unwrap().is_empty());
}
