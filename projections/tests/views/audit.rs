//! The audit trail: complete, in order, found by every filter; and what foreign writers leave in their metadata.

use std::collections::HashSet;

use bordereau_domain::{
    Actor, Event, Role,
    basket::{BasketCommand, BasketEvent, Level},
    terms::DeliveryMode,
};
use bordereau_projections::{AggregateRef, TrailFilter, TrailPlace, TrailRow, ViewState};
use bordereau_store::{NewEvent, StreamAppend};
use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::world::{Cast, World, sealed, uuid};

async fn list(world: &World, cast: &Cast, filter: &TrailFilter, newest_first: bool, limit: usize) -> Vec<TrailRow> {
    let trail = world.views.audit_trail();
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let place = TrailPlace { after, newest_first, limit };
        let page = trail.list(cast.shop, filter, place).await.expect("trail");
        let Some(last) = page.last() else { return rows };
        after = Some(last.step.position);
        rows.extend(page);
    }
}

fn positions(rows: &[TrailRow]) -> Vec<u64> {
    rows.iter().map(|row| row.step.position).collect()
}

/// A basket that goes back and forth, an order, a draft, and a neighbour.
async fn busy_world() -> (World, Cast) {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let other = world.open_shop("PARVIS").await;
    world.filled_basket(&other, 9, Role::Requester, 1).await;
    let sent = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    world.send(&cast, sent, Role::Requester).await;
    world.advance(60);
    world.give_back(&cast, sent, Role::Approver).await;
    let delegate = Actor { on_behalf_of: Some(cast.requester), ..cast.actor(Role::Approver) };
    let rename = BasketCommand::Rename { name: sealed(cast.approver, 70) };
    // Refused or not: what counts is who acts.
    drop(world.basket_by(&cast, sent, delegate, rename).await);
    world.advance(60);
    world.order(&cast, 2, DeliveryMode::Pickup).await;
    world.filled_basket(&cast, 3, Role::Purchaser, 1).await;
    world.catch_up().await;
    (world, cast)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_stands_in_the_trail_by_position_from_either_end_in_pages_of_any_size() {
    let (world, cast) = busy_world().await;
    let head = world.store.head(cast.shop).await.expect("head").expect("ledger").position;
    let expected: Vec<u64> = (1..=head).collect();
    let backwards: Vec<u64> = (1..=head).rev().collect();
    for limit in [1, 2, 3, 7, 1000] {
        assert_eq!(positions(&list(&world, &cast, &TrailFilter::default(), false, limit).await), expected);
        assert_eq!(positions(&list(&world, &cast, &TrailFilter::default(), true, limit).await), backwards);
    }
    let rows = list(&world, &cast, &TrailFilter::default(), false, 1000).await;
    let stored = world.store.read(cast.shop, 0, 1000).await.expect("log");
    for (row, event) in rows.iter().zip(&stored) {
        let aggregate = (row.aggregate.kind.as_str(), row.aggregate.id.as_str());
        assert_eq!(aggregate, (event.aggregate_type.as_str(), event.aggregate_id.as_str()));
        assert_eq!((row.event_id, row.step.sequence), (event.event_id, event.sequence));
        assert_eq!((row.step.event_type.as_str(), row.recorded_at.timestamp_micros()), {
            (event.event_type.as_str(), event.recorded_at)
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_and_all_together_find_what_a_look_at_every_event_finds() {
    let (world, cast) = busy_world().await;
    let all = list(&world, &cast, &TrailFilter::default(), false, 1000).await;
    let times: Vec<DateTime<chrono::Utc>> = all.iter().map(|row| row.recorded_at).collect();
    let (first, middle, last) = (times[0], times[times.len() / 2], times[times.len() - 1]);
    let aggregates: HashSet<AggregateRef> = all.iter().map(|row| row.aggregate.clone()).collect();
    let actors = [None, Some(cast.requester), Some(cast.approver), Some(cast.purchaser)];
    let types = [vec![], vec!["BasketLineAdded".to_owned()], vec!["OrderPlaced".to_owned(), "BasketOpened".to_owned()]];
    let periods = [
        (None, None),
        (Some(middle), None),
        (None, Some(middle)),
        (Some(first), Some(last + TimeDelta::microseconds(1))),
        (Some(last + TimeDelta::days(1)), None),
    ];
    let aggregates = aggregates.into_iter().map(Some).chain([None]);
    let mut compared = 0;
    for aggregate in aggregates {
        for actor in actors {
            for types in &types {
                for (from, to) in periods {
                    let (types, aggregate) = (types.clone(), aggregate.clone());
                    let filter = TrailFilter { actor, types, aggregate, from, to, converted_only: false };
                    let mut expected: Vec<u64> =
                        all.iter().filter(|row| holds(&filter, row)).map(|row| row.step.position).collect();
                    compared += expected.len();
                    assert_eq!(positions(&list(&world, &cast, &filter, false, 3).await), expected, "{filter:?}");
                    expected.reverse();
                    assert_eq!(positions(&list(&world, &cast, &filter, true, 3).await), expected, "{filter:?}");
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
}

fn holds(filter: &TrailFilter, row: &TrailRow) -> bool {
    let by = |actor| row.step.actor.id == actor || row.step.on_behalf_of.as_ref().is_some_and(|of| of.id == actor);
    filter.actor.is_none_or(by)
        && (filter.types.is_empty() || filter.types.contains(&row.step.event_type))
        && filter.aggregate.as_ref().is_none_or(|aggregate| *aggregate == row.aggregate)
        && filter.from.is_none_or(|from| row.recorded_at >= from)
        && filter.to.is_none_or(|to| row.recorded_at < to)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bookseller_is_shown_baskets_once_they_are_converted_with_all_that_went_before() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let basket = world.filled_basket(&cast, 1, Role::Purchaser, 1).await;
    world.catch_up().await;
    let of = AggregateRef { kind: "Basket".to_owned(), id: basket.to_string() };
    let about = TrailFilter { aggregate: Some(of), converted_only: true, ..TrailFilter::default() };
    let shown = TrailFilter { converted_only: true, ..TrailFilter::default() };
    assert!(list(&world, &cast, &about, false, 10).await.is_empty());
    let before = list(&world, &cast, &shown, false, 10).await;
    assert!(before.iter().all(|row| row.aggregate.kind != "Basket"));
    assert!(before.iter().any(|row| row.aggregate.kind == "Shop" && row.aggregate.id == cast.shop));
    world.place_order(&cast, basket, 1, DeliveryMode::Pickup).await;
    world.catch_up().await;
    let types: Vec<_> =
        list(&world, &cast, &about, false, 10).await.into_iter().map(|row| row.step.event_type).collect();
    assert_eq!(types, ["BasketOpened", "BasketLineAdded", "BasketConvertedToOrder"]);
    assert_eq!(list(&world, &cast, &shown, true, 2).await.len(), before.len() + 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_event_says_of_its_origin_is_kept_and_what_it_does_not_say_is_absent() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    let (correlation, causation) = (uuid(0xc0), uuid(0xca));
    let metadata = format!(
        r#"{{"actor":"{}","causation":"{causation}","channel":"reactor","command":"OpenBasket","correlation":"{correlation}",
        "institution":"{}","role":"requester"}}"#,
        cast.requester, cast.institution
    );
    let told = plant(&world, &cast, 0xb1, &metadata).await;
    let silent = plant(&world, &cast, 0xb2, "{}").await;
    world.catch_up().await;
    let rows = list(&world, &cast, &TrailFilter::default(), false, 1000).await;
    let row = |position: u64| rows.iter().find(|row| row.step.position == position).expect("row");
    let origin = |row: &TrailRow| (row.institution, row.command.clone(), row.channel.clone());
    let expected = (Some(cast.institution), Some("OpenBasket".to_owned()), Some("reactor".to_owned()));
    assert_eq!(origin(row(told)), expected);
    assert_eq!((row(told).correlation, row(told).causation), (Some(correlation), Some(causation)));
    assert_eq!(origin(row(silent)), (None, None, None));
    assert_eq!((row(silent).correlation, row(silent).causation), (None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_foreign_writer_that_mean_nothing_to_us_stop_no_view() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    let odd = r#"{"actor":"their robot","at":"last Tuesday","correlation":"x","on_behalf_of":"y","role":"king"}"#;
    let position = plant(&world, &cast, 0xb1, odd).await;
    world.catch_up().await;
    for status in world.views.status() {
        assert_eq!(status.state, ViewState::Live, "{}: {:?}", status.name, status.stopped);
    }
    let rows = list(&world, &cast, &TrailFilter::default(), true, 1000).await;
    let row = &rows[0];
    assert_eq!((row.step.position, row.step.role), (position, Role::System));
    assert_eq!((row.step.actor.id.0, row.step.on_behalf_of.as_ref()), (Uuid::nil(), None));
    assert_eq!((row.step.at, row.correlation), (row.recorded_at, None));
}

/// A basket that another program opened.
async fn plant(world: &World, cast: &Cast, id: u128, metadata: &str) -> u64 {
    let opened = Event::Basket(BasketEvent::Opened {
        number: 9,
        institution_id: cast.institution,
        owner: cast.requester,
        level: Level::Requester,
        name: None,
    });
    let event = NewEvent {
        event_id: uuid(id << 16),
        event_type: opened.wire_name().to_owned(),
        event_version: opened.version(),
        payload: opened.to_payload().expect("payload"),
        metadata: metadata.replace('\n', ""),
    };
    let stream = StreamAppend {
        aggregate_type: "Basket".to_owned(),
        aggregate_id: uuid(id).to_string(),
        expected: 0,
        events: vec![event],
    };
    world.append(cast.shop, [Some(stream)]).await
}
