//! What people do, one method each.

use axum::{body::Body, http::Method};
use bordereau_domain::AccountId;
use chrono::NaiveDate;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    answer::Answer,
    app::institution,
    client::Client,
    template::{CEMETERY_ROAD, CLUB_GUIDE, MEDIATHEQUE, READING_ALOUD},
};

/// The lines that stand in an answer, by their ids.
fn line_ids(document: &Answer) -> Vec<Uuid> {
    let lines = document.at("/lines").as_array().expect("lines");
    lines.iter().map(|line| line["line_id"].as_str().and_then(|id| id.parse().ok()).expect("an id")).collect()
}

impl Client {
    /// The id of the first institution of the client's shop: the one its people act for.
    pub fn own_institution(&self) -> Uuid {
        institution(self.shop(), if self.shop() == "PARVIS" { "1" } else { MEDIATHEQUE }).0
    }

    /// Asks to act in the place of an account.
    pub async fn ask_for_place(&self, other: AccountId) -> Answer {
        self.post("/api/v1/sessions/current/act-for", &json!({ "account_id": other })).await
    }

    /// Acts in the place of an account; the client's own session ends with it.
    pub async fn in_place_of(&self, other: AccountId) -> Self {
        self.with_session(&self.ask_for_place(other).await.expect(201))
    }

    /// Acts in its own name again.
    pub async fn as_oneself(&self) -> Self {
        self.with_session(&self.delete("/api/v1/sessions/current/act-for").await.expect(201))
    }

    fn with_session(&self, told: &Answer) -> Self {
        Self::new(self.app.clone(), Some(told.text_at("/token")), self.shop())
    }

    /// Delegates from one day to another.
    pub async fn delegate(&self, own: AccountId, to: AccountId, first_day: NaiveDate, last_day: NaiveDate) -> Answer {
        let body = json!({ "delegate_id": to, "first_day": first_day, "last_day": last_day });
        self.post(&format!("/api/v1/accounts/{own}/delegations"), &body).await
    }

    /// Opens a basket for the client's own institution.
    pub async fn open_basket(&self, name: &str) -> Answer {
        self.post("/api/v1/baskets", &json!({ "institution_id": self.own_institution(), "name": name })).await
    }

    /// Adds an article.
    pub async fn add_line(&self, basket: Uuid, ean: &str, quantity: u32) -> Answer {
        self.post(&format!("/api/v1/baskets/{basket}/lines"), &json!({ "ean": ean, "quantity": quantity })).await
    }

    /// Looks at a list before it is added.
    pub async fn check_list(&self, basket: Uuid, media_type: &str, list: impl Into<Body>) -> Answer {
        let path = format!("/api/v1/baskets/{basket}/import/check");
        self.call(Method::POST, &path).content(media_type, list).send().await
    }

    /// Adds a list.
    pub async fn import(&self, basket: Uuid, lines: &Value) -> Answer {
        self.post(&format!("/api/v1/baskets/{basket}/import"), &json!({ "lines": lines })).await
    }

    /// A basket with the lines of another or of an order.
    pub async fn copy_of(&self, source: &Value) -> Answer {
        self.post("/api/v1/baskets", &json!({ "institution_id": self.own_institution(), "copy_of": source })).await
    }

    /// Changes the quantity of a line.
    pub async fn change_quantity(&self, basket: Uuid, line: Uuid, quantity: u32) -> Answer {
        self.patch(&format!("/api/v1/baskets/{basket}/lines/{line}"), &json!({ "quantity": quantity })).await
    }

    /// Takes a line out.
    pub async fn remove_line(&self, basket: Uuid, line: Uuid) -> Answer {
        self.delete(&format!("/api/v1/baskets/{basket}/lines/{line}")).await
    }

    /// Takes the next step with a basket: `send-to-approver`, `validate`, `unlock`, `return`, `reprice`, `take-over`.
    pub async fn step(&self, basket: Uuid, action: &str) -> Answer {
        self.post(&format!("/api/v1/baskets/{basket}/{action}"), &json!({})).await
    }

    /// The same with a comment.
    pub async fn step_saying(&self, basket: Uuid, action: &str, comment: &str) -> Answer {
        self.post(&format!("/api/v1/baskets/{basket}/{action}"), &json!({ "comment": comment })).await
    }

    /// *Envoyer ce panier à l'approbateur*.
    pub async fn send(&self, basket: Uuid) -> Answer {
        self.step(basket, "send-to-approver").await
    }

    /// *Transmettre ce panier à la collectivité*.
    pub async fn validate(&self, basket: Uuid) -> Answer {
        self.step(basket, "validate").await
    }

    /// *Déverrouiller le panier*.
    pub async fn unlock(&self, basket: Uuid) -> Answer {
        self.step(basket, "unlock").await
    }

    /// *Retourner ce panier au rôle précédent*.
    pub async fn give_back(&self, basket: Uuid, comment: &str) -> Answer {
        self.step_saying(basket, "return", comment).await
    }

    /// Brings all lines to the prices of the day.
    pub async fn reprice(&self, basket: Uuid) -> Answer {
        self.step(basket, "reprice").await
    }

    /// Takes over the basket of somebody who has gone.
    pub async fn take_over(&self, basket: Uuid) -> Answer {
        self.step(basket, "take-over").await
    }

