//! The rights grid: every route of the service x every role x whose object it is, as one readable snapshot.
//!
//! The routes come from the OpenAPI document, which is made of the router's own routes: a route without a case here
//! fails the test. What a cell says is the status of a request that would succeed if its sender had the right.

use std::fmt::Write;

use axum::http::Method;
use bordereau_api::router;
use bordereau_commands::{AccountRequest, PlaceRequest, new_id};
use bordereau_domain::{Actor, Role, account::Colleague};
use bordereau_tests::{Client, TestApp};
use chrono::Days;
use serde_json::{Value, json};
use uuid::Uuid;

mod accounts;
mod world;

use world::{World, account_of};

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
    /// The same with a body.
    Body(Value),
    /// Ends the session that asks: a session of its own each time.
    EndsSession,
    /// The same about an account, which the body names: `ACCOUNT`.
    StandsIn(Value),
    /// About an account, and a delegation of its; `DELEGATE` is a colleague of the demonstration's people.
    Account(Value),
    /// NDJSON.
    Lines(Value),
    /// Names an institution in its body.
    Institution(fn(Uuid) -> Value),
    /// About an institution, as the bookshop keeps it.
    Client(Value),
    /// About an object.
    Object(Come, Value),
    /// The same with a text.
    Text(Come, &'static str),
    /// About accounts, one's own or others'.
    People(accounts::Asked),
}

fn case(route: &str) -> Option<Case> {
    plain_case(route)
        .or_else(|| account_case(route))
        .or_else(|| basket_case(route))
        .or_else(|| document_case(route))
        .or_else(|| accounts::case(route).map(Case::People))
}

fn plain_case(route: &str) -> Option<Case> {
    Some(match route {
        "GET /healthz"
        | "GET /readyz"
        | "GET /metrics"
        | "GET /api/openapi.json"
        | "GET /api/docs/"
        | "GET /api/asyncapi.json"
        | "GET /api/v1/schemas/{name}/{version}"
        | "POST /api/v1/sessions"
        | "POST /api/v1/passwords"
        | "POST /api/v1/passwords/forgotten"
        | "POST /api/v1/registrations"
        | "POST /api/v1/emails" => Case::Open,
        "GET /api/v1/me"
        | "GET /api/v1/me/export"
        | "GET /api/v1/institutions"
        | "GET /api/v1/articles"
        | "GET /api/v1/baskets"
        | "GET /api/v1/quotes"
        | "GET /api/v1/orders"
        | "GET /api/v1/librisoft/pending"
        | "GET /api/v1/audit"
        | "GET /api/v1/events"
        | "GET /api/v1/accounts"
        | "GET /api/v1/shop"
        | "GET /api/v1/buyers-groups"
        | "GET /api/v1/institutions/lacking" => Case::Plain,
        "DELETE /api/v1/sessions/current" | "DELETE /api/v1/sessions/current/act-for" => Case::EndsSession,
        "PUT /api/v1/librisoft/articles" => Case::Lines(json!({
            "ean": CEMETERY_ROAD, "title": "CEMETERY ROAD", "author": "ILES GREG", "publisher": "ACTES SUD",
            "price_incl_tax": "25.00", "vat_rate": "5.5", "kind": "book", "availability": "1", "language": "fr",
        })),
        "PUT /api/v1/librisoft/institutions" => Case::Lines(json!({
            "librisoft_number": "4711", "kind": "other", "name": "Mairie", "city": "NANCY",
            "discounts": { "school": "0", "2.1": "0", "5.5": "0", "20": "0" },
        })),
        "PUT /api/v1/institutions/{id}/two-person-rule" => Case::Client(json!({ "demanded": false })),
        "PUT /api/v1/institutions/{id}/payment-after-delivery" => Case::Client(json!({ "allowed": true })),
        "PUT /api/v1/institutions/{id}/discount-override" => Case::Client(json!({ "justification": "Fonds ancien." })),
        "DELETE /api/v1/institutions/{id}/discount-override" => Case::Client(json!({})),
        "POST /api/v1/baskets" => Case::Institution(|institution| json!({ "institution_id": institution })),
        _ => return None,
    })
}

