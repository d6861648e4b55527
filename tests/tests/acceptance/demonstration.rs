//! The demonstration: complete, deterministic, and filled once however often it is begun.

use std::collections::{BTreeMap, BTreeSet};

use bordereau_api::{Settings, demo};
use bordereau_tests::{Client, TestApp};
use serde_json::Value;

/// At least so many rows stand in every tab.
const ROWS: u64 = 3;

async fn assert_tabs(client: &Client, list: &str, parameter: &str, tabs: &[&str]) {
    for tab in tabs {
        let page = client.get(&format!("/api/v1/{list}?{parameter}={tab}&limit=200")).await.expect(200);
        assert!(page.items().len() as u64 >= ROWS, "{tab} of {list}: {}", page.items().len());
        assert_eq!(page.number_at(&format!("/counts/{tab}")), page.items().len() as u64, "{tab} of {list}");
    }
}

#[tokio::test]
async fn every_tab_of_every_list_has_at_least_three_rows_for_the_roles_that_have_it() {
    // L24, L25, L29
    let app = TestApp::demo().await;
    let all = ["mine", "sent", "to_validate", "validated"];
    for (who, trays) in [
        ("utilisateur@demo.example", &["mine", "sent", "validated"][..]),
        ("approbateur@demo.example", &all),
        ("collectivite@demo.example", &all),
        ("utilisateur@parvis.example", &["mine", "sent", "validated"]),
        ("collectivite@parvis.example", &all),
    ] {
        assert_tabs(&app.by(who), "baskets", "tray", trays).await;
    }
    for who in [
        "collectivite@demo.example",
        "libraire@demo.example",
        "auditeur@demo.example",
        "collectivite@parvis.example",
        "libraire@parvis.example",
    ] {
        assert_tabs(&app.by(who), "quotes", "tab", &["current", "archived"]).await;
        assert_tabs(&app.by(who), "orders", "tab", &["pending", "processing", "closed", "cancelled"]).await;
    }
    for key in ["demo-librisoft", "parvis-librisoft"] {
        let pending = app.key(key).pending().await.expect(200);
        for kind in ["quote", "order", "cancellation"] {
            let due = pending.items().iter().filter(|item| item["kind"] == kind).count() as u64;
            assert!(due >= ROWS, "{kind} for {key}: {due}");
        }
    }
}

#[tokio::test]
async fn the_demonstration_has_the_institutions_of_the_manual() {
    // L19
    let app = TestApp::demo().await;
    let seen = app.bookseller().get("/api/v1/institutions").await.expect(200);
    let row = |item: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rates = ["school", "2.1", "5.5", "20"].map(|rate| text(&item["discounts"][rate]));
        (text(&item["librisoft_number"]), (text(&item["name"]), rates))
    };
    let rows: BTreeMap<_, _> = seen.items().iter().map(row).collect();
    let expected = |name: &str, rates: [&str; 4]| (name.to_owned(), rates.map(str::to_owned));
    assert_eq!(rows.len(), 5);
    assert_eq!(rows["8010000696914"], expected("Médiathèque de l'Orangerie", ["0", "0", "9", "0"]));
    assert_eq!(rows["5"], expected("JULIEN BARTHELEMY", ["0", "0", "5", "0"]));
    assert_eq!(rows["1"], expected("CHRISTOPHE CHAILAN", ["0", "0", "0", "0"]));
    assert_eq!(rows["2"], expected("MICHAEL DENIS", ["0", "5", "5", "10"]));
    assert_eq!(rows["16"], expected("ECOLE JULES FERRY", ["0", "0", "9", "0"]));
    // Everybody else sees those he acts for.
    assert_eq!(app.requester().get("/api/v1/institutions").await.column("librisoft_number"), ["8010000696914"]);
}

