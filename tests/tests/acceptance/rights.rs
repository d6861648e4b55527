//! The rights grid: every route of the service x every role x whose object it is, as one readable snapshot.
//!
//! The routes come from the OpenAPI document, which is made of the router's own routes: a route without a case here
//! fails the test. What a cell says is the status of a request that would succeed if its sender had the right.

use std::fmt::Write;

use axum::http::Method;
use bordereau_api::router;
use bordereau_commands::{
    AccountRequest, BasketRequest, OpenBasket, OrderRequest, PlaceOrder, QuoteRequest, RequestedTerms, SealText,
    new_id, stable_id,
};
use bordereau_domain::{
    AccountId, Actor, InstitutionId, Role,
    terms::{DeliveryMode, PaymentMode},
};
use bordereau_tests::{Client, TestApp};
use chrono::Days;
use serde_json::{Value, json};
use uuid::Uuid;

const CEMETERY_ROAD: &str = "9782330150136";

/// Whose object a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    Colleagues,
    OtherInstitutions,
    OtherShops,
}

impl Whose {
    const ALL: [Self; 4] = [Self::Own, Self::Colleagues, Self::OtherInstitutions, Self::OtherShops];

    const fn title(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Colleagues => "same institution",
            Self::OtherInstitutions => "other institution",
            Self::OtherShops => "other shop",
        }
    }
}

/// How far a basket, quote or order has come before the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Come {
    Drafting,
    Sent,
    Validated,
    Requested,
    Answered,
    Placed,
    Collected,
    Cancelled,
}

/// What a route is about, and a body that fits.
enum Case {
    /// Open to everybody.
    Open,
    /// About nobody's object in particular.
    Plain,
    /// Ends the session that asks: a session of its own each time.
    EndsSession,
    /// NDJSON.
    Lines(Value),
    /// Names an institution in its body.
    Institution(fn(Uuid) -> Value),
    /// About an institution, as the bookshop keeps it.
    Client(Value),
    /// About an object.
    Object(Come, Value),
}

fn case(route: &str) -> Option<Case> {
    plain_case(route).or_else(|| basket_case(route)).or_else(|| document_case(route))
}

fn plain_case(route: &str) -> Option<Case> {
    Some(match route {
        "GET /healthz"
        | "GET /readyz"
        | "GET /metrics"
        | "GET /api/openapi.json"
        | "GET /api/docs/"
        | "POST /api/v1/sessions"
        | "POST /api/v1/passwords" => Case::Open,
        "GET /api/v1/me"
        | "GET /api/v1/institutions"
        | "GET /api/v1/articles"
        | "GET /api/v1/baskets"
        | "GET /api/v1/quotes"
        | "GET /api/v1/orders"
        | "GET /api/v1/librisoft/pending"
        | "GET /api/v1/audit"
        | "GET /api/v1/events" => Case::Plain,
        "DELETE /api/v1/sessions/current" => Case::EndsSession,
        "PUT /api/v1/librisoft/articles" => Case::Lines(json!({
            "ean": CEMETERY_ROAD, "title": "CEMETERY ROAD", "author": "ILES GREG", "publisher": "ACTES SUD",
            "price_incl_tax": "25.00", "vat_rate": "5.5", "kind": "book", "availability": "1", "language": "fr",
        })),
        "PUT /api/v1/librisoft/institutions" => Case::Lines(json!({
            "librisoft_number": "4711", "kind": "other", "name": "Mairie", "city": "NANCY",
            "discounts": { "school": "0", "2.1": "0", "5.5": "0", "20": "0" },
        })),
        "PUT /api/v1/institutions/{id}/two-person-rule" => Case::Client(json!({ "demanded": false })),
        "PUT /api/v1/institutions/{id}/discount-override" => Case::Client(json!({ "justification": "Fonds ancien." })),
        "DELETE /api/v1/institutions/{id}/discount-override" => Case::Client(json!({})),
        "POST /api/v1/baskets" => Case::Institution(|institution| json!({ "institution_id": institution })),
        _ => return None,
    })
}

