//! Quotes: requested, collected, answered; then accepted at their own prices, refused, expired or archived.

use bordereau_tests::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

async fn requested(app: &TestApp) -> Uuid {
    let basket = app.purchaser().filled_basket().await;
    app.purchaser().request_quote(basket, "DEVIS-1").await.done().id_at("/quote_id")
}

/// An answer that lowers the first line's price and holds for some days.
fn answer(app: &TestApp, line: &Value, days: i64) -> Value {
    let last = (app.clock.now() + TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    let line = json!({ "line_id": line, "unit_price_incl_tax": "20.00", "discount_rate": "5" });
    json!({ "lines": [line], "valid_until": last })
}

const TERMS: fn() -> Value = || json!({ "delivery_mode": "pickup", "payment_mode": "invoice" });

async fn answered(app: &TestApp) -> Uuid {
    let quote = requested(app).await;
    let line = app.bookseller().quote(quote).await.at("/lines/0/line_id").clone();
    app.bookseller().quote_step(quote, "answer", &answer(app, &line, 30)).await.done();
    quote
}

#[tokio::test]
async fn an_accepted_quote_becomes_an_order_with_the_quotes_prices() {
    // L25, L27
    let app = TestApp::demo().await;
    let (purchaser, bookseller, librisoft) = (app.purchaser(), app.bookseller(), app.librisoft());
    let quote = requested(&app).await;
    assert!(librisoft.find_pending("quote", quote).await.is_some());
    librisoft.acknowledge_quote(quote, Some("D-9")).await.done();
    librisoft.acknowledge_quote(quote, Some("D-9")).await.done();
    librisoft.acknowledge_quote(quote, None).await.done();
    librisoft.acknowledge_quote(quote, Some("D-10")).await.refused(409, "number-differs");
    assert_eq!(librisoft.find_pending("quote", quote).await, None);
    let seen = purchaser.quote(quote).await.expect(200);
    assert_eq!((seen.at("/status"), seen.at("/librisoft_number")), (&json!("collected"), &json!("D-9")));
    assert_eq!((seen.at("/quantity"), seen.at("/totals/total_incl_tax")), (&json!(3), &json!("42.13")));
    let line = seen.at("/lines/0/line_id").clone();
    purchaser.quote_step(quote, "accept", &TERMS()).await.refused(409, "wrong-status");
    bookseller.quote_step(quote, "answer", &answer(&app, &line, 30)).await.done();
    // 20.00 less 5 % is 19.00; the others stay 5.82 and 13.56.
    assert_eq!(purchaser.quote(quote).await.at("/totals/total_incl_tax"), "38.38");
    let accepted = purchaser.quote_step(quote, "accept", &TERMS()).await.done();
    let order = purchaser.order(accepted.id_at("/order_id")).await.expect(200);
    assert_eq!(order.at("/totals/total_incl_tax"), "38.38");
    assert_eq!((order.id_at("/quote_id"), order.text_at("/reference")), (quote, "DEVIS-1".to_owned()));
    assert_eq!(purchaser.quote(quote).await.at("/order_id"), order.at("/id"));
    purchaser.quote_step(quote, "accept", &TERMS()).await.refused(409, "wrong-status");
}

#[tokio::test]
async fn an_answer_is_judged_by_its_lines_its_prices_and_its_last_day() {
    let app = TestApp::demo().await;
    let bookseller = app.bookseller();
    let quote = requested(&app).await;
    let line = bookseller.quote(quote).await.at("/lines/0/line_id").clone();
    let changed = |field: &str, value: &str| {
        let mut body = answer(&app, &line, 30);
        body["lines"][0][field] = value.into();
        body
    };
    for (field, value, slug) in [
        ("unit_price_incl_tax", "-1.00", "price-out-of-range"),
        ("discount_rate", "9.01", "discount-above-cap"),
        ("line_id", "00000000-0000-0000-0000-000000000001", "unknown-line"),
        ("unit_price_incl_tax", "a", "invalid-field"),
        ("discount_rate", "101", "invalid-field"),
    ] {
        bookseller.quote_step(quote, "answer", &changed(field, value)).await.refused(422, slug);
    }
    bookseller.quote_step(quote, "answer", &answer(&app, &line, -1)).await.refused(422, "validity-in-the-past");
    app.purchaser().quote_step(quote, "answer", &answer(&app, &line, 1)).await.refused(403, "role-may-not");
    bookseller.quote_step(quote, "answer", &answer(&app, &line, 0)).await.done();
}

#[tokio::test]
async fn an_expired_quote_cannot_be_accepted_but_on_its_last_day_it_can() {
    let app = TestApp::demo().await;
    let (quote, other) = (answered(&app).await, answered(&app).await);
    app.clock.advance(TimeDelta::days(30));
    let purchaser = app.sign_in("collectivite@demo.example").await;
    purchaser.quote_step(quote, "accept", &TERMS()).await.done();
    app.clock.advance(TimeDelta::days(1));
    let purchaser = app.sign_in("collectivite@demo.example").await;
    purchaser.quote_step(other, "accept", &TERMS()).await.refused(409, "quote-expired");
}

#[tokio::test]
async fn a_quote_is_refused_once_and_archived_unless_it_is_only_requested() {
    // L24, L26
    let app = TestApp::demo().await;
    let (purchaser, bookseller) = (app.purchaser(), app.bookseller());
    let quote = requested(&app).await;
    bookseller.quote_step(quote, "archive", &json!({})).await.refused(409, "wrong-status");
    purchaser.quote_step(quote, "refuse", &json!({})).await.refused(409, "wrong-status");
    let quote = answered(&app).await;
    bookseller.quote_step(quote, "refuse", &json!({})).await.refused(403, "role-may-not");
    purchaser.quote_step(quote, "archive", &json!({})).await.refused(403, "role-may-not");
    purchaser.quote_step(quote, "refuse", &json!({ "comment": "Trop cher" })).await.done();
    purchaser.quote_step(quote, "refuse", &json!({})).await.done();
    purchaser.quote_step(quote, "accept", &TERMS()).await.refused(409, "wrong-status");
    let history = bookseller.history("quotes", quote).await.expect(200);
    assert_eq!(history.column("type"), ["QuoteRequested", "QuoteAnswered", "QuoteRefused"]);
    bookseller.quote_step(quote, "archive", &json!({})).await.done();
    bookseller.quote_step(quote, "archive", &json!({})).await.done();
    let archived = bookseller.get("/api/v1/quotes?tab=archived&q=DEVIS-1").await.expect(200);
    assert_eq!(archived.column("id"), [quote.to_string()]);
    assert!(
        bookseller
            .get("/api/v1/quotes?tab=current&q=DEVIS-1")
            .await
            .expect(200)
            .items()
            .iter()
            .all(|item| item["id"] != quote.to_string().as_str())
    );
    bookseller.get("/api/v1/quotes?tab=none").await.refused(422, "invalid-field");
}
