//! Baskets beyond the straight way: returns, take-overs, two persons, changed prices, what the bookshop may read.

use bordereau_commands::InstitutionRequest;
use bordereau_domain::Role;
use bordereau_tests::{CEMETERY_ROAD, MEDIATHEQUE, READING_ALOUD, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

fn road(price: &str, availability: &str) -> Value {
    json!({ "ean": CEMETERY_ROAD, "title": "CEMETERY ROAD", "author": "ILES GREG", "publisher": "ACTES SUD",
        "price_incl_tax": price, "vat_rate": "5.5", "kind": "book", "availability": availability, "language": "fr" })
}

async fn put_article(app: &TestApp, article: Value) {
    app.librisoft().put_lines("/api/v1/librisoft/articles", &[article]).await.expect(200);
}

#[tokio::test]
async fn changed_prices_are_told_and_the_order_waits_until_somebody_says_reprice() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let basket = purchaser.filled_basket().await;
    let line = purchaser.line_ids(basket).await[0];
    put_article(&app, road("26.50", "1")).await;
    for answer in [purchaser.place_order(basket, "MED-1").await, purchaser.request_quote(basket, "MED-1").await] {
        let refused = answer.refused(409, "prices-changed");
        let changed = refused.at("/lines").as_array().unwrap().clone();
        assert_eq!(changed.len(), 1);
        assert_eq!(changed[0]["line_id"], line.to_string());
        assert_eq!(changed[0]["old"]["unit_price_incl_tax"], "25.00");
        assert_eq!(changed[0]["new"]["unit_price_incl_tax"], "26.50");
    }
    // Nothing is repriced silently.
    assert_eq!(purchaser.basket(basket).await.at("/lines/0/unit_price_incl_tax"), "25.00");
    purchaser.reprice(basket).await.done();
    purchaser.reprice(basket).await.done();
    let history = purchaser.history("baskets", basket).await;
    let steps = history.items();
    assert_eq!(steps.last().unwrap()["type"], "BasketLinesRepriced");
    assert_eq!(steps.iter().filter(|step| step["type"] == "BasketLinesRepriced").count(), 1);
    let order = purchaser.place_order(basket, "MED-1").await.done().id_at("/order_id");
    // 26.50 less 9 %: 2.385 is rounded to 2.39 first.
    assert_eq!(purchaser.order(order).await.at("/lines/0/total_incl_tax"), "24.11");
}

#[tokio::test]
async fn a_changed_discount_is_told_like_a_changed_price() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let basket = purchaser.filled_basket().await;
    let institution = json!({ "librisoft_number": MEDIATHEQUE, "kind": "library", "name": "Médiathèque", "city": "Nancy",
        "discounts": { "school": "0", "2.1": "0", "5.5": "5", "20": "0" } });
    app.librisoft().put_lines("/api/v1/librisoft/institutions", &[institution]).await.expect(200);
    let refused = purchaser.place_order(basket, "MED-1").await.refused(409, "prices-changed");
    assert_eq!(refused.at("/lines").as_array().unwrap().len(), 3);
    assert_eq!(
        (refused.at("/lines/0/old/discount_rate"), refused.at("/lines/0/new/discount_rate")),
        (&json!("9"), &json!("5"))
    );
}

