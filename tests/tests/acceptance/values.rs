//! Values that cannot be: each is refused with its own slug, and nothing is written.

use bordereau_tests::{Browser, CEMETERY_ROAD, TestApp};
use serde_json::{Value, json};

#[tokio::test]
async fn an_article_number_that_is_none_is_refused_and_the_right_check_digit_is_told() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let path = format!("/api/v1/baskets/{basket}/lines");
    let line = |ean: &str| json!({ "ean": ean, "quantity": 1 });
    let wrong = requester.post(&path, &line("9782330150137")).await.refused(422, "wrong-check-digit");
    assert_eq!((wrong.text_at("/field"), wrong.text_at("/expected")), ("ean".to_owned(), "6".to_owned()));
    for malformed in ["", "12345", "97823301501367", "97823301501éé", "abc", "' OR 1=1 --"] {
        requester.post(&path, &line(malformed)).await.refused(422, "malformed-ean");
    }
    let unknown = bordereau_domain::Ean::from_prefix([9, 7, 8, 2, 0, 7, 0, 0, 0, 0, 0, 0]).to_string();
    requester.post(&path, &line(&unknown)).await.refused(422, "unknown-article");
    // ISBN-10 and hyphens name the same articles.
    requester.post(&path, &line("978-2-330-15013-6")).await.expect(201);
    requester.post(&path, &line("2-330-15013-x")).await.expect(201);
    requester.post(&path, &line("2-330-15013-8")).await.refused(422, "wrong-check-digit");
}

#[tokio::test]
async fn a_quantity_is_a_whole_number_from_1_to_9999() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let line = requester.line_ids(basket).await[0];
    let (add, change) = (format!("/api/v1/baskets/{basket}/lines"), format!("/api/v1/baskets/{basket}/lines/{line}"));
    for quantity in ["0", "10000", "1000000000", "4294967295"] {
        let quantity: Value = serde_json::from_str(quantity).unwrap();
        let refused = requester.post(&add, &json!({ "ean": CEMETERY_ROAD, "quantity": quantity })).await;
        assert_eq!(refused.refused(422, "quantity-out-of-range").text_at("/field"), "quantity");
        requester.patch(&change, &json!({ "quantity": quantity })).await.refused(422, "quantity-out-of-range");
    }
    for quantity in ["-1", "0.5", "1.0", "\"3\"", "9223372036854775808", "1e3", "true", "[1]", "4294967296"] {
        let body = format!(r#"{{"ean": "{CEMETERY_ROAD}", "quantity": {quantity}}}"#);
        let call = requester.call(axum::http::Method::POST, &add).content("application/json", body);
        assert_eq!(call.send().await.refused(422, "invalid-field").text_at("/field"), "quantity", "{quantity}");
    }
    for quantity in [1, 9999] {
        requester.change_quantity(basket, line, quantity).await.done();
    }
}

#[tokio::test] // attack 35
async fn a_price_or_a_discount_in_a_line_is_refused_and_so_is_every_unknown_field() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let add = format!("/api/v1/baskets/{basket}/lines");
    for (field, value) in [("unit_price", "1.00"), ("discount", "50"), ("vat_rate", "0"), ("total_incl_tax", "0.01")] {
        let body = json!({ "ean": CEMETERY_ROAD, "quantity": 1, field: value });
        let refused = requester.post(&add, &body).await.refused(422, "invalid-field");
        assert!(refused.text_at("/reason").contains(field), "{refused}");
    }
    for (field, value) in [("role", "purchaser"), ("level", "purchaser"), ("owner", "x"), ("stage", "converted")] {
        let body = json!({ "institution_id": requester.own_institution(), field: value });
        requester.post("/api/v1/baskets", &body).await.refused(422, "invalid-field");
    }
    let (own, purchaser) = (requester.own_institution().to_string(), app.purchaser());
    let (browser, ordered) = (Browser::of(&requester, "fr"), purchaser.filled_basket().await);
    for (field, value) in [("total", "0.01"), ("approved_by", "x"), ("is_admin", "true"), ("status", "approved")] {
        let body = json!({ "institution_id": own, field: value });
        requester.post("/api/v1/baskets", &body).await.refused(422, "invalid-field");
        let order = json!({ "reference": "R1", "delivery_mode": "pickup", "payment_mode": "invoice", field: value });
        let path = format!("/api/v1/baskets/{ordered}/place-order");
        purchaser.post(&path, &order).await.refused(422, "invalid-field");
        // Forms are read as strictly.
        for (path, known) in [("/baskets", ("name", "x")), ("/account/details", ("name", "Camille"))] {
            let sent = browser.post(path, &[known, ("institution_id", &own), (field, value)]).await;
            assert!(matches!(sent.status, 404 | 422), "{sent}");
        }
    }
    requester
        .post(&format!("/api/v1/baskets/{basket}/unlock"), &json!({ "force": true }))
        .await
        .refused(422, "invalid-field");
    let sign_in = json!({ "email": "utilisateur@demo.example", "password": "bordereau-demo", "role": "auditor" });
    app.anonymous().post("/api/v1/sessions", &sign_in).await.refused(422, "invalid-field");
}

