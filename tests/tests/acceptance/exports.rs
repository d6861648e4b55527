//! What is exported of a person: by himself all of it, by the bookshop what it may see, with a trace.

use bordereau_api::demo;
use bordereau_tests::{Answer, TestApp};
use serde_json::{Value, json};

fn data(answer: &Answer) -> Value {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&answer.bytes)).unwrap();
    serde_json::from_reader(zip.by_name("data.json").unwrap()).unwrap()
}

fn page(answer: &Answer) -> String {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&answer.bytes)).unwrap();
    std::io::read_to_string(zip.by_name("index.html").unwrap()).unwrap()
}

#[tokio::test]
async fn what_the_bookshop_exports_for_a_person_tells_nothing_that_only_the_institution_sees() {
    let app = TestApp::demo().await;
    let (requester, bookseller) = (app.requester(), app.bookseller());
    let account = app.account_of(&requester).await;
    let login = json!({ "email": "camille@ailleurs.example", "current_password": demo::PASSWORD });
    requester.post("/api/v1/me/email", &login).await.expect(202);
    let draft = requester.open_basket("Surprise-pour-Zoé").await.expect(201).id_at("/id");
    requester.validate(draft).await.refused(403, "role-may-not");
    let sent = requester.filled_basket().await;
    requester.rename(sent, "Rentrée-des-classes").await.done();
    requester.step_saying(sent, "send-to-approver", "Entre-nous-soit-dit").await.done();
    app.approver().validate(sent).await.done();
    let path = format!("/api/v1/accounts/{account}/export");
    let early = bookseller.get(&path).await.expect(200);
    assert!(!data(&early).to_string().contains("Rentrée-des"), "it has not become an order yet");
    app.purchaser().place_order(sent, "BC-1").await.done();
    let own = requester.get("/api/v1/me/export").await.expect(200);
    let told = data(&own).to_string();
    let login = "camille@ailleurs.example";
    for text in ["Surprise-pour-Zoé", "Rentrée-des-classes", "Entre-nous-soit-dit", login, &draft.to_string()] {
        assert!(told.contains(text), "{text} is his");
    }
    app.drain().await;
    let by_bookshop = bookseller.get(&path).await.expect(200);
    let told = data(&by_bookshop).to_string();
    assert!(told.contains("Rentrée-des-classes"), "the bookshop sees it with the order: {told}");
    for text in ["Surprise-pour-Zoé", "Entre-nous-soit-dit", login, &draft.to_string()] {
        assert!(!told.contains(text), "{text} is not for the bookshop: {told}");
    }
    assert!(page(&by_bookshop).contains("inner comments") && !page(&own).contains("inner comments"));
}

#[tokio::test]
async fn an_export_by_the_bookshop_stands_in_the_audit_trail_and_in_the_persons_own_export() {
    // attack 108
    let app = TestApp::demo().await;
    let (bookseller, requester) = (app.bookseller(), app.requester());
    let who = app.account_of(&bookseller).await;
    let people = [app.account_of(&requester).await, app.account_of(&app.approver()).await];
    requester.get(&format!("/api/v1/accounts/{}/export", people[1])).await.refused(404, "not-found");
    requester.get("/api/v1/me/export").await.expect(200);
    // Two of one second are two.
    for person in people {
        bookseller.get(&format!("/api/v1/accounts/{person}/export")).await.expect(200);
    }
    app.refusals().await;
    for reader in [&bookseller, &app.auditor()] {
        let told = reader.get("/api/v1/audit?type=access").await.expect(200);
        let mut about = told.column("aggregate");
        about.sort();
        let mut expected = people.map(|person| format!("account/{person}"));
        expected.sort();
        assert_eq!(about, expected);
        for item in told.items() {
            assert_eq!((&item["kind"], &item["actor"]["id"]), (&json!("access"), &json!(who)));
            assert_eq!(item["role"], "bookseller");
        }
        let all = reader.get("/api/v1/audit?order=newest&limit=200").await.expect(200);
        assert_eq!(all.items().iter().filter(|item| item["kind"] == "access").count(), 2);
        let refused = reader.get("/api/v1/audit?type=refusal&limit=200").await.expect(200);
        assert!(refused.items().iter().all(|item| item["kind"] == "refusal"));
    }
    let own = data(&requester.get("/api/v1/me/export").await.expect(200));
    let by: Vec<_> =
        own["recipients"].as_array().unwrap().iter().filter(|row| row["recipient"] == "bookshop").collect();
    assert_eq!(by.len(), 1, "{own:#}");
    assert!(data(&bookseller.get("/api/v1/me/export").await.expect(200))["refusals"].as_array().unwrap().is_empty());
}
