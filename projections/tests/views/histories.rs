//! Histories.

use bordereau_domain::{
    Actor, LineId, Role,
    account::AccountCommand,
    article::Availability,
    basket::BasketCommand,
    order::{LineReport, Order, OrderCommand, Report},
    quote::{AnsweredLine, Quote, QuoteCommand},
    terms::DeliveryMode,
};
use bordereau_projections::{Change, ChangeValue, HistoryOf, HistoryRow, SealedRef};
use uuid::Uuid;

use super::world::{Cast, World, sealed};

async fn history(world: &World, cast: &Cast, of: HistoryOf, id: Uuid) -> Vec<HistoryRow> {
    world.catch_up().await;
    world.views.history().list(cast.shop, of, id, None).await.expect("history")
}

fn shown(changes: &[Change]) -> Vec<String> {
    let value = |value: &Option<ChangeValue>| match value {
        None => "-".to_owned(),
        Some(ChangeValue::Number(n)) => n.to_string(),
        Some(ChangeValue::Text(text)) => text.clone(),
        Some(ChangeValue::Sealed(sealed)) => format!("sealed {}", sealed.digest.0[0]),
        Some(ChangeValue::Person { name, .. }) => format!("person {}", name.is_some()),
    };
    let line = |change: &Change| if change.line_id.is_some() { "line " } else { "" };
    changes.iter().map(|c| format!("{}{}: {} > {}", line(c), c.field, value(&c.before), value(&c.after))).collect()
}

