//! The audit trail: every event and every refusal of a shop, by time, for the auditor; what is his for the bookseller.

use axum::http::Method;
use bordereau_tests::{Client, TestApp};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

const PATH: &str = "/api/v1/audit";

/// The whole of what a question finds, page by page.
async fn all(client: &Client, question: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{PATH}?limit={limit}&{question}{cursor}")).await.expect(200);
        assert!(page.items().len() <= limit);
        items.extend(page.items().to_vec());
        let Some(next) = page.at("/next").as_str() else { return items };
        cursor = format!("&cursor={next}");
    }
}

/// All that the auditor is told.
async fn trail(app: &TestApp, question: &str) -> Vec<Value> {
    // Refusals are written without being waited for.
    app.refusals().await;
    all(&app.auditor(), question, 200).await
}

fn when(item: &Value) -> DateTime<Utc> {
    let text = item.get("recorded_at").unwrap_or(&item["at"]);
    text.as_str().unwrap().parse().unwrap()
}

fn types(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["type"].as_str()).collect()
}

/// A basket that was refused, returned and sent again, with refusals on the way.
async fn busy(app: &TestApp) -> Uuid {
    let (requester, approver) = (app.requester(), app.approver());
    let basket = requester.filled_basket().await;
    requester.validate(basket).await.refused(403, "role-may-not");
    requester.unlock(basket).await.refused(403, "role-may-not");
    approver.validate(basket).await.refused(404, "not-found");
    requester.send(basket).await.done();
    app.clock.advance(TimeDelta::minutes(1));
    requester.rename(basket, "Encore").await.refused(409, "wrong-stage");
    approver.give_back(basket, "Trop cher.").await.done();
    requester.send(basket).await.done();
    basket
}

#[tokio::test]
async fn the_auditor_sees_every_event_and_every_refusal_by_time_from_either_end() {
    let app = TestApp::demo().await;
    busy(&app).await;
    let items = trail(&app, "").await;
    let positions: Vec<u64> = items.iter().filter_map(|item| item["position"].as_u64()).collect();
    assert_eq!(positions, (1..=app.head("DLIVRE").await).collect::<Vec<_>>());
    let refused = items.iter().filter(|item| item["kind"] == "refusal").count();
    assert_eq!(refused, app.refusals().await.len());
    assert!(refused >= 4);
    assert!(items.is_sorted_by_key(when));
    // Refusals stand among the events, not behind them.
    let last_refusal = items.iter().rposition(|item| item["kind"] == "refusal").unwrap();
    assert!(items[last_refusal..].iter().any(|item| item["type"] == "BasketSentToApprover"));
    let mut newest = trail(&app, "order=newest").await;
    newest.reverse();
    assert_eq!(newest, items);
}

#[tokio::test]
async fn pages_of_any_size_are_exact_also_when_many_share_a_moment() {
    let app = TestApp::demo().await;
    busy(&app).await;
    // The clock stands still: events and refusals of one moment, of several people and commands.
    let from = app.clock.now().format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    for client in [app.requester(), app.approver(), app.purchaser()] {
        let basket = client.filled_basket().await;
        client.unlock(basket).await;
        client.take_over(basket).await;
        client.discard(basket).await;
    }
    let from = format!("from={from}");
    for order in ["oldest", "newest"] {
        let question = format!("{from}&order={order}");
        let whole = trail(&app, &question).await;
        assert!(whole.len() > 15, "{}", whole.len());
        for limit in [1, 2, 3, 5, 7] {
            assert_eq!(all(&app.auditor(), &question, limit).await, whole, "{order} by {limit}");
        }
    }
    let cursor = app.auditor().get(&format!("{PATH}?limit=1")).await.text_at("/next");
    app.auditor().get(&format!("{PATH}?order=newest&cursor={cursor}")).await.refused(422, "bad-cursor");
    app.auditor().get(&format!("{PATH}?cursor=x")).await.refused(422, "bad-cursor");
}

