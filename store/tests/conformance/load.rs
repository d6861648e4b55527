//! Two processes on one place, under load; and two nodes of one process where that shows as much.

use std::collections::HashSet;

use bordereau_store::{Append, AppendError, Beside, Store};
use uuid::Uuid;

use super::bench::{Bench, LEDGER, all_ids, command, opening, stream};
use super::second_process::Second;

/// Parts of a second process.
pub(crate) const DAWDLE: &str = "dawdle";
pub(crate) const HALF_STALE: &str = "half-stale";

const WRITERS: usize = 64;
const APPENDS: u64 = 200;
const BASKETS: usize = 32;
const VERSIONS: u64 = 60;

// R8
pub(crate) async fn processes_that_dawdle_lose_nothing_and_readers_miss_nothing(bench: Bench) {
    let nodes = [bench.open().await, bench.open_bare().await];
    bench.slow_appends().await;
    let second = Second::start(&bench, DAWDLE).await;
    let readers: Vec<_> = (0..4).map(|index| tokio::spawn(tail(nodes[index % 2].clone()))).collect();
    let mut acknowledged: HashSet<Uuid> = write_half(&nodes[0], 0).await.into_iter().collect();
    acknowledged.extend(second.end().await.iter().map(|id| id.parse::<Uuid>().unwrap()));
    assert_eq!(acknowledged.len() as u64, WRITERS as u64 * APPENDS * 3);
    nodes[0].append(command(LEDGER, vec![stream("end", "end", 0, 1)])).await.unwrap();
    let ids = all_ids(&nodes[1], LEDGER).await;
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "an event was doubled");
    assert_eq!(ids.len(), acknowledged.len() + 2);
    let stored: HashSet<_> = ids.iter().collect();
    assert!(acknowledged.iter().all(|id| stored.contains(id)));
    for reader in readers {
        assert_eq!(reader.await.unwrap(), ids);
    }
    assert_eq!(nodes[0].head(LEDGER).await.unwrap().unwrap().position, ids.len() as u64);
}

/// Every other writer writes, all at once; the ids of what was acknowledged.
pub(crate) async fn write_half(store: &Store, half: usize) -> Vec<Uuid> {
    let indexes = (0..WRITERS).filter(|index| index % 2 == half);
    let writers: Vec<_> = indexes.map(|index| tokio::spawn(write(store.clone(), index, APPENDS))).collect();
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    acknowledged
}

/// Appends one to five events at a time to a stream of its own.
async fn write(store: Store, index: usize, rounds: u64) -> Vec<Uuid> {
    let (mut written, mut expected) = (Vec::new(), 0);
    for round in 0..rounds {
        let count = usize::try_from(round).unwrap() % 5 + 1;
        let attempt = stream("basket", &format!("b{index}"), expected, count);
        let ids: Vec<_> = attempt.events.iter().map(|event| event.event_id).collect();
        let receipt = store.append(command(LEDGER, vec![attempt])).await.unwrap();
        assert_eq!(receipt.position - receipt.first + 1, count as u64);
        written.extend(ids);
        expected += count as u64;
    }
    written
}

/// Follows the ledger as a view does, until its last event.
async fn tail(store: Store) -> Vec<Uuid> {
    let mut appended = store.appended();
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        appended.mark_unchanged();
        let page = store.read(LEDGER, after, 500).await.unwrap();
        for event in &page {
            assert_eq!(event.position, after + 1, "a reader missed an event");
            after = event.position;
            seen.push(event.event_id);
        }
        if page.last().is_some_and(|event| event.aggregate_type == "end") {
            return seen;
        }
        if page.is_empty() {
            // Beside a SQLite file another process's writes do not show: the end of this wait is the poll.
            tokio::time::timeout(std::time::Duration::from_millis(200), appended.changed()).await.ok();
        }
    }
}

pub(crate) async fn every_fresh_command_is_stored_and_every_stale_one_refused(bench: Bench) {
    let store = bench.open().await;
    let second = Second::start(&bench, HALF_STALE).await;
    half_stale(&store, 0).await;
    second.end().await;
    let ids = all_ids(&store, LEDGER).await;
    assert_eq!(ids.len() as u64, BASKETS as u64 * VERSIONS + 1);
    assert_eq!(store.head(LEDGER).await.unwrap().unwrap().position, ids.len() as u64);
}

