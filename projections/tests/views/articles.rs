//! The catalogue.

use std::time::Duration;

use bordereau_domain::{Ean, article::Article};
use bordereau_projections::{ReadError, WaitError};
use bordereau_store::ArticlePut;
use proptest::prelude::*;

use super::world::{World, article};

fn titled(n: u8, title: &str, author: &str, publisher: &str) -> Article {
    Article { title: title.to_owned(), author: author.to_owned(), publisher: publisher.to_owned(), ..article(n) }
}

async fn put(world: &World, shop: &str, articles: &[Article]) {
    let put = |article: &Article| ArticlePut {
        ean: article.ean.to_string(),
        body: serde_json::to_string(article).expect("body"),
        price_incl_tax: article.price_incl_tax.to_string(),
        vat_rate: article.vat_rate.to_string(),
    };
    world.store.put_articles(shop, articles.iter().map(put).collect(), 0).await.expect("put");
}

async fn search(world: &World, shop: &str, q: &str) -> Vec<String> {
    world.catch_up().await;
    let page = world.views.article_search().search(shop, q, 20, None).await.expect("search");
    page.items.into_iter().map(|row| row.article.title).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_word_begins_a_word_of_title_author_or_publisher() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    put(
        &world,
        cast.shop,
        &[
            titled(1, "L'Été meurtrier", "Sébastien Japrisot", "DENOËL"),
            titled(2, "Cœur de pirate", "ÉTÉOCLE", "ACTES SUD"),
            titled(3, "CEMETERY ROAD", "ILES GREG", "ACTES SUD"),
            titled(4, "La Straße", "Anne-Marie Dupont", "Seuil"),
            titled(5, "Et alors ?", "La", "Œuvres"),
        ],
    )
    .await;
    for (q, found) in [
        ("ete", vec!["L'Été meurtrier", "Cœur de pirate"]),
        ("l'été", vec!["L'Été meurtrier"]),
        ("L ETE", vec!["L'Été meurtrier"]),
        ("coeur", vec!["Cœur de pirate"]),
        ("Cœur", vec!["Cœur de pirate"]),
        ("actes", vec!["Cœur de pirate", "CEMETERY ROAD"]),
        ("cem ile", vec!["CEMETERY ROAD"]),
        ("ce", vec!["CEMETERY ROAD"]),
        ("la", vec!["La Straße", "Et alors ?"]),
        ("strasse", vec!["La Straße"]),
        ("anne marie", vec!["La Straße"]),
        ("marie-anne", vec!["La Straße"]),
        ("metery", vec![]),
        ("oeuv", vec!["Et alors ?"]),
        ("et alors", vec!["Et alors ?"]),
        ("cem introuvable", vec![]),
        ("", vec![]),
        ("!?«»", vec![]),
    ] {
        assert_eq!(search(&world, cast.shop, q).await, found, "{q}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_number_finds_its_article_in_every_spelling() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    let ean = Ean::parse("9782070368228").expect("ean");
    put(&world, cast.shop, &[Article { ean, ..titled(1, "1984", "ORWELL", "GALLIMARD") }, article(2)]).await;
    for q in ["9782070368228", "978-2-07-036822-8", "207036822X", "2-07-036822-x", " 978 2070368228 "] {
        assert_eq!(search(&world, cast.shop, q).await, ["1984"], "{q}");
    }
    assert_eq!(search(&world, cast.shop, "1984").await, ["1984"], "four digits are a word");
    assert!(search(&world, "PARVIS", "9782070368228").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_article_is_found_by_its_new_words_and_a_withdrawn_one_by_its_number_only() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    put(&world, cast.shop, &[titled(1, "Ancien", "A", "B")]).await;
    assert_eq!(search(&world, cast.shop, "ancien").await, ["Ancien"]);
    put(&world, cast.shop, &[titled(1, "Nouveau", "A", "B")]).await;
    assert!(search(&world, cast.shop, "ancien").await.is_empty());
    assert_eq!(search(&world, cast.shop, "nouveau").await, ["Nouveau"]);
    let ean = article(1).ean;
    world.store.withdraw_articles(cast.shop, vec![ean.to_string()], 1).await.expect("withdraw");
    assert!(search(&world, cast.shop, "nouveau").await.is_empty());
    let row = world.views.article_search().find(cast.shop, ean).await.expect("read").expect("article");
    assert!(row.withdrawn);
    put(&world, cast.shop, &[titled(1, "Nouveau", "A", "B")]).await;
    assert_eq!(search(&world, cast.shop, "nouveau").await, ["Nouveau"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_join_title_matches_first_in_one_order() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    let other = "PARVIS";
    let mut world = world;
    world.open_shop(other).await;
    let mut articles: Vec<_> = (1..=5).map(|n| titled(n, &format!("Autre {n}"), "LAURENT", "X")).collect();
    articles.extend((6..=11).map(|n| titled(n, &format!("La {n}"), "Y", "Z")));
    articles.reverse();
    put(&world, cast.shop, &articles).await;
    put(&world, other, &[titled(12, "La voisine", "V", "V")]).await;
    world.catch_up().await;
    let (mut cursor, mut read) = (None, Vec::new());
    loop {
        let page = world.views.article_search().search(cast.shop, "la", 2, cursor.as_deref()).await.expect("page");
        read.extend(page.items.into_iter().map(|row| row.article.title));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let wanted: Vec<_> = (6..=11).map(|n| format!("La {n}")).chain((1..=5).map(|n| format!("Autre {n}"))).collect();
    assert_eq!(read, wanted);
    let refused = world.views.article_search().search(cast.shop, "la", 2, Some("?")).await;
    assert!(matches!(refused, Err(ReadError::BadCursor)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_position_of_the_catalogue_is_the_revision() {
    let (world, cast) = World::with_shop("DLIVRE").await;
    put(&world, cast.shop, &[article(1), article(2)]).await;
    let wait = |revision| world.views.wait_for("article_search", cast.shop, revision, Duration::from_secs(30));
    wait(2).await.expect("reached");
    assert!(matches!(wait(3).await, Err(WaitError::AboveHead)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]
    #[test]
    fn no_question_is_syntax(questions in prop::collection::vec("\\PC{0,20}", 8)) {
        let runtime = tokio::runtime::Runtime::new().expect("runtime");
        runtime.block_on(async {
            let (world, cast) = World::with_shop("DLIVRE").await;
            put(&world, cast.shop, &[article(1)]).await;
            world.catch_up().await;
            for q in questions.iter().map(String::as_str).chain(["\"", "a* OR b", "title:x", "NEAR(a b)", "^a", "{x}:y"]) {
                let found = world.views.article_search().search(cast.shop, q, 20, None).await;
                assert!(found.is_ok(), "{q:?}: {found:?}");
            }
        });
    }
}
