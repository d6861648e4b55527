//! The grid's cases about accounts, the shop's settings and its buyers' groups.

use axum::http::Method;
use bordereau_commands::{AccountRequest, Application, Organisation, SealText, ShopRequest, new_id};
use bordereau_domain::{AccountId, Actor, BuyersGroupId, Role};
use bordereau_tests::{Client, TestApp};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Grid, Whose};

/// What a request about accounts is about, and a body that fits.
pub(super) enum Asked {
    /// An account of a requester, granted.
    Granted(Value),
    /// An account that was asked for.
    Requested(Value),
    /// The caller's own account: a body that its guards refuse or that changes nothing.
    Own(Value),
    /// An institution that somebody is added to.
    Institution(Value),
    /// A new account of a requester in an institution.
    Opening,
    /// Somebody new, with his organisation.
    Newcomer,
    /// A setting of the shop.
    Setting(Value),
    /// A buyers' group.
    Group(Value),
}

pub(super) fn case(route: &str) -> Option<Asked> {
    Some(match route {
        "GET /api/v1/accounts/{id}" | "GET /api/v1/accounts/{id}/export" => Asked::Granted(Value::Null),
        "PATCH /api/v1/accounts/{id}" => Asked::Granted(json!({ "name": "Sacha Martin" })),
        "POST /api/v1/accounts/{id}/assign" => {
            Asked::Granted(json!({ "role": "requester", "institution_ids": ["OF"] }))
        }
        "POST /api/v1/accounts/{id}/erase"
        | "POST /api/v1/accounts/{id}/deactivate"
        | "POST /api/v1/accounts/{id}/reactivate"
        | "POST /api/v1/accounts/{id}/unlock"
        | "POST /api/v1/accounts/{id}/send-link" => Asked::Granted(json!({})),
        "POST /api/v1/accounts/{id}/approve" => {
            Asked::Requested(json!({ "role": "requester", "institution_ids": ["OF"] }))
        }
        "PUT /api/v1/accounts/{id}/organisation" => {
            Asked::Requested(json!({ "company": "Lycée Chopin", "vat_number": "0" }))
        }
        "POST /api/v1/accounts/for-organisation" => Asked::Newcomer,
        "POST /api/v1/accounts/{id}/decline" => Asked::Requested(json!({})),
        "POST /api/v1/accounts/{id}/message" => Asked::Requested(json!({ "text": "Bonjour" })),
        "POST /api/v1/institutions/{id}/accounts" => Asked::Institution(json!({ "email": "EMAIL" })),
        "POST /api/v1/accounts" => Asked::Opening,
        "PATCH /api/v1/me" => Asked::Own(json!({})),
        // With the right password nobody would be left: 403 is as far as anybody gets.
        "DELETE /api/v1/me" | "DELETE /api/v1/me/registration" => {
            Asked::Own(json!({ "current_password": "wrong-password" }))
        }
        "PUT /api/v1/me/password" => Asked::Own(json!({ "current": "bordereau-demo", "new": "court" })),
        "POST /api/v1/me/email" => Asked::Own(json!({ "email": "EMAIL", "current_password": "bordereau-demo" })),
        "POST /api/v1/me/registration" => Asked::Own(json!({ "company": "Lycée", "vat_number": "0" })),
        "PATCH /api/v1/shop" => Asked::Setting(json!({ "registration": "open" })),
        "POST /api/v1/buyers-groups" => Asked::Setting(json!({ "name": "Écoles" })),
        "PATCH /api/v1/buyers-groups/{id}" => Asked::Group(json!({ "name": "Collèges" })),
        "POST /api/v1/buyers-groups/{id}/make-default" => Asked::Group(json!({})),
        _ => return None,
    })
}

impl Asked {
    /// Whether it is about an object that can be another's.
    pub(super) const fn is_about_an_object(&self) -> bool {
        match self {
            Self::Granted(_) | Self::Requested(_) | Self::Institution(_) | Self::Group(_) => true,
            Self::Own(_) | Self::Opening | Self::Newcomer | Self::Setting(_) => false,
        }
    }