#[tokio::test]
async fn an_event_tells_who_did_what_for_whom_through_which_door() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let sent = requester.step_saying(basket, "send-to-approver", "Pour la rentrée.").await.done();
    let items = trail(&app, &format!("aggregate=basket/{basket}&order=newest")).await;
    let item = &items[0];
    assert_eq!((&item["kind"], &item["type"]), (&json!("event"), &json!("BasketSentToApprover")));
    assert_eq!((item["position"].as_u64(), item["sequence"].as_u64()), (Some(sent.position()), Some(sent.etag())));
    assert_eq!(item["aggregate"], format!("basket/{basket}"));
    assert_eq!(item["actor"]["id"], app.account_of(&requester).await.to_string());
    assert!(item["actor"]["name"].as_str().is_some_and(|name| !name.is_empty()));
    assert_eq!((&item["role"], &item["comment"]), (&json!("requester"), &json!("Pour la rentrée.")));
    assert_eq!((&item["command"], &item["channel"]), (&json!("SendBasketToApprover"), &json!("api")));
    assert_eq!(item["institution"], requester.own_institution().to_string());
    assert_eq!(item["correlation"], sent.header("bordereau-trace"));
    // What changed, line by line, as in the basket's history.
    let history = requester.history("baskets", basket).await.expect(200);
    for (step, item) in history.items().iter().rev().zip(&items) {
        for field in ["position", "type", "at", "actor", "changes"] {
            assert_eq!(step[field], item[field]);
        }
    }
    assert_eq!(history.items().len(), items.len());
}

#[tokio::test]
async fn a_refusal_tells_who_was_refused_what_and_why_in_the_readers_language() {
    let app = TestApp::demo().await;
    let basket = busy(&app).await;
    let requester = app.requester();
    requester.send(basket).await.done();
    app.clock.advance(TimeDelta::seconds(1));
    requester.discard(basket).await.refused(409, "wrong-stage");
    app.refusals().await;
    let ask = |language: &'static str| {
        let path = format!("{PATH}?type=refusal&aggregate=basket/{basket}&order=newest");
        app.auditor().call(Method::GET, &path).header("accept-language", language).send()
    };
    let told = ask("en").await.expect(200);
    assert!(told.items().iter().all(|item| item["kind"] == "refusal"));
    let item = &told.items()[0];
    assert_eq!((&item["reason"], &item["role"]), (&json!("wrong-stage"), &json!("requester")));
    assert_eq!(item["command"], "DELETE /api/v1/baskets/{id}");
    assert_eq!(item["actor"]["id"], app.account_of(&requester).await.to_string());
    assert!(item["actor"]["name"].is_string());
    assert_eq!(item["title"], "Not possible at this stage");
    // Its detail names the stage, which is not kept: better none than one with a hole.
    assert!(item.get("detail").is_none());
    let may_not = told.items().iter().find(|item| item["reason"] == "role-may-not").unwrap();
    assert_eq!(may_not["detail"], "Your role does not allow this.");
    let french = ask("fr").await.expect(200);
    assert_ne!(french.items()[0]["title"], item["title"]);
}

#[tokio::test]
async fn the_trail_is_found_by_actor_type_aggregate_and_time() {
    let app = TestApp::demo().await;
    app.clock.advance(TimeDelta::minutes(1));
    let began = app.clock.now();
    let basket = busy(&app).await;
    let approver = app.account_of(&app.approver()).await.to_string();
    let since = began.format("%Y-%m-%dT%H:%M:%S%.6fZ");

    let of_approver = trail(&app, &format!("actor={approver}&from={since}")).await;
    assert_eq!(types(&of_approver), ["BasketReturnedToPreviousRole"]);
    assert_eq!(of_approver.len(), 2);
    assert!(of_approver.iter().all(|item| item["actor"]["id"] == approver));

    let sent = trail(&app, &format!("type=BasketSentToApprover&aggregate=basket/{basket}")).await;
    assert_eq!(types(&sent), ["BasketSentToApprover"; 2]);
    let mixed = trail(&app, &format!("type=BasketOpened,refusal&aggregate=basket/{basket}")).await;
    assert_eq!(types(&mixed), ["BasketOpened"]);
    assert_eq!(mixed.len(), 5);
    let opened = trail(&app, "type=ShopOpened").await;
    assert_eq!((opened.len(), &opened[0]["aggregate"]), (1, &json!("shop/DLIVRE")));
    assert_eq!(trail(&app, "aggregate=shop/DLIVRE").await[0], opened[0]);

    // Both ends belong to the period, as days and as moments.
    let whole = trail(&app, "").await;
    let local = |item: &Value| when(item).with_timezone(&chrono_tz::Europe::Paris).date_naive();
    let today = local(whole.last().unwrap());
    let of_the_day = trail(&app, &format!("from={today}&to={today}")).await;
    assert_eq!(of_the_day, whole.iter().filter(|item| local(item) == today).cloned().collect::<Vec<_>>());
    let moment = of_the_day[3].get("recorded_at").unwrap_or(&of_the_day[3]["at"]).as_str().unwrap().to_owned();
    let at_once = trail(&app, &format!("from={moment}&to={moment}")).await;
    assert!(at_once.contains(&of_the_day[3]));
    assert!(at_once.iter().all(|item| when(item) == when(&of_the_day[3])));
    assert!(trail(&app, "to=1999-12-31").await.is_empty());
    assert!(trail(&app, "from=2099-01-01").await.is_empty());

    for malformed in [
        "actor=x",
        "from=yesterday",
        "to=2026-02-30",
        "type=BasketTeleported",
        "aggregate=basket",
        "aggregate=teapot/1",
        "order=random",
        "colour=red",
    ] {
        app.auditor().get(&format!("{PATH}?{malformed}")).await.refused(422, "invalid-field");
    }
}

