//! Appending and reading.

use bordereau_store::{Append, AppendError};

use super::bench::{Bench, DAY, LEDGER, OTHER, SECOND, START, add, all_ids, command, event, opening, outcome, stream};

pub(crate) async fn events_are_read_back_as_they_were_written(bench: Bench) {
    let store = bench.open().await;
    let mut written = stream("basket", "b1", 0, 2);
    written.events[0].payload = "{\"BasketOpened\": {\"name\":\"\\u00e9 \u{1f4da}\",  \"z\":1,\"a\":2}}".to_owned();
    let receipt = store.append(command(LEDGER, vec![written.clone()])).await.unwrap();
    assert_eq!((receipt.first, receipt.position), (2, 3));

    let read = store.read(LEDGER, 1, 10).await.unwrap();
    assert_eq!(read.len(), 2);
    for (index, (stored, new)) in read.iter().zip(&written.events).enumerate() {
        let sequence = u64::try_from(index).unwrap() + 1;
        assert_eq!((stored.ledger.as_str(), stored.position, stored.sequence), (LEDGER, sequence + 1, sequence));
        assert_eq!((stored.aggregate_type.as_str(), stored.aggregate_id.as_str()), ("basket", "b1"));
        assert_eq!((stored.event_id, &stored.event_type), (new.event_id, &new.event_type));
        assert_eq!((&stored.event_version, &stored.payload), (&new.event_version, &new.payload));
        assert_eq!((&stored.metadata, stored.recorded_at), (&new.metadata, receipt.recorded_at));
    }
    assert_eq!(store.load(LEDGER, "basket", "b1", 0).await.unwrap(), read);
    assert_eq!(store.load(LEDGER, "basket", "b1", 1).await.unwrap(), read[1..]);
    assert!(store.load(OTHER, "basket", "b1", 0).await.unwrap().is_empty());
    assert!(store.load(LEDGER, "basket", "b1", u64::MAX).await.unwrap().is_empty());
    assert!(store.read(LEDGER, u64::MAX, 10).await.unwrap().is_empty());
    assert_eq!(store.read(LEDGER, 0, 2).await.unwrap().len(), 2);
    let head = store.head(LEDGER).await.unwrap().unwrap();
    assert_eq!((head.position, head.recorded_at), (3, receipt.recorded_at));
    assert_eq!(store.heads().await.unwrap().len(), 2);
}

pub(crate) async fn several_streams_are_appended_as_one(bench: Bench) {
    let store = bench.open().await;
    add(&store, "b1", 0).await;
    let streams = vec![stream("basket", "b1", 1, 1), stream("order", "o1", 0, 2)];
    let receipt = store.append(command(LEDGER, streams)).await.unwrap();
    assert_eq!((receipt.first, receipt.position), (3, 5));
    let read = store.read(LEDGER, 2, 10).await.unwrap();
    let places: Vec<_> = read.iter().map(|event| (event.aggregate_id.as_str(), event.sequence)).collect();
    assert_eq!(places, [("b1", 2), ("o1", 1), ("o1", 2)]);

    // One of two streams has moved: neither is written.
    let streams = vec![stream("order", "o1", 2, 1), stream("basket", "b1", 1, 1)];
    let error = store.append(command(LEDGER, streams)).await.unwrap_err();
    assert_eq!(error, conflict("b1"));
    assert_eq!(store.head(LEDGER).await.unwrap().unwrap().position, 5);
    assert_eq!(store.load(LEDGER, "order", "o1", 0).await.unwrap().len(), 2);
}

pub(crate) async fn a_conflict_fails_only_its_own_command(bench: Bench) {
    let store = bench.open().await;
    add(&store, "b1", 0).await;
    for expected in [0, 2] {
        let late = command(LEDGER, vec![stream("basket", "b1", expected, 1)]);
        assert_eq!(store.append(late).await.unwrap_err(), conflict("b1"));
    }
    assert_eq!(add(&store, "b1", 1).await.position, 3);
}

