//! The page of a list, and a basket or an order again.

use axum::http::Method;
use bordereau_tests::{Answer, Browser, CEMETERY_ROAD, CLUB_GUIDE, READING_ALOUD, TestApp, decoded};
use regex::Regex;
use serde_json::json;
use uuid::Uuid;

use super::pages::{LANGUAGES, check};

/// Pastes a text, or uploads a file, as a browser does.
async fn upload(browser: &Browser, basket: Uuid, text: &str, file: &str) -> Answer {
    let part = |name: &str, more: &str, value: &str| {
        format!("--line\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
    };
    let parts = [part("text", "", text), part("file", "; filename=\"liste.csv\"", file)];
    let body = format!("{}--line--\r\n", parts.concat());
    let visit = browser.visit(Method::POST, &format!("/baskets/{basket}/import/check"));
    visit.content("multipart/form-data; boundary=line", &body).header("sec-fetch-site", "same-origin").send().await
}

/// What the preview's form would send with everything ticked.
fn form(page: &str) -> Vec<(&'static str, String)> {
    let hidden = |name: &str| {
        let found = Regex::new(&format!(r#"(?s)name="{name}" value="(.*?)""#)).unwrap();
        decoded(&found.captures(page).unwrap_or_else(|| panic!("no {name} in {page}"))[1])
    };
    let mut fields = vec![("list", hidden("list")), ("key", hidden("key"))];
    let ticks = Regex::new(r#"name="take" value="(\d+)" checked"#).unwrap();
    fields.extend(ticks.captures_iter(page).map(|found| ("take", found[1].to_owned())));
    let rest = Regex::new(r"(?s)<textarea[^>]*>\n(.*?)</textarea>").unwrap();
    fields.extend(rest.captures(page).map(|found| ("rest", decoded(&found[1]))));
    fields
}

async fn send(browser: &Browser, basket: Uuid, fields: &[(&'static str, String)]) -> Answer {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(&format!("/baskets/{basket}/import"), &fields).await
}

#[tokio::test]
async fn a_list_is_pasted_looked_at_mended_and_added() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Liste").await.expect(201).id_at("/id");
    app.drain().await;
    let browser = Browser::of(&requester, "fr");
    let link = format!("href=\"/baskets/{basket}/import\"");
    assert!(browser.get(&format!("/baskets/{basket}")).await.expect(200).text.contains(&link));
    let text = format!(
        "EAN\tQuantité\tRéférence\n978-2-330-15013-6\t2\tCDI; \"salle 2\"\n{READING_ALOUD}\t\t<b>\n9782330150137\t1\t\n9,78E+12\t3\tBCD\n"
    );
    let page = upload(&browser, basket, &text, "").await.expect(200);
    check("fr", "a preview", &page);
    let shown = decoded(&page.text).replace('\u{a0}', " ");
    for words in [
        "2 lignes peuvent être ajoutées",
        "2 lignes à corriger",
        "CEMETERY ROAD",
        "51,32 €",
        "dernier chiffre devrait être 6",
    ] {
        assert!(shown.contains(words), "no {words} in {shown}");
    }
    assert!(!page.text.contains("<b>"), "{page}");
    assert_eq!(requester.line_ids(basket).await.len(), 0);
    // One is mended and looked at again; nothing is lost meanwhile.
    let mut fields = form(&page.text);
    assert_eq!(fields.iter().filter(|(name, _)| *name == "take").count(), 2);
    fields.iter_mut().find(|(name, _)| *name == "rest").unwrap().1 = format!("{CLUB_GUIDE};4\n9,78E+12;3;BCD");
    let again: Vec<_> = fields.iter().cloned().chain([("again", "1".to_owned())]).collect();
    let page = send(&browser, basket, &again).await.expect(200);
    let mut fields = form(&page.text);
    assert_eq!(fields.iter().filter(|(name, _)| *name == "take").count(), 3, "{page}");
    // The second is not wanted after all; what is still wrong stays.
    fields.retain(|(name, value)| !(*name == "take" && value == "1"));
    let added = send(&browser, basket, &fields).await.expect(200);
    let shown = decoded(&added.text).replace('\u{a0}', " ");
    assert!(shown.contains("2 lignes ont été ajoutées au panier") && shown.contains("9,78E+12;3;BCD"), "{shown}");
    app.drain().await;
    let seen = requester.basket(basket).await;
    let lines: Vec<_> = seen
        .at("/lines")
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (&line["ean"], &line["quantity"], &line["line_reference"]))
        .collect();
    assert_eq!(lines[0], (&json!(CEMETERY_ROAD), &json!(2), &json!("CDI; \"salle 2\"")));
    assert_eq!(lines[1], (&json!(CLUB_GUIDE), &json!(4), &json!(null)));
    // Sent again, by a reload: added once.
    send(&browser, basket, &fields).await.expect(200);
    app.drain().await;
    assert_eq!(requester.line_ids(basket).await.len(), 2);
    // Without anything to be mended, the basket is next.
    let page = upload(&browser, basket, "", &format!("{READING_ALOUD};5")).await.expect(200);
    send(&browser, basket, &form(&page.text)).await.leads_to(&format!("/baskets/{basket}"));
    app.drain().await;
    assert_eq!(requester.line_ids(basket).await.len(), 3);
    let page = browser.get(&format!("/baskets/{basket}")).await.expect(200);
    assert!(page.text.contains("Les lignes cochées ont été ajoutées"), "{page}");
}

#[tokio::test]
async fn the_pages_of_lists_are_whole_in_three_languages() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Liste").await.expect(201).id_at("/id");
    app.drain().await;
    for language in LANGUAGES {
        let browser = Browser::of(&requester, language);
        check(language, "a list", &browser.get(&format!("/baskets/{basket}/import")).await.expect(200));
        let text =
            format!("{CEMETERY_ROAD}\n{CEMETERY_ROAD}\n9780000000002;2;x\nx\n{READING_ALOUD};0\n{READING_ALOUD};1,5\n");
        check(language, "a preview", &upload(&browser, basket, &text, "").await.expect(200));
        for (list, status) in [("", 422), ("%PDF-1.4", 422), (&"9".repeat(1024 * 1024 + 66_000), 413)] {
            check(language, "no list", &upload(&browser, basket, "", list).await.expect(status));
        }
        let nothing = [("list", "EAN\n9782330150136".to_owned()), ("key", format!("k{language}"))];
        check(language, "nothing ticked", &send(&browser, basket, &nothing).await.expect(422));
    }
}

#[tokio::test] // attack 36
async fn a_list_goes_only_where_lines_may_be_changed() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let path = format!("/baskets/{basket}/import");
    let fields = [("list", CEMETERY_ROAD.to_owned()), ("take", "0".to_owned()), ("key", "k".to_owned())];
    let approver = Browser::of(&app.approver(), "fr");
    approver.get(&path).await.expect(404);
    send(&approver, basket, &fields).await.expect(404);
    requester.send(basket).await.done();
    app.drain().await;
    let browser = Browser::of(&requester, "fr");
    browser.get(&path).await.expect(409);
    upload(&browser, basket, CEMETERY_ROAD, "").await.expect(409);
    send(&browser, basket, &fields).await.expect(409);
    send(&approver, basket, &fields).await.expect(409);
    app.approver().unlock(basket).await.done();
    app.drain().await;
    for bad in [
        &[("list", CEMETERY_ROAD), ("take", "1")][..],
        &[("list", CEMETERY_ROAD), ("take", "x")],
        &[("list", "x"), ("take", "0")],
        &[("list", CEMETERY_ROAD), ("take", "0"), ("unit_price", "1")],
        &[("list", "9780000000002"), ("take", "0")],
    ] {
        approver.post(&path, bad).await.expect(422);
    }
    send(&approver, basket, &fields).await.leads_to(&format!("/baskets/{basket}"));
}

#[tokio::test]
async fn a_basket_and_an_order_are_had_again_and_what_is_gone_is_told() {
    let app = TestApp::demo().await;
    let (requester, purchaser) = (app.requester(), app.purchaser());
    let basket = requester.filled_basket().await;
    app.drain().await;
    let browser = Browser::of(&requester, "fr");
    let button = format!("action=\"/baskets/{basket}/copy\"");
    assert!(browser.get(&format!("/baskets/{basket}")).await.expect(200).text.contains(&button));
    let led = browser.post(&format!("/baskets/{basket}/copy"), &[]).await.expect(303).header("location").to_owned();
    let page = browser.get(&led).await.expect(200);
    assert!(page.text.contains("Copie du panier") && page.text.contains("CEMETERY ROAD"), "{page}");
    requester.send(basket).await.done();
    purchaser.validate(basket).await.done();
    let order = purchaser.place_order(basket, "MED-1").await.done().id_at("/order_id");
    app.app.store.withdraw_articles("DLIVRE", vec![READING_ALOUD.to_owned()], 0).await.unwrap();
    app.drain().await;
    for language in LANGUAGES {
        let browser = Browser::of(&purchaser, language);
        let page = browser.get(&format!("/orders/{order}")).await.expect(200);
        assert!(page.text.contains(&format!("action=\"/orders/{order}/copy\"")), "{page}");
        let led = browser.post(&format!("/orders/{order}/copy"), &[]).await.expect(303).header("location").to_owned();
        assert!(led.contains("/copied?order="), "{led}");
        let page = browser.get(&led).await.expect(200);
        check(language, "copied", &page);
        assert!(page.text.contains("PETIT TRAITÉ DE LECTURE") && !page.text.contains("CEMETERY ROAD"), "{page}");
    }
    browser.post(&format!("/orders/{order}/copy"), &[]).await.expect(404);
    Browser::of(&app.bookseller(), "fr").post(&format!("/orders/{order}/copy"), &[]).await.expect(403);
    let page = Browser::of(&app.bookseller(), "fr").get(&format!("/orders/{order}")).await.expect(200);
    assert!(!page.text.contains("/copy\""), "{page}");
}