fn basket_case(route: &str) -> Option<Case> {
    let (come, body) = match route.replace("/api/v1/baskets/{id}", "").as_str() {
        "GET " | "GET /history" => (Come::Sent, Value::Null),
        "DELETE " | "DELETE /lines/{line_id}" => (Come::Drafting, Value::Null),
        "POST /lines" => (Come::Drafting, json!({ "ean": CEMETERY_ROAD, "quantity": 1 })),
        "PATCH /lines/{line_id}" => (Come::Drafting, json!({ "quantity": 2 })),
        "POST /reprice" | "POST /send-to-approver" => (Come::Drafting, json!({})),
        "POST /rename" => (Come::Sent, json!({ "name": "Autre nom" })),
        "POST /validate" | "POST /unlock" | "POST /return" | "POST /take-over" => (Come::Sent, json!({})),
        "POST /request-quote" => (Come::Validated, json!({ "reference": "R1" })),
        "POST /place-order" => {
            (Come::Validated, json!({ "reference": "R1", "delivery_mode": "pickup", "payment_mode": "invoice" }))
        }
        _ => return None,
    };
    Some(Case::Object(come, body))
}

fn document_case(route: &str) -> Option<Case> {
    let day = (chrono::DateTime::UNIX_EPOCH + Days::new(30_000)).date_naive();
    let (come, body) = match route.replace("/api/v1/", "").as_str() {
        "GET quotes/{id}" | "GET quotes/{id}/history" => (Come::Requested, Value::Null),
        "POST quotes/{id}/answer" => (Come::Requested, json!({ "lines": [], "valid_until": day })),
        "POST quotes/{id}/accept" => (Come::Answered, json!({ "delivery_mode": "pickup", "payment_mode": "invoice" })),
        "POST quotes/{id}/refuse" | "POST quotes/{id}/archive" => (Come::Answered, json!({})),
        "POST librisoft/quotes/{id}/acknowledge" => (Come::Requested, json!({})),
        "GET orders/{id}" | "GET orders/{id}/history" => (Come::Placed, Value::Null),
        // Only the mode of delivery stands against shipping: 409 is as far as anybody gets.
        "POST orders/{id}/make-available" | "POST orders/{id}/close" | "POST orders/{id}/ship" => {
            (Come::Placed, json!({}))
        }
        "POST orders/{id}/cancel" => (Come::Placed, json!({ "reason": "because" })),
        "POST orders/{id}/reset-status" => (Come::Cancelled, json!({ "reason": "because" })),
        "POST orders/{id}/message" => (Come::Placed, json!({ "text": "Bonjour" })),
        "POST librisoft/orders/{id}/acknowledge" => (Come::Placed, json!({ "librisoft_number": "6767" })),
        "POST librisoft/orders/{id}/lines" => {
            (Come::Collected, json!({ "lines": [{ "line_id": "LINE", "availability": "1", "in_stock": 1 }] }))
        }
        "POST librisoft/cancellations/{order_id}/acknowledge" => (Come::Cancelled, json!({})),
        _ => return None,
    };
    Some(Case::Object(come, body))
}

/// People of an institution, in memory: what they do is done by commands.
struct World {
    shop: &'static str,
    institution: InstitutionId,
    requester: Actor,
    above: Actor,
    purchaser: Actor,
    bookseller: Actor,
    librisoft: Actor,
}

fn account_of(email: &str) -> AccountId {
    AccountId(stable_id(&["demo", "account", email]))
}

impl World {
    fn médiathèque(test: &TestApp) -> Self {
        let institution = InstitutionId(test.institution("8010000696914"));
        let person = |email: &str, role| Actor::new(account_of(email), role, vec![institution]);
        Self {
            shop: "DLIVRE",
            institution,
            requester: person("utilisateur@demo.example", Role::Requester),
            above: person("approbateur@demo.example", Role::Approver),
            purchaser: person("collectivite@demo.example", Role::Purchaser),
            bookseller: Actor::new(account_of("libraire@demo.example"), Role::Bookseller, Vec::new()),
            librisoft: Actor::new(AccountId(new_id()), Role::Librisoft, Vec::new()),
        }
    }