#[tokio::test]
async fn the_bookseller_sees_what_is_his_without_inner_comments() {
    let app = TestApp::demo().await;
    let bookseller = app.bookseller();
    let basket = busy(&app).await;
    bookseller.order_step(Uuid::from_u128(1), "close", &json!({})).await.refused(404, "not-found");
    app.refusals().await;
    let about = format!("aggregate=basket/{basket}");
    assert!(all(&bookseller, &about, 200).await.is_empty());
    let before = all(&bookseller, "", 200).await;
    assert!(before.iter().any(|item| item["type"] == "AccountOpened"));
    assert!(before.iter().any(|item| item["type"] == "InstitutionSynchronised"));
    let own = before.iter().filter(|item| item["kind"] == "refusal").collect::<Vec<_>>();
    assert!(!own.is_empty() && own.iter().all(|item| item["role"] == "bookseller"), "{own:?}");

    app.approver().validate(basket).await.done();
    app.purchaser().place_order(basket, "MED-9").await.done();
    app.refusals().await;
    let after = all(&bookseller, &about, 3).await;
    let whole = trail(&app, &about).await;
    assert_eq!(types(&after), types(&whole));
    assert_eq!(after.len(), whole.len());
    let comment = |items: &[Value]| {
        let returned = items.iter().find(|item| item["type"] == "BasketReturnedToPreviousRole").unwrap();
        returned.get("comment").cloned()
    };
    assert_eq!((comment(&whole), comment(&after)), (Some(json!("Trop cher.")), None));
    for client in [app.requester(), app.approver(), app.purchaser(), app.librisoft(), app.key("demo-integrator")] {
        client.get(PATH).await.refused(403, "role-may-not");
    }
    app.anonymous().get(PATH).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn who_was_erased_stays_in_the_trail_without_a_name() {
    let app = TestApp::demo().await;
    busy(&app).await;
    let account = app.account_of(&app.requester()).await;
    let before = trail(&app, &format!("actor={account}")).await;
    assert!(before.iter().all(|item| item["actor"]["name"].is_string()));
    app.app.store.erase_subject("DLIVRE", account.0).await.unwrap();
    let after = trail(&app, &format!("actor={account}")).await;
    assert_eq!(after.len(), before.len());
    assert!(after.iter().all(|item| item["actor"]["name"].is_null()));
}

#[tokio::test]
async fn the_trail_comes_as_csv_too() {
    let app = TestApp::demo().await;
    busy(&app).await;
    app.refusals().await;
    let path = format!("{PATH}?limit=3&order=newest");
    let answer = app.auditor().call(Method::GET, &path).header("accept", "text/csv").send().await.expect(200);
    assert_eq!(answer.text.lines().count(), 4);
    for column in ["kind", "position", "actor.name", "aggregate", "recorded_at"] {
        assert!(answer.text.lines().next().unwrap().contains(column), "{column}");
    }
    assert!(!answer.header("bordereau-next").is_empty());
}

#[tokio::test]
async fn on_postgresql_the_trail_is_the_same() {
    let app = TestApp::demo_on_postgres().await;
    let basket = busy(&app).await;
    let whole = trail(&app, &format!("aggregate=basket/{basket}")).await;
    assert_eq!(whole.iter().filter(|item| item["kind"] == "refusal").count(), 4);
    assert_eq!(all(&app.auditor(), &format!("aggregate=basket/{basket}"), 2).await, whole);
    let mut newest = trail(&app, &format!("aggregate=basket/{basket}&order=newest")).await;
    newest.reverse();
    assert_eq!(newest, whole);
    let of_one = trail(&app, &format!("type=refusal&actor={}", app.account_of(&app.requester()).await)).await;
    assert_eq!(of_one.len(), 3);
}
