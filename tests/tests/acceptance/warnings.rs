//! What is said of a basket's lines before anybody goes on: it hinders nothing, and tells nobody what he may not see.

use bordereau_domain::Role;
use bordereau_tests::{
    Answer, Browser, CEMETERY_ROAD, CLUB_GUIDE, Client, MEDIATHEQUE, READING_ALOUD, SCHOOL, TestApp,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::pages::{LANGUAGES, check};

async fn warnings(who: &Client, basket: Uuid) -> Answer {
    who.get(&format!("/api/v1/baskets/{basket}/warnings")).await.expect(200)
}

/// What is said of an article, by kind.
fn of<'a>(told: &'a Answer, ean: &str, kind: &str) -> Vec<&'a Value> {
    let lines = told.items().iter().filter(|item| item["ean"] == ean);
    lines.flat_map(|item| item["warnings"].as_array().unwrap()).filter(|said| said["kind"] == kind).collect()
}

async fn one_line(who: &Client, ean: &str) -> Uuid {
    let basket = who.open_basket("Une ligne").await.expect(201).id_at("/id");
    who.add_line(basket, ean, 2).await.expect(201);
    basket
}

/// An institution of the demonstration with this discount on books.
fn client(number: &str, rate: &str) -> Value {
    json!({ "librisoft_number": number, "kind": "library", "name": "Médiathèque de l'Orangerie", "city": "Nancy",
        "discounts": { "school": "0", "2.1": "0", "5.5": rate, "20": "0" } })
}

#[tokio::test]
async fn a_title_that_was_ordered_is_told_with_its_order_and_linked_for_those_who_may_read_it() {
    let app = TestApp::demo().await;
    let (requester, purchaser) = (app.requester(), app.purchaser());
    let before = one_line(&requester, CEMETERY_ROAD).await;
    // The demonstration may have ordered it: what counts here is what comes on top.
    let known = of(&warnings(&requester, before).await, CEMETERY_ROAD, "ordered").len();
    let ordered = one_line(&purchaser, CEMETERY_ROAD).await;
    let placed = purchaser.place_order(ordered, "MED-1").await.done();
    let (order, number) = (placed.id_at("/order_id"), placed.number_at("/number"));
    let told = warnings(&requester, before).await;
    let said = of(&told, CEMETERY_ROAD, "ordered");
    assert_eq!(said.len(), (known + 1).min(3), "{told}");
    let (first, detail) = (&said[0]["order"], said[0]["detail"].as_str().unwrap());
    assert_eq!((&first["number"], &first["quantity"]), (&json!(number), &json!(2)));
    assert!(first.get("id").is_none() && detail.contains(&format!("order no. {number}, 2 copies")), "{told}");
    let own = one_line(&purchaser, CEMETERY_ROAD).await;
    let told = warnings(&purchaser, own).await;
    assert_eq!(of(&told, CEMETERY_ROAD, "ordered")[0]["order"]["id"], order.to_string());
    // Of the basket that became the order there is nothing to say.
    assert_eq!(warnings(&purchaser, ordered).await.items().len(), 0);
    app.bookseller().order_step(order, "make-available", &json!({})).await.done();
    let told = warnings(&requester, before).await;
    assert_eq!(of(&told, CEMETERY_ROAD, "received")[0]["order"]["number"], number, "{told}");
    app.bookseller().order_step(order, "cancel", &json!({ "reason": "épuisé" })).await.done();
    let told = warnings(&requester, before).await;
    let numbers = |kind| of(&told, CEMETERY_ROAD, kind).iter().any(|said| said["order"]["number"] == number);
    assert!(!numbers("ordered") && !numbers("received"), "{told}");
    app.bookseller().order_step(order, "reset-status", &json!({ "reason": "retrouvé" })).await.done();
    let told = warnings(&requester, before).await;
    assert_eq!(of(&told, CEMETERY_ROAD, "ordered")[0]["order"]["number"], number, "{told}");
}