pub(crate) async fn a_conflict_inside_a_batch_fails_only_the_second(bench: Bench) {
    let store = bench.open().await;
    // All are queued before the writer answers the first: they share batches.
    let commands: Vec<_> = (0..60)
        .map(|index| {
            let store = store.clone();
            let id = format!("b{}", index / 2);
            tokio::spawn(async move { store.append(command(LEDGER, vec![stream("basket", &id, 0, 1)])).await })
        })
        .collect();
    let (mut won, mut lost) = (0, 0);
    for task in commands {
        match task.await.unwrap() {
            Ok(_) => won += 1,
            Err(error) => {
                assert!(matches!(error, AppendError::Conflict { .. }), "{error:?}");
                lost += 1;
            }
        }
    }
    assert_eq!((won, lost), (30, 30));
    assert_eq!(all_ids(&store, LEDGER).await.len(), 31);
    assert_eq!(store.head(LEDGER).await.unwrap().unwrap().position, 31);
}

pub(crate) async fn a_stream_of_another_ledger_is_a_conflict(bench: Bench) {
    let store = bench.open().await;
    add(&store, "b1", 0).await;
    for expected in [0, 1] {
        let error = store.append(command(OTHER, vec![stream("basket", "b1", expected, 1)])).await.unwrap_err();
        assert_eq!(error, conflict("b1"));
    }
    assert_eq!(store.head(OTHER).await.unwrap().unwrap().position, 1);
}

