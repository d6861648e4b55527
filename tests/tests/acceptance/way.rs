//! The way of a basket from its first line to a closed order.

use bordereau_tests::{CEMETERY_ROAD, TestApp};
use serde_json::json;

#[tokio::test]
async fn a_basket_climbs_the_chain_and_becomes_a_closed_order() {
    // L11, L12, L13
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    approver.validate(basket).await.done();
    let order = purchaser.place_order(basket, "MED-2026-999").await.done().id_at("/order_id");
    app.librisoft().acknowledge_order(order, "6767").await.done();
    app.bookseller().order_step(order, "make-available", &json!({})).await.done();
    app.bookseller().order_step(order, "close", &json!({})).await.done();
    let seen = purchaser.order(order).await.expect(200);
    assert_eq!(seen.at("/status"), "closed");
    assert_eq!(seen.at("/librisoft_number"), "6767");
    // L45
    let line = seen.at("/lines/0");
    for (field, value) in [
        ("ean", CEMETERY_ROAD),
        ("title", "CEMETERY ROAD"),
        ("author", "ILES GREG"),
        ("publisher", "ACTES SUD"),
        ("unit_price_excl_tax", "23.70"),
        ("unit_price_incl_tax", "25.00"),
        ("discount_rate", "9"),
        ("discount_amount", "2.25"),
        ("total_incl_tax", "22.75"),
    ] {
        assert_eq!(line[field], value, "{field}");
    }
}