    /// Whose objects there can be.
    pub(super) const fn columns(&self) -> &'static [Whose] {
        match self {
            Self::Granted(_) => &[Whose::Colleagues, Whose::OtherInstitutions, Whose::OtherShops],
            // Whoever waits has no institution; a group is the whole shop's.
            Self::Requested(_) | Self::Group(_) => &[Whose::Own, Whose::OtherShops],
            Self::Institution(_) | Self::Opening => &[Whose::Own, Whose::OtherInstitutions, Whose::OtherShops],
            Self::Own(_) | Self::Setting(_) | Self::Newcomer => &[Whose::Own],
        }
    }

    /// The status of the request on a fresh object.
    pub(super) async fn status(
        &self,
        grid: &Grid,
        method: &Method,
        path: &str,
        (role, client): (&str, &Client),
        whose: Whose,
    ) -> u16 {
        let world = grid.world(whose);
        let of = world.institution;
        let (id, body) = match self {
            Self::Granted(body) => (grant(grid, whose).await.0, body.clone()),
            Self::Requested(body) => (ask(&grid.test, world.shop).await, body.clone()),
            Self::Group(body) => (group(&grid.test, world.shop).await, body.clone()),
            Self::Institution(body) => {
                let (account, email) = grant(grid, Whose::OtherInstitutions).await;
                // Somebody who acts for nobody: others are out of most people's hands.
                let leave = AccountRequest::DeleteOrganisation { account_id: AccountId(account) };
                grid.test.act(grid.world(Whose::OtherInstitutions).shop, account, leave).await;
                (of.0, serde_json::from_str(&body.to_string().replace("EMAIL", &email)).unwrap())
            }
            Self::Opening => {
                let email = format!("{}@demo.example", new_id());
                let body =
                    json!({ "email": email, "name": "Alex Martin", "role": "requester", "institution_ids": [of] });
                (Uuid::nil(), body)
            }
            Self::Newcomer => {
                let email = format!("{}@demo.example", new_id());
                let body =
                    json!({ "email": email, "name": "Alex Martin", "company": "Lycée Chopin", "vat_number": "0" });
                (Uuid::nil(), body)
            }
            Self::Own(body) | Self::Setting(body) => {
                // An address is written to once a minute.
                let email = format!("{}@demo.example", new_id());
                (Uuid::nil(), serde_json::from_str(&body.to_string().replace("EMAIL", &email)).unwrap())
            }
        };
        // A session of its own, for wrong guesses and what ends sessions.
        let client = if matches!(self, Self::Own(_)) { own(&grid.test, role, client).await } else { client.clone() };
        let call = client.call(method.clone(), &path.replace("{id}", &id.to_string()));
        let body: Value = serde_json::from_str(&body.to_string().replace("OF", &of.to_string())).unwrap();
        let call = if body.is_null() { call } else { call.json(&body) };
        call.send().await.status
    }
}

async fn own(test: &TestApp, role: &str, client: &Client) -> Client {
    match role {
        "integrator" | "librisoft" => client.clone(),
        "requester" => test.sign_in("utilisateur@demo.example").await,
        "approver" => test.sign_in("approbateur@demo.example").await,
        "purchaser" => test.sign_in("collectivite@demo.example").await,
        "bookseller" => test.sign_in("libraire@demo.example").await,
        _ => test.sign_in("auditeur@demo.example").await,
    }
}

/// A new requester's account; its id and address.
async fn grant(grid: &Grid, whose: Whose) -> (Uuid, String) {
    let world = grid.world(whose);
    let account_id = AccountId(new_id());
    let email = format!("{account_id}@demo.example");
    let request = AccountRequest::Open {
        account_id,
        email: SealText::new(&email).unwrap(),
        name: SealText::new("Alex Martin").unwrap(),
        phone: None,
        role: Role::Requester,
        institutions: vec![world.institution],
        establishment: None,
        password_hash: None,
    };
    grid.test.act(world.shop, account_id, request).await;
    (account_id.0, email)
}

/// An account that was asked for.
async fn ask(test: &TestApp, shop: &str) -> Uuid {
    let account_id = AccountId(new_id());
    let application = Application {
        account_id,
        email: SealText::new(&format!("{account_id}@demo.example")).unwrap(),
        name: SealText::new("Alex Martin").unwrap(),
        phone: None,
        organisation: Organisation {
            company: SealText::new("Lycée").unwrap(),
            vat_number: None,
            chamber_number: None,
            department: None,
        },
        password_hash: None,
    };
    let newcomer = Actor::new(account_id, Role::Requester, Vec::new());
    test.act_as(newcomer, shop, account_id, AccountRequest::Request(Box::new(application))).await;
    account_id.0
}

async fn group(test: &TestApp, shop: &str) -> Uuid {
    let group_id = BuyersGroupId(new_id());
    let request = ShopRequest::OpenBuyersGroup { group_id, name: "Écoles".to_owned() };
    test.act(shop, shop, request).await;
    group_id.0
}
