//! The shared article table.

use bordereau_store::{ArticlePut, ArticleVerdict, Store, StoreError};

use super::bench::{Bench, LEDGER, OTHER, START, add};

const CEMETERY_ROAD: &str = "9782330150136";
const SECOND_BOOK: &str = "9782362210419";

fn article(ean: &str, title: &str, price: &str) -> ArticlePut {
    ArticlePut {
        ean: ean.to_owned(),
        body: format!(r#"{{"title":"{title}"}}"#),
        price_incl_tax: price.to_owned(),
        vat_rate: "5.5".to_owned(),
    }
}

async fn put(store: &Store, articles: Vec<ArticlePut>) -> Vec<ArticleVerdict> {
    store.put_articles(LEDGER, articles, START).await.unwrap()
}

async fn revision(store: &Store) -> u64 {
    store.head(LEDGER).await.unwrap().unwrap().article_revision
}

pub(crate) async fn an_unchanged_article_takes_no_revision(bench: Bench) {
    let store = bench.open().await;
    let both = || vec![article(CEMETERY_ROAD, "A", "25.00"), article(SECOND_BOOK, "B", "6.40")];
    assert_eq!(put(&store, both()).await, [ArticleVerdict::Created; 2]);
    assert_eq!(revision(&store).await, 2);
    assert_eq!(put(&store, both()).await, [ArticleVerdict::Unchanged; 2]);
    assert_eq!(revision(&store).await, 2);
    let again = vec![article(SECOND_BOOK, "B2", "6.40"), article(CEMETERY_ROAD, "A", "25.00")];
    assert_eq!(put(&store, again).await, [ArticleVerdict::Changed, ArticleVerdict::Unchanged]);
    assert_eq!(revision(&store).await, 3);
    // Articles and events share the head row and do not disturb each other.
    add(&store, "b1", 0).await;
    let head = store.head(LEDGER).await.unwrap().unwrap();
    assert_eq!((head.position, head.article_revision), (2, 3));
    let unknown = store.put_articles("NOWHERE", both(), START).await.unwrap_err();
    assert_eq!(unknown, StoreError::UnknownLedger);
}

pub(crate) async fn articles_are_followed_by_revision(bench: Bench) {
    let store = bench.open().await;
    put(&store, vec![article(CEMETERY_ROAD, "A", "25.00"), article(SECOND_BOOK, "B", "6.40")]).await;
    put(&store, vec![article(CEMETERY_ROAD, "A2", "25.00")]).await;
    let store = bench.reopen(store).await;
    let all = store.articles_after(LEDGER, 0, 10).await.unwrap();
    let seen: Vec<_> = all.iter().map(|article| (article.ean.as_str(), article.revision)).collect();
    assert_eq!(seen, [(SECOND_BOOK, 2), (CEMETERY_ROAD, 3)]);
    assert_eq!(store.articles_after(LEDGER, 2, 10).await.unwrap(), all[1..]);
    assert_eq!(store.articles_after(LEDGER, 0, 1).await.unwrap(), all[..1]);
    assert!(store.articles_after(OTHER, 0, 10).await.unwrap().is_empty());
    let found = store.find_articles(LEDGER, &[SECOND_BOOK, "9780000000002", CEMETERY_ROAD]).await.unwrap();
    let mut expected = all;
    expected.reverse();
    assert_eq!(found, expected);
    assert_eq!(store.list_article_eans(LEDGER, "", 10).await.unwrap(), [CEMETERY_ROAD, SECOND_BOOK]);
    assert_eq!(store.list_article_eans(LEDGER, CEMETERY_ROAD, 10).await.unwrap(), [SECOND_BOOK]);
}

pub(crate) async fn a_change_is_found_at_once_where_it_was_made_and_soon_elsewhere(bench: Bench) {
    let nodes = [bench.open().await, bench.open_bare().await];
    let price = async |store: &Store| {
        let found = store.find_articles(LEDGER, &[CEMETERY_ROAD]).await.unwrap();
        found.first().map(|article| article.body.clone())
    };
    for round in 0..20 {
        let (here, there) = (&nodes[round % 2], &nodes[1 - round % 2]);
        let changed = article(CEMETERY_ROAD, &format!("Title {round}"), "25.00");
        put(here, vec![changed.clone()]).await;
        assert_eq!(price(here).await.as_ref(), Some(&changed.body));
        let soon = async {
            while price(there).await.as_ref() != Some(&changed.body) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), soon).await.expect("the other node goes on as before");
    }
}

pub(crate) async fn prices_are_never_overwritten(bench: Bench) {
    let store = bench.open().await;
    put(&store, vec![article(CEMETERY_ROAD, "A", "25.00")]).await;
    put(&store, vec![article(CEMETERY_ROAD, "A2", "25.00")]).await;
    put(&store, vec![article(CEMETERY_ROAD, "A2", "26.00")]).await;
    let prices = store.list_article_prices(LEDGER, CEMETERY_ROAD).await.unwrap();
    let seen: Vec<_> = prices.iter().map(|price| (price.revision, price.price_incl_tax.as_str())).collect();
    assert_eq!(seen, [(1, "25.00"), (3, "26.00")]);
}

pub(crate) async fn a_withdrawn_article_can_come_back(bench: Bench) {
    let store = bench.open().await;
    put(&store, vec![article(CEMETERY_ROAD, "A", "25.00")]).await;
    let eans = vec![CEMETERY_ROAD.to_owned(), SECOND_BOOK.to_owned()];
    assert_eq!(store.withdraw_articles(LEDGER, eans.clone(), START).await.unwrap(), 1);
    assert_eq!(store.withdraw_articles(LEDGER, eans, START).await.unwrap(), 0);
    assert_eq!(revision(&store).await, 2);
    let found = store.find_articles(LEDGER, &[CEMETERY_ROAD]).await.unwrap();
    assert_eq!((found[0].withdrawn, found[0].revision), (true, 2));
    assert!(store.list_article_eans(LEDGER, "", 10).await.unwrap().is_empty());
    assert_eq!(put(&store, vec![article(CEMETERY_ROAD, "A", "25.00")]).await, [ArticleVerdict::Created]);
    let found = store.find_articles(LEDGER, &[CEMETERY_ROAD]).await.unwrap();
    assert_eq!((found[0].withdrawn, found[0].revision), (false, 3));
}

pub(crate) async fn a_broken_article_undoes_the_whole_call(bench: Bench) {
    let store = bench.open().await;
    let mut broken = article(SECOND_BOOK, "B", "6.40");
    broken.body = "nonsense".to_owned();
    let error =
        store.put_articles(LEDGER, vec![article(CEMETERY_ROAD, "A", "25.00"), broken], START).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error:?}");
    assert_eq!(revision(&store).await, 0);
    assert!(store.articles_after(LEDGER, 0, 10).await.unwrap().is_empty());
}
