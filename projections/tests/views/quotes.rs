//! The lists of quotes.

use bordereau_domain::{
    Role,
    quote::{AnsweredLine, QuoteCommand, QuoteStatus},
};
use bordereau_projections::{QuoteCounts, QuoteRow, QuoteTab, Scope};

use super::world::{Cast, World};

async fn list(world: &World, cast: &Cast, scope: &Scope, tab: QuoteTab, q: Option<&str>) -> Vec<u64> {
    rows(world, cast, scope, tab, q).await.0.into_iter().map(|row| row.number).collect()
}

async fn rows(
    world: &World,
    cast: &Cast,
    scope: &Scope,
    tab: QuoteTab,
    q: Option<&str>,
) -> (Vec<QuoteRow>, QuoteCounts) {
    world.catch_up().await;
    let (page, counts) = world.views.quote_list().list(cast.shop, scope, tab, q, 100, None).await.expect("list");
    (page.items, counts)
}

// L24, L25, L26, L27
#[tokio::test(flavor = "multi_thread")]
async fn a_quote_goes_from_the_current_tab_to_the_archive() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let basket = world.filled_basket(&cast, 8, Role::Purchaser, 10).await;
    let id = world.request_quote(&cast, basket, 8, "Marché 2026-A").await;
    let (found, counts) = rows(&world, &cast, &Scope::All, QuoteTab::Current, None).await;
    assert_eq!(counts, QuoteCounts { current: 1, archived: 0 });
    let row = &found[0];
    assert_eq!((row.id, row.number, row.quantity, row.status), (id, 8, 10, QuoteStatus::Requested));
    assert_eq!((row.basket_id, row.basket_number, row.created_by.id), (basket, 8, cast.purchaser));
    assert!(row.created_by.email.is_some());
    assert_eq!(row.total_incl_tax.to_string(), "227.50");
    assert_eq!(row.reference, "Marché 2026-A");

    let acknowledge = QuoteCommand::Acknowledge { librisoft_number: Some("D-77".to_owned()) };
    world.on_quote(&cast, id, Role::Librisoft, acknowledge).await;
    let (found, _) = rows(&world, &cast, &Scope::All, QuoteTab::Current, None).await;
    assert_eq!((found[0].status, found[0].librisoft_number.as_deref()), (QuoteStatus::Collected, Some("D-77")));
    world.on_quote(&cast, id, Role::Bookseller, QuoteCommand::Archive).await;
    let (found, counts) = rows(&world, &cast, &Scope::All, QuoteTab::Archived, None).await;
    assert_eq!((found.len(), counts), (1, QuoteCounts { current: 0, archived: 1 }));
}

// L24
#[tokio::test(flavor = "multi_thread")]
async fn a_quote_is_found_by_its_number_or_part_of_its_reference() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    for (n, reference) in [(1, "Marché n° 26-104"), (2, "Été: école Jules-Ferry"), (3, "ab"), (26, "Divers")] {
        let basket = world.filled_basket(&cast, n, Role::Purchaser, 1).await;
        world.request_quote(&cast, basket, n, reference).await;
    }
    let institutions = Scope::Institutions(vec![cast.institution]);
    for scope in [Scope::All, institutions] {
        for (q, found) in [
            ("26", vec![26, 1]),
            ("marche", vec![1]),
            ("ECOLE JULES", vec![2]),
            ("cole", vec![2]),
            ("ab", vec![3]),
            ("104", vec![1]),
            ("\"; DROP", vec![]),
            ("introuvable", vec![]),
            ("  ", vec![26, 3, 2, 1]),
        ] {
            assert_eq!(list(&world, &cast, &scope, QuoteTab::Current, Some(q)).await, found, "{q}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchaser_sees_his_institutions_quotes_only() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let other = world.open_shop("PARVIS").await;
    let basket = world.filled_basket(&cast, 1, Role::Purchaser, 1).await;
    let id = world.request_quote(&cast, basket, 1, "Une").await;
    let theirs = Scope::Institutions(vec![other.institution]);
    let (found, counts) = rows(&world, &cast, &theirs, QuoteTab::Current, None).await;
    assert_eq!((found.len(), counts), (0, QuoteCounts::default()));
    assert!(list(&world, &other, &Scope::All, QuoteTab::Current, Some("une")).await.is_empty());
    assert_eq!(world.views.quote_list().find(other.shop, id).await.expect("read"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_quotes_join_without_gap_also_in_a_search() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    for n in 1..=9 {
        let basket = world.filled_basket(&cast, n, Role::Purchaser, 1).await;
        world.request_quote(&cast, basket, n, &format!("Référence {n}")).await;
    }
    world.catch_up().await;
    for q in [None, Some("reference")] {
        let (mut cursor, mut read) = (None, Vec::new());
        loop {
            let page = world
                .views
                .quote_list()
                .list(cast.shop, &Scope::All, QuoteTab::Current, q, 2, cursor.as_deref())
                .await
                .expect("page")
                .0;
            read.extend(page.items.into_iter().map(|row| row.number));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(read, (1..=9).rev().collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_changes_the_totals_of_list_and_detail() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let basket = world.filled_basket(&cast, 1, Role::Purchaser, 2).await;
    let id = world.request_quote(&cast, basket, 1, "Une").await;
    let line_id =
        world.state::<bordereau_domain::quote::Quote>(&id.to_string()).opened().expect("quote").lines[0].line_id;
    let line = AnsweredLine {
        line_id,
        unit_price_incl_tax: "25.00".parse().expect("money"),
        discount_rate: "5".parse().expect("rate"),
    };
    let today = world.now().date_naive();
    let answer = QuoteCommand::Answer { lines: vec![line], valid_until: today, today, french: true };
    world.on_quote(&cast, id, Role::Bookseller, answer).await;
    let (found, _) = rows(&world, &cast, &Scope::All, QuoteTab::Current, None).await;
    assert_eq!((found[0].status, found[0].total_incl_tax.to_string()), (QuoteStatus::Answered, "47.50".to_owned()));
    let detail = world.views.quote_list().find(cast.shop, id).await.expect("read").expect("quote");
    assert_eq!(Some(&detail.quote), world.state::<bordereau_domain::quote::Quote>(&id.to_string()).opened());
    assert_eq!(detail.quote.valid_until, Some(today));
    assert_eq!(detail.created_by.id, cast.purchaser);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answered_quote_is_overdue_from_the_day_after_its_last() {
    let (mut world, cast) = World::with_shop("DLIVRE").await;
    let basket = world.filled_basket(&cast, 1, Role::Purchaser, 1).await;
    let id = world.request_quote(&cast, basket, 1, "R").await;
    let last: chrono::NaiveDate = "2026-12-31".parse().expect("day");
    let answer = QuoteCommand::Answer { lines: vec![], valid_until: last, today: last, french: true };
    world.on_quote(&cast, id, Role::Bookseller, answer).await;
    world.catch_up().await;
    let quotes = world.views.quote_list();
    assert_eq!(quotes.list_overdue(cast.shop, last, 10).await.expect("list"), []);
    let after = last.succ_opt().expect("day");
    assert_eq!(quotes.list_overdue(cast.shop, after, 10).await.expect("list"), [id]);
}
