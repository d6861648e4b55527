//! Delegations, as those who give and those who have them see them.

use bordereau_domain::{
    AccountId, DelegationId, Event, InstitutionId, Role,
    account::{Account, AccountCommand, Colleague},
};
use bordereau_projections::{Tray, Viewer};
use chrono::NaiveDate;
use uuid::Uuid;

use super::world::{Cast, World};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

async fn delegate(world: &mut World, cast: &Cast, number: u128, first_day: &str, last_day: &str) -> DelegationId {
    let delegation_id = DelegationId(cast.id(700 + number));
    let command = AccountCommand::Delegate {
        delegation_id,
        delegate_id: cast.requester,
        delegate: Some(Colleague { institutions: vec![cast.institution], active: true }),
        first_day: day(first_day),
        last_day: day(last_day),
        today: day(first_day),
    };
    act(world, cast, command).await;
    delegation_id
}

async fn act(world: &mut World, cast: &Cast, command: AccountCommand) {
    let (approver, actor) = (cast.approver, cast.actor(Role::Approver));
    world.act::<Account>(cast.shop, approver, actor, command, Event::Account).await.expect("account");
}

async fn received(world: &World, cast: &Cast, who: AccountId, on: &str) -> Vec<DelegationId> {
    world.catch_up().await;
    let rows = world.views.delegations().received(cast.shop, who, day(on)).await.expect("list");
    assert!(rows.iter().all(|row| row.owner.id == cast.approver && row.owner.name.is_some()));
    rows.iter().map(|row| row.id).collect()
}

async fn given(world: &World, cast: &Cast, who: AccountId) -> Vec<DelegationId> {
    world.catch_up().await;
    let rows = world.views.delegations().given(cast.shop, who).await.expect("list");
    rows.iter().map(|row| row.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_is_shown_until_it_is_revoked_and_to_its_delegate_until_it_is_over() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let one = delegate(&mut world, &cast, 1, "2026-04-01", "2026-04-03").await;
    let two = delegate(&mut world, &cast, 2, "2026-04-02", "2026-04-09").await;
    assert_eq!(given(&world, &cast, cast.approver).await, [two, one]);
    assert_eq!(received(&world, &cast, cast.requester, "2026-03-01").await, [two, one]);
    assert_eq!(received(&world, &cast, cast.requester, "2026-04-03").await, [two, one]);
    assert_eq!(received(&world, &cast, cast.requester, "2026-04-04").await, [two]);
    assert!(received(&world, &cast, cast.purchaser, "2026-04-02").await.is_empty());
    assert!(given(&world, &cast, cast.requester).await.is_empty());
    act(&mut world, &cast, AccountCommand::RevokeDelegation { delegation_id: two }).await;
    assert!(received(&world, &cast, cast.requester, "2026-04-04").await.is_empty());
    assert_eq!(given(&world, &cast, cast.approver).await, [one]);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_anothers_place_a_tray_shows_what_is_of_common_institutions() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    world.filled_basket(&cast, 1, Role::Requester, 3).await;
    let mut viewer = cast.viewer(Role::Requester);
    let seen = async |viewer: &Viewer, world: &World| {
        world.catch_up().await;
        let tray = world.views.basket_tray();
        let (page, counts) = tray.list(cast.shop, viewer, Tray::Mine, 10, None).await.expect("tray");
        (page.items.len(), counts.mine)
    };
    viewer.in_place = true;
    assert_eq!(seen(&viewer, &world).await, (1, 1));
    viewer.institutions = vec![InstitutionId(Uuid::nil())];
    assert_eq!(seen(&viewer, &world).await, (0, 0));
    viewer.in_place = false;
    assert_eq!(seen(&viewer, &world).await, (1, 1));
}
