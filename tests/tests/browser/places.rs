//! The pages that are looked at, each with somebody who may see it.

use axum::http::Method;
use bordereau_api::demo;
use bordereau_domain::Role;
use bordereau_tests::{CEMETERY_ROAD, MEDIATHEQUE, TestApp};
use serde_json::json;
use uuid::Uuid;

use super::stage::{APPROVER, BOOKSELLER, LEFT, PURCHASER, REQUESTER};

/// A page.
#[derive(Clone, Debug)]
pub struct Place {
    /// What its pictures are called.
    pub name: &'static str,
    /// Its path.
    pub path: String,
    /// Who looks; nobody in particular without.
    pub who: Option<&'static str>,
}

fn place(name: &'static str, who: &'static str, path: impl Into<String>) -> Place {
    Place { name, path: path.into(), who: Some(who) }
}

fn open(name: &'static str, path: &str) -> Place {
    Place { name, path: path.to_owned(), who: None }
}

/// Every page, with something on it.
pub async fn places(app: &TestApp) -> Vec<Place> {
    let basket = app.requester().filled_basket().await;
    let travelled = travelled(app).await;
    let quote = first(app, "quotes?tab=current").await;
    let order = first(app, "orders?tab=processing").await;
    let account = app.account_of(&app.requester()).await;
    let institution = app.institution(MEDIATHEQUE);
    let waiting = app.bookseller().get("/api/v1/accounts?status=requested").await.expect(200);
    let asked = waiting.id_at("/items/0/id");
    leave(app).await;
    let token = bordereau_api::token_hash("a-link");
    app.app.store.set_reset_link("DLIVRE", account.0, &token, i64::MAX).await.unwrap();
    vec![
        open("new-password", "/password/a-link"),
        open("sign-in", "/sign-in"),
        open("forgotten-password", "/password/forgotten"),
        open("registration", "/registration?shop=DLIVRE"),
        place("start", PURCHASER, "/"),
        place("start-without-b2b-account", LEFT, "/"),
        place("account", REQUESTER, "/account"),
        place("sessions", PURCHASER, "/account/sessions"),
        place("second-factor", REQUESTER, "/account/second-factor"),
        place("delegations", APPROVER, "/account/delegations"),
        place("accounts", PURCHASER, "/accounts"),
        place("account-of-another", PURCHASER, format!("/accounts/{}", first(app, "accounts").await)),
        place("accounts-new", PURCHASER, "/accounts/new"),
        place("account-asked-for", BOOKSELLER, format!("/accounts/{asked}")),
        place("account-of-a-buyer", BOOKSELLER, format!("/accounts/{}", account.0)),
        place("newcomer", BOOKSELLER, "/accounts/for-organisation"),
        place("shop", BOOKSELLER, "/shop"),
        place("institutions", BOOKSELLER, "/institutions"),
        place("institution", BOOKSELLER, format!("/institutions/{institution}")),
        place("institutions-mine", PURCHASER, "/institutions"),
        place("institution-mine", PURCHASER, format!("/institutions/{institution}")),
        place("privacy", REQUESTER, "/account/privacy"),
        place("privacy-data", REQUESTER, "/account/privacy/data"),
        place("baskets", REQUESTER, "/baskets"),
        place("baskets-to-validate", APPROVER, "/baskets?tray=to_validate"),
        place("baskets-validated", PURCHASER, "/baskets?tray=validated"),
        place("basket", REQUESTER, format!("/baskets/{basket}")),
        place("basket-to-order", PURCHASER, format!("/baskets/{travelled}")),
        place("quote-checkout", PURCHASER, format!("/baskets/{travelled}/quote")),
        place("order-checkout", PURCHASER, format!("/baskets/{travelled}/order")),
        place("copied", REQUESTER, format!("/baskets/{basket}/copied?basket={travelled}")),
        place("import", REQUESTER, format!("/baskets/{basket}/import")),
        place("articles", REQUESTER, format!("/articles?q=la&basket={basket}")),
        place("article", REQUESTER, format!("/articles/{CEMETERY_ROAD}?basket={basket}")),
        place("story", PURCHASER, format!("/baskets/{travelled}/story")),
        place("story-then", PURCHASER, format!("/baskets/{travelled}/story/{}", position(app, travelled).await)),
        place("quotes", PURCHASER, "/quotes"),
        place("quote", PURCHASER, format!("/quotes/{quote}")),
        place("orders", PURCHASER, "/orders"),
        place("order", PURCHASER, format!("/orders/{order}")),
    ]
}

/// A basket that was sent, returned, sent again and passed on.
async fn travelled(app: &TestApp) -> Uuid {
    let (requester, approver) = (app.requester(), app.approver());
    let basket = requester.filled_basket().await;
    requester.send(basket).await.done();
    approver.give_back(basket, "Deux titres sont déjà au catalogue").await.done();
    let line = requester.line_ids(basket).await[0];
    requester.change_quantity(basket, line, 3).await.done();
    requester.send(basket).await.done();
    approver.validate(basket).await.done();
    app.drain().await;
    basket
}

/// Somebody deletes his B2B account.
async fn leave(app: &TestApp) {
    let left = app.engage(LEFT, Role::Requester, &[MEDIATHEQUE]).await;
    let proof = json!({ "current_password": demo::PASSWORD });
    left.call(Method::DELETE, "/api/v1/me/registration").json(&proof).send().await.expect(200);
}

/// The first row of a list of the purchaser's.
async fn first(app: &TestApp, list: &str) -> String {
    let page = app.purchaser().get(&format!("/api/v1/{list}")).await.expect(200);
    page.items()[0]["id"].as_str().unwrap().to_owned()
}

/// The position at which a basket was returned.
async fn position(app: &TestApp, basket: Uuid) -> u64 {
    let history = app.purchaser().history("baskets", basket).await.expect(200);
    let returned = history.items().iter().find(|step| step["type"] == "BasketReturnedToPreviousRole").cloned();
    returned.unwrap()["position"].as_u64().unwrap()
}
