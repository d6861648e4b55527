//! Institution clients.

use bordereau_domain::{InstitutionId, Role, account::AccountCommand, institution::InstitutionCommand};
use bordereau_projections::Scope;

use super::world::{Cast, World, profile};

async fn names(world: &World, cast: &Cast, scope: &Scope, withdrawn_too: bool) -> Vec<String> {
    world.catch_up().await;
    let (mut cursor, mut names) = (None, Vec::new());
    loop {
        let list = world.views.institutions().list(cast.shop, scope, withdrawn_too, 2, cursor.as_deref());
        let page = list.await.expect("list");
        names.extend(page.items.into_iter().map(|row| row.known.profile.name));
        cursor = page.next;
        if cursor.is_none() {
            return names;
        }
    }
}

// L19, L20
#[tokio::test(flavor = "multi_thread")]
async fn institutions_are_listed_by_name_withdrawn_ones_last_if_at_all() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    for (n, name) in [(2, "Écoles de Nancy"), (3, "CHRISTOPHE CHAILAN"), (4, "École Jules-Ferry"), (5, "Collège")] {
        world.synchronise(&cast, InstitutionId(cast.id(n)), name, &n.to_string()).await;
    }
    world.institution(&cast, InstitutionId(cast.id(3)), InstitutionCommand::Withdraw).await;
    let media = "MÉDIATHÈQUE DE L'ORANGERIE";
    let listed = ["Collège", "École Jules-Ferry", "Écoles de Nancy", media];
    assert_eq!(names(&world, &cast, &Scope::All, false).await, listed);
    let all = [listed.as_slice(), &["CHRISTOPHE CHAILAN"]].concat();
    assert_eq!(names(&world, &cast, &Scope::All, true).await, all);
    let some = Scope::Institutions(vec![cast.institution, InstitutionId(cast.id(3)), InstitutionId(cast.id(5))]);
    assert_eq!(names(&world, &cast, &some, false).await, ["Collège", media]);
    assert_eq!(names(&world, &cast, &some, true).await, ["Collège", media, "CHRISTOPHE CHAILAN"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_institution_is_found_with_all_that_librisoft_says() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    world.catch_up().await;
    let row = world.views.institutions().find(cast.shop, cast.institution).await.expect("read").expect("institution");
    assert_eq!(row.known.profile, profile("MÉDIATHÈQUE DE L'ORANGERIE", "8010000696914"));
    assert!(!row.known.blocked && !row.known.withdrawn);
    assert_eq!(world.views.institutions().find("PARVIS", cast.institution).await.expect("read"), None);
}

// L18
#[tokio::test(flavor = "multi_thread")]
async fn users_without_the_role_above_them_are_reported() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let lacking = async |world: &World| {
        world.catch_up().await;
        let found = world.views.institutions().list_lacking(cast.shop).await.expect("list");
        found.into_iter().map(|l| (l.institution.id, l.without_approver, l.without_purchaser)).collect::<Vec<_>>()
    };
    assert!(lacking(&world).await.is_empty());
    world.account(&cast, cast.purchaser, AccountCommand::Deactivate).await;
    assert_eq!(lacking(&world).await, [(cast.institution, false, true)]);
    world.account(&cast, cast.approver, AccountCommand::Deactivate).await;
    assert_eq!(lacking(&world).await, [(cast.institution, true, false)]);
    let assign = AccountCommand::Assign { role: Role::Approver, institutions: vec![cast.institution], known: true };
    world.account(&cast, cast.requester, assign).await;
    assert_eq!(lacking(&world).await, [(cast.institution, false, true)]);
}
