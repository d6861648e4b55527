//! Finding articles, and taking over a catalogue as large as a bookshop's.

use std::collections::BTreeSet;

use axum::http::Method;
use bordereau_domain::Ean;
use bordereau_tests::{CEMETERY_ROAD, TestApp};
use serde_json::{Value, json};

/// An article of a catalogue that nobody else uses.
fn article(number: usize, cents: usize) -> Value {
    let mut prefix = [9, 7, 9, 1, 0, 7, 0, 0, 0, 0, 0, 0];
    for (place, digit) in prefix[6..].iter_mut().zip([100_000, 10_000, 1_000, 100, 10, 1]) {
        *place = u8::try_from(number / digit % 10).unwrap();
    }
    json!({
        "ean": Ean::from_prefix(prefix).to_string(), "title": format!("Titre {number}"), "author": "AUTEUR",
        "publisher": "ÉDITEUR", "price_incl_tax": format!("{}.{:02}", 5 + cents / 100, cents % 100),
        "vat_rate": "5.5", "kind": "book", "availability": "1",
    })
}

#[tokio::test]
async fn words_find_the_beginnings_of_words_without_accents_ligatures_or_apostrophes() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    for (query, title) in [
        ("coeur", "Un cœur simple"),
        ("c%C5%93ur", "Un cœur simple"),
        ("COEUR+SIM", "Un cœur simple"),
        ("ile+myst", "L'Île mystérieuse"),
        ("l%27ile", "L'Île mystérieuse"),
        ("miserables+hugo", "Les Misérables"),
        ("hugo+mis%C3%A9rables", "Les Misérables"),
        ("cemetery+actes", "CEMETERY ROAD"),
        ("978-2-330-15013-6", "CEMETERY ROAD"),
        ("9782330150136", "CEMETERY ROAD"),
        ("233015013X", "CEMETERY ROAD"),
        ("2-330-15013-x", "CEMETERY ROAD"),
    ] {
        let found = requester.articles(&format!("q={query}")).await.expect(200).column("title");
        assert!(found.iter().any(|found| found == title), "{query}: {found:?}");
    }
    let summer = json!([{ "ean": "9791070000007", "title": "L'été", "author": "CAMUS ALBERT", "publisher": "X",
        "price_incl_tax": "9.00", "vat_rate": "5.5", "kind": "book", "availability": "1" }]);
    let mut lines = summer.as_array().unwrap().clone();
    lines[0]["ean"] = article(7, 0)["ean"].clone();
    app.librisoft().put_lines("/api/v1/librisoft/articles", &lines).await.expect(200);
    app.drain().await;
    for query in ["ete", "ete+camus", "l+ete", "%C3%A9t%C3%A9", "l%27%C3%A9t%C3%A9"] {
        let found = requester.articles(&format!("q={query}")).await.expect(200).column("title");
        assert!(found.iter().any(|title| title == "L'été"), "{query}: {found:?}");
    }
}

#[tokio::test]
async fn two_letters_are_enough_and_pages_hold_each_article_once() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    let (mut eans, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = requester.articles(&format!("q=la{cursor}")).await.expect(200);
        assert!(page.items().len() <= 20);
        eans.extend(page.column("ean"));
        let Some(next) = page.at("/next").as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let once: BTreeSet<_> = eans.iter().collect();
    assert!(once.len() >= 40 && once.len() == eans.len(), "{} of {}", once.len(), eans.len());
    requester.articles("q=la&cursor=nonsense").await.refused(422, "bad-cursor");
}

#[tokio::test]
async fn what_looks_like_a_query_language_is_searched_as_words() {
    let app = TestApp::demo().await;
    let requester = app.requester();
    for query in [
        "%22",
        "%22%22%22",
        "*",
        "la+OR+le",
        "la+AND",
        "NOT",
        "NEAR(a+b)",
        "title:la",
        "(((",
        "%27+OR+1%3D1--",
        "%25%25%25%25",
        "%7B%7D",
        "%5E",
        "-la",
        "%2Bla",
        "a%00b",
        "%F0%9F%93%9A",
        "la+*",
        "%22la",
        "%E2%80%8B",
    ] {
        requester.articles(&format!("q={query}")).await.expect(200);
    }
    let long = "a".repeat(201);
    requester.articles(&format!("q={long}")).await.refused(422, "text-too-long");
    requester.articles(&format!("q={}", "a+".repeat(100))).await.expect(200);
}

#[tokio::test]
async fn the_price_that_is_shown_is_the_institutions() {
    // L05, L35
    let app = TestApp::demo().await;
    let price = async |who: &bordereau_tests::Client| {
        let found = who.articles(&format!("q={CEMETERY_ROAD}")).await.expect(200);
        found.items()[0]["your_price_incl_tax"].clone()
    };
    for who in [app.requester(), app.approver(), app.purchaser()] {
        assert_eq!(price(&who).await, "22.75");
    }
    for who in [app.bookseller(), app.auditor(), app.librisoft()] {
        assert_eq!(price(&who).await, Value::Null);
    }
    // A school book has the school's rate alone, which is none here.
    let book = app.requester().articles("q=mathematiques").await.expect(200);
    assert_eq!(book.items()[0]["price_incl_tax"], book.items()[0]["your_price_incl_tax"]);
}

