//! The form of a request: size, type and shape of its body, its address and its method.

use axum::{body::Body, http::Method};
use bordereau_tests::{Client, TestApp};
use serde_json::json;

const MIB: usize = 1024 * 1024;

/// A JSON body of `size` bytes.
fn padded(size: usize) -> String {
    let frame = json!({ "name": "" }).to_string();
    json!({ "name": "x".repeat(size - frame.len()) }).to_string()
}

/// A body that comes in pieces and does not say how long it is.
fn streamed(text: String) -> Body {
    let pieces: Vec<_> =
        text.into_bytes().chunks(64 * 1024).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    Body::from_stream(futures::stream::iter(pieces))
}

async fn renamed(client: &Client, path: &str, body: Body, length: Option<usize>) -> bordereau_tests::Answer {
    let call = client.call(Method::POST, path).content("application/json", body);
    match length {
        Some(length) => call.header("content-length", &length.to_string()).send().await,
        None => call.send().await,
    }
}

#[tokio::test]
async fn a_body_over_one_mebibyte_is_413_whether_it_says_its_length_or_not() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    let path = format!("/api/v1/baskets/{basket}/rename");
    let large = padded(MIB + 1);
    renamed(&requester, &path, large.clone().into(), Some(large.len())).await.refused(413, "body-too-large");
    renamed(&requester, &path, streamed(large), None).await.refused(413, "body-too-large");
    // One that only claims to be large is not waited for.
    renamed(&requester, &path, Body::empty(), Some(MIB + 1)).await.refused(413, "body-too-large");
    // Exactly one mebibyte is read; its text is too long for a name.
    renamed(&requester, &path, streamed(padded(MIB)), None).await.refused(422, "text-too-long");
}

#[tokio::test]
async fn a_body_of_another_type_is_415() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let good = json!({ "institution_id": requester.own_institution() }).to_string();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", ""] {
        let call = requester.call(Method::POST, "/api/v1/baskets").content(content_type, good.clone());
        call.send().await.refused(415, "not-json");
    }
    let call =
        requester.call(Method::POST, "/api/v1/baskets").content("text/plain", good.clone()).without("content-type");
    call.send().await.refused(415, "not-json");
    for content_type in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        let call = requester.call(Method::POST, "/api/v1/baskets").content(content_type, good.clone());
        call.send().await.expect(201);
    }
    let lines = app.librisoft().call(Method::PUT, "/api/v1/librisoft/articles").content("application/json", "{}");
    lines.send().await.refused(415, "not-ndjson");
}

#[tokio::test]
async fn a_day_with_a_year_of_five_digits_is_422() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let (own, other) = (app.account_of(&requester).await, app.account_of(&app.approver()).await);
    let path = format!("/api/v1/accounts/{own}/delegations");
    for (first, last) in
        [("+10000-01-01", "+10000-01-02"), ("2026-09-01", "+10000-01-01"), ("-2026-09-01", "2026-09-02")]
    {
        let body = json!({ "delegate_id": other, "first_day": first, "last_day": last });
        requester.post(&path, &body).await.refused(422, "invalid-field");
    }
    app.purchaser().get("/api/v1/orders?from=%2B10000-01-01").await.refused(422, "invalid-field");
}

