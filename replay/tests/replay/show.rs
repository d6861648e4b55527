//! What an aggregate was, as of then.

use bordereau_tests::{CLUB_GUIDE, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::frame::{beside, replay};

async fn show(app: &TestApp, arguments: &[&str]) -> (Option<i32>, Value) {
    beside(app, &[&["show"], arguments].concat()).await
}

fn types(shown: &Value) -> Vec<&str> {
    shown["timeline"].as_array().unwrap().iter().map(|step| step["type"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_basket_is_shown_as_it_is_and_as_it_was() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let before = app.head("DLIVRE").await;
    requester.add_line(basket, CLUB_GUIDE, 2).await.done();
    requester.step_saying(basket, "send-to-approver", "Pour la rentrée").await.done();
    let id = basket.to_string();

    let (code, now) = show(&app, &["basket", &id]).await;
    assert_eq!(
        (code, &now["ledger"], &now["type"], &now["sequence"]),
        (Some(0), &json!("DLIVRE"), &json!("Basket"), &json!(6))
    );
    let state = &now["state"]["Opened"];
    assert_eq!((state["lines"].as_array().unwrap().len(), &state["name"]), (4, &json!("(sealed)")));
    let steps = [
        "BasketOpened",
        "BasketLineAdded",
        "BasketLineAdded",
        "BasketLineAdded",
        "BasketLineAdded",
        "BasketSentToApprover",
    ];
    assert_eq!(types(&now), steps);
    let sent = &now["timeline"][5];
    assert_eq!((&sent["role"], &sent["data"]["comment"]), (&json!("requester"), &json!("(sealed)")));
    assert_eq!(sent["actor"], app.account_of(&requester).await.to_string());

    let (_, then) = show(&app, &["BASKET", &id, "--at", &before.to_string()]).await;
    assert_eq!((&then["position"], types(&then)), (&json!(before), steps[..4].to_vec()));
    assert_eq!(then["state"]["Opened"]["lines"].as_array().unwrap().len(), 3);
    let recorded = now["timeline"][4]["recorded_at"].as_str().unwrap();
    let (_, then) = show(&app, &["basket", &id, "--at", recorded]).await;
    assert_eq!(types(&then), steps[..5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_texts_are_opened_on_demand_and_gone_once_they_are_erased() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await.to_string();
    let (_, opened) = show(&app, &["basket", &basket, "--open"]).await;
    assert_eq!(opened["state"]["Opened"]["name"], "Nouveautés");
    assert_eq!(opened["timeline"][0]["data"]["name"], "Nouveautés");
    let subject = app.account_of(&requester).await;
    app.app.store.erase_subject("DLIVRE", subject.0).await.unwrap();
    let (_, erased) = show(&app, &["basket", &basket, "--open"]).await;
    assert_eq!(erased["state"]["Opened"]["name"], "(erased)");
    let (_, sealed) = show(&app, &["basket", &basket]).await;
    assert_eq!(sealed["state"]["Opened"]["name"], "(sealed)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_aggregate_is_shown_in_words() {
    let app = TestApp::demo().await;
    app.drain().await;
    let events = app.app.store.read("DLIVRE", 0, 100_000).await.unwrap();
    for kind in ["Shop", "Institution", "Account", "Basket", "Quote", "Order"] {
        let id = &events.iter().find(|event| event.aggregate_type == kind).unwrap().aggregate_id;
        let told = replay(&app.app.settings.data, "sqlite", &["show", &kind.to_lowercase(), id]);
        assert_eq!(told.code, Some(0), "{told:?}");
        assert!(told.stdout.starts_with(&format!("{kind} {id} of DLIVRE")), "{}", told.stdout);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_there_yet_is_not_shown() {
    let app = TestApp::demo().await;
    let before = app.head("DLIVRE").await.to_string();
    let basket = app.requester().filled_basket().await.to_string();
    let data = &app.app.settings.data;
    for (arguments, word) in [
        (&["show", "basket", basket.as_str(), "--at", before.as_str()][..], "yet"),
        (&["show", "basket", basket.as_str(), "--at", "2020-01-01T00:00:00Z"], "yet"),
        (&["show", "basket", basket.as_str(), "--at", "yesterday"], "yesterday"),
        (&["show", "order", basket.as_str()], "no Order"),
        (&["show", "basket", &Uuid::nil().to_string()], "no Basket"),
        (&["show", "parcel", basket.as_str()], "parcel"),
    ] {
        let told = replay(data, "sqlite", arguments);
        assert_eq!(told.code, Some(2), "{arguments:?}: {told:?}");
        assert!(told.stderr.contains(word), "{}", told.stderr);
    }
}
