//! Objects of others: whoever may not see one is told, in bytes and in time, what he is told of one that never was.

use axum::http::Method;
use bordereau_commands::new_id;
use bordereau_domain::Role;
use bordereau_tests::{Answer, CEMETERY_ROAD, Client, MEDIATHEQUE, SCHOOL, TestApp, percent};
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

/// The school's buyer: another institution of the same bookshop.
async fn school(app: &TestApp) -> Client {
    app.engage("acheteuse@ecole.example", Role::Purchaser, &[SCHOOL]).await
}

async fn basket_of(client: &Client, number: &str) -> Uuid {
    let institution = client.app.institution(number);
    let opened =
        client.post("/api/v1/baskets", &json!({ "institution_id": institution, "name": "ECOLE-Rentrée" })).await;
    let basket = opened.expect(201).id_at("/id");
    client.add_line(basket, CEMETERY_ROAD, 2).await.expect(201);
    basket
}

/// What an answer says, but for the name of its own request.
fn bytes(answer: &Answer) -> (u16, Value, Vec<String>) {
    let mut body = answer.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("trace_id");
    }
    let mut headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    (answer.status, body, headers)
}

/// The number of a document.
fn number(answer: &Answer) -> String {
    answer.at("/number").to_string()
}

/// What a request takes that nothing else holds up: the first decile, in microseconds.
fn undisturbed(mut times: Vec<i64>) -> i64 {
    times.sort_unstable();
    times[times.len() / 10]
}

/// How long it takes to ask for the foreign object, and for those that never were; in turns, so that both meet the same
/// weather.
async fn durations(foreign: Uuid, ask: impl AsyncFn(Uuid) -> Answer) -> [i64; 2] {
    const ROUNDS: usize = 60;
    let mut times: [Vec<i64>; 2] = Default::default();
    for round in 0..ROUNDS {
        for kind in [round % 2, (round + 1) % 2] {
            let basket = if kind == 0 { foreign } else { new_id() };
            let begun = Instant::now();
            ask(basket).await.expect(404);
            times[kind].push(i64::try_from(begun.elapsed().as_micros()).unwrap());
        }
    }
    times.map(undisturbed)
}

#[tokio::test] // attack 15
async fn a_foreign_basket_is_answered_like_one_that_never_was() {
    let app = TestApp::demo().await;
    let school = school(&app).await;
    let foreign = basket_of(&school, SCHOOL).await;
    let line = school.line_ids(foreign).await[0];
    let ask = async |who: &Client, (method, path, body): &(Method, &str, Value), basket: Uuid| {
        let path = format!("/api/v1/baskets/{basket}{path}").replace("LINE", &line.to_string());
        let call = who.call(method.clone(), &path);
        if body.is_null() { call.send().await } else { call.json(body).send().await }
    };
    let requests = [
        (Method::GET, "", Value::Null),
        (Method::POST, "/validate", json!({})),
        (Method::GET, "/history", Value::Null),
        (Method::GET, "/warnings", Value::Null),
        (Method::DELETE, "", Value::Null),
        (Method::DELETE, "/lines/LINE", Value::Null),
        (Method::PATCH, "/lines/LINE", json!({ "quantity": 3 })),
        (Method::POST, "/lines", json!({ "ean": CEMETERY_ROAD, "quantity": 1 })),
        (Method::POST, "/rename", json!({ "name": "à moi" })),
    ];
    for request in &requests {
        for who in [app.requester(), app.approver(), app.purchaser()] {
            let told = ask(&who, request, foreign).await;
            assert_eq!(bytes(&told), bytes(&ask(&who, request, new_id()).await), "{told}");
            told.refused(404, "not-found");
        }
    }
    for request in &requests[..2] {
        let mut told = Vec::new();
        // A difference is there each time, a machine that was busy elsewhere is not.
        for _ in 0..3 {
            let [found, unknown] = durations(foreign, async |basket| ask(&app.approver(), request, basket).await).await;
            told.push(((found - unknown).abs() <= (unknown / 4).max(150), found, unknown));
        }
        assert!(told.iter().any(|(alike, ..)| *alike), "{request:?}, in µs, there and not: {told:?}");
    }
    school.basket(foreign).await.expect(200);
}

/// What the school has in every list, and who of it finds that there.
struct Theirs {
    requester: Client,
    approver: Client,
    purchaser: Client,
    institution: Uuid,
    draft: Uuid,
    /// Waits for the approver.
    sent: Uuid,
    quote: Answer,
    order: Answer,
}

