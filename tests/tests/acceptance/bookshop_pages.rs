//! What the bookshop sets on pages: who may ask for accounts, its buyers' groups, and what it alone changes of an account.

use axum::http::Method;
use bordereau_api::{demo, totp};
use bordereau_domain::Role;
use bordereau_tests::{Browser, MEDIATHEQUE, TestApp};
use serde_json::json;

use super::pages::{LANGUAGES, check};

async fn browser(app: &TestApp, who: &str) -> Browser {
    Browser::signed_in(app, "fr", &format!("{who}@demo.example")).await
}

/// The id in the action of the form that follows a text.
fn id_after(page: &str, text: &str, action: &str) -> String {
    let rest = page.split_once(text).expect("the text").1;
    rest.split_once(action).expect("the form").1.chars().take(36).collect()
}

#[tokio::test] // B01 W28
async fn the_bookseller_opens_and_closes_requests_and_keeps_groups() {
    let app = TestApp::demo().await;
    let bookseller = browser(&app, "libraire").await;
    for language in LANGUAGES {
        bookseller.keep("bordereau-language", language);
        check(language, "/shop", &bookseller.get("/shop").await.expect(200));
    }
    bookseller.keep("bordereau-language", "fr");
    let registration = "/registration?shop=DLIVRE";
    for (open, text) in [("false", "La librairie seule crée les comptes"), ("true", "Chacun peut demander")] {
        bookseller.post("/shop/registration", &[("open", open)]).await.leads_to("/shop");
        let page = bookseller.get("/shop").await.expect(200);
        assert!(page.text.contains(text) && page.text.contains("sont enregistrés"), "{page}");
        let form = Browser::new(&app, "fr").get(registration).await.expect(200);
        assert_eq!(form.text.contains("name=\"company\""), open == "true", "{form}");
    }
    bookseller.post("/shop/groups", &[("name", "Lycées <Nord>")]).await.leads_to("/shop");
    let page = bookseller.get("/shop").await.expect(200).text;
    assert!(page.contains("Lycées &#60;Nord&#62;"), "{page}");
    let group = id_after(&page, "Lycées &#60;Nord", "/shop/groups/");
    bookseller.post(&format!("/shop/groups/{group}/rename"), &[("name", "Lycées")]).await.leads_to("/shop");
    bookseller.post(&format!("/shop/groups/{group}/make-default"), &[]).await.leads_to("/shop");
    let groups = app.bookseller().get("/api/v1/buyers-groups").await.expect(200);
    let made = groups.items().iter().find(|item| item["id"] == json!(group)).unwrap();
    assert_eq!((&made["name"], &made["default"]), (&json!("Lycées"), &json!(true)));
    let blank = bookseller.post("/shop/groups", &[("name", " ")]).await.expect(422);
    check("fr", "a blank name", &blank);
    bookseller.post(&format!("/shop/groups/{}/rename", uuid::Uuid::nil()), &[("name", "x")]).await.expect(404);
    bookseller.post("/shop/registration", &[("open", "maybe")]).await.expect(422);
    for who in ["collectivite", "approbateur", "auditeur", "utilisateur"] {
        let other = browser(&app, who).await;
        other.get("/shop").await.expect(403);
        for (path, field) in [("/shop/registration", ("open", "false")), ("/shop/groups", ("name", "x"))] {
            other.post(path, &[field]).await.expect(403);
        }
    }
}