/// Moves every other basket on, version by version, while stale commands are sent for the baskets that the other
/// process moves: half of all commands are stale.
pub(crate) async fn half_stale(store: &Store, half: usize) {
    let baskets: Vec<_> = (0..BASKETS)
        .map(|index| {
            let (store, fresh) = (store.clone(), index % 2 == half);
            tokio::spawn(async move {
                let id = format!("b{index}");
                for round in 0..VERSIONS {
                    if fresh {
                        store.append(command(LEDGER, vec![stream("basket", &id, round, 1)])).await.unwrap();
                    } else {
                        let expected = stale(&store, &id, round).await;
                        let stale = store.append(command(LEDGER, vec![stream("basket", &id, expected, 1)])).await;
                        assert!(matches!(stale, Err(AppendError::Conflict { .. })), "{stale:?}");
                    }
                }
            })
        })
        .collect();
    for basket in baskets {
        basket.await.unwrap();
    }
}

/// A sequence at which the stream is not and will not be: one that it has left behind, or one beyond its end.
async fn stale(store: &Store, id: &str, round: u64) -> u64 {
    let present = store.load(LEDGER, "basket", id, 0).await.unwrap().len() as u64;
    if round.is_multiple_of(2) && present > 0 { present - 1 } else { VERSIONS + 1 + round }
}

pub(crate) async fn ledgers_do_not_wait_for_one_another(bench: Bench) {
    let nodes = [bench.open_bare().await, bench.open_bare().await];
    let rounds = if bench.is_postgres() { 40 } else { 4 };
    let mut tasks = Vec::new();
    for ledger in (1..=8).map(|number| format!("SHOP-{number}")) {
        nodes[0].append(opening(&ledger)).await.unwrap();
        for (side, name) in [(0, "a"), (1, "b"), (0, "c"), (1, "d")] {
            let (store, ledger) = (nodes[side].clone(), ledger.clone());
            tasks.push(tokio::spawn(async move {
                for round in 0..rounds {
                    let mut append = command(&ledger, vec![stream("basket", &format!("{ledger}-{name}"), round, 1)]);
                    if round % 4 == 0 {
                        let value = store.blind_index(&ledger, "email", &format!("{name}{round}"));
                        append.beside.push(Beside::Claim { kind: "email".to_owned(), value, holder: name.to_owned() });
                    }
                    store.append(append).await.unwrap();
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    let heads = nodes[0].heads().await.unwrap();
    assert!(heads.len() == 8 && heads.iter().all(|head| head.position == 4 * rounds + 1), "{heads:?}");
    if bench.is_postgres() {
        let query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        let deadlocks: i64 = sqlx::query_scalar(query).fetch_one(&mut bench.raw().await).await.unwrap();
        assert_eq!(deadlocks, 0);
    }
}

pub(crate) async fn one_value_is_claimed_once_over_two_nodes(bench: Bench) {
    let nodes = [bench.open().await, bench.open_bare().await];
    let value = nodes[0].blind_index(LEDGER, "email", "a@b.example");
    let rivals: Vec<_> = (0..16)
        .map(|index| {
            let store = nodes[index % 2].clone();
            tokio::spawn(async move {
                let id = format!("account-{index}");
                let claim = Beside::Claim { kind: "email".to_owned(), value, holder: id.clone() };
                let streams = vec![stream("account", &id, 0, 1)];
                store.append(Append { beside: vec![claim], ..command(LEDGER, streams) }).await
            })
        })
        .collect();
    let mut winners = 0;
    for rival in rivals {
        match rival.await.unwrap() {
            Ok(_) => winners += 1,
            Err(error) => assert!(matches!(error, AppendError::ClaimTaken { .. }), "{error:?}"),
        }
    }
    assert_eq!(winners, 1);
    assert_eq!(all_ids(&nodes[0], LEDGER).await.len(), 2);
}