#[tokio::test]
async fn baskets_on_their_way_are_told_to_those_who_may_open_them_and_drafts_to_nobody_else() {
    let app = TestApp::demo().await;
    let (requester, approver) = (app.requester(), app.approver());
    let colleague = app.engage("collegue@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let theirs = one_line(&colleague, CLUB_GUIDE).await;
    let (mine, other) = (one_line(&requester, CLUB_GUIDE).await, one_line(&requester, CLUB_GUIDE).await);
    let above = one_line(&approver, CLUB_GUIDE).await;
    let told_of = |told: &Answer| -> Vec<String> {
        of(told, CLUB_GUIDE, "in_basket").iter().map(|said| said["basket"]["id"].as_str().unwrap().to_owned()).collect()
    };
    // Another draft of one's own is told; a colleague's is not, to whomever.
    assert_eq!(told_of(&warnings(&requester, mine).await), [other.to_string()]);
    assert!(!told_of(&warnings(&approver, above).await).contains(&theirs.to_string()));
    colleague.send(theirs).await.done();
    assert!(told_of(&warnings(&approver, above).await).contains(&theirs.to_string()));
    assert_eq!(told_of(&warnings(&requester, mine).await), [other.to_string()]);
    let told = warnings(&approver, above).await;
    let said = of(&told, CLUB_GUIDE, "in_basket");
    let of_theirs = said.iter().find(|said| said["basket"]["id"] == theirs.to_string()).unwrap();
    assert!(
        of_theirs["basket"]["quantity"] == 2 && of_theirs["detail"].as_str().unwrap().contains("2 copies"),
        "{told}"
    );
    // Changed, taken out, given back, deleted: each is followed.
    approver.unlock(theirs).await.done();
    let line = approver.line_ids(theirs).await[0];
    approver.change_quantity(theirs, line, 7).await.done();
    let told = warnings(&approver, above).await;
    assert!(of(&told, CLUB_GUIDE, "in_basket").iter().any(|said| said["basket"]["quantity"] == 7), "{told}");
    approver.remove_line(theirs, line).await.done();
    assert!(!told_of(&warnings(&approver, above).await).contains(&theirs.to_string()));
    requester.discard(other).await.done();
    assert!(told_of(&warnings(&requester, mine).await).is_empty());
    // Who may not see the basket that is asked about gets nothing at all.
    approver.get(&format!("/api/v1/baskets/{mine}/warnings")).await.refused(404, "not-found");
}

#[tokio::test]
async fn nothing_is_told_of_other_institutions() {
    let app = TestApp::demo().await;
    let elsewhere = app.engage("ecole@demo.example", Role::Purchaser, &[SCHOOL]).await;
    let opened = elsewhere.post("/api/v1/baskets", &json!({ "institution_id": app.institution(SCHOOL) })).await;
    let basket = opened.expect(201).id_at("/id");
    elsewhere.add_line(basket, READING_ALOUD, 1).await.expect(201);
    let own = one_line(&app.purchaser(), READING_ALOUD).await;
    app.purchaser().place_order(own, "MED-1").await.done();
    let sent = one_line(&app.requester(), READING_ALOUD).await;
    app.requester().send(sent).await.done();
    assert_eq!(warnings(&elsewhere, basket).await.items().len(), 0);
}

#[tokio::test] // L05
async fn articles_prices_and_laws_are_told_and_hinder_nothing() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let basket = purchaser.filled_basket().await;
    let told = warnings(&purchaser, basket).await;
    let reached = &told.at("/reached_caps/0");
    assert_eq!((&reached["rate"], &reached["law"]), (&json!("9"), &json!("france_art_3")));
    assert_eq!(reached["detail"], "Discount capped at 9 %: French act of 10 August 1981, art. 3");
    let article = json!({ "ean": CEMETERY_ROAD, "title": "CEMETERY ROAD", "author": "ILES GREG", "publisher": "ACTES SUD",
        "price_incl_tax": "26.50", "vat_rate": "5.5", "kind": "book", "availability": "7" });
    app.librisoft().put_lines("/api/v1/librisoft/articles", &[article]).await.expect(200);
    app.app.store.withdraw_articles("DLIVRE", vec![CLUB_GUIDE.to_owned()], 0).await.unwrap();
    let told = warnings(&purchaser, basket).await;
    let changed = of(&told, CEMETERY_ROAD, "price_changed");
    assert_eq!(changed[0]["old"]["unit_price_incl_tax"], "25.00");
    assert_eq!(changed[0]["new"]["unit_price_incl_tax"], "26.50");
    assert_eq!(of(&told, CEMETERY_ROAD, "not_orderable")[0]["availability"], "7");
    assert_eq!(of(&told, CLUB_GUIDE, "gone").len(), 1, "{told}");
    assert!(of(&told, READING_ALOUD, "price_changed").is_empty(), "{told}");
    // More than the law allows, justified by the bookshop: told, and ordered all the same.
    let path = format!("/api/v1/institutions/{}/discount-override", purchaser.own_institution());
    app.bookseller().put(&path, &json!({ "justification": "Fonds ancien." })).await.done();
    app.librisoft().put_lines("/api/v1/librisoft/institutions", &[client(MEDIATHEQUE, "12")]).await.expect(200);
    purchaser.reprice(basket).await.done();
    let told = warnings(&purchaser, basket).await;
    let above = of(&told, READING_ALOUD, "discount_above_cap");
    assert_eq!((&above[0]["cap"]["rate"], &above[0]["cap"]["law"]), (&json!("9"), &json!("france_art_3")), "{told}");
    assert_eq!(told.at("/reached_caps"), &json!([]));
    purchaser.place_order(basket, "MED-1").await.done();
}

