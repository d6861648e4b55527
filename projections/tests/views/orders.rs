//! The lists of orders and every filter.

use bordereau_domain::{
    InstitutionId, Role,
    article::Availability,
    order::{LineReport, Order, OrderCommand, OrderStatus, Report, Supply},
    terms::DeliveryMode,
};
use bordereau_projections::{OrderCounts, OrderFilter, OrderRow, OrderTab, Scope};

use super::world::{Cast, World, article, sealed, uuid};

async fn list(world: &World, cast: &Cast, scope: &Scope, filter: &OrderFilter) -> (Vec<OrderRow>, OrderCounts) {
    world.catch_up().await;
    let (page, counts) = world.views.order_list().list(cast.shop, scope, filter, 100, None).await.expect("list");
    (page.items, counts)
}

async fn numbers(world: &World, cast: &Cast, scope: &Scope, filter: OrderFilter) -> Vec<u64> {
    list(world, cast, scope, &filter).await.0.into_iter().map(|row| row.number).collect()
}

fn tab(tab: OrderTab) -> OrderFilter {
    OrderFilter { tab: Some(tab), ..OrderFilter::default() }
}

fn acknowledge(number: &str) -> OrderCommand {
    OrderCommand::Acknowledge { librisoft_number: number.to_owned() }
}

// L29, L34
#[tokio::test(flavor = "multi_thread")]
async fn an_order_stands_in_the_tab_of_its_status() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.order(&cast, 1, DeliveryMode::Pickup).await;
    let reason = sealed(cast.bookseller, 9);
    let steps: [(Option<(Role, OrderCommand)>, OrderTab); 7] = [
        (None, OrderTab::Pending),
        (Some((Role::Librisoft, acknowledge("L-1"))), OrderTab::Processing),
        (Some((Role::Bookseller, OrderCommand::MakeAvailable)), OrderTab::Processing),
        (Some((Role::Bookseller, OrderCommand::Close)), OrderTab::Closed),
        (Some((Role::Bookseller, OrderCommand::ResetStatus { reason })), OrderTab::Processing),
        (Some((Role::Bookseller, OrderCommand::Cancel { reason })), OrderTab::Cancelled),
        (Some((Role::Bookseller, OrderCommand::ResetStatus { reason })), OrderTab::Processing),
    ];
    for (act, stands) in steps {
        if let Some((role, command)) = act {
            world.on_order(&cast, id, role, command).await;
        }
        for each in OrderTab::ALL {
            let wanted: &[u64] = if each == stands { &[1] } else { &[] };
            assert_eq!(numbers(&world, &cast, &Scope::All, tab(each)).await, wanted, "{each:?}");
            let by_ean = OrderFilter { eans: vec![article(1).ean], ..tab(each) };
            assert_eq!(numbers(&world, &cast, &Scope::All, by_ean).await, wanted, "{each:?}");
        }
        let (_, counts) = list(&world, &cast, &Scope::Institutions(vec![cast.institution]), &tab(stands)).await;
        assert_eq!(counts.pending + counts.processing + counts.closed + counts.cancelled, 1);
    }
}

