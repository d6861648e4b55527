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
async fn institutions_are_found_by_the_beginnings_of_words_of_name_and_town_and_by_number() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    for (n, name) in [(2, "Écoles de Nancy"), (3, "CHRISTOPHE CHAILAN"), (4, "École Jules-Ferry"), (5, "Collège")] {
        world.synchronise(&cast, InstitutionId(cast.id(n)), name, &format!("80{n}")).await;
    }
    world.institution(&cast, InstitutionId(cast.id(3)), InstitutionCommand::Withdraw).await;
    world.catch_up().await;
    let town = profile("Collège", "805").city;
    // As many as are asked for one by one, and more: then all of the shop are passed through.
    let ids = (1..=5).map(|n| InstitutionId(cast.id(n)));
    let many = ids.clone().chain((1_000..1_300).map(|n| InstitutionId(cast.id(n)))).collect();
    for scope in [Scope::All, Scope::Institutions(ids.collect()), Scope::Institutions(many)] {
        let find = async |words: &str| {
            let found = world.views.institutions().search(cast.shop, &scope, true, words, 2, None).await.expect("page");
            found.items.into_iter().map(|row| row.known.profile.name).collect::<Vec<_>>()
        };
        assert_eq!(find("ecol").await, ["École Jules-Ferry", "Écoles de Nancy"], "{scope:?}");
        assert_eq!(find("FERRY école").await, ["École Jules-Ferry"]);
        assert_eq!(find("80").await, ["Collège", "École Jules-Ferry"]);
        assert_eq!(find("803").await, ["CHRISTOPHE CHAILAN"]);
        assert_eq!(find(&format!("collège {town}")).await, ["Collège"]);
        assert!(find("erry").await.is_empty() && find("collège zzz").await.is_empty());
    }
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
