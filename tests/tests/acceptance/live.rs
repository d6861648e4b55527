//! What others do, told to the pages that stand open.

use std::time::Duration;

use axum::http::Method;
use bordereau_api::Settings;
use bordereau_tests::{Answer, Browser, CEMETERY_ROAD, EventStream, TestApp};
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

/// The first thing that a page is told.
async fn news(page: &mut EventStream) -> Value {
    page.next_event().await.1
}

/// Reads until the stream ends, which is within this time.
async fn ends(page: EventStream) {
    let took = page.drain().await;
    assert!(took < Duration::from_secs(20), "{took:?}");
}

async fn refused(browser: &Browser) -> Answer {
    browser.visit(Method::GET, "/live").header("accept", "text/event-stream").send().await
}

#[tokio::test]
async fn a_page_hears_who_did_what_in_its_language_and_of_nothing_that_its_reader_may_not_see() {
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let mut own = Browser::of(&requester, "fr").listen("").await;
    let mut above = Browser::of(&approver, "nl").listen("").await;
    let mut shop = Browser::of(&app.bookseller(), "en").listen("").await;
    let mut elsewhere = Browser::of(&app.by("libraire@parvis.example"), "fr").listen("").await;
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    // The opening is told to nobody but the pages of who opened it, and to these without a sentence.
    let told = news(&mut own).await;
    assert_eq!(told, json!({ "id": basket, "path": format!("/baskets/{basket}"), "text": null }));
    let number = requester.basket(basket).await.number_at("/number");
    // An approver sees the basket once it was shared, and hears of its opening then, if at all.
    let sentence = format!("Camille Aubert heeft net mandje nr. {number} naar de goedkeurder gestuurd.");
    while news(&mut above).await["text"] != sentence {}
    approver.validate(basket).await.done();
    assert_eq!(news(&mut own).await["text"], Value::Null, "one's own doing");
    assert_eq!(news(&mut own).await["text"], format!("Michel Denis vient de valider le panier n° {number}."));
    // The bookshop hears of what has become a document, and never of a basket on its way.
    let on_its_way = requester.filled_basket().await;
    requester.send(on_its_way).await.done();
    let order = purchaser.place_order(basket, "BC-1").await.done().id_at("/order_id");
    loop {
        let told = news(&mut shop).await;
        assert_ne!(told["id"], json!(on_its_way), "{told}");
        if told["path"] == format!("/orders/{order}") {
            assert!(
                told["text"].as_str().unwrap().starts_with("Christine Chailan has just placed order no. "),
                "{told}"
            );
            break;
        }
        assert_eq!(told["id"], json!(basket), "{told}");
    }
    // Another shop hears its own affairs first.
    let foreign = app.by("collectivite@parvis.example").filled_basket().await;
    let placed = app.by("collectivite@parvis.example").place_order(foreign, "BC-2").await.done().id_at("/order_id");
    let told = news(&mut elsewhere).await;
    let known = [foreign, placed].map(|id| json!(id));
    assert!(known.contains(&told["id"]), "{told}");
}

#[tokio::test] // W13
async fn a_page_hears_in_whose_place_something_was_done() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    let number = requester.basket(basket).await.number_at("/number");
    let mut page = Browser::of(&requester, "fr").listen("").await;
    let approver = app.account_of(&app.approver()).await;
    let bookseller = app.bookseller().get("/api/v1/me").await.expect(200).text_at("/name");
    app.bookseller().in_place_of(approver).await.validate(basket).await.done();
    assert_eq!(
        news(&mut page).await["text"],
        format!("{bookseller} (pour le compte de Michel Denis) vient de valider le panier n° {number}.")
    );
}

#[tokio::test]
async fn work_on_a_basket_is_told_to_the_pages_of_that_basket_alone() {
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    approver.unlock(basket).await.done();
    let mut on_it = Browser::of(&purchaser, "fr").listen(&format!("on={basket}")).await;
    let mut on_another = Browser::of(&purchaser, "fr").listen(&format!("on={}", Uuid::nil())).await;
    approver.add_line(basket, CEMETERY_ROAD, 3).await.expect(201);
    approver.validate(basket).await.done();
    assert!(news(&mut on_it).await["text"].as_str().unwrap().contains("vient de modifier le panier"));
    assert!(news(&mut on_it).await["text"].as_str().unwrap().contains("vient de valider le panier"));
    assert!(news(&mut on_another).await["text"].as_str().unwrap().contains("vient de valider le panier"));
}

