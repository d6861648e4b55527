//! Many writers and readers at once.

use std::collections::HashSet;
use std::sync::Arc;

use bordereau_store::{AppendError, Store};
use tokio::sync::Barrier;
use uuid::Uuid;

use super::bench::{Bench, LEDGER, all_ids, command, stream};

const WRITERS: usize = 64;
const APPENDS: usize = 200;
const STREAMS: usize = 16;

pub(crate) async fn positions_are_dense_and_readers_miss_nothing(bench: Bench) {
    let store = bench.open().await;
    let total = WRITERS * APPENDS + 1;
    let readers: Vec<_> = (0..4).map(|_| tokio::spawn(tail(store.clone(), total))).collect();
    let writers: Vec<_> = (0..WRITERS).map(|index| tokio::spawn(write(store.clone(), index))).collect();
    let mut acknowledged = HashSet::new();
    for writer in writers {
        for (event_id, position) in writer.await.unwrap() {
            assert!(acknowledged.insert((event_id, position)));
        }
    }
    let ids = all_ids(&store, LEDGER).await;
    assert_eq!(ids.len(), total);
    for (event_id, position) in acknowledged {
        assert_eq!(ids[usize::try_from(position).unwrap() - 1], event_id);
    }
    for reader in readers {
        let seen = reader.await.unwrap();
        let seen_ids: Vec<_> = seen.iter().map(|(_, event_id, _)| *event_id).collect();
        assert_eq!(seen_ids, ids);
        assert!(seen.iter().zip(1..).all(|((position, _, _), expected)| *position == expected));
        assert!(seen.windows(2).all(|pair| pair[0].2 <= pair[1].2), "recorded_at fell");
    }
    for index in 0..STREAMS {
        let loaded = store.load(LEDGER, "basket", &format!("b{index}"), 0).await.unwrap();
        assert!(loaded.iter().zip(1..).all(|(event, expected)| event.sequence == expected));
    }
}

/// Appends to shared streams, reading the present sequence again after each conflict.
async fn write(store: Store, index: usize) -> Vec<(Uuid, u64)> {
    let id = format!("b{}", index % STREAMS);
    let (mut written, mut expected) = (Vec::new(), 0);
    while written.len() < APPENDS {
        let attempt = stream("basket", &id, expected, 1);
        let event_id = attempt.events[0].event_id;
        match store.append(command(LEDGER, vec![attempt])).await {
            Ok(receipt) => {
                written.push((event_id, receipt.position));
                expected += 1;
            }
            Err(AppendError::Conflict { .. }) => {
                let news = store.load(LEDGER, "basket", &id, expected).await.unwrap();
                expected = news.last().map_or(expected, |event| event.sequence);
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    written
}

/// Follows the ledger as a view does, until it has seen so many events.
async fn tail(store: Store, total: usize) -> Vec<(u64, Uuid, i64)> {
    let mut appended = store.appended();
    let (mut seen, mut after) = (Vec::new(), 0);
    while seen.len() < total {
        appended.mark_unchanged();
        let page = store.read(LEDGER, after, 64).await.unwrap();
        match page.last() {
            Some(last) => after = last.position,
            None => appended.changed().await.unwrap(),
        }
        seen.extend(page.iter().map(|event| (event.position, event.event_id, event.recorded_at)));
    }
    seen
}

pub(crate) async fn one_writer_wins_each_version(bench: Bench) {
    let store = bench.open().await;
    for expected in 0..20 {
        let start = Arc::new(Barrier::new(32));
        let rivals: Vec<_> = (0..32)
            .map(|_| {
                let (store, start) = (store.clone(), Arc::clone(&start));
                tokio::spawn(async move {
                    start.wait().await;
                    store.append(command(LEDGER, vec![stream("basket", "contended", expected, 1)])).await.is_ok()
                })
            })
            .collect();
        let mut winners = 0;
        for rival in rivals {
            winners += usize::from(rival.await.unwrap());
        }
        assert_eq!(winners, 1);
    }
}

pub(crate) async fn numbers_are_unique_under_concurrency(bench: Bench) {
    let store = bench.open().await;
    let takers: Vec<_> = (1..=32_u64)
        .map(|index| {
            let store = store.clone();
            let count = index % 3 + 1;
            tokio::spawn(async move { (store.take_numbers(LEDGER, "order", count).await.unwrap(), count) })
        })
        .collect();
    let mut taken = HashSet::new();
    for taker in takers {
        let (first, count) = taker.await.unwrap();
        for number in first..first + count {
            assert!(taken.insert(number), "{number} was given twice");
        }
    }
    assert_eq!(taken.iter().min(), Some(&1));
    let store = bench.reopen(store).await;
    let next = store.take_numbers(LEDGER, "order", 1).await.unwrap();
    assert!(!taken.contains(&next));
    assert_eq!(store.take_numbers(LEDGER, "quote", 1).await.unwrap(), 1);
    store.take_numbers(LEDGER, "order", 0).await.unwrap_err();
}

pub(crate) async fn two_stores_on_one_place_write_beside_each_other(bench: Bench) {
    let service = bench.open().await;
    let console = bench.open_bare().await;
    let tasks: Vec<_> = [("s", service.clone()), ("c", console.clone())]
        .into_iter()
        .map(|(name, store)| {
            tokio::spawn(async move {
                for expected in 0..40 {
                    store.append(command(LEDGER, vec![stream("basket", name, expected, 1)])).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(all_ids(&service, LEDGER).await, all_ids(&console, LEDGER).await);
    assert_eq!(service.head(LEDGER).await.unwrap().unwrap().position, 81);
}