#[tokio::test]
async fn the_reference_of_a_quote_and_of_an_order_is_mandatory() {
    // L47
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let basket = purchaser.filled_basket().await;
    let order = format!("/api/v1/baskets/{basket}/place-order");
    let quote = format!("/api/v1/baskets/{basket}/request-quote");
    let modes = json!({ "delivery_mode": "pickup", "payment_mode": "invoice" });
    let with = |reference: &str| {
        let mut body = modes.clone();
        body["reference"] = reference.into();
        body
    };
    purchaser.post(&order, &modes).await.refused(422, "invalid-field");
    purchaser.post(&quote, &json!({})).await.refused(422, "invalid-field");
    for blank in ["", " ", " \t ", "\u{a0}", &"x".repeat(101), "a\u{0}b"] {
        purchaser.post(&order, &with(blank)).await.refused(422, "reference-missing");
        purchaser.request_quote(basket, blank).await.refused(422, "reference-missing");
    }
    for (field, value) in [("delivery_mode", "drone"), ("payment_mode", "cash")] {
        let mut body = with("MED-1");
        body[field] = value.into();
        purchaser.post(&order, &body).await.refused(422, "invalid-field");
    }
    purchaser.post(&order, &with("MED-1")).await.done();
}

#[tokio::test] // attack 18
async fn only_ones_own_institutions_and_their_addresses_can_be_named() {
    // L21
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let school = app.institution(bordereau_tests::SCHOOL);
    let opened = purchaser.post("/api/v1/baskets", &json!({ "institution_id": school })).await;
    opened.refused(422, "unknown-institution");
    let basket = purchaser.filled_basket().await;
    let order = format!("/api/v1/baskets/{basket}/place-order");
    let body = |field: &str, id: uuid::Uuid| json!({ "reference": "MED-1", "delivery_mode": "delivery", "payment_mode": "invoice", field: id });
    purchaser.post(&order, &body("deliver_to", school)).await.refused(422, "unknown-institution");
    purchaser.post(&order, &body("bill_to", school)).await.refused(422, "unknown-institution");
    let address = purchaser.own_institution();
    purchaser.post(&order, &body("delivery_address_id", address)).await.refused(422, "unknown-address");
    let prices = purchaser.articles(&format!("q=road&institution_id={school}")).await;
    prices.refused(422, "unknown-institution");
}

#[tokio::test]
async fn texts_with_control_characters_or_without_end_are_refused() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    for (name, slug) in [("a\u{0}b", "bad-text"), ("a\u{1b}[31m", "bad-text"), (&"x".repeat(201), "text-too-long")] {
        requester.open_basket(name).await.refused(422, slug);
        requester.rename(basket, name).await.refused(422, slug);
    }
    requester.rename(basket, "   ").await.refused(422, "text-missing");
    let long = "x".repeat(4_001);
    requester.step_saying(basket, "send-to-approver", &long).await.refused(422, "text-too-long");
    // What looks like markup, a template or SQL is text, and comes back as it was sent.
    for name in ["<script>alert(1)</script>", "{{7*7}} ${7*7}", "'; DROP TABLE events; --", "=HYPERLINK(\"x\")", "%n%s"]
    {
        requester.rename(basket, name).await.done();
        assert_eq!(requester.basket(basket).await.text_at("/name"), name);
    }
}