#[tokio::test]
async fn a_page_hears_from_the_position_it_shows_on_and_goes_on_where_it_was_cut_off() {
    let app = TestApp::demo().await;
    let (requester, approver) = (app.requester(), app.approver());
    let browser = Browser::of(&approver, "fr");
    let page = browser.get("/").await.expect(200).text;
    let shown = page.split("data-live=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a position");
    assert_eq!(shown, app.head("DLIVRE").await.to_string());
    // What happens between the page and its listening is not missed.
    let baskets = [requester.filled_basket().await, requester.filled_basket().await];
    requester.send(baskets[0]).await.done();
    let mut live = browser.listen(&format!("after={shown}")).await;
    let (heard, first) = loop {
        let (position, told) = live.next_event().await;
        if told["text"].as_str().is_some_and(|text| text.contains("vient d'envoyer")) {
            break (position, told);
        }
    };
    assert_eq!(first["id"], json!(baskets[0]));
    drop(live);
    requester.send(baskets[1]).await.done();
    // `Last-Event-ID` goes before the position in the address, as a browser connects again.
    let again = browser.visit(Method::GET, &format!("/live?after={shown}")).header("last-event-id", &heard.to_string());
    let mut again = again.open().await;
    assert_eq!(news(&mut again).await["id"], json!(baskets[1]));
    // A page that has missed much is told that, and no more; one of a lost history begins at the end.
    let mut late = browser.listen("after=1").await;
    assert_eq!(news(&mut late).await, json!({}));
    let mut lost = browser.listen("after=99999999").await;
    approver.validate(baskets[1]).await.done();
    assert_eq!(news(&mut lost).await["id"], json!(baskets[1]));
}

#[tokio::test]
async fn a_page_hears_nothing_more_once_its_session_has_ended_or_is_another() {
    let app = TestApp::demo().await;
    let browser = Browser::signed_in(&app, "fr", "approbateur@demo.example").await;
    let live = browser.listen("").await;
    browser.post("/sign-out", &[]).await.leads_to("/sign-in");
    ends(live).await;
    assert_eq!(refused(&browser).await.status, 401);
    let requester = app.sign_in("utilisateur@demo.example").await;
    let live = Browser::of(&requester, "fr").listen("").await;
    app.deactivate(&requester).await;
    ends(live).await;
}

#[tokio::test]
async fn listening_keeps_no_session_alive() {
    let app = TestApp::demo_with(Settings { session_idle_minutes: 10, ..Settings::default() }).await;
    let requester = app.sign_in("utilisateur@demo.example").await;
    let browser = Browser::of(&requester, "fr");
    app.clock.advance(TimeDelta::minutes(6));
    let live = browser.listen("").await;
    // So does a page that looks at itself again because of what it has heard.
    browser.visit(Method::GET, "/").header("bordereau-unasked", "1").send().await.expect(200);
    app.clock.advance(TimeDelta::minutes(6));
    ends(live).await;
    assert_eq!(refused(&browser).await.status, 401);
}

#[tokio::test] // attack 90
async fn one_person_has_so_many_pages_that_listen_and_no_more() {
    let app = TestApp::demo_with(Settings { streams_per_account: 2, ..Settings::default() }).await;
    let browser = Browser::of(&app.requester(), "fr");
    let first = browser.listen("").await;
    let _second = browser.listen("").await;
    assert_eq!(refused(&browser).await.status, 429);
    let _another = Browser::of(&app.approver(), "fr").listen("").await;
    drop(first);
    let _free = browser.listen("").await;
}

#[tokio::test]
async fn only_pages_of_people_listen() {
    let app = TestApp::demo().await;
    let nobody = Browser::new(&app, "fr");
    assert_eq!(refused(&nobody).await.status, 401);
    assert!(!nobody.get("/sign-in").await.expect(200).text.contains("data-live"));
    let page = Browser::of(&app.requester(), "fr").get("/baskets").await.expect(200).text;
    assert!(page.contains("<div id=\"live\" class=\"live\" role=\"status\""), "{page}");
    // A machine's key is no cookie of a page.
    nobody.keep("bordereau", "demo-integrator");
    assert_eq!(refused(&nobody).await.status, 401);
}
