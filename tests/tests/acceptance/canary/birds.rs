//! People who put a unique text into every personal field that they can fill.

use std::sync::atomic::{AtomicU32, Ordering};

use axum::http::Method;
use bordereau_api::demo;
use bordereau_domain::AccountId;
use bordereau_tests::{CEMETERY_ROAD, Client, MEDIATHEQUE, READING_ALOUD, TestApp};
use serde_json::json;
use uuid::Uuid;

/// Begins every canary, whatever case and encoding the rest is in.
pub(super) const MARK: &str = "canari-";

/// A new text with everything that an encoding may change.
pub(super) fn canary(of: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{MARK}{of}-{count} «é\"\\\u{1f426}»")
}

/// People who put a canary wherever they can write.
pub(super) struct Birds {
    pub(super) requester: Client,
    pub(super) purchaser: Client,
    pub(super) bookseller: Client,
    pub(super) registrant: Client,
    pub(super) accounts: Vec<AccountId>,
}

impl Birds {
    pub(super) async fn hatch(app: &TestApp) -> Self {
        let mut accounts = Vec::new();
        let mut clients = Vec::new();
        for (role, institutions) in [
            ("requester", json!([app.institution(MEDIATHEQUE)])),
            ("purchaser", json!([app.institution(MEDIATHEQUE)])),
            ("bookseller", json!([])),
        ] {
            let email = format!("{MARK}{role}@demo.example");
            let body = json!({
                "email": email, "name": canary(role), "phone": format!("{MARK}{role}-phone"),
                "role": role, "institution_ids": institutions, "password": demo::PASSWORD,
            });
            accounts.push(app.bookseller().post("/api/v1/accounts", &body).await.expect(201).id_at("/id").into());
            clients.push(app.sign_in(&email).await);
        }
        let email = format!("{MARK}registrant@demo.example");
        let body = json!({
            "shop": "DLIVRE", "email": email, "name": canary("registrant"), "phone": format!("{MARK}r-phone"),
            "company": canary("registrant"), "vat_number": format!("{MARK}vat"),
            "chamber_number": format!("{MARK}chamber"), "department": canary("registrant"),
            "password": demo::PASSWORD,
        });
        app.anonymous().post("/api/v1/registrations", &body).await.expect(202);
        let registrant = app.sign_in(&email).await;
        accounts.push(app.account_of(&registrant).await);
        let [requester, purchaser, bookseller] = clients.try_into().ok().unwrap();
        Self { requester, purchaser, bookseller, registrant, accounts }
    }

    /// Fills every field that a person can fill.
    pub(super) async fn sing(&self, app: &TestApp) {
        self.about_oneself(app).await;
        let basket = self.prepare().await;
        self.pass_on(basket).await;
        self.sell(app).await;
    }

    pub(super) async fn about_oneself(&self, app: &TestApp) {
        let details = json!({ "name": canary("requester"), "phone": format!("{MARK}other-phone") });
        self.requester.patch("/api/v1/me", &details).await.expect(200);
        let email = json!({ "email": format!("{MARK}autre@demo.example") });
        let registrant = self.accounts[3];
        app.bookseller().patch(&format!("/api/v1/accounts/{registrant}"), &email).await.expect(200);
        let message = json!({ "text": canary("bookseller") });
        self.bookseller.post(&format!("/api/v1/accounts/{registrant}/message"), &message).await.expect(200);
        // A delegation holds no text; a refused command holds the slug of its reason.
        let purchaser = self.accounts[1];
        self.purchaser.delegate(purchaser, self.accounts[0], app.day(0), app.day(2)).await.expect(201);
        let wrong = json!({ "email": format!("{MARK}x@demo.example"), "current_password": "wrong-password" });
        self.requester.post("/api/v1/me/email", &wrong).await.refused(403, "wrong-password");
        self.requester.get(&format!("/api/v1/articles?q={MARK}")).await.expect(200);
        // One's own new login waits still at the end; the answer to a key is kept.
        let waits = json!({ "email": format!("{MARK}nouvelle@demo.example"), "current_password": demo::PASSWORD });
        self.requester.post("/api/v1/me/email", &waits).await.expect(202);
        let keyed = json!({ "name": canary("purchaser") });
        self.purchaser.call(Method::PATCH, "/api/v1/me").json(&keyed).key("canari-key").send().await.expect(200);
    }