pub(crate) async fn a_key_is_used_once_also_after_a_reopening(bench: Bench) {
    let store = bench.open().await;
    let first = with_key("b1", "key-1");
    let receipt = store.append(first).await.unwrap();
    assert_eq!(store.append(with_key("b2", "key-1")).await.unwrap_err(), AppendError::KeyTaken);
    let store = bench.reopen(store).await;
    assert_eq!(store.append(with_key("b2", "key-1")).await.unwrap_err(), AppendError::KeyTaken);
    let kept = store.find_outcome(LEDGER, "account-1", "key-1").await.unwrap().unwrap();
    assert_eq!((kept.request_hash, kept.status, kept.body.as_str()), ([7; 32], 201, r#"{"id":"1"}"#));
    assert_eq!((kept.sequence, kept.position), (3, receipt.position));
    for (ledger, account, key) in
        [(OTHER, "account-1", "key-1"), (LEDGER, "account-2", "key-1"), (LEDGER, "account-1", "k")]
    {
        assert_eq!(store.find_outcome(ledger, account, key).await.unwrap(), None);
    }
    assert!(store.load(LEDGER, "basket", "b2", 0).await.unwrap().is_empty());
}

pub(crate) async fn an_old_key_may_be_used_again(bench: Bench) {
    let store = bench.open().await;
    store.append(with_key("b1", "key-1")).await.unwrap();
    bench.set_clock(START + 7 * DAY - SECOND);
    assert_eq!(store.append(with_key("b2", "key-1")).await.unwrap_err(), AppendError::KeyTaken);
    bench.set_clock(START + 7 * DAY + SECOND);
    assert_eq!(store.find_outcome(LEDGER, "account-1", "key-1").await.unwrap(), None);
    let receipt = store.append(with_key("b2", "key-1")).await.unwrap();
    let kept = store.find_outcome(LEDGER, "account-1", "key-1").await.unwrap().unwrap();
    assert_eq!(kept.position, receipt.position);
}

pub(crate) async fn an_outcome_has_the_position_of_its_last_event(bench: Bench) {
    let store = bench.open().await;
    let streams = vec![stream("basket", "b1", 0, 3), stream("order", "o1", 0, 2)];
    let receipt = store.append(Append { beside: vec![outcome("key-1")], ..command(LEDGER, streams) }).await.unwrap();
    add(&store, "b2", 0).await;
    let kept = store.find_outcome(LEDGER, "account-1", "key-1").await.unwrap().unwrap();
    assert_eq!((kept.position, receipt.position), (6, 6));
}

pub(crate) async fn a_key_taken_goes_before_a_conflict(bench: Bench) {
    let store = bench.open().await;
    store.append(with_key("b1", "key-1")).await.unwrap();
    assert_eq!(store.append(with_key("b1", "key-1")).await.unwrap_err(), AppendError::KeyTaken);
}

pub(crate) async fn an_unknown_ledger_takes_nothing(bench: Bench) {
    let store = bench.open().await;
    let error = store.append(command("NOWHERE", vec![stream("basket", "b1", 0, 1)])).await.unwrap_err();
    assert_eq!(error, AppendError::UnknownLedger);
    assert_eq!(store.head("NOWHERE").await.unwrap(), None);
    assert!(store.read("NOWHERE", 0, 10).await.unwrap().is_empty());
}

pub(crate) async fn a_ledger_is_opened_once(bench: Bench) {
    let store = bench.open_bare().await;
    let receipt = store.append(opening(LEDGER)).await.unwrap();
    assert_eq!((receipt.first, receipt.position), (1, 1));
    // PostgreSQL records the server's time.
    assert!(bench.is_postgres() || receipt.recorded_at == START);
    assert_eq!(store.append(opening(LEDGER)).await.unwrap_err(), AppendError::LedgerExists);
    let head = store.head(LEDGER).await.unwrap().unwrap();
    assert_eq!((head.position, head.article_revision), (1, 0));
    assert!(!head.epoch.is_nil());
}

pub(crate) async fn a_code_that_is_no_code_opens_nothing(bench: Bench) {
    let store = bench.open_bare().await;
    for code in ["", "A", "dlivre", "A B", "É2", &"A".repeat(33)] {
        let error = store.append(opening(code)).await.unwrap_err();
        assert!(matches!(error, AppendError::Refused(_)), "{code}: {error:?}");
    }
    // A failed opening leaves no half of a ledger.
    let mut broken = opening(LEDGER);
    broken.streams[0].events[0].metadata = "nonsense".to_owned();
    assert!(matches!(store.append(broken).await.unwrap_err(), AppendError::Refused(_)));
    assert!(store.heads().await.unwrap().is_empty());
    store.append(opening(LEDGER)).await.unwrap();
}

pub(crate) async fn positions_go_on_after_a_reopening(bench: Bench) {
    let store = bench.open().await;
    add(&store, "b1", 0).await;
    let before = store.read(LEDGER, 0, 10).await.unwrap();
    let head = store.head(LEDGER).await.unwrap();
    let store = bench.reopen(store).await;
    assert_eq!(store.read(LEDGER, 0, 10).await.unwrap(), before);
    assert_eq!(store.head(LEDGER).await.unwrap(), head);
    assert_eq!(add(&store, "b1", 1).await.position, 3);
}

pub(crate) async fn migrating_twice_changes_nothing(bench: Bench) {
    let store = bench.open().await;
    let heads = store.heads().await.unwrap();
    let store = bench.reopen(store).await;
    let store = bench.reopen(store).await;
    assert_eq!(store.heads().await.unwrap(), heads);
}

pub(crate) async fn a_poisoned_command_fails_alone(bench: Bench) {
    let store = bench.open().await;
    let tasks: Vec<_> = (0..40)
        .map(|index| {
            let store = store.clone();
            let mut command = command(LEDGER, vec![stream("basket", &format!("b{index}"), 0, 2)]);
            match index % 4 {
                1 => command.streams[0].events[1].metadata = "not JSON".to_owned(),
                2 => command.streams[0].events[1].payload = "{\"A\":".to_owned(),
                _ => {}
            }
            tokio::spawn(async move { (index, store.append(command).await) })
        })
        .collect();
    for task in tasks {
        let (index, result) = task.await.unwrap();
        if matches!(index % 4, 1 | 2) {
            assert!(matches!(result, Err(AppendError::Refused(_))), "{index}: {result:?}");
        } else {
            assert!(result.is_ok(), "{index}: {result:?}");
        }
    }
    let read = store.read(LEDGER, 0, 100).await.unwrap();
    let positions: Vec<_> = read.iter().map(|event| event.position).collect();
    assert_eq!(positions, (1..=41).collect::<Vec<_>>());
}

pub(crate) async fn a_refused_command_leaves_nothing_behind(bench: Bench) {
    let store = bench.open().await;
    let mut refused = with_key("b1", "key-1");
    refused.streams.push(stream("order", "o1", 9, 1));
    assert_eq!(
        store.append(refused).await.unwrap_err(),
        AppendError::Conflict { aggregate_type: "order".to_owned(), aggregate_id: "o1".to_owned() }
    );
    assert_eq!(store.find_outcome(LEDGER, "account-1", "key-1").await.unwrap(), None);
    assert!(store.load(LEDGER, "basket", "b1", 0).await.unwrap().is_empty());
    assert_eq!(store.append(with_key("b1", "key-1")).await.unwrap().first, 2);
}

pub(crate) async fn recorded_at_never_falls_when_the_clock_jumps_back(bench: Bench) {
    let store = bench.open().await;
    let first = add(&store, "b1", 0).await;
    let last = bench.turn_the_clock_back(first.recorded_at).await;
    let second = add(&store, "b1", 1).await;
    let store = bench.reopen(store).await;
    let third = add(&store, "b1", 2).await;
    assert_eq!(second.recorded_at, last + 1);
    assert_eq!(third.recorded_at, last + 2);
    bench.set_clock(START + DAY);
    let fourth = add(&store, "b1", 3).await;
    assert!(fourth.recorded_at == if bench.is_postgres() { last + 3 } else { START + DAY });
}

pub(crate) async fn a_command_without_events_moves_no_position(bench: Bench) {
    let store = bench.open().await;
    let before = store.head(LEDGER).await.unwrap();
    let receipt = store.append(Append { beside: vec![outcome("key-1")], ..command(LEDGER, vec![]) }).await.unwrap();
    assert_eq!((receipt.first, receipt.position), (2, 1));
    assert_eq!(store.head(LEDGER).await.unwrap(), before);
}

pub(crate) async fn a_closed_store_takes_nothing_and_can_be_read(bench: Bench) {
    let store = bench.open().await;
    let waiting: Vec<_> = (0..20)
        .map(|index| {
            let store = store.clone();
            tokio::spawn(async move {
                store.append(command(LEDGER, vec![stream("basket", &index.to_string(), 0, 1)])).await
            })
        })
        .collect();
    store.close().await;
    store.close().await;
    let mut written = 1;
    for task in waiting {
        match task.await.unwrap() {
            Ok(_) => written += 1,
            Err(error) => assert!(matches!(error, AppendError::Unavailable(_)), "{error:?}"),
        }
    }
    let error = store.append(command(LEDGER, vec![stream("basket", "late", 0, 1)])).await.unwrap_err();
    assert!(matches!(error, AppendError::Unavailable(_)), "{error:?}");
    assert_eq!(all_ids(&store, LEDGER).await.len(), written);
    store.ping().await.unwrap();
}

pub(crate) async fn a_new_epoch_is_given_to_every_ledger(bench: Bench) {
    let store = bench.open().await;
    let before = store.heads().await.unwrap();
    let after = store.renew_epochs().await.unwrap();
    assert_eq!(after, store.heads().await.unwrap());
    for (before, after) in before.iter().zip(&after) {
        assert_ne!(before.epoch, after.epoch);
        assert_eq!((&before.ledger, before.position), (&after.ledger, after.position));
    }
}

pub(crate) async fn a_time_leads_to_the_last_position_recorded_by_then(bench: Bench) {
    let store = bench.open().await;
    let before = store.head(LEDGER).await.unwrap().unwrap().position;
    for expected in 0..9 {
        let receipt = add(&store, "b1", expected).await;
        assert_eq!(store.position_at(LEDGER, receipt.recorded_at).await.unwrap(), receipt.position);
        assert_eq!(store.position_at(LEDGER, receipt.recorded_at - 1).await.unwrap(), receipt.first - 1);
    }
    assert_eq!(store.position_at(LEDGER, i64::MAX).await.unwrap(), before + 9);
    assert_eq!(store.position_at(LEDGER, i64::MIN).await.unwrap(), 0);
    assert_eq!(store.position_at("NOWHERE", i64::MAX).await.unwrap(), 0);
}

fn with_key(aggregate_id: &str, key: &str) -> Append {
    let mut written = stream("basket", aggregate_id, 0, 0);
    written.events.push(event());
    Append { beside: vec![outcome(key)], ..command(LEDGER, vec![written]) }
}

fn conflict(aggregate_id: &str) -> AppendError {
    AppendError::Conflict { aggregate_type: "basket".to_owned(), aggregate_id: aggregate_id.to_owned() }
}
