//! Following the log: waiting, standing still, going on, other histories, other versions, shutting down.

use std::{fs, path::Path, time::Duration};

use bordereau_domain::{Role, terms::DeliveryMode};
use bordereau_projections::{
    OrderFilter, Projections, ReadError, Scope, StartError, Tray, ViewState, ViewStatus, WaitError,
};
use bordereau_store::{Options, Store};
use rusqlite::Connection;

use super::world::{MORNING, World};

/// Long enough for a slow machine; nothing waits so long when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

fn status(views: &Projections, name: &str) -> ViewStatus {
    views.status().into_iter().find(|status| status.name == name).expect("view")
}

async fn reopen(world: &mut World) {
    world.views.shutdown().await;
    world.views = Projections::start(world.store.clone(), world.view_folder()).await.expect("views");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_store_is_ready_at_once() {
    let world = World::new().await;
    world.catch_up().await;
    assert!(world.views.ready());
    assert!(world.views.status().iter().all(|status| status.state == ViewState::Live && status.behind == 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_is_waited_for_and_one_above_the_head_is_refused_at_once() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    // A view that is still being built is not read, whatever position it has reached.
    world.catch_up().await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 1).await;
    let head = world.store.head(cast.shop).await.expect("head").expect("ledger").position;
    world.views.wait_for("basket_tray", cast.shop, head, PATIENCE).await.expect("reached");
    let viewer = cast.viewer(Role::Requester);
    let (page, _) = world.views.basket_tray().list(cast.shop, &viewer, Tray::Mine, 10, None).await.expect("tray");
    assert_eq!(page.items[0].id, id);
    let above = world.views.wait_for("basket_tray", cast.shop, head + 1, PATIENCE).await;
    assert!(matches!(above, Err(WaitError::AboveHead)));
    let unopened = world.views.wait_for("basket_tray", "NOWHERE", 1, PATIENCE).await;
    assert!(matches!(unopened, Err(WaitError::AboveHead)));
    let unknown = world.views.wait_for("nothing", cast.shop, 1, PATIENCE).await;
    assert!(matches!(unknown, Err(WaitError::UnknownView(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_of_another_process_are_followed_too() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    world.catch_up().await;
    let options = Options::new(|| MORNING);
    let other = Store::open("sqlite", world.dir.path(), options).await.expect("second store");
    let first = std::mem::replace(&mut world.store, other);
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    let head = first.head(cast.shop).await.expect("head").expect("ledger").position;
    world.views.wait_for("audit_trail", cast.shop, head, PATIENCE).await.expect("followed");
}

// R11
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_can_decode_stops_its_shop_alone() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let other = world.open_shop("PARVIS").await;
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    let planted = world.plant_unknown_event(cast.shop).await;
    world.filled_basket(&cast, 2, Role::Requester, 1).await;
    world.filled_basket(&other, 3, Role::Requester, 1).await;
    world.catch_up().await;
    assert!(world.views.ready());
    for status in world.views.status().into_iter().filter(|status| status.name != "article_search") {
        assert_eq!(status.state, ViewState::Stopped, "{}", status.name);
        assert_eq!((status.stopped[0].shop.as_str(), status.stopped[0].position), (cast.shop, planted));
        assert!(status.stopped[0].reason.contains("BasketTeleported"), "{}", status.stopped[0].reason);
        assert_eq!(status.behind, 3, "the planted event and what comes after it");
    }
    let viewer = cast.viewer(Role::Requester);
    let stopped = world.views.basket_tray().list(cast.shop, &viewer, Tray::Mine, 10, None).await;
    assert!(matches!(stopped, Err(ReadError::Stopped { view: "basket_tray", position }) if position == planted));
    let waited = world.views.wait_for("basket_tray", cast.shop, planted + 1, PATIENCE).await;
    assert!(matches!(waited, Err(WaitError::Stopped)));
    world.views.wait_for("basket_tray", cast.shop, planted - 1, PATIENCE).await.expect("what came before is kept");
    let theirs = other.viewer(Role::Requester);
    let (page, _) = world.views.basket_tray().list(other.shop, &theirs, Tray::Mine, 10, None).await.expect("tray");
    assert_eq!(page.items.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_cannot_apply_an_event_goes_on_once_it_is_repaired() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let other = world.open_shop("PARVIS").await;
    world.catch_up().await;
    world.views.shutdown().await;
    let file = world.view_folder().join("order_list.v1.db");
    let edit = |sql: &str| Connection::open(&file).expect("file").execute_batch(sql).expect("edited");
    edit("CREATE TRIGGER broken BEFORE INSERT ON orders WHEN NEW.number = 2 BEGIN SELECT RAISE(ABORT, 'broken'); END;");
    reopen(&mut world).await;
    for n in 1..=3 {
        world.order(&cast, n, DeliveryMode::Pickup).await;
    }
    world.order(&other, 4, DeliveryMode::Pickup).await;
    world.catch_up().await;
    let broken = status(&world.views, "order_list");
    assert_eq!(broken.state, ViewState::Stopped);
    assert_eq!(broken.stopped.len(), 1);
    assert_eq!(broken.stopped[0].shop, cast.shop);
    assert!(broken.stopped[0].reason.contains("broken"));
    assert_eq!(status(&world.views, "librisoft_queue").state, ViewState::Live);
    let list = |world: &World, shop: &'static str| {
        let views = world.views.clone();
        async move { views.order_list().list(shop, &Scope::All, &OrderFilter::default(), 10, None).await }
    };
    assert!(matches!(list(&world, cast.shop).await, Err(ReadError::Stopped { .. })));
    assert_eq!(list(&world, other.shop).await.expect("list").0.items.len(), 1);

    world.views.shutdown().await;
    edit("DROP TRIGGER broken;");
    reopen(&mut world).await;
    world.catch_up().await;
    assert_eq!(status(&world.views, "order_list").state, ViewState::Live);
    let numbers: Vec<_> = list(&world, cast.shop).await.expect("list").0.items.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 2, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_of_another_history_is_built_anew() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    world.catch_up().await;
    world.views.shutdown().await;
    let folder = world.view_folder();

    let (mut elsewhere, _) = World::with_shop("DLIVRE").await;
    elsewhere.filled_basket(&cast, 7, Role::Requester, 1).await;
    elsewhere.filled_basket(&cast, 8, Role::Requester, 1).await;
    let moved = world.dir.path().join("moved");
    fs::rename(&folder, &moved).expect("moved");
    let views = Projections::start(elsewhere.store.clone(), &moved).await.expect("views");
    views.catch_up().await.expect("caught up");
    let viewer = cast.viewer(Role::Requester);
    let (page, _) = views.basket_tray().list(cast.shop, &viewer, Tray::Mine, 10, None).await.expect("tray");
    let numbers: Vec<_> = page.items.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [8, 7]);
    views.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_above_the_head_is_another_history() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    world.catch_up().await;
    world.views.shutdown().await;
    let connection = Connection::open(world.view_folder().join("audit_trail.v2.db")).expect("file");
    connection.execute_batch("UPDATE checkpoints SET position = position + 100; DELETE FROM trail;").expect("edited");
    drop(connection);
    reopen(&mut world).await;
    world.catch_up().await;
    let connection = Connection::open(world.view_folder().join("audit_trail.v2.db")).expect("file");
    let rows: u64 = connection
        .query_row("SELECT count(*) FROM trail WHERE kind = 'Basket'", [], |row| row.get::<_, u32>(0))
        .expect("rows")
        .into();
    assert_eq!(rows, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_no_row_of_a_view_is_not_written_until_the_view_is_closed() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let written = |world: &World, file: &str| {
        let connection = Connection::open(world.view_folder().join(file)).expect("file");
        let sql = "SELECT position FROM checkpoints WHERE shop = 'DLIVRE'";
        u64::from(connection.query_row(sql, [], |row| row.get::<_, u32>(0)).expect("checkpoint"))
    };
    world.catch_up().await;
    let before = world.store.head(cast.shop).await.expect("head").expect("ledger").position;
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    world.catch_up().await;
    let head = world.store.head(cast.shop).await.expect("head").expect("ledger").position;
    assert!(world.views.status().iter().all(|status| status.behind == 0));
    assert_eq!((written(&world, "basket_tray.v2.db"), written(&world, "delegations.v1.db")), (head, before));
    world.views.shutdown().await;
    assert_eq!(written(&world, "delegations.v1.db"), head);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_epoch_is_looked_at_while_the_views_run() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    world.catch_up().await;
    world.store.renew_epochs().await.expect("epochs");
    world.filled_basket(&cast, 2, Role::Requester, 1).await;
    world.catch_up().await;
    let viewer = cast.viewer(Role::Requester);
    let (page, _) = world.views.basket_tray().list(cast.shop, &viewer, Tray::Mine, 10, None).await.expect("tray");
    assert_eq!(page.items.len(), 2);
}

fn touch(file: &Path) {
    fs::write(file, b"old").expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_other_versions_go_once_the_views_are_ready_and_damaged_ones_are_replaced() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    world.catch_up().await;
    world.views.shutdown().await;
    let folder = world.view_folder();
    for name in [
        "basket_tray.v0.db",
        "basket_tray.v0.db-wal",
        "audit_trail.v12.db",
        "history.v1.db",
        "order_list.v1.db.building",
    ] {
        touch(&folder.join(name));
    }
    touch(&folder.join("kept.db"));
    touch(&folder.join("quote_list.v2.db"));
    reopen(&mut world).await;
    world.catch_up().await;
    world.views.shutdown().await;
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "account_list.v2.db",
            "article_search.v1.db",
            "audit_trail.v2.db",
            "basket_detail.v2.db",
            "basket_tray.v2.db",
            "delegations.v1.db",
            "institutions.v1.db",
            "kept.db",
            "librisoft_queue.v1.db",
            "order_list.v1.db",
            "quote_list.v2.db",
            "title_use.v1.db",
            "views.lock"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_do_not_share_a_folder() {
    let world = World::new().await;
    let second = Projections::start(world.store.clone(), world.view_folder()).await;
    assert!(matches!(second, Err(StartError::InUse(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_were_shut_down_go_on_where_they_were() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    world.filled_basket(&cast, 1, Role::Requester, 1).await;
    world.catch_up().await;
    world.views.shutdown().await;
    world.filled_basket(&cast, 2, Role::Requester, 1).await;
    reopen(&mut world).await;
    world.catch_up().await;
    let viewer = cast.viewer(Role::Requester);
    let (page, _) = world.views.basket_tray().list(cast.shop, &viewer, Tray::Mine, 10, None).await.expect("tray");
    assert_eq!(page.items.len(), 2);
}
