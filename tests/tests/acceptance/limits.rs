//! What is open to everybody, tried too often from one address.

use bordereau_api::Settings;
use bordereau_tests::{Answer, Browser, TestApp};
use serde_json::{Value, json};

/// What may be tried twice a minute was tried three times.
fn is_bounded(answers: &[Answer]) {
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert!(
        matches!(statuses[..], [first, second, 429] if first < 429 && second < 429),
        "{}: {statuses:?}",
        answers[0]
    );
    assert!(answers[2].header("retry-after").parse::<u32>().unwrap() > 0, "{}", answers[2]);
}

fn twice_a_minute() -> Settings {
    Settings { sign_ins_per_minute: 2, ..Settings::default() }
}

#[tokio::test]
async fn every_open_route_that_takes_secrets_or_sends_letters_is_bounded_by_address() {
    let registration = json!({ "shop": "DLIVRE", "email": "odile@demo.example", "name": "Odile", "company": "Lycée",
        "vat_number": "FR1", "password": "cheval-pile-agrafe" });
    let routes: [(&str, Value); 5] = [
        ("/api/v1/sessions", json!({ "email": "nobody@demo.example", "password": "wrong-password" })),
        ("/api/v1/passwords/forgotten", json!({ "email": "utilisateur@demo.example" })),
        ("/api/v1/passwords", json!({ "token": "dead", "password": "cheval-pile-agrafe" })),
        ("/api/v1/registrations", registration),
        ("/api/v1/emails", json!({ "token": "dead" })),
    ];
    for (path, body) in routes {
        let app = TestApp::demo_with(twice_a_minute()).await;
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(app.anonymous().post(path, &body).await);
        }
        is_bounded(&answers);
    }
}

#[tokio::test] // attack 3
async fn who_uses_up_links_and_letters_takes_no_sign_in_from_the_others_behind_his_address() {
    let app = TestApp::demo_with(twice_a_minute()).await;
    let dead = json!({ "token": "dead", "password": "cheval-pile-agrafe" });
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(app.anonymous().post("/api/v1/passwords", &dead).await);
    }
    is_bounded(&answers);
    app.sign_in("utilisateur@demo.example").await;
}

#[tokio::test]
async fn letters_to_one_address_are_bounded_from_wherever_they_are_asked_for() {
    let app = TestApp::demo_with(Settings { sign_ins_per_account: 2, ..Settings::default() }).await;
    for email in ["utilisateur@demo.example", "nobody@demo.example"] {
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(app.anonymous().post("/api/v1/passwords/forgotten", &json!({ "email": email })).await);
        }
        is_bounded(&answers);
    }
    app.sign_in("utilisateur@demo.example").await;
}

#[tokio::test]
async fn every_open_page_that_takes_secrets_or_sends_letters_is_bounded_by_address() {
    let password: &[(&str, &str)] = &[("password", "cheval-pile-agrafe"), ("confirmation", "cheval-pile-agrafe")];
    let asks = [("shop", "DLIVRE"), ("email", "odile@demo.example"), ("name", "Odile"), ("phone", "")];
    let of = [("company", "Lycée"), ("vat_number", "FR1"), ("chamber_number", ""), ("department", "")];
    let registration = [&asks[..], &of, password].concat();
    let forms: [(&str, &[(&str, &str)]); 5] = [
        ("/sign-in", &[("email", "nobody@demo.example"), ("password", "wrong-password")]),
        ("/password/forgotten", &[("email", "utilisateur@demo.example")]),
        ("/password/dead", password),
        ("/email/dead", &[]),
        ("/registration", &registration),
    ];
    for (path, form) in forms {
        let app = TestApp::demo_with(twice_a_minute()).await;
        let browser = Browser::new(&app, "fr");
        let mut answers = Vec::new();
        for _ in 0..3 {
            answers.push(browser.post(path, form).await);
        }
        is_bounded(&answers);
    }
}
