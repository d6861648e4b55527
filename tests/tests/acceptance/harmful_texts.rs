//! Texts that try to be something else: statements, addresses that command, lines of a log.

use std::path::Path;

use axum::http::Method;
use bordereau_api::{demo, router};
use bordereau_domain::Role;
use bordereau_tests::{MEDIATHEQUE, Said, TestApp, percent, run};
use serde_json::json;

use super::BINARY;

const STATEMENTS: [&str; 4] =
    ["'; DROP TABLE events; --", "1 OR 1=1", "\" UNION SELECT payload FROM events --", "\\'); DELETE FROM vault; --"];

#[tokio::test]
async fn statements_in_parameters_are_values_or_refused() {
    // attack 66
    let app = TestApp::demo().await;
    let heads = app.heads().await;
    let clients = [app.purchaser(), app.bookseller(), app.auditor(), app.librisoft()];
    let document = serde_json::to_value(router::document()).unwrap();
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        if item["get"].is_null() {
            continue;
        }
        let parameters = item["get"]["parameters"].clone();
        let names: Vec<_> = parameters
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
            .collect();
        let own = names.len();
        // Columns that somebody might hope for.
        let names = names.into_iter().chain(["sort", "group", "displayby", "order_by"].map(str::to_owned));
        let names: Vec<_> = names.collect();
        if !path.starts_with("/api/v1/") || path.contains('{') || path.ends_with("/export") {
            continue;
        }
        for (name, statement) in names.iter().flat_map(|name| STATEMENTS.map(|statement| (name, statement))) {
            for client in &clients {
                let answer = client.get(&format!("{path}?{name}={}", percent(statement))).await;
                assert!(matches!(answer.status, 200 | 403 | 404 | 409 | 422), "{answer}");
                let known = parameters.to_string().contains(&format!("\"name\":\"{name}\""));
                // Where nothing can be asked for, nothing is read.
                assert!(known || own == 0 || matches!(answer.status, 403 | 422), "{answer}: nobody knows {name}");
                asked += 1;
            }
        }
        // In the path and where a number or a word of a list is expected.
        let answer = app.auditor().get(&format!("{path}/{}", percent(STATEMENTS[0]))).await;
        assert!(matches!(answer.status, 404 | 405), "{answer}");
    }
    assert!(asked > 200, "{asked}");
    assert_eq!(app.heads().await, heads);
}

#[tokio::test]
async fn statements_in_texts_are_kept_as_they_are() {
    // attack 66
    let app = TestApp::demo().await;
    let requester = app.requester();
    for statement in STATEMENTS {
        let basket = requester.open_basket(statement).await.expect(201).id_at("/id");
        assert_eq!(requester.basket(basket).await.expect(200).text_at("/name"), statement);
        requester.step_saying(basket, "send-to-approver", statement).await.expect(409);
        requester.patch("/api/v1/me", &json!({ "name": statement, "phone": statement })).await.expect(200);
        assert_eq!(requester.get("/api/v1/me").await.expect(200).text_at("/name"), statement);
    }
    app.drain().await;
    let found = app.bookseller().get(&format!("/api/v1/accounts?q={}", percent(STATEMENTS[3]))).await.expect(200);
    assert_eq!(found.items().len(), 1);
}

#[tokio::test]
async fn addresses_that_deceive_or_command_are_refused_wherever_one_is_given() {
    // attack 65
    let app = TestApp::demo().await;
    let long = format!("{}@demo.example", "a".repeat(300));
    let registration = |email: &str| {
        json!({ "shop": "DLIVRE", "email": email, "name": "Odile", "company": "Lycée", "vat_number": "FR1",
            "password": "cheval-pile-agrafe" })
    };
    let open = |email: &str| json!({ "email": email, "name": "Odile", "role": "requester", "institution_ids": [app.institution(MEDIATHEQUE)] });
    let requester = app.account_of(&app.requester()).await;
    for (email, slug) in [
        ("\"RCPT TO:<x>\"@localhost", "malformed-email"),
        ("librair\u{435}@demo.example", "malformed-email"),
        ("libraire@d\u{435}mo.example", "malformed-email"),
        ("a@b.example\r\nBcc: c@d.example", "malformed-email"),
        ("nobody", "malformed-email"),
        (long.as_str(), "text-too-long"),
    ] {
        app.bookseller().post("/api/v1/accounts", &open(email)).await.refused(422, slug);
        app.anonymous().post("/api/v1/registrations", &registration(email)).await.refused(422, slug);
        let change = json!({ "email": email, "current_password": demo::PASSWORD });
        app.requester().post("/api/v1/me/email", &change).await.refused(422, slug);
        let change = json!({ "email": email });
        app.bookseller().patch(&format!("/api/v1/accounts/{requester}"), &change).await.refused(422, slug);
        let data = app.folder.clone().unwrap();
        let arguments = ["--data", data.path().to_str().unwrap(), "account", "open", "--shop", "DLIVRE"];
        let person = ["--email", email, "--name", "Odile", "--role", "bookseller"];
        assert_eq!(run(Path::new(BINARY), &[&arguments[..], &person].concat(), "").code, Some(2), "{email}");
    }
}

#[tokio::test]
async fn nobody_writes_lines_or_colours_into_the_log() {
    // attack 71
    let said = Said::listen();
    let app = TestApp::demo().await;
    let forged = "x\n2026-01-01T00:00:00Z ERROR forged";
    let client = app.engage("eve@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    client.patch("/api/v1/me", &json!({ "name": forged })).await.expect(200);
    client.open_basket(forged).await.expect(201);
    client.open_basket("\u{1b}[31mred").await.refused(422, "bad-text");
    for agent in ["\u{9b}31mgone", "tab\tbed"] {
        client.call(Method::GET, "/api/v1/me").header("user-agent", agent).send().await;
        client.call(Method::POST, "/api/v1/baskets").header("accept-language", agent).json(&json!({})).send().await;
    }
    let path = [percent(forged), percent("\u{1b}[31m")].concat();
    client.get(&format!("/api/v1/baskets/{path}")).await.expect(404);
    client.get(&format!("/api/v1/articles?q={path}")).await.expect(200);
    client.post(&format!("/api/v1/baskets/{path}/validate"), &json!({})).await.expect(404);
    let body = json!({ "email": forged, "password": forged, "shop": "DLIVRE" });
    app.anonymous().post("/api/v1/sessions", &body).await.expect(401);
    let account = app.account_of(&client).await;
    app.bookseller().get(&format!("/api/v1/accounts/{account}/export")).await.expect(200);
    let log = said.text();
    assert!(log.contains("was exported for him"), "nothing was heard");
    assert!(!log.contains(['\u{1b}', '\u{9b}']), "{log}");
    for line in log.lines() {
        assert!(!line.starts_with("2026-01-01") && !line.contains("ERROR forged"), "{line}");
        assert!(line.starts_with("20"), "every line begins with a time: {line}");
    }
}
