//! Trays and single baskets.

use bordereau_domain::{
    BasketId, Role,
    account::AccountCommand,
    basket::{BasketCommand, Document, Stage},
    institution::InstitutionCommand,
    terms::DeliveryMode,
};
use bordereau_projections::{ReadError, SealedRef, Tray, TrayCounts, TrayRow};

use super::world::{Cast, World, sealed};

async fn tray(world: &World, cast: &Cast, role: Role, tray: Tray) -> Vec<TrayRow> {
    world.catch_up().await;
    let (page, counts) =
        world.views.basket_tray().list(cast.shop, &cast.viewer(role), tray, 100, None).await.expect("tray");
    let count = match tray {
        Tray::Mine => counts.mine,
        Tray::Sent => counts.sent,
        Tray::ToValidate => counts.to_validate,
        Tray::Validated => counts.validated,
    };
    assert_eq!(count, u64::try_from(page.items.len()).expect("few"), "a count is the length of its tray");
    page.items
}

async fn ids(world: &World, cast: &Cast, role: Role, which: Tray) -> Vec<BasketId> {
    tray(world, cast, role, which).await.into_iter().map(|row| row.id).collect()
}

/// Where a basket stands for everybody: letters of the trays that hold it, per role.
async fn seen(world: &World, cast: &Cast, id: BasketId) -> String {
    let mut all = Vec::new();
    for role in [Role::Requester, Role::Approver, Role::Purchaser] {
        let mut letters = String::new();
        for (which, letter) in Tray::ALL.into_iter().zip(["m", "s", "t", "v"]) {
            if ids(world, cast, role, which).await.contains(&id) {
                letters.push_str(letter);
            }
        }
        all.push(letters);
    }
    all.join(" ")
}