impl Theirs {
    async fn of(app: &TestApp) -> Self {
        let requester = app.engage("maitresse@ecole.example", Role::Requester, &[SCHOOL]).await;
        let approver = app.engage("directrice@ecole.example", Role::Approver, &[SCHOOL]).await;
        let purchaser = school(app).await;
        let (draft, sent) = (basket_of(&requester, SCHOOL).await, basket_of(&requester, SCHOOL).await);
        requester.send(sent).await.done();
        let (asked, ordered) = (basket_of(&purchaser, SCHOOL).await, basket_of(&purchaser, SCHOOL).await);
        let quote = purchaser.request_quote(asked, "ECOLE-DEVIS-1").await.done().id_at("/quote_id");
        let order = purchaser.place_order(ordered, "ECOLE-BC-1").await.done().id_at("/order_id");
        let (quote, order) = (purchaser.quote(quote).await.expect(200), purchaser.order(order).await.expect(200));
        Self { requester, approver, purchaser, institution: app.institution(SCHOOL), draft, sent, quote, order }
    }

    /// Texts that nobody else is told.
    fn secrets(&self) -> Vec<String> {
        let ids = [self.institution, self.draft, self.sent, self.quote.id_at("/id"), self.order.id_at("/id")];
        ids.iter()
            .map(ToString::to_string)
            .chain(["ECOLE-", "ecole.example", "JULES FERRY"].map(str::to_owned))
            .collect()
    }

    /// Every list, who finds what is the school's in it, and by which text.
    fn lists(&self) -> Vec<(String, &Client, &'static str)> {
        let (p, order, quote) = (&self.purchaser, number(&self.order), number(&self.quote));
        let lists = [
            ("baskets?tray=mine".to_owned(), &self.requester, "ECOLE-"),
            ("baskets?tray=sent".to_owned(), &self.requester, "ECOLE-"),
            ("baskets?tray=to_validate".to_owned(), &self.approver, "ECOLE-"),
            ("baskets?tray=validated".to_owned(), p, "ECOLE-"),
            ("quotes".to_owned(), p, "ECOLE-DEVIS"),
            ("quotes?q=ECOLE".to_owned(), p, "ECOLE-DEVIS"),
            (format!("quotes?q={quote}"), p, "ECOLE-DEVIS"),
            ("orders".to_owned(), p, "ECOLE-BC"),
            (format!("orders?ean={CEMETERY_ROAD}"), p, "ECOLE-BC"),
            (format!("orders?number={order}"), p, "ECOLE-BC"),
            (format!("orders?delivered_to={}", self.institution), p, "ECOLE-BC"),
            (format!("orders?billed_to={}", self.institution), p, "ECOLE-BC"),
            ("accounts".to_owned(), p, "maitresse@ecole.example"),
            ("accounts?q=maitresse%40ecole.example".to_owned(), p, "maitresse@ecole.example"),
            ("accounts?q=ecole.example".to_owned(), p, "maitresse@ecole.example"),
            ("accounts?role=requester".to_owned(), p, "maitresse@ecole.example"),
            (format!("accounts?institution_id={}", self.institution), p, "maitresse@ecole.example"),
            ("institutions".to_owned(), p, "JULES FERRY"),
        ];
        lists.map(|(list, who, text)| (format!("/api/v1/{list}"), who, text)).into()
    }
}

/// What the lists of somebody count.
async fn counts(who: &Client) -> Vec<Value> {
    let mut counts = Vec::new();
    for list in ["baskets?tray=mine", "baskets?tray=to_validate", "quotes", "orders", "accounts", "institutions"] {
        counts.push(who.get(&format!("/api/v1/{list}")).await.expect(200).at("/counts").clone());
    }
    counts
}

#[tokio::test] // attack 16
async fn no_list_filter_count_or_file_finds_what_is_anothers() {
    let app = TestApp::demo().await;
    let (own, before) = (app.purchaser(), counts(&app.purchaser()).await);
    let theirs = Theirs::of(&app).await;
    for (path, finder, text) in theirs.lists() {
        for kind in ["application/json", "text/csv"] {
            let ask = async |who: &Client| who.call(Method::GET, &path).header("accept", kind).send().await;
            let found = ask(finder).await.expect(200);
            assert!(found.text.contains(text), "it is there for whom it is: {found}");
            for who in [app.requester(), app.approver(), own.clone()] {
                let told = ask(&who).await;
                assert!(matches!(told.status, 200 | 403 | 404 | 422), "{told}");
                for secret in theirs.secrets() {
                    assert!(!told.text.contains(&secret), "{secret} in {told}");
                }
            }
        }
    }
    assert_eq!(counts(&own).await, before, "what is not told is not counted");
}