#[tokio::test]
async fn the_demonstration_has_the_articles_that_were_promised() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let mut all = Vec::new();
    for ean in app.app.store.list_article_eans("DLIVRE", "", 10_000).await.unwrap() {
        let found = requester.articles(&format!("q={ean}")).await.expect(200);
        assert_eq!(found.column("ean"), [ean]);
        all.extend(found.items().to_vec());
    }
    let eans: BTreeSet<_> = all.iter().map(|article| article["ean"].as_str().unwrap()).collect();
    assert!(eans.len() >= 200 && eans.len() == all.len(), "{} of {}", eans.len(), all.len());
    assert_eq!(all.iter().filter(|article| article["kind"] == "school_book").count(), 20);
    let gone: Vec<_> = all.iter().filter(|article| article["orderable"] == false).collect();
    let codes: BTreeSet<_> = gone.iter().map(|article| article["availability"].as_str().unwrap()).collect();
    assert_eq!(gone.len(), 10);
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["2", "3", "4", "5", "6", "7", "8", "9"]);
    for (ean, price) in [("9782330150136", "25.00"), ("9782362210419", "6.40"), ("9791097284657", "14.90")] {
        let article = all.iter().find(|article| article["ean"] == ean).unwrap();
        assert_eq!((&article["price_incl_tax"], &article["vat_rate"]), (&price.into(), &"5.5".into()));
    }
}

#[tokio::test]
async fn filling_again_changes_nothing() {
    let app = TestApp::demo().await;
    let heads = app.heads().await;
    demo::fill(&app.app).await.unwrap();
    assert_eq!(app.heads().await, heads);
    assert!(demo::is_welcome(&app.app).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filling_that_was_interrupted_is_completed() {
    let complete = TestApp::demo().await;
    let heads = complete.heads().await;
    let app = TestApp::empty().await;
    let total: u64 = heads.values().sum();
    for percent in [0, 1, 10, 40, 75] {
        let mut appended = app.app.store.appended();
        let mut filling = tokio::spawn({
            let app = app.app.clone();
            async move { demo::fill(&app).await }
        });
        while app.heads().await.values().sum::<u64>() < 1 + total * percent / 100 {
            tokio::select! {
                more = appended.changed() => more.unwrap(),
                ended = &mut filling => panic!("it should have been interrupted at {percent} %: {ended:?}"),
            }
        }
        filling.abort();
        let _ = filling.await;
        assert!(demo::is_welcome(&app.app).await.unwrap());
    }
    assert!(app.heads().await.values().sum::<u64>() < total);
    let app = app.restart().await;
    demo::fill(&app.app).await.unwrap();
    assert_eq!(app.heads().await, heads);
    for (who, path) in [
        ("utilisateur@demo.example", "baskets?tray=mine"),
        ("collectivite@parvis.example", "orders"),
        ("libraire@demo.example", "quotes"),
    ] {
        let path = format!("/api/v1/{path}");
        let (there, here) = (complete.by(who).get(&path).await, app.sign_in(who).await.get(&path).await);
        assert_eq!(there.at("/counts"), here.at("/counts"), "{path}");
    }
}

#[tokio::test]
async fn a_store_that_holds_something_else_is_not_welcome() {
    let app = TestApp::empty().await;
    assert!(demo::is_welcome(&app.app).await.unwrap());
    let open = bordereau_commands::ShopRequest::Open {
        code: "DLIVRE".parse().unwrap(),
        name: "DLIVRE".to_owned(),
        country: "FR".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    };
    // The same code, but not opened by the demonstration.
    app.act("DLIVRE", "DLIVRE", open).await;
    assert!(!demo::is_welcome(&app.app).await.unwrap());
}

#[tokio::test]
async fn nobody_may_have_more_open_baskets_than_the_setting_says() {
    let app = TestApp::demo_with(Settings { open_baskets: 6, ..Settings::default() }).await;
    let requester = app.requester();
    let open = requester.tray("mine").await.number_at("/counts/mine");
    for _ in open..6 {
        requester.open_basket("encore un").await.expect(201);
        app.drain().await;
    }
    requester.open_basket("un de trop").await.refused(422, "too-many-baskets");
    let draft = requester.tray("mine").await.items()[0]["id"].as_str().unwrap().parse().unwrap();
    requester.discard(draft).await.done();
    app.drain().await;
    requester.open_basket("encore un").await.expect(201);
}

#[tokio::test]
async fn more_than_a_burst_of_requests_is_429_with_the_time_to_wait() {
    let app = TestApp::demo_with(Settings { request_burst: 20, requests_per_second: 1, ..Settings::default() }).await;
    let requester = app.requester();
    let mut statuses = Vec::new();
    for _ in 0..40 {
        let answer = requester.get("/api/v1/me").await;
        if answer.status == 429 {
            assert_eq!(answer.text_at("/type"), "too-many-requests");
            assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds >= 1), "{answer}");
        }
        statuses.push(answer.status);
    }
    assert!(statuses[..20].iter().all(|status| *status == 200), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
    // Somebody else is not held up.
    app.approver().get("/api/v1/me").await.expect(200);
}