// L40, L41
#[tokio::test(flavor = "multi_thread")]
async fn a_baskets_history_tells_who_did_what_and_what_it_changed() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    let line_id = LineId(Uuid::from_u128(id.0.as_u128() << 8 | 1));
    let today = world.today(&cast);
    let reference = Some(Some(sealed(cast.requester, 60)));
    let change =
        BasketCommand::ChangeLine { line_id, quantity: Some(5), line_reference: reference, today: today.clone() };
    world.basket(&cast, id, Role::Requester, change).await.expect("change");
    world.send(&cast, id, Role::Requester).await;
    world
        .basket(&cast, id, Role::Approver, BasketCommand::Rename { name: sealed(cast.approver, 70) })
        .await
        .expect("name");
    world.basket(&cast, id, Role::Approver, BasketCommand::Unlock).await.expect("unlock");
    let delegate = Actor { on_behalf_of: Some(cast.purchaser), ..cast.actor(Role::Approver) };
    let remove = BasketCommand::RemoveLine { line_id, standing: today.standing };
    world.basket_by(&cast, id, delegate, remove).await.expect("remove");
    world.give_back(&cast, id, Role::Approver).await;
    world.account(&cast, cast.requester, AccountCommand::Deactivate).await;
    world.basket(&cast, id, Role::Purchaser, BasketCommand::TakeOver).await.expect("take over");

    let rows = history(&world, &cast, HistoryOf::Basket, id.0).await;
    let types: Vec<_> = rows.iter().map(|row| row.event_type.as_str()).collect();
    assert_eq!(
        types,
        [
            "BasketOpened",
            "BasketLineAdded",
            "BasketLineChanged",
            "BasketSentToApprover",
            "BasketRenamed",
            "BasketUnlocked",
            "BasketLineRemoved",
            "BasketReturnedToPreviousRole",
            "BasketTakenOver"
        ]
    );
    assert!(rows.iter().zip(1..).all(|(row, n)| row.sequence == n));
    assert_eq!(shown(&rows[0].changes), ["name: - > sealed 1"]);
    assert_eq!(shown(&rows[1].changes), ["line quantity: - > 3"]);
    assert_eq!(
        shown(&rows[2].changes),
        ["line quantity: 3 > 5", "line line_reference: - > sealed 60", "line total_incl_tax: 68.25 > 113.75"]
    );
    assert_eq!(rows[2].changes[0].line_id, Some(line_id));
    assert_eq!(rows[2].changes[0].title.as_deref(), Some("TITRE 1"));
    assert_eq!(
        rows[3].comment,
        Some(SealedRef::from(sealed::<bordereau_domain::personal::Comment>(cast.requester, 101)))
    );
    assert!(rows[3].inner);
    assert_eq!(shown(&rows[4].changes), ["name: sealed 1 > sealed 70"]);
    assert_eq!(shown(&rows[6].changes), ["line quantity: 5 > -"]);
    assert_eq!(rows[6].on_behalf_of.as_ref().map(|person| person.id), Some(cast.purchaser));
    assert_eq!((rows[6].actor.id, rows[6].role), (cast.approver, Role::Approver));
    assert!(rows[6].actor.name.is_some());
    assert_eq!(shown(&rows[8].changes), ["owner: person true > person true"]);

    let then = rows[3].position;
    let until = world.views.history().list(cast.shop, HistoryOf::Basket, id.0, Some(then)).await.expect("history");
    assert_eq!(until.len(), 4);
    assert!(world.views.history().list("PARVIS", HistoryOf::Basket, id.0, None).await.expect("history").is_empty());
    assert!(history(&world, &cast, HistoryOf::Quote, id.0).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answered_quote_shows_old_and_new_prices() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let basket = world.filled_basket(&cast, 1, Role::Purchaser, 2).await;
    let id = world.request_quote(&cast, basket, 1, "Une").await;
    let line_id = world.state::<Quote>(&id.to_string()).opened().expect("quote").lines[0].line_id;
    let price = |discount: &str| AnsweredLine {
        line_id,
        unit_price_incl_tax: "25.00".parse().expect("money"),
        discount_rate: discount.parse().expect("rate"),
    };
    let today = world.now().date_naive();
    let answer = QuoteCommand::Answer { lines: vec![price("5")], valid_until: today, today, french: true };
    world.on_quote(&cast, id, Role::Bookseller, answer).await;
    let comment = Some(sealed(cast.purchaser, 80));
    world.on_quote(&cast, id, Role::Purchaser, QuoteCommand::Refuse { comment }).await;
    let rows = history(&world, &cast, HistoryOf::Quote, id.0).await;
    assert_eq!(rows[0].event_type, "QuoteRequested");
    assert!(rows[0].comment.is_some() && !rows[0].inner);
    let valid_until = format!("valid_until: - > {today}");
    assert_eq!(
        shown(&rows[1].changes),
        ["line discount_rate: 9 > 5", "line total_incl_tax: 45.50 > 47.50", valid_until.as_str()]
    );
    assert_eq!(rows[2].comment.map(|comment| comment.digest.0[0]), Some(80));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reported_order_shows_availability_stock_and_date() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.order(&cast, 1, DeliveryMode::Delivery).await;
    let push = OrderCommand::Acknowledge { librisoft_number: "L-1".to_owned() };
    world.on_order(&cast, id, Role::Librisoft, push).await;
    let line_id = world.state::<Order>(&id.to_string()).opened().expect("order").lines[0].line.line_id;
    let expected = world.now().date_naive();
    for (in_stock, expected) in [(0, Some(expected)), (2, None)] {
        let report = Report { availability: Availability::Available, in_stock, expected };
        let lines = vec![LineReport { line_id, report }];
        world.on_order(&cast, id, Role::Librisoft, OrderCommand::ReportLines { lines }).await;
    }
    let ship = OrderCommand::Ship { tracking: Some("8J001".to_owned()) };
    world.on_order(&cast, id, Role::Bookseller, ship).await;
    let text = sealed(cast.bookseller, 81);
    world.on_order(&cast, id, Role::Bookseller, OrderCommand::SendMessage { text }).await;
    let rows = history(&world, &cast, HistoryOf::Order, id.0).await;
    let date = format!("line expected: - > {expected}");
    assert_eq!(shown(&rows[1].changes), ["librisoft_number: - > L-1"]);
    assert_eq!(shown(&rows[2].changes), ["line availability: - > 1", "line in_stock: - > 0", date.as_str()]);
    let date = format!("line expected: {expected} > -");
    assert_eq!(shown(&rows[3].changes), ["line in_stock: 0 > 2", date.as_str()]);
    assert_eq!(shown(&rows[4].changes), ["tracking: - > 8J001"]);
    assert_eq!(rows[5].comment.map(|comment| comment.digest.0[0]), Some(81));
}