#[tokio::test] // L22 W27 W28
async fn the_bookseller_changes_login_point_of_sale_and_group_of_an_account() {
    let app = TestApp::demo().await;
    let bookseller = browser(&app, "libraire").await;
    let id = app.account_of(&app.requester()).await.to_string();
    let (account, path) = (format!("/accounts/{id}"), format!("/api/v1/accounts/{id}"));
    bookseller.post("/shop/groups", &[("name", "Lycées")]).await.leads_to("/shop");
    let group = id_after(&bookseller.get("/shop").await.text, "Lycées", "/shop/groups/");
    let page = bookseller.get(&account).await.expect(200);
    check("fr", "an account", &page);
    let before = app.bookseller().get("/api/v1/shop").await.expect(200).text_at("/establishments/0/id");
    let form = [("email", "camille@demo.example"), ("establishment_id", before.as_str()), ("group_id", group.as_str())];
    bookseller.post(&format!("{account}/bookshop"), &form).await.leads_to(&account);
    let now = app.bookseller().get(&path).await.expect(200);
    assert_eq!(
        (now.text_at("/email"), now.text_at("/establishment_id"), now.text_at("/group_id")),
        ("camille@demo.example".to_owned(), before.clone(), group.clone())
    );
    // The same once more is no change.
    let head = app.head("DLIVRE").await;
    bookseller.post(&format!("{account}/bookshop"), &form).await.leads_to(&account);
    assert_eq!(app.head("DLIVRE").await, head);
    for (bad, status) in [("libraire@demo.example", 409), ("nowhere", 422)] {
        let mut form = form;
        form[0].1 = bad;
        let refused = bookseller.post(&format!("{account}/bookshop"), &form).await.expect(status);
        assert!(refused.text.contains(&format!("value=\"{bad}\"")), "{refused}");
    }
    // The logins of the auditor and of its own people are not its to change.
    for other in [app.auditor(), app.bookseller()] {
        let path = format!("/accounts/{}", app.account_of(&other).await);
        assert!(!bookseller.get(&path).await.expect(200).text.contains("/bookshop\""), "{path}");
    }
    for who in ["collectivite", "approbateur"] {
        let other = browser(&app, who).await;
        assert!(!other.get(&account).await.expect(200).text.contains("/bookshop\""), "it is the bookshop's");
        other.post(&format!("{account}/bookshop"), &form).await.expect(403);
    }
}

#[tokio::test] // W13
async fn the_bookseller_gives_the_power_of_substitution_and_takes_it_back() {
    let app = TestApp::demo().await;
    let bookseller = browser(&app, "libraire").await;
    let requester = app.requester();
    let id = app.account_of(&requester).await;
    let approver = app.account_of(&app.approver()).await;
    let (account, switch) = (format!("/accounts/{id}"), format!("/accounts/{id}/substitution"));
    assert!(bookseller.get(&account).await.expect(200).text.contains("Donner ce pouvoir"));
    bookseller.post(&switch, &[("granted", "true")]).await.leads_to(&account);
    app.drain().await;
    let page = bookseller.get(&account).await.expect(200);
    check("fr", "with the power", &page);
    assert!(page.text.contains("Retirer ce pouvoir"), "{page}");
    let in_place = requester.in_place_of(approver).await;
    bookseller.post(&switch, &[("granted", "false")]).await.leads_to(&account);
    in_place.get("/api/v1/me").await.refused(401, "unauthenticated");
    for who in ["collectivite", "approbateur", "auditeur"] {
        let other = browser(&app, who).await;
        assert!(!other.get(&account).await.expect(200).text.contains("/substitution\""), "it is the bookshop's");
        other.post(&switch, &[("granted", "true")]).await.expect(403);
    }
}

#[tokio::test]
async fn the_bookseller_lifts_a_second_factor_that_is_lost_and_not_his_own() {
    let app = TestApp::demo().await;
    let bookseller = browser(&app, "libraire").await;
    let requester = app.engage("perdue@demo.example", Role::Requester, &[MEDIATHEQUE]).await;
    let id = app.account_of(&requester).await;
    let account = format!("/accounts/{id}");
    assert!(!bookseller.get(&account).await.expect(200).text.contains("Lever le second facteur"));
    let body = json!({ "current_password": demo::PASSWORD });
    let secret = requester.post("/api/v1/me/second-factor", &body).await.expect(201).text_at("/secret");
    let code = totp::code_now(&secret, app.clock.now().timestamp()).unwrap();
    requester.post("/api/v1/me/second-factor/confirm", &json!({ "code": code })).await.expect(200);
    app.drain().await;
    let page = bookseller.get(&account).await.expect(200);
    check("fr", "with a second factor", &page);
    assert!(page.text.contains("Lever le second facteur"), "{page}");
    browser(&app, "collectivite").await.post(&format!("{account}/second-factor"), &[]).await.expect(403);
    bookseller.post(&format!("{account}/second-factor"), &[]).await.leads_to(&account);
    app.sign_in("perdue@demo.example").await;
    let own = app.account_of(&app.bookseller()).await;
    bookseller
        .visit(Method::POST, &format!("/accounts/{own}/second-factor"))
        .form(&[])
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .expect(403);
}
