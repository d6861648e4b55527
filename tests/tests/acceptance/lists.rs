//! Lists into baskets: looked at line by line, added as one; and baskets made of what was bought before.

use std::collections::BTreeMap;

use axum::http::Method;
use bordereau_tests::{Answer, CEMETERY_ROAD, CLUB_GUIDE, READING_ALOUD, TestApp};
use serde_json::{Value, json};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A verdict for each line of a list.
fn verdicts(list: &Answer) -> Vec<(u64, String)> {
    let lines = list.at("/lines").as_array().unwrap();
    lines.iter().map(|line| (line["line"].as_u64().unwrap(), line["verdict"].as_str().unwrap().to_owned())).collect()
}

fn line(ean: &str, quantity: u32) -> Value {
    json!({ "ean": ean, "quantity": quantity })
}

/// What an article that cannot be had is called, by its code.
async fn unavailable(app: &TestApp) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for words in ["a", "la", "le", "les", "un", "de", "l", "d", "c", "m", "s", "p"] {
        let list = app.requester().articles(&format!("q={words}&limit=200")).await;
        for item in list.items().iter().filter(|item| item["orderable"] == false) {
            let text = |field: &str| item[field].as_str().unwrap().to_owned();
            found.insert(text("availability"), text("ean"));
        }
    }
    found
}

#[tokio::test]
async fn each_line_of_a_list_gets_its_verdict_before_anything_is_added() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Liste").await.expect(201).id_at("/id");
    let gone = unavailable(&app).await;
    let (code, missing) = gone.iter().next().unwrap();
    let text = format!(
        "Titre;Code EAN;Quantité;Réf\nA;978-2-330-15013-6;2;CDI\nB;{READING_ALOUD};;\n\nC;2-330-15013-X;1;CDI\nD;9782330150137;1;\n\
         E;9,78233E+12;1;\nF;9780000000002;1;\nG;{CLUB_GUIDE};0;\nH;{CLUB_GUIDE};0,5;\nI;;1;\nJ;Bonjour;1;\nK;{missing};1;\n\
         L;{CLUB_GUIDE};1;{}",
        "x".repeat(201)
    );
    let list = requester.check_list(basket, "text/csv; charset=utf-8", text).await.expect(200);
    let expected = [
        (2, "ready"),
        (3, "ready"),
        (5, "added_to_another"),
        (6, "wrong_check_digit"),
        (7, "ean_damaged"),
        (8, "unknown_article"),
        (9, "quantity_out_of_range"),
        (10, "quantity_not_whole"),
        (11, "ean_missing"),
        (12, "ean_malformed"),
        (13, "not_orderable"),
        (14, "reference_too_long"),
    ];
    assert_eq!(verdicts(&list), expected.map(|(line, verdict)| (line, verdict.to_owned())));
    assert_eq!(list.at("/counts"), &json!({ "good": 3, "bad": 8 }));
    let header = json!({ "header_line": 1, "ean": 2, "quantity": 3, "line_reference": 4 });
    assert_eq!(list.at("/columns"), &header);
    // 3 x 25.00 less 9 %: together with the third line.
    let first = list.at("/lines/0");
    assert_eq!((&first["quantity"], &first["together_with"]), (&json!(3), &json!([5])));
    assert_eq!((&first["title"], &first["total_incl_tax"]), (&json!("CEMETERY ROAD"), &json!("68.25")));
    assert_eq!(list.at("/lines/3/detail"), "Mistyped: the last digit should be 6");
    assert_eq!(list.at("/lines/10/availability"), code);
    // Nothing was added.
    assert_eq!(requester.basket(basket).await.at("/lines"), &json!([]));
    let french = requester.call(Method::POST, &format!("/api/v1/baskets/{basket}/import/check"));
    let french = french.header("accept-language", "fr").content("text/plain", "9,78233E+12").send().await.expect(200);
    assert!(french.text_at("/lines/0/detail").starts_with("Le tableur a arrondi ce code"), "{french}");
}