    /// A basket of the requester with references on its lines.
    async fn prepare(&self) -> Uuid {
        let basket = self.requester.open_basket(&canary("requester")).await.expect(201).id_at("/id");
        let lines = format!("/api/v1/baskets/{basket}/lines");
        let mut ids = Vec::new();
        for ean in [CEMETERY_ROAD, READING_ALOUD, READING_ALOUD] {
            let line = json!({ "ean": ean, "quantity": 2, "line_reference": canary("requester") });
            ids.push(self.requester.post(&lines, &line).await.expect(201).id_at("/line_id"));
        }
        let another = json!({ "quantity": 3, "line_reference": canary("requester") });
        self.requester.patch(&format!("{lines}/{}", ids[0]), &another).await.expect(200);
        self.requester.delete(&format!("{lines}/{}", ids[2])).await.expect(200);
        self.requester.rename(basket, &canary("requester")).await.expect(200);
        self.requester.step_saying(basket, "send-to-approver", &canary("requester")).await.expect(200);
        basket
    }

    /// The purchaser returns and validates it, and asks for a price.
    async fn pass_on(&self, basket: Uuid) {
        self.purchaser.give_back(basket, &canary("purchaser")).await.expect(200);
        self.requester.step_saying(basket, "send-to-approver", &canary("requester")).await.expect(200);
        self.purchaser.step_saying(basket, "validate", &canary("purchaser")).await.expect(200);
        let ask = json!({ "reference": "R1", "comment": canary("purchaser") });
        let quote = self.purchaser.post(&format!("/api/v1/baskets/{basket}/request-quote"), &ask).await.done();
        let quote = quote.id_at("/quote_id");
        let no = json!({ "comment": canary("purchaser") });
        let shown = self.bookseller.quote(quote).await.expect(200);
        let lines: Vec<_> = shown.at("/lines").as_array().unwrap().iter().collect();
        let priced: Vec<_> = lines
            .iter()
            .map(|line| json!({ "line_id": line["line_id"], "unit_price_incl_tax": "5.00", "discount_rate": "0" }))
            .collect();
        let answer = json!({ "lines": priced, "valid_until": "2027-09-30" });
        self.bookseller.quote_step(quote, "answer", &answer).await.done();
        self.purchaser.quote_step(quote, "refuse", &no).await.done();
    }

    /// The bookseller lifts the cap, and says something of each order.
    async fn sell(&self, app: &TestApp) {
        let institution = app.institution(MEDIATHEQUE);
        let lifted = json!({ "justification": canary("bookseller") });
        let lift = format!("/api/v1/institutions/{institution}/discount-override");
        self.bookseller.call(Method::PUT, &lift).json(&lifted).send().await.done();
        raise_discounts(app).await;
        let basket = self.purchaser.open_basket(&canary("purchaser")).await.expect(201).id_at("/id");
        let line = json!({ "ean": CEMETERY_ROAD, "quantity": 1, "line_reference": canary("purchaser") });
        self.purchaser.post(&format!("/api/v1/baskets/{basket}/lines"), &line).await.expect(201);
        let body = json!({ "reference": "R2", "comment": canary("purchaser"), "delivery_mode": "pickup",
            "payment_mode": "invoice", "cost_centre": "K1" });
        let order = self.purchaser.post(&format!("/api/v1/baskets/{basket}/place-order"), &body).await.done();
        let order = order.id_at("/order_id");
        let message = json!({ "text": canary("bookseller") });
        self.bookseller.order_step(order, "message", &message).await.done();
        app.librisoft().acknowledge_order(order, "6767").await.done();
        for step in ["cancel", "reset-status"] {
            let reason = json!({ "reason": canary("bookseller") });
            self.bookseller.order_step(order, step, &reason).await.done();
        }
    }
}

/// The Médiathèque gets more off books than the law allows most clients.
async fn raise_discounts(app: &TestApp) {
    let page = app.bookseller().get("/api/v1/institutions").await.expect(200);
    let found = page.items().iter().find(|item| item["librisoft_number"] == MEDIATHEQUE).unwrap().clone();
    let line = json!({ "librisoft_number": MEDIATHEQUE, "kind": "library", "name": found["name"], "city": found["city"],
        "discounts": { "school": "12", "2.1": "0", "5.5": "15", "20": "0" }, "addresses": found["addresses"] });
    let verdicts = app.librisoft().put_lines("/api/v1/librisoft/institutions", &[line]).await.expect(200);
    assert!(verdicts.text.contains("accepted") || verdicts.text.contains("changed"), "{verdicts}");
}
