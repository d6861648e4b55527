//! The pages that are looked at, each with somebody who may see it.

use bordereau_tests::TestApp;

use super::stage::{APPROVER, PURCHASER, REQUESTER};

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
    vec![
        open("sign-in", "/sign-in"),
        open("forgotten-password", "/password/forgotten"),
        place("start", PURCHASER, "/"),
        place("account", REQUESTER, "/account"),
        place("baskets", REQUESTER, "/baskets"),
        place("baskets-to-validate", APPROVER, "/baskets?tray=to_validate"),
        place("baskets-validated", PURCHASER, "/baskets?tray=validated"),
        place("basket", REQUESTER, format!("/baskets/{basket}")),
    ]
}