#[tokio::test]
async fn every_code_of_the_trade_has_its_words_in_three_languages() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Liste").await.expect(201).id_at("/id");
    let gone = unavailable(&app).await;
    assert_eq!(gone.keys().map(String::as_str).collect::<String>(), "23456789");
    let text = gone.values().map(String::as_str).collect::<Vec<_>>().join("\n");
    for language in ["fr", "nl", "en"] {
        let call = requester.call(Method::POST, &format!("/api/v1/baskets/{basket}/import/check"));
        let list =
            call.header("accept-language", language).content("text/plain", text.clone()).send().await.expect(200);
        let words: Vec<_> =
            list.at("/lines").as_array().unwrap().iter().map(|line| line["detail"].to_string()).collect();
        assert!(words.iter().all(|words| !words.contains('⟦')), "{words:?}");
        assert_eq!(words.iter().collect::<std::collections::BTreeSet<_>>().len(), 8, "{words:?}");
    }
}

#[tokio::test]
async fn a_workbook_is_read_and_what_is_none_is_refused_with_its_reason() {
    // attack 69
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Liste").await.expect(201).id_at("/id");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "ISBN").unwrap().write(0, 1, "Aantal").unwrap();
    sheet.write(1, 0, CEMETERY_ROAD).unwrap().write(1, 1, 4).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let list = requester.check_list(basket, XLSX, bytes.clone()).await.expect(200);
    assert_eq!(verdicts(&list), [(2, "ready".to_owned())]);
    assert_eq!(list.at("/lines/0/total_incl_tax"), "91.00");
    let wide = format!("{CEMETERY_ROAD};1\n{}", ";x".repeat(1_000_000 / 2 - 20));
    let long = format!("{CEMETERY_ROAD}\n").repeat(5_001);
    for (media_type, bytes, slug, at) in [
        (XLSX, bytes[..bytes.len() / 2].to_vec(), "list-damaged", None),
        (XLSX, b"%PDF-1.7".to_vec(), "not-a-list", None),
        ("text/csv", b"<html><body>".to_vec(), "not-a-list", None),
        ("text/csv", wide.into_bytes(), "list-too-wide", Some(2)),
        ("text/csv", long.into_bytes(), "list-too-long", Some(5_001)),
        ("text/csv", format!("{CEMETERY_ROAD}\n\0\0\0").into_bytes(), "list-no-text", Some(2)),
        ("text/plain", Vec::new(), "list-empty", None),
        ("text/plain", b"Titre;Prix\nRoute;25".to_vec(), "list-without-eans", None),
    ] {
        let refused = requester.check_list(basket, media_type, bytes).await.refused(422, slug);
        assert_eq!(refused.body.get("line").and_then(Value::as_u64), at, "{refused}");
    }
    requester.check_list(basket, "text/plain", vec![b'1'; 1024 * 1024 + 1]).await.refused(413, "body-too-large");
    requester.check_list(basket, "image/png", b"9782330150136".to_vec()).await.refused(415, "not-a-list");
}