    fn parvis() -> Self {
        let shop = "PARVIS".parse().unwrap();
        let institution = bordereau_commands::SentInstitution::id_of(&shop, "1");
        let person = |email: &str, role| Actor::new(account_of(email), role, vec![institution]);
        Self {
            shop: "PARVIS",
            institution,
            requester: person("utilisateur@parvis.example", Role::Requester),
            above: person("collectivite@parvis.example", Role::Purchaser),
            purchaser: person("collectivite@parvis.example", Role::Purchaser),
            bookseller: Actor::new(account_of("libraire@parvis.example"), Role::Bookseller, Vec::new()),
            librisoft: Actor::new(AccountId(new_id()), Role::Librisoft, Vec::new()),
        }
    }

    /// Other people: of the same institution, or of another one of the shop.
    async fn others(test: &TestApp, number: &str) -> Self {
        let institution = InstitutionId(test.institution(number));
        let mut actors = Vec::new();
        for role in [Role::Requester, Role::Approver, Role::Purchaser] {
            let account_id = AccountId(new_id());
            let request = AccountRequest::Open {
                account_id,
                email: SealText::new(&format!("{role}.{account_id}@demo.example")).unwrap(),
                name: SealText::new("Alex Martin").unwrap(),
                phone: None,
                role,
                institutions: vec![institution],
                establishment: None,
                password_hash: None,
            };
            test.act("DLIVRE", account_id, request).await;
            actors.push(Actor::new(account_id, role, vec![institution]));
        }
        let [requester, above, purchaser] = actors.try_into().unwrap();
        Self { institution, requester, above, purchaser, ..Self::médiathèque(test) }
    }

    /// Makes an object that has come so far; its id and its first line's.
    async fn make(&self, test: &TestApp, owner: &Actor, come: Come) -> (Uuid, Uuid) {
        let (basket, line) = self.basket(test, owner, come).await;
        match come {
            Come::Drafting | Come::Sent | Come::Validated => (basket, line),
            Come::Requested | Come::Answered => (self.quote(test, basket, come).await, line),
            Come::Placed | Come::Collected | Come::Cancelled => (self.order(test, basket, come).await, line),
        }
    }

    async fn basket(&self, test: &TestApp, owner: &Actor, come: Come) -> (Uuid, Uuid) {
        let (basket, line) = (new_id(), new_id());
        let act = async |who: &Actor, request| test.act_as(who.clone(), self.shop, basket, request).await;
        let open =
            OpenBasket { basket_id: basket.into(), institution_id: self.institution, name: None, quota_reached: false };
        act(owner, BasketRequest::Open(open)).await;
        let ean = CEMETERY_ROAD.parse().unwrap();
        act(owner, BasketRequest::AddLine { line_id: line.into(), ean, quantity: 1, line_reference: None }).await;
        if come == Come::Drafting {
            return (basket, line);
        }
        // A purchaser's own basket has no way before it: he converts the draft.
        if owner.role == Role::Requester {
            act(owner, BasketRequest::SendToApprover { comment: None }).await;
            if come != Come::Sent {
                act(&self.above, BasketRequest::Validate { comment: None }).await;
            }
        } else if owner.role == Role::Approver {
            act(owner, BasketRequest::Validate { comment: None }).await;
        }
        (basket, line)
    }

    async fn quote(&self, test: &TestApp, basket: Uuid, come: Come) -> Uuid {
        let quote = new_id();
        let reference = "R1".to_owned();
        let (quote_id, basket_id) = (quote.into(), basket.into());
        let request = BasketRequest::RequestQuote { quote_id, basket_id, reference, comment: None };
        test.act_as(self.purchaser.clone(), self.shop, basket, request).await;
        if come == Come::Answered {
            let valid_until = test.clock.now().date_naive() + Days::new(9);
            let answer = QuoteRequest::Answer { lines: Vec::new(), valid_until };
            test.act_as(self.bookseller.clone(), self.shop, quote, answer).await;
        }
        quote
    }

