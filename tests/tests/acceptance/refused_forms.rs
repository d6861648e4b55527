//! Forms that are refused: what they say, and the way back from them.

use axum::http::Method;
use bordereau_tests::{Browser, TestApp};

#[tokio::test]
async fn a_refused_form_speaks_of_its_fields_by_their_labels_and_keeps_its_page_when_the_language_changes() {
    let app = TestApp::demo().await;
    let browser = Browser::signed_in(&app, "fr", "utilisateur@demo.example").await;
    let blank = browser.visit(Method::POST, "/account/details").form(&[("name", " "), ("phone", "")]);
    let blank = blank.header("sec-fetch-site", "same-origin");
    let page = format!("http://{}/account", browser.host());
    let refused = blank.header("referer", &page).send().await.expect(422);
    assert!(refused.text.contains("name=\"next\" value=\"/account\""), "{refused}");
    let plain = refused.text.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(plain.contains("Le champ « Nom » est vide."), "{refused}");
    // Another site's page, or one that says nothing, is no page of ours to come back to.
    for referer in ["https://evil.example/account", "http://127.0.0.1@evil.example/x", ""] {
        let again = browser.visit(Method::POST, "/account/details").form(&[("name", " "), ("phone", "")]);
        let again = again.header("sec-fetch-site", "same-origin").header("referer", referer).send().await.expect(422);
        assert!(again.text.contains("name=\"next\" value=\"/account/details\""), "{referer}: {again}");
    }
}

#[tokio::test]
async fn whoever_has_accounts_in_two_shops_still_chooses_after_a_mistyped_password() {
    let app = TestApp::demo().await;
    app.engage_at_parvis("utilisateur@demo.example", "bordereau-demo").await;
    let browser = Browser::new(&app, "fr");
    let asked = browser.sign_in("utilisateur@demo.example", "bordereau-demo").await.expect(409);
    assert!(
        asked.text.contains("name=\"offered\" value=\"DLIVRE PARVIS\"") && !asked.text.contains(" checked"),
        "{asked}"
    );
    assert!(asked.text.contains("Retapez aussi votre mot de passe."), "{asked}");
    let fields = |password: &'static str| {
        [
            ("email", "utilisateur@demo.example"),
            ("password", password),
            ("next", "/"),
            ("offered", "DLIVRE PARVIS"),
            ("shop", "PARVIS"),
        ]
    };
    let wrong = browser.post("/sign-in", &fields("wrong-password")).await.expect(401);
    assert!(
        wrong.text.contains("value=\"DLIVRE\"") && wrong.text.contains("value=\"PARVIS\" required checked"),
        "{wrong}"
    );
    browser.post("/sign-in", &fields("bordereau-demo")).await.leads_to("/");
}

#[tokio::test] // W13
async fn whoever_acts_for_another_sees_it_on_every_page_with_the_way_back() {
    let app = TestApp::demo().await;
    let approver = app.account_of(&app.approver()).await;
    let bookseller = Browser::signed_in(&app, "fr", "libraire@demo.example").await;
    bookseller.post("/account/act-for", &[("account_id", &approver.to_string())]).await.leads_to("/");
    for path in ["/", "/baskets", "/account"] {
        let page = bookseller.get(path).await.expect(200).text;
        assert!(
            page.contains("Vous agissez pour le compte de Michel Denis.") && page.contains("Revenir à mon nom"),
            "{page}"
        );
    }
    bookseller.post("/account/act-for/end", &[]).await.leads_to("/");
    assert!(!bookseller.get("/").await.expect(200).text.contains("Vous agissez pour le compte"));
}