#[tokio::test]
async fn a_list_is_added_as_one_or_not_at_all() {
    // attack 42, attack 89
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Liste").await.expect(201).id_at("/id");
    let good = json!([
        { "ean": "978-2-330-15013-6", "quantity": 2, "line_reference": "CDI" }, line(READING_ALOUD, 1), line(CEMETERY_ROAD, 1)
    ]);
    let path = format!("/api/v1/baskets/{basket}/import");
    let body = json!({ "lines": good });
    let call = || requester.call(Method::POST, &path).key("liste-1").json(&body);
    let added = call().send().await.expect(201);
    let ids = added.at("/line_ids").as_array().unwrap().len();
    assert_eq!((ids, added.etag()), (3, 4));
    // The same key again adds nothing.
    assert_eq!(call().send().await.expect(201).body, added.body);
    let seen = requester.basket(basket).await.expect(200);
    let quantities: Vec<_> =
        seen.at("/lines").as_array().unwrap().iter().map(|line| line["quantity"].clone()).collect();
    assert_eq!(quantities, [2, 1, 1]);
    assert_eq!(seen.at("/lines/0/line_reference"), "CDI");
    assert_eq!(seen.at("/lines/0/total_incl_tax"), "45.50");
    let history = requester.history("baskets", basket).await;
    assert_eq!(history.items().iter().filter(|step| step["type"] == "BasketLineAdded").count(), 3);
    for (bad, slug, field) in [
        (json!({ "ean": "9780000000002", "quantity": 1 }), "unknown-article", "lines[1].ean"),
        (json!({ "ean": "9782330150137", "quantity": 1 }), "wrong-check-digit", "lines[1].ean"),
        (json!({ "ean": "x", "quantity": 1 }), "malformed-ean", "lines[1].ean"),
        (json!({ "ean": CEMETERY_ROAD, "quantity": 0 }), "quantity-out-of-range", "lines[1].quantity"),
        (json!({ "ean": CEMETERY_ROAD, "quantity": 10_000 }), "quantity-out-of-range", "lines[1].quantity"),
        (
            json!({ "ean": CEMETERY_ROAD, "quantity": 1, "line_reference": "a\u{0}" }),
            "bad-text",
            "lines[1].line_reference",
        ),
    ] {
        let refused = requester.import(basket, &json!([line(CLUB_GUIDE, 1), bad])).await.refused(422, slug);
        assert_eq!((refused.at("/field"), refused.at("/line")), (&json!(field), &json!(2)), "{refused}");
    }
    requester.import(basket, &json!([])).await.refused(422, "list-empty");
    for (field, value) in [("unit_price", json!("1.00")), ("discount", json!("50")), ("quantity", json!(0.5))] {
        let mut bad = line(CLUB_GUIDE, 1);
        bad[field] = value;
        requester.import(basket, &json!([bad])).await.refused(422, "invalid-field");
    }
    let many: Vec<_> = (0..1_998).map(|_| line(CLUB_GUIDE, 1)).collect();
    requester.import(basket, &json!(many)).await.refused(422, "too-many-lines");
    let list = requester.check_list(basket, "text/plain", format!("{CLUB_GUIDE}\n").repeat(3)).await.expect(200);
    assert_eq!(verdicts(&list)[0].1, "ready");
    assert_eq!(requester.line_ids(basket).await.len(), 3);
}

#[tokio::test]
async fn a_full_basket_has_no_room_for_a_list() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.open_basket("Liste").await.expect(201).id_at("/id");
    let many: Vec<_> = (0..1_999).map(|_| line(CLUB_GUIDE, 1)).collect();
    requester.import(basket, &json!(many)).await.expect(201);
    let list =
        requester.check_list(basket, "text/plain", format!("{CEMETERY_ROAD}\n{READING_ALOUD}")).await.expect(200);
    assert_eq!(verdicts(&list), [(1, "ready".to_owned()), (2, "no_room".to_owned())]);
    requester
        .import(basket, &json!([line(CEMETERY_ROAD, 1), line(READING_ALOUD, 1)]))
        .await
        .refused(422, "too-many-lines");
    requester.import(basket, &json!([line(CEMETERY_ROAD, 1)])).await.expect(201);
}

#[tokio::test]
async fn a_locked_or_foreign_basket_takes_no_list() {
    // attack 36
    let app = TestApp::demo().await;
    let (requester, approver) = (app.requester(), app.approver());
    let basket = requester.filled_basket().await;
    let lines = json!([line(CEMETERY_ROAD, 1)]);
    approver.import(basket, &lines).await.refused(404, "not-found");
    approver.check_list(basket, "text/plain", CEMETERY_ROAD).await.refused(404, "not-found");
    requester.send(basket).await.done();
    requester.import(basket, &lines).await.refused(409, "wrong-stage");
    approver.import(basket, &lines).await.refused(409, "basket-locked");
    approver.unlock(basket).await.done();
    approver.import(basket, &lines).await.expect(201);
    app.auditor().import(basket, &lines).await.refused(403, "role-may-not");
    app.auditor().check_list(basket, "text/plain", CEMETERY_ROAD).await.refused(403, "role-may-not");
}