#[tokio::test] // attack 16
async fn no_list_is_sorted_or_widened_by_a_parameter_that_it_does_not_know() {
    let app = TestApp::demo().await;
    for list in ["baskets", "quotes", "orders", "accounts", "institutions", "articles"] {
        for parameter in ["include=institution", "include=lines", "sort=number", "sort=-institution_id", "fields=*"] {
            for who in [app.requester(), app.purchaser(), app.bookseller()] {
                who.get(&format!("/api/v1/{list}?{parameter}")).await.refused(422, "invalid-field");
            }
        }
    }
}

#[tokio::test] // attack 16
async fn a_stream_of_events_tells_the_auditor_of_his_own_shop_and_an_institutions_people_nothing() {
    let app = TestApp::demo().await;
    let school = school(&app).await;
    for who in [app.requester(), app.approver(), app.purchaser(), school.clone()] {
        who.follow("").send().await.refused(403, "role-may-not");
    }
    let before =
        app.auditor().get("/api/v1/audit?order=newest&limit=1").await.expect(200).items()[0]["position"].clone();
    let mut stream = app.auditor().follow(&format!("after={before}")).open().await;
    app.by("collectivite@parvis.example").filled_basket().await;
    let draft = basket_of(&school, SCHOOL).await;
    let (_, event) = stream.next_event().await;
    assert_eq!(event["subject"], format!("basket/{draft}"), "the other shop's basket is none of his");
}