#[tokio::test]
async fn a_bad_line_among_good_ones_is_told_and_the_others_are_taken() {
    let app = TestApp::demo().await;
    let head = app.heads().await;
    let (one, two) = (article(1, 0), article(2, 0));
    let mut priced = article(3, 0);
    priced["price_incl_tax"] = "-1.00".into();
    let mut extra = article(4, 0);
    extra["stock"] = 3.into();
    let text = format!("{one}\n\n{{broken\n{priced}\n{extra}\n{two}\n{one}");
    let call = app.librisoft().call(Method::PUT, "/api/v1/librisoft/articles").content("application/x-ndjson", text);
    let answer = call.send().await.expect(200);
    let verdicts: Vec<_> = answer
        .lines()
        .iter()
        .map(|line| (line["line"].as_u64().unwrap(), line["verdict"].as_str().unwrap().to_owned()))
        .collect();
    let expected = [(1, "created"), (3, "refused"), (4, "refused"), (5, "refused"), (6, "created"), (7, "unchanged")];
    assert_eq!(verdicts, expected.map(|(line, verdict)| (line, verdict.to_owned())));
    assert!(answer.lines()[3]["reason"].as_str().unwrap().contains("stock"), "{answer}");
    assert_eq!(app.heads().await, head, "articles are no events");
    let revision = async || app.app.store.head("DLIVRE").await.unwrap().unwrap().article_revision;
    let (known, same) = (revision().await, [one.clone(), two.clone()]);
    let again = app.librisoft().put_lines("/api/v1/librisoft/articles", &same).await.expect(200);
    assert!(again.lines().iter().all(|line| line["verdict"] == "unchanged"), "{again}");
    assert_eq!(revision().await, known);
    let changed = app.librisoft().put_lines("/api/v1/librisoft/articles", &[article(1, 10), two]).await.expect(200);
    assert_eq!(changed.lines()[0]["verdict"], "changed");
    assert_eq!(changed.lines()[1]["verdict"], "unchanged");
    app.drain().await;
    let wanted = one["ean"].as_str().unwrap();
    let found = app.requester().articles(&format!("q={wanted}")).await.expect(200);
    assert_eq!(found.items()[0]["price_incl_tax"], "5.10");
}

#[tokio::test]
async fn a_complete_catalogue_withdraws_the_rest_but_more_than_a_fifth_only_by_force() {
    let app = TestApp::demo().await;
    let librisoft = app.librisoft();
    let path = "/api/v1/librisoft/articles?complete=true";
    let refused = librisoft.put_lines(path, &[article(1, 0)]).await.refused(409, "too-many-withdrawn");
    assert!(refused.number_at("/withdrawn") > 200, "{refused}");
    assert!(app.requester().articles(&format!("q={CEMETERY_ROAD}")).await.items()[0]["orderable"] == true);
    let forced = librisoft.put_lines(&format!("{path}&force=true"), &[article(1, 0), article(2, 0)]).await.expect(200);
    assert_eq!(forced.lines().len(), 2);
    app.drain().await;
    // What is gone is not offered among words, and cannot be ordered.
    assert!(app.requester().articles("q=la").await.expect(200).items().is_empty());
    let basket = app.requester().open_basket("x").await.expect(201).id_at("/id");
    let added = app.requester().add_line(basket, CEMETERY_ROAD, 1).await;
    assert!(matches!(added.status, 201 | 422), "{added}");
    // One of three is more than a fifth, one of six is not.
    let six: Vec<_> = (1..=6).map(|number| article(number, 0)).collect();
    librisoft.put_lines(path, &six).await.expect(200);
    librisoft.put_lines(path, &six[..5]).await.expect(200);
    librisoft.put_lines(path, &six[..3]).await.refused(409, "too-many-withdrawn");
    // What was withdrawn comes back when it is sent again.
    let back = librisoft.put_lines("/api/v1/librisoft/articles", &six[5..]).await.expect(200);
    assert_eq!(back.lines()[0]["verdict"], "created");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_articles_are_taken_as_they_stream_and_the_second_time_change_nothing() {
    const COUNT: usize = 100_000;
    const GROWTH: u64 = 60 * 1024 * 1024;
    let data = tempfile::TempDir::new().unwrap();
    let service = bordereau_tests::Process::serve_demo(std::path::Path::new(super::BINARY), data.path());
    let lines: Vec<_> = (0..COUNT).map(|number| article(number, number % 900).to_string()).collect();
    let text = lines.join("\n");
    let put = async || {
        let request = reqwest::Client::new()
            .put(format!("{}/api/v1/librisoft/articles", service.address))
            .bearer_auth("demo-librisoft")
            .header("content-type", "application/x-ndjson")
            .body(text.clone());
        let answer = request.send().await.unwrap();
        let position = answer.headers()["bordereau-position"].clone();
        (answer.text().await.unwrap(), position)
    };
    let verdicts = |text: &str, verdict: &str| text.matches(&format!("\"verdict\":\"{verdict}\"")).count();
    let before = service.resident_bytes();
    let (first, position) = put().await;
    assert_eq!(verdicts(&first, "created"), COUNT);
    let (second, again) = put().await;
    assert_eq!(verdicts(&second, "unchanged"), COUNT);
    assert_eq!(position, again, "articles are no events");
    let grown = service.resident_bytes().saturating_sub(before);
    assert!(grown < GROWTH, "memory has grown by {} MiB", grown / 1024 / 1024);
}