    async fn order(&self, test: &TestApp, basket: Uuid, come: Come) -> Uuid {
        let order = new_id();
        let terms = RequestedTerms {
            delivery_mode: DeliveryMode::Pickup,
            payment_mode: PaymentMode::Invoice,
            cost_centre: None,
            deliver_to: None,
            delivery_address_id: None,
            bill_to: None,
        };
        let place = PlaceOrder {
            order_id: order.into(),
            basket_id: basket.into(),
            reference: "R1".to_owned(),
            comment: None,
            terms,
        };
        test.act_as(self.purchaser.clone(), self.shop, basket, BasketRequest::PlaceOrder(place)).await;
        if come != Come::Placed {
            let collected = OrderRequest::Acknowledge { librisoft_number: order.to_string() };
            test.act_as(self.librisoft.clone(), self.shop, order, collected).await;
        }
        if come == Come::Cancelled {
            let cancel = OrderRequest::Cancel { reason: SealText::new("because").unwrap() };
            test.act_as(self.bookseller.clone(), self.shop, order, cancel).await;
        }
        order
    }
}

/// Everything that the cells are asked with.
struct Grid {
    test: TestApp,
    own: World,
    colleagues: World,
    others: World,
    other_shop: World,
    callers: Vec<(&'static str, Client)>,
}

impl Grid {
    async fn of(test: TestApp) -> Self {
        let people = ["requester", "approver", "purchaser", "bookseller", "auditor"];
        let clients = [test.requester(), test.approver(), test.purchaser(), test.bookseller(), test.auditor()];
        let mut callers: Vec<_> = people.into_iter().zip(clients).collect();
        callers.push(("integrator", test.key("demo-integrator")));
        callers.push(("librisoft", test.librisoft()));
        Self {
            own: World::médiathèque(&test),
            colleagues: World::others(&test, "8010000696914").await,
            others: World::others(&test, "16").await,
            other_shop: World::parvis(),
            callers,
            test,
        }
    }

    const fn world(&self, whose: Whose) -> &World {
        match whose {
            Whose::Own => &self.own,
            Whose::Colleagues => &self.colleagues,
            Whose::OtherInstitutions => &self.others,
            Whose::OtherShops => &self.other_shop,
        }
    }

    /// The object of a cell: what is the caller's own is owned by him, where he can own it.
    async fn object(&self, role: &str, whose: Whose, come: Come) -> (Uuid, Uuid) {
        let world = self.world(whose);
        let owner = match (whose, role) {
            (Whose::Own, "approver") => &world.above,
            (Whose::Own, "purchaser") => &world.purchaser,
            _ => &world.requester,
        };
        world.make(&self.test, owner, come).await
    }

    async fn cell(
        &self,
        method: &Method,
        path: &str,
        case: &Case,
        (role, client): (&str, &Client),
        whose: Whose,
    ) -> u16 {
        match case {
            Case::Open => client.call(method.clone(), path).json(&json!({})).send().await.status,
            Case::Plain => client.call(method.clone(), path).send().await.status,
            Case::EndsSession => {
                let emails = [
                    ("requester", "utilisateur"),
                    ("approver", "approbateur"),
                    ("purchaser", "collectivite"),
                    ("bookseller", "libraire"),
                    ("auditor", "auditeur"),
                ];
                let email = emails.into_iter().find(|(known, _)| *known == role).map(|(_, email)| email);
                let session = match email {
                    Some(email) => self.test.sign_in(&format!("{email}@demo.example")).await,
                    None => client.clone(),
                };
                session.delete(path).await.status
            }
            Case::Lines(line) => client.put_lines(path, std::slice::from_ref(line)).await.status,
            Case::Institution(body) => {
                let institution = self.world(whose).institution.0;
                client.call(method.clone(), path).json(&body(institution)).send().await.status
            }
            Case::Client(body) => {
                let path = path.replace("{id}", &self.world(whose).institution.to_string());
                client.call(method.clone(), &path).json(body).send().await.status
            }
            Case::Object(come, body) => {
                let (id, line) = self.object(role, whose, *come).await;
                let path = path.replace("{id}", &id.to_string()).replace("{order_id}", &id.to_string());
                let call = client.call(method.clone(), &path.replace("{line_id}", &line.to_string()));
                let body: Value = serde_json::from_str(&body.to_string().replace("LINE", &line.to_string())).unwrap();
                let call = if body.is_null() { call } else { call.json(&body) };
                call.send().await.status
            }
        }
    }