#[tokio::test] // attack 17
async fn a_colleagues_own_basket_takes_no_line_of_anybody_else() {
    let app = TestApp::demo().await;
    let colleague = app.engage("collegue@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let private = basket_of(&colleague, MEDIATHEQUE).await;
    for who in [app.requester(), app.approver(), app.purchaser(), school(&app).await] {
        who.add_line(private, CEMETERY_ROAD, 1).await.refused(404, "not-found");
        who.import(private, &json!([{ "ean": CEMETERY_ROAD, "quantity": 1 }])).await.refused(404, "not-found");
    }
    assert_eq!(colleague.line_ids(private).await.len(), 1);
}

#[tokio::test] // attack 18
async fn an_address_of_another_institution_is_nowhere_to_deliver() {
    let app = TestApp::demo().await;
    let address = json!({ "label": "Cour", "lines": ["2, rue de l'École"], "postcode": "54000", "city": "Nancy",
        "country": "FR" });
    let sent = json!({ "librisoft_number": SCHOOL, "kind": "school", "name": "École des Marronniers", "city": "Nancy",
        "discounts": { "school": "0", "2.1": "0", "5.5": "9", "20": "0" }, "addresses": [address] });
    app.librisoft().put_lines("/api/v1/librisoft/institutions", &[sent]).await.expect(200);
    let (school, own) = (school(&app).await, app.purchaser());
    let theirs: Uuid = school.get("/api/v1/institutions").await.expect(200).items()[0]["addresses"][0]["id"]
        .as_str()
        .expect("the school has an address")
        .parse()
        .unwrap();
    let mine = own.get("/api/v1/institutions").await.expect(200).items()[0]["addresses"][0]["id"].clone();
    let terms = |address: &Value| json!({ "delivery_mode": "delivery", "payment_mode": "invoice", "delivery_address_id": address });
    let order = |address: &Value| {
        let mut body = terms(address);
        body["reference"] = "MED-1".into();
        body
    };
    let basket = own.filled_basket().await;
    let place = format!("/api/v1/baskets/{basket}/place-order");
    own.post(&place, &order(&json!(theirs))).await.refused(422, "unknown-address");
    let quoted = own.filled_basket().await;
    let quote = own.request_quote(quoted, "MED-2").await.done().id_at("/quote_id");
    let valid_until = app.day(9);
    let answer = json!({ "lines": [], "valid_until": valid_until });
    app.bookseller().quote_step(quote, "answer", &answer).await.done();
    own.quote_step(quote, "accept", &terms(&json!(theirs))).await.refused(422, "unknown-address");
    // One's own is somewhere.
    own.post(&place, &order(&mine)).await.done();
    own.quote_step(quote, "accept", &terms(&mine)).await.done();
}

#[tokio::test] // attack 19
async fn nobody_orders_or_asks_a_price_by_anothers_basket() {
    let app = TestApp::demo().await;
    let theirs = basket_of(&school(&app).await, SCHOOL).await;
    let parvis = app.by("collectivite@parvis.example").filled_basket().await;
    for basket in [theirs, parvis] {
        app.purchaser().place_order(basket, "MED-1").await.refused(404, "not-found");
        app.purchaser().request_quote(basket, "MED-1").await.refused(404, "not-found");
        app.purchaser().copy_of(&json!({ "basket": basket })).await.refused(404, "not-found");
    }
}

#[tokio::test] // attack 20
async fn nobody_changes_an_account_of_another_institution_or_bookshop() {
    let app = TestApp::demo().await;
    let school = app.account_of(&school(&app).await).await;
    let parvis = app.account_of(&app.by("utilisateur@parvis.example")).await;
    for who in [app.approver(), app.purchaser()] {
        for account in [school, parvis] {
            let path = format!("/api/v1/accounts/{account}");
            who.patch(&path, &json!({ "name": "Alex" })).await.refused(404, "not-found");
            let assign = json!({ "role": "requester", "institution_ids": [who.own_institution()] });
            who.post(&format!("{path}/assign"), &assign).await.refused(404, "not-found");
            who.post(&format!("{path}/deactivate"), &json!({})).await.refused(404, "not-found");
            who.delete(&format!("{path}/second-factor")).await.refused(404, "not-found");
        }
    }
    app.bookseller()
        .patch(&format!("/api/v1/accounts/{parvis}"), &json!({ "name": "A" }))
        .await
        .refused(404, "not-found");
}

#[tokio::test] // attack 21
async fn another_bookshop_reads_no_order_and_no_quote_by_id_or_number() {
    let app = TestApp::demo().await;
    let (asked, ordered) = (app.purchaser().filled_basket().await, app.purchaser().filled_basket().await);
    let quote = app.purchaser().request_quote(asked, "MED-DEVIS").await.done().id_at("/quote_id");
    let order = app.purchaser().place_order(ordered, "MED-BC").await.done().id_at("/order_id");
    let (order_number, quote_number) = (
        number(&app.bookseller().order(order).await.expect(200)),
        number(&app.bookseller().quote(quote).await.expect(200)),
    );
    for who in ["libraire@parvis.example", "collectivite@parvis.example"].map(|who| app.by(who)) {
        for path in [format!("orders/{order}"), format!("quotes/{quote}")] {
            who.get(&format!("/api/v1/{path}")).await.refused(404, "not-found");
            who.get(&format!("/api/v1/{path}/history")).await.refused(404, "not-found");
        }
        let orders = who.get(&format!("/api/v1/orders?number={order_number}")).await.expect(200);
        let quotes = who.get(&format!("/api/v1/quotes?q={quote_number}")).await.expect(200);
        for (told, id) in [(orders, order), (quotes, quote)] {
            assert!(!told.text.contains(&id.to_string()) && !told.text.contains("MED-"), "{told}");
        }
    }
    let found = app.bookseller().get(&format!("/api/v1/orders?number={order_number}")).await.expect(200);
    assert!(found.text.contains(&order.to_string()), "the same number is known here: {found}");
}

#[tokio::test] // attack 23
async fn nobody_follows_another_bookshops_events_by_a_subject_or_a_pattern() {
    let app = TestApp::demo().await;
    let foreign = app.by("collectivite@parvis.example").filled_basket().await;
    let subject = |event: &Value| event["subject"].as_str().unwrap_or_default().to_owned();
    let all = app.auditor().get("/api/v1/events?limit=1000").await.expect(200);
    let is_plain = |text: &str| {
        let mut parts = text.split('/').map(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        });
        text.matches('/').count() == 1 && parts.all(|plain| plain)
    };
    for event in all.at("/events").as_array().unwrap() {
        assert!(is_plain(&subject(event)), "{event}");
        assert_eq!(event["source"].as_str().map(|source| source.ends_with("/shops/DLIVRE")), Some(true), "{event}");
    }
    let foreign = format!("basket/{foreign}");
    let patterns = ["*", ">", "basket/*", "basket/>", "*/*", "PARVIS", "shop/PARVIS", "../PARVIS", &foreign];
    for who in [app.auditor(), app.key("demo-integrator")] {
        for pattern in patterns {
            for parameter in ["aggregate", "types"] {
                let told = who.get(&format!("/api/v1/events?{parameter}={}&limit=1000", percent(pattern))).await;
                match told.status {
                    200 => assert_eq!(told.at("/events"), &json!([]), "{told}"),
                    status => assert!(matches!(status, 403 | 422), "{told}"),
                }
            }
        }
        for parameter in ["shop", "ledger", "tenant"] {
            who.get(&format!("/api/v1/events?{parameter}=PARVIS")).await.refused(422, "invalid-field");
        }
        // The stream goes by the same question: what comes first is one's own.
        let mut stream = who.follow(&format!("aggregate={foreign}")).open().await;
        stream.next_block().await.unwrap();
        let mut own = who.follow("").open().await;
        assert_ne!(subject(&own.next_event().await.1), foreign);
    }
}
