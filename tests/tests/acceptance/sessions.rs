//! Coming in and going out.

use bordereau_api::Settings;
use bordereau_commands::{AccountRequest, ShopRequest};
use bordereau_domain::Role;
use bordereau_tests::{Client, MEDIATHEQUE, SCHOOL, TestApp};
use chrono::TimeDelta;
use serde_json::json;

/// Uses a session, and waits until that is noted: nobody else does.
async fn use_session(client: &Client) {
    use_within(client, TimeDelta::minutes(1)).await;
}

/// The same, noted to less than this.
async fn use_within(client: &Client, span: TimeDelta) {
    let noted = async || {
        let sessions = client.get("/api/v1/sessions").await.expect(200);
        let current = sessions.items().iter().find(|session| session["current"] == true).unwrap().clone();
        current["last_seen_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    };
    for _ in 0..10_000 {
        if client.app.clock.now() - noted().await < span {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the use was never noted");
}

#[tokio::test]
async fn whoever_signs_in_learns_who_he_is() {
    let app = TestApp::demo().await;
    for (email, role) in [("utilisateur", "requester"), ("approbateur", "approver"), ("collectivite", "purchaser")] {
        let client = app.sign_in(&format!("{email}@demo.example")).await;
        let me = client.get("/api/v1/me").await.expect(200);
        assert_eq!((me.text_at("/role"), me.text_at("/shop")), (role.to_owned(), "DLIVRE".to_owned()));
        assert_eq!(me.text_at("/institutions/0"), client.own_institution().to_string());
    }
    // The case of an address and the blanks around it do not matter; those of a password do.
    let body = |email: &str, password: &str| json!({ "email": email, "password": password });
    let anonymous = app.anonymous();
    let sign_in = async |email: &str, password: &str| anonymous.post("/api/v1/sessions", &body(email, password)).await;
    sign_in("Utilisateur@Demo.Example", "bordereau-demo").await.expect(201);
    for (email, password) in [
        ("utilisateur@demo.example", "Bordereau-demo"),
        ("utilisateur@demo.example", "bordereau-demo "),
        ("utilisateur@demo.example", ""),
        ("nobody@demo.example", "bordereau-demo"),
        ("", ""),
    ] {
        sign_in(email, password).await.refused(401, "invalid-credentials");
    }
}

#[tokio::test]
async fn an_address_with_one_password_in_two_shops_must_choose_its_shop() {
    let app = TestApp::demo().await;
    app.engage_at_parvis("libraire@demo.example", "bordereau-demo").await;
    let mut body = json!({ "email": "libraire@demo.example", "password": "bordereau-demo" });
    let refused = app.anonymous().post("/api/v1/sessions", &body).await.refused(409, "choose-shop");
    assert_eq!(refused.at("/shops"), &json!(["DLIVRE", "PARVIS"]));
    for shop in ["DLIVRE", "PARVIS"] {
        body["shop"] = shop.into();
        let session = app.anonymous().post("/api/v1/sessions", &body).await.expect(201);
        assert_eq!(session.text_at("/shop"), shop);
    }
    body["shop"] = "NOWHERE".into();
    app.anonymous().post("/api/v1/sessions", &body).await.refused(401, "invalid-credentials");
    body["shop"] = "no shop".into();
    app.anonymous().post("/api/v1/sessions", &body).await.refused(422, "invalid-field");
}

#[tokio::test] // W06
async fn a_password_that_is_right_in_one_shop_is_no_wrong_one_in_another() {
    let app = TestApp::demo().await;
    app.engage_at_parvis("utilisateur@demo.example", "cheval-pile-agrafe").await;
    let attempt = async |password: &str| {
        let body = json!({ "email": "utilisateur@demo.example", "password": password });
        app.anonymous().post("/api/v1/sessions", &body).await
    };
    for _ in 0..5 {
        assert_eq!(attempt("bordereau-demo").await.expect(201).text_at("/shop"), "DLIVRE");
    }
    assert_eq!(attempt("cheval-pile-agrafe").await.expect(201).text_at("/shop"), "PARVIS");
    // What is wrong in each counts in each.
    for _ in 0..4 {
        attempt("wrong-password").await.refused(401, "invalid-credentials");
    }
    for password in ["bordereau-demo", "cheval-pile-agrafe"] {
        attempt(password).await.refused(401, "invalid-credentials");
    }
}

#[tokio::test] // attack 1
async fn an_account_that_a_stranger_asked_for_elsewhere_covers_no_guesses() {
    let app = TestApp::demo().await;
    let hash = app.app.passwords.hash("agrafe-pile-cheval".to_owned()).await.unwrap();
    let victim = app.account_of(&app.approver()).await;
    app.app.store.set_password("DLIVRE", victim.0, &hash).await.unwrap();
    app.act("PARVIS", "PARVIS", ShopRequest::SetRegistration { open: true }).await;
    let form = json!({ "shop": "PARVIS", "email": "approbateur@demo.example", "name": "Quelqu'un", "company": "Lycée",
        "vat_number": "FR1", "password": "cheval-pile-agrafe" });
    app.anonymous().post("/api/v1/registrations", &form).await.expect(202);
    let attempt = async |password: &str, shop: Option<&str>| {
        let body = json!({ "email": "approbateur@demo.example", "password": password, "shop": shop });
        app.anonymous().post("/api/v1/sessions", &body).await
    };
    for _ in 0..4 {
        attempt("cheval-pile-agrafe", None).await.expect(201);
    }
    attempt("agrafe-pile-cheval", Some("DLIVRE")).await.refused(401, "invalid-credentials");
}

#[tokio::test]
async fn four_wrong_passwords_within_ten_minutes_lock_for_thirty_and_not_longer() {
    // W06, W07
    let app = TestApp::demo().await;
    let attempt = async |password: &str| {
        let body = json!({ "email": "utilisateur@demo.example", "password": password });
        app.anonymous().post("/api/v1/sessions", &body).await
    };
    for _ in 0..3 {
        attempt("wrong-password").await.refused(401, "invalid-credentials");
    }
    attempt("bordereau-demo").await.expect(201);
    for _ in 0..4 {
        attempt("wrong-password").await.refused(401, "invalid-credentials");
    }
    attempt("bordereau-demo").await.refused(401, "invalid-credentials");
    app.clock.advance(TimeDelta::minutes(29));
    attempt("bordereau-demo").await.refused(401, "invalid-credentials");
    app.clock.advance(TimeDelta::minutes(2));
    attempt("bordereau-demo").await.expect(201);
    // Whoever was signed in stayed so.
    app.requester().get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_session_ends_at_sign_out_at_deactivation_and_after_its_time() {
    let app = TestApp::demo().await;
    let (one, two) = (app.sign_in("approbateur@demo.example").await, app.sign_in("approbateur@demo.example").await);
    one.delete("/api/v1/sessions/current").await.expect(204);
    one.get("/api/v1/me").await.refused(401, "unauthenticated");
    two.get("/api/v1/me").await.expect(200);
    app.deactivate(&two).await;
    two.get("/api/v1/me").await.refused(401, "unauthenticated");
    app.approver().open_basket("x").await.refused(401, "unauthenticated");
    let body = json!({ "email": "approbateur@demo.example", "password": "bordereau-demo" });
    app.anonymous().post("/api/v1/sessions", &body).await.refused(403, "account-inactive");
    let requester = app.sign_in("utilisateur@demo.example").await;
    for _ in 0..7 {
        app.clock.advance(TimeDelta::minutes(100));
        use_session(&requester).await;
    }
    app.clock.advance(TimeDelta::minutes(20) - TimeDelta::seconds(1));
    requester.get("/api/v1/me").await.expect(200);
    app.clock.advance(TimeDelta::seconds(1));
    requester.get("/api/v1/me").await.refused(401, "unauthenticated");
    // A key has no session to end.
    app.librisoft().delete("/api/v1/sessions/current").await.refused(403, "role-may-not");
}

#[tokio::test]
async fn another_role_or_another_institution_holds_at_the_next_request() {
    let app = TestApp::demo().await;
    let client = app.engage("muette@demo.example", Role::Purchaser, &[MEDIATHEQUE]).await;
    client.get("/api/v1/orders").await.expect(200);
    let account_id = app.account_of(&client).await;
    let institutions = vec![app.institution(SCHOOL).into()];
    let assign = AccountRequest::Assign { account_id, role: Role::Requester, institutions };
    app.act("DLIVRE", account_id, assign).await;
    let me = client.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text_at("/role"), me.id_at("/institutions/0")), ("requester".to_owned(), app.institution(SCHOOL)));
    client.get("/api/v1/orders").await.refused(403, "role-may-not");
    client.open_basket("x").await.refused(422, "unknown-institution");
}

#[tokio::test]
async fn keys_do_not_open_peoples_doors_and_people_not_those_of_keys() {
    let app = TestApp::demo().await;
    let (librisoft, integrator) = (app.librisoft(), app.key("demo-integrator"));
    for path in ["baskets", "orders", "quotes", "institutions"] {
        librisoft.get(&format!("/api/v1/{path}")).await.refused(403, "role-may-not");
        integrator.get(&format!("/api/v1/{path}")).await.refused(403, "role-may-not");
    }
    librisoft.open_basket("x").await.refused(403, "role-may-not");
    for who in [app.requester(), app.purchaser(), app.bookseller(), app.auditor(), integrator.clone()] {
        who.pending().await.refused(403, "role-may-not");
        who.put_lines("/api/v1/librisoft/articles", &[]).await.refused(403, "role-may-not");
    }
    for who in [app.requester(), app.purchaser(), app.bookseller(), librisoft] {
        who.get("/api/v1/events").await.refused(403, "role-may-not");
    }
    integrator.get("/api/v1/events").await.expect(200);
    assert_eq!(integrator.get("/api/v1/me").await.expect(200).at("/name"), &serde_json::Value::Null);
}

#[tokio::test] // W09
async fn a_session_that_is_not_used_for_two_hours_ends() {
    let app = TestApp::demo().await;
    let (busy, idle) = (app.sign_in("utilisateur@demo.example").await, app.sign_in("utilisateur@demo.example").await);
    app.clock.advance(TimeDelta::minutes(119));
    use_session(&busy).await;
    app.clock.advance(TimeDelta::minutes(1));
    idle.get("/api/v1/me").await.refused(401, "unauthenticated");
    app.clock.advance(TimeDelta::minutes(118));
    busy.get("/api/v1/me").await.expect(200);
    // A key is no session.
    app.librisoft().pending().await.expect(200);
}

#[tokio::test] // W09
async fn a_session_that_ends_after_a_minute_without_use_lives_as_long_as_it_is_used() {
    let app = TestApp::demo_with(Settings { session_idle_minutes: 1, ..Settings::default() }).await;
    let (busy, idle) = (app.sign_in("utilisateur@demo.example").await, app.sign_in("utilisateur@demo.example").await);
    for _ in 0..20 {
        app.clock.advance(TimeDelta::seconds(15));
        use_within(&busy, TimeDelta::seconds(15)).await;
    }
    idle.get("/api/v1/me").await.refused(401, "unauthenticated");
    app.clock.advance(TimeDelta::minutes(1));
    busy.get("/api/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test] // W09
async fn whoever_is_signed_in_sees_where_and_ends_it_there() {
    let app = TestApp::demo().await;
    let (one, two) = (app.sign_in("approbateur@demo.example").await, app.sign_in("approbateur@demo.example").await);
    let seen = one.get("/api/v1/sessions").await.expect(200);
    let current: Vec<_> = seen.items().iter().map(|session| session["current"] == true).collect();
    assert_eq!(current.iter().filter(|current| **current).count(), 1);
    assert_eq!(current.len(), 3);
    assert!(!seen.text.contains(one.token().unwrap()) && !seen.text.contains("hash"));
    // Another's is out of reach, and so is what is no id.
    let others = app.requester().get("/api/v1/sessions").await.expect(200).text_at("/items/0/id");
    one.delete(&format!("/api/v1/sessions/{others}")).await.refused(404, "not-found");
    one.delete("/api/v1/sessions/nonsense").await.refused(404, "not-found");
    app.requester().get("/api/v1/me").await.expect(200);
    let twos = two.get("/api/v1/sessions").await.expect(200);
    let id = twos.items().iter().find(|session| session["current"] == true).unwrap()["id"].clone();
    one.delete(&format!("/api/v1/sessions/{}", id.as_str().unwrap())).await.expect(204);
    two.get("/api/v1/me").await.refused(401, "unauthenticated");
    app.approver().get("/api/v1/me").await.expect(200);
    one.delete("/api/v1/sessions").await.expect(204);
    app.approver().get("/api/v1/me").await.refused(401, "unauthenticated");
    one.get("/api/v1/me").await.expect(200);
    app.librisoft().get("/api/v1/sessions").await.refused(403, "role-may-not");
}