#[tokio::test]
async fn a_basket_or_an_order_is_copied_at_todays_prices_without_what_is_gone() {
    let app = TestApp::demo().await;
    let (requester, purchaser) = (app.requester(), app.purchaser());
    let basket = requester.open_basket("Rentrée").await.expect(201).id_at("/id");
    let lines = json!([
        { "ean": CEMETERY_ROAD, "quantity": 2, "line_reference": "Mme Petit" }, line(READING_ALOUD, 1), line(CLUB_GUIDE, 3)
    ]);
    requester.import(basket, &lines).await.expect(201);
    requester.send(basket).await.done();
    purchaser.validate(basket).await.done();
    let order = purchaser.place_order(basket, "MED-1").await.done().id_at("/order_id");
    // One becomes dearer, another goes.
    let article = json!({ "ean": CEMETERY_ROAD, "title": "CEMETERY ROAD", "author": "ILES GREG", "publisher": "ACTES SUD",
        "price_incl_tax": "26.50", "vat_rate": "5.5", "kind": "book", "availability": "1" });
    app.librisoft().put_lines("/api/v1/librisoft/articles", &[article]).await.expect(200);
    app.app.store.withdraw_articles("DLIVRE", vec![READING_ALOUD.to_owned()], 0).await.unwrap();
    for (who, source) in [(&requester, json!({ "basket": basket })), (&purchaser, json!({ "order": order }))] {
        let copied = who.copy_of(&source).await.expect(201);
        let missing = json!([{ "ean": READING_ALOUD, "title": "PETIT TRAITÉ DE LECTURE À VOIX HAUTE", "quantity": 1 }]);
        assert_eq!(copied.at("/missing"), &missing);
        let seen = who.basket(copied.id_at("/id")).await.expect(200);
        assert_eq!((seen.at("/stage"), seen.at("/sequence")), (&json!("drafting"), &json!(3)));
        let told: Vec<_> =
            seen.at("/lines").as_array().unwrap().iter().map(|l| (&l["quantity"], &l["unit_price_incl_tax"])).collect();
        assert_eq!(told, [(&json!(2), &json!("26.50")), (&json!(3), &json!("14.90"))]);
        // References are words about that purchase.
        assert_eq!(seen.at("/lines/0/line_reference"), &Value::Null);
    }
    let opened = requester.open_basket("x").await.expect(201);
    assert!(opened.body.get("missing").is_none(), "{opened}");
}

#[tokio::test]
async fn what_one_may_not_see_cannot_be_copied() {
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let draft = requester.filled_basket().await;
    approver.copy_of(&json!({ "basket": draft })).await.refused(404, "not-found");
    let own = purchaser.filled_basket().await;
    let order = purchaser.place_order(own, "MED-1").await.done().id_at("/order_id");
    requester.copy_of(&json!({ "order": order })).await.refused(404, "not-found");
    requester.copy_of(&json!({ "basket": own })).await.refused(404, "not-found");
    requester.copy_of(&json!({ "basket": order })).await.refused(404, "not-found");
    app.bookseller().copy_of(&json!({ "order": order })).await.refused(403, "role-may-not");
    for bad in [json!({}), json!({ "quote": order }), json!({ "basket": draft, "order": order }), json!("x")] {
        requester.copy_of(&bad).await.refused(422, "invalid-field");
    }
    let school = app.institution(bordereau_tests::SCHOOL);
    let body = json!({ "institution_id": school, "copy_of": { "basket": draft } });
    requester.post("/api/v1/baskets", &body).await.refused(422, "unknown-institution");
}