#[tokio::test]
async fn an_article_that_cannot_be_ordered_is_added_stays_and_is_deferred_in_the_order() {
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    put_article(&app, road("25.00", "3")).await;
    let basket = purchaser.open_basket("x").await.expect(201).id_at("/id");
    for ean in [CEMETERY_ROAD, READING_ALOUD] {
        purchaser.add_line(basket, ean, 1).await.expect(201);
    }
    let order = purchaser.place_order(basket, "MED-1").await.done().id_at("/order_id");
    let seen = purchaser.order(order).await;
    assert_eq!((seen.at("/lines/0/deferred"), seen.at("/lines/1/deferred")), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn a_return_leads_one_role_back_and_tells_why() {
    // L41, L43
    let app = TestApp::demo().await;
    let (requester, approver, purchaser) = (app.requester(), app.approver(), app.purchaser());
    let basket = requester.filled_basket().await;
    let stage = async || {
        let seen = purchaser.basket(basket).await.expect(200);
        (seen.text_at("/stage"), seen.at("/locked") == true)
    };
    requester.send(basket).await.done();
    approver.validate(basket).await.done();
    assert_eq!(stage().await, ("awaiting_purchaser".to_owned(), true));
    purchaser.give_back(basket, "Vérifiez le second titre.").await.done();
    assert_eq!(stage().await, ("awaiting_approver".to_owned(), true));
    assert_eq!(approver.basket(basket).await.at("/returned/comment"), "Vérifiez le second titre.");
    approver.give_back(basket, "À revoir.").await.done();
    assert_eq!(stage().await, ("drafting".to_owned(), false));
    let seen = requester.basket(basket).await;
    assert_eq!(
        (seen.at("/returned/comment"), seen.at("/returned/by/name")),
        (&json!("À revoir."), &json!("Michel Denis"))
    );
    requester.send(basket).await.done();
    assert!(requester.basket(basket).await.body.get("returned").is_none());
    // Validated by the purchaser himself, no approver stands between: back to the owner.
    purchaser.validate(basket).await.done();
    purchaser.give_back(basket, "Finalement non.").await.done();
    assert_eq!(stage().await, ("drafting".to_owned(), false));
}

#[tokio::test]
async fn a_basket_of_somebody_who_has_gone_is_taken_over_not_returned() {
    let app = TestApp::demo().await;
    let leaver = app.engage("partante@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let (draft, sent) = (leaver.filled_basket().await, leaver.filled_basket().await);
    leaver.send(sent).await.done();
    let approver = app.approver();
    approver.basket(draft).await.refused(404, "not-found");
    approver.take_over(sent).await.refused(409, "owner-active");
    app.deactivate(&leaver).await;
    approver.give_back(sent, "x").await.refused(409, "owner-inactive");
    let tray = approver.tray("to_validate").await;
    assert!(tray.column("id").contains(&draft.to_string()), "{tray}");
    app.requester().take_over(draft).await.refused(404, "not-found");
    for basket in [draft, sent] {
        approver.take_over(basket).await.done();
        let history = approver.history("baskets", basket).await;
        let last = history.items().last().unwrap().clone();
        assert_eq!((&last["type"], &last["actor"]["name"]), (&json!("BasketTakenOver"), &json!("Michel Denis")));
    }
    assert_eq!(approver.basket(draft).await.at("/owner/name"), "Michel Denis");
    assert_eq!(approver.basket(draft).await.at("/stage"), "drafting");
    app.by("collectivite").give_back(sent, "x").await.done();
}

#[tokio::test]
async fn where_two_persons_are_demanded_nobody_validates_or_orders_his_own_basket_alone() {
    let app = TestApp::demo().await;
    let (approver, purchaser) = (app.approver(), app.purchaser());
    let institution_id = purchaser.own_institution();
    let rule = InstitutionRequest::SetTwoPersonRule { demanded: true };
    let bookseller =
        bordereau_domain::Actor::new(app.account_of(&app.bookseller()).await, Role::Bookseller, Vec::new());
    app.act_as(bookseller, "DLIVRE", institution_id, rule).await;
    let own = approver.filled_basket().await;
    approver.validate(own).await.refused(403, "two-persons-needed");
    let order = purchaser.filled_basket().await;
    purchaser.place_order(order, "MED-1").await.refused(403, "two-persons-needed");
    purchaser.request_quote(order, "MED-1").await.refused(403, "two-persons-needed");
    // It goes the way of all baskets: another person validates it.
    purchaser.send(order).await.done();
    purchaser.validate(order).await.refused(403, "two-persons-needed");
    approver.validate(order).await.done();
    purchaser.place_order(order, "MED-1").await.done();
    approver.send(own).await.done();
    purchaser.validate(own).await.done();
    purchaser.place_order(own, "MED-2").await.done();
}

#[tokio::test]
async fn without_an_approver_the_purchaser_finds_the_baskets_among_those_to_validate() {
    // L38
    let app = TestApp::demo().await;
    let (requester, purchaser) = (app.by("utilisateur@parvis.example"), app.by("collectivite@parvis.example"));
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    assert!(purchaser.tray("to_validate").await.column("id").contains(&basket.to_string()));
    purchaser.give_back(basket, "Un titre de moins ?").await.done();
    requester.send(basket).await.done();
    purchaser.validate(basket).await.done();
    purchaser.place_order(basket, "PARVIS-1").await.done();
    // Where there is an approver, it is his turn.
    let basket = app.requester().filled_basket().await;
    app.requester().send(basket).await.done();
    assert!(!app.purchaser().tray("to_validate").await.column("id").contains(&basket.to_string()));
    assert!(app.approver().tray("to_validate").await.column("id").contains(&basket.to_string()));
}

#[tokio::test]
async fn the_bookshop_reads_steps_and_the_orders_comment_but_no_inner_comment() {
    let app = TestApp::demo().await;
    let (requester, approver, purchaser, bookseller) =
        (app.requester(), app.approver(), app.purchaser(), app.bookseller());
    let basket = requester.filled_basket().await;
    requester.step_saying(basket, "send-to-approver", "ENTRE NOUS 1").await.done();
    bookseller.basket(basket).await.refused(404, "not-found");
    approver.give_back(basket, "ENTRE NOUS 2").await.done();
    requester.step_saying(basket, "send-to-approver", "ENTRE NOUS 3").await.done();
    approver.step_saying(basket, "validate", "ENTRE NOUS 4").await.done();
    let body = json!({ "reference": "MED-1", "comment": "Pour la librairie", "delivery_mode": "pickup",
        "payment_mode": "invoice" });
    let placed = purchaser.post(&format!("/api/v1/baskets/{basket}/place-order"), &body).await.done();
    let order = placed.id_at("/order_id");
    let inner = requester.history("baskets", basket).await;
    assert_eq!(inner.text.matches("ENTRE NOUS").count(), 4, "{inner}");
    let texts = [
        bookseller.basket(basket).await.expect(200).text,
        bookseller.history("baskets", basket).await.expect(200).text,
        bookseller.order(order).await.expect(200).text,
        bookseller.history("orders", order).await.expect(200).text,
        app.librisoft().pending().await.expect(200).text,
        app.key("demo-integrator").get("/api/v1/events?after=0&limit=1000").await.expect(200).text,
    ];
    for text in &texts {
        assert!(!text.contains("ENTRE NOUS"), "{text}");
    }
    assert!(texts[2].contains("Pour la librairie"));
    let steps = bookseller.history("baskets", basket).await;
    assert_eq!(steps.column("type"), inner.column("type"));
    assert!(steps.items().iter().all(|step| step["role"].is_string() && step["at"].is_string()));
}

#[tokio::test]
async fn next_actions_are_what_is_then_accepted() {
    let app = TestApp::demo().await;
    let people = [app.requester(), app.approver(), app.purchaser()];
    let comes_to = async |steps: &[(usize, &str)]| {
        let basket = people[0].filled_basket().await;
        for (who, step) in steps {
            people[*who].step(basket, step).await.done();
        }
        basket
    };
    let ways: [&[(usize, &str)]; 4] = [
        &[],
        &[(0, "send-to-approver")],
        &[(0, "send-to-approver"), (1, "unlock")],
        &[(0, "send-to-approver"), (1, "validate")],
    ];
    for way in ways {
        for person in &people {
            let seen = person.basket(comes_to(way).await).await;
            if seen.status == 404 {
                continue;
            }
            let offered: Vec<String> = serde_json::from_value(seen.at("/next_actions").clone()).unwrap();
            for action in
                ["send-to-approver", "validate", "unlock", "return", "take-over", "place-order", "request-quote"]
            {
                let basket: Uuid = comes_to(way).await;
                let answer = match action {
                    "place-order" => person.place_order(basket, "MED-1").await,
                    "request-quote" => person.request_quote(basket, "MED-1").await,
                    _ => person.step(basket, action).await,
                };
                // Whoever has just taken a step may say it again, and nothing happens: that is not offered.
                let moved = answer.status == 200 && answer.etag() > seen.etag();
                assert_eq!(moved, offered.iter().any(|offered| offered == action), "{answer} of {offered:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_draft_is_discarded_and_is_then_nowhere() {
    // L40
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    requester.discard(basket).await.done();
    assert!(!requester.tray("mine").await.column("id").contains(&basket.to_string()));
    requester.rename(basket, "x").await.refused(409, "wrong-stage");
    let sent = requester.filled_basket().await;
    requester.send(sent).await.done();
    requester.discard(sent).await.refused(409, "wrong-stage");
    let empty = requester.open_basket("vide").await.expect(201).id_at("/id");
    requester.send(empty).await.refused(409, "basket-empty");
}

#[tokio::test]
async fn a_restart_shows_the_same_baskets_orders_and_histories() {
    // L39
    let app = TestApp::demo().await;
    let purchaser = app.purchaser();
    let basket = purchaser.filled_basket().await;
    let order = purchaser.place_order(basket, "MED-1").await.done().id_at("/order_id");
    let paths = [
        format!("/api/v1/baskets/{basket}"),
        format!("/api/v1/baskets/{basket}/history"),
        format!("/api/v1/orders/{order}/history"),
        "/api/v1/orders?limit=200".to_owned(),
        "/api/v1/baskets?tray=validated&limit=200".to_owned(),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(purchaser.get(path).await.expect(200).body);
    }
    let app = app.restart().await;
    app.drain().await;
    for (path, before) in paths.iter().zip(before) {
        assert_eq!(app.purchaser().get(path).await.expect(200).body, before, "{path}");
    }
}