#[tokio::test]
async fn an_answer_to_a_quote_tells_the_bookseller_which_lines_go_beyond_the_law() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let today = app.clock.now().date_naive();
    let path = format!("/api/v1/institutions/{}/discount-override", purchaser.own_institution());
    app.bookseller().put(&path, &json!({ "justification": "Fonds ancien." })).await.done();
    app.librisoft().put_lines("/api/v1/librisoft/institutions", &[client(MEDIATHEQUE, "12")]).await.expect(200);
    let basket = purchaser.filled_basket().await;
    let quote = purchaser.request_quote(basket, "BC-1").await.done().id_at("/quote_id");
    let bookseller = app.bookseller();
    // The lines keep what the justified discount has made of them.
    let kept = bookseller.quote_step(quote, "answer", &json!({ "lines": [], "valid_until": today })).await.expect(200);
    let told = kept.at("/warnings").as_array().unwrap();
    assert!(told.len() == 3 && told.iter().all(|said| said["cap"]["law"] == "france_art_3"), "{kept}");
    assert_eq!(told[0]["cap"]["detail"], "Discount beyond the cap of 9 %: French act of 10 August 1981, art. 3");
    // Its page says the same to both sides.
    let (above, reached) = ("Remise au-delà du plafond de 9 %", "Remise plafonnée à 9 %");
    let page = async |by: &Client| {
        app.drain().await;
        let page = Browser::of(by, "fr").get(&format!("/quotes/{quote}")).await.expect(200);
        check("fr", "a quote", &page);
        page.text.replace(['\u{a0}', '\u{202f}'], " ").replace("&#39;", "'")
    };
    for by in [&bookseller, &purchaser] {
        let shown = page(by).await;
        assert!(shown.matches(above).count() == 3 && !shown.contains(reached), "{shown}");
    }
    let seen = bookseller.quote(quote).await.expect(200);
    let lines: Vec<_> = seen.at("/lines").as_array().unwrap().iter().map(|line| {
        json!({ "line_id": line["line_id"], "unit_price_incl_tax": line["unit_price_incl_tax"], "discount_rate": "9" })
    }).collect();
    let body = json!({ "lines": lines, "valid_until": today });
    let within = bookseller.quote_step(quote, "answer", &body).await.expect(200);
    assert_eq!(within.at("/warnings"), &json!([]));
    let shown = page(&purchaser).await;
    assert!(!shown.contains(above) && shown.contains(&format!("{reached} : loi du 10 août 1981, art. 3")), "{shown}");
    // Nobody has to decide on it any more: nothing is said.
    purchaser.quote_step(quote, "refuse", &json!({})).await.done();
    let shown = page(&purchaser).await;
    assert!(!shown.contains(above) && !shown.contains(reached), "{shown}");
}

#[tokio::test]
async fn the_pages_of_a_basket_and_of_a_list_say_the_same() {
    let app = TestApp::demo().await;
    let (requester, purchaser) = (app.requester(), app.purchaser());
    let ordered = one_line(&purchaser, CEMETERY_ROAD).await;
    let number = purchaser.place_order(ordered, "MED-1").await.done().number_at("/number").to_string();
    let (mine, own) = (one_line(&requester, CEMETERY_ROAD).await, one_line(&purchaser, CEMETERY_ROAD).await);
    app.drain().await;
    for language in LANGUAGES {
        let page = Browser::of(&requester, language).get(&format!("/baskets/{mine}")).await.expect(200);
        check(language, "warnings", &page);
        assert!(page.text.contains(&number) && !page.text.contains("href=\"/orders/"), "{page}");
        let page = Browser::of(&purchaser, language).get(&format!("/baskets/{own}")).await.expect(200);
        check(language, "warnings", &page);
        assert!(page.text.contains("href=\"/orders/"), "{page}");
        let list = [("list", CEMETERY_ROAD), ("again", "1")];
        let page = Browser::of(&purchaser, language).post(&format!("/baskets/{own}/import"), &list).await.expect(200);
        check(language, "a preview with warnings", &page);
        assert!(page.text.contains("href=\"/orders/"), "{page}");
    }
    let page = Browser::of(&requester, "fr").get(&format!("/baskets/{mine}")).await.expect(200);
    let shown = page.text.replace('\u{a0}', " ").replace("&#39;", "'");
    assert!(shown.contains("Remise plafonnée à 9 % : loi du 10 août 1981, art. 3"), "{shown}");
}