/// Sessions, delegations, second factors.
fn account_case(route: &str) -> Option<Case> {
    Some(match route {
        // Ends the others, of which nobody in the grid has any.
        "GET /api/v1/sessions" | "DELETE /api/v1/sessions" => Case::Plain,
        "POST /api/v1/sessions/current/act-for" => Case::StandsIn(json!({ "account_id": "ACCOUNT" })),
        "POST /api/v1/me/second-factor" => Case::Body(json!({ "current_password": "bordereau-demo" })),
        // Nobody's second factor is in use: 422 and 409 are as far as anybody gets.
        "POST /api/v1/me/second-factor/confirm" => Case::Body(json!({ "code": "none" })),
        "DELETE /api/v1/me/second-factor" => {
            Case::Body(json!({ "current_password": "bordereau-demo", "code": "none" }))
        }
        "POST /api/v1/accounts/{id}/delegations" => Case::Account(json!({
            "delegate_id": "DELEGATE", "first_day": "2026-09-01", "last_day": "2026-09-02",
        })),
        // An account's id is no session's: 404 is as far as anybody gets.
        "DELETE /api/v1/sessions/{id}"
        | "GET /api/v1/accounts/{id}/delegations"
        | "DELETE /api/v1/accounts/{id}/delegations/{delegation_id}"
        | "PUT /api/v1/accounts/{id}/substitution"
        | "DELETE /api/v1/accounts/{id}/substitution"
        | "DELETE /api/v1/accounts/{id}/second-factor" => Case::Account(Value::Null),
        _ => return None,
    })
}