// L36, L37, L38
#[tokio::test(flavor = "multi_thread")]
async fn a_basket_climbs_from_tray_to_tray() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    assert_eq!(seen(&world, &cast, id).await, "m  ");
    world.send(&cast, id, Role::Requester).await;
    assert_eq!(seen(&world, &cast, id).await, "s t ");
    world.validate(&cast, id, Role::Approver).await;
    assert_eq!(seen(&world, &cast, id).await, "s sv t");
    world.give_back(&cast, id, Role::Purchaser).await;
    assert_eq!(seen(&world, &cast, id).await, "s t ");
    world.give_back(&cast, id, Role::Approver).await;
    assert_eq!(seen(&world, &cast, id).await, "m  ");
    world.send(&cast, id, Role::Requester).await;
    world.validate(&cast, id, Role::Approver).await;
    world.place_order(&cast, id, 1, DeliveryMode::Pickup).await;
    assert_eq!(seen(&world, &cast, id).await, "v v v");
    let row = tray(&world, &cast, Role::Purchaser, Tray::Validated).await.remove(0);
    assert!(matches!(row.document(), Some(Document::Order(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discarded_basket_stands_in_no_tray() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    world.basket(&cast, id, Role::Requester, BasketCommand::Discard).await.expect("discard");
    assert_eq!(seen(&world, &cast, id).await, "  ");
    let count = world.views.basket_tray().count_open(cast.shop, cast.requester).await.expect("count");
    assert_eq!(count, 0);
    let detail = world.views.basket_detail().find(cast.shop, id).await.expect("read").expect("basket");
    assert_eq!(detail.basket.stage, Stage::Discarded);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_without_an_active_approver_hands_its_baskets_to_the_purchaser() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    world.send(&cast, id, Role::Requester).await;
    assert_eq!(seen(&world, &cast, id).await, "s t ");
    world.account(&cast, cast.approver, AccountCommand::Deactivate).await;
    assert_eq!(ids(&world, &cast, Role::Purchaser, Tray::ToValidate).await, [id]);
    world.account(&cast, cast.approver, AccountCommand::Reactivate).await;
    assert!(ids(&world, &cast, Role::Purchaser, Tray::ToValidate).await.is_empty());
    let assign = AccountCommand::Assign { role: Role::Requester, institutions: vec![cast.institution], known: true };
    world.account(&cast, cast.approver, assign).await;
    assert_eq!(ids(&world, &cast, Role::Purchaser, Tray::ToValidate).await, [id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_of_an_inactive_owner_wait_at_those_above_until_they_are_taken_over() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    world.account(&cast, cast.requester, AccountCommand::Deactivate).await;
    assert_eq!(seen(&world, &cast, id).await, "m t t");
    let row = tray(&world, &cast, Role::Approver, Tray::ToValidate).await.remove(0);
    assert!(!row.owner.active);
    world.account(&cast, cast.requester, AccountCommand::Reactivate).await;
    assert_eq!(seen(&world, &cast, id).await, "m  ");
    world.account(&cast, cast.requester, AccountCommand::Deactivate).await;
    world.basket(&cast, id, Role::Approver, BasketCommand::TakeOver).await.expect("take over");
    assert_eq!(seen(&world, &cast, id).await, " m ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_shows_lines_copies_total_and_since_when() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    let second = world.add_line(&cast, id, Role::Requester, 2, 2).await;
    let today = world.today(&cast);
    let change =
        BasketCommand::ChangeLine { line_id: second, quantity: Some(4), line_reference: None, today: today.clone() };
    world.basket(&cast, id, Role::Requester, change).await.expect("change");
    world.add_line(&cast, id, Role::Requester, 3, 9).await;
    let third =
        world.state::<bordereau_domain::basket::Basket>(&id.to_string()).opened().expect("open").lines[2].line_id;
    let remove = BasketCommand::RemoveLine { line_id: third, standing: today.standing };
    world.basket(&cast, id, Role::Requester, remove).await.expect("remove");
    world.advance(60);
    world.send(&cast, id, Role::Requester).await;
    let since = world.now();
    world.basket(&cast, id, Role::Approver, BasketCommand::Unlock).await.expect("unlock");
    world
        .basket(&cast, id, Role::Approver, BasketCommand::Rename { name: sealed(cast.approver, 50) })
        .await
        .expect("name");

    let row = tray(&world, &cast, Role::Approver, Tray::ToValidate).await.remove(0);
    assert_eq!((row.lines, row.copies), (2, 7));
    let total = world.state::<bordereau_domain::basket::Basket>(&id.to_string()).opened().expect("open").totals();
    assert_eq!(row.total_incl_tax, total.total_incl_tax);
    assert!((row.since - since).num_seconds().abs() < 1);
    assert_eq!(row.stage, Stage::AwaitingApprover { locked: false });
    assert!(!row.returned);
    assert_eq!(row.name, Some(SealedRef::from(sealed::<bordereau_domain::personal::BasketName>(cast.approver, 50))));
    assert_eq!(row.institution.name, "MÉDIATHÈQUE DE L'ORANGERIE");
    assert_eq!(row.owner.id, cast.requester);
    assert!(row.owner.name.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tray_is_paged_newest_first_and_a_bad_cursor_is_refused() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let mut opened = Vec::new();
    for n in 1..=7 {
        opened.push(world.open_basket(&cast, n, Role::Requester).await);
    }
    opened.reverse();
    world.catch_up().await;
    let viewer = cast.viewer(Role::Requester);
    let (mut cursor, mut read) = (None, Vec::new());
    loop {
        let list = world.views.basket_tray().list(cast.shop, &viewer, Tray::Mine, 3, cursor.as_deref());
        let (page, counts) = list.await.expect("page");
        assert_eq!(counts, TrayCounts { mine: 7, ..TrayCounts::default() });
        read.extend(page.items.into_iter().map(|row| row.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(read, opened);
    let refused = world.views.basket_tray().list(cast.shop, &viewer, Tray::Mine, 3, Some("nonsense")).await;
    assert!(matches!(refused, Err(ReadError::BadCursor)));
    let count = world.views.basket_tray().count_open(cast.shop, cast.requester).await.expect("count");
    assert_eq!(count, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_another_shop_or_institution_is_shown() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let other = world.open_shop("PARVIS").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    world.send(&cast, id, Role::Requester).await;
    assert!(ids(&world, &other, Role::Approver, Tray::ToValidate).await.is_empty());
    let in_other_shop = world.views.basket_detail().find(other.shop, id).await.expect("read");
    assert_eq!(in_other_shop, None);
    let mut stranger = cast.viewer(Role::Approver);
    stranger.institutions = vec![other.institution];
    let list = world.views.basket_tray().list(cast.shop, &stranger, Tray::ToValidate, 10, None).await;
    assert!(list.expect("tray").0.items.is_empty());
    for role in [Role::Bookseller, Role::Auditor, Role::Librisoft] {
        assert!(ids(&world, &cast, role, Tray::ToValidate).await.is_empty());
    }
}

// L41, L45, L46
#[tokio::test(flavor = "multi_thread")]
async fn a_basket_is_shown_as_its_aggregate_with_owner_and_standing() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let id = world.filled_basket(&cast, 1, Role::Requester, 3).await;
    world.send(&cast, id, Role::Requester).await;
    world.advance(3600);
    let before = world.now();
    world.give_back(&cast, id, Role::Approver).await;
    world.institution(&cast, cast.institution, InstitutionCommand::SetTwoPersonRule { demanded: true }).await;
    world.catch_up().await;
    let detail = world.views.basket_detail().find(cast.shop, id).await.expect("read").expect("basket");
    let state: bordereau_domain::basket::Basket = world.state(&id.to_string());
    assert_eq!(Some(&detail.basket), state.opened());
    assert_eq!(detail.sequence, world.sequence::<bordereau_domain::basket::Basket>(&id.to_string()));
    let returned = detail.returned.expect("returned");
    assert_eq!(returned.by.id, cast.approver);
    assert!(returned.comment.is_some());
    assert!((returned.at - before).num_seconds().abs() < 1);
    assert!(detail.owner.active);
    assert!(detail.standing.two_persons);
    assert_eq!(detail.institution.name, "MÉDIATHÈQUE DE L'ORANGERIE");
    world.account(&cast, cast.requester, AccountCommand::Deactivate).await;
    world.catch_up().await;
    let detail = world.views.basket_detail().find(cast.shop, id).await.expect("read").expect("basket");
    assert!(!detail.owner.active);
}
