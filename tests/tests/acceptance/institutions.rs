//! Institutions as the management system sends them.

use bordereau_domain::Role;
use bordereau_tests::{Browser, MEDIATHEQUE, SCHOOL, TestApp};
use chrono::TimeDelta;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/librisoft/institutions";

fn institution(number: &str, name: &str, five_five: &str) -> Value {
    json!({
        "librisoft_number": number, "kind": "library", "name": name, "city": "Nancy",
        "discounts": { "school": "0", "2.1": "0", "5.5": five_five, "20": "0" },
    })
}

/// The five of the demonstration, as they are.
fn all_five() -> Vec<Value> {
    let mut school = institution("16", "ECOLE JULES FERRY", "9");
    school["kind"] = "school".into();
    vec![
        institution(MEDIATHEQUE, "Médiathèque de l'Orangerie", "9"),
        institution("5", "JULIEN BARTHELEMY", "5"),
        institution("1", "CHRISTOPHE CHAILAN", "0"),
        institution("2", "MICHAEL DENIS", "5"),
        school,
    ]
}

async fn verdicts(app: &TestApp, path: &str, lines: &[Value]) -> Vec<String> {
    let answer = app.librisoft().put_lines(path, lines).await.expect(200);
    answer.lines().iter().map(|line| line["verdict"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_discount_above_nine_percent_is_refused_with_the_reason_and_the_others_are_taken() {
    // L05
    let app = TestApp::demo().await;
    let lines =
        [institution("77", "Lycée", "9.01"), institution("78", "Collège", "9"), institution("78", "Collège", "9")];
    let answer = app.librisoft().put_lines(PATH, &lines).await.expect(200);
    let told = answer.lines();
    assert_eq!(told[0]["verdict"], "refused");
    assert!(told[0]["reason"].as_str().unwrap().contains('9'), "{answer}");
    assert_eq!((&told[1]["verdict"], &told[2]["verdict"]), (&json!("created"), &json!("unchanged")));
    let head = app.head("DLIVRE").await;
    assert_eq!(verdicts(&app, PATH, &lines).await, ["refused", "unchanged", "unchanged"]);
    assert_eq!(app.head("DLIVRE").await, head);
    assert_eq!(verdicts(&app, PATH, &[institution("78", "Collège Prouvé", "9")]).await, ["changed"]);
    let seen = app.bookseller().get("/api/v1/institutions").await.expect(200);
    assert!(seen.column("name").contains(&"Collège Prouvé".to_owned()));
}

#[tokio::test]
async fn what_a_complete_synchronisation_does_not_name_is_withdrawn_and_comes_back_when_it_is_named() {
    // L03
    let app = TestApp::demo().await;
    let complete = format!("{PATH}?complete=true");
    app.librisoft().put_lines(&complete, &all_five()[..3]).await.refused(409, "too-many-withdrawn");
    verdicts(&app, &complete, &all_five()[..4]).await;
    let listed = async || app.bookseller().get("/api/v1/institutions").await.expect(200).column("librisoft_number");
    assert!(!listed().await.contains(&"16".to_owned()));
    assert_eq!(listed().await.len(), 4);
    assert_eq!(verdicts(&app, &complete, &all_five()).await.last().map(String::as_str), Some("changed"));
    assert_eq!(listed().await.len(), 5);
    // By force, also one's own: then nothing can be sent, but drafting goes on.
    verdicts(&app, &format!("{complete}&force=true"), &all_five()[1..2]).await;
    assert_eq!(listed().await, ["5"]);
    // L16
    let gone = app.institution(MEDIATHEQUE);
    let open = json!({ "email": "zoe@demo.example", "name": "Zoé", "role": "purchaser", "institution_ids": [gone] });
    let bookseller = app.bookseller();
    bookseller.post("/api/v1/accounts", &open).await.refused(422, "unknown-institution");
    // Whoever acts for it already is still moved.
    let path = format!("/api/v1/accounts/{}/assign", app.account_of(&app.approver()).await);
    bookseller.post(&path, &json!({ "role": "requester", "institution_ids": [gone] })).await.expect(200);
    let requester = app.requester();
    requester.open_basket("x").await.refused(409, "institution-blocked");
    verdicts(&app, PATH, &all_five()[..1]).await;
    requester.open_basket("x").await.expect(201);
}

#[tokio::test]
async fn a_blocked_institution_drafts_but_sends_and_converts_nothing() {
    // L07
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let (draft, sent, validated) =
        (requester.filled_basket().await, requester.filled_basket().await, requester.filled_basket().await);
    for basket in [sent, validated] {
        requester.send(basket).await.done();
    }
    approver.validate(validated).await.done();
    let own = purchaser.filled_basket().await;
    let order = purchaser.place_order(own, "MED-1").await.done().id_at("/order_id");
    let mut blocked = institution(MEDIATHEQUE, "Médiathèque de l'Orangerie", "9");
    blocked["blocked"] = true.into();
    assert_eq!(verdicts(&app, PATH, &[blocked]).await, ["changed"]);
    requester.add_line(draft, bordereau_tests::CLUB_GUIDE, 2).await.expect(201);
    requester.open_basket("x").await.refused(409, "institution-blocked");
    requester.send(draft).await.refused(409, "institution-blocked");
    approver.validate(sent).await.refused(409, "institution-blocked");
    purchaser.place_order(validated, "MED-2").await.refused(409, "institution-blocked");
    purchaser.request_quote(validated, "MED-2").await.refused(409, "institution-blocked");
    // What was ordered runs on.
    app.librisoft().acknowledge_order(order, "7001").await.done();
    app.bookseller().order_step(order, "close", &json!({})).await.done();
    verdicts(&app, PATH, &all_five()[..1]).await;
    purchaser.place_order(validated, "MED-2").await.done();
}

#[tokio::test]
async fn nothing_is_billed_or_delivered_to_a_blocked_client() {
    // L07
    let app = TestApp::demo().await;
    let both = app.engage("zoe@demo.example", Role::Purchaser, &[MEDIATHEQUE, SCHOOL]).await;
    let (basket, quoted) = (both.filled_basket().await, both.filled_basket().await);
    let quote = both.request_quote(quoted, "D-1").await.done().id_at("/quote_id");
    let line = app.bookseller().quote(quote).await.at("/lines/0/line_id").clone();
    let last = (app.clock.now() + TimeDelta::days(30)).format("%Y-%m-%d").to_string();
    let answer = json!({ "valid_until": last, "lines": [{ "line_id": line, "unit_price_incl_tax": "20.00", "discount_rate": "0" }] });
    app.bookseller().quote_step(quote, "answer", &answer).await.done();
    let browser = Browser::of(&both, "fr");
    let offered = format!("value=\"{}\"", app.institution(SCHOOL));
    let checkout = format!("/baskets/{basket}/order");
    assert!(browser.get(&checkout).await.expect(200).text.contains(&offered));
    let school = |blocked: bool| {
        let mut school = all_five().pop().unwrap();
        school["blocked"] = blocked.into();
        school
    };
    assert_eq!(verdicts(&app, PATH, &[school(true)]).await, ["changed"]);
    for field in ["bill_to", "deliver_to"] {
        let mut body = json!({ "delivery_mode": "pickup", "payment_mode": "invoice", field: app.institution(SCHOOL) });
        both.quote_step(quote, "accept", &body).await.refused(409, "institution-blocked");
        body["reference"] = "BC-1".into();
        let order = format!("/api/v1/baskets/{basket}/place-order");
        both.post(&order, &body).await.refused(409, "institution-blocked");
    }
    for path in [checkout, format!("/quotes/{quote}")] {
        assert!(!browser.get(&path).await.expect(200).text.contains(&offered), "{path} offers a blocked client");
    }
    assert_eq!(verdicts(&app, PATH, &[school(false)]).await, ["changed"]);
    let body = json!({ "delivery_mode": "pickup", "payment_mode": "invoice", "bill_to": app.institution(SCHOOL) });
    both.quote_step(quote, "accept", &body).await.done();
}

#[tokio::test]
async fn the_bookseller_demands_two_persons_and_lifts_it_again() {
    let app = TestApp::demo().await;
    let (bookseller, purchaser) = (app.bookseller(), app.purchaser());
    let institution = app.institution(MEDIATHEQUE);
    let path = format!("/api/v1/institutions/{institution}/two-person-rule");
    let demand = |client: &bordereau_tests::Client, demanded: bool| {
        let (client, path) = (client.clone(), path.clone());
        async move { client.put(&path, &json!({ "demanded": demanded })).await }
    };
    let basket = purchaser.filled_basket().await;
    let done = demand(&bookseller, true).await.done();
    let again = demand(&bookseller, true).await.done();
    assert_eq!((again.etag(), again.position()), (done.etag(), done.position()));
    let shown = purchaser.get("/api/v1/institutions").await.expect(200);
    assert_eq!(shown.at("/items/0/two_persons"), true);
    purchaser.place_order(basket, "MED-5").await.refused(403, "two-persons-needed");
    // Whom the rule binds cannot lift it.
    demand(&purchaser, false).await.refused(403, "role-may-not");
    app.key("parvis-librisoft").put(&path, &json!({ "demanded": false })).await.refused(403, "role-may-not");
    app.by("libraire@parvis.example").put(&path, &json!({ "demanded": false })).await.refused(404, "not-found");
    bookseller.put(&path, &json!({})).await.refused(422, "invalid-field");
    demand(&bookseller, false).await.done();
    purchaser.place_order(basket, "MED-5").await.done();
}

#[tokio::test]
async fn payment_after_delivery_is_the_bookshops_to_grant_to_whoever_is_billed() {
    // B04
    let app = TestApp::demo().await;
    let both = app.engage("zoe@demo.example", Role::Purchaser, &[MEDIATHEQUE, SCHOOL]).await;
    let path = format!("/api/v1/institutions/{}/payment-after-delivery", app.institution(MEDIATHEQUE));
    let allow = async |allowed: bool| app.bookseller().put(&path, &json!({ "allowed": allowed })).await;
    let basket = both.filled_basket().await;
    let order = format!("/api/v1/baskets/{basket}/place-order");
    let terms = |mode: &str| json!({ "reference": "MED-6", "delivery_mode": "pickup", "payment_mode": mode });
    let done = allow(false).await.done();
    let again = allow(false).await.done();
    assert_eq!((again.etag(), again.position()), (done.etag(), done.position()));
    let shown = app.purchaser().get("/api/v1/institutions").await.expect(200);
    assert_eq!(shown.at("/items/0/payment_after_delivery"), false);
    for mode in ["invoice", "chorus"] {
        let refused = both.post(&order, &terms(mode)).await;
        assert_eq!(refused.refused(422, "payment-mode-not-allowed").at("/field"), "payment_mode");
    }
    // Who is billed counts, not who is delivered or whose basket it was.
    let mut elsewhere = terms("invoice");
    elsewhere["bill_to"] = json!(app.institution(SCHOOL));
    both.post(&order, &elsewhere).await.done();
    let own = both.filled_basket().await;
    let mut delivered = terms("invoice");
    delivered["deliver_to"] = json!(app.institution(SCHOOL));
    let order = format!("/api/v1/baskets/{own}/place-order");
    both.post(&order, &delivered).await.refused(422, "payment-mode-not-allowed");
    both.post(&order, &terms("online")).await.done();
    both.put(&path, &json!({ "allowed": true })).await.refused(403, "role-may-not");
    app.by("libraire@parvis.example").put(&path, &json!({ "allowed": true })).await.refused(404, "not-found");
    app.bookseller().put(&path, &json!({ "allowed": "yes" })).await.refused(422, "invalid-field");
    allow(true).await.done();
    let order = format!("/api/v1/baskets/{}/place-order", both.filled_basket().await);
    both.post(&order, &terms("invoice")).await.done();
}

#[tokio::test] // art. 3, loi 81-766
async fn more_than_nine_percent_is_taken_once_the_bookseller_has_said_why_and_the_order_carries_it() {
    let app = TestApp::demo().await;
    let (bookseller, purchaser) = (app.bookseller(), app.purchaser());
    let path = format!("/api/v1/institutions/{}/discount-override", app.institution(MEDIATHEQUE));
    let dear = [institution(MEDIATHEQUE, "Médiathèque de l'Orangerie", "12")];
    let why = "Exemplaires parus il y a plus de deux ans, art. 5.";
    let place = async |reference: &str| {
        let basket = purchaser.filled_basket().await;
        purchaser.place_order(basket, reference).await.done().id_at("/order_id")
    };
    assert_eq!(verdicts(&app, PATH, &dear).await, ["refused"]);
    bookseller.put(&path, &json!({ "justification": " " })).await.refused(422, "text-missing");
    purchaser.put(&path, &json!({ "justification": why })).await.refused(403, "role-may-not");
    bookseller.put(&path, &json!({ "justification": why })).await.done();
    // Below the cap there is nothing to justify.
    let before = bookseller.order(place("MED-6").await).await.expect(200);
    assert!(before.body.get("discount_justification").is_none());
    assert_eq!(verdicts(&app, PATH, &dear).await, ["changed"]);
    let listed = bookseller.get("/api/v1/institutions").await.expect(200);
    let client = listed.items().iter().find(|item| item["librisoft_number"] == MEDIATHEQUE).unwrap();
    assert_eq!((&client["discount_cap_lifted"], &client["discounts"]["5.5"]), (&json!(true), &json!("12")));
    let order = place("MED-7").await;
    let seen = bookseller.order(order).await.expect(200);
    assert_eq!(seen.at("/lines/0/discount_rate"), "12");
    assert_eq!(seen.at("/discount_justification"), why);
    assert!(!purchaser.order(order).await.expect(200).text.contains("art. 5"));
    let trail = app.auditor().get("/api/v1/audit?type=InstitutionDiscountCapLifted").await.expect(200);
    assert_eq!(trail.items()[0]["comment"], why);

    bookseller.delete(&path).await.done();
    bookseller.delete(&path).await.done();
    assert_eq!(verdicts(&app, PATH, &dear).await, ["refused"]);
    assert_eq!(verdicts(&app, PATH, &[institution(MEDIATHEQUE, "Médiathèque de l'Orangerie", "9")]).await, ["changed"]);
}