fn basket_case(route: &str) -> Option<Case> {
    if route == "POST /api/v1/baskets/{id}/import/check" {
        return Some(Case::Text(Come::Drafting, CEMETERY_ROAD));
    }
    let (come, body) = match route.replace("/api/v1/baskets/{id}", "").as_str() {
        "GET " | "GET /history" | "GET /warnings" => (Come::Sent, Value::Null),
        "DELETE " | "DELETE /lines/{line_id}" => (Come::Drafting, Value::Null),
        "POST /lines" => (Come::Drafting, json!({ "ean": CEMETERY_ROAD, "quantity": 1 })),
        "POST /import" => (Come::Drafting, json!({ "lines": [{ "ean": CEMETERY_ROAD, "quantity": 1 }] })),
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

    /// A session of its own for a person; a key has but its key.
    async fn fresh(&self, role: &str, client: &Client) -> Client {
        match email_of(role) {
            Some(email) => self.test.sign_in(email).await,
            None => client.clone(),
        }
    }

    /// The account of a cell: the caller's own, or that of an approver (of PARVIS: a purchaser).
    fn account(&self, role: &str, whose: Whose) -> Actor {
        let above = self.world(whose).above.clone();
        match (whose, role) {
            (Whose::Own, "requester") => self.own.requester.clone(),
            (Whose::Own, "purchaser") => self.own.purchaser.clone(),
            (Whose::Own, "bookseller" | "auditor") => {
                let email = email_of(role).unwrap_or_default();
                let role = if role == "auditor" { Role::Auditor } else { Role::Bookseller };
                Actor::new(account_of(email), role, Vec::new())
            }
            _ => above,
        }
    }

    /// A delegation that the account has given, where its role can give one.
    async fn delegation(&self, owner: &Actor, whose: Whose) -> Uuid {
        let delegation_id = new_id();
        if !matches!(owner.role, Role::Approver | Role::Purchaser) {
            return delegation_id;
        }
        let world = self.world(whose);
        let today = self.test.clock.now().date_naive();
        let request = AccountRequest::Place(PlaceRequest::Delegate {
            delegation_id: delegation_id.into(),
            delegate_id: world.requester.account,
            delegate: Some(Colleague { institutions: vec![world.institution], active: true }),
            first_day: today,
            last_day: today,
        });
        self.test.act_as(owner.clone(), world.shop, owner.account, request).await;
        delegation_id
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
            Case::Body(body) => client.call(method.clone(), path).json(body).send().await.status,
            Case::EndsSession => self.fresh(role, client).await.delete(path).await.status,
            Case::StandsIn(body) => {
                let account = self.account(role, whose).account.to_string();
                let body = serde_json::from_str(&body.to_string().replace("ACCOUNT", &account)).unwrap();
                self.fresh(role, client).await.call(method.clone(), path).json(&body).send().await.status
            }
            Case::Account(body) => {
                let account = self.account(role, whose);
                let path = path.replace("{id}", &account.account.to_string());
                let delegation =
                    if path.contains("{delegation_id}") { self.delegation(&account, whose).await } else { Uuid::nil() };
                let call = client.call(method.clone(), &path.replace("{delegation_id}", &delegation.to_string()));
                let delegate = self.colleagues.requester.account.to_string();
                let body: Value = serde_json::from_str(&body.to_string().replace("DELEGATE", &delegate)).unwrap();
                let call = if body.is_null() { call } else { call.json(&body) };
                call.send().await.status
            }
            Case::Lines(line) => client.put_lines(path, std::slice::from_ref(line)).await.status,
            Case::Institution(body) => {
                let institution = self.world(whose).institution.0;
                client.call(method.clone(), path).json(&body(institution)).send().await.status
            }
            Case::People(asked) => asked.status(self, method, path, (role, client), whose).await,
            Case::Client(body) => {
                let path = path.replace("{id}", &self.world(whose).institution.to_string());
                client.call(method.clone(), &path).json(body).send().await.status
            }
            Case::Text(come, text) => {
                let (id, _) = self.object(role, whose, *come).await;
                let call = client.call(method.clone(), &path.replace("{id}", &id.to_string()));
                call.content("text/plain", *text).send().await.status
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
        let path = path.replace("{name}", "BasketOpened").replace("{version}", "1");
        let path = path.replace("{delegation_id}", &id);
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

fn email_of(role: &str) -> Option<&'static str> {
    Some(match role {
        "requester" => "utilisateur@demo.example",
        "approver" => "approbateur@demo.example",
        "purchaser" => "collectivite@demo.example",
        "bookseller" => "libraire@demo.example",
        "auditor" => "auditeur@demo.example",
        _ => return None,
    })
}

fn columns(case: &Case) -> &'static [Whose] {
    match case {
        Case::Open | Case::Plain | Case::Body(_) | Case::EndsSession | Case::Lines(_) => &[Whose::Own],
        Case::StandsIn(_)
        | Case::Account(_)
        | Case::Text(..)
        | Case::Object(Come::Drafting | Come::Sent | Come::Validated, _) => &Whose::ALL,
        Case::People(asked) => asked.columns(),
        // Quotes and orders belong to an institution, not to a person.
        Case::Institution(_) | Case::Client(_) | Case::Object(..) => {
            &[Whose::Own, Whose::OtherInstitutions, Whose::OtherShops]
        }
    }
}

/// Whether the object of a case is one that can be another's: not what only the caller has, and no new account.
const fn is_about_an_object(case: &Case) -> bool {
    match case {
        Case::Object(..) | Case::Text(..) | Case::Client(_) | Case::Account(_) => true,
        Case::People(asked) => asked.is_about_an_object(),
        Case::Open
        | Case::Plain
        | Case::Body(_)
        | Case::EndsSession
        | Case::StandsIn(_)
        | Case::Lines(_)
        | Case::Institution(_) => false,
    }
}

/// What must hold in every cell, whatever the snapshot says.
fn check(route: &str, case: &Case, role: &str, whose: Whose, status: u16) {
    let told = format!("{route} by {role} on {}: {status}", whose.title());
    assert!(status < 500, "{told}");
    let institutional = matches!(role, "requester" | "approver" | "purchaser");
    // The doors of machines are closed to people, and those of people to machines, whatever is asked for.
    let wrong_door = route.contains("/librisoft/") != (role == "librisoft") || role == "integrator";
    match (case, whose) {
        (_, Whose::OtherShops) if is_about_an_object(case) && !wrong_door => assert_eq!(status, 404, "{told}"),
        (_, Whose::OtherInstitutions) if is_about_an_object(case) && institutional && !wrong_door => {
            assert_eq!(status, 404, "{told}");
        }
        (_, Whose::OtherShops) if is_about_an_object(case) => assert!(matches!(status, 403 | 404), "{told}"),
        (Case::People(_) | Case::StandsIn(_), Whose::OtherInstitutions) if institutional => {
            assert!(matches!(status, 403 | 404), "{told}");
        }
        (Case::People(_) | Case::StandsIn(_), Whose::OtherShops) => {
            assert!(matches!(status, 403 | 404 | 422), "{told}");
        }
        (Case::Institution(_), Whose::OtherInstitutions | Whose::OtherShops) => {
            assert!(matches!(status, 403 | 422), "{told}");
        }
        _ => {}
    }
    // However far a basket has come, a requester takes none of the steps above him, not even with his own.
    let above_requester =
        ["validate", "place-order", "request-quote"].map(|step| format!("POST /api/v1/baskets/{{id}}/{step}"));
    if role == "requester" && whose == Whose::Own && above_requester.iter().any(|above| above == route) {
        assert_eq!(status, 403, "{told}");
    }
    if matches!(role, "integrator" | "librisoft") && matches!(case, Case::Object(..) | Case::People(_)) {
        let own_door = role == "librisoft" && route.contains("/librisoft/");
        assert!(own_door || matches!(status, 403 | 404), "{told}");
    }
}

#[tokio::test] // L11 L12 L13 L15 L37 L38, attack 15, attack 29
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