    async fn anonymous(&self, method: &Method, path: &str, case: &Case) -> u16 {
        let id = Uuid::nil().to_string();
        let path = path.replace("{id}", &id).replace("{order_id}", &id).replace("{line_id}", &id);
        let call = self.test.anonymous().call(method.clone(), &path);
        let call = if let Case::Lines(line) = case {
            call.content("application/x-ndjson", line.to_string())
        } else if method.is_safe() {
            call
        } else {
            call.json(&json!({}))
        };
        call.send().await.status
    }
}

fn columns(case: &Case) -> &'static [Whose] {
    match case {
        Case::Open | Case::Plain | Case::EndsSession | Case::Lines(_) => &[Whose::Own],
        Case::Object(Come::Drafting | Come::Sent | Come::Validated, _) => &Whose::ALL,
        // Quotes and orders belong to an institution, not to a person.
        Case::Institution(_) | Case::Client(_) | Case::Object(..) => {
            &[Whose::Own, Whose::OtherInstitutions, Whose::OtherShops]
        }
    }
}

/// What must hold in every cell, whatever the snapshot says.
fn check(route: &str, case: &Case, role: &str, whose: Whose, status: u16) {
    let told = format!("{route} by {role} on {}: {status}", whose.title());
    assert!(status < 500, "{told}");
    let institutional = matches!(role, "requester" | "approver" | "purchaser");
    match (case, whose) {
        (Case::Object(..) | Case::Client(_), Whose::OtherShops) => assert!(matches!(status, 403 | 404), "{told}"),
        (Case::Object(..), Whose::OtherInstitutions) if institutional => assert!(matches!(status, 403 | 404), "{told}"),
        (Case::Institution(_), Whose::OtherInstitutions | Whose::OtherShops) => {
            assert!(matches!(status, 403 | 422), "{told}");
        }
        _ => {}
    }
    if matches!(role, "integrator" | "librisoft") && matches!(case, Case::Object(..)) {
        let own_door = role == "librisoft" && route.contains("/librisoft/");
        assert!(own_door || matches!(status, 403 | 404), "{told}");
    }
}

#[tokio::test] // L11 L12 L13 L15 L37 L38
async fn every_route_answers_each_role_as_the_grid_says() {
    compare(Grid::of(TestApp::demo().await).await).await;
}

#[tokio::test]
async fn on_postgresql_every_route_answers_each_role_as_the_same_grid_says() {
    compare(Grid::of(TestApp::demo_on_postgres().await).await).await;
}

async fn compare(grid: Grid) {
    let document = serde_json::to_value(router::document()).unwrap();
    let mut told = String::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for name in methods.as_object().unwrap().keys() {
            let method: Method = name.to_uppercase().parse().unwrap();
            let route = format!("{method} {path}");
            let case = case(&route).unwrap_or_else(|| panic!("{route} is not in the rights grid"));
            let anonymous = grid.anonymous(&method, path, &case).await;
            let open = matches!(case, Case::Open);
            assert_eq!(anonymous != 401, open, "{route}");
            writeln!(told, "{route}\n    anonymous   {anonymous}").unwrap();
            if open {
                continue;
            }
            for (role, client) in &grid.callers {
                write!(told, "    {role:<11}").unwrap();
                for whose in columns(&case) {
                    let status = grid.cell(&method, path, &case, (role, client), *whose).await;
                    check(&route, &case, role, *whose, status);
                    write!(told, " {} {status}{}", whose.title(), if *whose == Whose::OtherShops { "" } else { "," })
                        .unwrap();
                }
                let line = told.trim_end_matches(',').len();
                told.truncate(line);
                told.push('\n');
            }
        }
    }
    insta::assert_snapshot!("rights", told);
}