// L28, L30
#[tokio::test(flavor = "multi_thread")]
async fn every_filter_finds_its_orders_and_all_of_them_together() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let first = world.order(&cast, 1, DeliveryMode::Pickup).await;
    world.advance(86_400);
    let between = world.now();
    world.advance(86_400);
    world.order(&cast, 2, DeliveryMode::Delivery).await;
    world.on_order(&cast, first, Role::Librisoft, acknowledge("2")).await;
    let stranger = InstitutionId(uuid(5));
    let none = OrderFilter::default;
    let number = |n: &str| OrderFilter { number: Some(n.to_owned()), ..none() };
    for scope in [Scope::All, Scope::Institutions(vec![cast.institution])] {
        for (filter, found) in [
            (none(), vec![2, 1]),
            (tab(OrderTab::Pending), vec![2]),
            (tab(OrderTab::Processing), vec![1]),
            (OrderFilter { eans: vec![article(1).ean], ..none() }, vec![1]),
            (OrderFilter { eans: vec![article(1).ean, article(2).ean, article(3).ean], ..none() }, vec![2, 1]),
            (OrderFilter { eans: vec![article(3).ean], ..none() }, vec![]),
            (OrderFilter { delivered_to: Some(cast.institution), ..none() }, vec![2, 1]),
            (OrderFilter { delivered_to: Some(stranger), ..none() }, vec![]),
            (OrderFilter { billed_to: Some(cast.institution), ..none() }, vec![2, 1]),
            (OrderFilter { billed_to: Some(stranger), ..none() }, vec![]),
            (OrderFilter { from: Some(between), ..none() }, vec![2]),
            (OrderFilter { to: Some(between), ..none() }, vec![1]),
            (OrderFilter { from: Some(between), to: Some(between), ..none() }, vec![]),
            (OrderFilter { delivery_mode: Some(DeliveryMode::Delivery), ..none() }, vec![2]),
            (number("2"), vec![2, 1]),
            (number(" 1 "), vec![1]),
            (number("02"), vec![2]),
            (number("x' OR 1"), vec![]),
            (
                OrderFilter {
                    tab: Some(OrderTab::Processing),
                    eans: vec![article(1).ean],
                    delivered_to: Some(cast.institution),
                    billed_to: Some(cast.institution),
                    to: Some(between),
                    from: None,
                    delivery_mode: Some(DeliveryMode::Pickup),
                    number: Some("2".to_owned()),
                },
                vec![1],
            ),
        ] {
            assert_eq!(numbers(&world, &cast, &scope, filter.clone()).await, found, "{filter:?}");
        }
    }
    let elsewhere = Scope::Institutions(vec![stranger]);
    assert!(numbers(&world, &cast, &elsewhere, none()).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_orders_join_without_gap_under_every_leading_filter() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    for n in 1..=9 {
        world.order(&cast, n, DeliveryMode::Pickup).await;
    }
    world.catch_up().await;
    let eans = (1..=9).map(|n| article(n).ean).collect();
    for filter in [
        OrderFilter::default(),
        OrderFilter { eans, ..OrderFilter::default() },
        OrderFilter { delivered_to: Some(cast.institution), ..OrderFilter::default() },
        OrderFilter { delivery_mode: Some(DeliveryMode::Pickup), ..OrderFilter::default() },
        OrderFilter { to: Some(world.now()), ..OrderFilter::default() },
    ] {
        let (mut cursor, mut read) = (None, Vec::new());
        loop {
            let list = world.views.order_list().list(cast.shop, &Scope::All, &filter, 2, cursor.as_deref());
            let page = list.await.expect("page").0;
            read.extend(page.items.into_iter().map(|row| row.number));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(read, (1..=9).rev().collect::<Vec<_>>(), "{filter:?}");
    }
}

// L31, L33
#[tokio::test(flavor = "multi_thread")]
async fn a_row_and_its_detail_show_supply_sums_and_establishment() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.order(&cast, 1, DeliveryMode::Pickup).await;
    world.on_order(&cast, id, Role::Librisoft, acknowledge("L-9")).await;
    let line_id = world.state::<Order>(&id.to_string()).opened().expect("order").lines[0].line.line_id;
    let report = Report { availability: Availability::Reprinting, in_stock: 1, expected: None };
    let lines = vec![LineReport { line_id, report }];
    world.on_order(&cast, id, Role::Librisoft, OrderCommand::ReportLines { lines }).await;
    let row = list(&world, &cast, &Scope::All, &tab(OrderTab::Processing)).await.0.remove(0);
    assert_eq!((row.id, row.status, row.supply), (id, OrderStatus::Processing, Supply::AwaitingSupplier));
    assert_eq!((row.librisoft_number.as_deref(), row.quantity), (Some("L-9"), 2));
    assert_eq!((row.total_incl_tax.to_string(), row.shipping_incl_tax.to_string()), ("45.50".into(), "3.00".into()));
    assert_eq!(row.establishment.expect("establishment").name, "LIBRAIRIE DU CENTRE");
    assert_eq!((row.created_by.id, row.institution.id), (cast.purchaser, cast.institution));
    let detail = world.views.order_list().find(cast.shop, id).await.expect("read").expect("order");
    assert_eq!(Some(&detail.order), world.state::<Order>(&id.to_string()).opened());
    assert_eq!(detail.sequence, 3);
    assert_eq!(detail.placed_at, row.placed_at);
    assert_eq!(detail.delivered_to.name, "MÉDIATHÈQUE DE L'ORANGERIE");
    assert_eq!(world.views.order_list().find("PARVIS", id).await.expect("read"), None);
}
