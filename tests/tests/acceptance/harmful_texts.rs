//! Texts that try to be something else: statements, addresses that command, lines of a log.

use std::path::Path;

use axum::http::Method;
use bordereau_api::{demo, pages, router};
use bordereau_domain::Role;
use bordereau_tests::{Browser, MEDIATHEQUE, Said, TestApp, percent, run};
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
    let basket = app.purchaser().filled_basket().await;
    let order = app.purchaser().place_order(basket, "BC-1").await.done().id_at("/order_id");
    app.drain().await;
    let heads = (heads.len(), app.heads().await);
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
        // Columns that somebody might hope for.
        let names = names.into_iter().chain(["sort", "group", "displayby", "order_by"].map(str::to_owned));
        let names: Vec<_> = names.collect();
        if !path.starts_with("/api/v1/") || path.ends_with("/export") {
            continue;
        }
        // Of what has an id, an order that there is.
        let path = path.replace("{id}", &order.to_string()).replace("{delegation_id}", &order.to_string());
        if path.contains('{') {
            continue;
        }
        for (name, statement) in names.iter().flat_map(|name| STATEMENTS.map(|statement| (name, statement))) {
            for client in &clients {
                let answer = client.get(&format!("{path}?{name}={}", percent(statement))).await;
                assert!(matches!(answer.status, 200 | 403 | 404 | 409 | 422), "{answer}");
                let known = parameters.to_string().contains(&format!("\"name\":\"{name}\""));
                // Where nothing can be asked for, nothing is read.
                assert!(known || matches!(answer.status, 403 | 404 | 422), "{answer}: nobody knows {name}");
                let of_a_list =
                    ["tab", "tray", "order", "status", "role", "type", "delivery_mode"].contains(&name.as_str());
                assert!(!of_a_list || matches!(answer.status, 403 | 404 | 422), "{answer}: no such {name}");
                asked += 1;
            }
        }
        // In the path and where a number or a word of a list is expected.
        let answer = app.auditor().get(&format!("{path}/{}", percent(STATEMENTS[0]))).await;
        assert!(matches!(answer.status, 404 | 405), "{answer}");
    }
    assert!(asked > 200, "{asked}");
    assert_eq!((heads.0, app.heads().await), heads);
}

#[tokio::test]
async fn statements_in_the_addresses_of_pages_are_values_or_refused() {
    // attack 66
    let app = TestApp::demo().await;
    let heads = app.heads().await;
    let browsers = [app.purchaser(), app.bookseller()].map(|who| Browser::of(&who, "fr"));
    let mut asked = 0;
    for page in pages::pages(&app.app).listed {
        if page.method != Method::GET
            || page.path.contains('{')
            || matches!(page.path, "/live" | "/account/privacy/data")
        {
            continue;
        }
        for name in ["tab", "tray", "order", "status", "sort", "group", "displayby", "q", "cursor", "institution"] {
            for browser in &browsers {
                let address = format!("{}?{name}={}", page.path, percent(STATEMENTS[2]));
                let answer = browser.get(&address).await;
                assert!(matches!(answer.status, 200 | 303 | 403 | 404 | 422), "{answer}");
                asked += 1;
            }
        }
    }
    for (browser, path, name) in
        [(0, "/baskets", "tray"), (0, "/orders", "tab"), (1, "/orders", "tab"), (1, "/accounts", "status")]
    {
        for statement in STATEMENTS {
            let answer = browsers[browser].get(&format!("{path}?{name}={}", percent(statement))).await;
            assert!(matches!(answer.status, 404 | 422), "{answer}: no such {name}");
        }
    }
    assert!(asked > 100, "{asked}");
    assert_eq!(app.heads().await, heads);
}

#[tokio::test]
async fn no_cell_of_a_file_over_http_begins_a_formula() {
    // attack 63
    let app = TestApp::demo().await;
    let requester = app.requester();
    let formulas = ["=HYPERLINK(\"x\")", "+1+1", "-1+1", "@SUM(A1)"];
    for formula in formulas {
        requester.open_basket(formula).await.expect(201);
    }
    for refused in ["\u{0}=1", "\t=1", "\r=1"] {
        // A name begins and ends with letters that are seen.
        let answer = requester.open_basket(refused).await;
        assert!(matches!(answer.status, 201 | 422), "{answer}");
    }
    let file =
        requester.call(Method::GET, "/api/v1/baskets?tray=mine&limit=200").header("accept", "text/csv").send().await;
    let file = file.expect(200);
    for formula in formulas {
        let cell = format!("'{}", formula.replace('"', "\"\""));
        assert!(file.text.contains(&cell), "{file}");
    }
    for cell in file.text.trim_start_matches('\u{feff}').split([';', '\r', '\n']) {
        let bare = cell.trim_start_matches('"');
        assert!(!bare.starts_with(['=', '+', '-', '@', '\t', '\0']), "{cell:?} begins a formula");
    }
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