    /// Gives a basket another name.
    pub async fn rename(&self, basket: Uuid, name: &str) -> Answer {
        self.post(&format!("/api/v1/baskets/{basket}/rename"), &json!({ "name": name })).await
    }

    /// Deletes a draft.
    pub async fn discard(&self, basket: Uuid) -> Answer {
        self.delete(&format!("/api/v1/baskets/{basket}")).await
    }

    /// *Transformer ce panier en demande de devis*.
    pub async fn request_quote(&self, basket: Uuid, reference: &str) -> Answer {
        self.post(&format!("/api/v1/baskets/{basket}/request-quote"), &json!({ "reference": reference })).await
    }

    /// *Transformer ce panier en commande*: fetched at the shop, paid by invoice.
    pub async fn place_order(&self, basket: Uuid, reference: &str) -> Answer {
        self.place_order_by(basket, reference, "pickup").await
    }

    /// The same with a delivery mode.
    pub async fn place_order_by(&self, basket: Uuid, reference: &str, delivery_mode: &str) -> Answer {
        let body = json!({ "reference": reference, "delivery_mode": delivery_mode, "payment_mode": "invoice" });
        self.post(&format!("/api/v1/baskets/{basket}/place-order"), &body).await
    }

    /// Looks at a basket.
    pub async fn basket(&self, basket: Uuid) -> Answer {
        self.get(&format!("/api/v1/baskets/{basket}")).await
    }

    /// Looks at a tray.
    pub async fn tray(&self, tray: &str) -> Answer {
        self.get(&format!("/api/v1/baskets?tray={tray}&limit=200")).await
    }

    /// Looks at the history of `baskets`, `quotes` or `orders`.
    pub async fn history(&self, of: &str, id: Uuid) -> Answer {
        self.get(&format!("/api/v1/{of}/{id}/history")).await
    }

    /// Looks for articles.
    pub async fn articles(&self, query: &str) -> Answer {
        self.get(&format!("/api/v1/articles?{query}")).await
    }

    /// Looks at an order.
    pub async fn order(&self, order: Uuid) -> Answer {
        self.get(&format!("/api/v1/orders/{order}")).await
    }

    /// Looks at a quote.
    pub async fn quote(&self, quote: Uuid) -> Answer {
        self.get(&format!("/api/v1/quotes/{quote}")).await
    }

    /// Takes a step with an order: `make-available`, `ship`, `close`, `cancel`, `reset-status`, `message`.
    pub async fn order_step(&self, order: Uuid, action: &str, body: &Value) -> Answer {
        self.post(&format!("/api/v1/orders/{order}/{action}"), body).await
    }

    /// Takes a step with a quote: `answer`, `accept`, `refuse`, `archive`.
    pub async fn quote_step(&self, quote: Uuid, action: &str, body: &Value) -> Answer {
        self.post(&format!("/api/v1/quotes/{quote}/{action}"), body).await
    }

    /// What the management system should collect.
    pub async fn pending(&self) -> Answer {
        self.get("/api/v1/librisoft/pending?limit=200").await
    }

    /// Whether something of this kind stands in [`Client::pending`], and with which revision.
    pub async fn find_pending(&self, kind: &str, id: Uuid) -> Option<Value> {
        let pending = self.pending().await.expect(200);
        let wanted = id.to_string();
        pending.items().iter().find(|item| item["kind"] == kind && item["id"] == wanted.as_str()).cloned()
    }

    /// The management system has collected an order.
    pub async fn acknowledge_order(&self, order: Uuid, number: &str) -> Answer {
        let body = json!({ "librisoft_number": number });
        self.post(&format!("/api/v1/librisoft/orders/{order}/acknowledge"), &body).await
    }

    /// The management system has collected a quote.
    pub async fn acknowledge_quote(&self, quote: Uuid, number: Option<&str>) -> Answer {
        let body = json!({ "librisoft_number": number });
        self.post(&format!("/api/v1/librisoft/quotes/{quote}/acknowledge"), &body).await
    }

    /// The management system has collected a cancellation.
    pub async fn acknowledge_cancellation(&self, order: Uuid) -> Answer {
        self.post(&format!("/api/v1/librisoft/cancellations/{order}/acknowledge"), &json!({})).await
    }

    /// The management system reports a line.
    pub async fn report_line(&self, order: Uuid, line: Uuid, availability: &str, in_stock: u32) -> Answer {
        let lines = json!([{ "line_id": line, "availability": availability, "in_stock": in_stock }]);
        self.post(&format!("/api/v1/librisoft/orders/{order}/lines"), &json!({ "lines": lines })).await
    }

    /// The ids of a basket's lines, in order.
    pub async fn line_ids(&self, basket: Uuid) -> Vec<Uuid> {
        line_ids(&self.basket(basket).await.expect(200))
    }

    /// The ids of an order's lines, in order.
    pub async fn order_line_ids(&self, order: Uuid) -> Vec<Uuid> {
        line_ids(&self.order(order).await.expect(200))
    }

    /// A basket of the client's with the three articles of the manuals, one copy each.
    pub async fn filled_basket(&self) -> Uuid {
        let basket = self.open_basket("Nouveautés").await.expect(201).id_at("/id");
        for ean in [CEMETERY_ROAD, READING_ALOUD, CLUB_GUIDE] {
            self.add_line(basket, ean, 1).await.done();
        }
        basket
    }
}