#[tokio::test]
async fn broken_json_and_a_key_that_stands_twice_are_400() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let own = requester.own_institution();
    let twice = format!(r#"{{"institution_id": "{own}", "institution_id": "{own}"}}"#);
    let disguised = format!(r#"{{"institution_id": "{own}", "n\u0061me": "a", "name": "b"}}"#);
    for (body, slug) in [
        ("", "invalid-field"),
        ("{", "malformed-json"),
        ("{'name': 1}", "malformed-json"),
        ("{} {}", "malformed-json"),
        ("\u{feff}{}", "malformed-json"),
        (&twice, "duplicate-key"),
        (&disguised, "duplicate-key"),
    ] {
        let call = requester.call(Method::POST, "/api/v1/baskets").content("application/json", body.to_owned());
        call.send().await.refused(if slug == "invalid-field" { 422 } else { 400 }, slug);
    }
    let bytes = [&br#"{"name": ""#[..], &[0xff, 0xfe], br#""}"#].concat();
    let call = requester.call(Method::POST, "/api/v1/baskets").content("application/json", bytes);
    call.send().await.refused(400, "malformed-json");
}

#[tokio::test]
async fn unknown_addresses_ids_methods_and_parameters_are_told_apart() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    for path in ["/nothing", "/api/v1/nothing", "/api/v1/baskets/a/b/c", "/api/v1/../etc/passwd"] {
        requester.get(path).await.refused(404, "not-found");
        app.anonymous().get(path).await.refused(404, "not-found");
    }
    let unknown = uuid::Uuid::from_u128(7);
    for id in ["x", "1", "00000000-0000-0000-0000-00000000000g", "%2e%2e", &unknown.to_string()] {
        requester.get(&format!("/api/v1/baskets/{id}")).await.refused(404, "not-found");
        requester.get(&format!("/api/v1/baskets/{id}/history")).await.refused(404, "not-found");
        requester.post(&format!("/api/v1/baskets/{id}/send-to-approver"), &json!({})).await.refused(404, "not-found");
        app.purchaser().get(&format!("/api/v1/orders/{id}")).await.refused(404, "not-found");
        app.purchaser().get(&format!("/api/v1/quotes/{id}")).await.refused(404, "not-found");
    }
    let basket = requester.filled_basket().await;
    requester.delete(&format!("/api/v1/baskets/{basket}/lines/x")).await.refused(404, "not-found");
    requester.remove_line(basket, unknown).await.refused(404, "unknown-line");
    for (method, path) in
        [(Method::DELETE, "/api/v1/baskets"), (Method::PUT, "/api/v1/baskets"), (Method::TRACE, "/api/v1/me")]
    {
        let refused = requester.call(method, path).send().await.refused(405, "method-not-allowed");
        assert!(refused.header("allow").contains("GET"), "{refused}");
    }
    for query in
        ["tray=none", "tray=mine&sort=name", "limit=0", "limit=201", "limit=x", "limit=1000000000", "cursor=%00"]
    {
        let refused = requester.get(&format!("/api/v1/baskets?{query}")).await;
        assert_eq!(refused.status, 422, "{refused}");
    }
    app.purchaser().get("/api/v1/orders?sort=placed_at").await.refused(422, "invalid-field");
    app.purchaser().get("/api/v1/orders?tab=open").await.refused(422, "invalid-field");
    app.auditor().get("/api/v1/events?limit=1001").await.refused(422, "limit-out-of-range");
}

#[tokio::test]
async fn refusals_are_told_in_french_dutch_and_english_and_french_has_its_no_break_spaces() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    let path = format!("/api/v1/baskets/{basket}/lines");
    let body = json!({ "ean": bordereau_tests::CEMETERY_ROAD, "quantity": 1 });
    let mut titles = Vec::new();
    for (accept, language) in [("fr-FR", "fr"), ("nl-BE,fr;q=0.5", "nl"), ("en", "en"), ("de", "fr"), ("", "fr")] {
        let call = requester.call(Method::POST, &path).json(&body).header("accept-language", accept);
        let refused = call.send().await.refused(409, "wrong-stage");
        assert_eq!(refused.header("content-language"), language);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert_eq!(refused.text_at("/trace_id"), refused.header("bordereau-trace"));
        if language == "fr" {
            let detail = refused.text_at("/detail");
            assert!(detail.contains("«\u{a0}") && detail.contains("\u{a0}»"), "{detail}");
            assert!(!detail.contains(" :") && !detail.contains(" ;") && !detail.contains("« "), "{detail}");
        }
        titles.push(refused.text_at("/title"));
    }
    assert_eq!(titles[0], titles[3]);
    titles.dedup();
    titles.truncate(3);
    assert!(titles[0] != titles[1] && titles[1] != titles[2] && titles[0] != titles[2], "{titles:?}");
}
